import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibration import NO_CHANGE
from models.choice import Choices, CodeChoice
from models.levels import (
    CHILDREN,
    FROM_CHILDREN,
    NO_PARENT,
    drop_parents,
    find_grouping_codes,
    lift_parents,
    mark_grouping_codes,
)
from models.probabilities import BLEND, SIMILARITY

# A family of codes: 0 above 1 and 2, 2 above 3; 4 stands alone.
PARENTS = np.array([NO_PARENT, 0, 0, 2, NO_PARENT])


def choice(method=SIMILARITY, n_positive=0):
    return CodeChoice(method, "it is synthetic", 0.7, {}, n_positive, 1, is_own_threshold=True)


def choices(*codes):
    return Choices(codes, NO_CHANGE, 0.4)


def test_parents_that_hardly_anybody_gives_stand_for_their_children():
    rare, common, learnt = choice(n_positive=2), choice(n_positive=3), choice(BLEND)

    assert find_grouping_codes(choices(*[rare] * 5), PARENTS) == {0, 2}
    assert find_grouping_codes(choices(common, rare, learnt, rare, rare), PARENTS) == set()
    assert find_grouping_codes(choices(*[rare] * 5), np.full(5, NO_PARENT)) == set()


def test_a_parent_that_stands_for_its_children_says_so():
    marked = mark_grouping_codes(choices(*[choice()] * 5), frozenset({2}))

    parent = marked.codes[2]
    assert (parent.method, parent.reason, parent.threshold) == (CHILDREN, FROM_CHILDREN, 0.4)
    assert all(marked.codes[code] == choice() for code in (0, 1, 3, 4))


def test_a_parent_is_as_likely_as_its_likeliest_child():
    chances = np.array([[0.9, 0.5, 0.0, 0.2, 0.6]])

    lifted = lift_parents(chances, PARENTS, frozenset({0, 2}))

    # From below: 2 takes .2 of 3; 0 takes .5 of 1.
    assert lifted[0] == pytest.approx([0.5, 0.5, 0.2, 0.2, 0.6])
    assert chances.tolist() == [[0.9, 0.5, 0.0, 0.2, 0.6]]


def test_a_parent_that_people_give_keeps_its_own_chance():
    chances = np.array([[0.9, 0.5, 0.1, 0.2, 0.6]])

    lifted = lift_parents(chances, PARENTS, frozenset({2}))

    assert lifted[0] == pytest.approx([0.9, 0.5, 0.2, 0.2, 0.6])


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_a_parent_is_never_less_likely_than_a_child(chances):
    lifted = lift_parents(np.array([chances]), PARENTS, frozenset({0, 2}))[0]

    assert lifted[2] >= lifted[3] - 1e-12
    assert lifted[0] >= max(lifted[1], lifted[2]) - 1e-12


def test_a_parent_is_left_out_where_a_code_below_it_is_proposed():
    grouping = frozenset({0, 2})

    kept = drop_parents([[0, 3], [0], [0, 4], [2, 0], []], PARENTS, grouping)

    assert kept == [[3], [0], [0, 4], [2], []]


def test_a_parent_that_people_give_stays_beside_its_child():
    assert drop_parents([[0, 1]], PARENTS, frozenset({2})) == [[0, 1]]
