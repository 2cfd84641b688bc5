import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ridge import BIAS, RIDGE, hold_out, invert, score, solve, take_all, take_rows
from tests.models.talk import compare_talk, make_talk

TARGETS = make_talk().labels.targets
N = len(TARGETS)

seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def kernel():
    return compare_talk()[2].kernel


@pytest.fixture(scope="module")
def inverse():
    return compare_talk()[2].inverse


def regularise(kernel):
    return kernel.astype(np.float64) + BIAS + RIDGE * np.eye(len(kernel))


def test_the_inverse_is_that_of_the_regularised_kernel(kernel):
    inverse = invert(kernel)

    assert inverse @ regularise(kernel) == pytest.approx(np.eye(N), abs=1e-4)
    assert (inverse == inverse.T).all()


def test_the_kernel_is_left_as_it_was(kernel):
    before = kernel.copy()

    invert(kernel)

    assert (kernel == before).all()


def test_a_kernel_larger_than_a_block_has_a_symmetric_inverse():
    points = np.random.default_rng(0).normal(size=(2_003, 4)).astype(np.float32)
    kernel = points @ points.T

    inverse = invert(kernel)

    ends = [0, 1_999, 2_000, 2_002]
    assert (inverse == inverse.T).all()
    assert inverse[ends] @ regularise(kernel)[:, ends] == pytest.approx(np.eye(4), abs=1e-3)


@pytest.mark.parametrize("value", [np.nan, np.inf, -1e6])
def test_a_kernel_that_is_none_cannot_be_inverted(value):
    kernel = np.eye(5, dtype=np.float32)
    kernel[1, 2] = kernel[2, 1] = value

    with pytest.raises(ValueError, match="not positive definite"):
        invert(kernel)


@settings(deadline=None, derandomize=True, max_examples=10)
@given(seeds, st.integers(2, N))
def test_taking_rows_is_inverting_their_kernel_alone(kernel, inverse, seed, n_taken):
    rows = np.sort(np.random.default_rng(seed).choice(N, n_taken, replace=False))
    alone = invert(kernel[np.ix_(rows, rows)])
    some = np.arange(n_taken)[::2]

    taken = take_rows(kernel, inverse, rows)

    assert len(taken) == n_taken
    assert taken.take_block(some) == pytest.approx(alone[np.ix_(some, some)], abs=1e-4)
    assert taken.multiply(TARGETS[rows]) == pytest.approx(alone @ TARGETS[rows], abs=1e-3)


@settings(deadline=None, derandomize=True, max_examples=10)
@given(seeds, st.integers(2, 6))
def test_held_out_scores_are_those_of_a_fit_without_the_fold(kernel, inverse, seed, n_folds):
    folds = np.random.default_rng(seed).integers(0, n_folds, size=N)
    held_out = hold_out(take_all(inverse), TARGETS, folds)

    for fold in np.unique(folds):
        rows, kept = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        weights = solve(take_all(invert(kernel[np.ix_(kept, kept)])), TARGETS[kept])

        anew = score(kernel[np.ix_(rows, kept)], weights)

        assert held_out[rows] == pytest.approx(anew, abs=1e-3)


def test_what_an_excerpt_is_labelled_does_not_reach_its_held_out_score(inverse):
    folds = make_talk().passages.interviews
    changed = TARGETS.copy()
    changed[folds == 3] = 1 - changed[folds == 3]

    before, after = (hold_out(take_all(inverse), each, folds) for each in (TARGETS, changed))

    assert after[folds == 3] == pytest.approx(before[folds == 3], abs=1e-3)
    assert abs(after[folds == 2] - before[folds == 2]).max() > 0.1


def test_with_nobody_else_to_learn_from_the_held_out_score_is_zero(inverse):
    assert (hold_out(take_all(inverse), TARGETS, np.zeros(N, dtype=int)) == 0).all()


def test_the_fit_leaves_as_much_of_the_targets_as_the_penalty_takes(kernel, inverse):
    weights = solve(take_all(inverse), TARGETS)

    assert TARGETS - score(kernel, weights) == pytest.approx(RIDGE * weights, abs=1e-3)


def test_a_code_nobody_uses_scores_zero_everywhere(kernel, inverse):
    weights = solve(take_all(inverse), np.zeros((N, 1), dtype=np.float32))

    assert (score(kernel, weights) == 0).all()
