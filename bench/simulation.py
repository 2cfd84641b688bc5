"""Invented studies to try figures on: interviews, blind draws, and readers with known errors."""

import hashlib
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits  # ships no types

from bench.terminal import Report
from models.agreement.coefficients import Floats
from models.agreement.plain import BoolArray
from models.agreement.tables import IntArray
from study.draws import draw_excerpts
from study.settings import make_settings

# Excerpts of an interview: as many as an hour of talk gives at the default size.
SHORTEST, LONGEST = 80, 180
RUN_LENGTH = make_settings({}).blind_run_excerpts

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Interviews:
    """The excerpts of an invented study, one interview per participant, in transcript order.

    participants: (n_excerpts,) number of the participant.
    is_drawn: (n_excerpts,) whether the excerpt was drawn to be coded blind.
    """

    participants: IntArray
    is_drawn: BoolArray


@dataclass(frozen=True)
class Reader:
    """A coder or a machine; what is right is known in a simulation, and nowhere else.

    recall: Share of the excerpts with a code that get it.
    precision: Share of the excerpts that get a code that have it.
    """

    recall: float
    precision: float

    def chances(self, prevalences: Floats) -> Floats:
        """Give (2, n_codes) chances that a code is given where it is absent, and where present."""
        given_wrongly = prevalences * self.recall * (1 - self.precision) / self.precision
        present = np.full_like(prevalences, self.recall)
        return np.stack([given_wrongly / (1 - prevalences), present])


def lay_out(rng: np.random.Generator, n_participants: int, *, rate: float) -> Interviews:
    """Invent interviews, and draw as the product draws."""
    lengths = rng.integers(SHORTEST, LONGEST, size=n_participants, endpoint=True)
    is_drawn = draw_blind(rng, lengths, rate=rate)
    return Interviews(np.repeat(np.arange(n_participants), lengths), is_drawn)


def draw_blind(rng: np.random.Generator, lengths: IntArray, *, rate: float) -> BoolArray:
    """Draw the blind excerpts of interviews of these lengths as the product draws them, (n,)."""
    keyed_hash = partial(_hash, rng.bytes(16))
    drawn = [
        draw_excerpts(keyed_hash, str(number), int(length), rate=rate, run_length=RUN_LENGTH)
        for number, length in enumerate(lengths)
    ]
    return np.concatenate(drawn)


def vary(rng: np.random.Generator, means: Floats, icc: float, n_groups: int) -> Floats:
    """Draw for each group chances around their means, (n_groups, *means.shape).

    Args:
        icc: Intra-class correlation of what happens by these chances: they are beta-distributed.
    """
    shape = (n_groups, *means.shape)
    if not icc:
        return np.broadcast_to(means, shape)
    spread = (1 - icc) / icc
    return rng.beta(np.broadcast_to(means * spread, shape), (1 - means) * spread)


def give(rng: np.random.Generator, truth: BoolArray, chances: Floats) -> BoolArray:
    """Let a reader give codes.

    Args:
        truth: (n_excerpts, n_codes) whether the code is there.
        chances: (2, n_excerpts or 1, n_codes) chances where it is absent, and where present.
    """
    given: BoolArray = rng.random(truth.shape) < np.where(truth, chances[1], chances[0])
    return given


def replicate(
    work: Callable[[Item], Result], items: Sequence[Item], *, what: str, jobs: int, report: Report
) -> list[Result]:
    """Do a piece of work for each item, in their order; it may depend on nothing but its item.

    Args:
        jobs: How many processes share the work; with 1 it is done in this one.
    """
    # The arrays are small: threads of the linear algebra would only wait for one another.
    if jobs == 1:
        with threadpool_limits(1):
            return _collect(map(work, items), len(items), what, report)
    # Not forked: a process whose libraries have threads cannot be copied safely.
    context: Any = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, threadpool_limits, (1,)) as pool:
        results = pool.map(work, items, chunksize=max(1, min(20, len(items) // (4 * jobs))))
        return _collect(results, len(items), what, report)


def ratio_and_error(tops: Floats, bottoms: Floats | IntArray) -> tuple[float, float] | None:
    """Give the ratio of two sums over replications, and its Monte Carlo standard error.

    A mean where each bottom is 1. Replications are independent; what is in one need not be.
    None where there is nothing to divide by.
    """
    if not bottoms.sum():
        return None
    ratio = float(tops.sum() / bottoms.sum())
    return ratio, float(np.sqrt(((tops - ratio * bottoms) ** 2).sum()) / bottoms.sum())


def _hash(key: bytes, text: str) -> str:
    return hashlib.sha256(key + text.encode()).hexdigest()


def _collect(results: Iterable[Result], n: int, what: str, report: Report) -> list[Result]:
    collected = []
    for result in results:
        collected.append(result)
        report(what, len(collected), n)
    return collected
