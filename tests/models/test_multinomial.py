import numpy as np
import pytest

from models.multinomial import (
    find_components,
    fit_multinomial,
    hold_out_multinomial,
    log_odds_of,
    score_multinomial,
)
from tests.models.talk import NOBODY_USES, WEATHER, compare_talk, make_talk

TARGETS = make_talk().labels.targets[:, : NOBODY_USES + 1]
FOLDS = make_talk().groups % 5


@pytest.fixture(scope="module")
def kernel():
    return compare_talk()[2].kernel


@pytest.fixture(scope="module")
def components():
    return compare_talk()[2].components


def test_dot_products_of_points_are_the_kernel_over_its_usual_likeness_to_itself(
    components, kernel
):
    products = components.points @ components.points.T

    assert products * (np.trace(kernel) / len(kernel)) == pytest.approx(kernel, abs=1e-2)
    assert (products.diagonal()).mean() == pytest.approx(1, abs=1e-3)


def test_a_row_of_the_kernel_is_projected_onto_its_point(components, kernel):
    assert kernel @ components.projection == pytest.approx(components.points, abs=1e-2)


def test_a_kernel_of_few_dimensions_has_as_few_components():
    points = np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32)

    assert find_components(points @ points.T, seed=0).points.shape == (30, 3)


def test_a_seed_finds_its_components_again(kernel):
    first, again = (find_components(kernel, seed=5) for _ in range(2))

    assert (first.points == again.points).all()


def test_an_excerpt_with_a_code_scores_higher_than_one_without(components):
    scores = score_multinomial(components.points, fit_multinomial(components.points, TARGETS))

    has_code = TARGETS[:, WEATHER] > 0
    assert scores[has_code, WEATHER].mean() > scores[~has_code, WEATHER].mean() + 1
    assert scores[:, NOBODY_USES].max() < scores[has_code, WEATHER].min()


def test_held_out_scores_are_those_of_a_fit_without_the_fold(components):
    held_out = hold_out_multinomial(components.points, TARGETS, FOLDS)

    for fold in np.unique(FOLDS):
        is_out = np.isin(FOLDS, fold)
        weights = fit_multinomial(components.points[~is_out], TARGETS[~is_out])

        anew = score_multinomial(components.points[is_out], weights)

        assert held_out[is_out] == pytest.approx(anew, abs=1e-3)


def test_what_an_excerpt_is_labelled_does_not_reach_its_held_out_score(components):
    changed = TARGETS.copy()
    changed[FOLDS == 1] = 1 - changed[FOLDS == 1]

    before, after = (
        hold_out_multinomial(components.points, each, FOLDS) for each in (TARGETS, changed)
    )

    assert (after[FOLDS == 1] == before[FOLDS == 1]).all()
    assert (after[FOLDS == 2] != before[FOLDS == 2]).any()


def test_with_nobody_else_to_learn_from_every_held_out_score_is_the_same(components):
    held_out = hold_out_multinomial(components.points, TARGETS, np.zeros_like(FOLDS))

    assert (held_out == 0).all()


def test_equal_logits_make_every_code_as_likely_as_none():
    log_odds = log_odds_of(np.zeros((2, 4), dtype=np.float32))

    assert log_odds == pytest.approx(np.log(1 / 3))
    assert log_odds.shape == (2, 3)


def test_logits_of_any_size_have_finite_log_odds():
    logits = np.array([[1e4, -1e4, 0], [-1e4, -1e4, 1e4]], dtype=np.float32)

    log_odds = log_odds_of(logits)

    assert np.isfinite(log_odds).all()
    assert log_odds[0, 0] > 10
    assert log_odds[1].max() < -10


def test_codes_of_one_excerpt_share_it_evenly():
    points = np.eye(4, dtype=np.float32)
    targets = np.array([[1, 1], [1, 1], [0, 0], [0, 0]], dtype=np.float32)

    scores = score_multinomial(points, fit_multinomial(points, targets))

    assert scores[:, 0] == pytest.approx(scores[:, 1], abs=1e-3)
    assert (scores[:2] > scores[2:]).all()
