import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score, f1_score

from models.agreement.figures import (
    BETWEEN_PEOPLE,
    WITH_MACHINE,
    compare,
    joint_kappa,
    mean_kappa,
    pool,
    pool_paired,
    tell,
)
from models.agreement.tables import (
    CodeCounts,
    Readings,
    tabulate_coders,
    tabulate_in_place,
    tabulate_machine,
)

ANNOMI = Path(__file__).parents[4] / "shared" / "data" / "annomi.csv"
NAN = np.nan


def read(given, groups=None):
    given = np.asarray(given, float)
    groups = np.arange(given.shape[1]) % 10 if groups is None else np.asarray(groups)
    return Readings(given, np.ones(given.shape[:2]), groups, groups)


def numbers_in(value):
    """Walk through dataclasses, mappings and sequences for the numbers that somebody would see."""
    if is_dataclass(value):
        return [n for field in fields(value) for n in numbers_in(getattr(value, field.name))]
    if isinstance(value, Mapping):
        return [n for each in value.values() for n in numbers_in(each)]
    if isinstance(value, tuple | list):
        return [n for each in value for n in numbers_in(each)]
    return [value] if isinstance(value, int | float) else []


def assert_every_figure_is_a_number_or_says_why_not(comparison):
    assert all(math.isfinite(number) for number in numbers_in(comparison))
    for part in (*comparison.codes, comparison.pooled):
        for estimate in part.figures.values():
            assert (estimate.note == "") == (estimate.bca is not None)
            assert (estimate.bca is None) == (estimate.jackknife_t is None)
            assert estimate.value is not None or estimate.note


def compare_all(readings, machine):
    """Make the three comparisons, few resamples each."""
    yield compare(tabulate_coders(readings), BETWEEN_PEOPLE, n_resamples=40)
    yield compare(tabulate_machine(readings, machine), WITH_MACHINE, n_resamples=40)
    yield compare(tabulate_in_place(readings, machine), WITH_MACHINE, n_resamples=40)


@pytest.fixture
def two_coders():
    """Of three codes, 80 excerpts of ten participants: one common, one rarer, one never given."""
    random = np.random.default_rng(7)
    present = random.random((80, 3)) < [0.4, 0.25, 0]
    mistaken = random.random((2, 80, 3)) < [0.15, 0.1, 0]
    return read(present ^ mistaken)


@pytest.fixture(scope="module")
def annomi():
    """Ratings of ten coders, (n_coders, n_excerpts, n_codes), and the interview of each excerpt."""
    if not ANNOMI.exists():
        pytest.skip("shared/data/annomi.csv is not on this machine")
    given_codes = defaultdict(dict)
    with ANNOMI.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            excerpt = row["interview_id"], row["excerpt_id"]
            given_codes[excerpt][row["coder"]] = set(row["codes"].split(";")) - {""}
    coders = sorted({coder for codes in given_codes.values() for coder in codes})
    keys = sorted({key for by in given_codes.values() for codes in by.values() for key in codes})
    ratings = np.full((len(coders), len(given_codes), len(keys)), NAN)
    for number, by_coder in enumerate(given_codes.values()):
        for coder, codes in by_coder.items():
            ratings[coders.index(coder), number] = [key in codes for key in keys]
    interviews = np.unique([interview for interview, _ in given_codes], return_inverse=True)[1]
    shared = (~np.isnan(ratings)).any(axis=2).sum(axis=0) >= 2
    return ratings[:, shared], np.unique(interviews[shared], return_inverse=True)[1]


@pytest.fixture(scope="module")
def annomi_figures(annomi):
    ratings, interviews = annomi
    return compare(tabulate_coders(read(ratings, interviews)), BETWEEN_PEOPLE, n_resamples=50)


