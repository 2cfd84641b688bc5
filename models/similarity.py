"""Scores excerpts by their similarity to what a codebook says about each code."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.vectors import FloatArray, unit_rows

IntArray = NDArray[np.int64]
ReadExcerpts = Callable[[], Iterable[FloatArray]]

STATEMENT, INCLUDE, EXAMPLE = "definition", "include", "example"
# A code whose similarity hardly varies says nothing; its spread is not blown up to tell apart.
LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class CodePart:
    """One text that says what a code is: its name and definition, a rule, or an example."""

    code: int
    kind: str
    index: int
    text: str


@dataclass(frozen=True)
class SimilarityModel:
    """What similarity to a codebook means among these excerpts.

    centre: (dim,) mean of the excerpts, taken off before comparing: sentence encoders put all
        texts of a kind into one narrow cone, where every cosine is high.
    parts: (n_parts, dim) centred code texts of length 1; part_codes: (n_parts,) their codes.
    prototypes: (n_codes, dim) one direction a code.
    mean, spread: (n_codes,) of the excerpts' cosine to each code.
    """

    centre: FloatArray
    parts: FloatArray
    part_codes: IntArray
    prototypes: FloatArray
    mean: FloatArray
    spread: FloatArray


@dataclass(frozen=True)
class Scores:
    """How similar each excerpt is to each code, and which of the code's texts is nearest.

    values: (n_excerpts, n_codes) standard deviations above the code's mean.
    nearest: (n_excerpts, n_codes) position of the nearest part.
    similarity: (n_excerpts, n_codes) centred cosine to that part, -1 to 1.
    """

    values: FloatArray
    nearest: IntArray
    similarity: FloatArray


def in_memory(excerpts: FloatArray) -> ReadExcerpts:
    """Read excerpts that are in memory all at once."""
    return lambda: (excerpts,)


def fit_similarity(
    read_excerpts: ReadExcerpts, part_vectors: FloatArray, parts: Sequence[CodePart]
) -> SimilarityModel:
    """Learn what is usual among excerpts, so that codes can be compared with one another.

    No coding is used. A code's direction is the mean over its kinds of text (definition,
    inclusion rules, examples) of their mean directions.

    Args:
        read_excerpts: Gives the excerpts anew each time, (n, dim) rows of length 1 at a time.
        part_vectors: (n_parts, dim) rows of length 1, one for each of `parts`.

    Raises:
        ValueError: No excerpts or no parts.
    """
    n_excerpts, total = 0, np.zeros(part_vectors.shape[1:], dtype=np.float64)
    for excerpts in read_excerpts():
        n_excerpts += len(excerpts)
        total += excerpts.sum(axis=0, dtype=np.float64)
    if not n_excerpts or not parts:
        raise ValueError(f"{n_excerpts} excerpts and {len(parts)} code texts; need one of each")
    model = _describe((total / n_excerpts).astype(np.float32), part_vectors, parts)
    return _measure(model, read_excerpts, np.ones(len(model.prototypes), dtype=np.bool_))


def renew_similarity(
    before: SimilarityModel,
    read_excerpts: ReadExcerpts,
    part_vectors: FloatArray,
    parts: Sequence[CodePart],
    *,
    columns: Sequence[int | None],
) -> SimilarityModel:
    """Learn what is usual for the codes whose texts changed; the others score as they did.

    Args:
        read_excerpts: As for `fit_similarity`; not asked where no code changed.
        columns: For each code its place in `before`; None where its texts are others.
    """
    model = _describe(before.centre, part_vectors, parts)
    is_touched = np.array([column is None for column in columns], dtype=np.bool_)
    kept = [column for column in columns if column is not None]
    mean, spread = model.mean.copy(), model.spread.copy()
    mean[~is_touched], spread[~is_touched] = before.mean[kept], before.spread[kept]
    model = replace(model, mean=mean, spread=spread)
    return _measure(model, read_excerpts, is_touched) if is_touched.any() else model


def _describe(
    centre: FloatArray, part_vectors: FloatArray, parts: Sequence[CodePart]
) -> SimilarityModel:
    centred = unit_rows(part_vectors - centre)
    prototypes = _prototypes(centred, parts)
    return SimilarityModel(
        centre=centre,
        parts=centred,
        part_codes=np.array([part.code for part in parts], dtype=np.int64),
        prototypes=prototypes,
        mean=np.zeros(len(prototypes), dtype=np.float32),
        spread=np.ones(len(prototypes), dtype=np.float32),
    )


def _measure(
    model: SimilarityModel, read_excerpts: ReadExcerpts, is_asked: NDArray[np.bool_]
) -> SimilarityModel:
    """Put in the mean and spread of the codes asked for; a million excerpts take no more memory."""
    n_excerpts, total, squares = 0, 0.0, 0.0
    for excerpts in read_excerpts():
        cosines = unit_rows(excerpts - model.centre) @ model.prototypes[is_asked].T
        n_excerpts += len(cosines)
        total += cosines.sum(axis=0, dtype=np.float64)
        squares += np.square(cosines, dtype=np.float64).sum(axis=0)
    mean, spread = model.mean.copy(), model.spread.copy()
    mean[is_asked] = total / n_excerpts
    variance = np.maximum(squares / n_excerpts - np.square(total / n_excerpts), 0.0)
    spread[is_asked] = np.maximum(np.sqrt(variance), LEAST_SPREAD)
    return replace(model, mean=mean, spread=spread)


def score_similarity(model: SimilarityModel, excerpts: FloatArray) -> Scores:
    """Score excerpts, (n_excerpts, dim) rows of length 1, against every code."""
    centred = unit_rows(excerpts - model.centre)
    values = (centred @ model.prototypes.T - model.mean) / model.spread
    to_parts = centred @ model.parts.T
    n_codes = len(model.prototypes)
    nearest = np.zeros((len(excerpts), n_codes), dtype=np.int64)
    similarity = np.zeros((len(excerpts), n_codes), dtype=np.float32)
    for code in range(n_codes):
        mine = np.flatnonzero(model.part_codes == code)
        best = to_parts[:, mine].argmax(axis=1)
        nearest[:, code] = mine[best]
        similarity[:, code] = to_parts[np.arange(len(excerpts)), mine[best]]
    return Scores(values.astype(np.float32), nearest, similarity)


def choose_codes(values: FloatArray, *, at_most: int, min_score: float) -> list[list[int]]:
    """Choose for each excerpt the codes to suggest, strongest first; none is an answer.

    Args:
        values: (n_excerpts, n_codes) comparable scores.
    """
    order = np.argsort(-values, axis=1, kind="stable")[:, :at_most]
    return [
        [int(code) for code in codes if row[code] >= min_score]
        for codes, row in zip(order, values, strict=True)
    ]


def _prototypes(centred: FloatArray, parts: Sequence[CodePart]) -> FloatArray:
    n_codes = max(part.code for part in parts) + 1
    prototypes = np.zeros((n_codes, centred.shape[1]), dtype=np.float32)
    for code in range(n_codes):
        for kind in (STATEMENT, INCLUDE, EXAMPLE):
            mine = [i for i, part in enumerate(parts) if part.code == code and part.kind == kind]
            if mine:
                prototypes[code] += centred[mine].mean(axis=0)
    return unit_rows(prototypes)
