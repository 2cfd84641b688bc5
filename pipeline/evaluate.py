"""Compares the current suggestions with what people coded without seeing any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.agreement import (
    CodeAgreement,
    HumanAgreement,
    compare_codes,
    human_agreement,
    majority_labels,
)
from pipeline.plan import SIMILARITY, Wanted, read_wanted
from study.codings import CoderSpans, read_coder_spans
from study.errors import StudyError
from study.folder import Study
from study.labels import match_spans
from study.records import Excerpt, ModelVersion
from study.suggestions import current_model, read_scores, read_suggestions
from study.transcripts import list_transcripts, read_excerpts

Ratings = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
# Below this many positives a figure says nothing about a code.
FEWEST_POSITIVES = 15


@dataclass(frozen=True)
class Evaluation:
    """Agreement of the current suggestions with people, by code and over codes.

    A mean over codes takes those with at least 15 excerpts that people gave the code to.
    """

    model: ModelVersion
    codebook_version: int
    keys: tuple[str, ...]
    codes: tuple[CodeAgreement, ...]
    human: HumanAgreement | None
    n_interviews: int
    n_excerpts: int
    n_coders: int
    n_waiting: int
    is_synthetic: bool

    @property
    def measured(self) -> list[CodeAgreement]:
        """The codes with enough positives to say something."""
        return [code for code in self.codes if code.n_human >= FEWEST_POSITIVES]

    def mean(self, name: str) -> float | None:
        """Give the mean of a figure over the measured codes where it is defined."""
        values = [v for code in self.measured if (v := getattr(code, name)) is not None]
        return float(np.mean(values)) if values else None


def evaluate_suggestions(study: Study) -> Evaluation:
    """Evaluate the current suggestions.

    Only excerpts count that a coder finished without suggestions on the screen; where several
    did, a code is taken as given when at least half of them gave it.

    Raises:
        StudyError: There are no suggestions, or no codings to compare them with.
    """
    wanted = read_wanted(study)
    with study.database.read() as connection:
        model = current_model(connection, SIMILARITY, wanted.settings_hash)
        if model is None:
            raise StudyError("There are no suggestions to evaluate. Run 'themeloop suggest' first.")
        everything = list_transcripts(connection)
        # What has not been scored got no suggestions because nobody looked, not for want of any.
        transcripts = [
            transcript
            for transcript in everything
            if transcript.segmentation_id is not None
            and read_scores(connection, transcript.segmentation_id, model.id) is not None
        ]
        parts = [
            (
                read_excerpts(connection, transcript),
                read_coder_spans(connection, transcript),
                read_suggestions(
                    connection, model_id=model.id, segmentation_id=transcript.segmentation_id
                ),
            )
            for transcript in transcripts
        ]
    coders = sorted({spans.coder for _, work, _ in parts for spans in work})
    if not coders:
        raise StudyError(
            "No excerpt was coded without suggestions, so there is nothing to compare with. "
            "Import codings, or code some interviews blind."
        )
    ratings, machine = _stack(wanted, coders, parts)
    seen = ~np.isnan(ratings).all(axis=(0, 2))
    return Evaluation(
        model=model,
        codebook_version=wanted.codebook.number,
        keys=tuple(code.key for code in wanted.codebook.codebook.codes),
        codes=tuple(_compare(ratings, machine)),
        human=human_agreement(ratings[:, seen]),
        n_interviews=sum(bool(work) for _, work, _ in parts),
        n_excerpts=int(seen.sum()),
        n_coders=len(coders),
        n_waiting=len(everything) - len(transcripts),
        is_synthetic=study.settings.is_synthetic,
    )


def rate_excerpts(
    excerpts: Sequence[Excerpt],
    work: Sequence[CoderSpans],
    *,
    coders: Sequence[str],
    columns: dict[int, int],
) -> Ratings:
    """Turn coded spans into ratings, (n_coders, n_excerpts, n_codes): 1 given, 0 not, nan unseen.

    Args:
        columns: The place of each code, by its row.
    """
    frames = [excerpt.span for excerpt in excerpts]
    ratings = np.full((len(coders), len(excerpts), len(columns)), np.nan)
    for spans in work:
        mine = ratings[coders.index(spans.coder)]
        seen = match_spans(frames, [span for span, _ in spans.finished])
        for rows, (_, judged) in zip(seen, spans.finished, strict=True):
            # A code that came into the codebook later was not judged absent.
            places = [place for code_id, place in columns.items() if code_id in judged]
            mine[np.ix_(rows, places)] = 0
        placed = match_spans(frames, [span for span, _ in spans.codings])
        for rows, (_, code_id) in zip(placed, spans.codings, strict=True):
            # A code of an earlier codebook version has no place any more.
            if code_id in columns:
                mine[rows, columns[code_id]] = 1
    return ratings


def _compare(ratings: Ratings, machine: BoolArray) -> list[CodeAgreement]:
    compared = []
    for code in range(machine.shape[1]):
        judged = ~np.isnan(ratings[:, :, code]).all(axis=0)
        labels = majority_labels(ratings[:, judged, code : code + 1])
        compared += compare_codes(labels, machine[judged, code : code + 1])
    return compared


def _stack(wanted: Wanted, coders: list[str], parts: list[Any]) -> tuple[Ratings, BoolArray]:
    columns = {code_id: n for n, code_id in enumerate(wanted.codebook.code_ids.values())}
    places = {guid: n for n, guid in enumerate(wanted.codebook.code_ids)}
    ratings, machine = [], []
    for excerpts, work, suggestions in parts:
        ratings.append(rate_excerpts(excerpts, work, coders=coders, columns=columns))
        rows = {excerpt.id: row for row, excerpt in enumerate(excerpts)}
        suggested = np.zeros((len(excerpts), len(columns)), dtype=np.bool_)
        for suggestion in suggestions:
            suggested[rows[suggestion.excerpt_id], places[suggestion.code_guid]] = True
        machine.append(suggested)
    return np.concatenate(ratings, axis=1), np.concatenate(machine)
