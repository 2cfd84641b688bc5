"""Reads the times in the cells of a table, in the unit that its columns show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from statistics import median

from pipeline.transcripts.table_columns import Columns
from pipeline.transcripts.table_rows import Row
from pipeline.transcripts.timecodes import read_ms

# Nobody speaks for so many seconds a row, all along: Whisper's .tsv counts milliseconds.
_LONGEST_SECONDS = 400
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Times:
    """How many milliseconds a bare number counts, and what to tell about that."""

    unit_ms: int
    notes: tuple[str, ...]

    def read(self, row: Row, column: int | None, *, in_ms: bool) -> int | None:
        """Read a cell; in_ms says that its header names milliseconds."""
        if column is None or column >= len(row.cells):
            return None
        value = row.cells[column]
        if isinstance(value, timedelta):
            return round(value.total_seconds() * 1000)
        if isinstance(value, datetime | time):
            whole = (value.hour * 60 + value.minute) * 60 + value.second
            return whole * 1000 + value.microsecond // 1000
        number = _number(value)
        if number is None:
            return read_ms(_shown(value))
        return round(number * (1 if in_ms else self.unit_ms)) if 0 <= number < 1e9 else None


def find_times(rows: Sequence[Row], columns: Columns) -> Times:
    """Find the unit of bare numbers: seconds, but where they cannot be."""
    starts = _column(rows, columns.start)
    ends = _column(rows, columns.end)
    numbers = [number for cell in starts if (number := _number(cell)) is not None]
    if not numbers or columns.start_in_ms:
        return Times(1000, ())
    is_fraction = all(isinstance(cell, float) and 0 <= cell < 1 for cell in starts if cell)
    if is_fraction and len(numbers) > 1 and numbers == sorted(numbers) and numbers[-1] > 0:
        return Times(_DAY_MS, ("the times are parts of a day, as Excel counts them",))
    is_whole = all(number.is_integer() for number in numbers)
    if is_whole and _typical_length(numbers, ends) >= _LONGEST_SECONDS:
        return Times(1, ("the times are whole numbers too big for seconds: read as milliseconds",))
    return Times(1000, ())


def _typical_length(starts: Sequence[float], ends: Sequence[object]) -> float:
    stops = [number for cell in ends if (number := _number(cell)) is not None]
    if len(stops) == len(starts):
        return median(stop - start for start, stop in zip(starts, stops, strict=True))
    lengths = [after - before for before, after in pairwise(starts)]
    return median(lengths) if lengths else 0


def _column(rows: Sequence[Row], column: int | None) -> list[object]:
    if column is None:
        return []
    return [row.cells[column] for row in rows if column < len(row.cells)]


def _shown(value: object) -> str:
    return str(value).strip().strip("[]()#")


def _number(value: object) -> float | None:
    if isinstance(value, bool | datetime | time | timedelta):
        return None
    try:
        return float(_shown(value).replace(",", "."))
    except ValueError:
        return None
