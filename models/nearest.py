"""The coded excerpts that lie nearest in meaning, and what they say of an excerpt's codes."""

from dataclasses import dataclass

import numpy as np

from models.agreement import BoolArray
from models.passages import IntArray
from models.vectors import FloatArray

N_NEAREST = 50
# So many are looked up at a time, so that little memory is needed.
BLOCK = 1_000
# So many of them vote; a vote falls off with distance, so that a near one outweighs several.
N_VOTES, SHARPNESS = 20, np.float32(10.0)


@dataclass(frozen=True)
class Nearest:
    """For each excerpt the others nearest in meaning, nearest first.

    rows: (n, at most N_NEAREST) their numbers among those looked through.
    cosines: (n, at most N_NEAREST) centred; -1 where there are no more.
    """

    rows: IntArray
    cosines: FloatArray

    def take(self, rows: IntArray) -> "Nearest":
        """Take some of the excerpts."""
        return Nearest(self.rows[rows], self.cosines[rows])


def find_nearest(
    left: FloatArray, right: FloatArray, left_groups: IntArray, right_groups: IntArray
) -> Nearest:
    """Find for each excerpt the nearest of other groups; both (n, dim), rows of length 1."""
    n_kept = min(N_NEAREST, len(right))
    rows = np.zeros((len(left), n_kept), dtype=np.int64)
    cosines = np.zeros((len(left), n_kept), dtype=np.float32)
    for start in range(0, len(left), BLOCK):
        part = slice(start, start + BLOCK)
        is_same = left_groups[part][:, None] == right_groups[None]
        rows[part], cosines[part] = _find_block(left[part], right, is_same, n_kept)
    return Nearest(rows, cosines)


def _find_block(
    left: FloatArray, right: FloatArray, is_same: BoolArray, n_kept: int
) -> tuple[IntArray, FloatArray]:
    cosines = left @ right.T
    cosines[is_same] = -1
    rows = np.argpartition(cosines, len(right) - n_kept, axis=1)[:, len(right) - n_kept :]
    order = np.argsort(-np.take_along_axis(cosines, rows, axis=1), axis=1, kind="stable")
    rows = np.take_along_axis(rows, order, axis=1)
    return rows, np.take_along_axis(cosines, rows, axis=1)


def score_nearest(
    nearest: Nearest, targets: FloatArray, is_known: BoolArray, is_learnt: BoolArray
) -> FloatArray:
    """Let the nearest coded excerpts vote, (n, n_codes): the share of votes for each code.

    Args:
        targets, is_known: (n_right, n_codes) labels of those looked through.
        is_learnt: (n_right,) which of them may vote.
    """
    may_vote = is_learnt[nearest.rows] & (nearest.cosines > -1)
    may_vote &= np.cumsum(may_vote, axis=1) <= N_VOTES
    weights = np.exp(SHARPNESS * (nearest.cosines - 1)) * may_vote
    scores = np.zeros((len(nearest.rows), targets.shape[1]), dtype=np.float32)
    for code in range(targets.shape[1]):
        votes = weights * is_known[:, code][nearest.rows]
        for_code = (votes * targets[:, code][nearest.rows]).sum(axis=1)
        # One vote against, so that a single neighbour far away does not settle it.
        scores[:, code] = for_code / (votes.sum(axis=1) + np.exp(-SHARPNESS * np.float32(0.5)))
    return scores
