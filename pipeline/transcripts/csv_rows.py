"""Reads the rows of .csv and .tsv, also where double quotes in the words were never doubled."""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from typing import Literal

from pipeline.transcripts.lines import name_places
from pipeline.transcripts.table_columns import find_columns
from pipeline.transcripts.table_rows import HEADER_ROWS, Row, to_names
from study.errors import InputError

_DELIMITERS = ",;\t|"


def find_delimiter(text: str) -> str:
    """Find what parts the columns: what makes a header of the first rows."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    return max(_DELIMITERS, key=lambda mark: _worth(_first_rows(_bare(text), mark)))


def read_csv_rows(text: str, mark: str, name: str) -> tuple[list[Row], list[str]]:
    """Read every row, and say where quotes were found that do not close.

    Raises:
        InputError: A double quote does not close, so that rows would vanish in the text before.
    """
    text = _bare(text)
    rows: list[Row] = []
    try:
        for row in _rows(text, mark, is_strict=True):
            rows.append(row)
    except csv.Error:
        return _read_unquoted(text, mark, name, at=rows[-1].number + 1 if rows else 1)
    swallowed = [f"row {row.number}" for row in rows if _holds_rows(row, mark)]
    if not swallowed:
        return rows, []
    return rows, [f"{name_places(swallowed)}: a quoted text holds lines that look like rows: look"]


def _read_unquoted(text: str, mark: str, name: str, *, at: int) -> tuple[list[Row], list[str]]:
    rows = list(_rows(text, mark, quoting=csv.QUOTE_NONE))
    if len({len(row.cells) for row in rows}) != 1:
        raise InputError(
            [
                f"{name}: row {at}: a double quote in it does not close, or stands within a text. "
                "Put the text in double quotes and double those within it, or leave them out."
            ]
        )
    return rows, [f"row {at}: a double quote does not close: all quotes were kept as they stand"]


def _bare(text: str) -> str:
    # Excel writes "sep=;" above the header where asked to.
    text = text.lstrip("\ufeff")
    return "\n" + text.partition("\n")[2] if text[:4].lower() == "sep=" else text


def _first_rows(text: str, mark: str) -> list[Row]:
    return [row for row, _ in zip(_rows(text, mark), range(HEADER_ROWS), strict=False)]


def _worth(rows: Sequence[Row]) -> tuple[bool, int]:
    has_columns = any(find_columns(to_names(row.cells)) for row in rows)
    return has_columns, max((len(row.cells) for row in rows), default=0)


def _rows(
    text: str, mark: str, *, is_strict: bool = False, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> Iterator[Row]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=mark, strict=is_strict, quoting=quoting
    )
    for number, cells in enumerate(reader, start=1):
        if any(cell.strip() for cell in cells):
            yield Row(number, list(cells))


def _holds_rows(row: Row, mark: str) -> bool:
    width = len(row.cells)
    return width > 1 and any(
        line.count(mark) >= width - 1 for cell in row.cells for line in str(cell).splitlines()[1:]
    )
