"""Whether one way to rank excerpts is better than another, groups of excerpts being resampled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from models.judging import list_told
from models.labels import Labels
from models.passages import IntArray
from models.ranking import weighted_average_precision

Floats = NDArray[np.float64]

N_RESAMPLES = 400
LOWEST_SHARE = 0.05


@dataclass(frozen=True)
class Difference:
    """How much better one way to propose ranks than another, on the same excerpts and codes.

    mean_average_precision: The difference over the codes told; low and high bound it at 90%.
    by_code: Of each code's average precision; nan where it is not told.
    """

    mean_average_precision: float
    low: float
    high: float
    by_code: Floats


def compare_rankings(ours: Floats, theirs: Floats, labels: Labels, *, seed: int) -> Difference:
    """Compare two ways to rank on the same judged excerpts, groups being resampled.

    Args:
        ours, theirs: (n, n_codes) held out.
    """
    told = list_told(labels)
    names, group_of = np.unique(labels.groups, return_inverse=True)
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=N_RESAMPLES)
    by_code = np.full(labels.targets.shape[1], np.nan)
    resampled = np.zeros((len(told), N_RESAMPLES))
    for place, code in enumerate(told):
        rows = np.flatnonzero(labels.is_judged[:, code])
        mine, other = (
            _Ranking.of(scores[rows, code], labels.has_code[rows, code], labels.weights[rows])
            for scores in (ours, theirs)
        )
        times = counts[:, group_of[rows]]
        by_code[code] = mine.measure() - other.measure()
        resampled[place] = [mine.measure(each) - other.measure(each) for each in times]
    low, high = _bounds(resampled)
    return Difference(float(np.nanmean(by_code)) if told else 0.0, low, high, by_code)


def find_losses(difference: Difference, *, most_lost: float) -> list[int]:
    """List the codes whose average precision would drop by more than they may lose."""
    return [int(code) for code in np.flatnonzero(np.nan_to_num(difference.by_code) < -most_lost)]


@dataclass(frozen=True)
class _Ranking:
    """Excerpts by score, so that they are sorted once for all resamples."""

    order: IntArray
    scores: Floats
    has_code: BoolArray
    weights: Floats

    @classmethod
    def of(cls, scores: Floats, has_code: BoolArray, weights: Floats) -> "_Ranking":
        order = np.argsort(-scores, kind="stable")
        return cls(order, scores[order], has_code[order], weights[order])

    def measure(self, times: IntArray | None = None) -> float:
        weights = self.weights if times is None else self.weights * times[self.order]
        kept = weights > 0
        return weighted_average_precision(
            self.has_code[kept], self.scores[kept], weights[kept], is_sorted=True
        )


def _bounds(resampled: Floats) -> tuple[float, float]:
    if not len(resampled):
        return 0.0, 0.0
    means = resampled.mean(axis=0)
    return float(np.quantile(means, LOWEST_SHARE)), float(np.quantile(means, 1 - LOWEST_SHARE))
