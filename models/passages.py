"""Excerpts as arrays: what proposers are fitted to and asked about."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.vectors import FloatArray

IntArray = NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True)
class Passages:
    """The excerpts of whole interviews, each interview's together and in transcript order.

    Whole interviews, coded or not: what stands before and after an excerpt says much about it.

    vectors: (n_excerpts, dim) float32, rows of length 1.
    interviews: (n_excerpts,) number of the interview that each is of.
    roles: (n_excerpts,) number of the role that most of each was said in; NOBODY where unknown.
    """

    texts: tuple[str, ...]
    vectors: FloatArray
    interviews: IntArray
    roles: IntArray

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: IntArray) -> "Passages":
        """Take the excerpts of some interviews, all of each."""
        return Passages(
            tuple(self.texts[row] for row in rows),
            self.vectors[rows],
            self.interviews[rows],
            self.roles[rows],
        )
