from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import bootstrap, ttest_1samp

from models.intervals import FEWEST_GROUPS, bca_interval, estimate, jackknife_t_interval

EVERYWHERE = (-np.inf, np.inf)


def mean_of(values):
    """Give the statistic that is the mean of one value per group."""

    def statistic(counts):
        total = counts.sum(axis=1)
        return np.divide(counts @ values, total, out=np.full(len(counts), np.nan), where=total > 0)

    return statistic


def ratio_of(above, below):
    """Give the statistic that is a ratio of sums over groups; nan where it divides by 0."""

    def statistic(counts):
        top, bottom = counts @ above, counts @ below
        return np.divide(top, bottom, out=np.full(len(counts), np.nan), where=bottom != 0)

    return statistic


@pytest.fixture
def skewed():
    return np.random.default_rng(11).lognormal(size=15)


@pytest.fixture
def all_there():
    return np.ones(15, bool)


def by_scipy(data, statistic, resampled):
    """Let SciPy make its BCa interval of resamples that are already drawn."""
    return bootstrap(
        data,
        statistic,
        n_resamples=0,
        method="BCa",
        paired=len(data) > 1,
        vectorized=True,
        bootstrap_result=SimpleNamespace(bootstrap_distribution=resampled),
    ).confidence_interval


def without_each(values, statistic):
    return statistic(np.ones(len(values)) - np.eye(len(values)))


def test_bca_interval_of_a_mean_is_scipys_on_the_same_resamples(skewed):
    counts = np.random.default_rng(1).multinomial(15, np.full(15, 1 / 15), size=999)
    resampled = mean_of(skewed)(counts)

    ours = bca_interval(skewed.mean(), resampled, without_each(skewed, mean_of(skewed)))

    known = by_scipy((skewed,), np.mean, resampled)
    assert (ours.low, ours.high) == pytest.approx((known.low, known.high), abs=1e-12)
    # It is shifted towards the long tail, so that it is not the plain percentile interval.
    assert ours.low > np.quantile(resampled, 0.025) + 1e-3


def test_bca_interval_of_a_ratio_of_groups_of_unequal_size_is_scipys(skewed):
    sizes = np.arange(15) % 4 + 1.0
    ratio = ratio_of(skewed, sizes)
    counts = np.random.default_rng(2).multinomial(15, np.full(15, 1 / 15), size=999)
    resampled = ratio(counts)

    value = skewed.sum() / sizes.sum()
    ours = bca_interval(value, resampled, without_each(skewed, ratio))

    def by_hand(above, below, axis):
        return above.sum(axis=axis) / below.sum(axis=axis)

    known = by_scipy((skewed, sizes), by_hand, resampled)
    assert (ours.low, ours.high) == pytest.approx((known.low, known.high), abs=1e-12)


@given(arrays(float, 20, elements=st.integers(0, 3)))
def test_bca_interval_with_ties_is_scipys(values):
    assume(np.ptp(values) > 0)
    counts = np.random.default_rng(3).multinomial(20, np.full(20, 1 / 20), size=199)
    resampled = mean_of(values)(counts)

    ours = bca_interval(values.mean(), resampled, without_each(values, mean_of(values)))

    known = by_scipy((values,), np.mean, resampled)
    assert (ours.low, ours.high) == pytest.approx((known.low, known.high), abs=1e-9)


def test_a_figure_beyond_all_resamples_still_has_a_finite_interval(skewed):
    resampled = np.linspace(1, 2, 100)

    interval = bca_interval(3.0, resampled, without_each(skewed, mean_of(skewed)))

    assert 1 <= interval.low <= interval.high <= 2


@given(arrays(float, 12, elements=st.floats(-5, 5)))
def test_jackknife_t_interval_of_a_mean_is_students(values):
    assume(np.ptp(values) > 1e-6)
    left_out = without_each(values, mean_of(values))

    ours = jackknife_t_interval(values.mean(), left_out)

    known = ttest_1samp(values, 0).confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((known.low, known.high), abs=1e-9)


def test_an_estimate_has_the_figure_and_both_intervals(skewed, all_there):
    made = estimate(mean_of(skewed), all_there, bounds=EVERYWHERE)

    known = ttest_1samp(skewed, 0).confidence_interval(0.95)
    assert (made.value, made.n_groups, made.note) == (pytest.approx(skewed.mean()), 15, "")
    assert (made.jackknife_t.low, made.jackknife_t.high) == pytest.approx((known.low, known.high))
    # Within Monte Carlo error of SciPy's, which draws other resamples.
    other = bootstrap((skewed,), np.mean, n_resamples=20_000, rng=np.random.default_rng(5))
    assert made.bca.low == pytest.approx(other.confidence_interval.low, abs=0.06)
    assert made.bca.high == pytest.approx(other.confidence_interval.high, abs=0.25)


