"""interviews.csv: what a person says of each file, begun by us with what could be told."""

import csv
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.transcripts.csv_text import find_delimiter, write_csv
from study.added import AddedParticipant
from study.errors import InputError

FILE_NAME = "interviews.csv"
COLUMNS = ("file", "interview", "participant", "family", "language", "date", "interviewer")
NOBODY = "-"
LANGUAGE = re.compile("^[a-z]{2,3}$")
LABEL = re.compile(r"^[\w.-]{1,40}$")


@dataclass(frozen=True)
class InterviewRow:
    """What is said of one file; groups are the columns that a team added."""

    file: str
    interview: str = ""
    participant: str = ""
    family: str = ""
    language: str = ""
    date: str = ""
    interviewer: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    # The cells as a person wrote them, with those under no heading: none is lost when we write.
    cells: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def interviewers(self) -> tuple[str, ...]:
        """Give the labels of the interviewers; none where a dash says so."""
        labels = (label.strip() for label in self.interviewer.split(";"))
        return tuple(label for label in labels if label and label != NOBODY)

    @property
    def participants(self) -> dict[str, str]:
        """Give each participant by their speaker label; "" is everybody who is not named.

        "P07" is one participant; "Moeder=P07; Vader=P08" are two.
        """
        parts = [part.strip() for part in self.participant.split(";") if part.strip()]
        pairs = [part.rpartition("=") for part in parts]
        return {label.strip(): participant.strip() for label, _, participant in pairs}

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Give all that is said, by column: the same for the same answers, wherever they stand."""
        fixed = {name: str(getattr(self, name)) for name in COLUMNS}
        return tuple(sorted((k, v) for k, v in {**self.groups, **fixed}.items() if v))

    @property
    def owners(self) -> tuple[str, ...]:
        """Give the participants in a fixed order; the first one's pseudonyms the interview has."""
        return tuple(sorted(set(self.participants.values())))

    def saying(self, answers: Mapping[str, str]) -> "InterviewRow":
        """Give the row with answers in it, by column."""
        values: dict[str, Any] = dict(answers)
        return replace(self, **values)

    def describe_participants(self) -> tuple[AddedParticipant, ...]:
        """Give the participants as the study keeps them."""
        attributes = {name: value for name, value in self.groups.items() if value}
        return tuple(
            AddedParticipant(label, self.family or None, attributes) for label in self.owners
        )


@dataclass(frozen=True)
class InterviewList:
    """The whole file, as people and we wrote it."""

    rows: tuple[InterviewRow, ...] = ()
    header: tuple[str, ...] = COLUMNS
    delimiter: str = ","

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each file's row stands; an archive has thousands."""
        return {row.file: place for place, row in enumerate(self.rows)}

    def find(self, file: str) -> InterviewRow | None:
        """Give what is said of a file, or None where nothing is."""
        place = self.places.get(file)
        return None if place is None else self.rows[place]

    def with_row(self, row: InterviewRow) -> "InterviewList":
        """Give the list with a row added, or put in the place of the file's own."""
        if self.find(row.file) is None:
            return replace(self, rows=(*self.rows, row))
        rows = tuple(row if old.file == row.file else old for old in self.rows)
        return replace(self, rows=rows)

    def next_label(self, taken: Collection[str] = ()) -> str:
        """Give the first interview label of ours that is neither in the file nor taken."""
        used = {*taken, *(row.interview for row in self.rows)}
        number = 1
        while f"I{number:02d}" in used:
            number += 1
        return f"I{number:02d}"


def read_interviews(path: Path) -> InterviewList:
    """Read interviews.csv; one that is not there is empty.

    Raises:
        InputError: It cannot be read as a whole; what is wrong with one row is told by find_blanks.
    """
    if not path.exists():
        return InterviewList()
    text = _decode(path)
    delimiter = find_delimiter(text)
    try:
        lines = [
            cells for cells in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cells)
        ]
    except csv.Error as error:
        raise InputError([f"{FILE_NAME}: not readable as CSV ({error}). Save it anew."]) from error
    header = tuple(name.strip() for name in lines[0]) if lines else COLUMNS
    offenders = _check_header(header)
    rows = [_as_row(header, cells) for cells in lines[1:]]
    twice = [name for name, n in Counter(row.file for row in rows).items() if n > 1]
    if twice:
        offenders.append(f"{FILE_NAME}: {len(twice)} files have two rows. Remove one of each.")
    if offenders:
        raise InputError(offenders)
    return InterviewList(tuple(rows), header, delimiter)


