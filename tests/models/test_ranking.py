import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from models.ranking import (
    hit_at_1,
    mean_average_precision,
    recall_at_3,
    weighted_average_precision,
)

# Few different scores, so that there are ties.
excerpts = st.lists(
    st.tuples(st.booleans(), st.integers(0, 5), st.integers(1, 4)), min_size=1, max_size=40
)


def columns_of(rows):
    labels, scores, weights = (np.array(column) for column in zip(*rows, strict=True))
    return labels, scores / 5, weights.astype(float)


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


@settings(deadline=None, derandomize=True, max_examples=100)
@given(excerpts.filter(lambda rows: any(label for label, _, _ in rows)))
def test_weighted_average_precision_is_scikit_learns(rows):
    labels, scores, weights = columns_of(rows)

    precision = weighted_average_precision(labels, scores, weights)

    expected = average_precision_score(labels, scores, sample_weight=weights)
    assert precision == pytest.approx(expected)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(excerpts)
def test_an_excerpt_that_stands_for_several_counts_as_often(rows):
    labels, scores, weights = columns_of(rows)
    often = weights.astype(int)

    precision = weighted_average_precision(labels, scores, weights)

    assert precision == pytest.approx(
        weighted_average_precision(labels.repeat(often), scores.repeat(often), np.ones(often.sum()))
    )


def test_scores_in_order_need_no_sorting():
    labels, weights = np.array([True, False, True]), np.array([1.0, 2.0, 3.0])
    scores = np.array([0.9, 0.5, 0.5])

    precision = weighted_average_precision(labels, scores, weights, is_sorted=True)

    assert precision == weighted_average_precision(labels, scores, weights)
    # By hand: a quarter of the positives at 1, the rest at 4 of 6.
    assert precision == pytest.approx(1 / 4 + 3 / 4 * 4 / 6)


@pytest.mark.parametrize("n", [0, 3])
def test_without_a_positive_label_weighted_average_precision_is_zero(n):
    assert weighted_average_precision(np.zeros(n, dtype=bool), np.zeros(n), np.ones(n)) == 0