def test_human_kappa_of_each_code_on_annomi_is_that_of_scikit_learn(annomi, annomi_figures):
    ratings, _ = annomi
    for code, told in enumerate(annomi_figures.codes):
        kappas = []
        for one, other in combinations(ratings[:, :, code], 2):
            both = ~np.isnan(one) & ~np.isnan(other)
            if len(np.unique([one[both], other[both]])) == 2:
                kappas.append(cohen_kappa_score(one[both], other[both]))

        assert told.figures["kappa"].value == pytest.approx(np.mean(kappas), abs=1e-9)


def test_human_alpha_of_each_code_on_annomi_is_that_of_krippendorff(annomi, annomi_figures):
    ratings, _ = annomi
    for code, told in enumerate(annomi_figures.codes):
        known = krippendorff.alpha(ratings[:, :, code], level_of_measurement="nominal")

        assert told.figures["alpha"].value == pytest.approx(known, abs=1e-9)


def test_human_agreement_on_annomi_is_the_known_one(annomi_figures):
    # shared/facts/quality.md, "Protocol".
    pooled = annomi_figures.pooled.figures

    assert (round(pooled["kappa"].value, 3), round(pooled["alpha"].value, 3)) == (0.436, 0.455)
    assert annomi_figures.pooled.n_codes == len(annomi_figures.codes) == 10
    assert all(code.is_told for code in annomi_figures.codes)
    assert {code.counts.n_excerpts for code in annomi_figures.codes} == {428}


def test_seven_interviews_on_annomi_are_too_few_for_an_interval(annomi_figures):
    kappa = annomi_figures.pooled.figures["kappa"]

    assert (kappa.n_groups, kappa.bca, kappa.jackknife_t) == (7, None, None)
    assert kappa.note == "no interval: 7 groups, 8 are needed"
    assert all(math.isfinite(number) for number in numbers_in(annomi_figures))


@pytest.mark.parametrize(
    ("n_given", "n_participants", "is_told"),
    [(10, 5, True), (9, 5, False), (10, 4, False), (400, 4, False), (0, 0, False)],
)
def test_a_code_is_told_from_10_excerpts_of_5_participants_on(n_given, n_participants, is_told):
    note = tell(CodeCounts(500, n_given, n_participants))

    assert (not note) == is_told
    assert is_told or f"{n_given} excerpts of {n_participants} participants" in note


def test_what_either_side_gave_counts_towards_being_told():
    # Coder and machine give the code to five excerpts each, of five participants, never together.
    given = np.zeros((1, 30, 1))
    given[0, :5] = 1
    machine = np.zeros((30, 1), bool)
    machine[5:10] = True
    participants = np.arange(30) % 5

    (code,) = compare(tabulate_machine(read(given, participants), machine), WITH_MACHINE).codes
    machine[9] = False
    (fewer,) = compare(tabulate_machine(read(given, participants), machine), WITH_MACHINE).codes

    assert (code.counts.n_given, code.counts.n_participants, code.is_told) == (10, 5, True)
    assert (fewer.counts.n_given, fewer.is_told) == (9, False)


def test_a_code_that_is_not_told_has_no_figure_and_is_not_in_the_means(two_coders):
    comparison = compare(tabulate_coders(two_coders), BETWEEN_PEOPLE, n_resamples=40)
    common, rarer, never = comparison.codes

    assert (common.is_told, rarer.is_told, never.is_told) == (True, True, False)
    assert comparison.pooled.n_codes == 2
    assert {figure.value for figure in never.figures.values()} == {None}
    assert never.note == "nothing to tell: no coder gave it"
    for name, pooled in comparison.pooled.figures.items():
        values = [code.figures[name].value for code in (common, rarer)]
        assert pooled.value == pytest.approx(np.mean(values))


