import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.agreement.code_sets import compare_sets, masi_distances, set_alpha, tabulate_sets
from models.agreement.coefficients import alpha
from models.agreement.tables import Readings, tabulate_coders

NAN = np.nan


def read(given, *, weights=None, groups=None):
    given = np.asarray(given, float)
    groups = np.zeros(given.shape[1], int) if groups is None else np.asarray(groups)
    weights = np.ones(given.shape[:2]) if weights is None else np.asarray(weights, float)
    return Readings(given, weights, groups, groups)


def as_row(codes, n_codes=5):
    return np.isin(np.arange(n_codes), list(codes))


def code_up(*coders):
    """Make readings of what coders gave to excerpts one after the other; None: not read."""
    return read(
        [
            [np.full(5, NAN) if codes is None else as_row(codes).astype(float) for codes in coder]
            for coder in coders
        ]
    )


def alpha_of(readings, machine=None):
    tables = tabulate_sets(readings, machine)
    return set_alpha(tables, np.ones((1, readings.n_groups)))[0]


def masi(one, other):
    return masi_distances(np.array([as_row(one), as_row(other)]))[0, 1]


def krippendorff_of(ratings):
    """Alpha by the krippendorff package of (n_coders, n_excerpts, n_codes), nan not read."""
    is_read = ~np.isnan(ratings).all(axis=2)
    sets, numbers = np.unique(
        np.nan_to_num(ratings[is_read]).astype(bool), axis=0, return_inverse=True
    )
    units = np.full(is_read.shape, NAN)
    units[is_read] = numbers.ravel()
    distances = masi_distances(sets)

    def distance(v1, v2, i1, i2, n_v, dtype=np.float64):
        return distances[v1.astype(int), v2.astype(int)].astype(dtype)

    return krippendorff.alpha(units, level_of_measurement=distance)


@st.composite
def several_coders(draw):
    """Ratings of 2 to 5 coders with whole excerpts missing; two sets or more in what is paired."""
    shape = draw(st.integers(2, 5)), draw(st.integers(1, 10)), 3
    ratings = draw(arrays(float, shape, elements=st.sampled_from([0.0, 1.0])))
    ratings[draw(arrays(bool, shape[:2], elements=st.booleans()))] = NAN
    paired = ratings[:, (~np.isnan(ratings[..., 0])).sum(axis=0) >= 2]
    assume(len(np.unique(paired[~np.isnan(paired[..., 0])], axis=0)) > 1)
    return ratings


def test_masi_distance_is_that_of_nltks_documented_example():
    # NLTK's masi_distance: {1, 2} and {1, 2, 3, 4} give .665 with .67 for two thirds, as it was
    # documented for years; since its pull request 3695 exactly two thirds.
    assert masi({1, 2}, {1, 2, 3, 4}) == pytest.approx(0.665, abs=2e-3)
    assert masi({1, 2}, {1, 2, 3, 4}) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ({1, 2}, {1, 2}, 0),
        ({1, 2}, {1}, 1 - 1 / 2 * 2 / 3),
        ({1, 2}, {2, 3}, 1 - 1 / 3 * 1 / 3),
        ({1, 2, 3}, {2, 3, 4}, 1 - 2 / 4 * 1 / 3),
        ({1, 2}, {3}, 1),
        ({1}, set(), 1),
        (set(), set(), 0),
    ],
)
def test_masi_distance_is_overlap_times_monotonicity(one, other, distance):
    # Passonneau 2006: 1 - Jaccard x M, M 1 of equal sets, 2/3 of one within the other, 1/3 of
    # sets that only overlap, 0 of sets that share nothing. Two empty sets are equal here.
    assert masi(one, other) == pytest.approx(distance)
    assert masi(other, one) == pytest.approx(distance)


@given(arrays(bool, (6, 4), elements=st.booleans()))
def test_distances_are_between_0_and_1_and_0_only_of_equal_sets(sets):
    distances = masi_distances(sets)

    assert ((distances >= 0) & (distances <= 1)).all()
    equal = (sets[:, None] == sets).all(axis=-1)
    assert ((np.abs(distances) < 1e-12) == equal).all()


@given(several_coders())
def test_alpha_is_that_of_the_krippendorff_package_with_these_distances(ratings):
    assert alpha_of(read(ratings)) == pytest.approx(krippendorff_of(ratings), abs=1e-9)


@given(arrays(float, (3, 8, 1), elements=st.sampled_from([0.0, 1.0])))
def test_with_one_code_alpha_over_sets_is_nominal_alpha(ratings):
    readings = read(ratings)

    known = alpha(tabulate_coders(readings).coincidences[0, 0])

    assert alpha_of(readings) == pytest.approx(known, abs=1e-9, nan_ok=True)


def test_one_excerpt_with_one_disagreement_has_alpha_0():
    # NLTK's issue 2991: {l1} and {l1, l2} of one item give an alpha of zero.
    assert alpha_of(code_up([{1}], [{1, 2}])) == pytest.approx(0)


