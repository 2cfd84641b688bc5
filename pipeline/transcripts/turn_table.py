"""Reads transcripts with a row per turn: .csv, .tsv and .xlsx."""

import csv
import io
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from pipeline.transcripts.archive import open_archive
from pipeline.transcripts.lines import count_of, name_places
from pipeline.transcripts.records import ReadTranscript, ReadTurn
from pipeline.transcripts.table_columns import Columns, find_columns, name_expected
from pipeline.transcripts.timecodes import CLOCK_OF_DAY_MS, read_ms
from pipeline.transcripts.turns import drop_clock_of_day, join_pieces
from study.errors import InputError

_DELIMITERS = ",;\t|"
# Titles may stand above the header.
_HEADER_ROWS = 10


@dataclass(frozen=True)
class _Row:
    number: int
    cells: list[object]


def read_csv_turns(text: str, name: str) -> ReadTranscript:
    """Read a .csv or .tsv; commas, semicolons or tabs part its columns.

    Raises:
        InputError: No header tells which column is the text; rows have too many cells.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    text = _without_separator_line(text.lstrip("\ufeff"))
    tries = [_first_rows(text, mark) for mark in _DELIMITERS]
    best = max(range(len(tries)), key=lambda n: _worth(tries[n]))
    rows = _csv_rows(text, _DELIMITERS[best])
    suffix = ".tsv" if _DELIMITERS[best] == "\t" else ".csv"
    return _read(rows, name, f"Table with a row per turn ({suffix})", _DELIMITERS[best])


def read_xlsx_turns(path: Path) -> ReadTranscript:
    """Read the first sheet of a workbook that has a column of text; formulas are not worked out.

    Raises:
        InputError: It is damaged, or no sheet has such a column.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - half a second that other formats save

    with open_archive(path), path.open("rb") as stream, warnings.catch_warnings():
        # What it drops of styles and lists has no words.
        warnings.simplefilter("ignore")
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            n_headers = 0
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = [_Row(n, list(row)) for n, row in _sheet_rows(sheet)]
                if any(find_columns(_names(row.cells)) for row in rows[:_HEADER_ROWS]):
                    return _read(rows, path.name, "Table with a row per turn (.xlsx)", " ")
                n_headers = n_headers or _count_names(rows)
        finally:
            book.close()
    raise _no_header(path.name, n_headers)


def _sheet_rows(sheet: object) -> Iterator[tuple[int, tuple[object, ...]]]:
    rows = sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]
    for number, row in enumerate(rows, start=1):
        if any(cell is not None for cell in row):
            yield number, row


def _without_separator_line(text: str) -> str:
    # Excel writes "sep=;" above the header where asked to.
    return "\n" + text.partition("\n")[2] if text[:4].lower() == "sep=" else text


def _first_rows(text: str, mark: str) -> list[_Row]:
    rows = _csv_rows(text, mark)
    return [row for row, _ in zip(rows, range(_HEADER_ROWS), strict=False)]


def _worth(rows: Sequence[_Row]) -> tuple[bool, int]:
    has_columns = any(find_columns(_names(row.cells)) for row in rows)
    return has_columns, max((len(row.cells) for row in rows), default=0)