def test_pooled_figures_have_intervals_over_groups(two_coders):
    comparison = compare(tabulate_coders(two_coders), BETWEEN_PEOPLE, n_resamples=200)

    for pooled in comparison.pooled.figures.values():
        assert (pooled.n_groups, pooled.note) == (10, "")
        assert pooled.bca.low < pooled.value < pooled.bca.high
        assert pooled.jackknife_t.low < pooled.value < pooled.jackknife_t.high
    assert_every_figure_is_a_number_or_says_why_not(comparison)


def test_shares_stay_between_0_and_1_and_coefficients_above_minus_1():
    # One disagreement in 80 excerpts: the textbook interval of agreement would end above 1.
    given = np.zeros((2, 80, 1))
    given[:, :30] = 1
    given[0, 79] = 1

    comparison = compare(tabulate_coders(read(given)), BETWEEN_PEOPLE, n_resamples=100)

    for part in (*comparison.codes, comparison.pooled):
        assert part.figures["agreement"].jackknife_t.high == 1
        assert part.figures["alpha"].jackknife_t.high == 1


def test_the_mean_of_a_share_has_no_interval_below_0():
    # Of some 20 excerpts with the code, both coders found one.
    given = np.zeros((2, 80, 1))
    given[0, :11], given[1, 10:20] = 1, 1

    comparison = compare(tabulate_coders(read(given)), BETWEEN_PEOPLE, n_resamples=100)

    for part in (*comparison.codes, comparison.pooled):
        assert part.figures["positive_agreement"].jackknife_t.low == 0
        assert part.figures["kappa"].jackknife_t.low < 0


def test_a_code_is_as_common_as_people_find_it_whatever_the_machine_gives(two_coders):
    comparison = compare(
        tabulate_machine(two_coders, np.ones((80, 3), bool)), WITH_MACHINE, n_resamples=40
    )

    for code in (0, 1):
        known = two_coders.given[:, :, code].mean()
        assert comparison.codes[code].figures["prevalence"].value == pytest.approx(known)


def test_a_mean_over_no_code_says_so():
    empty = tabulate_coders(read(np.zeros((2, 4, 1))))

    pooled = pool(empty, [], mean_kappa, bounds=(-1, 1))

    assert (pooled.value, pooled.n_groups) == (None, 0)
    assert pooled.note == "too few to tell: there is no code to take a mean over"


def test_positive_agreement_with_a_machine_is_f1(two_coders):
    machine = two_coders.given[1] > 0
    one = read(two_coders.given[:1])

    comparison = compare(tabulate_machine(one, machine), WITH_MACHINE, n_resamples=40)

    for code in (0, 1):
        figures = comparison.codes[code].figures
        known = f1_score(one.given[0, :, code] > 0, machine[:, code])
        assert figures["f1"].value == pytest.approx(known)
        assert figures["f1"] == figures["positive_agreement"]


def test_precision_of_a_machine_that_gives_nothing_is_undefined_and_not_in_the_mean(two_coders):
    machine = two_coders.given[1] > 0
    machine[:, 1] = False

    comparison = compare(tabulate_machine(two_coders, machine), WITH_MACHINE, n_resamples=40)

    silent = comparison.codes[1].figures
    assert (silent["precision"].value, silent["recall"].value, silent["f1"].value) == (None, 0, 0)
    assert silent["precision"].note.startswith("undefined: nothing to divide by")
    pooled = comparison.pooled
    assert pooled.n_codes == 2
    assert (pooled.n_defined["precision"], pooled.n_defined["recall"]) == (1, 2)
    assert pooled.figures["precision"].value == comparison.codes[0].figures["precision"].value
    assert pooled.figures["recall"].value == comparison.codes[0].figures["recall"].value / 2
    assert_every_figure_is_a_number_or_says_why_not(comparison)


