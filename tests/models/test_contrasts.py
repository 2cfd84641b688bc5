import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contrasts import Offer, choose_with_choices, find_inseparable

PAIR = (0, 1)


def excerpts(n_each, *, gap, seed=0):
    """Scores and labels of n_each excerpts with code 0 and as many with code 1, noise aside."""
    rng = np.random.default_rng(seed)
    has_code = np.repeat([[True, False], [False, True]], n_each, axis=0)
    scores = rng.normal(size=has_code.shape) + gap * has_code
    return scores, has_code, np.ones_like(has_code)


def test_a_pair_that_scores_tell_apart_is_not_found():
    assert find_inseparable(*excerpts(40, gap=3.0), [PAIR]) == ()


@pytest.mark.parametrize("gap", [0.0, 0.7, -3.0])
def test_a_pair_that_scores_do_not_tell_apart_or_have_upside_down_is_found(gap):
    assert find_inseparable(*excerpts(40, gap=gap), [PAIR]) == (PAIR,)


def test_fewer_than_ten_excerpts_on_either_side_tell_nothing():
    enough, few = excerpts(10, gap=9.0), excerpts(9, gap=9.0)

    assert find_inseparable(*enough, [PAIR]) == ()
    assert find_inseparable(*few, [PAIR]) == (PAIR,)


def test_where_nothing_was_judged_every_pair_is_found():
    scores, has_code, is_judged = excerpts(40, gap=9.0)

    assert find_inseparable(scores, has_code, ~is_judged, [PAIR]) == (PAIR,)


def test_excerpts_with_both_poles_or_judged_on_one_alone_do_not_count():
    scores, has_code, is_judged = excerpts(12, gap=9.0)
    both, half = has_code.copy(), is_judged.copy()
    both[:3] = True
    half[:3, 1] = False

    assert find_inseparable(scores, both, is_judged, [PAIR]) == (PAIR,)
    assert find_inseparable(scores, has_code, half, [PAIR]) == (PAIR,)


@pytest.mark.parametrize(("n_above", "found"), [(14, (PAIR,)), (15, ())])
def test_the_bound_is_hanley_and_mcneils(n_above, found):
    # Of 20 on either side so many of the one lie above all of the other, the rest equal them.
    # By hand: area .850, error .0624, bound .747; and area .875, error .0572, bound .781.
    has_code = np.repeat([[True, False], [False, True]], 20, axis=0)
    scores = np.zeros((40, 2))
    scores[:n_above, 0] = 1.0

    assert find_inseparable(scores, has_code, np.ones_like(has_code), [PAIR]) == found


def test_people_who_speak_alike_count_as_fewer():
    scores, has_code, is_judged = excerpts(60, gap=0.0)
    groups = np.tile(np.repeat(np.arange(6), 10), 2)
    # All the excerpts of one person with code 0 lie the wrong way round, those of others right.
    scores[:, 0] = np.where(groups == 0, ~has_code[:, 0], has_code[:, 0])
    scores[:, 1] = 0

    assert find_inseparable(scores, has_code, is_judged, [PAIR]) == ()
    assert find_inseparable(scores, has_code, is_judged, [PAIR], groups=groups) == (PAIR,)


def test_one_person_tells_nothing_of_others():
    scores, has_code, is_judged = excerpts(40, gap=9.0)
    alone, several = np.zeros(80, dtype=np.int64), np.arange(80) % 8

    assert find_inseparable(scores, has_code, is_judged, [PAIR], groups=alone) == (PAIR,)
    assert find_inseparable(scores, has_code, is_judged, [PAIR], groups=several) == ()


@given(
    seed=st.integers(0, 99),
    gap=st.floats(-2, 4),
    n_each=st.integers(5, 40),
    is_grouped=st.booleans(),
)
@settings(deadline=None, derandomize=True)
def test_which_pole_is_named_first_changes_nothing(seed, gap, n_each, is_grouped):
    facts = excerpts(n_each, gap=gap, seed=seed)
    groups = np.arange(2 * n_each) % 4 if is_grouped else None

    there = find_inseparable(*facts, [(0, 1)], groups=groups)
    back = find_inseparable(*facts, [(1, 0)], groups=groups)

    assert bool(there) == bool(back)


def offers(row, chosen, pairs, at_most=3):
    (found,) = choose_with_choices(np.array([row]), [chosen], pairs, at_most=at_most)
    return [offer.codes for offer in found]


def test_a_chosen_code_brings_its_opposite_in():
    assert offers([2.0, 0.1, 1.5], [0, 2], [(0, 1)]) == [(0, 1), (2,)]
    assert offers([0.1, 2.0, 1.5], [1, 2], [(0, 1)]) == [(1, 0), (2,)]


def test_opposites_that_are_both_chosen_become_one_offer():
    assert offers([1.1, 2.0, 1.5], [1, 2, 0], [(0, 1)]) == [(1, 0), (2,)]


def test_a_choice_of_two_counts_once():
    assert offers([3.0, 2.0, 1.0, 0.5], [0, 1, 2, 3], [(0, 1)], at_most=2) == [(0, 1), (2,)]


def test_of_several_opposites_the_one_scored_highest_is_taken():
    pairs = [(0, 1), (0, 2)]

    assert offers([2.0, 0.3, 0.4], [0], pairs) == [(0, 2)]
    assert offers([2.0, 1.3, 1.4], [0, 2, 1], pairs) == [(0, 2), (1,)]


def test_of_several_opposites_a_chosen_one_goes_before_others():
    assert offers([2.0, 0.3, 0.4], [0, 1], [(0, 1), (0, 2)]) == [(0, 1)]


def test_nothing_chosen_offers_nothing():
    assert offers([0.0, 0.0], [], [(0, 1)]) == []


@st.composite
def drawn(draw):
    n_codes = draw(st.integers(1, 7))
    codes = st.integers(0, n_codes - 1)
    row = draw(st.lists(st.floats(-3, 3), min_size=n_codes, max_size=n_codes))
    chosen = draw(st.lists(codes, unique=True))
    pairs = draw(st.lists(st.tuples(codes, codes).filter(lambda pair: pair[0] < pair[1])))
    return row, chosen, pairs


@given(case=drawn(), at_most=st.integers(1, 5))
@settings(deadline=None, derandomize=True)
def test_no_code_comes_twice_and_every_choice_is_a_pair(case, at_most):
    row, chosen, pairs = case

    found = offers(row, chosen, pairs, at_most)

    offered = [code for codes in found for code in codes]
    assert len(found) <= at_most
    assert len(offered) == len(set(offered))
    for codes in found:
        assert len(codes) == 1 or tuple(sorted(codes)) in pairs
        assert set(codes) & set(chosen)
        assert [row[code] for code in codes] == sorted((row[code] for code in codes), reverse=True)
    tops = [max(row[code] for code in codes if code in chosen) for codes in found]
    assert tops == sorted(tops, reverse=True)


@given(case=drawn())
@settings(deadline=None, derandomize=True)
def test_every_chosen_code_is_offered_where_there_is_room(case):
    row, chosen, pairs = case

    found = offers(row, chosen, pairs, at_most=len(row))

    assert set(chosen) <= {code for codes in found for code in codes}


def test_without_pairs_each_chosen_code_is_an_offer():
    found = choose_with_choices(np.array([[1.0, 2.0], [0.0, 0.0]]), [[1, 0], []], (), at_most=3)

    assert found == [[Offer((1,)), Offer((0,))], []]
