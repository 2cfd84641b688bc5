import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibration import (
    FEWEST_FOR_SHAPE,
    NO_CHANGE,
    Curve,
    Shape,
    apply_curve,
    apply_shape,
    choose_first_look,
    choose_threshold,
    fit_curve,
    fit_shape,
)

GENEROSITIES = (0.5, 1.0, 1.5, 2.0, 3.0)
USUAL = Curve(1.5, -2.0)
seeds = st.integers(0, 10_000)


def draw_scores(seed, n, share, *, gap=1.0):
    """Scores of standard deviation about 1, whether each has the code, and how many it is."""
    rng = np.random.default_rng(seed)
    has_code = rng.random(n) < share
    scores = rng.normal(size=n) + gap * has_code
    return scores, has_code, rng.choice([1.0, 3.0], n)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seeds, st.integers(2, 80), st.floats(0.05, 0.95), st.floats(-2, 3))
def test_probabilities_add_up_to_as_many_as_there_are(seed, n, share, gap):
    scores, has_code, weights = draw_scores(seed, n, share, gap=gap)

    chances = apply_curve(fit_curve(scores, has_code, weights), scores)

    expected = np.clip(np.average(has_code, weights=weights), 1e-4, 1 - 1e-4)
    assert np.average(chances, weights=weights) == pytest.approx(expected, abs=1e-6)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seeds, st.integers(1, 80), st.floats(0, 1), st.floats(-3, 3))
def test_a_higher_score_is_never_less_likely(seed, n, share, gap):
    scores, has_code, weights = draw_scores(seed, n, share, gap=gap)

    for usual in (None, USUAL):
        curve = fit_curve(scores, has_code, weights, usual=usual)

        assert curve.slope >= 0
        assert (np.diff(apply_curve(curve, np.sort(scores))) >= 0).all()


def test_scores_that_rank_the_wrong_way_say_nothing():
    curve = fit_curve(*draw_scores(0, 200, 0.3, gap=-2))

    assert curve.slope == 0


def test_few_positives_draw_the_slope_to_the_usual_one_and_many_do_not():
    few, many = (
        fit_curve(*draw_scores(1, n, 0.3, gap=4), usual=USUAL).slope
        - fit_curve(*draw_scores(1, n, 0.3, gap=4)).slope
        for n in (12, 2_000)
    )

    assert abs(few) > 10 * abs(many)


@pytest.mark.parametrize("n_positive", [0, 1])
@pytest.mark.parametrize("usual", [None, USUAL])
def test_with_one_positive_or_none_the_slope_is_the_usual_one_or_flat(n_positive, usual):
    scores = np.arange(20.0) / 10
    has_code = np.arange(20) < n_positive

    curve = fit_curve(scores, has_code, np.ones(20), usual=usual)

    if usual is None:
        assert curve.slope == 0
    else:
        assert 0 < curve.slope <= usual.slope
    assert apply_curve(curve, scores).mean() < 0.1


def test_a_code_that_is_everywhere_is_likely_everywhere():
    scores = np.arange(20.0) / 10

    curve = fit_curve(scores, np.ones(20, dtype=bool), np.ones(20), usual=USUAL)

    assert apply_curve(curve, scores).min() > 0.8


def test_where_nothing_was_judged_nothing_is_likely():
    nothing = np.array([])

    curve = fit_curve(nothing, nothing.astype(bool), nothing)

    assert curve.slope == 0
    assert apply_curve(curve, np.array([-1.0, 5.0])) == pytest.approx(1e-4)


def test_scores_of_any_size_have_a_probability():
    chances = apply_curve(Curve(1e9, 0.0), np.array([-1e6, 0, 1e6]))

    assert chances == pytest.approx([0, 0.5, 1])


def test_a_shape_that_changes_nothing_leaves_probabilities_as_they_are():
    chances = np.array([0.001, 0.3, 0.9])

    assert apply_shape(NO_CHANGE, chances) == pytest.approx(chances)


def test_too_few_positives_bend_nothing():
    chances, has_code = np.full(200, 0.4), np.arange(200) < FEWEST_FOR_SHAPE - 1

    assert fit_shape(chances, has_code, np.ones(200)) == NO_CHANGE


def test_probabilities_that_rank_the_wrong_way_are_not_bent():
    chances = np.linspace(0.05, 0.95, 400)

    assert fit_shape(chances, chances < 0.4, np.ones(400)) == NO_CHANGE


def test_probabilities_that_are_too_high_are_bent_down_and_keep_their_order():
    rng = np.random.default_rng(0)
    chances = rng.uniform(0.02, 0.98, 4_000)
    has_code = rng.random(4_000) < chances**2

    shape = fit_shape(chances, has_code, np.ones(4_000))
    bent = apply_shape(shape, np.sort(chances))

    assert shape.rise > shape.fall > 0
    assert bent == pytest.approx(np.sort(chances) ** 2, abs=0.06)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    st.floats(0.01, 5), st.floats(0.01, 5), st.floats(-5, 5), st.lists(st.floats(0, 1), min_size=1)
)
def test_a_shape_keeps_the_order_of_probabilities(rise, fall, offset, chances):
    bent = apply_shape(Shape(rise, fall, offset), np.sort(np.array(chances)))

    assert (np.diff(bent) >= 0).all()
    assert (bent >= 0).all()
    assert (bent <= 1).all()


def test_a_code_that_no_excerpt_has_is_never_proposed():
    chances = np.array([0.2, 0.9])

    assert choose_threshold(np.zeros(2, dtype=bool), chances, np.ones(2)) == float("inf")
    assert choose_threshold(np.array([], dtype=bool), np.array([]), np.array([])) == float("inf")


def test_one_excerpt_that_has_the_code_sets_the_threshold():
    assert choose_threshold(np.array([True]), np.array([0.7]), np.ones(1)) == pytest.approx(0.7)


def test_a_threshold_lies_between_excerpts_with_a_code_and_excerpts_without():
    chances = np.r_[np.linspace(0.01, 0.1, 50), np.linspace(0.8, 0.99, 20)]

    threshold = choose_threshold(np.arange(70) >= 50, chances, np.ones(70))

    assert 0.1 < threshold < 0.95


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seeds, st.integers(100, 300), st.sampled_from([0.5, 1.0, 3.0]))
def test_higher_generosity_never_proposes_less(seed, n, sharpness):
    rng = np.random.default_rng(seed)
    chances = rng.random(n)
    has_code = rng.random(n) < chances**sharpness
    weights = rng.choice([1.0, 2.0, 5.0], n)

    thresholds = [
        choose_threshold(has_code, chances, weights, generosity=each) for each in GENEROSITIES
    ]

    assert (np.diff(thresholds) <= 0).all()


def test_rare_code_comes_to_the_eyes_until_it_was_looked_for_long_enough():
    chances = np.linspace(0, 0.01, 400)

    seen = choose_first_look(chances, 0.3, n_positive=0)

    assert (chances >= seen).mean() == pytest.approx(0.01)
    assert choose_first_look(np.tile(chances, 2), 0.3, n_positive=0) == 0.3
    assert choose_first_look(np.tile(chances, 2), 0.3, n_positive=1) < 0.01
    assert choose_first_look(np.zeros(400), 0.3, n_positive=0) == 0.3
    assert choose_first_look(chances[:0], 0.3, n_positive=0) == 0.3
