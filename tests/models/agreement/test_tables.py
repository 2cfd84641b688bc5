from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score

from models.agreement import coefficients
from models.agreement.figures import mean_kappa, mean_of_defined_columns, nominal_alpha
from models.agreement.plain import human_agreement, kappa_in_place_of_coders
from models.agreement.tables import (
    CodeCounts,
    Readings,
    pair_coders,
    share_of_coders,
    tabulate_coders,
    tabulate_in_place,
    tabulate_machine,
)

NAN = np.nan
# What a coder says of a code: given, not given, not judged.
says = st.sampled_from([0.0, 1.0, NAN])


def read(ratings, *, weights=None, groups=None, participants=None):
    """Make readings of (n_coders, n_excerpts) ratings of one code, or (…, n_codes) of several."""
    ratings = np.asarray(ratings, float)
    given = ratings[..., None] if ratings.ndim == 2 else ratings
    n_excerpts = given.shape[1]
    groups = np.zeros(n_excerpts, int) if groups is None else np.asarray(groups)
    return Readings(
        given,
        np.ones(given.shape[:2]) if weights is None else np.asarray(weights, float),
        groups,
        groups if participants is None else np.asarray(participants),
    )


def all_groups(tables):
    return np.ones((1, len(tables.by_excerpt)))


def alpha_of(tables, code=0):
    return nominal_alpha(tables, code, all_groups(tables))[0]


def kappa_of(tables, code=0):
    return mean_kappa(tables, code, all_groups(tables))[0]


def gwet_ac1(ratings, categories):
    """AC1 of (n_raters, n_subjects), one subject after the other, as irrCAC's gwet.ac1.raw."""
    agreed, shares = [], []
    for subject in ratings.T:
        counts = np.array([(subject == category).sum() for category in categories])
        if counts.sum():
            shares.append(counts / counts.sum())
        if counts.sum() > 1:
            agreed.append((counts * (counts - 1)).sum() / (counts.sum() * (counts.sum() - 1)))
    share = np.mean(shares, axis=0)
    expected = (share * (1 - share)).sum() / (len(categories) - 1)
    return (np.mean(agreed) - expected) / (1 - expected), np.mean(agreed)


@st.composite
def several_coders(draw, *, elements=says, n_codes=1):
    """Ratings of 2 to 6 coders, of at least one excerpt that two of them judged."""
    shape = draw(st.integers(2, 6)), draw(st.integers(1, 12)), n_codes
    ratings = draw(arrays(float, shape, elements=elements))
    assume(((~np.isnan(ratings)).sum(axis=0) >= 2).any())
    return ratings


RAW4RATERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, NAN],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)


def test_the_slow_ac1_of_these_tests_is_that_of_a_published_worked_example():
    # irrCAC, README, gwet.ac1.raw(cac.raw4raters): AC1 .77544, agreement .8181818.
    assert gwet_ac1(RAW4RATERS, [1, 2, 3, 4, 5]) == pytest.approx((0.77544, 0.8181818), abs=5e-6)


@given(several_coders())
def test_agreement_and_ac1_of_several_coders_are_gwets(ratings):
    shared = ratings[:, (~np.isnan(ratings[..., 0])).sum(axis=0) >= 2, 0]

    table = tabulate_coders(read(ratings)).by_excerpt[0, 0]

    # Restricted to what two coders or more read, as the other figures are.
    known = gwet_ac1(shared, [0, 1])
    ours = coefficients.ac1(table), coefficients.percent_agreement(table)
    assert ours == pytest.approx(known, abs=1e-9)


@pytest.mark.parametrize(
    ("ratings", "published"),
    [
        # Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section A.
        ([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], 0.095),
        # NLTK's tests of its agreement module, test_easy.
        ([[1, 1, NAN], [0, 0, NAN], [0, NAN, 0]], -0.333),
        # Medkit's documentation of krippendorff_alpha, three annotators with gaps.
        ([[1, 1, 0, 0, 1, NAN], [NAN, 1, 0, 1, 1, 0], [1, 0, 0, 1, 1, NAN]], 0.422),
    ],
)
def test_alpha_is_that_of_published_worked_examples(ratings, published):
    assert alpha_of(tabulate_coders(read(ratings))) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize("category", [1, 2, 3, 4, 5])
def test_alpha_of_each_category_of_a_published_example_is_that_of_krippendorff(category):
    # After Krippendorff 2011, section C; the figures per category are not published.
    ratings = np.where(np.isnan(RAW4RATERS), NAN, category == RAW4RATERS)

    known = krippendorff.alpha(ratings, level_of_measurement="nominal")

    assert alpha_of(tabulate_coders(read(ratings))) == pytest.approx(known, abs=1e-12)


