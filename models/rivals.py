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

    @property
    def is_told(self) -> bool:
        """Tell whether there was any code to compare by."""
        return bool((~np.isnan(self.by_code)).any())


def compare_rankings(
    ours: Floats, theirs: Floats, labels: Labels, folds: IntArray, *, seed: int
) -> Difference:
    """Compare two ways to rank on the same judged excerpts, groups being resampled.

    Excerpts are ranked within each fold: scores of different folds come from different fits, and
    ranked together they would look worse than they are.

    Args:
        ours, theirs: (n, n_codes) held out.
        folds: (n,) in which ours were.

    Source: Forman & Scholz 2010, ACM SIGKDD Explorations 12(1), 49, on pooling over folds.
    """
    told = list_told(labels)
    names, group_of = np.unique(labels.groups, return_inverse=True)
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=N_RESAMPLES)
    by_code = np.full(labels.targets.shape[1], np.nan)
    resampled = np.zeros((len(told), N_RESAMPLES))
    for place, code in enumerate(told):
        rows = np.flatnonzero(labels.is_judged[:, code])
        has_code, weights = labels.has_code[rows, code], labels.weights[rows]
        mine, other = (
            _Rankings.of(scores[rows, code], has_code, weights, folds[rows])
            for scores in (ours, theirs)
        )
        times = counts[:, group_of[rows]]
        by_code[code] = mine.measure() - other.measure()
        resampled[place] = [mine.measure(each) - other.measure(each) for each in times]
    if not told:
        return Difference(0.0, 0.0, 0.0, by_code)
    difference = float(np.nanmean(by_code))
    return Difference(difference, *_bounds(resampled.mean(axis=0), difference), by_code)


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

    def measure(self, times: IntArray | None) -> tuple[float, float]:
        """Give the weight of the positives, and their average precision."""
        weights = self.weights if times is None else self.weights * times[self.order]
        kept = weights > 0
        precision = weighted_average_precision(
            self.has_code[kept], self.scores[kept], weights[kept], is_sorted=True
        )
        return float(weights[self.has_code].sum()), precision


@dataclass(frozen=True)
class _Rankings:
    """A ranking for each fold, and the places of its excerpts."""

    parts: tuple[tuple[IntArray, _Ranking], ...]

    @classmethod
    def of(
        cls, scores: Floats, has_code: BoolArray, weights: Floats, folds: IntArray
    ) -> "_Rankings":
        places = [np.flatnonzero(folds == fold) for fold in np.unique(folds)]
        return cls(
            tuple(
                (rows, _Ranking.of(scores[rows], has_code[rows], weights[rows])) for rows in places
            )
        )

    def measure(self, times: IntArray | None = None) -> float:
        """Give the mean over folds, each counting by its positives; 0 where there are none."""
        told = [
            ranking.measure(None if times is None else times[rows]) for rows, ranking in self.parts
        ]
        total = sum(weight for weight, _ in told)
        return sum(weight * precision for weight, precision in told) / total if total else 0.0


def _bounds(means: Floats, difference: float) -> tuple[float, float]:
    # Average precision is higher where whole groups come twice: the spread of the resamples counts,
    # not where they lie.
    shift = difference - float(means.mean())
    low, high = np.quantile(means, (LOWEST_SHARE, 1 - LOWEST_SHARE)) + shift
    return float(low), float(high)
