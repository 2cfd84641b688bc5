"""Lays out the forest plot: one row for each code, machine and people on one axis of kappa."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.intervals import Interval
from pipeline.evaluation.listing import MACHINE, PEOPLE
from pipeline.evaluation.records import Evaluation
from pipeline.evaluation.report.cells import MINUS, TOO_FEW, Cell, Figures, letter_notes

# In the pixels of the drawing. The numbers at the ends of the axis need room.
WIDTH, EDGE = 300, 14
# As a rule the axis begins here; kappa ends at 1.
USUAL_START, END, STEP = -0.2, 1.0, 0.2


@dataclass(frozen=True)
class Bar:
    """One figure on the axis: where its value and the ends of its intervals lie, in pixels."""

    x: float
    bca: tuple[float, float] | None
    jackknife_t: tuple[float, float] | None


@dataclass(frozen=True)
class ForestRow:
    """A code, or the mean over codes; a bar is None where its side tells nothing."""

    key: str
    name: str
    machine: Bar | None
    people: Bar | None
    machine_cell: Cell
    people_cell: Cell | None
    is_mean: bool = False


@dataclass(frozen=True)
class Forest:
    """The whole plot, with its axis.

    ticks: (x, label). zero: Where kappa is 0.
    letters: Of each note but those that are told by its beginning, "too few to tell".
    """

    rows: tuple[ForestRow, ...]
    ticks: tuple[tuple[float, str], ...]
    zero: float
    letters: Mapping[str, str]
    width: int = WIDTH


@dataclass(frozen=True)
class Axis:
    """From where to where kappa is drawn."""

    start: float

    def place(self, value: float) -> float:
        """Say where a value lies, in pixels."""
        share = (value - self.start) / (END - self.start)
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Give the marks of the axis, with what they say."""
        for number in range(round((END - self.start) / STEP) + 1):
            value = self.start + number * STEP
            said = f"{value:.1f}" if round(value, 1) else "0"
            yield self.place(value), said.replace("-", MINUS)


def lay_out_forest(evaluation: Evaluation, figures: Figures) -> Forest:
    """Lay out the codes of which either side tells something, most common first, and the mean."""
    keys = [evaluation.keys[number] for number in told_codes(evaluation)]
    axis = Axis(_find_start(figures, ["", *keys], has_people=bool(evaluation.people)))
    names = dict(zip(evaluation.keys, evaluation.names, strict=True))
    rows = [_lay_out_row(evaluation, figures, axis, key, names[key]) for key in keys]
    rows.sort(key=lambda row: -_prevalence(figures, row))
    mean = _lay_out_row(evaluation, figures, axis, "", "Mean over codes")
    cells = [cell for row in (*rows, mean) for cell in (row.machine_cell, row.people_cell) if cell]
    letters = letter_notes(cell for cell in cells if not cell.note.startswith(TOO_FEW))
    return Forest((*rows, mean), tuple(axis.ticks()), axis.place(0), letters)


def told_codes(evaluation: Evaluation) -> list[int]:
    """List the codes, by number, of which either side tells something."""
    sides = [evaluation.headline, evaluation.people]
    return [
        number
        for number in range(len(evaluation.keys))
        if any(side and side.comparison.codes[number].is_told for side in sides)
    ]


def _lay_out_row(
    evaluation: Evaluation, figures: Figures, axis: Axis, key: str, name: str
) -> ForestRow:
    has_people = evaluation.people is not None
    return ForestRow(
        key=key,
        name=name,
        machine=_lay_out_bar(figures, axis, MACHINE, key),
        people=_lay_out_bar(figures, axis, PEOPLE, key) if has_people else None,
        machine_cell=figures.cell(MACHINE, key, "kappa"),
        people_cell=figures.cell(PEOPLE, key, "kappa") if has_people else None,
        is_mean=not key,
    )


def _lay_out_bar(figures: Figures, axis: Axis, section: str, key: str) -> Bar | None:
    estimate = figures.estimate(section, key, "kappa")
    if estimate.value is None:
        return None
    return Bar(
        axis.place(estimate.value), _ends(axis, estimate.bca), _ends(axis, estimate.jackknife_t)
    )


def _ends(axis: Axis, interval: Interval | None) -> tuple[float, float] | None:
    return (axis.place(interval.low), axis.place(interval.high)) if interval else None


def _prevalence(figures: Figures, row: ForestRow) -> float:
    sides = (MACHINE, PEOPLE) if row.people_cell else (MACHINE,)
    values = (figures.estimate(side, row.key, "prevalence").value for side in sides)
    return next((value for value in values if value is not None), 0.0)


def _find_start(figures: Figures, keys: Iterable[str], *, has_people: bool) -> float:
    """Begin the axis low enough for whatever is drawn."""
    sides = (MACHINE, PEOPLE) if has_people else (MACHINE,)
    lowest = USUAL_START
    for key in keys:
        for side in sides:
            estimate = figures.estimate(side, key, "kappa")
            ends = (i.low for i in (estimate.bca, estimate.jackknife_t) if i)
            value = [] if estimate.value is None else [estimate.value]
            lowest = min(lowest, *value, *ends) if value else lowest
    return -STEP * math.ceil(round(-lowest / STEP, 6))
