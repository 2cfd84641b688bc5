"""Whether a candidate may take the place of what is in force: one rule for every proposer."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.labels import Labels
from models.passages import IntArray
from models.rivals import Difference, compare_rankings, find_losses

Floats = NDArray[np.float64]

SEED = 20261124
# What a candidate may cost: mean average precision that it might lose at most (lower 90% bound),
# and what a code of which there is enough to tell may lose.
LEAST_LOW, MOST_LOST = -0.01, 0.05
NOT_COMPARED = "no code could be compared with what is in force"


def compare_held_out(ours: Floats, theirs: Floats, labels: Labels, folds: IntArray) -> Difference:
    """Compare a candidate with what is in force, where that says anything; nan is nothing."""
    is_said = ~np.isnan(theirs)
    labels = replace(labels, is_known=labels.is_known & is_said)
    return compare_rankings(ours, np.nan_to_num(theirs), labels, folds, seed=SEED)


def decide(difference: Difference, keys: list[str]) -> tuple[bool, tuple[str, ...]]:
    """Say whether a candidate takes over, and why."""
    if not difference.is_told:
        return False, (NOT_COMPARED,)
    figures = (
        f"mean average precision differs by {difference.mean_average_precision:+.3f} "
        f"(90%: {difference.low:+.3f} to {difference.high:+.3f})"
    )
    lost = find_losses(difference, most_lost=MOST_LOST)
    reasons = [figures]
    if difference.low <= LEAST_LOW:
        reasons.insert(0, f"it may rank worse than what is in force: {figures}")
    reasons += [
        f"'{keys[code]}' would lose {-difference.by_code[code]:.3f} of average precision"
        for code in lost
    ]
    if lost and difference.low > LEAST_LOW:
        reasons = [*reasons[1:], reasons[0]]
    return difference.low > LEAST_LOW and not lost, tuple(reasons)
