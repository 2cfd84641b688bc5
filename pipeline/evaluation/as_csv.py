"""Lays an evaluation out as CSV: one row for each figure, for a spreadsheet or R."""

from collections.abc import Iterator

from models.intervals import Interval
from pipeline.evaluation.listing import Figure, list_figures
from pipeline.evaluation.records import Evaluation
from pipeline.evaluation.rounding import round_figure
from pipeline.transcripts.csv_text import write_csv

HEADER = (
    "section",
    "code",
    "figure",
    "value",
    "bca_low",
    "bca_high",
    "jackknife_low",
    "jackknife_high",
    "n_excerpts",
    "n_groups",
    "note",
)
# With these a spreadsheet takes a cell for a formula, which may send what it holds elsewhere.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def lay_out_csv(evaluation: Evaluation) -> str:
    """Lay every figure out in a row; a cell is empty where there is nothing, `note` says why."""
    rows = (_row(figure) for figure in list_figures(evaluation))
    return write_csv([HEADER, *rows])


def guard_text(text: str) -> str:
    """Keep a spreadsheet from running what somebody wrote: a quote mark makes it plain text."""
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _row(figure: Figure) -> list[object]:
    estimate = figure.estimate
    return [
        *(guard_text(text) for text in figure.place),
        estimate.value if figure.is_count else _number(estimate.value),
        *_bounds(estimate.bca),
        *_bounds(estimate.jackknife_t),
        "" if figure.n_excerpts is None else figure.n_excerpts,
        "" if figure.is_count else estimate.n_groups,
        guard_text(estimate.note),
    ]


def _bounds(interval: Interval | None) -> Iterator[object]:
    bounds = (interval.low, interval.high) if interval else (None, None)
    return (_number(bound) for bound in bounds)


def _number(value: float | None) -> object:
    rounded = round_figure(value)
    return "" if rounded is None else rounded


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
