"""Turns readings of excerpts into tables of agreement that add up over groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from models.agreement.coefficients import Floats
from models.agreement.plain import BoolArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Readings:
    """What coders gave to excerpts, and how the excerpts came to be read.

    given: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not judged.
    weights: (n_coders, n_excerpts) how many excerpts of the study one stands for that this coder
        read: 1 over the probability with which it was drawn. Any number where it was not read.
    groups: (n_excerpts,) number of the group (family, else participant) that the excerpt is of.
    participants: (n_excerpts,) number of its participant.
    """

    given: Floats
    weights: Floats
    groups: IntArray
    participants: IntArray

    @property
    def is_read(self) -> BoolArray:
        """(n_coders, n_excerpts) whether a coder judged any code of an excerpt."""
        read: BoolArray = np.any(~np.isnan(self.given), axis=2)
        return read

    @property
    def excerpt_weights(self) -> Floats:
        """(n_excerpts,) how many excerpts of the study one stands for that any coder read.

        Whoever read it with the greatest chance says how likely it was to be read; infinite where
        nobody did.
        """
        weights: Floats = np.where(self.is_read, self.weights, np.inf).min(axis=0, initial=np.inf)
        return weights

    @property
    def n_groups(self) -> int:
        """One more than the highest number of a group."""
        return int(self.groups.max(initial=-1)) + 1

    def take(self, excerpts: BoolArray | IntArray) -> "Readings":
        """Take some of the excerpts; groups and participants keep their numbers."""
        return Readings(
            self.given[:, excerpts],
            self.weights[:, excerpts],
            self.groups[excerpts],
            self.participants[excerpts],
        )


@dataclass(frozen=True)
class ReaderPair:
    """Two readers with the excerpts that both read; the machine's number follows the coders'.

    weights: (n_rows,) how many excerpts of the study each of the rows stands for.
    """

    one: int
    other: int
    rows: IntArray
    weights: Floats


@dataclass(frozen=True)
class CodeCounts:
    """On what a code's figures rest.

    n_excerpts: Excerpts that both sides judged.
    n_given: Of these, excerpts to which either side gave the code.
    n_participants: Participants of whom these are.
    n_people: Of the excerpts, those to which a coder gave it; None where that is not known.
    """

    n_excerpts: int
    n_given: int
    n_participants: int
    n_people: int | None = None


@dataclass(frozen=True)
class Tables:
    """Tables of two readings by group; each adds up over groups.

    by_pair: (n_groups, n_pairs, n_codes, 2, 2) each pair of readers by itself.
    by_excerpt: (n_groups, n_codes, 2, 2) an excerpt's pairs share its weight.
    coincidences: (n_groups, n_codes, 2, 2) as alpha counts: an excerpt of m readers counts m / 2.
    counts: What each code's figures rest on.
    """

    by_pair: Floats
    by_excerpt: Floats
    coincidences: Floats
    counts: tuple[CodeCounts, ...]

    @property
    def has_data(self) -> BoolArray:
        """(n_groups, n_codes) whether a group has an excerpt that both sides judged."""
        there: BoolArray = self.by_excerpt.sum(axis=(-1, -2)) > 0
        return there

    def take_groups(self, n_groups: int) -> "Tables":
        """Take the first groups; the counts stay those of all."""
        return Tables(
            self.by_pair[:n_groups],
            self.by_excerpt[:n_groups],
            self.coincidences[:n_groups],
            self.counts,
        )


@dataclass(frozen=True)
class _Pair:
    """Two readings of the same excerpts; one and other are (n_rows, n_codes), nan not judged."""

    rows: IntArray
    one: Floats
    other: Floats
    weights: Floats

    @property
    def is_judged(self) -> BoolArray:
        judged: BoolArray = ~np.isnan(self.one) & ~np.isnan(self.other)
        return judged


def pair_coders(readings: Readings) -> list[ReaderPair]:
    """Pair the coders who read some excerpt both."""
    is_read = readings.is_read
    pairs = []
    for one, other in combinations(range(len(is_read)), 2):
        rows = np.flatnonzero(is_read[one] & is_read[other])
        if len(rows):
            # Both read it with the smaller of their two probabilities: they share one draw.
            weights = np.maximum(readings.weights[one, rows], readings.weights[other, rows])
            pairs.append(ReaderPair(one, other, rows, weights))
    return pairs


def pair_machine(readings: Readings) -> list[ReaderPair]:
    """Pair each coder with the machine."""
    pairs = []
    for coder, is_read in enumerate(readings.is_read):
        rows = np.flatnonzero(is_read)
        pairs.append(ReaderPair(coder, len(readings.given), rows, readings.excerpt_weights[rows]))
    return pairs


def mean_weight_of(pairs: Sequence["ReaderPair | _Pair"]) -> float:
    """Give the mean weight in pairs: alpha asks how many readings there are."""
    weights = np.concatenate([np.ones(0), *(pair.weights for pair in pairs)])
    return float(weights.mean()) if len(weights) else 1.0


def tabulate_coders(readings: Readings) -> Tables:
    """Compare coders with one another, each pair on the excerpts that both read."""
    pairs = [
        _Pair(
            pair.rows,
            readings.given[pair.one, pair.rows],
            readings.given[pair.other, pair.rows],
            pair.weights,
        )
        for pair in pair_coders(readings)
    ]
    return _tabulate(readings, pairs, n_readers=_count_readers(readings.given))


def tabulate_in_place(readings: Readings, machine: BoolArray) -> Tables:
    """Put the machine in each coder's place in turn, on the same excerpts of the same pairs.

    Like for like with `tabulate_coders`.

    Args:
        readings: What people gave.
        machine: (n_excerpts, n_codes) what the machine gave.

    Source: the alternative annotator test, Calderon, Reichart and Dror 2025, arXiv:2501.10970.
    """
    pairs = []
    for pair in pair_coders(readings):
        sides = readings.given[pair.one, pair.rows], readings.given[pair.other, pair.rows]
        # Where either of the two left a code unjudged, the machine has no place to take.
        ours = np.where(np.isnan(sides[0]) | np.isnan(sides[1]), np.nan, machine[pair.rows])
        pairs += [_Pair(pair.rows, side, ours, pair.weights) for side in sides]
    return _tabulate(readings, pairs, n_readers=_count_readers(readings.given))


def tabulate_machine(readings: Readings, machine: BoolArray) -> Tables:
    """Compare people with the machine; of an excerpt's coders, one chosen at random speaks.

    Args:
        readings: What people gave.
        machine: (n_excerpts, n_codes) what the machine gave.
    """
    rows = np.flatnonzero(readings.is_read.any(axis=0))
    people, ours = share_of_coders(readings)[rows], machine[rows].astype(np.float64)
    pair = _Pair(rows, people, ours, readings.excerpt_weights[rows])
    return _tabulate(readings, [pair], n_readers=np.full(machine.shape, 2))


def share_of_coders(readings: Readings) -> Floats:
    """Give the share of an excerpt's coders who gave each code, (n_excerpts, n_codes).

    nan where nobody judged it.
    """
    n_readers = _count_readers(readings.given)
    shares: Floats = np.full(n_readers.shape, np.nan)
    np.divide(np.nansum(readings.given, axis=0), n_readers, out=shares, where=n_readers > 0)
    return shares


def _count_readers(given: Floats) -> IntArray:
    n_readers: IntArray = (~np.isnan(given)).sum(axis=0)
    return n_readers


def _tabulate(readings: Readings, pairs: Sequence[_Pair], *, n_readers: IntArray) -> Tables:
    n_groups = readings.n_groups
    shape = (n_groups, readings.given.shape[2], 2, 2)
    by_pair = np.zeros((n_groups, len(pairs), *shape[1:]))
    by_excerpt, coincidences = np.zeros(shape), np.zeros(shape)
    n_pairs, mean_weight = _count_pairs(pairs, n_readers.shape), mean_weight_of(pairs)
    for place, pair in enumerate(pairs):
        cells = _cells(pair) / mean_weight
        groups = readings.groups[pair.rows]
        shared = cells / np.maximum(n_pairs[pair.rows], 1)[..., None, None]
        by_pair[:, place] = _sum_by_group(groups, cells, n_groups)
        by_excerpt += _sum_by_group(groups, shared, n_groups)
        as_counted = shared * (n_readers[pair.rows] / 2)[..., None, None]
        coincidences += _sum_by_group(groups, as_counted, n_groups)
    return Tables(by_pair, by_excerpt, coincidences, _count_codes(readings, pairs))


def _cells(pair: _Pair) -> Floats:
    """Lay out (n_rows, n_codes, 2, 2) weights; 0 where either side did not judge."""
    one, other = np.nan_to_num(pair.one), np.nan_to_num(pair.other)
    sides = np.stack([1 - one, one], axis=-1), np.stack([1 - other, other], axis=-1)
    cells: Floats = sides[0][..., :, None] * sides[1][..., None, :]
    weights: Floats = pair.is_judged * pair.weights[:, None]
    return cells * weights[..., None, None]


def _sum_by_group(groups: IntArray, cells: Floats, n_groups: int) -> Floats:
    members = np.arange(n_groups)[:, None] == groups
    summed: Floats = np.tensordot(members.astype(np.float64), cells, axes=1)
    return summed


def _count_pairs(pairs: Sequence[_Pair], shape: tuple[int, ...]) -> Floats:
    n_pairs = np.zeros(shape)
    for pair in pairs:
        n_pairs[pair.rows] += pair.is_judged
    return n_pairs


def _count_codes(readings: Readings, pairs: Sequence[_Pair]) -> tuple[CodeCounts, ...]:
    is_compared = np.zeros(readings.given.shape[1:], dtype=np.bool_)
    is_given = np.zeros_like(is_compared)
    for pair in pairs:
        either = (np.nan_to_num(pair.one) > 0) | (np.nan_to_num(pair.other) > 0)
        is_compared[pair.rows] |= pair.is_judged
        is_given[pair.rows] |= pair.is_judged & either
    by_people: BoolArray = np.any(np.nan_to_num(readings.given) > 0, axis=0) & is_compared
    return tuple(
        CodeCounts(
            n_excerpts=int(is_compared[:, code].sum()),
            n_given=int(is_given[:, code].sum()),
            n_participants=len(np.unique(readings.participants[is_given[:, code]])),
            n_people=int(by_people[:, code].sum()),
        )
        for code in range(readings.given.shape[2])
    )
