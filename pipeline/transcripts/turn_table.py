"""Reads transcripts with a row per turn: .csv, .tsv and .xlsx."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.transcripts.archive import open_archive
from pipeline.transcripts.cell_times import Times, find_times
from pipeline.transcripts.csv_rows import find_delimiter, read_csv_rows
from pipeline.transcripts.lines import count_of, name_places
from pipeline.transcripts.records import ReadTranscript, ReadTurn
from pipeline.transcripts.table_columns import Columns, find_columns, name_expected
from pipeline.transcripts.table_rows import HEADER_ROWS, Row, to_names
from pipeline.transcripts.timecodes import CLOCK_OF_DAY_MS
from pipeline.transcripts.turns import drop_clock_of_day, join_pieces
from study.errors import InputError


def read_csv_turns(text: str, name: str) -> ReadTranscript:
    """Read a .csv or .tsv; commas, semicolons or tabs part its columns.

    Raises:
        InputError: No header tells which column is the text; rows have too many cells; a double
            quote does not close.
    """
    mark = find_delimiter(text)
    rows, notes = read_csv_rows(text, mark, name)
    suffix = ".tsv" if mark == "\t" else ".csv"
    read = _read(rows, name, f"Table with a row per turn ({suffix})", mark)
    return replace(read, notes=(*read.notes, *notes))


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
            sheets = [[Row(n, list(row)) for n, row in _sheet_rows(s)] for s in book.worksheets]
        finally:
            book.close()
    held = [rows for rows in sheets if any(map(_find_columns, rows[:HEADER_ROWS]))]
    if not held:
        raise _no_header(path.name, next(filter(None, map(_count_names, sheets)), 0))
    read = _read(held[0], path.name, "Table with a row per turn (.xlsx)", " ")
    if len(held) == 1:
        return read
    others = count_of(len(held) - 1, "other sheet")
    return replace(read, notes=(*read.notes, f"left out: {others} with turns; save each as a file"))


def _sheet_rows(sheet: object) -> Iterator[tuple[int, tuple[object, ...]]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]
    rows = sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]
    for number, row in enumerate(rows, start=1):
        if any(cell is not None for cell in row):
            yield number, row


def _find_columns(row: Row) -> Columns | None:
    return find_columns(to_names(row.cells))


def _count_names(rows: Sequence[Row]) -> int:
    return sum(bool(name.strip()) for name in to_names(rows[0].cells)) if rows else 0


def _no_header(name: str, n_headers: int) -> InputError:
    return InputError(
        [
            f"{name}: none of the {n_headers} columns in its first row tells that it holds the "
            f"text; {name_expected()}. Name the columns so in the first row."
        ]
    )


def _read(rows: Iterable[Row], name: str, format_name: str, mark: str) -> ReadTranscript:
    held: list[Row] = []
    rows = iter(rows)
    for row in rows:
        held.append(row)
        columns = _find_columns(row)
        if columns is not None:
            return _read_body(rows, held, columns, name, format_name, mark)
        if len(held) == HEADER_ROWS:
            break
    raise _no_header(name, _count_names(held))


def _read_body(
    rows: Iterable[Row],
    head: Sequence[Row],
    columns: Columns,
    name: str,
    format_name: str,
    mark: str,
) -> ReadTranscript:
    width = len(head[-1].cells)
    body = list(rows)
    _check_width(body, width, columns, name)
    times = find_times(body, columns)
    pieces = [_piece(row, columns, times, width=width, mark=mark) for row in body]
    turns = join_pieces(pieces, separator="\n")
    if not turns:
        raise InputError([f"{name}: no row has any text. Give one row per turn."])
    kept, notes = drop_clock_of_day(turns, first_ms=CLOCK_OF_DAY_MS)
    notes = (*_notes(body, pieces, head, columns), *times.notes, *notes)
    return ReadTranscript(format_name, kept, notes)


def _check_width(rows: Sequence[Row], width: int, columns: Columns, name: str) -> None:
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


def _piece(row: Row, columns: Columns, times: Times, *, width: int, mark: str) -> ReadTurn:
    text = _cell(row, columns.text)
    if columns.text == width - 1 and len(row.cells) > width:
        # A text with commas and no quotes around it.
        text = mark.join([text, *to_names(row.cells[width:])]).rstrip(mark)
    return ReadTurn(
        speaker=" ".join(_cell(row, columns.speaker).strip().removesuffix(":").split()),
        text=text,
        place=f"row {row.number}",
        start_ms=times.read(row, columns.start, in_ms=columns.start_in_ms),
        end_ms=times.read(row, columns.end, in_ms=columns.end_in_ms),
    )


def _cell(row: Row, column: int | None) -> str:
    if column is None or column >= len(row.cells) or row.cells[column] is None:
        return ""
    return str(row.cells[column])


def _notes(
    rows: Sequence[Row], pieces: Sequence[ReadTurn], head: Sequence[Row], columns: Columns
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
        bool(name.strip()) for n, name in enumerate(to_names(head[-1].cells)) if n not in known
    )
    if n_others:
        yield f"left out: {count_of(n_others, 'other column')}"
