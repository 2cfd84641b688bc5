from dataclasses import replace

import numpy as np
import pytest

from models.labels import Labels
from models.ranking import weighted_average_precision
from models.rivals import compare_rankings, find_losses

N = 200
FOLDS = np.zeros(N, dtype=int)


def draw(seed=0):
    """Synthetic labels of three codes, the last of which hardly any excerpt has."""
    rng = np.random.default_rng(seed)
    has_code = rng.random((N, 3)) < [0.3, 0.2, 0.02]
    groups = np.arange(N) % 8
    weights = rng.choice([1.0, 2.0], N)
    labels = Labels(has_code.astype(np.float32), np.ones_like(has_code), weights, groups)
    return labels, rng.random((N, 3)), has_code + 0.2 * rng.random((N, 3))


def test_what_only_shifts_whole_folds_changes_no_ranking():
    labels, _, good = draw()
    folds = labels.groups % 4
    shifted = good + 10 * folds[:, None]

    difference = compare_rankings(shifted, good, labels, folds, seed=0)

    assert difference.by_code[:2].tolist() == [0, 0]
    assert compare_rankings(shifted, good, labels, FOLDS, seed=0).mean_average_precision < -0.1


def test_equal_rankings_differ_by_nothing():
    labels, _, good = draw()

    difference = compare_rankings(good, good, labels, FOLDS, seed=0)

    assert (difference.mean_average_precision, difference.low, difference.high) == (0, 0, 0)
    assert difference.by_code[:2].tolist() == [0, 0]


def test_a_plainly_better_ranking_is_better_within_its_bounds():
    labels, poor, good = draw()

    difference = compare_rankings(good, poor, labels, FOLDS, seed=0)

    assert 0 < difference.low <= difference.mean_average_precision <= difference.high


def test_the_other_way_round_the_difference_is_the_opposite():
    labels, poor, good = draw()

    one, other = (
        compare_rankings(*each, labels, FOLDS, seed=0) for each in ((good, poor), (poor, good))
    )

    assert other.mean_average_precision == pytest.approx(-one.mean_average_precision)
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))


def test_each_codes_difference_is_of_its_average_precision():
    labels, poor, good = draw()

    by_code = compare_rankings(good, poor, labels, FOLDS, seed=0).by_code

    for code in range(2):
        mine, theirs = (
            weighted_average_precision(labels.has_code[:, code], each[:, code], labels.weights)
            for each in (good, poor)
        )
        assert by_code[code] == pytest.approx(mine - theirs)
    assert np.isnan(by_code[2])


def test_only_labels_that_count_in_judging_are_looked_at():
    labels, poor, good = draw()
    weights = np.where(np.arange(N) % 3, labels.weights, 0.0)
    labels = replace(labels, weights=weights)
    turned = np.where(labels.is_judged, labels.targets, 1 - labels.targets)

    one, other = (
        compare_rankings(good, poor, each, FOLDS, seed=0)
        for each in (labels, replace(labels, targets=turned))
    )

    assert one.mean_average_precision == other.mean_average_precision
    assert (one.low, one.high) == (other.low, other.high)


def test_where_no_code_can_be_told_nothing_differs():
    labels, poor, good = draw()

    difference = compare_rankings(good, poor, replace(labels, weights=np.zeros(N)), FOLDS, seed=0)

    assert (difference.mean_average_precision, difference.low, difference.high) == (0, 0, 0)
    assert find_losses(difference, most_lost=0.05) == []


def test_codes_that_would_lose_too_much_are_listed():
    labels, poor, good = draw()
    mixed = np.c_[good[:, 0], poor[:, 1], poor[:, 2]]

    difference = compare_rankings(mixed, good, labels, FOLDS, seed=0)

    assert find_losses(difference, most_lost=0.05) == [1]
    assert find_losses(difference, most_lost=1.0) == []
