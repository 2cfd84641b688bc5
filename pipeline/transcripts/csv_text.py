"""Writes CSV that every reader takes back as it was."""

import re
from collections.abc import Iterable, Sequence

# The standard library's writer leaves a lone carriage return unquoted, and its reader then ends
# the row there.
QUOTED = re.compile('[",\r\n]')


def write_csv(rows: Iterable[Sequence[object]]) -> str:
    """Write rows of cells, quoted where they must be, with lines ending in a line feed."""
    return "".join(",".join(_cell(value) for value in row) + "\n" for row in rows)


def _cell(value: object) -> str:
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text