def test_alpha_is_near_0_where_all_but_one_of_many_excerpts_have_the_same_set():
    most = [{1}] * 99

    one_disagreement = compare_sets(code_up([*most, {1}], [*most, {2}]))
    one_that_both_gave = compare_sets(code_up([*most, {2}], [*most, {2}]))

    # 99 of 100 excerpts agree in the first, all 100 in the second.
    assert one_disagreement.value == pytest.approx(0, abs=1e-9)
    assert one_that_both_gave.value == 1


def test_one_set_everywhere_has_no_alpha_and_a_note():
    for codes in ({1, 2}, set()):
        same = compare_sets(code_up([codes] * 20, [codes] * 20))

        assert same.value is None
        assert "everybody said the same of every excerpt" in same.note


def test_codes_that_overlap_agree_more_than_codes_that_share_nothing():
    first = [{1, 2}, {3}, {1, 2}, {4}]

    near = alpha_of(code_up(first, [{1}, {3}, {1, 2}, {4}]))
    far = alpha_of(code_up(first, [{4}, {3}, {1, 2}, {4}]))

    assert far < near < 1


def test_without_a_second_reading_there_is_no_alpha_and_a_note():
    for readings in (
        code_up([{1}, {2}]),
        code_up([{1}, None], [None, {1}]),
        read(np.zeros((2, 0, 3))),
        read(np.zeros((0, 4, 3))),
    ):
        nothing = compare_sets(readings)

        assert (nothing.value, nothing.n_groups) == (None, 0)
        assert nothing.note == "too few to tell: no excerpt has two readings"


def test_a_machine_is_paired_with_each_coder_and_coders_not_with_one_another():
    readings = code_up([{1}, {2}, {3}], [{2}, {1}, {3}])
    machine = np.array([as_row({1}), as_row({2}), as_row({3})])

    ours = alpha_of(readings, machine)

    # The machine is the first coder: half of its pairs agree always, half on the last only.
    pairs = code_up([{1}, {2}, {3}] * 2, [{1}, {2}, {3}, {2}, {1}, {3}])
    n_pairs, n_readings = 12, 6
    times = (n_readings - 1) / n_readings * n_pairs / (n_pairs - 1)
    assert 1 - ours == pytest.approx((1 - alpha_of(pairs)) * times)


def test_a_machine_and_one_coder_agree_as_two_coders_would():
    coder, machine = [{1}, {2}, {1, 3}, set()], [{1}, {1, 2}, {3}, set()]
    rows = np.array([as_row(codes) for codes in machine])

    assert alpha_of(code_up(coder), rows) == pytest.approx(alpha_of(code_up(coder, machine)))


def test_a_code_that_a_coder_could_not_judge_is_absent():
    unjudged = np.array([[[1.0, NAN]], [[1.0, 0.0]]])
    other = np.array([[[0.0, 1.0]]] * 2)

    judged = np.nan_to_num(unjudged)

    known = alpha_of(read(np.concatenate([judged, other], axis=1)))
    assert alpha_of(read(np.concatenate([unjudged, other], axis=1))) == known


def test_an_excerpt_of_weight_2_counts_twice_but_for_the_number_of_readings():
    ratings = np.array([[[1, 0], [1, 1], [0, 1]], [[1, 1], [1, 1], [0, 0]]], float)
    twice = ratings[:, [0, 0, 1, 2]]

    weighted = alpha_of(read(ratings, weights=[[2, 1, 1]] * 2))

    # Eight readings weigh as six: 1 - alpha has (n - 1) / n in it.
    times = (5 / 6) / (7 / 8)
    assert 1 - weighted == pytest.approx((1 - alpha_of(read(twice))) * times)
    assert alpha_of(read(ratings, weights=[[5, 5, 5]] * 2)) == pytest.approx(
        alpha_of(read(ratings))
    )


def test_counts_of_groups_count_their_excerpts_so_often():
    ratings = np.array([[[1, 0], [1, 1], [0, 1]], [[1, 1], [1, 1], [0, 0]]], float)
    tables = tabulate_sets(read(ratings, groups=[0, 1, 2]))

    drawn = set_alpha(tables, np.array([[2.0, 1.0, 1.0], [1.0, 1.0, 1.0]]))

    known = [alpha_of(read(ratings[:, [0, 0, 1, 2]])), alpha_of(read(ratings))]
    assert drawn == pytest.approx(known)


def test_alpha_over_sets_has_intervals_over_groups():
    random = np.random.default_rng(3)
    present = random.random((60, 3)) < 0.4
    ratings = present ^ (random.random((2, 60, 3)) < 0.1)

    sets = compare_sets(read(ratings, groups=np.arange(60) % 12), n_resamples=200)

    assert sets.value == pytest.approx(krippendorff_of(ratings.astype(float)), abs=1e-9)
    assert (sets.n_groups, sets.note) == (12, "")
    assert sets.bca.low < sets.value < sets.bca.high <= 1