ORDER = np.arange(40)[:, None]
DEGENERATE = {
    "no coder": np.zeros((0, 40, 2)),
    "no excerpt": np.zeros((2, 0, 2)),
    "no code": np.zeros((2, 40, 0)),
    "nobody judged anything": np.full((2, 40, 2), NAN),
    "one coder": np.ones((1, 40, 2)),
    "a code nobody uses": np.stack([np.arange(80).reshape(40, 2) % [2, 5] > 0] * 2),
    "codes nobody uses": np.zeros((2, 40, 2)),
    "codes everyone always gives": np.ones((3, 40, 2)),
    "coders who never overlap": np.stack(
        [np.where(ORDER < 20, [1, 0], NAN), np.where(ORDER < 20, NAN, [1, 1])]
    ),
    "coders who always differ": np.stack([np.ones((40, 2)), np.zeros((40, 2))]),
    "one excerpt in common": np.stack([np.ones((40, 2)), np.where(ORDER, NAN, [1, 0])]),
}


@pytest.mark.parametrize("given", DEGENERATE.values(), ids=DEGENERATE)
@pytest.mark.parametrize("n_groups", [1, 10])
def test_what_cannot_be_told_is_a_sentence_and_never_nan(given, n_groups):
    readings = read(given, np.arange(given.shape[1]) % n_groups)

    for machine in (np.zeros(given.shape[1:], bool), np.ones(given.shape[1:], bool)):
        for comparison in compare_all(readings, machine):
            assert_every_figure_is_a_number_or_says_why_not(comparison)
            assert len(comparison.codes) == given.shape[2]


def test_a_code_everyone_always_gives_has_no_kappa_and_full_agreement():
    (code,) = compare(tabulate_coders(read(np.ones((3, 40, 1)))), BETWEEN_PEOPLE).codes

    for name in ("kappa", "alpha", "negative_agreement"):
        assert code.figures[name].value is None
        assert "everybody said the same" in code.figures[name].note
    for name in ("agreement", "positive_agreement", "ac1", "prevalence"):
        assert code.figures[name].value == 1
        assert code.figures[name].note == "no interval: leaving out any group changes nothing"


def test_one_coder_has_nobody_to_agree_with():
    (code,) = compare(tabulate_coders(read(np.ones((1, 40, 1)))), BETWEEN_PEOPLE).codes

    assert code.note == "too few to tell: no excerpt was judged by both sides"
    assert code.figures["kappa"].n_groups == 0


@settings(max_examples=30)
@given(
    arrays(float, (3, 24, 1), elements=st.sampled_from([0.0, 1.0, NAN])),
    arrays(bool, (24, 1), elements=st.booleans()),
    st.integers(1, 12),
)
def test_no_ratings_give_anything_but_numbers_or_sentences(given, machine, n_groups):
    readings = read(given, np.arange(24) % n_groups)

    for comparison in compare_all(readings, machine):
        assert_every_figure_is_a_number_or_says_why_not(comparison)


def joint(ratings):
    """Give people's kappa over all pairs at once, of one code and all groups."""
    tables = tabulate_coders(read(np.asarray(ratings, float)[..., None]))
    value = joint_kappa(tables, 0, np.ones((1, len(tables.by_pair))))[0]
    return None if np.isnan(value) else float(value)


def test_joint_kappa_of_one_pair_is_cohens(two_coders):
    first = two_coders.given[:, :, 0]

    assert joint(first) == pytest.approx(cohen_kappa_score(*first))


def test_joint_kappa_weighs_each_pair_by_what_chance_leaves_it_to_agree_on():
    rng = np.random.default_rng(5)
    ratings = (rng.random((3, 40)) < 0.4).astype(float)
    ratings[2, 20:] = NAN

    kappas, weights = [], []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        both = ~np.isnan(ratings[one]) & ~np.isnan(ratings[other])
        first, second = ratings[one, both], ratings[other, both]
        by_chance = first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean())
        kappas.append(cohen_kappa_score(first, second))
        weights.append(both.sum() * (1 - by_chance))
    assert joint(ratings) == pytest.approx(np.average(kappas, weights=weights))


