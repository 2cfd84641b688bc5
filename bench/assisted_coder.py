"""Invented studies of a coder whom suggestions help and sway, with what showing them truly does."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bench.simulation import Interviews, Reader, give, lay_out, vary
from models.agreement.coefficients import Floats
from models.agreement.plain import BoolArray

N_PARTICIPANTS, ICC = 22, 0.05
PREVALENCES = np.array([0.05, 0.05, 0.1, 0.1, 0.2, 0.2])
# People stay with a subject for a while: how often an excerpt is as the one before it.
COPIED = 0.3
CODER, MACHINE = Reader(0.8, 0.8), Reader(0.7, 0.5)
# Recall and precision of the independent coder; of 1, who only ever gives what is there.
ACCURACIES = (1.0, 0.95, 0.9, 0.8, 0.7)
NAMES = {
    (1, 1): "help_by_suggesting",
    (1, 0): "sway_by_suggesting",
    (0, 0): "help_by_silence",
    (0, 1): "sway_by_silence",
}
SHARES = {(1, 1): "found_by_suggesting", (1, 0): "swayed_by_suggesting"}


@dataclass(frozen=True)
class Strengths:
    """How often a coder who would choose otherwise does as the machine does.

    help, sway: Where it suggests a code, rightly or wrongly.
    silent_help, silent_sway: Where it does not suggest a code, rightly or wrongly.
    """

    help: float
    sway: float
    silent_help: float = 0.0
    silent_sway: float = 0.0

    def chances(self, suggested: int) -> Floats:
        """Give (2, 1) by whether the code is there."""
        by_silence, by_suggesting = (self.silent_help, self.silent_sway), (self.sway, self.help)
        return np.array(by_suggesting if suggested else by_silence)[:, None]


@dataclass(frozen=True)
class Study:
    """An invented study; all arrays but the interviews are (n_excerpts, n_codes).

    alone: What the coder gives where nothing is shown.
    luck: Uniform; the coder does as the machine does where it is below the strength.
    independent: What coders of each accuracy give, who are shown nothing.
    """

    interviews: Interviews
    truth: BoolArray
    suggested: BoolArray
    alone: BoolArray
    luck: Floats
    independent: Mapping[float, BoolArray]


def invent_study(rng: np.random.Generator, *, rate: float, n_participants: int) -> Study:
    """Invent interviews, what is in them, and what everybody gives who is shown nothing."""
    interviews = lay_out(rng, n_participants, rate=rate)
    prevalences = vary(rng, PREVALENCES, ICC, n_participants)[interviews.participants]
    truth = _linger(rng, interviews, rng.random(prevalences.shape) < prevalences)
    suggested, alone, *independent = (
        give(rng, truth, reader.chances(PREVALENCES)[:, None])
        for reader in (MACHINE, CODER, *(Reader(each, each) for each in ACCURACIES))
    )
    return Study(
        interviews,
        truth,
        suggested,
        alone,
        rng.random(truth.shape),
        dict(zip(ACCURACIES, independent, strict=True)),
    )


def show_suggestions(study: Study, strengths: Strengths) -> BoolArray:
    """Give what the coder gives with suggestions on the screen, (n_excerpts, n_codes)."""
    by_silence, by_suggesting = (strengths.chances(suggested)[:, 0] for suggested in (0, 1))
    chances = np.where(study.suggested, by_suggesting[study.truth * 1], by_silence[study.truth * 1])
    return np.where(study.luck < chances, study.suggested, study.alone)


def look_both_ways(study: Study, shown: BoolArray, independent: BoolArray) -> dict[str, float]:
    """Give what showing does in this study, of every excerpt coded alone and with suggestions."""
    figures = {"help": 0.0, "sway": 0.0}
    moved = (shown == study.suggested) * 1.0 - (study.alone == study.suggested)
    for (suggested, given), name in NAMES.items():
        is_kind = (study.suggested == suggested) & (independent == given)
        is_against = is_kind & (study.alone != suggested)
        figures[name] = float(moved[is_kind].sum() / is_kind.sum())
        figures["help" if given == suggested else "sway"] += moved[is_kind].sum() / moved.size
        if suggested:
            figures[SHARES[suggested, given]] = float(moved[is_kind].sum() / is_against.sum())
    return figures


def true_effect(strengths: Strengths, accuracy: float) -> dict[str, float]:
    """Work out what showing does over all excerpts of all participants there could be.

    Args:
        accuracy: Of the independent coder, by whom help is told from sway.
    """
    shares = np.stack([1 - PREVALENCES, PREVALENCES])
    machine, alone, independent = (
        reader.chances(PREVALENCES) for reader in (MACHINE, CODER, Reader(accuracy, accuracy))
    )
    figures = {"help": 0.0, "sway": 0.0}
    for (suggested, given), name in NAMES.items():
        kind = shares * (machine if suggested else 1 - machine)
        kind *= independent if given else 1 - independent
        against = kind * (1 - alone if suggested else alone)
        moved = float((against * strengths.chances(suggested)).sum())
        figures[name] = moved / kind.sum()
        figures["help" if given == suggested else "sway"] += moved / shares.sum()
        if suggested:
            figures[SHARES[suggested, given]] = moved / against.sum()
    return figures


def _linger(rng: np.random.Generator, interviews: Interviews, fresh: BoolArray) -> BoolArray:
    """Let excerpts be as the one before them, within interviews; prevalences stay the same."""
    first = np.flatnonzero(np.diff(interviews.participants, prepend=-1))
    is_copied = rng.random(fresh.shape) < COPIED
    is_copied[first] = False
    rows = np.arange(len(fresh))[:, None]
    source = np.maximum.accumulate(np.where(is_copied, 0, rows), axis=0)
    return np.take_along_axis(fresh, source, axis=0)
