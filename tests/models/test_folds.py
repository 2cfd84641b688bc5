import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.folds import deal_groups, make_folds, split_by_fold


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=60).filter(lambda g: len(set(g)) > 1)
)
def test_no_group_is_in_two_folds_and_none_is_empty(groups):
    labels = np.array([[group in "abc", row % 3 == 0] for row, group in enumerate(groups)])

    folds = make_folds(groups, labels, seed=0)

    assert len(set(zip(groups, folds.tolist(), strict=True))) == len(set(groups))
    assert sorted(set(folds.tolist())) == list(range(min(5, len(set(groups)))))


def test_a_seed_gives_its_folds_again_and_seeds_differ():
    groups = np.repeat([f"i{number}" for number in range(17)], np.arange(5, 22)).tolist()
    labels = np.random.default_rng(1).random((len(groups), 4)) < 0.2

    first, again, other = (make_folds(groups, labels, seed=seed) for seed in (0, 0, 1))

    assert (first == again).all()
    assert (first != other).any()


def test_codes_are_spread_as_far_as_groups_allow():
    groups = np.repeat([f"i{number}" for number in range(10)], 20).tolist()
    labels = np.array([[int(group[1:]) < 5] for group in groups])

    folds = make_folds(groups, labels, seed=0)

    assert [int(labels[folds == fold].sum()) for fold in range(5)] == [20] * 5


@pytest.mark.parametrize("groups", [["a", "a"], []])
def test_one_group_cannot_be_held_out(groups):
    with pytest.raises(ValueError, match="give two groups to hold one out"):
        make_folds(groups, np.zeros((len(groups), 1), bool), seed=0)


def test_each_excerpt_is_held_out_once_and_learnt_from_in_all_other_folds():
    folds = np.array([2, 0, 2, 1])

    splits = [(train.tolist(), test.tolist()) for train, test in split_by_fold(folds)]

    assert splits == [([0, 2, 3], [1]), ([0, 1, 2], [3]), ([1, 3], [0, 2])]


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=90), st.integers(0, 5))
def test_no_group_is_dealt_to_two_folds(of_rows, seed):
    groups = np.array(of_rows)

    folds = deal_groups(groups, most=4, few=6, seed=seed)

    n_groups = len(set(of_rows))
    assert len(set(zip(of_rows, folds.tolist(), strict=True))) == n_groups
    assert sorted(set(folds.tolist())) == list(range(n_groups if n_groups <= 6 else 4))


def test_few_groups_are_a_fold_each():
    groups = np.array([12, 5, 5, 9])

    assert deal_groups(groups, most=2, few=3, seed=0).tolist() == [2, 0, 0, 1]


def test_many_groups_are_dealt_into_folds_of_about_equal_size():
    groups = np.repeat(np.arange(20), np.arange(1, 21))

    folds = deal_groups(groups, most=10, few=16, seed=0)

    assert np.bincount(folds).tolist() == [21] * 10


def test_another_seed_deals_groups_otherwise():
    groups = np.repeat(np.arange(20), 3)

    first, again, other = (deal_groups(groups, most=5, few=3, seed=seed) for seed in (0, 0, 1))

    assert (first == again).all()
    assert (first != other).any()
