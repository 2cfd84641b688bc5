"""Whether a shown probability is right as often as it says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray

N_BINS = 10


@dataclass(frozen=True)
class ReliabilityBin:
    """Proposals of similar probability: how many there are, and how many are right.

    n: Their number, weighted; mean_probability and share_right are None where there is none.
    """

    low: float
    high: float
    n: float
    mean_probability: float | None
    share_right: float | None


def bin_probabilities(
    chances: NDArray[np.float64], is_right: BoolArray, weights: NDArray[np.float64]
) -> list[ReliabilityBin]:
    """Sort proposals, (n,) each, into ten bins of equal width."""
    places = np.minimum((chances * N_BINS).astype(int), N_BINS - 1)
    n = np.bincount(places, weights, minlength=N_BINS)
    said = np.bincount(places, weights * chances, minlength=N_BINS)
    right = np.bincount(places, weights * is_right, minlength=N_BINS)
    return [
        ReliabilityBin(
            place / N_BINS,
            (place + 1) / N_BINS,
            float(n[place]),
            float(said[place] / n[place]) if n[place] else None,
            float(right[place] / n[place]) if n[place] else None,
        )
        for place in range(N_BINS)
    ]


def expected_calibration_error(bins: list[ReliabilityBin]) -> float | None:
    """Give the mean distance of what is said from what is so, by how often it is said.

    Source: Naeini, Cooper & Hauskrecht 2015, AAAI.
    """
    filled = [
        (each.n, abs(each.mean_probability - each.share_right))
        for each in bins
        if each.mean_probability is not None and each.share_right is not None
    ]
    total = sum(n for n, _ in filled)
    return sum(n * distance for n, distance in filled) / total if total else None
