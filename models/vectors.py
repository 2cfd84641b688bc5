"""What an encoder returns: rows of length 1, so that a dot product is a cosine."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Scale rows to length 1; a row of zeros (no known token) gets equal components.

    Args:
        vectors: (n, dim) float32.

    Returns:
        (n, dim) float32, every row finite and of length 1.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions = np.where(lengths > 0, vectors, np.float32(1))
    unit: FloatArray = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    return unit.astype(np.float32, copy=False)


def smallest_cosine(left: FloatArray, right: FloatArray) -> float:
    """Return the lowest cosine between rows in the same place; both are (n, dim), length 1."""
    return float(np.sum(left * right, axis=1, dtype=np.float64).min())
