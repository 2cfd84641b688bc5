"""A human-coded file as arrays: one row an excerpt, labelled by the majority of its coders."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codebook.reader import read_codebook
from codebook.records import Codebook
from models.agreement import BoolArray, majority_labels
from models.passages import NOBODY, IntArray
from pipeline.transcripts.coded_csv import read_coded_csv
from study.records import CodedInterview
from study.settings import make_settings


@dataclass(frozen=True)
class CodedData:
    """Every excerpt of a coded file, interview by interview in transcript order.

    texts, speakers, languages, interviews: of each excerpt; a speaker may be "".
    groups: what is held out together: the participant where the file names one, else the interview.
    ratings: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not seen.
    labels: (n_excerpts, n_codes) given by at least half of the excerpt's coders.
    """

    name: str
    codebook: Codebook
    texts: tuple[str, ...]
    speakers: tuple[str, ...]
    languages: tuple[str, ...]
    interviews: tuple[str, ...]
    groups: tuple[str, ...]
    ratings: NDArray[np.float32]
    labels: BoolArray


def read_data(path: Path, codebook_path: Path) -> CodedData:
    """Read a coded file and its codebook.

    Raises:
        InputError, CodebookError: Either is not sound; lists every offender.
    """
    codebook = read_codebook(codebook_path)
    interviews = read_coded_csv(path, codebook.by_key)
    rows = [(interview, excerpt) for interview in interviews for excerpt in interview.excerpts]
    default_language = make_settings({}).language
    ratings = _read_ratings(interviews, [code.key for code in codebook.codes])
    return CodedData(
        name=path.stem,
        codebook=codebook,
        texts=tuple(excerpt.text for _, excerpt in rows),
        speakers=tuple(excerpt.speaker.strip() for _, excerpt in rows),
        languages=tuple(interview.language or default_language for interview, _ in rows),
        interviews=tuple(interview.label for interview, _ in rows),
        groups=tuple(_group(interview) for interview, _ in rows),
        ratings=ratings,
        labels=majority_labels(ratings),
    )


def number_labels(labels: Sequence[str]) -> IntArray:
    """Number labels in alphabetical order, equal ones alike, (n,)."""
    _, numbers = np.unique(np.asarray(labels, dtype=np.str_), return_inverse=True)
    return numbers.astype(np.int64)


def number_roles(speakers: Sequence[str], interviews: Sequence[str]) -> IntArray:
    """Number the speaker labels that at least half of the interviews have; others are NOBODY's.

    A label that returns, such as "interviewer", tells a role; a person's name tells none.
    """
    seen_in: dict[str, set[str]] = {}
    for speaker, interview in zip(speakers, interviews, strict=True):
        seen_in.setdefault(speaker, set()).add(interview)
    enough = len(set(interviews)) / 2
    roles = sorted(label for label, seen in seen_in.items() if label and len(seen) >= enough)
    number_of = {label: number for number, label in enumerate(roles)}
    return np.array([number_of.get(speaker, NOBODY) for speaker in speakers], dtype=np.int64)


def read_texts(path: Path) -> list[str]:
    """List the distinct texts of a coded file, whatever its codes.

    Raises:
        InputError: The file is not sound; lists every offender.
    """
    interviews = read_coded_csv(path, _AnyKey())
    texts = (excerpt.text for interview in interviews for excerpt in interview.excerpts)
    return list(dict.fromkeys(texts))


class _AnyKey(frozenset[str]):
    def __contains__(self, key: object, /) -> bool:
        return True


def _group(interview: CodedInterview) -> str:
    if interview.participant:
        return f"participant {interview.participant}"
    return f"interview {interview.label}"


def _read_ratings(interviews: Sequence[CodedInterview], keys: list[str]) -> NDArray[np.float32]:
    coders = sorted({coding.coder for interview in interviews for coding in interview.codings})
    labels = [
        (interview.label, excerpt.label)
        for interview in interviews
        for excerpt in interview.excerpts
    ]
    row_of = {label: row for row, label in enumerate(labels)}
    ratings = np.full((len(coders), len(labels), len(keys)), np.nan, dtype=np.float32)
    for interview in interviews:
        for coding in interview.codings:
            row = row_of[interview.label, coding.excerpt_label]
            ratings[coders.index(coding.coder), row] = [key in coding.keys for key in keys]
    return ratings