def test_the_same_seed_gives_the_same_interval(skewed, all_there):
    one, same, other = (
        estimate(mean_of(skewed), all_there, bounds=EVERYWHERE, seed=seed) for seed in (4, 4, 5)
    )

    assert one == same
    assert one.bca != other.bca
    assert one.jackknife_t == other.jackknife_t


def test_there_is_no_interval_below_8_groups(skewed):
    for n_groups in range(1, FEWEST_GROUPS):
        has_data = np.arange(15) < n_groups

        few = estimate(mean_of(skewed), has_data, bounds=EVERYWHERE)

        assert few.value == pytest.approx(skewed[:n_groups].mean())
        assert (few.bca, few.jackknife_t) == (None, None)
        assert few.note == f"no interval: {n_groups} groups, 8 are needed"
    assert estimate(mean_of(skewed), np.arange(15) < 8, bounds=EVERYWHERE).bca is not None


def test_groups_without_data_are_not_resampled(skewed):
    seen = []

    def statistic(counts):
        seen.append(counts)
        return mean_of(skewed)(counts)

    has_data = np.arange(15) % 3 > 0
    made = estimate(statistic, has_data, bounds=EVERYWHERE)

    assert made.n_groups == 10
    for counts in seen:
        assert not counts[:, ~has_data].any()
    everything, left_out, resampled = seen
    assert everything.tolist() == [has_data.astype(float).tolist()]
    assert (len(left_out), set(left_out.sum(axis=1))) == (10, {9.0})
    assert (resampled.shape, set(resampled.sum(axis=1))) == ((2000, 15), {10.0})
    alone = estimate(mean_of(skewed[has_data]), np.ones(10, bool), bounds=EVERYWHERE)
    assert made.jackknife_t.high == pytest.approx(alone.jackknife_t.high)


def test_intervals_end_where_the_figure_can_go_no_further(all_there):
    nearly_all = np.ones(15)
    nearly_all[0] = 0

    free = estimate(mean_of(nearly_all), all_there, bounds=EVERYWHERE)
    clipped = estimate(mean_of(nearly_all), all_there, bounds=(0.9, 1.0))

    assert free.jackknife_t.high > 1
    assert (clipped.jackknife_t.low, clipped.jackknife_t.high) == (0.9, 1)
    assert clipped.value == free.value


def test_groups_that_are_all_alike_have_no_interval(all_there):
    alike = estimate(mean_of(np.full(15, 0.3)), all_there)

    assert (alike.value, alike.bca, alike.jackknife_t) == (pytest.approx(0.3), None, None)
    assert alike.note == "no interval: leaving out any group changes nothing"


def test_an_undefined_figure_is_none_with_a_note(all_there):
    undefined = estimate(ratio_of(np.ones(15), np.zeros(15)), all_there)

    assert (undefined.value, undefined.n_groups, undefined.bca) == (None, 15, None)
    assert undefined.note.startswith("undefined: ")


def test_nothing_at_all_is_an_undefined_figure_of_no_group():
    for n_groups in (0, 3):
        nothing = estimate(mean_of(np.ones(n_groups)), np.zeros(n_groups, bool))

        assert (nothing.value, nothing.n_groups) == (None, 0)


def only_in(n_groups, n_with):
    below = np.zeros(n_groups)
    below[:n_with] = 1
    return ratio_of(below * np.linspace(0.2, 0.8, n_groups), below)


def test_a_figure_that_hangs_on_one_group_has_no_interval(all_there):
    made = estimate(only_in(15, 1), all_there)

    assert made.value == pytest.approx(0.2)
    assert made.note == "no interval: without some groups the figure is undefined"


def test_a_figure_undefined_in_more_than_a_tenth_of_resamples_has_no_interval(all_there):
    # A resample of 15 groups misses two of them with (13/15)**15 = .12, three with .04.
    two, three = (estimate(only_in(15, n_with), all_there) for n_with in (2, 3))

    assert two.note == "no interval: without some groups the figure is undefined"
    assert three.note == ""
    assert np.isfinite([three.bca.low, three.bca.high, three.jackknife_t.low]).all()
    assert 0.2 <= three.bca.low < three.bca.high <= 0.8


def test_intervals_of_a_mean_cover_it_about_as_often_as_they_say():
    # 22 interviews: the textbook's .95 within the error of 400 draws; it would be .95 +- .022.
    random = np.random.default_rng(6)
    covered = []
    for seed in range(400):
        values = random.normal(size=22)
        made = estimate(
            mean_of(values), np.ones(22, bool), bounds=EVERYWHERE, seed=seed, n_resamples=400
        )
        covered.append([each.low <= 0 <= each.high for each in (made.jackknife_t, made.bca)])

    by_jackknife, by_bootstrap = np.mean(covered, axis=0)
    assert 0.92 < by_jackknife < 0.98
    assert 0.88 < by_bootstrap < 0.98
