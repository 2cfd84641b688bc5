"""Ratings here are made up or drawn at random; AnnoMI's are read in place."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from models.agreement import human_agreement
from models.left_out import (
    find_majority_places,
    find_pair_places,
    measure_coders,
    measure_machine,
    share_of_left_out,
)

ANNOMI = Path(__file__).parents[3] / "shared" / "data" / "annomi.csv"
NAN = np.nan
RATINGS = arrays(float, (4, 9, 2), elements=st.sampled_from([0.0, 0.0, 1.0, NAN]))


def one_code(*coders):
    return np.array(coders, dtype=float)[:, :, None]


def leave_out_with_counts_by_hand(ratings, readings):
    """Mean over codes of the mean over coders, excerpt by excerpt; None left out, alike skipped."""
    n_coders, n_excerpts, n_codes = ratings.shape
    means = []
    for code in range(n_codes):
        kappas = []
        for coder in range(n_coders):
            own, stood_in, others = [], [], []
            for excerpt in range(n_excerpts):
                said = [
                    ratings[other, excerpt, code]
                    for other in range(n_coders)
                    if other != coder and not np.isnan(ratings[other, excerpt, code])
                ]
                if said and not np.isnan(ratings[coder, excerpt, code]):
                    own.append(ratings[coder, excerpt, code] == 1)
                    stood_in.append(readings[coder, excerpt, code])
                    others.append(said.count(1) >= said.count(0))
            if len({*own, *others}) == 2:
                is_alike = len({*stood_in, *others}) == 1
                kappas.append(0.0 if is_alike else cohen_kappa_score(stood_in, others))
        if kappas:
            means.append(np.mean(kappas))
    return np.mean(means) if means else None


@settings(deadline=None, derandomize=True, max_examples=30)
@given(RATINGS, arrays(bool, (9, 2)))
def test_left_out_coders_and_the_machine_reach_what_a_count_by_hand_gives(ratings, machine):
    places = find_majority_places(ratings)

    coders, in_place = measure_coders(places), measure_machine(places, machine)

    stood_in = np.broadcast_to(machine, ratings.shape)
    assert coders.kappa == pytest.approx(leave_out_with_counts_by_hand(ratings, ratings == 1))
    assert in_place.kappa == pytest.approx(leave_out_with_counts_by_hand(ratings, stood_in))


@settings(deadline=None, derandomize=True, max_examples=30)
@given(RATINGS)
def test_against_each_other_coder_people_have_the_kappa_of_human_agreement(ratings):
    # Seen or not seen whole, as in a coded file.
    ratings[np.isnan(ratings).any(axis=2)] = NAN
    human = human_agreement(ratings)

    coders = measure_coders(find_pair_places(ratings))

    assert coders.kappa == pytest.approx(human and human.kappa)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(RATINGS, arrays(bool, (9, 2)))
def test_coders_and_machine_are_compared_on_the_same_codes(ratings, machine):
    for places in (find_pair_places(ratings), find_majority_places(ratings)):
        assert set(measure_coders(places).per_code) == set(
            measure_machine(places, machine).per_code
        )


@settings(deadline=None, derandomize=True, max_examples=30)
@given(RATINGS)
def test_with_two_coders_the_majority_of_the_others_is_the_other(ratings):
    two = ratings[:2]

    kappas = [measure_coders(find(two)).kappa for find in (find_pair_places, find_majority_places)]

    assert kappas[0] == pytest.approx(kappas[1])


def test_half_of_the_others_is_a_majority():
    # To the first coder the others say: both, one of two, none, one of one.
    ratings = one_code([1, 1, 0, 1], [1, 1, 0, 1], [1, 0, 0, NAN])

    places = find_majority_places(ratings)

    assert places.each[0].others.tolist() == [True, True, False, True]
    assert measure_coders(places).per_code[0] == pytest.approx(
        np.mean([1, 1, cohen_kappa_score([1, 0, 0], [1, 1, 0])])
    )


def test_a_machine_that_copies_the_only_other_coder_reaches_the_mean_of_1_and_theirs():
    ratings = one_code([1, 1, 0, 0, 1], [1, 0, 0, 1, 1])
    places = find_majority_places(ratings)

    machine = measure_machine(places, ratings[0] == 1)

    assert machine.kappa == pytest.approx((1 + measure_coders(places).kappa) / 2)


def test_a_code_that_nobody_gives_counts_for_neither_side():
    given_one = one_code([1, 0, 1, 0], [1, 0, 0, 0])
    ratings = np.concatenate([given_one, np.zeros((2, 4, 1))], axis=2)
    machine = np.array([[1, 1], [0, 1], [0, 0], [0, 1]], dtype=bool)
    places = find_majority_places(ratings)

    assert list(measure_machine(places, machine).per_code) == [0]
    assert (places.n_coders, places.n_excerpts) == (2, 4)


def test_where_only_the_left_out_coder_varies_both_sides_count_0():
    ratings = one_code([1, 0, 0, 0], *[[0, 0, 0, 0]] * 3)
    places = find_majority_places(ratings)

    never, always = (
        measure_machine(places, np.full((4, 1), is_given)).kappa for is_given in (False, True)
    )

    assert [place.coder for place in places.each] == [0]
    assert (measure_coders(places).kappa, never, always) == (0, 0, 0)


def test_a_code_left_unjudged_is_compared_where_it_was_judged():
    # The second code came later: the first coder judged it in two excerpts only.
    ratings = np.array(
        [[[1, NAN], [0, NAN], [1, 1], [0, 0]], [[1, 1], [0, 1], [1, 1], [0, 0]]], dtype=float
    )

    places = find_majority_places(ratings).of_codes([1])

    assert [place.rows.tolist() for place in places.each] == [[2, 3]] * 2
    assert measure_coders(places).kappa == 1


@pytest.mark.parametrize(
    "ratings",
    [
        one_code([1, 0, 1]),
        one_code([1, 0, NAN, NAN], [NAN, NAN, 1, 0]),
        one_code([1, 1, 1], [1, 1, 1]),
        one_code([1, 0, NAN], [1, NAN, 1]),
        np.zeros((0, 3, 1)),
        np.zeros((2, 0, 1)),
        np.zeros((2, 3, 0)),
    ],
    ids=["one coder", "no overlap", "always given", "one shared", "no coder", "no row", "no code"],
)
def test_where_nothing_can_be_compared_kappa_is_none(ratings):
    machine = np.ones(ratings.shape[1:], dtype=bool)

    for places in (find_pair_places(ratings), find_majority_places(ratings)):
        assert (measure_coders(places).kappa, measure_machine(places, machine).kappa) == (None,) * 2
        assert (places.n_coders, places.n_excerpts) == (0, 0)


def test_two_coders_who_differ_on_their_one_shared_excerpt_have_a_kappa_of_0():
    places = find_majority_places(one_code([1, 0, NAN], [0, NAN, 1]))

    assert measure_coders(places).kappa == 0


@pytest.mark.parametrize(
    ("machine", "coders", "share"),
    [(0.3, 0.6, 0.5), (-0.1, 0.5, -0.2), (0.3, 0.0, None), (0.3, -0.2, None), (None, 0.5, None)],
)
def test_a_share_is_of_agreement_beyond_chance(machine, coders, share):
    assert share_of_left_out(machine, coders) == share


def test_a_machine_as_noisy_as_the_coders_reaches_about_their_own_kappa():
    # Simulation: six coders and a machine who each turn the same truth over in one case of six.
    rng = np.random.default_rng(11)
    truth = rng.random((4000, 1)) < 0.3
    noisy = truth ^ (rng.random((7, 4000, 1)) < 1 / 6)
    ratings = noisy[:6].astype(float)

    for find in (find_pair_places, find_majority_places):
        places = find(ratings)
        share = share_of_left_out(
            measure_machine(places, noisy[6]).kappa, measure_coders(places).kappa
        )
        assert share == pytest.approx(1, abs=0.04)


@pytest.mark.skipif(not ANNOMI.exists(), reason="shared/data/annomi.csv is not on this machine")
def test_coders_of_annomi_agree_with_the_majority_of_the_others_as_known():
    given_codes = defaultdict(dict)
    with ANNOMI.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            excerpt = row["interview_id"], row["excerpt_id"]
            given_codes[excerpt][row["coder"]] = set(row["codes"].split(";")) - {""}
    shared = [by_coder for by_coder in given_codes.values() if len(by_coder) > 1]
    coders = sorted({coder for by_coder in shared for coder in by_coder})
    keys = sorted({key for by_coder in shared for codes in by_coder.values() for key in codes})
    ratings = np.array(
        [[[key in by_coder[coder] for key in keys] for by_coder in shared] for coder in coders],
        dtype=float,
    )

    pairs, majorities = find_pair_places(ratings), find_majority_places(ratings)

    # shared/facts/quality.md, "Protocol": over all ten codes.
    assert round(measure_coders(pairs).kappa, 2) == 0.44
    assert round(measure_coders(majorities).kappa, 2) == 0.51
    assert (len(keys), majorities.n_coders, majorities.n_excerpts) == (10, 10, 428)
