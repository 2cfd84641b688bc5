"""What may be the head of a turn: a label, the times beside it, and the words after it."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How plainly a line shows that a turn begins."""

    GIVEN = "the file's own layout, such as a table's column, names the speaker"
    SURE = "a time or brackets besides the label"
    PLAIN = "a colon after the label"
    WEAK = "a tab, a dash, bold print or a line of its own"


@dataclass(frozen=True, slots=True)
class Head:
    """What may be the head of a turn; text is what follows it on the line."""

    label: str
    text: str
    kind: Kind
    start_ms: int | None = None
    end_ms: int | None = None
