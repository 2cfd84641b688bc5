"""Writes CSV that every reader takes back as it was."""

import re
from collections.abc import Iterable, Sequence

# The standard library's writer leaves a lone carriage return unquoted, and its reader then ends
# the row there.
QUOTED = re.compile('["\r\n]')


def write_csv(rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> str:
    """Write rows of cells, quoted where they must be, with lines ending in a line feed."""
    return "".join(delimiter.join(_cell(value, delimiter) for value in row) + "\n" for row in rows)


def find_delimiter(text: str) -> str:
    """Tell by the first line what parts the cells: spreadsheets on Dutch machines write ';'."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _cell(value: object, delimiter: str) -> str:
    text = str(value)
    is_quoted = delimiter in text or QUOTED.search(text)
    return '"' + text.replace('"', '""') + '"' if is_quoted else text
