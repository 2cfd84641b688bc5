"""What showing suggestions does to coders: towards an independent coder (help), or away (sway)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.agreement.coefficients import Floats
from models.agreement.plain import BoolArray
from models.agreement.tables import IntArray
from models.intervals import N_RESAMPLES, SEED, Estimate, estimate

# The axes of the cells, each 0 or 1.
SHOWN, SUGGESTED, INDEPENDENT, GIVEN = range(1, 5)
FEWEST_CELLS = 10


@dataclass(frozen=True)
class Choices:
    """What coders chose, one row per coder, excerpt and independent coder who read it blind.

    is_shown: (n_rows,) whether the coder had the suggestions on the screen.
    weights: (n_rows,) 1 over the probability that the excerpt was to be coded this way.
    groups: (n_rows,) number of the group (family, else participant).
    suggested, independent, given: (n_rows, n_codes) by the machine, the independent coder and the
        coder. Codes that either coder did not judge are `is_judged` False.
    """

    is_shown: BoolArray
    weights: Floats
    groups: IntArray
    suggested: BoolArray
    independent: BoolArray
    given: BoolArray
    is_judged: BoolArray


@dataclass(frozen=True)
class ShownEffect:
    """How showing suggestions changed what was given, in shares of the choices named.

    help_by_suggesting: More given of what was suggested and the independent coder gave.
    sway_by_suggesting: More given of what was suggested and the independent coder left off.
    help_by_silence: More left off of what was not suggested and the independent coder left off.
    sway_by_silence: More left off of what was not suggested and the independent coder gave.
    found_by_suggesting: help_by_suggesting as a share of what would have been left off unshown.
    swayed_by_suggesting: sway_by_suggesting as a share of what would have been left off unshown.
    help, sway: Change in agreement with the machine, over all choices, where it agrees with the
        independent coder, and where it does not; both together are the whole change.
    n_shown, n_unshown: Rows of each kind: an excerpt counts once per coder and independent coder.
    n_choices: Of each figure's kind, choices with suggestions shown, and without.
    """

    figures: dict[str, Estimate]
    n_shown: int
    n_unshown: int
    n_choices: dict[str, tuple[int, int]]


def measure_shown_effect(
    choices: Choices, *, seed: int = SEED, n_resamples: int = N_RESAMPLES
) -> ShownEffect:
    """Split the effect of showing suggestions into help and sway, over all codes together.

    Both kinds of excerpts were read blind by the independent coder, and of which kind an excerpt
    is was drawn. What differs between them beyond chance is that suggestions were shown, and that
    an interview's drawn excerpts are coded first: what coders learn or tire of on the way is in it.
    Help and sway are relative to the independent coder, who errs, too: they are not the truth, and
    sway is not harm.
    """
    cells, counts = _count_cells(choices)
    has_data = cells.sum(axis=(1, 2, 3, 4)) > 0
    figures = {}
    for name, figure in FIGURES.items():
        note = _tell(name, counts)
        figures[name] = (
            Estimate(None, int(has_data.sum()), note=note)
            if note
            else estimate(
                partial(figure, cells),
                has_data,
                bounds=BOUNDS.get(name, (-1.0, 1.0)),
                seed=seed,
                n_resamples=n_resamples,
            )
        )
    return ShownEffect(
        figures,
        n_shown=int(choices.is_shown.sum()),
        n_unshown=int((~choices.is_shown).sum()),
        n_choices={name: _counts_of(name, counts) for name in FIGURES},
    )


def _count_cells(choices: Choices) -> tuple[Floats, Floats]:
    n_groups = int(choices.groups.max(initial=-1)) + 1
    cells = np.zeros((2, n_groups, 2, 2, 2, 2))
    rows, codes = np.nonzero(choices.is_judged)
    index = (
        choices.groups[rows],
        choices.is_shown[rows].astype(int),
        choices.suggested[rows, codes].astype(int),
        choices.independent[rows, codes].astype(int),
        choices.given[rows, codes].astype(int),
    )
    np.add.at(cells[0], index, choices.weights[rows])
    np.add.at(cells[1], index, 1)
    return cells[0], cells[1].sum(axis=0)


def _rate(cells: Floats, shown: int, suggested: int, independent: int, given: int) -> Floats:
    """Give how often a code was given (or left off) among choices of one kind."""
    kind = cells[:, shown, suggested, independent]
    total = kind.sum(axis=-1)
    rate: Floats = np.full(total.shape, np.nan)
    np.divide(kind[:, given], total, out=rate, where=total > 0)
    return rate


def _change(suggested: int, independent: int, given: int, cells: Floats, counts: Floats) -> Floats:
    weighed = np.tensordot(counts, cells, axes=1)
    change: Floats = _rate(weighed, 1, suggested, independent, given) - _rate(
        weighed, 0, suggested, independent, given
    )
    return change


def _share_of_left_off(independent: int, cells: Floats, counts: Floats) -> Floats:
    weighed = np.tensordot(counts, cells, axes=1)
    unshown = _rate(weighed, 0, 1, independent, 1)
    change = _rate(weighed, 1, 1, independent, 1) - unshown
    share: Floats = np.full(change.shape, np.nan)
    np.divide(change, 1 - unshown, out=share, where=unshown < 1)
    return share


def _towards_machine(is_help: bool, cells: Floats, counts: Floats) -> Floats:
    """Add up the changes where machine and independent coder agree, or where they do not."""
    weighed = np.tensordot(counts, cells, axes=1)
    mix = weighed.sum(axis=(SHOWN, GIVEN))
    mix = mix / np.maximum(mix.sum(axis=(1, 2), keepdims=True), 1e-300)
    total: Floats = np.zeros(len(weighed))
    for suggested in (0, 1):
        independent = suggested if is_help else 1 - suggested
        change = _rate(weighed, 1, suggested, independent, suggested) - _rate(
            weighed, 0, suggested, independent, suggested
        )
        # What never occurs changes nothing.
        share = mix[:, suggested, independent]
        total += np.where(share > 0, share * change, 0)
    return total


# (suggested, independent) of the choices that a figure is about; None: all of them.
KINDS: dict[str, tuple[int, int] | None] = {
    "help_by_suggesting": (1, 1),
    "sway_by_suggesting": (1, 0),
    "help_by_silence": (0, 0),
    "sway_by_silence": (0, 1),
    "found_by_suggesting": (1, 1),
    "swayed_by_suggesting": (1, 0),
    "help": None,
    "sway": None,
}
# More can be left off than would have been unshown, many times over.
BOUNDS = dict.fromkeys(("found_by_suggesting", "swayed_by_suggesting"), (-np.inf, 1.0))
FIGURES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "help_by_suggesting": partial(_change, 1, 1, 1),
    "sway_by_suggesting": partial(_change, 1, 0, 1),
    "help_by_silence": partial(_change, 0, 0, 0),
    "sway_by_silence": partial(_change, 0, 1, 0),
    "found_by_suggesting": partial(_share_of_left_off, 1),
    "swayed_by_suggesting": partial(_share_of_left_off, 0),
    "help": partial(_towards_machine, True),
    "sway": partial(_towards_machine, False),
}


def _counts_of(name: str, counts: Floats) -> tuple[int, int]:
    """Count the choices of a figure's kind, with suggestions shown and without."""
    kind = KINDS[name]
    chosen: NDArray[np.float64] = counts if kind is None else counts[:, kind[0], kind[1]]
    return int(chosen[1].sum()), int(chosen[0].sum())


def _tell(name: str, counts: Floats) -> str:
    n_shown, n_unshown = _counts_of(name, counts)
    if min(n_shown, n_unshown) >= FEWEST_CELLS:
        return ""
    return (
        f"too few to tell: {n_shown} such choices with suggestions shown, {n_unshown} without "
        f"({FEWEST_CELLS} of each are needed)"
    )
