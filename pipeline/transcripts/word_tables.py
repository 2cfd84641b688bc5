"""Reads tables of Word documents whose columns are speaker and text, or time, speaker, text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import is_code, is_metadata, is_role, tidy_label
from pipeline.transcripts.table_columns import Columns, find_columns
from pipeline.transcripts.timecodes import is_time_only, read_ms, take_leading_stamp
from pipeline.transcripts.word_xml import Paragraph, Table

_LONGEST_LABEL = 60


@dataclass(frozen=True)
class _Roles:
    text: int
    speaker: int
    time: int | None
    n_header_rows: int


def read_table(table: Table) -> tuple[list[Line], int]:
    """Make lines of a table: a turn per row where its columns tell, every cell's lines where not.

    Returns:
        The lines, and how many cells beside speaker, time and text hold words.
    """
    shown = [[_text(cell) for cell in row] for row in table.rows]
    roles = _find_roles(shown)
    if roles is None:
        return list(_plain_lines(table)), 0
    lines = list(_turn_lines(table, shown, roles))
    known = {roles.text, roles.speaker, roles.time}
    n_others = sum(
        bool(cell.strip()) and n not in known
        for row in shown[roles.n_header_rows :]
        for n, cell in enumerate(row)
    )
    return lines, n_others


def to_lines(paragraphs: Sequence[Paragraph]) -> Iterator[Line]:
    """Make a line of every line within paragraphs, and a blank one after each paragraph."""
    for paragraph in paragraphs:
        n_bold = paragraph.n_bold
        for text in paragraph.text.splitlines():
            yield Line(text, "paragraph", paragraph.number, n_bold=n_bold)
            n_bold = 0
        yield Line("", "paragraph", paragraph.number)


def _text(cell: Sequence[Paragraph]) -> str:
    return "\n".join(paragraph.text for paragraph in cell)


def _find_roles(rows: Sequence[Sequence[str]]) -> _Roles | None:
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    named = find_columns(rows[0])
    if named is not None and named.speaker is not None and len(rows) > 1:
        return _from_header(named)
    # A row with fewer cells runs over the columns: a heading, which tells nothing of them.
    columns = [[row[n].strip() for row in rows if len(row) == width] for n in range(width)]
    time = next((n for n, cells in enumerate(columns) if _is_time_column(cells)), None)
    others = [n for n in range(width) if n != time]
    speaker = next((n for n in others if _is_speaker_column(columns[n])), None)
    if speaker is None or len(others) < 2:
        return None
    text = max((n for n in others if n != speaker), key=lambda n: sum(map(len, columns[n])))
    return _Roles(text, speaker, time, n_header_rows=0)


def _from_header(columns: Columns) -> _Roles | None:
    if columns.speaker is None:
        return None
    return _Roles(columns.text, columns.speaker, columns.start, n_header_rows=1)


def _is_time_column(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    n_times = sum(is_time_only(cell) for cell in filled)
    return n_times > 0 and n_times >= len(filled) - 1


def _is_speaker_column(cells: Sequence[str]) -> bool:
    labels = [tidy_label(cell) for cell in cells if cell]
    if not labels or any(not 0 < len(label) <= _LONGEST_LABEL for label in labels):
        return False
    if any(is_metadata(label) and not is_role(label) for label in labels):
        return False
    counts = Counter(labels)
    n_sure = sum(is_role(label) or is_code(label) or counts[label] > 1 for label in labels)
    return n_sure * 2 > len(labels)


def _turn_lines(table: Table, shown: Sequence[Sequence[str]], roles: _Roles) -> Iterator[Line]:
    for row, texts in list(zip(table.rows, shown, strict=True))[roles.n_header_rows :]:
        if len(row) <= max(roles.text, roles.speaker):
            # Cells that run over the columns: a heading within the table.
            for cell in row:
                yield from to_lines(cell)
            continue
        label = tidy_label(texts[roles.speaker])
        start = _start(texts, roles.time)
        first = True
        for line in to_lines(row[roles.text]):
            has_label = bool(label) and first and bool(line.text.strip())
            first = first and not has_label
            yield Line(
                line.text, line.unit, line.number, label=label if has_label else None,
                start_ms=start if has_label else None,
            )  # fmt: skip


def _start(texts: Sequence[str], column: int | None) -> int | None:
    if column is None or column >= len(texts):
        return None
    text = texts[column].strip()
    stamp = take_leading_stamp(text, may_be_bare=True)
    return stamp.start_ms if stamp else read_ms(text)


def _plain_lines(table: Table) -> Iterator[Line]:
    for row in table.rows:
        for cell in row:
            yield from to_lines(cell)
