"""From scores to probabilities that mean what they say, and from these to what is proposed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from models.vectors import FloatArray

Floats = NDArray[np.float64]

# Weak: with few positives the curve leans towards flatness.
PLATT_PENALTY = 10.0
# For few features and many rows many times as fast as the default, to the same minimum.
SOLVER = "newton-cholesky"
FEWEST_FOR_SLOPE = 2
# So many positives of its own count as much as what all codes have in common.
SHRINKAGE = 5.0
# How much a threshold's neighbours count in choosing it: those of nearly the best F.
SMOOTHNESS = 40.0
LEAST_CHANCE = 1e-4
FEWEST_FOR_SHAPE = 50
LEAST_SPREAD = 1e-9
FIRST_LOOK, LOOKED_AT = 0.01, 500
# Log-odds within which a curve's height is sought, and how often the range is halved.
HIGHEST, HALVINGS = 40.0, 40
# Log-odds beyond which an exponential has no number.
MOST_ODDS = 700.0


def log_odds_of(chances: Floats) -> Floats:
    """Give the log-odds of probabilities; none is taken for certain."""
    kept = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    odds: Floats = np.log(kept / (1 - kept))
    return odds


@dataclass(frozen=True)
class Curve:
    """Platt's curve: probability = 1 / (1 + exp(-(slope * score + offset)))."""

    slope: float
    offset: float


def fit_curve(
    scores: Floats, has_code: BoolArray, weights: Floats, *, usual: Curve | None = None
) -> Curve:
    """Fit Platt's curve to held-out scores of a code; all are (n_judged,).

    Its slope is drawn towards the usual one where the code has few positives, and is never
    negative; its height is such that it says as many as there are.

    Args:
        scores: In standard deviations of the code's scores.
        usual: The curve that all codes have in common; None where this is that one.

    Source: Platt 1999, Probabilistic Outputs for Support Vector Machines.
    """
    share = _share(has_code, weights)
    n_fewer = int(min(has_code.sum(), (~has_code).sum()))
    own = _fit_slope(scores, has_code, weights) if n_fewer >= FEWEST_FOR_SLOPE else 0.0
    if usual is None:
        return Curve(own, _find_height(own * scores, share, weights))
    slope = (n_fewer * own + SHRINKAGE * usual.slope) / (n_fewer + SHRINKAGE)
    usual_share = _share_of(usual, scores, weights)
    n = len(has_code)
    share = (n * share + usual_share) / (n + 1)
    return Curve(slope, _find_height(slope * scores, share, weights))


def apply_curve(curve: Curve, scores: Floats | FloatArray) -> Floats:
    """Turn scores into probabilities."""
    odds = curve.slope * scores.astype(np.float64) + curve.offset
    chances: Floats = 1 / (1 + np.exp(-np.clip(odds, -MOST_ODDS, MOST_ODDS)))
    return chances


@dataclass(frozen=True)
class Shape:
    """Beta calibration: log-odds = rise * log(p) - fall * log(1 - p) + offset."""

    rise: float
    fall: float
    offset: float


NO_CHANGE = Shape(1.0, 1.0, 0.0)


