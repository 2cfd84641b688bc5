"""Facts about probabilities made of one score a code; all numbers are made up."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.labels import Labels
from models.single_score import (
    calibrate_by_folds,
    calibrate_scores,
    carry_calibration,
    keep_scored,
    pack_calibration,
    unpack_calibration,
)

N, N_GROUPS = 400, 8


def draw(seed=0):
    """Draw scores of two codes, and labels that hold the more often the higher the score."""
    rng = np.random.default_rng(seed)
    scores = rng.random((N, 2))
    has_code = rng.random((N, 2)) < scores**2
    labels = Labels(
        has_code.astype(np.float32),
        np.ones((N, 2), dtype=bool),
        np.ones(N),
        np.arange(N) % N_GROUPS,
    )
    return scores, labels


@pytest.fixture(scope="module")
def calibrated():
    return calibrate_by_folds(*draw(), seed=1)


def test_probability_is_as_often_right_as_it_says(calibrated):
    fresh, labels = draw(seed=5)

    chances = calibrate_scores(calibrated.calibration, fresh)

    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 1.0)):
        rows = (chances >= low) & (chances < high)
        assert abs(chances[rows].mean() - labels.has_code[rows].mean()) < 0.08


def test_held_out_groups_are_whole(calibrated):
    groups = np.arange(N) % N_GROUPS

    assert all(len(set(calibrated.folds[groups == group])) == 1 for group in range(N_GROUPS))


def test_what_has_no_score_is_neither_learnt_nor_judged():
    scores, labels = draw()
    scores[:100] = np.nan

    calibrated = calibrate_by_folds(scores, labels, seed=1)

    assert calibrated.rows.tolist() == list(range(100, N))
    assert not keep_scored(labels, scores).is_known[:100].any()
    assert (calibrate_scores(calibrated.calibration, scores)[:100] == 0).all()


def test_what_may_only_be_learnt_from_judges_nothing():
    scores, labels = draw()
    weights = np.where(np.arange(N) < 100, 0.0, 1.0)

    calibrated = calibrate_by_folds(scores, replace(labels, weights=weights), seed=1)

    assert calibrated.rows.min() == 100


def test_one_group_cannot_be_held_out():
    scores, labels = draw()

    with pytest.raises(ValueError, match="hold one out"):
        calibrate_by_folds(scores, replace(labels, groups=np.zeros(N, dtype=int)), seed=1)


def test_code_that_nobody_gave_is_never_proposed_in_a_study_without_positives():
    scores, labels = draw()
    labels = replace(labels, targets=np.zeros_like(labels.targets))

    calibrated = calibrate_by_folds(scores, labels, seed=1)

    assert calibrated.calibration.thresholds == (np.inf, np.inf)
    assert not calibrated.given.any()
    assert unpack_calibration(pack_calibration(calibrated.calibration)) == calibrated.calibration


def test_new_code_gets_the_curve_and_the_threshold_that_codes_have_in_common(calibrated):
    learnt = calibrated.calibration

    carried = carry_calibration(learnt, [1, None])

    assert carried.curves == (learnt.curves[1], learnt.common)
    assert carried.thresholds == (learnt.thresholds[1], learnt.shared_threshold)


def test_packed_calibration_is_the_same_once_unpacked(calibrated):
    packed = json.loads(json.dumps(pack_calibration(calibrated.calibration)))

    assert unpack_calibration(packed) == calibrated.calibration


@settings(deadline=None, derandomize=True)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_higher_score_is_never_less_likely(calibrated, drawn):
    scores = np.sort(np.array(drawn))
    chances = calibrate_scores(calibrated.calibration, np.c_[scores, scores])

    assert (np.diff(chances, axis=0) >= -1e-12).all()
    assert ((chances >= 0) & (chances <= 1)).all()
