"""What the product's figures make of an invented study whose coder is helped and swayed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.assisted_coder import (
    ACCURACIES,
    N_PARTICIPANTS,
    SHARES,
    Strengths,
    Study,
    invent_study,
    look_both_ways,
    show_suggestions,
    true_effect,
)
from models.agreement import coefficients
from models.agreement.assistance import Choices, measure_shown_effect
from models.agreement.coefficients import Floats
from models.agreement.figures import WITH_MACHINE, compare
from models.agreement.plain import BoolArray
from models.agreement.tables import Readings, tabulate_machine
from models.intervals import Estimate

GRID = (
    Strengths(0.0, 0.0),
    Strengths(0.3, 0.0),
    Strengths(0.0, 0.3),
    Strengths(0.3, 0.3),
    Strengths(0.6, 0.3),
    Strengths(0.6, 0.3, 0.2, 0.2),
    Strengths(0.9, 0.9, 0.5, 0.5),
)
# On these, independent coders of every accuracy are tried.
USUAL, USUAL_ACCURACY = Strengths(0.6, 0.3), 0.8
AGREEMENT: Mapping[str, Callable[[Floats], Floats]] = {
    "agreement": coefficients.percent_agreement,
    "kappa": coefficients.kappa,
    "precision": coefficients.precision,
}


@dataclass(frozen=True)
class Effort:
    """How much is drawn and computed, and from which seed."""

    rate: float
    n_resamples: int
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What one study gives; nan where the product tells nothing.

    agreement: (n_strengths, 3, 4) agreement, kappa and precision: of the blind excerpts, of the
        assisted, and of everything, coded alone and coded with suggestions.
    split: (n_strengths, n_figures, 4) measured, of every excerpt both ways, and whether the BCa and
        the jackknife interval hold the population's.
    attenuated: (n_accuracies, 2, 2) found and swayed by suggesting: measured, and both ways.
    """

    agreement: Floats
    split: Floats
    attenuated: Floats


def measure_study(effort: Effort, number: int) -> Outcome:
    """Invent one study, and measure it under every strength."""
    rng = np.random.default_rng([effort.seed, number])
    study = invent_study(rng, rate=effort.rate, n_participants=N_PARTICIPANTS)
    shown = [show_suggestions(study, strengths) for strengths in GRID]
    seed = int(rng.integers(1 << 31))
    split = partial(_measure_split, study, effort, seed)
    usual = show_suggestions(study, USUAL)
    return Outcome(
        np.stack([_measure_agreement(study, each, effort.rate) for each in shown]),
        np.stack([split(each, strengths) for each, strengths in zip(shown, GRID, strict=True)]),
        np.stack([_measure_shares(study, usual, each, effort.rate) for each in ACCURACIES]),
    )


def _measure_agreement(study: Study, shown: BoolArray, rate: float) -> Floats:
    is_drawn = study.interviews.is_drawn
    blind = _tell(study, study.alone, is_drawn, 1 / rate)
    assisted = _tell(study, shown, ~is_drawn, 1 / (1 - rate))
    alone, always_shown = (
        np.stack([figure(_tabulate(given, study.suggested)) for figure in AGREEMENT.values()])
        for given in (study.alone, shown)
    )
    measured = np.stack([blind, assisted, alone, always_shown], axis=-1)
    # All over the same codes: those that the product tells of the blind excerpts.
    told = ~np.isnan(measured).any(axis=(0, 2))
    return measured[:, told].mean(axis=1) if told.any() else np.full((len(AGREEMENT), 4), np.nan)


def _tell(study: Study, given: BoolArray, rows: BoolArray, weight: float) -> Floats:
    """Measure as the product does, (n_figures, n_codes)."""
    people = study.interviews.participants[rows]
    weights = np.full((1, len(people)), weight)
    readings = Readings(given[None, rows].astype(np.float64), weights, people, people)
    names = {name: WITH_MACHINE[name] for name in AGREEMENT}
    tables = tabulate_machine(readings, study.suggested[rows])
    compared = compare(tables, names, n_resamples=1)
    values = [[_number(code.figures[name].value) for code in compared.codes] for name in AGREEMENT]
    return np.array(values)


def _tabulate(given: BoolArray, suggested: BoolArray) -> Floats:
    sides = np.stack([~given, given]), np.stack([~suggested, suggested])
    table: Floats = np.einsum("ink,jnk->kij", *(side.astype(np.float64) for side in sides))
    return table


def _measure_split(
    study: Study, effort: Effort, seed: int, shown: BoolArray, strengths: Strengths
) -> Floats:
    choices = _list_choices(study, shown, USUAL_ACCURACY, effort.rate)
    effect = measure_shown_effect(choices, seed=seed, n_resamples=effort.n_resamples)
    both_ways = look_both_ways(study, shown, study.independent[USUAL_ACCURACY])
    truth = true_effect(strengths, USUAL_ACCURACY)
    return np.array(
        [
            [_number(each.value), both_ways[name], *_look(each, truth[name])]
            for name, each in effect.figures.items()
        ]
    )


def _measure_shares(study: Study, shown: BoolArray, accuracy: float, rate: float) -> Floats:
    choices = _list_choices(study, shown, accuracy, rate)
    effect = measure_shown_effect(choices, n_resamples=1)
    both_ways = look_both_ways(study, shown, study.independent[accuracy])
    names = SHARES.values()
    return np.array([[_number(effect.figures[name].value), both_ways[name]] for name in names])


def _list_choices(study: Study, shown: BoolArray, accuracy: float, rate: float) -> Choices:
    is_drawn = study.interviews.is_drawn
    return Choices(
        is_shown=~is_drawn,
        weights=np.where(is_drawn, 1 / rate, 1 / (1 - rate)),
        groups=study.interviews.participants,
        suggested=study.suggested,
        independent=study.independent[accuracy],
        given=np.where(is_drawn[:, None], study.alone, shown),
        is_judged=np.ones_like(shown),
    )


def _look(estimate: Estimate, truth: float) -> list[float]:
    intervals = (estimate.bca, estimate.jackknife_t)
    return [float(each.low <= truth <= each.high) if each else np.nan for each in intervals]


def _number(value: float | None) -> float:
    return np.nan if value is None else value
