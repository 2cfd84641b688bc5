"""How alike two excerpts are, all feature families together: one number a pair."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.agreement import BoolArray
from models.features import Features
from models.passages import IntArray
from models.vectors import FloatArray
from models.vocabulary import overlap

# So many rows at a time, so that what is put together needs little more memory than the result.
BLOCK = 2_000
MEANING = np.float32(2.0)
NEIGHBOURS = ((-1, 0.25), (1, 0.25), (-2, 0.125), (2, 0.125))
SPEAKERS = np.float32(0.5)
# Likeness counts again where two excerpts stand at the same place of their conversations.
WORDS_IN_PLACE = np.float32(0.5)
# Excerpts a tenth of an interview apart are still a third as near as two at the same point.
POSITION_SHARPNESS = np.float32(100.0)


def compare(left: Features, right: Features) -> FloatArray:
    """Compare excerpts by a sum of kernels, (n_left, n_right).

    Families add up, so that each code can draw on any of them without tuning; the sum is positive
    semi-definite, as sums and products of kernels are. Both sides hold whole interviews: the
    neighbours of an excerpt are those beside it.

    Source: Shawe-Taylor & Cristianini 2004, Kernel Methods for Pattern Analysis, ch. 3.
    """
    kernel = np.empty((len(left), len(right)), dtype=np.float32)
    is_same = left is right
    for rows in _blocks(left.interviews) if len(left) and len(right) else ():
        # Of a symmetric kernel only what is not known yet.
        columns = np.arange(rows[0] if is_same else 0, len(right))
        block = _compare_block(left.take(rows), right.take(columns) if is_same else right)
        kernel[rows[0] : rows[-1] + 1, columns[0] :] = block
        if is_same:
            kernel[rows[-1] + 1 :, rows[0] : rows[-1] + 1] = block[:, len(rows) :].T
    return kernel


def _compare_block(left: Features, right: Features) -> FloatArray:
    meaning = left.meaning @ right.meaning.T
    kernel = _fall_off(meaning)
    meaning *= MEANING
    kernel += meaning
    words = overlap(left.words, right.words)
    beside = meaning + words
    for offset, weight in NEIGHBOURS:
        ours, theirs = _place(left.interviews, offset), _place(right.interviews, offset)
        _add_shifted(kernel, beside, ours, theirs, weight)
    del beside
    words += overlap(left.letters, right.letters)
    kernel += words
    kernel += SPEAKERS * (left.speakers @ right.speakers.T)
    words *= WORDS_IN_PLACE
    meaning += words
    meaning += 1
    meaning *= _same_place(left, right)
    kernel += meaning
    return kernel


def _same_place(left: Features, right: Features) -> FloatArray:
    lines = np.zeros((len(left), len(right)), dtype=np.float32)
    for mine, theirs in zip(left.by_role, right.by_role, strict=True):
        lines += _fall_off(mine @ theirs.T)
    lines /= len(left.by_role)
    lines *= lines
    lines += _fall_off(left.around @ right.around.T)
    apart = left.position[:, None] - right.position[None]
    apart *= apart
    apart *= -POSITION_SHARPNESS
    lines += np.exp(apart, out=apart)
    return lines


def _fall_off(cosines: FloatArray) -> FloatArray:
    """Give exp(-squared distance) of rows of length 1."""
    near = 2 * cosines
    near -= 2
    return np.exp(near, out=near)


@dataclass(frozen=True)
class _Shift:
    """Where rows lie and where their neighbours do, and which of these are of another interview."""

    here: slice
    there: slice
    is_other: BoolArray


def _add_shifted(
    kernel: FloatArray, beside: FloatArray, left: _Shift, right: _Shift, weight: float
) -> None:
    shifted = beside[left.there, right.there] * np.float32(weight)
    shifted[left.is_other] = 0
    shifted[:, right.is_other] = 0
    kernel[left.here, right.here] += shifted


def _place(interviews: IntArray, offset: int) -> _Shift:
    n = len(interviews)
    here = slice(max(0, -offset), max(0, n - max(0, offset)))
    there = slice(max(0, offset), max(0, n + min(0, offset)))
    return _Shift(here, there, interviews[here] != interviews[there])


def _blocks(interviews: IntArray) -> Iterator[IntArray]:
    starts = np.flatnonzero(np.r_[True, interviews[1:] != interviews[:-1]])
    block: list[IntArray] = []
    for rows in np.split(np.arange(len(interviews)), starts[1:]):
        if block and sum(map(len, block)) + len(rows) > BLOCK:
            yield np.concatenate(block)
            block = []
        block.append(rows)
    yield np.concatenate(block)
