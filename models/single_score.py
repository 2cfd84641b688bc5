"""Probabilities and thresholds for what gives one score a code and learns nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from models.calibration import Curve, Shape, apply_shape
from models.choice import ORDER, Choices, choose_methods
from models.folds import make_folds, split_by_fold
from models.labels import Labels
from models.passages import IntArray
from models.probabilities import SIMILARITY, apply_curves, fit_in_common

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScoreCalibration:
    """How scores become probabilities, and from which probability on a code is proposed.

    curves: One a code. common: On the same scale, for codes of which nothing was learnt.
    thresholds: (n_codes,), infinite: never. shared_threshold: For codes without one of their own.
    """

    curves: tuple[Curve, ...]
    common: Curve
    shape: Shape
    thresholds: tuple[float, ...]
    shared_threshold: float


@dataclass(frozen=True)
class CalibratedScores:
    """A calibration, with what ones like it said of excerpts that they had not learnt from.

    rows: (n_judged,) numbers of the excerpts that judge.
    chances, given: (n_judged, n_codes) from a calibration without the excerpt's fold.
    folds: (n_judged,) the folds, of whole groups.
    """

    calibration: ScoreCalibration
    choices: Choices
    rows: IntArray
    chances: Floats
    given: BoolArray
    folds: IntArray


def calibrate_by_folds(
    scores: Floats, labels: Labels, *, seed: int, generosity: float = 1.0
) -> CalibratedScores:
    """Learn curves and thresholds from the labels that judge, and hold out five folds of groups.

    Args:
        scores: (n, n_codes); nan where there is none, and nothing is learnt or judged.

    Raises:
        ValueError: The labels that judge are of fewer than two groups.
    """
    scored = keep_scored(labels, scores)
    rows = np.flatnonzero(scored.is_judged.any(axis=1))
    own, said = scored.take(rows), scores[rows]
    folds = make_folds([str(group) for group in own.groups], own.has_code, seed=seed)
    chances = np.zeros(said.shape)
    given = np.zeros(said.shape, dtype=np.bool_)
    for learnt, held_out in split_by_fold(folds):
        part, _ = _fit(said[learnt], own.take(learnt), generosity)
        chances[held_out] = calibrate_scores(part, said[held_out])
        given[held_out] = chances[held_out] >= np.array(part.thresholds)
    calibration, choices = _fit(said, own, generosity)
    return CalibratedScores(calibration, choices, rows, chances, given, folds)


def keep_scored(labels: Labels, scores: Floats) -> Labels:
    """Take as unknown what has no score."""
    return replace(labels, is_known=labels.is_known & ~np.isnan(scores))


def calibrate_scores(calibration: ScoreCalibration, scores: Floats) -> Floats:
    """Turn scores, (n, n_codes), into probabilities; 0 where there is no score."""
    chances = apply_shape(
        calibration.shape, apply_curves(calibration.curves, np.nan_to_num(scores))
    )
    return np.where(np.isnan(scores), 0.0, chances)


def carry_calibration(
    calibration: ScoreCalibration, columns: Sequence[int | None]
) -> ScoreCalibration:
    """Give the calibration for the codes of another codebook.

    Args:
        columns: For each code its column until now, or None where it is new.
    """
    return replace(
        calibration,
        curves=tuple(
            calibration.common if column is None else calibration.curves[column]
            for column in columns
        ),
        thresholds=tuple(
            calibration.shared_threshold if column is None else calibration.thresholds[column]
            for column in columns
        ),
    )


def pack_calibration(calibration: ScoreCalibration) -> dict[str, Any]:
    """Lay a calibration out as plain facts; `unpack_calibration` gives it back."""
    return asdict(calibration) | {
        "curves": [asdict(curve) for curve in calibration.curves],
        "thresholds": [_finite(each) for each in calibration.thresholds],
        "shared_threshold": _finite(calibration.shared_threshold),
    }


def unpack_calibration(facts: Mapping[str, Any]) -> ScoreCalibration:
    """Read a calibration from facts."""
    return ScoreCalibration(
        curves=tuple(Curve(**each) for each in facts["curves"]),
        common=Curve(**facts["common"]),
        shape=Shape(**facts["shape"]),
        thresholds=tuple(_maybe_infinite(each) for each in facts["thresholds"]),
        shared_threshold=_maybe_infinite(facts["shared_threshold"]),
    )


def _fit(scores: Floats, labels: Labels, generosity: float) -> tuple[ScoreCalibration, Choices]:
    filled = np.nan_to_num(scores)
    curves, _ = fit_in_common(filled, labels)
    chances = apply_curves(curves, filled)
    # There is one score under every name: what is chosen are the bend and the thresholds.
    by_method = {SIMILARITY: chances} | {method: chances for method, _ in ORDER}
    choices = choose_methods(by_method, labels, generosity=generosity)
    calibration = ScoreCalibration(
        curves=curves,
        common=_fit_to_all(filled, labels),
        shape=choices.shape,
        thresholds=tuple(choice.threshold for choice in choices.codes),
        shared_threshold=choices.shared_threshold,
    )
    return calibration, choices


def _fit_to_all(scores: Floats, labels: Labels) -> Curve:
    """Fit one curve to the scores of all codes, as if they were one."""
    judged = labels.is_judged
    weights = np.broadcast_to(labels.weights[:, None], judged.shape)[judged]
    groups = np.broadcast_to(labels.groups[:, None], judged.shape)[judged]
    targets = labels.targets[judged][:, None]
    pooled = Labels(targets, np.ones(targets.shape, dtype=np.bool_), weights, groups)
    return fit_in_common(scores[judged][:, None], pooled)[0][0]


def _finite(threshold: float) -> float | None:
    # JSON has no infinity.
    return threshold if np.isfinite(threshold) else None


def _maybe_infinite(threshold: float | None) -> float:
    return float("inf") if threshold is None else threshold
