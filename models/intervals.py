"""Intervals by resampling whole groups: excerpts of one family resemble one another."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
# What a figure is when each group counts so often: (n_resamples, n_groups) -> (n_resamples,).
Statistic: TypeAlias = Callable[[Floats], Floats]

FEWEST_GROUPS = 8
N_RESAMPLES = 2000
SEED = 20261124
LEVEL = 0.95
# Where more resamples than this share leave a figure undefined, the rest say too little of it.
MOST_UNDEFINED = 0.1


@dataclass(frozen=True)
class Interval:
    """The bounds of a 95% interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """A figure with how sure it is.

    value: None where the figure is undefined or withheld; `note` says why.
    n_groups: How many groups (families, else participants) it rests on.
    bca: Bias-corrected and accelerated bootstrap interval over groups.
    jackknife_t: Interval from leaving out each group in turn, with Student's t.
    note: Why there is no value, or no interval; empty where there are both.
    """

    value: float | None
    n_groups: int
    bca: Interval | None = None
    jackknife_t: Interval | None = None
    note: str = ""


def estimate(
    statistic: Statistic,
    has_data: NDArray[np.bool_],
    *,
    bounds: tuple[float, float] = (-1.0, 1.0),
    seed: int = SEED,
    n_resamples: int = N_RESAMPLES,
) -> Estimate:
    """Estimate a figure and its intervals.

    Args:
        statistic: The figure for each row of group counts; nan where it is undefined.
        has_data: (n_groups,) which groups the figure rests on; only these are resampled.
        bounds: The lowest and highest value that the figure can have.

    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 11 and 14;
    Field and Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x, on resampling clusters.
    """
    there = np.flatnonzero(has_data)
    n_groups = len(there)
    everything = np.zeros((1, len(has_data)))
    everything[0, there] = 1
    value = float(statistic(everything)[0])
    if np.isnan(value):
        # Not always everybody: precision, say, is undefined where the machine never gave a code.
        note = "undefined: nothing to divide by, as where everybody said the same of every excerpt"
        return Estimate(None, n_groups, note=note)
    if n_groups < FEWEST_GROUPS:
        note = f"no interval: {n_groups} groups, {FEWEST_GROUPS} are needed"
        return Estimate(value, n_groups, note=note)
    left_out = statistic(everything - np.eye(len(has_data))[there])
    resampled = statistic(_resample(there, len(has_data), seed=seed, n_resamples=n_resamples))
    if np.isnan(left_out).any() or np.isnan(resampled).mean() > MOST_UNDEFINED:
        note = "no interval: without some groups the figure is undefined"
        return Estimate(value, n_groups, note=note)
    if np.ptp(left_out) < 1e-12:
        note = "no interval: leaving out any group changes nothing"
        return Estimate(value, n_groups, note=note)
    return Estimate(
        value,
        n_groups,
        bca=_clip(bca_interval(value, resampled[~np.isnan(resampled)], left_out), bounds),
        jackknife_t=_clip(jackknife_t_interval(value, left_out), bounds),
    )


def bca_interval(value: float, resampled: Floats, left_out: Floats) -> Interval:
    """Give the bias-corrected and accelerated interval of a figure.

    Args:
        value: The figure over all groups.
        resampled: (n_resamples,) the figure of each resample.
        left_out: (n_groups,) the figure without each group.

    Source: Efron 1987, doi:10.1080/01621459.1987.10478410.
    """
    from scipy.stats import norm  # noqa: PLC0415  an idle run starts without it

    n_below = (resampled < value).sum() + (resampled == value).sum() / 2
    # A figure at the end of all resamples would shift the interval without bound.
    n_within = np.clip(n_below, 0.5, len(resampled) - 0.5)
    shift = norm.ppf(n_within / len(resampled))
    pulls = left_out.mean() - left_out
    acceleration = (pulls**3).sum() / (6 * (pulls**2).sum() ** 1.5)
    tails = norm.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    shifted = shift + (shift + tails) / (1 - acceleration * (shift + tails))
    low, high = np.quantile(resampled, norm.cdf(shifted))
    return Interval(float(low), float(high))


def jackknife_t_interval(value: float, left_out: Floats) -> Interval:
    """Give the interval that Student's t makes of the jackknife's standard error.

    Args:
        value: The figure over all groups.
        left_out: (n_groups,) the figure without each group.

    Source: Efron and Tibshirani 1993, chapter 11.
    """
    from scipy.stats import t  # noqa: PLC0415  an idle run starts without it

    n_groups = len(left_out)
    spread = ((left_out - left_out.mean()) ** 2).sum()
    half = t.ppf((1 + LEVEL) / 2, n_groups - 1) * np.sqrt((n_groups - 1) / n_groups * spread)
    return Interval(float(value - half), float(value + half))


def _resample(there: NDArray[np.int64], n_groups: int, *, seed: int, n_resamples: int) -> Floats:
    counts = np.zeros((n_resamples, n_groups))
    counts[:, there] = _draw_counts(len(there), seed, n_resamples)
    return counts


@lru_cache(maxsize=8)
def _draw_counts(n_groups: int, seed: int, n_resamples: int) -> NDArray[np.int64]:
    """Draw how often each group is taken; hundreds of figures are resampled alike."""
    drawn = np.random.default_rng(seed).multinomial(
        n_groups, np.full(n_groups, 1 / n_groups), size=n_resamples
    )
    drawn.setflags(write=False)
    return drawn


def _clip(interval: Interval, bounds: tuple[float, float]) -> Interval:
    return Interval(max(bounds[0], interval.low), min(bounds[1], interval.high))
