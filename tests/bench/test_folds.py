import numpy as np
import pytest

from bench.folds import hold_out_interviews
from models.folds import make_folds
from study.errors import InputError


def test_interviews_are_dealt_as_the_product_deals_them():
    groups, labels = list("aabbccddeeff"), np.arange(12)[:, None] % 3 == 0

    dealt = hold_out_interviews(groups, labels, seed=1)

    assert (dealt == make_folds(groups, labels, seed=1)).all()


def test_one_group_cannot_be_held_out():
    with pytest.raises(InputError, match=r"All 2 excerpts .* at least two interviews"):
        hold_out_interviews(["a", "a"], np.zeros((2, 1), bool), seed=0)
