"""Learns from labels which code is proposed by which method, how likely it is, and from when on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from models.calibration import apply_shape
from models.choice import Choices, choose_methods
from models.compared import Compared
from models.folds import deal_groups
from models.labels import Labels
from models.multinomial import fit_multinomial, hold_out_multinomial, score_multinomial
from models.nearest import score_nearest
from models.passages import IntArray
from models.probabilities import (
    SIMILARITY,
    Calibration,
    Scores,
    calibrate,
    fit_calibration,
)
from models.ridge import hold_out, score, solve, take_rows
from models.threads import single_threaded
from models.vectors import FloatArray

Floats = NDArray[np.float64]

MOST_FOLDS, FEW_GROUPS = 10, 16
# The multinomial has no closed form: it is fitted anew for each of so many folds.
COARSE = 5


@dataclass(frozen=True)
class Weights:
    """What the trained methods learnt.

    ridge: (n, n_codes) how much the likeness to each excerpt counts; 0 where nothing was learnt.
    multinomial: (n_components + 1, n_codes + 1).
    """

    ridge: FloatArray
    multinomial: FloatArray


@dataclass(frozen=True)
class Classifier:
    """A fitted proposer.

    is_learnt: (n,) which of the compared excerpts it learnt from.
    """

    weights: Weights
    calibration: Calibration
    choices: Choices
    is_learnt: BoolArray


def fit_classifier(
    compared: Compared,
    labels: Labels,
    similarity: FloatArray,
    rows: IntArray,
    *,
    seed: int,
    generosity: float = 1.0,
) -> Classifier:
    """Learn from the labels of some excerpts; those of the others are not looked at.

    Methods, probabilities and thresholds are chosen on scores held out by group within `rows`.

    Args:
        similarity: (n, n_codes) standard deviations above the code's usual similarity.
        rows: Numbers of the excerpts to learn from; each has a known label.
    """
    with single_threaded():
        return _fit(compared, labels, similarity, rows, seed=seed, generosity=generosity)


def _fit(
    compared: Compared,
    labels: Labels,
    similarity: FloatArray,
    rows: IntArray,
    *,
    seed: int,
    generosity: float,
) -> Classifier:
    own = labels.take(rows)
    folds = deal_groups(own.groups, most=MOST_FOLDS, few=FEW_GROUPS, seed=seed)
    ridge, ridge_out = _fit_ridge(compared, rows, own, folds)
    filled = _fill(own, ridge_out)
    points = compared.components.points[rows]
    is_learnt = np.zeros(len(compared), dtype=np.bool_)
    is_learnt[rows] = True
    held_out = Scores(
        similarity=similarity[rows],
        nearest=score_nearest(
            compared.nearest.take(rows), labels.targets, labels.is_known, is_learnt
        ),
        ridge=ridge_out,
        multinomial=hold_out_multinomial(points, filled, folds % COARSE),
    )
    calibration = fit_calibration(held_out, own)
    choices = choose_methods(calibrate(calibration, held_out), own, generosity=generosity)
    full = np.zeros((len(compared), ridge.shape[1]), dtype=np.float32)
    full[rows] = ridge
    return Classifier(
        Weights(full, fit_multinomial(points, filled)), calibration, choices, is_learnt
    )


def predict(classifier: Classifier, scores: Scores) -> Floats:
    """Give probabilities, (n, n_codes), each code's by the method chosen for it."""
    return combine(classifier.calibration, classifier.choices, scores)


def combine(calibration: Calibration, choices: Choices, scores: Scores) -> Floats:
    """Give probabilities, (n, n_codes), from every method's scores."""
    by_method = calibrate(calibration, scores)
    # A parent that stands for its children has none of its own yet.
    chosen = [
        by_method.get(choice.method, by_method[SIMILARITY])[:, code]
        for code, choice in enumerate(choices.codes)
    ]
    return apply_shape(choices.shape, np.stack(chosen, axis=1))


def score_rows(
    classifier: Classifier,
    compared: Compared,
    labels: Labels,
    similarity: FloatArray,
    rows: IntArray,
) -> Scores:
    """Score excerpts that were compared but not learnt from, by every method."""
    return Scores(
        similarity=similarity[rows],
        nearest=score_nearest(
            compared.nearest.take(rows), labels.targets, labels.is_known, classifier.is_learnt
        ),
        ridge=score(compared.kernel[rows], classifier.weights.ridge),
        multinomial=score_multinomial(
            compared.components.points[rows], classifier.weights.multinomial
        ),
    )


def thresholds_of(classifier: Classifier) -> Floats:
    """Give the probability from which on each code is proposed, (n_codes,)."""
    return np.array([choice.threshold for choice in classifier.choices.codes])


def _fit_ridge(
    compared: Compared, rows: IntArray, labels: Labels, folds: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Fit each code on the excerpts where it is known; codes known in the same places together."""
    weights = np.zeros(labels.targets.shape, dtype=np.float32)
    held_out = np.zeros_like(weights)
    patterns, pattern_of = np.unique(labels.is_known.T, axis=0, return_inverse=True)
    for number, known in enumerate(patterns):
        codes = np.flatnonzero(pattern_of.ravel() == number)
        there = np.flatnonzero(known)
        if not len(there):
            continue
        part = take_rows(compared.kernel, compared.inverse, rows[there])
        targets = labels.targets[np.ix_(there, codes)]
        weights[np.ix_(there, codes)] = solve(part, targets)
        held_out[np.ix_(there, codes)] = hold_out(part, targets, folds[there])
    return weights, held_out


def _fill(labels: Labels, ridge_out: FloatArray) -> FloatArray:
    # Rival codes are learnt together: what is not known of one is guessed from the others' words.
    guessed = np.clip(ridge_out, 0, 1)
    return np.where(labels.is_known, labels.targets, guessed).astype(np.float32)
