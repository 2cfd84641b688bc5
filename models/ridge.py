"""Kernel ridge regression of all codes at once, with held-out scores in closed form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.passages import IntArray
from models.vectors import FloatArray

# Chosen by held-out interviews of two coded studies, between 2 and 40: the figures hardly move.
RIDGE = 12.0
BIAS = np.float32(1.0)


def invert(kernel: FloatArray) -> FloatArray:
    """Invert the regularised kernel, (n, n): what every solution and held-out score comes from."""
    from scipy.linalg import lapack  # noqa: PLC0415  an idle run starts without it

    regular = np.array(kernel, dtype=np.float32, order="F")
    regular += BIAS
    regular[np.diag_indices_from(regular)] += np.float32(RIDGE)
    factor, failed = lapack.spotrf(regular, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    # Some LAPACKs go on with what is not a number.
    if failed or failed_too or not np.isfinite(inverse.diagonal()).all():
        raise ValueError("the kernel is not positive definite: a vector is not finite")
    _mirror(inverse)
    symmetric: FloatArray = inverse.T
    return symmetric


@dataclass(frozen=True)
class Inverse:
    """The inverse of the regularised kernel of some excerpts, not written out.

    whole: (n_all, n_all) of all of them; rows: (n,) numbers of these; across: (n_others, n), what
    the others take from it: the inverse is whole[rows, rows] - across' across.
    """

    whole: FloatArray
    rows: IntArray
    across: FloatArray

    def __len__(self) -> int:
        return len(self.rows)

    def multiply(self, targets: FloatArray) -> FloatArray:
        """Multiply with (n, n_codes)."""
        placed = np.zeros((len(self.whole), targets.shape[1]), dtype=np.float32)
        placed[self.rows] = targets
        product: FloatArray = (self.whole @ placed)[self.rows]
        if len(self.across):
            product = product - self.across.T @ (self.across @ placed[self.rows])
        return product

    def take_block(self, places: IntArray) -> FloatArray:
        """Write out the part of some of the excerpts, (n_places, n_places)."""
        rows = self.rows[places]
        block = self.whole[np.ix_(rows, rows)]
        if len(self.across):
            part = self.across[:, places]
            block -= part.T @ part
        return block


def take_all(inverse: FloatArray) -> Inverse:
    """Take the inverse of all excerpts' kernel."""
    n = len(inverse)
    return Inverse(inverse, np.arange(n), np.zeros((0, n), dtype=np.float32))


def take_rows(kernel: FloatArray, inverse: FloatArray, rows: IntArray) -> Inverse:
    """Give the inverse as it is of some excerpts' kernel alone.

    Where most are taken the others are taken out by the Schur complement, which leaves no trace
    of them; else inverting the small kernel is less work.

    Args:
        kernel, inverse: (n_all, n_all) of all excerpts.
    """
    if len(rows) == len(inverse):
        return take_all(inverse)
    if 2 * len(rows) < len(inverse):
        return take_all(invert(kernel[np.ix_(rows, rows)]))
    others = np.delete(np.arange(len(inverse)), rows)
    return Inverse(inverse, rows, _take_out(inverse, others, rows))


def _take_out(inverse: FloatArray, others: IntArray, rows: IntArray) -> FloatArray:
    from scipy.linalg import cholesky, solve_triangular  # noqa: PLC0415  idle runs do without it

    factor = cholesky(inverse[np.ix_(others, others)], lower=True)
    across: FloatArray = solve_triangular(factor, inverse[np.ix_(others, rows)], lower=True)
    return across


def solve(inverse: Inverse, targets: FloatArray) -> FloatArray:
    """Give the weight of each excerpt's likeness in the score of each code, (n, n_codes)."""
    return inverse.multiply(targets.astype(np.float32))


def score(kernel: FloatArray, weights: FloatArray) -> FloatArray:
    """Score excerpts, (n, n_codes), from their likeness to those learnt from, (n, n_learnt)."""
    scores: FloatArray = kernel @ weights + BIAS * weights.sum(axis=0)
    return scores


def hold_out(inverse: Inverse, targets: FloatArray, folds: IntArray) -> FloatArray:
    """Score each fold by what the others alone teach, (n, n_codes), without fitting again.

    Source: for a linear smoother the held-out residual is the inverse's block solved against the
    fitted weights; Rifkin & Lippert 2007, Notes on Regularized Least Squares,
    MIT-CSAIL-TR-2007-025.
    """
    weights = solve(inverse, targets)
    scores = np.empty_like(weights)
    for fold in np.unique(folds):
        rows = np.flatnonzero(folds == fold)
        if len(rows) == len(folds):
            # With nobody else to learn from it is 0, not what rounding leaves of it.
            scores[rows] = 0
            continue
        scores[rows] = targets[rows] - _solve(inverse.take_block(rows), weights[rows])
    return scores


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415  an idle run starts without it

    solution: FloatArray = cho_solve(cho_factor(matrix, lower=True), right)
    return solution


def _mirror(lower: NDArray[np.float32]) -> None:
    size = 2_000
    for start in range(0, len(lower), size):
        end = start + size
        lower[start:end, end:] = lower[end:, start:end].T
        block = lower[start:end, start:end]
        block[...] = np.tril(block) + np.tril(block, -1).T