@given(several_coders())
def test_alpha_of_several_coders_with_gaps_is_that_of_krippendorff(ratings):
    pairable = ratings[:, (~np.isnan(ratings[..., 0])).sum(axis=0) >= 2, 0]
    ours = alpha_of(tabulate_coders(read(ratings)))
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        assert np.isnan(ours)
        return

    known = krippendorff.alpha(pairable, level_of_measurement="nominal")

    assert ours == pytest.approx(known, abs=1e-9)


@given(several_coders())
def test_each_pair_of_coders_has_the_kappa_of_scikit_learn(ratings):
    readings = read(ratings)

    kappas = coefficients.kappa(tabulate_coders(readings).by_pair[0, :, 0])

    for pair, kappa in zip(pair_coders(readings), kappas, strict=True):
        one, other = ratings[pair.one, pair.rows, 0], ratings[pair.other, pair.rows, 0]
        if len(np.unique([one, other])) == 2:
            assert kappa == pytest.approx(cohen_kappa_score(one, other), abs=1e-9)
        else:
            assert np.isnan(kappa)


@given(several_coders(elements=st.sampled_from([0.0, 1.0])))
def test_positive_agreement_of_equally_many_coders_is_uebersax_specific_agreement(ratings):
    given_by = ratings[..., 0].sum(axis=0)
    n_coders = len(ratings)
    assume(given_by.any())

    table = tabulate_coders(read(ratings)).by_excerpt[0, 0]

    # Uebersax, Raw agreement indices, john-uebersax.com/stat/raw.htm.
    known = (given_by * (given_by - 1)).sum() / (given_by * (n_coders - 1)).sum()
    assert coefficients.positive_agreement(table) == pytest.approx(known)


@given(several_coders(n_codes=2))
def test_kappa_and_alpha_are_those_of_the_plain_functions(ratings):
    tables, known = tabulate_coders(read(ratings)), human_agreement(ratings)

    for code, figures in enumerate(known.per_code):
        ours = kappa_of(tables, code), alpha_of(tables, code)
        expected = [NAN if figure is None else figure for figure in figures]
        assert ours == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(several_coders(n_codes=2), st.integers(0, 2**24))
def test_in_place_kappa_is_that_of_the_plain_function(ratings, bits):
    cells = np.arange(ratings.shape[1] * 2).reshape(-1, 2)
    machine = (bits >> cells) % 2 == 1
    tables = tabulate_in_place(read(ratings), machine)
    ours = mean_of_defined_columns(np.array([kappa_of(tables, code) for code in (0, 1)]))

    known = kappa_in_place_of_coders(ratings, machine)

    assert ours == pytest.approx(NAN if known is None else known, abs=1e-9, nan_ok=True)


@given(several_coders(), st.integers(0, 2**12))
def test_a_machine_is_compared_with_a_coder_chosen_at_random(ratings, bits):
    machine = (bits >> np.arange(ratings.shape[1])) % 2 == 1
    coders, excerpts = np.nonzero(~np.isnan(ratings[..., 0]))
    people, ours = ratings[coders, excerpts, 0], machine[excerpts]
    # Every reading by itself, weighing 1 over the readers of its excerpt.
    each = 1 / (~np.isnan(ratings[..., 0])).sum(axis=0)[excerpts]

    table = tabulate_machine(read(ratings), machine[:, None]).by_excerpt[0, 0]

    for ours_is, known in (
        (coefficients.precision, precision_score),
        (coefficients.recall, recall_score),
        (coefficients.positive_agreement, f1_score),
    ):
        figure = known(people, ours, sample_weight=each, zero_division=NAN)
        assert ours_is(table) == pytest.approx(figure, abs=1e-9, nan_ok=True)
    if len(np.unique(np.concatenate([people, ours]))) == 2:
        kappa = cohen_kappa_score(people, ours, sample_weight=each)
        assert coefficients.kappa(table) == pytest.approx(kappa, abs=1e-9)


def test_a_code_that_two_of_three_coders_gave_counts_two_thirds():
    readings = read([[1], [1], [0]])

    tables = tabulate_machine(readings, np.array([[True]]))

    assert share_of_coders(readings) == pytest.approx(2 / 3)
    assert tables.by_excerpt[0, 0] == pytest.approx(np.array([[0, 1 / 3], [0, 2 / 3]]))
    # Alpha of two readings: the machine's, and one of the coders'.
    assert tables.coincidences == pytest.approx(tables.by_excerpt)


