import numpy as np
import pytest

from bench.figures import OutOfFold
from bench.probabilities import count_choices, describe_reliability, measure_calibration

CHOSEN = (("blend", "similarity"), ("classifier", "similarity"))


@pytest.fixture
def surely_right():
    scores = np.array([[0.95, 0.1], [0.95, 0.1]], dtype=np.float32)
    return OutOfFold(scores, scores > 0.5, CHOSEN)


def test_error_of_proposals_and_of_all_pairs(surely_right):
    labels = np.array([[True, False], [True, False]])

    error = measure_calibration(labels, surely_right)

    assert error == {"ece": pytest.approx(0.05), "ece_all": pytest.approx(0.075)}


def test_without_probabilities_there_is_no_error(surely_right):
    outcome = OutOfFold(surely_right.scores, surely_right.given)
    labels = np.ones((2, 2), dtype=bool)

    assert measure_calibration(labels, outcome) == {"ece": None, "ece_all": None}
    assert describe_reliability(labels, [outcome]) == []


def test_proposals_of_all_seeds_are_sorted_by_tenths(surely_right):
    labels = np.array([[True, False], [False, False]])

    (only,) = describe_reliability(labels, [surely_right, surely_right])

    assert (only["low"], only["high"], only["n"], only["right"]) == (0.9, 1.0, 2, 0.5)
    assert only["said"] == pytest.approx(0.95)


def test_the_ways_chosen_are_counted_by_code(surely_right):
    assert count_choices(["a", "b"], [surely_right]) == {
        "a": {"blend": 1, "classifier": 1},
        "b": {"similarity": 2},
    }
