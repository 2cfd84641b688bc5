"""All texts here are synthetic: words drawn at random."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.pipeline import make_pipeline

from models.baselines import (
    best_threshold,
    decide_by_thresholds,
    predict_majority,
    predict_tfidf,
    score_by_prevalence,
    score_by_regression,
)

WORDS = ["tree", "river", "stone", "cloud", "bread", "window", "chair", "letter", "garden"]
SCORED = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])),
    min_size=1,
    max_size=25,
).filter(lambda pairs: any(label for label, _ in pairs))


@pytest.fixture
def said():
    """120 texts in four folds; a code that the word 'signal' says, and one that nothing says."""
    rng = np.random.default_rng(5)
    labels = rng.random((120, 2)) < 0.3
    texts = [
        " ".join([*rng.choice(WORDS, size=6), "signal" if is_said else "silence"])
        for is_said in labels[:, 0]
    ]
    return texts, labels, np.arange(120) % 4


@settings(deadline=None, derandomize=True)
@given(SCORED)
def test_no_threshold_has_a_higher_f1_than_the_best(pairs):
    labels = np.array([label for label, _ in pairs])
    scores = np.array([score for _, score in pairs], dtype=np.float32)

    best = f1_score(labels, scores >= best_threshold(labels, scores))

    assert best == max(f1_score(labels, scores >= score, zero_division=0) for score in scores)


def test_a_code_without_positives_is_never_given():
    assert best_threshold(np.zeros(3, bool), np.ones(3, np.float32)) == np.inf


def test_a_folds_own_labels_do_not_move_its_threshold():
    rng = np.random.default_rng(2)
    labels, scores = rng.random((60, 2)) < 0.4, rng.random((60, 2)).astype(np.float32)
    folds = np.repeat([0, 1, 2], 20)
    turned = np.where((folds == 1)[:, None], ~labels, labels)

    given_codes, otherwise = (
        decide_by_thresholds(each, scores, folds) for each in (labels, turned)
    )

    assert (given_codes[folds == 1] == otherwise[folds == 1]).all()
    assert (given_codes[folds != 1] != otherwise[folds != 1]).any()


def test_words_are_scored_as_scikit_learns_own_pipeline_scores_them_out_of_fold(said):
    texts, labels, folds = said
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000),
        LogisticRegression(solver="liblinear", C=1.0, class_weight="balanced"),
    )
    split = PredefinedSplit(folds)
    expected = [
        cross_val_predict(pipeline, texts, column, cv=split, method="predict_proba")[:, 1]
        for column in labels.T
    ]

    predicted = predict_tfidf(texts, labels, folds)

    assert predicted.scores == pytest.approx(np.column_stack(expected), abs=1e-6)
    assert (predicted.given == decide_by_thresholds(labels, predicted.scores, folds)).all()


def test_a_word_that_says_the_code_is_learnt(said):
    texts, labels, folds = said

    predicted = predict_tfidf(texts, labels, folds)

    assert f1_score(labels[:, 0], predicted.given[:, 0]) > 0.95
    assert f1_score(labels[:, 1], predicted.given[:, 1]) < 0.7


def test_what_was_not_judged_for_a_code_moves_nothing(said):
    texts, labels, folds = said
    judged = np.random.default_rng(3).random(labels.shape) < 0.6

    for predict in (predict_majority, partial(predict_tfidf, texts)):
        as_told, otherwise = (
            predict(each, folds, judged=judged) for each in (labels, labels ^ ~judged)
        )
        assert (as_told.scores == otherwise.scores).all()
        assert (as_told.given == otherwise.given).all()


def test_a_code_added_later_is_learnt_from_what_was_judged_for_it(said):
    texts, labels, folds = said
    judged = np.repeat(np.arange(120)[:, None] >= 40, 2, axis=1)

    as_absent = predict_tfidf(texts, labels & judged, folds)
    as_unknown = predict_tfidf(texts, labels & judged, folds, judged=judged)

    is_said = labels[:, 0]
    assert f1_score(is_said, as_unknown.given[:, 0]) > 0.95
    assert as_unknown.scores[is_said, 0].mean() > as_absent.scores[is_said, 0].mean()


def test_codes_not_judged_for_all_are_scored_as_each_by_itself(said):
    texts, labels, folds = said
    judged = np.column_stack([np.arange(120) % 3 > 0, np.arange(120) % 5 > 0])

    together = predict_tfidf(texts, labels, folds, judged=judged)

    for code in range(2):
        alone = predict_tfidf(texts, labels[:, [code]], folds, judged=judged[:, [code]])
        assert (together.scores[:, code] == alone.scores[:, 0]).all()
        assert (together.given[:, code] == alone.given[:, 0]).all()


def test_a_mask_that_is_all_true_is_no_mask(said):
    texts, labels, folds = said
    everything = np.ones(labels.shape, dtype=bool)

    masked, plain = predict_tfidf(texts, labels, folds, judged=everything), predict_tfidf(*said)

    assert (masked.scores == plain.scores).all()
    assert (masked.given == plain.given).all()


def test_prevalence_is_over_the_excerpts_judged_for_the_code():
    labels = np.array([[1, 0, 1], [0, 0, 1], [0, 1, 1], [0, 0, 1]], dtype=bool)
    judged = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 0], [0, 1, 0]], dtype=bool)

    scores = score_by_prevalence(labels, 2, judged=judged)

    assert scores.tolist() == [[0.5, 0.25, 0.0]] * 2


def test_majority_gives_what_more_than_half_of_the_other_folds_have():
    labels = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 0], [1, 1]], dtype=bool)

    predicted = predict_majority(labels, np.array([0, 0, 1, 1, 2, 2]))

    # The first code: half of folds 1 and 2, all of 0 and 2, half of 0 and 1.
    assert predicted.given[:, 0].tolist() == [False, False, True, True, False, False]
    assert predicted.scores[:, 1].tolist() == [0.75, 0.75, 0.25, 0.25, 0.5, 0.5]


def test_a_code_that_a_fold_cannot_learn_keeps_its_prevalence_as_score():
    labels = np.array([[1, 0, 1], [1, 0, 0], [1, 0, 0], [1, 0, 1]], dtype=bool)
    features = np.eye(4, dtype=np.float32)

    scores = score_by_regression(features, labels, features[:1])

    assert scores[0, :2].tolist() == [1, 0]
    assert 0.5 < scores[0, 2] < 1


@pytest.mark.parametrize("texts", [["", "", "", ""], ["tree", "river", "stone", "cloud"]])
def test_texts_that_share_no_word_keep_the_prevalence_as_score(texts):
    labels = np.array([[1, 0], [0, 0], [1, 0], [1, 0]], dtype=bool)

    predicted = predict_tfidf(texts, labels, np.array([0, 0, 1, 1]))

    assert predicted.scores.tolist() == [[1, 0], [1, 0], [0.5, 0], [0.5, 0]]
    assert not predicted.given[:, 1].any()


def test_a_code_that_nobody_judged_is_not_given(said):
    texts, labels, folds = said
    judged = np.tile([True, False], (120, 1))

    for predicted in (
        predict_majority(labels, folds, judged=judged),
        predict_tfidf(texts, labels, folds, judged=judged),
    ):
        assert (predicted.scores[:, 1] == 0).all()
        assert not predicted.given[:, 1].any()
