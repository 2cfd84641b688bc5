"""Coefficients of agreement from tables of two readings; undefined ones are nan in the arrays.

A table is (..., 2, 2): weights of the excerpts by what one reading says (first axis; 1 given) and
the other (second). Tables add up over excerpts, so that a group can be counted as often as a
resample draws it; scikit-learn and krippendorff cannot do that, and check these in the tests.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


def percent_agreement(table: Floats) -> Floats:
    """Give the share of excerpts on which the readings say the same."""
    return _divide(_agreed(table), _total(table))


def positive_agreement(table: Floats) -> Floats:
    """Give how often one gives a code that the other gave.

    Source: Cicchetti and Feinstein 1990, doi:10.1016/0895-4356(90)90159-M.
    """
    given = 2 * table[..., 1, 1]
    return _divide(given, given + table[..., 0, 1] + table[..., 1, 0])


def negative_agreement(table: Floats) -> Floats:
    """Give how often one leaves off a code that the other left off.

    Source: Cicchetti and Feinstein 1990, doi:10.1016/0895-4356(90)90159-M.
    """
    return positive_agreement(table[..., ::-1, ::-1])


def prevalence(table: Floats) -> Floats:
    """Give the share of excerpts with the code, the mean of both readings."""
    given = table[..., 1, 1] + (table[..., 0, 1] + table[..., 1, 0]) / 2
    return _divide(given, _total(table))


def share_given(table: Floats) -> Floats:
    """Give the share of excerpts to which the first reading gives the code."""
    return _divide(table[..., 1, :].sum(axis=-1), _total(table))


def kappa(table: Floats) -> Floats:
    """Give Cohen's kappa.

    Source: Cohen 1960, doi:10.1177/001316446002000104.
    """
    return _beyond(percent_agreement(table), _expected(table))


def beyond_chance(table: Floats) -> Floats:
    """Give how many excerpts chance leaves two readings to agree on; what kappa is a share of."""
    total = _total(table)
    left: Floats = total * (1 - _expected(table))
    return np.where(left > 1e-12 * total, left, 0)


def ac1(table: Floats) -> Floats:
    """Give Gwet's AC1, which does not fall where a code is rare.

    It stays near 1 there even if readings never find the code in the same excerpt: positive
    agreement says whether they do.

    Source: Gwet 2008, doi:10.1348/000711006X126600.
    """
    share = prevalence(table)
    return _beyond(percent_agreement(table), 2 * share * (1 - share))


def alpha(table: Floats) -> Floats:
    """Give Krippendorff's nominal alpha; the table holds coincidences of pairs of readings.

    A pair of readings counts 1 / (readings of the excerpt - 1); with two readings it counts 1.

    Source: Krippendorff 2019, Content Analysis, chapter 12.
    """
    differing = table[..., 0, 1] + table[..., 1, 0]
    n_given = 2 * table[..., 1, 1] + differing
    n_left_off = 2 * table[..., 0, 0] + differing
    expected = n_given * n_left_off
    return 1 - _divide((n_given + n_left_off - 1) * differing, expected)


def precision(table: Floats) -> Floats:
    """Give the share of what the other reading gives that the first gives too."""
    return _divide(table[..., 1, 1], table[..., :, 1].sum(axis=-1))


def recall(table: Floats) -> Floats:
    """Give the share of what the first reading gives that the other gives too."""
    return _divide(table[..., 1, 1], table[..., 1, :].sum(axis=-1))


def _expected(table: Floats) -> Floats:
    one, other = table.sum(axis=-1), table.sum(axis=-2)
    return _divide((one * other).sum(axis=-1), _total(table) ** 2)


def _agreed(table: Floats) -> Floats:
    agreed: Floats = table[..., 0, 0] + table[..., 1, 1]
    return agreed


def _total(table: Floats) -> Floats:
    total: Floats = table.sum(axis=(-1, -2))
    return total


def _beyond(observed: Floats, expected: Floats) -> Floats:
    # Where chance alone makes all agree there is nothing to measure, but for rounding.
    return _divide(observed - expected, np.where(expected > 1 - 1e-12, 0, 1 - expected))


def _divide(one: Floats, other: Floats) -> Floats:
    quotient: Floats = np.full(np.broadcast(one, other).shape, np.nan)
    np.divide(one, other, out=quotient, where=other != 0)
    return quotient
