"""Transcripts with the names that a person marked in them."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.identifying.gazetteer import KEEP, Entry, Gazetteer, empty_gazetteer, read_gazetteer
from pipeline.transcripts.reader import SUFFIXES, read_transcript
from study.errors import InputError
from study.records import Span

COLUMNS = ("file", "name", "category")


@dataclass(frozen=True)
class Marked:
    """The names that a person marked: of one file, or of a gazetteer."""

    by_file: Mapping[str, Sequence[Entry]]
    gazetteer: Gazetteer

    def of(self, file: str, participant: str | None) -> tuple[Entry, ...]:
        """Give the names marked in a file; those of all where its participant is not said."""
        known = self.gazetteer.of(participant) if participant else self.gazetteer.entries
        return (*self.by_file.get(file, ()), *(each for each in known if each.category != KEEP))


@dataclass(frozen=True)
class MarkedText:
    """A text with the stretches that a person marked as identifying, longest first, apart."""

    name: str
    language: str
    text: str
    names: tuple[Entry, ...]
    marked: tuple[tuple[Span, str], ...]
    participant: str | None = None


def read_marked(path: Path) -> Marked:
    """Read what a person marked.

    Raises:
        InputError: It has neither the columns file, name and category nor those of a gazetteer.
    """
    rows = _read_rows(path)
    header = list(rows[0]) if rows else []
    if "participant" in header:
        return Marked({}, read_gazetteer(path))
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        expected = f"Expected {', '.join(COLUMNS)}, or a gazetteer's."
        raise InputError([f"{path.name}:1: missing columns: {', '.join(missing)}. {expected}"])
    by_file: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        by_file[row["file"]].append(Entry(row["name"], row["category"]))
    return Marked(dict(by_file), empty_gazetteer())


def read_interviews(path: Path) -> dict[str, dict[str, str]]:
    """Read whose interview each file is, and in which language."""
    return {row.get("file", ""): row for row in _read_rows(path)}


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: (value or "").strip() for name, value in row.items() if name}
            for row in csv.DictReader(file)
        ]


def read_texts(
    places: Iterable[Path],
    marked: Marked,
    interviews: Mapping[str, Mapping[str, str]],
    language: str,
) -> list[MarkedText]:
    """Read every transcript in the places with the stretches marked in it.

    Raises:
        InputError: A marked file is not there, there is no transcript, or one cannot be read.
    """
    paths = sorted({path for place in places for path in _list_files(place)})
    absent = sorted(set(marked.by_file) - {path.name for path in paths})
    offenders = [f"marked file '{name}' is not among the transcripts. Mend it." for name in absent]
    if not paths:
        offenders.append("no transcripts there. Name their folder.")
    if offenders:
        raise InputError(offenders)
    texts = []
    for path in paths:
        row = interviews.get(path.name, {})
        text = "\n".join(turn.text for turn in read_transcript(path).turns)
        participant = row.get("participant") or None
        names = marked.of(path.name, participant)
        said = row.get("language") or language
        spans = find_marked(text, names)
        texts.append(MarkedText(path.name, said, text, names, spans, participant))
    return texts


def find_marked(text: str, entries: Sequence[Entry]) -> tuple[tuple[Span, str], ...]:
    """Give every whole-word place of the marked names, the longer before the shorter.

    Plainly and apart from the product's own matching, which is what is measured.
    """
    taken: set[int] = set()
    found: list[tuple[Span, str]] = []
    named = [(name, entry.category) for entry in entries for name in entry.names]
    for name, category in sorted(set(named), key=lambda pair: (-len(pair[0]), pair)):
        words = r"\s+".join(re.escape(word) for word in name.split())
        for place in re.finditer(rf"(?<!\w){words}(?=s?(?!\w))", text, re.IGNORECASE):
            reach = set(range(*place.span()))
            if not reach & taken:
                taken |= reach
                found.append((Span(*place.span()), category))
    return tuple(sorted(found, key=lambda pair: pair[0].start_char))


def _list_files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [path for path in place.rglob("*") if path.suffix.lower() in SUFFIXES]