def test_a_pair_that_never_met_the_code_weighs_nothing_in_the_joint_kappa():
    ratings = np.full((4, 8), NAN)
    ratings[:2, :4] = [[1, 0, 0, 1], [1, 0, 1, 1]]
    ratings[2:, 4:] = 0

    assert joint(ratings) == pytest.approx(cohen_kappa_score(*ratings[:2, :4]))


def test_a_reader_who_gives_a_code_where_the_others_never_do_lowers_the_joint_kappa():
    ratings = np.full((4, 12), NAN)
    ratings[:2, :6] = [[1, 0, 0, 1, 0, 0], [1, 0, 1, 1, 0, 0]]
    ratings[2:, 6:] = [[0] * 6, [1, 1, 0, 0, 1, 0]]

    alone = cohen_kappa_score(*ratings[:2, :6])

    # The plain mean would be half of it; here what the one gave alone counts by its number.
    assert 0 < joint(ratings) < alone


def test_joint_kappa_is_undefined_where_everybody_said_the_same():
    assert joint(np.zeros((3, 6))) is None
    assert joint(np.ones((3, 6))) is None


def test_joint_kappa_is_not_biased_where_pairs_share_few_excerpts():
    """The mean over pairs is: seeded studies of 280 excerpts, two of ten coders on each."""
    rng = np.random.default_rng(20261124)
    joints, means, truths = [], [], []
    for _ in range(60):
        is_there = rng.random(280) < 0.05
        read_by = np.array([rng.choice(10, 2, replace=False) for _ in range(280)])
        says = np.where(is_there, 0.7, 0.01)
        ratings = np.full((10, 280), NAN)
        both = (rng.random((2, 280)) < says).astype(float)
        for place in (0, 1):
            ratings[read_by[:, place], np.arange(280)] = both[place]
        tables = tabulate_coders(read(ratings[..., None]))
        everything = np.ones((1, len(tables.by_pair)))
        joints.append(joint_kappa(tables, 0, everything)[0])
        means.append(mean_kappa(tables, 0, everything)[0])
        truths.append(cohen_kappa_score(*both))

    assert abs(np.mean(joints) - np.mean(truths)) < 0.06
    assert np.mean(means) < np.mean(truths) - 0.08


def test_the_difference_of_two_comparisons_is_that_of_their_means(two_coders):
    machine = np.zeros((80, 3), bool)
    machine[::3] = True
    ours, theirs = tabulate_in_place(two_coders, machine), tabulate_coders(two_coders)

    paired = pool_paired(ours, theirs, [0, 1], mean_kappa, np.subtract, bounds=(-2, 2))

    means = [pool(side, [0, 1], mean_kappa, bounds=(-1, 1)).value for side in (ours, theirs)]
    assert paired.value == pytest.approx(means[0] - means[1])
    assert paired.bca.low < paired.value < paired.bca.high


def test_the_difference_of_a_comparison_and_itself_is_0_without_an_interval(two_coders):
    tables = tabulate_coders(two_coders)

    paired = pool_paired(tables, tables, [0, 1], mean_kappa, np.subtract, bounds=(-2, 2))

    assert (paired.value, paired.bca) == (0, None)


def test_groups_that_one_comparison_lacks_are_in_neither_mean(two_coders):
    tables = tabulate_coders(two_coders)
    for kept in (two_coders.groups < 8, two_coders.groups > 1):
        fewer = tabulate_coders(two_coders.take(kept))

        paired = pool_paired(tables, fewer, [0, 1], mean_kappa, np.subtract, bounds=(-2, 2))

        assert (paired.value, paired.n_groups) == (0, 8)


def test_two_comparisons_without_a_code_in_common_say_so(two_coders):
    tables = tabulate_coders(two_coders)

    paired = pool_paired(tables, tables, [], mean_kappa, np.subtract, bounds=(-2, 2))

    assert (paired.value, paired.note) == (None, "too few to tell: no code is told on both sides")
