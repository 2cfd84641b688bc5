"""Every method's scores as probabilities on one scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration import Curve, apply_curve, fit_curve, log_odds_of
from models.labels import Labels
from models.vectors import FloatArray

Floats = NDArray[np.float64]

SIMILARITY, NEAREST, CLASSIFIER, BLEND = "similarity", "nearest", "classifier", "blend"
# How much a standard deviation of similarity adds to the log-odds before a blend is calibrated.
SIMILARITY_SHARE = 0.2
LEAST_SPREAD = 1e-9


@dataclass(frozen=True)
class Scores:
    """What each method makes of excerpts, (n, n_codes) each, on scales of their own."""

    similarity: FloatArray
    nearest: FloatArray
    ridge: FloatArray
    multinomial: FloatArray


@dataclass(frozen=True)
class Calibration:
    """One curve a code for each kind of score; common is the shape of similarity's."""

    similarity: tuple[Curve, ...]
    nearest: tuple[Curve, ...]
    ridge: tuple[Curve, ...]
    multinomial: tuple[Curve, ...]
    classifier: tuple[Curve, ...]
    blend: tuple[Curve, ...]
    common: Curve


def fit_calibration(held_out: Scores, labels: Labels) -> Calibration:
    """Fit the curves on held-out scores, where labels count in judging."""
    ridge = _fit_each(held_out.ridge, labels)
    multinomial = _fit_each(held_out.multinomial, labels)
    mean = (
        apply_curves(ridge, held_out.ridge) + apply_curves(multinomial, held_out.multinomial)
    ) / 2
    similarity, common = fit_in_common(held_out.similarity, labels)
    return Calibration(
        similarity=similarity,
        nearest=_fit_each(held_out.nearest, labels),
        ridge=ridge,
        multinomial=multinomial,
        # A mean of two probabilities is less sure than either ought to be.
        classifier=_fit_each(log_odds_of(mean), labels),
        blend=_fit_each(_mix(mean, held_out.similarity), labels),
        common=common,
    )


def calibrate(calibration: Calibration, scores: Scores) -> dict[str, Floats]:
    """Give each method's probabilities, (n, n_codes)."""
    ridge = apply_curves(calibration.ridge, scores.ridge)
    mean = (ridge + apply_curves(calibration.multinomial, scores.multinomial)) / 2
    return {
        SIMILARITY: apply_curves(calibration.similarity, scores.similarity),
        NEAREST: apply_curves(calibration.nearest, scores.nearest),
        CLASSIFIER: apply_curves(calibration.classifier, log_odds_of(mean)),
        BLEND: apply_curves(calibration.blend, _mix(mean, scores.similarity)),
    }


def _mix(chances: Floats, similarity: FloatArray) -> Floats:
    return log_odds_of(chances) + SIMILARITY_SHARE * similarity


def apply_curves(curves: tuple[Curve, ...], scores: Floats | FloatArray) -> Floats:
    """Turn the scores of each code, (n, n_codes), into probabilities by its curve."""
    columns = [apply_curve(curve, scores[:, code]) for code, curve in enumerate(curves)]
    return np.stack(columns, axis=1)


def _fit_each(scores: Floats | FloatArray, labels: Labels) -> tuple[Curve, ...]:
    return fit_in_common(scores, labels)[0]


def fit_in_common(scores: Floats | FloatArray, labels: Labels) -> tuple[tuple[Curve, ...], Curve]:
    """Fit a curve a code, and the one that all have in common, to scores on one scale."""
    judged, weights = labels.is_judged, labels.weights
    means, spreads = _measure_scales(scores, judged)
    scaled = (scores - means) / spreads
    by_pair = np.broadcast_to(weights[:, None], judged.shape)[judged]
    common = fit_curve(scaled[judged], labels.has_code[judged], by_pair)
    curves = []
    for code, rows in enumerate(judged.T):
        curve = common
        if rows.any():
            has_code = labels.has_code[rows, code]
            curve = fit_curve(scaled[rows, code], has_code, weights[rows], usual=common)
        slope = curve.slope / spreads[code]
        curves.append(Curve(float(slope), float(curve.offset - slope * means[code])))
    return tuple(curves), common


def _measure_scales(
    scores: Floats | FloatArray, judged: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    means, spreads = np.zeros(scores.shape[1]), np.ones(scores.shape[1])
    for code, rows in enumerate(judged.T):
        if rows.any():
            means[code], spread = scores[rows, code].mean(), float(scores[rows, code].std())
            spreads[code] = spread if spread > LEAST_SPREAD else 1.0
    return means, spreads
