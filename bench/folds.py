"""Deals interviews into folds: whole groups, codes spread as evenly as groups allow."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from study.errors import InputError

IntArray = NDArray[np.int64]

MOST_FOLDS = 5
# Dealing in order of size would give every seed the same folds; the best of some random orders
# spreads the codes as well, and seeds differ.
N_DEALS = 30


def make_folds(groups: Sequence[str], labels: BoolArray, *, seed: int) -> IntArray:
    """Give each excerpt its fold: five folds, or each group its own where there are fewer.

    Args:
        groups: (n_excerpts,) what must stay together, such as an interview.
        labels: (n_excerpts, n_codes).

    Raises:
        InputError: There is one group only, so nothing can be held out.
    """
    names, group_of_row = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        raise InputError(
            [
                f"All {len(groups)} excerpts are of one interview or participant: none can be "
                "held out. Give at least two interviews, of different participants."
            ]
        )
    weights = _weigh_groups(group_of_row, labels, len(names))
    rng = np.random.default_rng(seed)
    deals = [_deal(weights, rng.permutation(len(names))) for _ in range(N_DEALS)]
    best = min(deals, key=lambda deal: _unevenness(deal, weights))
    folds: IntArray = best[group_of_row]
    return folds


def write_folds(
    path: Path, interviews: Sequence[str], folds_by_seed: Mapping[int, IntArray]
) -> None:
    """Write one row an interview and seed: interview_id, seed, fold.

    Raises:
        InputError: The file cannot be written there.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["interview_id", "seed", "fold"])
    for seed, folds in folds_by_seed.items():
        fold_of = dict(zip(interviews, folds.tolist(), strict=True))
        writer.writerows([interview, seed, fold] for interview, fold in fold_of.items())
    try:
        path.write_text(lines.getvalue(), encoding="utf-8")
    except OSError as error:
        raise InputError(
            [f"{path}: cannot be written: {error.strerror}. Give another --folds file."]
        ) from error


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
