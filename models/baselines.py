"""The plain methods that anything better must beat, scored on excerpts held out by fold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from models.folds import IntArray, split_by_fold
from models.vectors import FloatArray


@dataclass(frozen=True)
class HeldOut:
    """What a method says of each excerpt, learnt from the other folds.

    scores: (n_excerpts, n_codes) probabilities, comparable within a code only.
    given: (n_excerpts, n_codes) the codes that it decides on.
    """

    scores: FloatArray
    given: BoolArray


def predict_majority(
    labels: BoolArray, folds: IntArray, *, judged: BoolArray | None = None
) -> HeldOut:
    """Give each code to all excerpts of a fold or to none, as most of the other folds say.

    Args:
        labels: (n_excerpts, n_codes).
        folds: (n_excerpts,) the fold of each excerpt.
        judged: (n_excerpts, n_codes) where a label is known; None where all are. The other
            labels are not looked at.
    """
    known = _fill_judged(labels, judged)
    scores = np.zeros(labels.shape, dtype=np.float32)
    for train, test in split_by_fold(folds):
        scores[test] = score_by_prevalence(labels[train], len(test), judged=known[train])
    return HeldOut(scores, give_by_majority(scores))


def predict_tfidf(
    texts: Sequence[str], labels: BoolArray, folds: IntArray, *, judged: BoolArray | None = None
) -> HeldOut:
    """Predict from words and pairs of words; thresholds come from the other folds' scores.

    Args:
        texts: (n_excerpts,).
        labels: (n_excerpts, n_codes).
        folds: (n_excerpts,) the fold of each excerpt.
        judged: (n_excerpts, n_codes) where a label is known; None where all are. An excerpt is
            left out of the learning of the codes that it was not judged for, and of their
            thresholds; the excerpt itself is scored for all codes.
    """
    known = _fill_judged(labels, judged)
    scores = np.zeros(labels.shape, dtype=np.float32)
    for train, test in split_by_fold(folds):
        scores[test] = score_by_words(
            [texts[row] for row in train],
            labels[train],
            [texts[row] for row in test],
            judged=known[train],
        )
    return HeldOut(scores, decide_by_thresholds(labels, scores, folds, judged=known))


def score_by_prevalence(
    train_labels: BoolArray, n_test: int, *, judged: BoolArray | None = None
) -> FloatArray:
    """Score each code by its share of the training excerpts judged for it; 0 where none was.

    Returns:
        (n_test, n_codes).
    """
    return np.tile(_prevalence(train_labels, judged), (n_test, 1)).astype(np.float32)


def give_by_majority(scores: FloatArray) -> BoolArray:
    """Give the codes that more than half of the training excerpts have; scores by prevalence."""
    return scores > 0.5


def score_by_words(
    train_texts: Sequence[str],
    train_labels: BoolArray,
    test_texts: Sequence[str],
    *,
    judged: BoolArray | None = None,
) -> FloatArray:
    """Score by balanced logistic regressions on TF-IDF of words and pairs of words.

    Args:
        train_labels: (n_train, n_codes).
        judged: (n_train, n_codes) where a label is known; None where all are.

    Returns:
        (n_test, n_codes).
    """
    from sklearn.feature_extraction.text import (  # noqa: PLC0415  an idle run starts without it
        TfidfVectorizer,
    )

    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000
    )
    try:
        train = vectorizer.fit_transform(train_texts)
    except ValueError:
        # Its only way to say that no word is in two excerpts.
        return score_by_prevalence(train_labels, len(test_texts), judged=judged)
    return score_by_regression(train, train_labels, vectorizer.transform(test_texts), judged=judged)


def score_by_regression(
    train: Any,  # noqa: ANN401  dense or sparse
    train_labels: BoolArray,
    test: Any,  # noqa: ANN401  dense or sparse
    *,
    judged: BoolArray | None = None,
) -> FloatArray:
    """Score by a balanced logistic regression for each code.

    A code that the judged training excerpts all have or all lack keeps its prevalence as score.

    Args:
        train: (n_train, n_features).
        train_labels: (n_train, n_codes).
        test: (n_test, n_features).
        judged: (n_train, n_codes) where a label is known; None where all are.

    Returns:
        (n_test, n_codes).
    """
    from sklearn.linear_model import (  # noqa: PLC0415  an idle run starts without it
        LogisticRegression,
    )

    known = _fill_judged(train_labels, judged)
    share = _prevalence(train_labels, known)
    scores = score_by_prevalence(train_labels, test.shape[0], judged=known)
    for code in np.flatnonzero((share > 0) & (share < 1)):
        rows = np.flatnonzero(known[:, code])
        model = LogisticRegression(solver="liblinear", C=1.0, class_weight="balanced")
        model.fit(train[rows], train_labels[rows, code])
        scores[:, code] = model.predict_proba(test)[:, 1]
    return scores


def decide_by_thresholds(
    labels: BoolArray, scores: FloatArray, folds: IntArray, *, judged: BoolArray | None = None
) -> BoolArray:
    """Decide each fold by each code's best threshold on the other folds' out-of-fold scores.

    Args:
        labels, scores: (n_excerpts, n_codes).
        folds: (n_excerpts,).
        judged: (n_excerpts, n_codes) where a label is known; None where all are.
    """
    known = _fill_judged(labels, judged)
    given = np.zeros(labels.shape, dtype=bool)
    for train, test in split_by_fold(folds):
        for code in range(labels.shape[1]):
            rows = train[known[train, code]]
            given[test, code] = scores[test, code] >= best_threshold(
                labels[rows, code], scores[rows, code]
            )
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


def _fill_judged(labels: BoolArray, judged: BoolArray | None) -> BoolArray:
    return np.ones(labels.shape, dtype=bool) if judged is None else judged


def _prevalence(labels: BoolArray, judged: BoolArray | None) -> NDArray[np.float64]:
    known = _fill_judged(labels, judged)
    shares: NDArray[np.float64] = (labels & known).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return shares
