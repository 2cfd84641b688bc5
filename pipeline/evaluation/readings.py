"""Lays codings out as readings of the same excerpts: who gave what where, blind or assisted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray, Readings
from pipeline.evaluation.material import (
    InterviewMaterial,
    Material,
    list_units,
    mark_suggested,
)
from study.coded_work import FinishedWork
from study.labels import match_spans
from study.records import Span

Floats = NDArray[np.float64]
ListUnits = Callable[[InterviewMaterial], list[Span]]


@dataclass(frozen=True)
class Unit:
    """Where a row of the readings stands: the place of its interview, its span, its excerpt.

    excerpt_id, label: Of the excerpt with this span; 0 and empty where there is none.
    """

    interview: int
    span: Span
    excerpt_id: int = 0
    label: str = ""


@dataclass(frozen=True)
class LaidOut:
    """Readings of the same units by people, with what the machine gave.

    machine: (n_units, n_codes) by one model version for each interview.
    is_known: (n_units, n_codes) whether that version knew the code.
    """

    units: tuple[Unit, ...]
    readings: Readings
    machine: BoolArray
    is_known: BoolArray

    @property
    def judged_by_both(self) -> Readings:
        """The readings without codes that the machine did not know: it has not left them off."""
        given = np.where(self.is_known, self.readings.given, np.nan)
        return replace(self.readings, given=given)

    def take(self, rows: BoolArray) -> "LaidOut":
        """Take some of the units."""
        numbers = np.flatnonzero(rows)
        return LaidOut(
            tuple(self.units[row] for row in numbers),
            self.readings.take(numbers),
            self.machine[numbers],
            self.is_known[numbers],
        )


def is_blind(_: InterviewMaterial, work: FinishedWork) -> bool:
    """Tell whether work may count in the headline: read blind, and not because a coder chose to.

    Excerpts that no draw picked can be finished while others are still owed blind. Whoever does so
    chooses them, and what was drawn stands for the whole interview already.
    """
    is_chosen = work.draw_rate is not None and not work.is_drawn and not work.is_whole
    return not work.is_assisted and not is_chosen


def is_assisted(_: InterviewMaterial, work: FinishedWork) -> bool:
    """Tell whether work was done with suggestions on the screen, and not after a blind reading."""
    return work.is_assisted and not work.is_drawn


def headline_model(interview: InterviewMaterial) -> int | None:
    """Give the model version that the headline is about."""
    return interview.headline


def lay_out(
    material: Material,
    *,
    list_units: ListUnits = list_units,
    model_of: Callable[[InterviewMaterial], int | None] = headline_model,
) -> LaidOut:
    """Lay out finished work on units, over the interviews for which there is a model version.

    Args:
        list_units: Cuts an interview into units; as a rule into the study's excerpts.
        model_of: The model version that stands for the machine in an interview; None leaves it out.
    """
    columns, coders = material.columns, material.coders
    units: list[Unit] = []
    blocks: list[tuple[Floats, Floats, BoolArray, BoolArray]] = []
    for place, interview in enumerate(material.interviews):
        model_id = model_of(interview)
        if model_id is None or not interview.work:
            continue
        spans = list_units(interview)
        given, weights = rate_units(spans, interview.work, coders=coders, columns=columns)
        is_known = np.tile(np.array(material.list_known(model_id), dtype=np.bool_), (len(spans), 1))
        marked = mark_suggested(interview, model_id, spans, columns)
        blocks.append((given, weights, marked, is_known))
        known = {excerpt.span: (excerpt.id, excerpt.label) for excerpt in interview.excerpts}
        units += [Unit(place, span, *known.get(span, (0, ""))) for span in spans]
    shape = (len(coders), 0, len(columns))
    nothing = np.zeros(shape[1:], dtype=np.bool_)
    empty = (np.zeros(shape), np.zeros(shape[:2]), nothing, nothing)
    given, weights, machine, is_known = (
        np.concatenate(part, axis=axis)
        for part, axis in zip(zip(empty, *blocks, strict=True), (1, 1, 0, 0), strict=True)
    )
    places = np.array([unit.interview for unit in units], dtype=np.int64)
    participants = _number(interview.case.participant for interview in material.interviews)
    readings = Readings(given, weights, number_groups(material)[places], participants[places])
    laid_out = LaidOut(tuple(units), readings, machine, is_known)
    is_read: BoolArray = np.any(readings.is_read, axis=0)
    return laid_out.take(is_read)


def read_text(material: Material, unit: Unit) -> str:
    """Give a unit's words."""
    text = material.interviews[unit.interview].transcript.text
    return text[unit.span.start_char : unit.span.end_char]


def number_groups(material: Material) -> NDArray[np.int64]:
    """Number the group of each interview, over the whole study: layouts are resampled together."""
    return _number(interview.case.group for interview in material.interviews)


def rate_units(
    units: Sequence[Span],
    work: Sequence[FinishedWork],
    *,
    coders: Sequence[str],
    columns: dict[int, int],
) -> tuple[Floats, Floats]:
    """Turn finished work into ratings of units by the rule of `study.labels`.

    Args:
        columns: The place of each code, by its row.

    Returns:
        (n_coders, n_units, n_codes): 1 given, 0 not, nan not judged; (n_coders, n_units) weights.
    """
    ratings = np.full((len(coders), len(units), len(columns)), np.nan)
    weights = np.ones((len(coders), len(units)))
    placed = match_spans(units, [each.span for each in work])
    # A code that came into the codebook later was not judged absent.
    places = {
        judged: [place for code_id, place in columns.items() if code_id in judged]
        for judged in {each.judged for each in work}
    }
    for rows, each in zip(placed, work, strict=True):
        coder = coders.index(each.coder)
        ratings[coder][np.ix_(rows, places[each.judged])] = 0
        weights[coder, rows] = each.weight
    for rows, each in zip(placed, work, strict=True):
        # A code of an earlier codebook version has no place any more.
        given = [columns[code_id] for code_id in each.given if code_id in columns]
        ratings[coders.index(each.coder)][np.ix_(rows, given)] = 1
    return ratings, weights


def _number(names: Iterable[str]) -> NDArray[np.int64]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