def complete_interviews(path: Path, row: InterviewRow, *, is_known: bool) -> None:
    """Write down what could be told of a file, beside what a person says of it at this moment.

    Args:
        is_known: The file is an interview already, and keeps its label.

    Raises:
        InputError: The file cannot be read or written; nothing is lost.
    """
    interviews = read_interviews(path)
    current = interviews.find(row.file)
    merged = row
    if current is not None:
        blank = {name: getattr(row, name) for name in COLUMNS if not getattr(current, name)}
        label = {"interview": row.interview} if is_known else {}
        merged = replace(current, **{**blank, **label})
    if merged == current:
        return
    try:
        write_interviews(path, interviews.with_row(merged))
    except OSError as error:
        raise InputError([f"{FILE_NAME} cannot be written: {error.strerror}."]) from error


def write_interviews(path: Path, interviews: InterviewList) -> None:
    """Write interviews.csv whole, for its owner only."""
    cells = [_as_cells(interviews.header, row) for row in interviews.rows]
    text = write_csv([interviews.header, *cells], delimiter=interviews.delimiter)
    descriptor, draft = tempfile.mkstemp(prefix=".interviews-", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.replace(draft, path)


def find_blanks(row: InterviewRow, labels: Sequence[str], others: Sequence[InterviewRow]) -> str:
    """Say what a person must fill in or mend in a row; "" where nothing.

    The answer names columns, never what stands in them: labels may be people's names.

    Args:
        labels: Who speaks in the file, as it has them; "" where it does not say.
        others: The other rows.
    """
    blanks = [name for name in ("interview", "participant", "interviewer") if not _said(row, name)]
    faults = [f"fill in {', '.join(blanks)}"] if blanks else []
    if row.interview and not LABEL.match(row.interview):
        faults.append("interview may hold letters, digits, '.', '-' and '_' only")
    if row.interview in {other.interview for other in others if other.interview}:
        faults.append("interview is that of another row")
    if row.language and not LANGUAGE.match(row.language):
        faults.append("language is not a code such as nl or en")
    if row.date and not _is_date(row.date):
        faults.append("date is not written as 2026-01-31")
    if len(row.participants) < len([part for part in row.participant.split(";") if part.strip()]):
        faults.append("participant is not one, or written as label=P01; label=P02")
    if any(not LABEL.match(label) for label in row.participants.values()):
        faults.append("participant may hold letters, digits, '.', '-' and '_' only")
    named = {*row.interviewers, *(label for label in row.participants if label)}
    if named - set(labels):
        n_labels = len([label for label in labels if label])
        faults.append(
            f"a speaker named there is none of the file's {n_labels} (see themeloop add --dry-run)"
        )
    return "; ".join(faults)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _said(row: InterviewRow, name: str) -> bool:
    return bool(getattr(row, name).strip())


def _decode(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([f"{FILE_NAME} cannot be read: {error.strerror}."]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a spreadsheet on Windows saves as CSV.
        return content.decode("cp1252", errors="replace")


def _check_header(header: Sequence[str]) -> list[str]:
    missing = [name for name in COLUMNS if name not in header]
    twice = [name for name, n in Counter(header).items() if name and n > 1]
    faults = []
    if missing:
        faults.append(f"missing columns: {', '.join(missing)}. Expected: {', '.join(COLUMNS)}")
    if twice:
        faults.append(f"columns named twice: {', '.join(twice)}. Rename one of each")
    return [f"{FILE_NAME}: {fault}." for fault in faults]


def _as_row(header: Sequence[str], cells: Sequence[str]) -> InterviewRow:
    values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    fixed = {name: values.get(name, "") for name in COLUMNS}
    groups = {name: value for name, value in values.items() if name not in COLUMNS and name}
    return InterviewRow(**fixed, groups=groups, cells=tuple(cells))


def _as_cells(header: Sequence[str], row: InterviewRow) -> list[str]:
    cells = [*row.cells, *[""] * (len(header) - len(row.cells))]
    for place, name in enumerate(header):
        if name in COLUMNS:
            cells[place] = str(getattr(row, name))
        elif name and not row.cells:
            cells[place] = row.groups.get(name, "")
    return cells