def _csv_rows(text: str, mark: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    for number, cells in enumerate(reader, start=1):
        if any(cell.strip() for cell in cells):
            yield _Row(number, list(cells))


def _names(cells: Sequence[object]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]


def _count_names(rows: Sequence[_Row]) -> int:
    return sum(bool(name.strip()) for name in _names(rows[0].cells)) if rows else 0


def _no_header(name: str, n_headers: int) -> InputError:
    return InputError(
        [
            f"{name}: none of the {n_headers} columns in its first row tells that it holds the "
            f"text; {name_expected()}. Name the columns so in the first row."
        ]
    )


def _read(rows: Iterable[_Row], name: str, format_name: str, mark: str) -> ReadTranscript:
    held: list[_Row] = []
    rows = iter(rows)
    for row in rows:
        held.append(row)
        columns = find_columns(_names(row.cells))
        if columns is not None:
            return _read_body(rows, held, columns, name, format_name, mark)
        if len(held) == _HEADER_ROWS:
            break
    raise _no_header(name, _count_names(held))


def _read_body(
    rows: Iterable[_Row],
    head: Sequence[_Row],
    columns: Columns,
    name: str,
    format_name: str,
    mark: str,
) -> ReadTranscript:
    width = len(head[-1].cells)
    body = list(rows)
    _check_width(body, width, columns, name)
    pieces = [_piece(row, columns, width, mark) for row in body]
    turns = join_pieces(pieces, separator="\n")
    if not turns:
        raise InputError([f"{name}: no row has any text. Give one row per turn."])
    kept, notes = drop_clock_of_day(turns, first_ms=CLOCK_OF_DAY_MS)
    notes = (*_notes(body, pieces, head, columns), *notes)
    return ReadTranscript(format_name, kept, notes)


def _check_width(rows: Sequence[_Row], width: int, columns: Columns, name: str) -> None:
    if columns.text == width - 1:
        return
    wide = [f"row {row.number}" for row in rows if any(map(_is_filled, row.cells[width:]))]
    if wide:
        raise InputError(
            [
                f"{name}: {name_places(wide)}: more cells than the {width} of the header. Put "
                "texts in double quotes, or make the text the last column."
            ]
        )


def _is_filled(cell: object) -> bool:
    return cell is not None and bool(str(cell).strip())


def _piece(row: _Row, columns: Columns, width: int, mark: str) -> ReadTurn:
    text = _cell(row, columns.text)
    if columns.text == width - 1 and len(row.cells) > width:
        # A text with commas and no quotes around it.
        text = mark.join([text, *_names(row.cells[width:])]).rstrip(mark)
    return ReadTurn(
        speaker=" ".join(_cell(row, columns.speaker).strip().removesuffix(":").split()),
        text=text,
        place=f"row {row.number}",
        start_ms=_time(row, columns.start, in_ms=columns.start_in_ms),
        end_ms=_time(row, columns.end, in_ms=columns.end_in_ms),
    )


def _cell(row: _Row, column: int | None) -> str:
    if column is None or column >= len(row.cells) or row.cells[column] is None:
        return ""
    return str(row.cells[column])


def _time(row: _Row, column: int | None, *, in_ms: bool) -> int | None:
    if column is None or column >= len(row.cells):
        return None
    value = row.cells[column]
    if isinstance(value, timedelta):
        return round(value.total_seconds() * 1000)
    if isinstance(value, datetime | time):
        whole = (value.hour * 60 + value.minute) * 60 + value.second
        return whole * 1000 + value.microsecond // 1000
    shown = str(value).strip().strip("[]()#")
    try:
        number = float(shown.replace(",", "."))
    except ValueError:
        return read_ms(shown)
    return round(number * (1 if in_ms else 1000)) if 0 <= number < 1e9 else None


def _notes(
    rows: Sequence[_Row], pieces: Sequence[ReadTurn], head: Sequence[_Row], columns: Columns
) -> Iterator[str]:
    if len(head) > 1:
        yield f"{name_places(f'row {row.number}' for row in head[:-1])}: above the header, left out"
    silent = [piece.place for piece in pieces if piece.text.strip() and not piece.speaker]
    if columns.speaker is None:
        yield "no column names the speaker: all of it is one turn without a speaker"
    elif silent:
        yield f"{name_places(silent)}: no speaker is named there; say who speaks"
    if columns.start is not None:
        unread = [
            piece.place
            for row, piece in zip(rows, pieces, strict=True)
            if _cell(row, columns.start).strip() and piece.start_ms is None
        ]
        if unread:
            yield f"{name_places(unread)}: the time could not be read"
    known = {columns.text, columns.speaker, columns.start, columns.end}
    n_others = sum(
        bool(name.strip()) for n, name in enumerate(_names(head[-1].cells)) if n not in known
    )
    if n_others:
        yield f"left out: {count_of(n_others, 'other column')}"
