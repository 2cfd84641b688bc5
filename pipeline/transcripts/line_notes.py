"""Gathers, while lines become turns, the places that a person should look at."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.label_choice import is_doubtful
from pipeline.transcripts.lines import Line, name_places

_WITHIN = re.compile(r"[.?!…]\s+(\S.{0,40}?)\s?:(?=\s)")
_MOST_SEARCHED = 5000


@dataclass
class Told:
    """Places that notes name.

    Attributes:
        seldom: The labels that were chosen but occur seldom.
    """

    seldom: set[str]
    markers: list[str] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)

    def add_marker(self, line: Line) -> None:
        """Tell a line that a program put in."""
        self.markers.append(line.place)

    def add_head(self, head: Head, line: Line, labels: set[str]) -> None:
        """Tell a label that was taken for a speaker and may be none."""
        if head.label in self.seldom and head.kind is not Kind.GIVEN:
            self.singles.append(line.place)
        self._add_within(head.text, line, labels)

    def add_words(self, heads: Sequence[Head], line: Line, labels: set[str]) -> None:
        """Tell a line that goes on with a turn and may begin another."""
        if any(head.label in labels and head.text for head in heads) or any(
            map(is_doubtful, heads)
        ):
            self.doubtful.append(line.place)
        self._add_within(line.text, line, labels)

    def _add_within(self, text: str, line: Line, labels: set[str]) -> None:
        found = _WITHIN.finditer(text[:_MOST_SEARCHED])
        if any(match.group(1) in labels for match in found):
            self.within.append(line.place)


def tell(lines: Sequence[Line], first: int, told: Told) -> Iterator[str]:
    """Say what was found; first is the line with which the talk begins."""
    heading = [line.place for line in lines[:first] if line.text.strip()]
    if heading:
        verb = "stand" if len(heading) > 1 else "stands"
        yield (
            f"{name_places(heading)} {verb} before the first speaker label: kept as a heading, "
            "not coded"
        )
    if told.markers:
        yield f"{name_places(told.markers)}: put in by the program, kept as a note, not coded"
    if told.singles:
        yield (
            f"{name_places(told.singles)}: a label that occurs seldom, or is a common word, was "
            "taken for a speaker: look"
        )
    if told.doubtful:
        yield (
            f"{name_places(told.doubtful)}: begins like a speaker's label; kept in the turn before "
            "it, look whether somebody else speaks there"
        )
    if told.within:
        yield (
            f"{name_places(told.within)}: a speaker's label stands within the line; look whether "
            "somebody else speaks there"
        )