def test_a_code_not_judged_leaves_a_coder_out_for_that_code_only():
    given = np.array([[[1, 1]], [[1, NAN]], [[0, NAN]]])

    tables = tabulate_coders(read(given))

    assert share_of_coders(read(given))[0] == pytest.approx([2 / 3, 1])
    assert tables.by_excerpt[0, :].sum(axis=(-1, -2)) == pytest.approx([1, 0])
    assert [counts.n_excerpts for counts in tables.counts] == [1, 0]


def test_an_excerpt_of_three_coders_counts_as_one_and_in_alpha_as_three_readings():
    tables = tabulate_coders(read([[1, 1], [1, 0], [0, NAN]]))

    assert tables.by_excerpt.sum() == pytest.approx(2)
    assert 2 * tables.coincidences.sum() == pytest.approx(3 + 2)
    assert tables.by_pair.sum(axis=(0, 2, 3, 4)) == pytest.approx([2, 1, 1])


def test_the_machine_takes_no_place_where_a_coder_left_the_code_unjudged():
    tables = tabulate_in_place(read([[[1, 1]], [[1, NAN]]]), np.array([[True, True]]))

    assert tables.by_excerpt.sum(axis=(0, 2, 3)) == pytest.approx([1, 0])


def test_nobody_to_compare_gives_empty_tables():
    nobody = np.full((2, 3), NAN)
    for readings in (read(nobody), read(nobody[:0]), read(nobody[:, :0]), read(nobody[:1] * 0)):
        tables = tabulate_coders(readings)

        assert not tables.by_excerpt.any()
        assert tables.by_pair.shape[1] == 0
        assert tables.counts == (CodeCounts(0, 0, 0, 0),)


def test_a_machine_beside_which_nobody_read_gives_empty_tables():
    nobody = np.full((2, 3), NAN)
    for readings in (read(nobody), read(nobody[:0]), read(nobody[:, :0])):
        machine = np.ones(readings.given.shape[1:], bool)

        for tables in (tabulate_machine(readings, machine), tabulate_in_place(readings, machine)):
            assert not tables.by_excerpt.any()
            assert tables.counts == (CodeCounts(0, 0, 0, 0),)


def test_coders_who_never_read_the_same_excerpt_are_no_pair():
    readings = read([[1, 0, NAN, NAN], [NAN, NAN, 1, 0]])

    assert pair_coders(readings) == []
    assert not tabulate_coders(readings).by_excerpt.any()
    assert tabulate_machine(readings, np.ones((4, 1), bool)).by_excerpt.sum() == 4


def test_two_coders_of_one_draw_read_an_excerpt_with_the_smaller_of_their_probabilities():
    (pair,) = pair_coders(read([[1, 0], [1, 0]], weights=[[2, 5], [10, 5]]))

    assert pair.weights.tolist() == [10, 5]


def test_whoever_reads_more_says_how_likely_an_excerpt_was_to_be_read():
    readings = read([[1, NAN], [0, 0]], weights=[[2, NAN], [10, 10]])

    tables = tabulate_machine(readings, np.array([[True], [True]]))

    # Weights of 2 and 10, of mean 6; of the first, one coder of two gave the code.
    assert tables.by_excerpt[0, 0] * 6 == pytest.approx(np.array([[0, 11], [0, 1]]))


@given(several_coders(), st.floats(0.01, 100))
def test_weights_count_by_their_proportions_only(ratings, times):
    weights = 1 + np.arange(ratings[..., 0].size).reshape(ratings.shape[:2])

    one = tabulate_coders(read(ratings, weights=weights))
    other = tabulate_coders(read(ratings, weights=weights * times))

    assert one.by_pair == pytest.approx(other.by_pair)
    assert one.coincidences == pytest.approx(other.coincidences)


@given(several_coders())
def test_an_excerpt_of_weight_2_counts_as_that_excerpt_twice(ratings):
    twice = np.concatenate([ratings, ratings[:, :1]], axis=1)
    weights = np.ones(ratings.shape[:2])
    weights[:, 0] = 2

    weighted = tabulate_coders(read(ratings, weights=weights))
    doubled = tabulate_coders(read(twice))

    for ours, known in (
        (weighted.by_pair, doubled.by_pair),
        (weighted.by_excerpt, doubled.by_excerpt),
        (weighted.coincidences, doubled.coincidences),
    ):
        assert ours / ours.sum() == pytest.approx(known / known.sum())