def fit_shape(chances: Floats, has_code: BoolArray, weights: Floats) -> Shape:
    """Fit the bend that all codes' curves have in common; all are (n_pairs,), held out.

    Platt's curve is even-sided; high probabilities would be too high, and a code alone has too few
    positives to show it. The order of probabilities stays.

    Source: Kull, Silva Filho & Flach 2017, Electronic Journal of Statistics 11(2), 5052.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  idle runs do without it

    if min(has_code.sum(), (~has_code).sum()) < FEWEST_FOR_SHAPE:
        return NO_CHANGE
    kept = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    model = LogisticRegression(C=1e4, solver=SOLVER)
    model.fit(np.c_[np.log(kept), -np.log1p(-kept)], has_code, sample_weight=weights)
    rise, fall = (float(value) for value in model.coef_[0])
    if rise <= 0 or fall <= 0:
        return NO_CHANGE
    return Shape(rise, fall, float(model.intercept_[0]))


def apply_shape(shape: Shape, chances: Floats) -> Floats:
    """Bend probabilities."""
    kept = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    odds = shape.rise * np.log(kept) - shape.fall * np.log1p(-kept) + shape.offset
    bent: Floats = 1 / (1 + np.exp(-odds))
    return bent


def choose_threshold(
    has_code: BoolArray, chances: Floats, weights: Floats, *, generosity: float = 1.0
) -> float:
    """Choose from which probability on a code is proposed; infinite where no excerpt has it.

    Halfway, on the scale of log-odds, between where F was best and where it is to be expected
    best if the probabilities are right. The first is an average over all thresholds, those with
    nearly the best F counting most: of a rare code the best one alone is chance.

    Args:
        has_code, chances, weights: (n_judged,) held out.
        generosity: How many times more finding a code counts than proposing it rightly; F1 at 1.

    Source: van Rijsbergen 1979 for F-beta; Lipton et al. 2014, arXiv:1402.1892, on its optimum.
    """
    if not has_code.any():
        return float("inf")
    order = np.argsort(-chances, kind="stable")
    ranked, weight = chances[order], weights[order]
    n_given = np.cumsum(weight)
    right = np.cumsum(weight * has_code[order])
    likely = np.cumsum(weight * ranked)
    seen = _f_beta(right, n_given, right[-1], generosity)
    expected = _f_beta(likely, n_given, likely[-1], generosity)
    z = log_odds_of(ranked)
    kept = np.exp(SMOOTHNESS * (seen - seen.max()))
    kept *= np.abs(np.gradient(z)) + 1e-9 if len(z) > 1 else 1
    smooth = float((z * kept).sum() / kept.sum())
    middle = (smooth + float(z[int(np.argmax(expected))])) / 2
    return float(1 / (1 + np.exp(-middle)))


def choose_first_look(chances: Floats, shared: float, *, n_positive: int) -> float:
    """Choose from which probability on a code is proposed that hardly anybody has given yet.

    It is improbable everywhere, and would never be seen: the likeliest 1 in 100 excerpts come to a
    coder's eyes, until so many were judged without one that it does not seem to be there. The
    shared threshold where that is lower, or where nothing tells excerpts apart.

    Args:
        chances: (n,) of the code; may be empty.
    """
    is_tried = not n_positive and len(chances) >= LOOKED_AT
    if is_tried or not np.isfinite(shared) or not len(chances):
        return shared
    if float(np.ptp(chances)) < LEAST_SPREAD:
        return shared
    return min(shared, float(np.quantile(chances, 1 - FIRST_LOOK)))


def _fit_slope(scores: Floats, has_code: BoolArray, weights: Floats) -> float:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  idle runs do without it

    if float(scores.std()) < LEAST_SPREAD:
        return 0.0
    model = LogisticRegression(C=PLATT_PENALTY, solver=SOLVER)
    model.fit(scores[:, None], has_code, sample_weight=weights)
    # Scores that rank the wrong way say nothing.
    return max(float(model.coef_[0, 0]), 0.0)


def _find_height(slanted: Floats, share: float, weights: Floats) -> float:
    """Find the offset at which the probabilities add up to the share of positives."""
    kept = min(max(share, LEAST_CHANCE), 1 - LEAST_CHANCE)
    if not len(slanted):
        return float(np.log(kept / (1 - kept)))
    low, high = -HIGHEST, HIGHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        chances = 1 / (1 + np.exp(-(slanted + middle)))
        if float(np.average(chances, weights=weights)) < kept:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _share_of(curve: Curve, scores: Floats, weights: Floats) -> float:
    return float(np.average(apply_curve(curve, scores), weights=weights)) if len(scores) else 0.0


def _share(has_code: BoolArray, weights: Floats) -> float:
    total = float(weights.sum())
    return float((has_code * weights).sum()) / total if total else 0.0


def _f_beta(right: Floats, n_given: Floats, n_positive: float, beta: float) -> Floats:
    f: Floats = (1 + beta**2) * right / np.maximum(n_given + beta**2 * n_positive, 1e-12)
    return f
