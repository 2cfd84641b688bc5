"""From out-of-fold outcomes to figures: thresholds, macro means, mean and range over seeds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from bench.coded import CodedData
from bench.folds import IntArray
from bench.methods import Method, Split
from models.agreement import BoolArray, compare_codes, kappa_in_place_of_coders, mean_of_defined
from models.ranking import hit_at_1, mean_average_precision, recall_at_3
from models.vectors import FloatArray

# Below this a code's figures are chance: it is left out of the macro means of every method.
LEAST_POSITIVES = 15


@dataclass(frozen=True)
class Figures:
    """How good a method is on one dealing of folds; None where there is nothing to measure.

    macro_f1, kappa, map: Means over the measured codes.
    kappa_in_place: Mean kappa with coders, in each coder's place in turn; None with one coder.
    hit1, rec3: Over excerpts with a code, of all codes.
    """

    macro_f1: float | None
    kappa: float | None
    map: float | None
    hit1: float | None
    rec3: float | None
    kappa_in_place: float | None


def measured_codes(labels: BoolArray) -> list[int]:
    """List the codes that enough excerpts have, in the whole set; the same for every method."""
    return [int(code) for code in np.flatnonzero(labels.sum(axis=0) >= LEAST_POSITIVES)]


def run_folds(data: CodedData, folds: IntArray, method: Method) -> tuple[FloatArray, BoolArray]:
    """Score and decide each fold by what the method learnt from the others.

    Returns:
        Scores and given codes, both (n_excerpts, n_codes).
    """
    scores = np.zeros(data.labels.shape, dtype=np.float32)
    given = np.zeros(data.labels.shape, dtype=bool)
    needs_thresholds = False
    for fold in np.unique(folds):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        outcome = method(data, Split(train, test, data.labels[train]))
        scores[test] = outcome.scores
        if outcome.given is None:
            needs_thresholds = True
        else:
            given[test] = outcome.given
    return scores, decide_by_thresholds(data.labels, scores, folds) if needs_thresholds else given


def decide_by_thresholds(labels: BoolArray, scores: FloatArray, folds: IntArray) -> BoolArray:
    """Decide each fold by each code's best threshold on the other folds' out-of-fold scores."""
    given = np.zeros(labels.shape, dtype=bool)
    for fold in np.unique(folds):
        here = folds == fold
        for code in range(labels.shape[1]):
            threshold = best_threshold(labels[~here, code], scores[~here, code])
            given[here, code] = scores[here, code] >= threshold
    return given


def best_threshold(labels: BoolArray, scores: FloatArray) -> float:
    """Return the score from which on giving a code has the highest F1; both are (n_excerpts,).

    Of equally good ones the highest; infinite where no excerpt has the code.
    """
    if not labels.any():
        return float("inf")
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    n_right = np.cumsum(labels[order])
    f1 = 2 * n_right / (np.arange(1, len(ranked) + 1) + labels.sum())
    # A threshold cannot part excerpts of equal score.
    is_last_of_equals = np.append(ranked[1:] != ranked[:-1], True)
    return float(ranked[np.argmax(np.where(is_last_of_equals, f1, -1))])


def measure(data: CodedData, scores: FloatArray, given: BoolArray, codes: Sequence[int]) -> Figures:
    """Measure out-of-fold scores and given codes against the labels, over these codes."""
    columns = list(codes)
    compared = compare_codes(data.labels[:, columns], given[:, columns])
    # No better than chance where kappa is undefined: every method keeps the same list of codes.
    return Figures(
        macro_f1=mean_of_defined(code.f1 or 0.0 for code in compared),
        kappa=mean_of_defined(code.kappa or 0.0 for code in compared),
        map=mean_average_precision(data.labels, scores, codes),
        hit1=hit_at_1(data.labels, scores) if columns else None,
        rec3=recall_at_3(data.labels, scores) if columns else None,
        kappa_in_place=kappa_in_place_of_coders(data.ratings[:, :, columns], given[:, columns]),
    )


def average_over_seeds(figures: Sequence[Figures]) -> dict[str, object]:
    """Give the mean of each figure, and under "range" its lowest and highest."""
    runs = [asdict(each) for each in figures]
    values = {name: [run[name] for run in runs if run[name] is not None] for name in runs[0]}
    means: dict[str, object] = {
        name: round(float(np.mean(each)), 4) if each else None for name, each in values.items()
    }
    spans = {
        name: [round(min(each), 4), round(max(each), 4)] for name, each in values.items() if each
    }
    return means | {"range": spans}
