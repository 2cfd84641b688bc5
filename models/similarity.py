"""Scores excerpts by their similarity to what a codebook says about each code."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.vectors import FloatArray, unit_rows

IntArray = NDArray[np.int64]

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


def fit_similarity(
    excerpts: FloatArray, part_vectors: FloatArray, parts: Sequence[CodePart]
) -> SimilarityModel:
    """Learn what is usual among excerpts, so that codes can be compared with one another.

    No coding is used. A code's direction is the mean over its kinds of text (definition,
    inclusion rules, examples) of their mean directions.

    Args:
        excerpts: (n_excerpts, dim) rows of length 1.
        part_vectors: (n_parts, dim) rows of length 1, one for each of `parts`.

    Raises:
        ValueError: No excerpts or no parts.
    """
    if not len(excerpts) or not parts:
        raise ValueError(f"{len(excerpts)} excerpts and {len(parts)} code texts; need one of each")
    centre = excerpts.mean(axis=0)
    centred = unit_rows(part_vectors - centre)
    prototypes = _prototypes(centred, parts)
    cosines = unit_rows(excerpts - centre) @ prototypes.T
    return SimilarityModel(
        centre=centre,
        parts=centred,
        part_codes=np.array([part.code for part in parts], dtype=np.int64),
        prototypes=prototypes,
        mean=cosines.mean(axis=0),
        spread=np.maximum(cosines.std(axis=0), np.float32(LEAST_SPREAD)),
    )


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
