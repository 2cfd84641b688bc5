"""Whether probabilities of proposals are right as often as they say, and how codes got them."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from bench.figures import OutOfFold
from models.agreement import BoolArray
from models.reliability import (
    ReliabilityBin,
    bin_probabilities,
    expected_calibration_error,
)


def measure_calibration(labels: BoolArray, outcome: OutOfFold) -> dict[str, float | None]:
    """Give the expected calibration error of proposals, and of all pairs of excerpt and code.

    None where scores are no probabilities, or nothing is proposed.
    """
    if not outcome.chosen:
        return {"ece": None, "ece_all": None}
    everything = np.ones_like(labels)
    return {
        "ece": expected_calibration_error(_bin(labels, outcome, outcome.given)),
        "ece_all": expected_calibration_error(_bin(labels, outcome, everything)),
    }


def describe_reliability(
    labels: BoolArray, outcomes: Sequence[OutOfFold]
) -> list[dict[str, float | None]]:
    """Describe the proposals of all seeds by tenths of probability that have any.

    n: Proposals a seed. said: Their mean probability. right: The share of them that is right.
    """
    bins = [_bin(labels, each, each.given) for each in outcomes if each.chosen]
    return [each for same in zip(*bins, strict=True) if (each := _join(same))]


def count_choices(keys: Sequence[str], outcomes: Sequence[OutOfFold]) -> dict[str, dict[str, int]]:
    """Count for each code in how many folds of all seeds each way to propose it was chosen."""
    folds = [fold for outcome in outcomes for fold in outcome.chosen]
    return {
        key: dict(Counter(fold[code] for fold in folds).most_common())
        for code, key in enumerate(keys)
    }


def _bin(labels: BoolArray, outcome: OutOfFold, which: BoolArray) -> list[ReliabilityBin]:
    chances = outcome.scores[which].astype(np.float64)
    return bin_probabilities(chances, labels[which], np.ones(len(chances)))


def _join(bins: Sequence[ReliabilityBin]) -> dict[str, float | None] | None:
    total = sum(each.n for each in bins)
    if not total:
        return None
    said = sum(each.n * (each.mean_probability or 0) for each in bins) / total
    right = sum(each.n * (each.share_right or 0) for each in bins) / total
    return {
        "low": bins[0].low,
        "high": bins[0].high,
        "n": round(total / len(bins), 1),
        "said": round(said, 4),
        "right": round(right, 4),
    }
