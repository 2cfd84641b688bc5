"""The intervals of those who take excerpts for independent, for comparison."""

import numpy as np

from bench.two_coders import COEFFICIENTS
from models.agreement.coefficients import Floats
from models.intervals import Interval, bca_interval


def naive_intervals(
    name: str, table: Floats, rng: np.random.Generator, n_resamples: int
) -> dict[str, Interval]:
    """Give the intervals of those who take excerpts for independent.

    Args:
        table: (2, 2) excerpts by what two coders gave.

    Source: for kappa, asymptotic is the formula of Fleiss, Cohen and Everitt 1969,
    doi:10.1037/h0028106.
    """
    coefficient, cells, units = COEFFICIENTS[name], table.reshape(4), np.eye(4).reshape(4, 2, 2)
    value, n = float(coefficient(table)), cells.sum()
    drawn = rng.multinomial(round(n), cells / n, size=n_resamples).reshape(-1, 2, 2)
    resampled = coefficient(drawn.astype(np.float64))
    left_out = np.repeat(coefficient(table - units), np.rint(cells).astype(int))
    step = 1e-3 * units
    slopes = (coefficient(table + step) - coefficient(table - step)) / 2e-3
    half = 1.96 * np.sqrt(max(0.0, cells @ slopes**2 - (cells @ slopes) ** 2 / n))
    return {
        "rows": bca_interval(value, resampled[~np.isnan(resampled)], left_out),
        "asymptotic": Interval(max(-1.0, value - half), min(1.0, value + half)),
    }
