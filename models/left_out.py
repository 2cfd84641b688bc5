"""Coders left out one by one, and the machine in their places: like for like, place by place.

A place is one coder, one code, and what it is compared with: each other coder by itself, or the
majority of all the others. Who stands in a place is compared on the same excerpts with the same
reading. Places where coder and others all gave the code, or all did not, have no kappa and are
left out for coder and machine alike; so both means are over the same codes, coders and excerpts.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray, Ratings, cohen_kappa, majority_labels, mean_of_defined

IntArray: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """What one coder gave of one code, and what it is compared with.

    rows: (n,) excerpts that the coder and whom it is compared with both saw.
    own: (n,) what the coder gave; others: (n,) what it is compared with.
    """

    coder: int
    code: int
    rows: IntArray
    own: BoolArray
    others: BoolArray


@dataclass(frozen=True)
class PlaceAgreement:
    """How well who stands in the places agrees with the others.

    kappa: Mean over codes of the mean Cohen's kappa over the code's places; None without any.
    per_code: The mean kappa of each code that has a place.
    """

    kappa: float | None
    per_code: dict[int, float]


@dataclass(frozen=True)
class Places:
    """Places in which coder and machine are to be compared."""

    each: tuple[Place, ...]

    @property
    def n_coders(self) -> int:
        """How many coders have a place."""
        return len({place.coder for place in self.each})

    @property
    def n_excerpts(self) -> int:
        """How many excerpts are compared in any place."""
        return len({row for place in self.each for row in place.rows.tolist()})

    def of_codes(self, codes: Collection[int]) -> "Places":
        """Take the places of these codes."""
        return Places(tuple(place for place in self.each if place.code in codes))


def find_pair_places(ratings: Ratings) -> Places:
    """Find the places of each coder against each other coder in turn.

    Args:
        ratings: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not seen.
    """
    return _find_places(ratings, _each_other)


def find_majority_places(ratings: Ratings) -> Places:
    """Find the places of each coder against the majority of the other coders of an excerpt.

    At least half of the others is a majority, as for an excerpt's label.

    Args:
        ratings: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not seen.
    """
    return _find_places(ratings, _majority_of_others)


def measure_coders(places: Places) -> PlaceAgreement:
    """Measure how coders agree with the others, each in its own place.

    Against each other coder this is the kappa of `human_agreement`.
    """
    return _measure(places, lambda place: place.own)


def measure_machine(places: Places, machine: BoolArray) -> PlaceAgreement:
    """Measure how the machine agrees with the others, in each coder's place in turn.

    Where the others are constant, kappa is 0 for a coder who is not, and undefined for a machine
    that is; it counts 0 there, so that neither gains by a code that few agree on.

    Args:
        places: Of ratings of the same excerpts and codes.
        machine: (n_excerpts, n_codes) what the machine gave.

    Source: the alternative annotator test, Calderon, Reichart and Dror 2025, arXiv:2501.10970,
    which also leaves coders out one by one; its scores and its test are not these.
    """
    return _measure(places, lambda place: machine[place.rows, place.code])


def share_of_left_out(machine: float | None, coders: float | None) -> float | None:
    """Return the machine's kappa as a share of the coders'; None unless theirs is above 0."""
    if machine is None or coders is None or coders <= 0:
        return None
    return machine / coders


def _find_places(
    ratings: Ratings, others_of: Callable[[Ratings, int], Iterator[Ratings]]
) -> Places:
    found = []
    for coder, own in enumerate(ratings):
        for others in others_of(ratings, coder):
            both = ~np.isnan(own) & ~np.isnan(others)
            for code in range(ratings.shape[2]):
                rows = np.flatnonzero(both[:, code])
                place = Place(coder, code, rows, own[rows, code] > 0, others[rows, code] > 0)
                if _has_kappa(place):
                    found.append(place)
    return Places(tuple(found))


def _each_other(ratings: Ratings, coder: int) -> Iterator[Ratings]:
    yield from np.delete(ratings, coder, axis=0)


def _majority_of_others(ratings: Ratings, coder: int) -> Iterator[Ratings]:
    others = np.delete(ratings, coder, axis=0)
    is_seen = np.any(~np.isnan(others), axis=0)
    yield np.where(is_seen, majority_labels(others), np.nan)


def _has_kappa(place: Place) -> bool:
    said = np.concatenate([place.own, place.others])
    return bool(said.any() and not said.all())


def _measure(places: Places, reading_of: Callable[[Place], BoolArray]) -> PlaceAgreement:
    kappas: dict[int, list[float]] = {}
    for place in places.each:
        kappa = cohen_kappa(reading_of(place), place.others)
        kappas.setdefault(place.code, []).append(kappa or 0.0)
    per_code = {code: float(np.mean(each)) for code, each in sorted(kappas.items())}
    return PlaceAgreement(mean_of_defined(per_code.values()), per_code)
