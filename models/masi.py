"""How far apart two sets of codes are."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = NDArray[np.integer[Any]] | NDArray[np.floating[Any]]

# Where one set holds the other, and where they only overlap.
SUBSET, OVERLAP = 2 / 3, 1 / 3


def masi_from_counts(n_one: Counts, n_other: Counts, n_both: Counts) -> NDArray[np.float64]:
    """Give the MASI distance of sets by the number of their members, 0 to 1.

    1 - overlap x monotonicity: 1 where they are equal, 2/3 where one holds the other, 1/3 where
    they overlap. Two empty sets are equal; sets that share nothing are 1 apart.

    Source: Passonneau 2006, Measuring agreement on set-valued items (MASI), LREC.
    """
    n_either = n_one + n_other - n_both
    is_within = n_both == np.minimum(n_one, n_other)
    monotonicity = np.where(is_within, SUBSET, OVERLAP)
    distances = 1 - monotonicity * n_both / np.maximum(n_either, 1)
    return np.where(n_both == n_either, 0, distances)
