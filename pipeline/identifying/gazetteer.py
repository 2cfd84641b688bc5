"""The names that a team knows to replace: gazetteer.csv, which people write and add to."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.identifying.words import fold_name
from pipeline.transcripts.csv_text import find_delimiter, write_csv
from study.errors import InputError
from study.whole_files import replace_file

GAZETTEER = "gazetteer.csv"
COLUMNS = ("name", "category", "participant", "also")
MATCH, EXACT = "match", "exact"
EXACTNESS = ("", EXACT)
CATEGORY = re.compile("[A-Z][A-Z_]*")
# The category of a word that is never a name.
KEEP = "KEEP"
ALSO_SEPARATOR = re.compile(r"\s*[;|]\s*")
MOST_OFFENDERS = 20


@dataclass(frozen=True)
class Entry:
    """A name to replace, or with the category KEEP a word that is no name.

    Attributes:
        participant: In whose interviews it is looked for; None: in everybody's.
        also: Other names of the same person or place.
        is_exact: It is looked for in this case only, as "Hoop" is by somebody of that name.
    """

    name: str = field(repr=False)
    category: str
    participant: str | None = None
    also: tuple[str, ...] = field(default=(), repr=False)
    is_exact: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Give all its names, the one that it goes by first."""
        return (self.name, *self.also)


@dataclass(frozen=True)
class Gazetteer:
    """The names of a study's people and places."""

    entries: tuple[Entry, ...] = ()

    def of(self, *participants: str | None) -> tuple[Entry, ...]:
        """Give the entries for these participants; their own stand in for everybody's."""
        wanted = {label.casefold() for label in participants if label}
        own = [
            entry
            for entry in self.entries
            if entry.participant is not None and entry.participant.casefold() in wanted
        ]
        named = {fold_name(entry.name) for entry in own}
        shared = [entry for entry in self.entries if entry.participant is None]
        return (*own, *(entry for entry in shared if fold_name(entry.name) not in named))


def empty_gazetteer() -> Gazetteer:
    """Give a gazetteer that knows no names."""
    return Gazetteer()


def read_gazetteer(path: Path) -> Gazetteer:
    """Read gazetteer.csv; an absent file knows no names.

    Raises:
        InputError: Lists every offender with its line; no name is shown.
    """
    if not path.exists():
        return empty_gazetteer()
    return Gazetteer(tuple(entry for _, entry in _read_entries(path)[1]))


def write_gazetteer(path: Path, entries: Iterable[Entry]) -> None:
    """Write entries as a new gazetteer.csv, for its owner only."""
    rows = [_as_row(entry) for entry in entries]
    columns = [*COLUMNS, *([MATCH] if any(row[MATCH] for row in rows) else [])]
    replace_file(path, write_csv([columns, *([row[name] for name in columns] for row in rows)]))


def add_to_gazetteer(path: Path, entry: Entry) -> bool:
    """Add an entry below what people wrote; False where it stands there already.

    Raises:
        InputError: The file or the entry is not sound, or another category has the name.
    """
    header, known = _read_entries(path) if path.exists() else ([], [])
    _check([*known, (0, entry)], path.name)
    if any(entry == each for _, each in known):
        return False
    if not header:
        write_gazetteer(path, [entry])
        return True
    text = path.read_bytes().decode("utf-8")
    delimiter = find_delimiter(text)
    if entry.is_exact and MATCH not in header:
        header, text = [*header, MATCH], _with_column(text, MATCH, delimiter)
    row = _as_row(entry)
    end = "\r\n" if "\r\n" in text else "\n"
    cells = [[row.get(name, "") for name in header]]
    line = write_csv(cells, delimiter=delimiter).removesuffix("\n")
    replace_file(path, text + ("" if text.endswith("\n") else end) + line + end)
    return True


def _as_row(entry: Entry) -> dict[str, str]:
    also = "; ".join(entry.also)
    match = EXACT if entry.is_exact else ""
    values = (entry.name, entry.category, entry.participant or "", also, match)
    return dict(zip((*COLUMNS, MATCH), values, strict=True))


