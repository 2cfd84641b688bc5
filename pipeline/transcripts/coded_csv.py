"""Coded transcripts as CSV, one row per excerpt and coder: read whole or not at all."""

import csv
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.transcripts.csv_text import write_csv
from study.codings import CodedRow
from study.errors import InputError
from study.records import CodedInterview, GivenCoding, GivenExcerpt

COLUMNS = ("dataset", "interview_id", "excerpt_id", "order", "speaker", "text", "coder", "codes")
OPTIONAL = ("participant", "language")
ASSISTED, YES = "assisted", "yes"
LANGUAGE = re.compile("^[a-z]{2,3}$")
CODE_SEPARATOR = ";"
# A file with one mistake on every row is told by its first few.
MOST_OFFENDERS = 20


@dataclass(frozen=True)
class _Row:
    line: int
    values: dict[str, str]
    keys: tuple[str, ...]
    position: int


class _Offenders:
    """Collects what is wrong with a file, by line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[tuple[int, str]] = []

    def add(self, line: int, message: str) -> None:
        self.found.append((line, f"{self.file}:{line}: {message}"))

    def stop_if_any(self) -> None:
        if not self.found:
            return
        messages = [message for _, message in sorted(self.found)]
        more = len(messages) - MOST_OFFENDERS
        if more > 0:
            messages = [*messages[:MOST_OFFENDERS], f"{self.file}: and {more} more like these."]
        raise InputError(messages)


def read_coded_csv(path: Path, known_keys: Collection[str]) -> list[CodedInterview]:
    """Read every interview of a coded file.

    Args:
        known_keys: The codebook's keys; the codes of every row must be among them.

    Raises:
        InputError: Lists every offender with its line; no text of an excerpt is shown.
    """
    offenders = _Offenders(path.name)
    text = _decode(path, offenders)
    rows = _read_rows(text, offenders)
    _check_codes(rows, known_keys, offenders)
    _check_excerpts(rows, offenders)
    offenders.stop_if_any()
    return _group(rows)


def write_coded_csv(rows: Sequence[CodedRow]) -> str:
    """Write codings as a coded file; read_coded_csv gives the same back."""
    optional = [name for name in OPTIONAL if any(getattr(row, name) for row in rows)]
    # Said only where it is so: a file without the column was coded without suggestions.
    assisted = [ASSISTED] if any(row.is_assisted for row in rows) else []
    lines: list[list[object]] = [[*COLUMNS, *optional, *assisted]]
    for row in rows:
        fixed = [row.dataset, row.interview, row.excerpt, row.position, row.speaker, row.text]
        coded = [row.coder, CODE_SEPARATOR.join(row.keys)]
        said = [getattr(row, name) or "" for name in optional]
        lines.append([*fixed, *coded, *said, *([YES if row.is_assisted else ""] * len(assisted))])
    return write_csv(lines)


def _decode(path: Path, offenders: _Offenders) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        offenders.add(
            line,
            f"byte 0x{content[error.start]:02X} is not UTF-8. Save the file as 'CSV UTF-8' and "
            "import it again.",
        )
        offenders.stop_if_any()
        raise
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        offenders.add(line, "a NUL byte: this is not a CSV text file. Save it as 'CSV UTF-8'.")
        offenders.stop_if_any()
    return text


def _read_rows(text: str, offenders: _Offenders) -> list[_Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        _check_header(header, offenders)
        rows, line = [], reader.line_num
        for cells in reader:
            # A quoted text may run over several lines; a row is named by its first.
            first, line = line + 1, reader.line_num
            if cells and (row := _read_row(header, cells, first, offenders)):
                rows.append(row)
    except csv.Error as error:
        offenders.add(reader.line_num, f"not readable as CSV: {error}. Mend the quotes there.")
        offenders.stop_if_any()
        raise
    if not rows and not offenders.found:
        offenders.add(1, "no rows under the header. Give one row per excerpt and coder.")
    return rows


def _check_header(header: list[str], offenders: _Offenders) -> None:
    missing = [name for name in COLUMNS if name not in header]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        mark = "a semicolon" if ";" in header[0] else "a tab"
        offenders.add(1, f"columns are parted by {mark}, expected a comma. Save it with commas.")
    elif missing:
        offenders.add(1, f"missing columns: {', '.join(missing)}. Expected: {', '.join(COLUMNS)}.")
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    if twice:
        offenders.add(1, f"columns named twice: {', '.join(twice)}. Rename or remove one of each.")
    offenders.stop_if_any()


def _read_row(header: list[str], cells: list[str], line: int, offenders: _Offenders) -> _Row | None:
    if len(cells) != len(header):
        offenders.add(
            line,
            f"{len(cells)} cells where the header has {len(header)}. Put texts with commas in "
            "double quotes.",
        )
        return None
    values = dict(zip(header, cells, strict=True))
    empty = [name for name in ("interview_id", "excerpt_id", "coder") if not values[name].strip()]
    if empty:
        offenders.add(line, f"{', '.join(empty)} is empty. Every row needs it.")
        return None
    order = values["order"].strip()
    if not order.isdecimal() or int(order) > 2**31 - 1:
        offenders.add(line, f"order is '{order}', expected a whole number from 0 up.")
        return None
    if values.get(ASSISTED, "") not in ("", YES):
        offenders.add(line, f"assisted is '{values[ASSISTED]}', expected '{YES}' or nothing.")
        return None
    if values.get("language") and not LANGUAGE.match(values["language"]):
        offenders.add(
            line, f"language is '{values['language']}', expected a code such as nl or en."
        )
        return None
    keys = tuple(key.strip() for key in values["codes"].split(CODE_SEPARATOR) if key.strip())
    if len(set(keys)) < len(keys):
        offenders.add(line, f"a code is named twice in '{values['codes']}'. Name each once.")
    return _Row(line, values, keys, int(order))


def _check_codes(rows: list[_Row], known_keys: Collection[str], offenders: _Offenders) -> None:
    unknown: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for key in row.keys:
            if key not in known_keys:
                unknown[key].append(row.line)
    for key, lines in unknown.items():
        offenders.add(
            lines[0],
            f"code '{key}' is not in the codebook ({len(lines)} rows). Add it there, or mend it "
            "here.",
        )


def _check_excerpts(rows: list[_Row], offenders: _Offenders) -> None:
    first: dict[tuple[str, str], _Row] = {}
    by_order: dict[tuple[str, int], _Row] = {}
    seen: dict[tuple[str, str, str], int] = {}
    opening: dict[str, _Row] = {}
    for row in rows:
        interview, excerpt = row.values["interview_id"], row.values["excerpt_id"]
        earlier = first.setdefault((interview, excerpt), row)
        began = opening.setdefault(interview, row)
        for name in ("dataset", *OPTIONAL):
            if row.values.get(name) != began.values.get(name):
                offenders.add(
                    row.line,
                    f"interview '{interview}' has another {name} than on line {began.line}. One "
                    "interview has one.",
                )
        for name in ("order", "speaker", "text"):
            if row.values.get(name) != earlier.values.get(name):
                offenders.add(
                    row.line,
                    f"excerpt '{excerpt}' has another {name} than on line {earlier.line}. "
                    "Rows of one excerpt differ in coder and codes only.",
                )
        holder = by_order.setdefault((interview, row.position), row)
        if holder.values["excerpt_id"] != excerpt:
            offenders.add(
                row.line,
                f"excerpt '{excerpt}' has order {row.position}, as has "
                f"'{holder.values['excerpt_id']}' on line {holder.line}. Number them apart.",
            )
        twin = seen.setdefault((interview, excerpt, row.values["coder"]), row.line)
        if twin != row.line:
            offenders.add(
                row.line,
                f"excerpt '{excerpt}' by coder '{row.values['coder']}' stands on line {twin} "
                "already. Remove one of the two.",
            )


def _group(rows: Iterable[_Row]) -> list[CodedInterview]:
    by_interview: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_interview[row.values["interview_id"]].append(row)
    return [_interview(label, group) for label, group in by_interview.items()]


def _interview(label: str, rows: list[_Row]) -> CodedInterview:
    excerpts = {
        row.values["excerpt_id"]: GivenExcerpt(
            row.values["excerpt_id"], row.position, row.values["speaker"], row.values["text"]
        )
        for row in rows
    }
    return CodedInterview(
        label=label,
        dataset=rows[0].values["dataset"],
        language=rows[0].values.get("language") or None,
        participant=rows[0].values.get("participant") or None,
        excerpts=tuple(sorted(excerpts.values(), key=lambda excerpt: excerpt.position)),
        codings=tuple(
            GivenCoding(
                row.values["excerpt_id"],
                row.values["coder"],
                row.keys,
                row.line,
                is_assisted=row.values.get(ASSISTED) == YES,
            )
            for row in rows
        ),
    )
