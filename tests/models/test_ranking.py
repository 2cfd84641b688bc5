import numpy as np
import pytest

from models.ranking import hit_at_1, mean_average_precision, recall_at_3


def test_average_precision_is_that_of_a_published_worked_example():
    # scikit-learn's documentation of average_precision_score: 0.83.
    labels = np.array([0, 0, 1, 1], dtype=bool)[:, None]
    scores = np.array([0.1, 0.4, 0.35, 0.8])[:, None]

    assert mean_average_precision(labels, scores, [0]) == pytest.approx(0.8333, abs=5e-5)


def test_mean_average_precision_is_over_the_codes_named():
    labels = np.array([[1, 1, 0], [0, 0, 0]], dtype=bool)
    scores = np.array([[0.9, 0.1, 0.5], [0.1, 0.9, 0.5]])

    assert mean_average_precision(labels, scores, [0]) == 1
    assert mean_average_precision(labels, scores, [0, 1]) == pytest.approx((1 + 0.5) / 2)


def test_a_code_no_excerpt_has_is_left_out_of_mean_average_precision():
    labels = np.array([[1, 0], [0, 0]], dtype=bool)
    scores = np.array([[0.9, 0.1], [0.1, 0.9]])

    assert mean_average_precision(labels, scores, [0, 1]) == 1
    assert mean_average_precision(labels, scores, [1]) is None


def test_hit_and_recall_are_over_excerpts_with_a_code():
    labels = np.array([[1, 1, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=bool)
    scores = np.array([[4, 3, 2, 1], [4, 3, 2, 1], [4, 3, 2, 1]], dtype=float)

    assert hit_at_1(labels, scores) == 1 / 2
    assert recall_at_3(labels, scores) == (3 / 4 + 0) / 2


def test_of_equal_scores_the_first_code_leads():
    first = np.array([[1, 0, 0, 0, 0]], dtype=bool)
    last = first[:, ::-1]
    scores = np.zeros((1, 5))

    assert (hit_at_1(first, scores), recall_at_3(first, scores)) == (1, 1)
    assert (hit_at_1(last, scores), recall_at_3(last, scores)) == (0, 0)


def test_one_code_is_enough():
    labels = np.array([[1], [0]], dtype=bool)
    scores = np.zeros((2, 1))

    assert (hit_at_1(labels, scores), recall_at_3(labels, scores)) == (1, 1)


def test_without_a_coded_excerpt_nothing_is_defined():
    labels = np.zeros((3, 2), dtype=bool)
    scores = np.zeros((3, 2))

    assert hit_at_1(labels, scores) is None
    assert recall_at_3(labels, scores) is None
    assert mean_average_precision(labels, scores, [0, 1]) is None
