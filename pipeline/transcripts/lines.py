"""A line of a text or of a paragraph, and how places are named to a person."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_PLACE = re.compile(r"^(\D+) (\d+)$")
# A note that names every line of a long file is not read.
MOST_PLACES = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands; a blank one parts paragraphs.

    Attributes:
        label: Who speaks, where the file's own layout says so: a column of a table; "" where it
            says that nobody begins here.
        n_bold: How many characters it begins with are bold, while others are not.
        is_aside: Whether nobody says it: a page's number, a table of facts.
    """

    text: str
    unit: str
    number: int
    label: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    n_bold: int = 0
    is_aside: bool = False

    @property
    def place(self) -> str:
        """Name where it stands: "line 12"."""
        return f"{self.unit} {self.number}"


def split_lines(text: str) -> Iterator[Line]:
    r"""Split a text at every kind of line end: \n, \r\n, \r, \v, \f, U+2028."""
    is_new_page = False
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        shown = line.splitlines()[0]
        is_number = is_new_page and shown.strip().isdigit()
        yield Line(shown, "line", number, is_aside=is_number)
        is_new_page = line.endswith("\f")


def name_places(places: Iterable[str]) -> str:
    """Name places in few words: "lines 1–3", "cues 4, 9 and 12"."""
    found = list(dict.fromkeys(places))
    matches = [_PLACE.match(place) for place in found]
    units = {match.group(1) if match else "" for match in matches}
    if len(found) == 1 or len(units) > 1 or "" in units:
        return _enumerate(found)
    numbers = [int(match.group(2)) for match in matches if match]
    return f"{units.pop()}s {_enumerate(_runs(numbers))}"


def count_of(number: int, noun: str) -> str:
    """Count things in words: "1 comment", "3 comments"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _runs(numbers: Sequence[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [f"{first}" if first == last else f"{first}–{last}" for first, last in runs]


def _enumerate(names: list[str]) -> str:
    if len(names) > MOST_PLACES:
        return f"{', '.join(names[:MOST_PLACES])} and {len(names) - MOST_PLACES} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
