"""Reads tables of Word documents whose columns are speaker and text, or time, speaker, text."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.transcripts.heading_lines import is_fact_text
from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import is_code, is_metadata, is_plain, is_role, tidy_label
from pipeline.transcripts.table_columns import find_columns, names_speakers
from pipeline.transcripts.timecodes import is_time_only, read_ms, take_leading_stamp
from pipeline.transcripts.word_xml import Paragraph, Table

_LONGEST_LABEL = 60


@dataclass(frozen=True)
class Roles:
    """Which columns hold what; header is the row that named them, "" where none did."""

    text: int
    speaker: int
    time: int | None
    width: int
    header: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableLines:
    """The lines of a table, how many other cells hold words, and its columns for the next one."""

    lines: tuple[Line, ...]
    n_others: int
    roles: Roles | None


def read_table(table: Table, before: Roles | None = None, *, is_first: bool) -> TableLines:
    """Make lines of a table: a turn per row where its columns tell, every cell's lines where not.

    Args:
        before: The columns of the table before it, which may go on in this one.
        is_first: Whether nobody has spoken before it, so that it may be a table of facts.
    """
    shown = [[_text(cell) for cell in row] for row in table.rows]
    if is_first and _tells_facts(shown):
        lines = (replace(line, is_aside=True) for line in _plain_lines(table, None))
        return TableLines(tuple(lines), 0, before)
    if names := _find_side_by_side(shown):
        return TableLines(tuple(_lines_beside(table, names)), 0, before)
    roles = _find_roles(shown)
    if roles is None and before is not None and _goes_on(shown, before):
        roles = before
    if roles is None:
        numbers = _find_numbers(shown)
        n_numbers = len(shown) if numbers is not None else 0
        return TableLines(tuple(_plain_lines(table, numbers)), n_numbers, before)
    known = {roles.text, roles.speaker, roles.time}
    n_others = sum(
        bool(cell.strip()) and n not in known
        for row in shown
        if not _is_header(row, roles)
        for n, cell in enumerate(row)
    )
    return TableLines(tuple(_turn_lines(table, shown, roles)), n_others, roles)


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


def _tells_facts(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether it says who talks and when: "Interviewer | Anna", "Datum | 3 mei"."""
    pairs = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    labels = [tidy_label(pair[0]) for pair in pairs if pair]
    if any(len(pair) != 2 for pair in pairs) or len(set(labels)) < max(2, len(labels)):
        return False
    return all(
        is_fact_text(pair[1]) or (is_metadata(label) and not is_role(label))
        for label, pair in zip(labels, pairs, strict=True)
    )


def _find_side_by_side(rows: Sequence[Sequence[str]]) -> list[str]:
    """Find the speakers in a header row, where each has a column of its own."""
    names = [tidy_label(cell) for cell in rows[0]] if rows else []
    below = {tidy_label(row[0]) for row in rows[1:] if row}
    are_speakers = len(set(names)) == len(names) > 1 and all(map(is_role, names))
    is_table = len(rows) > 1 and find_columns(rows[0]) is None and not any(map(is_plain, below))
    return names if are_speakers and is_table else []


def _lines_beside(table: Table, names: Sequence[str]) -> Iterator[Line]:
    for row in table.rows[1:]:
        for name, cell in zip(names, row, strict=False):
            yield from _cell_lines(to_lines(cell), name, None)


def _goes_on(rows: Sequence[Sequence[str]], before: Roles) -> bool:
    return any(len(row) == before.width for row in rows) and not any(
        is_metadata(tidy_label(row[before.speaker])) for row in rows if len(row) > before.speaker
    )


def _find_numbers(rows: Sequence[Sequence[str]]) -> int | None:
    """Find the column that numbers the rows, where the others are lines to be read."""
    column = [row[0].strip().rstrip(".") for row in rows if len(row) > 1]
    numbers = [int(cell) for cell in column if cell.isdigit() and cell.isascii()]
    is_rising = all(a < b for a, b in pairwise(numbers))
    return 0 if len(numbers) == len(rows) > 1 and is_rising else None


def _find_roles(rows: Sequence[Sequence[str]]) -> Roles | None:
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    named = find_columns(rows[0])
    if named is not None and named.speaker is not None and len(rows) > 1:
        return Roles(named.text, named.speaker, named.start, width, tuple(rows[0]))
    # A row with fewer cells runs over the columns: a heading, which tells nothing of them.
    columns = [[row[n].strip() for row in rows if len(row) == width] for n in range(width)]
    time = next((n for n, cells in enumerate(columns) if _is_time_column(cells)), None)
    others = [n for n in range(width) if n != time]
    speaker = next((n for n in others if _is_speaker_column(columns[n])), None)
    if speaker is None or len(others) < 2:
        return None
    text = max((n for n in others if n != speaker), key=lambda n: sum(map(len, columns[n])))
    is_named = names_speakers(rows[0][speaker]) if len(rows[0]) > speaker else False
    is_named = is_named and columns[speaker].count(rows[0][speaker].strip()) == 1
    header = tuple(rows[0]) if is_named and len(rows[0][text].split()) < 3 else ()
    return Roles(text, speaker, time, width, header)


def _is_header(row: Sequence[str], roles: Roles) -> bool:
    if not roles.header:
        return False
    return [cell.strip().casefold() for cell in row] == [
        cell.strip().casefold() for cell in roles.header
    ]


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


def _turn_lines(table: Table, shown: Sequence[Sequence[str]], roles: Roles) -> Iterator[Line]:
    for row, texts in zip(table.rows, shown, strict=True):
        if _is_header(texts, roles):
            continue
        if len(row) <= max(roles.text, roles.speaker):
            # Cells that run over the columns: a heading within the table.
            for cell in row:
                yield from to_lines(cell)
            continue
        label = tidy_label(texts[roles.speaker])
        yield from _cell_lines(to_lines(row[roles.text]), label, _start(texts, roles.time))


def _cell_lines(lines: Iterable[Line], label: str, start_ms: int | None) -> Iterator[Line]:
    """Give the first line with words the label of the row; the others begin no turn."""
    waiting = label
    for line in lines:
        if waiting and line.text.strip():
            yield replace(line, label=waiting, start_ms=start_ms)
            waiting = ""
        else:
            yield replace(line, label="")


def _start(texts: Sequence[str], column: int | None) -> int | None:
    if column is None or column >= len(texts):
        return None
    text = texts[column].strip()
    stamp = take_leading_stamp(text, may_be_bare=True)
    return stamp.start_ms if stamp else read_ms(text)


def _plain_lines(table: Table, left_out: int | None) -> Iterator[Line]:
    for row in table.rows:
        for n, cell in enumerate(row):
            if n != left_out:
                yield from to_lines(cell)
