import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from models.agreement import (
    cohen_kappa,
    compare_codes,
    human_agreement,
    kappa_in_place_of_coders,
    krippendorff_alpha,
    majority_labels,
)

ANNOMI = Path(__file__).parents[3] / "shared" / "data" / "annomi.csv"
NAN = np.nan


def column(*values):
    return np.array(values, dtype=bool)[:, None]


@pytest.fixture
def three_coders():
    """Two codes, five excerpts; the last is seen by one coder only."""
    ratings = np.full((3, 5, 2), NAN)
    ratings[0] = [[1, 0], [1, 0], [0, 0], [0, 0], [1, 1]]
    ratings[1, :4] = [[1, 0], [0, 0], [0, 0], [1, 0]]
    ratings[2, :3] = [[1, 0], [1, 0], [0, 0]]
    return ratings


def test_kappa_is_that_of_a_published_worked_example():
    # 50 grant proposals; en.wikipedia.org/wiki/Cohen's_kappa, "Simple example": 0.40.
    one = np.repeat([True, True, False, False], [20, 5, 10, 15])
    other = np.repeat([True, False, True, False], [20, 5, 10, 15])

    assert cohen_kappa(one, other) == pytest.approx(0.40)


def test_kappa_of_readings_that_are_constant_and_alike_is_undefined():
    assert cohen_kappa(np.zeros(4, bool), np.zeros(4, bool)) is None
    assert cohen_kappa(np.zeros(0, bool), np.zeros(0, bool)) is None


def test_kappa_with_one_constant_reading_is_0():
    assert cohen_kappa(np.zeros(4, bool), np.array([True, False, False, True])) == 0


def test_alpha_of_two_coders_is_that_of_a_published_worked_example():
    # Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section A: 0.095.
    ratings = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], float)

    assert krippendorff_alpha(ratings) == pytest.approx(0.095, abs=5e-4)


def test_alpha_with_gaps_is_that_of_a_published_worked_example():
    # Krippendorff 2011, the same, section C: four observers, missing data, nominal: 0.743.
    ratings = np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
            [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
        ]
    )

    assert krippendorff_alpha(ratings) == pytest.approx(0.743, abs=5e-4)


def test_alpha_is_undefined_where_what_two_coders_saw_has_one_value():
    ratings = np.array([[0, 0, 1], [0, 0, NAN]], float)

    assert krippendorff_alpha(ratings) is None


def test_alpha_is_undefined_where_no_unit_has_two_coders():
    assert krippendorff_alpha(np.array([[0, NAN], [NAN, 1]])) is None


def test_a_code_is_compared_by_counts_and_shares():
    human = column(1, 1, 1, 0, 0, 0, 0, 0)
    machine = column(1, 1, 0, 1, 1, 0, 0, 0)

    (code,) = compare_codes(human, machine)

    assert (code.n, code.n_human, code.n_machine, code.prevalence) == (8, 3, 4, 0.375)
    assert (code.precision, code.recall) == (pytest.approx(2 / 4), pytest.approx(2 / 3))
    assert code.f1 == pytest.approx(4 / 7)
    # Observed 5/8, by chance (3*4 + 5*4) / 64.
    assert code.kappa == pytest.approx((5 / 8 - 0.5) / (1 - 0.5))


def test_what_is_undefined_is_none():
    (absent,) = compare_codes(column(0, 0, 0), column(0, 0, 0))
    (only_machine,) = compare_codes(column(0, 0, 0), column(1, 0, 0))
    (only_human,) = compare_codes(column(1, 0, 0), column(0, 0, 0))

    assert (absent.precision, absent.recall, absent.f1, absent.kappa, absent.alpha) == (None,) * 5
    assert (only_machine.precision, only_machine.recall, only_machine.f1) == (0, None, 0)
    assert (only_human.precision, only_human.recall, only_human.f1) == (None, 0, 0)


