"""Puts figures into words for the page: each with its interval, or with why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.intervals import Estimate, Interval
from pipeline.evaluation.listing import EFFECT, SPLIT, Figure
from pipeline.evaluation.rounding import round_figure

NONE = "–"
MINUS = "\N{MINUS SIGN}"
# How a note begins that says that a figure would tell too little.
TOO_FEW = "too few to tell"
PERCENT = frozenset({"agreement", "prevalence", "missed", "elusion"})
# Changes, of which it matters whether they are up or down.
SIGNED_SECTIONS, SIGNED = frozenset({EFFECT, SPLIT}), frozenset({"difference"})


@dataclass(frozen=True)
class Cell:
    """One figure in a table.

    value, bca, jackknife_t: In words; empty where there is none.
    note: Why something is missing.
    place: The section, code and figure that name its row in the CSV file.
    """

    value: str
    bca: str
    jackknife_t: str
    note: str
    n_groups: int
    n_excerpts: int | None
    place: str


class Figures:
    """All figures of an evaluation, found by section, code and name and given as cells."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = {figure.place: figure for figure in figures}

    def cell(self, section: str, code: str, name: str) -> Cell:
        """Give a figure in words."""
        return as_cell(self._figures[section, code, name])

    def estimate(self, section: str, code: str, name: str) -> Estimate:
        """Give a figure as it was measured."""
        return self._figures[section, code, name].estimate

    def names(self, section: str) -> list[str]:
        """Name the figures of a section that are about no single code, counts apart."""
        return [
            name
            for (its, code, name), figure in self._figures.items()
            if its == section and not code and not figure.is_count
        ]


def as_cell(figure: Figure) -> Cell:
    """Put a figure into words."""
    estimate = figure.estimate
    return Cell(
        value=say_value(figure, estimate.value),
        bca=_say_interval(figure, estimate.bca),
        jackknife_t=_say_interval(figure, estimate.jackknife_t),
        note=estimate.note,
        n_groups=estimate.n_groups,
        n_excerpts=figure.n_excerpts,
        place=" / ".join(figure.place),
    )


def say_value(figure: Figure, value: float | None) -> str:
    """Say a value with as many digits as are worth reading."""
    rounded = round_figure(value)
    if rounded is None:
        return NONE
    if figure.section in SIGNED_SECTIONS or figure.name in SIGNED:
        said = f"{rounded:+.3f}" if round(rounded, 3) else "0.000"
    elif figure.name in PERCENT:
        said = f"{100 * rounded:.1f}%"
    else:
        said = f"{rounded:.2f}" if round(rounded, 2) else "0.00"
    return said.replace("-", MINUS)


def say_count(n: int) -> str:
    """Say a count with its thousands apart."""
    return f"{n:,}"


def count_of(n: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{say_count(n)} {noun}{'' if n == 1 else 's'}"


def letter_notes(cells: Iterable[Cell]) -> dict[str, str]:
    """Give each different note of a table a letter to stand for it in narrow cells."""
    notes = list(dict.fromkeys(cell.note for cell in cells if cell.note))
    return {note: _letter(number) for number, note in enumerate(notes)}


def _letter(number: int) -> str:
    """Count a, b, …, z, aa, ab, … as spreadsheets do."""
    head, last = divmod(number, 26)
    return (_letter(head - 1) if head else "") + chr(ord("a") + last)


def _say_interval(figure: Figure, interval: Interval | None) -> str:
    if interval is None:
        return ""
    low, high = (say_value(figure, bound).removesuffix("%") for bound in vars(interval).values())
    return f"{low} to {high}"