def _with_column(text: str, name: str, delimiter: str) -> str:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    rows = [row for row in lines if any(row)]
    n_columns = len(rows[0])
    padded = [[*row, *[""] * (n_columns + 1 - len(row))] for row in rows[1:]]
    return write_csv([[*rows[0], name], *padded], delimiter=delimiter)


def _read_entries(path: Path) -> tuple[list[str], list[tuple[int, Entry]]]:
    text = _decode(path)
    if not text.strip():
        return [], []
    rows = _read_rows(text, path.name)
    header = rows[0][1]
    _stop(path.name, _check_header(header))
    filled = [(line, cells) for line, cells in rows[1:] if any(cells)]
    too_long = "more cells than the header has. Put names with commas in double quotes."
    _stop(path.name, [(line, too_long) for line, cells in filled if len(cells) > len(header)])
    named = [(line, dict(zip(header, cells, strict=False))) for line, cells in filled]
    unsaid = f"match is neither '{EXACT}' nor empty. Say '{EXACT}' where case matters."
    odd = [(line, unsaid) for line, row in named if row.get(MATCH, "").casefold() not in EXACTNESS]
    entries = [(line, _as_entry(row)) for line, row in named]
    _check(entries, path.name, odd)
    return header, entries


def _read_rows(text: str, file: str) -> list[tuple[int, list[str]]]:
    delimiter = find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"not readable as CSV: {error}. Mend the quotes there."
        raise InputError([f"{file}:{reader.line_num}: {message}"]) from error
    return rows


def _as_entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        name=row.get("name", ""),
        category=row.get("category", ""),
        participant=row.get("participant") or None,
        also=tuple(name for name in ALSO_SEPARATOR.split(row.get("also", "")) if name),
        is_exact=row.get(MATCH, "").casefold() == EXACT,
    )


def _decode(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([f"{path.name} cannot be read: {error.strerror}."]) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        advice = "is not UTF-8. Save the file as 'CSV UTF-8'."
        message = f"{path.name}:{line}: byte 0x{content[error.start]:02X} {advice}"
        raise InputError([message]) from error
    if "\0" in text:
        _stop(path.name, [(text[: text.index("\0")].count("\n") + 1, "a NUL byte: no CSV text.")])
    return text


def _check_header(header: Sequence[str]) -> list[tuple[int, str]]:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        return [(1, f"missing columns: {', '.join(missing)}. Expected: {', '.join(COLUMNS)}.")]
    counts = Counter(name for name in header if name in (*COLUMNS, MATCH))
    twice = [name for name, count in counts.items() if count > 1]
    return [(1, f"columns named twice: {', '.join(twice)}. Remove one of each.")] if twice else []


def _check(
    entries: Sequence[tuple[int, Entry]], file: str, found: Sequence[tuple[int, str]] = ()
) -> None:
    offenders = list(found)
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for line, entry in entries:
        if not CATEGORY.fullmatch(entry.category):
            # What stands there is not shown: where columns are mixed up it is a name.
            offenders.append((line, "category is not like CHILD or FOSTER_MOTHER: capitals and _."))
        if not all(fold_name(name) for name in entry.names):
            offenders.append((line, "a name is empty or without a letter. Fill it in."))
            continue
        key = (fold_name(entry.name), (entry.participant or "").casefold())
        first, category = seen.setdefault(key, (line, entry.category))
        if category != entry.category:
            message = f"the name stands on line {first} in another category. Keep one of the two."
            offenders.append((line, message))
    _stop(file, offenders)


def _stop(file: str, offenders: Sequence[tuple[int, str]]) -> None:
    if not offenders:
        return
    messages = [f"{file}:{line}: {what}" if line else what for line, what in sorted(offenders)]
    more = len(messages) - MOST_OFFENDERS
    if more > 0:
        messages = [*messages[:MOST_OFFENDERS], f"{file}: and {more} more like these."]
    raise InputError(messages)
