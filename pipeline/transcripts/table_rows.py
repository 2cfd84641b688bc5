"""A row of a table, whatever kind of file it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass

# Titles may stand above the header.
HEADER_ROWS = 10


@dataclass(frozen=True)
class Row:
    """A row with its number in the file, from 1."""

    number: int
    cells: list[object]


def to_names(cells: Sequence[object]) -> list[str]:
    """Give the cells as texts; an empty one is ""."""
    return ["" if cell is None else str(cell) for cell in cells]