@given(several_coders())
def test_weights_change_alpha_by_how_many_readings_it_takes_there_to_be(ratings):
    twice = np.concatenate([ratings, ratings[:, :1]], axis=1)
    weights = np.ones(ratings.shape[:2])
    weights[:, 0] = 2
    readings = read(ratings, weights=weights)
    doubled = tabulate_coders(read(twice))
    n_readings = 2 * doubled.coincidences.sum()

    weighted = alpha_of(tabulate_coders(readings))

    # Twice the excerpt is one reading's worth of certainty more; a weight of mean 1 is not.
    mean = np.concatenate([pair.weights for pair in pair_coders(readings)]).mean()
    times = (n_readings - mean) / (n_readings - 1)
    known = 1 - (1 - alpha_of(doubled)) * times
    assert weighted == pytest.approx(known, abs=1e-9, nan_ok=True)


@given(several_coders(n_codes=2), st.integers(1, 4))
def test_tables_add_up_over_groups(ratings, n_groups):
    n_excerpts = ratings.shape[1]
    machine = np.arange(n_excerpts * 2).reshape(n_excerpts, 2) % 3 == 0
    weights = 1 + np.arange(n_excerpts) % 3 + np.zeros(ratings.shape[:2])
    groups = np.arange(n_excerpts) % n_groups

    for tabulate in (
        tabulate_coders,
        lambda readings: tabulate_in_place(readings, machine),
        lambda readings: tabulate_machine(readings, machine),
    ):
        whole = tabulate(read(ratings, weights=weights))
        parts = tabulate(read(ratings, weights=weights, groups=groups))

        assert parts.by_pair.sum(axis=0, keepdims=True) == pytest.approx(whole.by_pair)
        assert parts.by_excerpt.sum(axis=0, keepdims=True) == pytest.approx(whole.by_excerpt)
        assert parts.coincidences.sum(axis=0, keepdims=True) == pytest.approx(whole.coincidences)


def test_a_group_that_is_drawn_twice_counts_as_its_excerpts_twice():
    ratings = np.array([[1, 1, 0, 0, 1], [1, 0, 0, 1, 1], [1, 0, NAN, 0, 0]])
    tables = tabulate_coders(read(ratings, groups=[0, 0, 1, 1, 1]))

    drawn = np.array([[2.0, 1.0]])

    known = tabulate_coders(read(ratings[:, [0, 1, 0, 1, 2, 3, 4]]))
    assert nominal_alpha(tables, 0, drawn)[0] == pytest.approx(alpha_of(known))
    assert mean_kappa(tables, 0, drawn)[0] == pytest.approx(kappa_of(known))


def test_counts_say_on_how_many_excerpts_and_participants_a_code_rests():
    ratings = [[1, 0, 0, 1, NAN], [0, 0, 1, 1, 1], [NAN] * 5]
    readings = read(ratings, groups=[0, 0, 0, 1, 1], participants=[0, 1, 1, 2, 3])

    # The last excerpt has one reader; of the others three have the code, of three participants.
    assert tabulate_coders(readings).counts == (CodeCounts(4, 3, 3, 3),)
    machine = np.array([[0], [1], [0], [0], [0]], bool)
    assert tabulate_machine(readings, machine).counts == (CodeCounts(5, 5, 4, 4),)
    # In a coder's place the machine's code counts, too.
    assert tabulate_in_place(readings, machine).counts == (CodeCounts(4, 4, 3, 3),)


def test_groups_without_an_excerpt_that_both_judged_have_no_data():
    tables = tabulate_coders(read([[1, 0, 1], [1, NAN, 0]], groups=[0, 2, 3]))

    assert tables.has_data[:, 0].tolist() == [True, False, False, True]
    assert tables.take_groups(1).has_data[:, 0].tolist() == [True]


def test_excerpts_that_are_taken_keep_their_group_and_weight():
    readings = read([[1, 0, 1], [1, 1, 0]], weights=[[1, 2, 3]] * 2, groups=[0, 1, 2])

    taken = readings.take(np.array([False, True, True]))

    assert (taken.groups.tolist(), taken.n_groups) == ([1, 2], 3)
    assert taken.weights[0].tolist() == [2, 3]
    assert taken.given[:, :, 0].tolist() == [[0, 1], [1, 0]]


def test_each_pair_of_six_coders_is_there_once():
    pairs = pair_coders(read(np.ones((6, 2))))

    assert [(pair.one, pair.other) for pair in pairs] == list(combinations(range(6), 2))
