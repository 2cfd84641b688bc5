"""Trains a classifier, and says how it does on groups that it did not learn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from models.classifier import Classifier, fit_classifier, predict, score_rows, thresholds_of
from models.compared import Compared
from models.folds import make_folds, split_by_fold
from models.labels import Labels
from models.passages import IntArray
from models.threads import work_side_by_side
from models.vectors import FloatArray


@dataclass(frozen=True)
class Trained:
    """A classifier, with what ones like it said of excerpts that they had not learnt from.

    rows: (n_learnt,) numbers of the excerpts learnt from.
    chances: (n_learnt, n_codes) probabilities, each from a classifier without the excerpt's fold.
    given: (n_learnt, n_codes) where that one's threshold was reached.
    folds: (n_learnt,) the folds, of whole groups.
    """

    classifier: Classifier
    rows: IntArray
    chances: NDArray[np.float64]
    given: BoolArray
    folds: IntArray


def train(
    compared: Compared,
    labels: Labels,
    similarity: FloatArray,
    *,
    seed: int,
    generosity: float = 1.0,
) -> Trained:
    """Learn from every excerpt with a known label, and judge by five folds of groups.

    Methods, curves and thresholds are chosen anew inside the training part of each fold.

    Args:
        similarity: (n, n_codes) standard deviations above the code's usual similarity.

    Raises:
        ValueError: The labels are of fewer than two groups.
    """
    rows = np.flatnonzero(labels.is_known.any(axis=1))
    own = labels.take(rows)
    folds = make_folds([str(group) for group in own.groups], own.has_code, seed=seed)
    chances = np.zeros(own.targets.shape)
    given = np.zeros(own.targets.shape, dtype=np.bool_)
    splits = list(split_by_fold(folds))

    def fit(learnt: IntArray) -> Classifier:
        return fit_classifier(
            compared, labels, similarity, rows[learnt], seed=seed, generosity=generosity
        )

    # The longest first: all of them, and then each fold's others.
    whole, *parts = work_side_by_side(
        fit, [np.arange(len(rows)), *(learnt for learnt, _ in splits)]
    )
    for part, (_, held_out) in zip(parts, splits, strict=True):
        scores = score_rows(part, compared, labels, similarity, rows[held_out])
        chances[held_out] = predict(part, scores)
        given[held_out] = chances[held_out] >= thresholds_of(part)
    return Trained(whole, rows, chances, given, folds)
