"""Transcripts as coders read and marked them, cut wherever a coder starts or stops."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.masi import masi_from_counts

BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Words: TypeAlias = NDArray[np.uint64]
Amounts: TypeAlias = NDArray[np.int64] | NDArray[np.float64]


class Stretch(NamedTuple):
    """Text that a coder read: code points [start, end) of a transcript; coders are numbers."""

    coder: int
    start: int
    end: int


class Span(NamedTuple):
    """Text that a coder marked with a code: code points [start, end); codes are numbers from 0."""

    coder: int
    start: int
    end: int
    code: int


@dataclass(frozen=True)
class Continuum:
    """One transcript as coders read and marked it.

    Attributes:
        n_chars: Its length in code points.
        readers: The coders who read all of it.
        stretches: What was read by coders who read only parts; what a coder did not read is
            missing, not a gap.
        spans: What they marked. Spans of one coder may overlap, with one code or with several;
            outside what the coder read they do not count, else only what is marked would count.
    """

    n_chars: int
    readers: Collection[int] = ()
    stretches: Sequence[Stretch] = ()
    spans: Sequence[Span] = ()


@dataclass(frozen=True)
class Sections:
    """Stretches of text in which no coder starts or stops to read or to mark.

    Attributes:
        n_transcripts: How many transcripts the sections are of.
        lengths: (n_sections,) in code points.
        transcripts: (n_sections,) number of the transcript, never decreasing.
        is_read: (n_coders, n_sections).
        given: (n_coders, n_sections, n_codes) whether a coder gave a code; false where not read.
        sets: (n_words, n_sets) bits of the different sets of codes; the empty one comes first.
        set_numbers: (n_coders, n_sections) number of the set that a coder gave; 0 where not read.
        units: (n_coders, n_sections) number of the coder's unit or gap that the section is of.
        spans: (n_spans, 4) coder's row, first section, section after the last, code; spans of one
            coder and code that overlap are one.
    """

    n_transcripts: int
    lengths: IntArray
    transcripts: IntArray
    is_read: BoolArray
    given: BoolArray
    sets: Words
    set_numbers: IntArray
    units: IntArray
    spans: IntArray

    def by_transcript(self, amounts: Amounts) -> Floats:
        """Sum what each section counts, (n_sections, ...), over each transcript."""
        sums = np.zeros((self.n_transcripts, *amounts.shape[1:]))
        first = np.flatnonzero(np.diff(self.transcripts, prepend=-1))
        sums[self.transcripts[first]] = np.add.reduceat(amounts, first, axis=0)
        return sums

    def own_of_units(self, amounts: Floats) -> Floats:
        """Sum, per transcript, what of coders' amounts, (n_coders, n_sections), pairs with itself.

        A unit's characters pair with the whole unit, those of a gap with themselves only.
        """
        sizes = np.bincount(self.units.ravel(), amounts.ravel())
        own = amounts * np.where(self.set_numbers > 0, sizes[self.units], 1)
        return self.by_transcript(own.sum(axis=0))

    def own_of_spans(self, amounts: Floats) -> Floats:
        """Sum, per transcript and code, the squares of what is in each span, as `own_of_units`."""
        coders, first, end, codes = self.spans.T
        before = np.pad(np.cumsum(amounts, axis=1), ((0, 0), (1, 0)))
        own = np.zeros((self.n_transcripts, self.given.shape[2]))
        sizes = before[coders, end] - before[coders, first]
        np.add.at(own, (self.transcripts[first], codes), sizes**2)
        return own


def cut_into_sections(continua: Sequence[Continuum], *, n_codes: int) -> Sections:
    """Cut transcripts wherever a coder starts or stops to read or to mark.

    A coder's units are what lies between two of their own cuts, so spans that only touch stay two
    units; overlapping spans with different codes make a unit of each set of codes.

    Raises:
        ValueError: A stretch or span is empty or outside its transcript, or has no such code.
    """
    _check(continua, n_codes)
    offsets = np.cumsum([0, *(continuum.n_chars for continuum in continua)])
    read = _lay_end_to_end((_list_reading(continuum) for continuum in continua), offsets, width=3)
    spans = _lay_end_to_end((continuum.spans for continuum in continua), offsets, width=4)
    spans = _merge_overlaps(spans, n_chars=int(offsets[-1]))
    coders = np.unique(np.concatenate([read[:, 0], spans[:, 0]]))
    bounds = np.unique(np.concatenate([offsets, read[:, 1:].ravel(), spans[:, 1:3].ravel()]))
    transcripts = np.searchsorted(offsets, bounds[:-1], side="right") - 1
    spans = _number(spans, coders, bounds)
    is_read = _cover(_number(read, coders, bounds), (len(coders), len(transcripts), 1))
    given = _cover(spans, (len(coders), len(transcripts), n_codes))
    is_cut = _find_cuts(spans, is_read.shape[:2])
    units = np.cumsum(is_cut.ravel()).reshape(is_cut.shape) - 1
    sets, numbers = _number_sets(given[is_cut])
    return Sections(
        n_transcripts=len(continua),
        lengths=np.diff(bounds),
        transcripts=transcripts,
        is_read=is_read[:, :, 0],
        given=given & is_read,
        sets=sets,
        set_numbers=np.where(is_read[:, :, 0], numbers[units], 0),
        units=units,
        spans=spans,
    )


def masi_distances(one: Words, other: Words) -> Floats:
    """Give the MASI distance of sets, 0 to 1; two empty sets are alike.

    Args:
        one: (n_words, ...) bits of each set's members; broadcast against the other's.
        other: (n_words, ...).

    Source: Passonneau 2006, Measuring Agreement on Set-valued Items (MASI).
    """
    return masi_from_counts(_count_members(one), _count_members(other), _count_members(one & other))


def _count_members(sets: Words) -> IntArray:
    n_members: IntArray = np.bitwise_count(sets).sum(axis=0, dtype=np.int64)
    return n_members


def _check(continua: Sequence[Continuum], n_codes: int) -> None:
    problems = [
        f"{kind} {number} of transcript {place} is [{row[1]}, {row[2]}) of {continuum.n_chars}"
        + (f" with code {row[3]}" if kind == "span" else "")
        for place, continuum in enumerate(continua)
        for kind, rows in (("stretch", continuum.stretches), ("span", continuum.spans))
        for number, row in enumerate(rows)
        if not 0 <= row[1] < row[2] <= continuum.n_chars
        or (kind == "span" and not 0 <= row[3] < n_codes)
    ]
    if problems:
        raise ValueError(
            f"{'; '.join(problems)}. Expected 0 <= start < end <= the transcript's length and a "
            f"code below {n_codes}. Give code points of the stored text."
        )


def _list_reading(continuum: Continuum) -> list[Stretch]:
    whole = [Stretch(coder, 0, continuum.n_chars) for coder in continuum.readers]
    return whole + list(continuum.stretches)


def _lay_end_to_end(
    rows: Iterable[Sequence[tuple[int, ...]]], offsets: IntArray, *, width: int
) -> IntArray:
    laid = [np.zeros((0, width), dtype=np.int64)]
    for of_one, offset in zip(rows, offsets, strict=False):
        array = np.array(of_one, dtype=np.int64).reshape(-1, width)
        array[:, 1:3] += offset
        laid.append(array)
    return np.concatenate(laid)


def _merge_overlaps(spans: IntArray, *, n_chars: int) -> IntArray:
    if not len(spans):
        return spans
    spans = spans[np.lexsort((spans[:, 1], spans[:, 3], spans[:, 0]))]
    is_other = np.any(np.diff(spans[:, [0, 3]], axis=0) != 0, axis=1)
    # Each coder and code on a line of its own, so that one pass merges them all.
    shift = np.concatenate([[0], np.cumsum(is_other)]) * n_chars
    reach = np.maximum.accumulate(spans[:, 2] + shift)
    is_first = np.concatenate([[True], spans[1:, 1] + shift[1:] >= reach[:-1]])
    firsts = np.flatnonzero(is_first)
    merged = spans[firsts]
    merged[:, 2] = np.maximum.reduceat(spans[:, 2], firsts)
    return merged


def _number(rows: IntArray, coders: IntArray, bounds: IntArray) -> IntArray:
    numbered = rows.copy()
    numbered[:, 0] = np.searchsorted(coders, rows[:, 0])
    numbered[:, 1:3] = np.searchsorted(bounds, rows[:, 1:3])
    return numbered


def _cover(rows: IntArray, shape: tuple[int, int, int]) -> BoolArray:
    n_coders, n_sections, n_codes = shape
    changes = np.zeros((n_coders, n_sections + 1, n_codes), dtype=np.int16)
    codes = rows[:, 3] if rows.shape[1] == 4 else np.zeros(len(rows), dtype=np.int64)
    np.add.at(changes, (rows[:, 0], rows[:, 1], codes), 1)
    np.add.at(changes, (rows[:, 0], rows[:, 2], codes), -1)
    covered: BoolArray = np.cumsum(changes[:, :-1], axis=1, dtype=np.int16) > 0
    return covered


def _find_cuts(spans: IntArray, shape: tuple[int, int]) -> BoolArray:
    n_coders, n_sections = shape
    is_cut = np.zeros((n_coders, n_sections + 1), dtype=np.bool_)
    is_cut[:, 0] = True
    is_cut[spans[:, 0], spans[:, 1]] = True
    is_cut[spans[:, 0], spans[:, 2]] = True
    return is_cut[:, :-1]


def _number_sets(sets: BoolArray) -> tuple[Words, IntArray]:
    packed = np.packbits(sets, axis=1)
    words = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
    # With the empty set in front, which sorts first, it is number 0 whoever marked what.
    with_empty = np.concatenate([np.zeros((1, words.shape[1]), dtype=np.uint64), words])
    different, numbers = np.unique(with_empty, axis=0, return_inverse=True)
    return different.T, numbers.ravel()[1:]
