"""Reads what people coded and what the machine would have shown, interview by interview."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from study.codebooks import (
    CodebookVersion,
    codes_by_version,
    current_codebook,
    list_versions,
    read_merging,
)
from study.coded_work import (
    Case,
    FinishedWork,
    read_cases,
    read_finished_work,
    read_rounds,
)
from study.draws import drawn_excerpts
from study.folder import Study
from study.labels import match_spans
from study.merging import Merging
from study.model_versions import StoredModel, list_models, read_scored, read_suggested
from study.records import Excerpt, Span, Transcript
from study.transcripts import list_transcripts, read_excerpts


@dataclass(frozen=True)
class InterviewMaterial:
    """One interview: its excerpts, whose it is, what coders finished, what models suggested.

    suggested: By model version that scored it, (excerpt row, code row) pairs.
    fit_models: The versions that scored it and have learnt from no coding of its group.
    headline: The one of these whose suggestions count: the current one, else the newest; None
        where there is none.
    n_drawn: Excerpts drawn to be coded blind.
    """

    transcript: Transcript
    case: Case
    excerpts: tuple[Excerpt, ...]
    work: tuple[FinishedWork, ...]
    suggested: dict[int, list[tuple[int, int]]]
    fit_models: frozenset[int]
    headline: int | None
    n_drawn: int


@dataclass(frozen=True)
class Material:
    """All that figures are made of.

    coders: Everybody who finished anything, by name.
    versions, rounds: Number of each codebook version and name of each round, by row.
    n_waiting: Interviews that no model version has scored yet.
    n_learnt: Interviews that every version which scored them has learnt from, or from their group.
    known: The codes, by row, that each model version could suggest; all where it is not named.
    """

    codebook: CodebookVersion
    models: tuple[StoredModel, ...]
    interviews: tuple[InterviewMaterial, ...]
    coders: tuple[str, ...]
    versions: Mapping[int, int]
    rounds: Mapping[int, str]
    n_waiting: int
    n_learnt: int
    known: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def columns(self) -> dict[int, int]:
        """The place of each code, by its row."""
        return {code_id: n for n, code_id in enumerate(self.codebook.code_ids.values())}

    @property
    def keys(self) -> tuple[str, ...]:
        """The codes' keys, in the codebook's order."""
        return tuple(code.key for code in self.codebook.codebook.codes)

    def list_known(self, model_id: int) -> list[bool]:
        """Tell of each code whether a model version knew it; what it did not, it left not off."""
        known = self.known.get(model_id)
        return [known is None or code_id in known for code_id in self.columns]


def read_material(study: Study) -> Material:
    """Read a study's codings and suggestions in one transaction.

    Codes that were merged stand everywhere as the code that they were merged into.

    Raises:
        StudyError: The study has no codebook.
    """
    with study.database.read() as connection:
        codebook, merging = current_codebook(connection), read_merging(connection)
        codes = {
            version_id: merging.widen_judged(rows)
            for version_id, rows in codes_by_version(connection).items()
        }
        models = list_models(connection)
        known = {model.id: codes[model.codebook_version_id] for model in models}
        versions, rounds = list_versions(connection), read_rounds(connection)
        scored, cases = read_scored(connection), read_cases(connection)
        linked: dict[str, set[int]] = defaultdict(set)
        for interview_id, case in cases.items():
            linked[case.group].add(interview_id)
        interviews: list[InterviewMaterial] = []
        for transcript in list_transcripts(connection):
            cut = transcript.segmentation_id
            by_models = scored.get(cut, frozenset()) if cut is not None else frozenset()
            case = cases[transcript.interview_id]
            fit = [
                model
                for model in models
                if model.id in by_models and not linked[case.group] & model.trained_on
            ]
            interviews.append(
                InterviewMaterial(
                    transcript=transcript,
                    case=case,
                    excerpts=tuple(read_excerpts(connection, transcript)) if cut else (),
                    work=tuple(
                        merge_given(work, merging)
                        for work in read_finished_work(connection, transcript)
                    ),
                    suggested={
                        model_id: merge_suggested(pairs, merging, known[model_id])
                        for model_id, pairs in read_suggested(
                            connection, cut or 0, by_models
                        ).items()
                    },
                    fit_models=frozenset(model.id for model in fit),
                    headline=_choose(fit),
                    n_drawn=len(drawn_excerpts(connection, transcript.interview_id)),
                )
            )
    coders = sorted({work.coder for interview in interviews for work in interview.work})
    without = [interview for interview in interviews if interview.headline is None]
    n_waiting = sum(not interview.suggested for interview in without)
    return Material(
        codebook=codebook,
        models=tuple(models),
        interviews=tuple(interviews),
        coders=tuple(coders),
        versions=versions,
        rounds=rounds,
        n_waiting=n_waiting,
        n_learnt=len(without) - n_waiting,
        known=known,
    )


def merge_given(work: FinishedWork, merging: Merging) -> FinishedWork:
    """Give finished work in codes as they were merged; judged are those it can say are absent."""
    judged = merging.widen_judged(work.judged)
    return replace(work, judged=judged, given=merging.move_given(work.given, judged))


def merge_suggested(
    pairs: Sequence[tuple[int, int]], merging: Merging, known: frozenset[int]
) -> list[tuple[int, int]]:
    """Give suggestions, (excerpt row, code row), in codes as they were merged, each once."""
    moved = [
        (excerpt_id, code_id)
        for excerpt_id, given in pairs
        for code_id in merging.move_given([given], known)
    ]
    return list(dict.fromkeys(moved))


def keep_work(
    material: Material, choose: Callable[[InterviewMaterial, FinishedWork], bool]
) -> Material:
    """Keep some of the finished work; interviews and coders stay as they are."""
    interviews = tuple(
        replace(interview, work=tuple(work for work in interview.work if choose(interview, work)))
        for interview in material.interviews
    )
    return replace(material, interviews=interviews)


def list_units(material: InterviewMaterial) -> list[Span]:
    """List the excerpts as the study cut them."""
    return [excerpt.span for excerpt in material.excerpts]


def list_given_units(material: InterviewMaterial) -> list[Span]:
    """List the stretches as the coders had them before them, where no two of them overlap."""
    spans = sorted({work.span for work in material.work}, key=lambda s: (s.start_char, s.end_char))
    units: list[Span] = []
    for span in spans:
        if not units or span.start_char >= units[-1].end_char:
            units.append(span)
    return units


def mark_suggested(
    material: InterviewMaterial, model_id: int, units: Sequence[Span], columns: dict[int, int]
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Tell which units a model's suggestions label, (n_units, n_codes)."""
    frames = {excerpt.id: excerpt.span for excerpt in material.excerpts}
    known = [
        (frames[excerpt_id], columns[code_id])
        for excerpt_id, code_id in material.suggested.get(model_id, ())
        if code_id in columns
    ]
    marked = np.zeros((len(units), len(columns)), dtype=np.bool_)
    placed = match_spans(units, [span for span, _ in known])
    for rows, (_, column) in zip(placed, known, strict=True):
        marked[rows, column] = True
    return marked


def _choose(fit: Sequence[StoredModel]) -> int | None:
    current = [model for model in fit if model.state == "current"]
    chosen = (current or fit)[-1:]
    return chosen[0].id if chosen else None
