"""Invented studies of two blind coders and a machine, whose agreement is known beforehand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from bench.simulation import Reader, give, lay_out, vary
from models.agreement import coefficients
from models.agreement.coefficients import Floats
from models.agreement.plain import BoolArray
from models.agreement.tables import Readings

PREVALENCES = (0.01, 0.02, 0.05, 0.1, 0.2)
CODES = np.array(PREVALENCES * 2)
# Of the excerpts, the share that two coders read blind.
RATES = {"drawn": 0.1, "all": 1.0}
# Whose recall and precision are equal gives a code as often as it is there.
CODER, MACHINE = Reader(0.8, 0.8), Reader(0.6, 0.6)
COEFFICIENTS: Mapping[str, Callable[[Floats], Floats]] = {
    "kappa": coefficients.kappa,
    "alpha": coefficients.alpha,
    "ac1": coefficients.ac1,
    "positive_agreement": coefficients.positive_agreement,
}


@dataclass(frozen=True)
class Setting:
    """What kind of study is invented over and over; `icc` is of prevalences and of errors."""

    design: str
    n_participants: int
    icc: float


def invent_study(rng: np.random.Generator, setting: Setting) -> tuple[Readings, BoolArray]:
    """Invent what two coders gave blind, and what the machine gave to the same excerpts."""
    interviews = lay_out(rng, setting.n_participants, rate=RATES[setting.design])
    participants = interviews.participants[interviews.is_drawn]
    prevalences, coders, machine = (
        vary(rng, means, setting.icc, setting.n_participants)[participants]
        for means in (CODES, CODER.chances(CODES), MACHINE.chances(CODES))
    )
    truth = rng.random(prevalences.shape) < prevalences
    # Whoever is hard to read is hard to read for both coders.
    given = np.stack([give(rng, truth, coders.swapaxes(0, 1)) for _ in range(2)])
    weights = np.full(given.shape[:2], 1 / RATES[setting.design])
    readings = Readings(given.astype(np.float64), weights, participants, participants)
    return readings, give(rng, truth, machine.swapaxes(0, 1))


@cache
def true_figure(side: str, name: str, icc: float) -> Floats:
    """Work out a figure of each code over all excerpts of all participants there could be."""
    one = CODER.chances(CODES)
    other = one if side == "coders" else MACHINE.chances(CODES)
    # Two coders share what is hard: the mean of a square is more than the square of the mean.
    both = one * other + (icc * one * (1 - one) if side == "coders" else 0)
    shares = np.stack([1 - CODES, CODES])
    by_one, by_other, by_both = ((shares * chances).sum(axis=0) for chances in (one, other, both))
    cells = [[1 - by_one - by_other + by_both, by_other - by_both], [by_one - by_both, by_both]]
    # As of very many excerpts: alpha's correction for few readings is gone.
    return COEFFICIENTS[name](1e9 * np.moveaxis(np.array(cells), -1, 0))
