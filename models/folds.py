"""Deals groups of excerpts into folds: whole groups, codes spread as evenly as groups allow."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray

IntArray: TypeAlias = NDArray[np.int64]

MOST_FOLDS = 5
# Dealing in order of size would give every seed the same folds; the best of some random orders
# spreads the codes as well, and seeds differ.
N_DEALS = 30


def make_folds(groups: Sequence[str], labels: BoolArray, *, seed: int) -> IntArray:
    """Give each excerpt its fold: five folds, or each group its own where there are fewer.

    Args:
        groups: (n_excerpts,) what must stay together, such as an interview.
        labels: (n_excerpts, n_codes).

    Returns:
        (n_excerpts,) numbers from 0, none without an excerpt.

    Raises:
        ValueError: There are not two groups, so nothing can be held out.
    """
    names, group_of_row = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        raise ValueError(
            f"{len(groups)} excerpts of {len(names)} groups: give two groups to hold one out"
        )
    weights = _weigh_groups(group_of_row, labels, len(names))
    rng = np.random.default_rng(seed)
    deals = [_deal(weights, rng.permutation(len(names))) for _ in range(N_DEALS)]
    best = min(deals, key=lambda deal: _unevenness(deal, weights))
    folds: IntArray = best[group_of_row]
    return folds


def split_by_fold(folds: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Give for each fold the rows learnt from and the rows held out; folds are (n_excerpts,)."""
    for fold in np.unique(folds):
        yield np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)


def _weigh_groups(group_of_row: IntArray, labels: BoolArray, n_groups: int) -> NDArray[np.float64]:
    # Each code's excerpts, and all excerpts, as shares of their total: rare codes count as much.
    columns = np.column_stack([labels, np.ones(len(labels), dtype=bool)])
    weights = np.zeros((n_groups, columns.shape[1]))
    np.add.at(weights, group_of_row, columns)
    shares: NDArray[np.float64] = weights / np.maximum(weights.sum(axis=0), 1)
    return shares


def _deal(weights: NDArray[np.float64], order: NDArray[np.int64]) -> IntArray:
    held = np.zeros((min(MOST_FOLDS, len(weights)), weights.shape[1]))
    fold_of_group = np.zeros(len(weights), dtype=np.int64)
    for group in order:
        # Where it adds least to the sum of squares; an empty fold always comes first.
        fold = int(np.argmin(held @ weights[group]))
        held[fold] += weights[group]
        fold_of_group[group] = fold
    return fold_of_group


def _unevenness(fold_of_group: IntArray, weights: NDArray[np.float64]) -> float:
    held = np.zeros((fold_of_group.max() + 1, weights.shape[1]))
    np.add.at(held, fold_of_group, weights)
    return float((held**2).sum())


def deal_groups(groups: IntArray, *, most: int, few: int, seed: int) -> IntArray:
    """Deal groups into folds of about equal size; at most `few` groups are a fold each.

    Args:
        groups: (n_excerpts,).

    Returns:
        (n_excerpts,) fold numbers from 0.
    """
    names, group_of_row = np.unique(groups, return_inverse=True)
    if len(names) <= few:
        return group_of_row.astype(np.int64)
    sizes = np.bincount(group_of_row)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    held = np.zeros(most)
    fold_of_group = np.zeros(len(names), dtype=np.int64)
    for group in order:
        fold = int(held.argmin())
        fold_of_group[group] = fold
        held[fold] += sizes[group]
    dealt: IntArray = fold_of_group[group_of_row]
    return dealt
