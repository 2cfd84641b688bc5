"""Facts about what a candidate has to be to take over; all numbers are made up."""

import numpy as np
import pytest

from models.labels import Labels
from models.rivals import Difference
from pipeline.learning.promotion import NOT_COMPARED, compare_held_out, decide

KEYS = ["trust", "change"]


def difference(mean, low, by_code):
    return Difference(mean, low, mean + 0.01, np.array(by_code))


def test_candidate_that_is_no_worse_takes_over():
    is_better, reasons = decide(difference(0.002, -0.009, [0.002, np.nan]), KEYS)

    assert is_better
    assert reasons == ("mean average precision differs by +0.002 (90%: -0.009 to +0.012)",)


@pytest.mark.parametrize("low", [-0.01, -0.2])
def test_candidate_that_may_rank_worse_is_kept_back(low):
    is_better, reasons = decide(difference(0.1, low, [0.1, 0.1]), KEYS)

    assert not is_better
    assert reasons[0].startswith("it may rank worse than what is in force")


def test_candidate_that_costs_one_code_too_much_is_kept_back_for_it():
    is_better, reasons = decide(difference(0.1, 0.05, [0.3, -0.06]), KEYS)

    assert not is_better
    assert reasons[0] == "'change' would lose 0.060 of average precision"
    assert len(reasons) == 2


def test_candidate_is_compared_only_where_what_is_in_force_says_anything():
    rng = np.random.default_rng(0)
    has_code = rng.random((200, 1)) < 0.3
    labels = Labels(
        has_code.astype(np.float32),
        np.ones((200, 1), dtype=bool),
        np.ones(200),
        np.arange(200) % 5,
    )
    ours = has_code + 0.0
    theirs = np.where(np.arange(200)[:, None] < 100, ours, np.nan)
    folds = labels.groups

    assert compare_held_out(ours, theirs, labels, folds).mean_average_precision == 0
    nothing = compare_held_out(ours, np.full((200, 1), np.nan), labels, folds)
    assert decide(nothing, ["trust"]) == (False, (NOT_COMPARED,))
