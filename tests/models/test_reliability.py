import numpy as np
import pytest

from models.reliability import N_BINS, bin_probabilities, expected_calibration_error

# Worked out by hand: two proposals of .12 and .18 (weights 1 and 3), one of .95 (weight 2).
CHANCES = np.array([0.12, 0.18, 0.95])
IS_RIGHT = np.array([True, False, True])
WEIGHTS = np.array([1.0, 3.0, 2.0])


def test_proposals_of_similar_probability_are_put_together():
    bins = bin_probabilities(CHANCES, IS_RIGHT, WEIGHTS)

    second, last = bins[1], bins[9]
    assert (second.low, second.high, second.n) == (0.1, 0.2, 4)
    assert second.mean_probability == pytest.approx((0.12 + 3 * 0.18) / 4)
    assert second.share_right == pytest.approx(1 / 4)
    assert (last.n, last.mean_probability, last.share_right) == (2, pytest.approx(0.95), 1)


def test_a_bin_without_proposals_says_nothing():
    bins = bin_probabilities(CHANCES, IS_RIGHT, WEIGHTS)

    assert len(bins) == N_BINS
    assert (bins[4].n, bins[4].mean_probability, bins[4].share_right) == (0, None, None)


def test_certainty_is_in_the_last_bin_and_impossibility_in_the_first():
    bins = bin_probabilities(np.array([0.0, 1.0]), np.array([False, True]), np.ones(2))

    assert [bins[0].n, bins[9].n] == [1, 1]


def test_the_error_is_the_mean_distance_by_how_often_it_is_said():
    error = expected_calibration_error(bin_probabilities(CHANCES, IS_RIGHT, WEIGHTS))

    # By hand: |.165 - .25| for 4 and |.95 - 1| for 2.
    assert error == pytest.approx((4 * 0.085 + 2 * 0.05) / 6)


def test_without_proposals_there_is_no_error():
    nothing = np.array([])

    bins = bin_probabilities(nothing, nothing.astype(bool), nothing)

    assert expected_calibration_error(bins) is None