def test_no_excerpts_give_counts_of_0_and_no_figures():
    (code,) = compare_codes(np.zeros((0, 1), bool), np.zeros((0, 1), bool))

    assert (code.n, code.prevalence, code.f1, code.kappa, code.alpha) == (0, 0.0, None, None, None)


def test_each_code_is_compared_by_itself():
    human = np.array([[1, 0], [0, 1]], dtype=bool)

    both = compare_codes(human, np.array([[1, 1], [0, 0]], dtype=bool))

    assert [code.f1 for code in both] == [1, 0]


@settings(deadline=None, derandomize=True)
@given(arrays(bool, (20, 2), elements=st.booleans()))
def test_figures_do_not_depend_on_who_is_called_human(readings):
    (there,) = compare_codes(readings[:, :1], readings[:, 1:])
    (back,) = compare_codes(readings[:, 1:], readings[:, :1])

    assert (there.precision, there.recall, there.f1) == (back.recall, back.precision, back.f1)
    assert there.kappa == pytest.approx(back.kappa)
    assert there.alpha == pytest.approx(back.alpha)


def test_label_is_what_at_least_half_of_those_who_saw_it_gave():
    ratings = np.array([[1, 1, 0, NAN], [0, 1, NAN, NAN], [0, 0, NAN, NAN], [1, 0, NAN, NAN]])

    labels = majority_labels(ratings[:, :, None])

    assert labels[:, 0].tolist() == [True, True, False, False]


def test_human_kappa_is_the_mean_over_pairs_of_coders(three_coders):
    first = three_coders[:, :, 0]
    pairs = [
        cohen_kappa_score(first[0, :4], first[1, :4]),
        cohen_kappa_score(first[0, :3], first[2, :3]),
        cohen_kappa_score(first[1, :3], first[2, :3]),
    ]

    human = human_agreement(three_coders)

    assert human.per_code[0][0] == pytest.approx(np.mean(pairs))
    assert (human.n_excerpts, human.n_pairs) == (4, 3)


def test_a_code_nobody_gave_is_left_out_of_human_means(three_coders):
    human = human_agreement(three_coders)

    assert human.per_code[1] == (None, None)
    assert (human.kappa, human.alpha) == human.per_code[0]


def test_without_a_second_coder_there_is_no_human_agreement(three_coders):
    assert human_agreement(three_coders[:1]) is None
    assert human_agreement(three_coders[:0]) is None


def test_a_machine_that_copies_a_coder_agrees_in_place_as_that_coder_and_itself(three_coders):
    ratings = three_coders[:2, :4, :1]
    machine = ratings[0] > 0

    in_place = kappa_in_place_of_coders(ratings, machine)

    # In the second coder's place it meets the first, whom it copies; in the first's, the second.
    assert in_place == pytest.approx((1 + human_agreement(ratings).kappa) / 2)


def test_there_is_no_place_to_take_without_a_second_coder(three_coders):
    assert kappa_in_place_of_coders(three_coders[:1], np.zeros((5, 2), bool)) is None


@pytest.mark.skipif(not ANNOMI.exists(), reason="shared/data/annomi.csv is not on this machine")
def test_human_agreement_on_annomi_is_the_known_one():
    given_codes = defaultdict(dict)
    with ANNOMI.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            excerpt = row["interview_id"], row["excerpt_id"]
            given_codes[excerpt][row["coder"]] = set(row["codes"].split(";")) - {""}
    coders = sorted({coder for codes in given_codes.values() for coder in codes})
    keys = sorted(
        {key for codes in given_codes.values() for each in codes.values() for key in each}
    )
    ratings = np.full((len(coders), len(given_codes), len(keys)), NAN)
    for number, by_coder in enumerate(given_codes.values()):
        for coder, codes in by_coder.items():
            ratings[coders.index(coder), number] = [key in codes for key in keys]

    human = human_agreement(ratings)

    # shared/facts/quality.md, "Protocol".
    assert (round(human.kappa, 3), round(human.alpha, 3)) == (0.436, 0.455)
    assert (human.n_excerpts, human.n_pairs) == (428, 45)
