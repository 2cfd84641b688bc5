"""Where a stretch of text lies after some of it was replaced, and how to get there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from study.records import Span


@dataclass(frozen=True)
class Replacement:
    """A stretch of a text and what stands there instead."""

    span: Span
    text: str


@dataclass(frozen=True)
class OffsetMap:
    """The stretches that differ between two texts, old and new, in order; the rest is the same."""

    moves: tuple[tuple[Span, Span], ...] = ()

    @classmethod
    def of(cls, replacements: Sequence[Replacement]) -> "OffsetMap":
        """Make the map of replacements that are sorted and do not overlap."""
        moves, shift = [], 0
        for replacement in replacements:
            old = replacement.span
            start = old.start_char + shift
            moves.append((old, Span(start, start + len(replacement.text))))
            shift += len(replacement.text) - (old.end_char - old.start_char)
        return cls(tuple(moves))

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[int]]) -> "OffsetMap":
        """Read a map from rows of four numbers."""
        return cls(tuple((Span(row[0], row[1]), Span(row[2], row[3])) for row in rows))

    def as_rows(self) -> list[list[int]]:
        """Give the map as rows: old start, old end, new start, new end."""
        return [
            [old.start_char, old.end_char, new.start_char, new.end_char] for old, new in self.moves
        ]

    def inverse(self) -> "OffsetMap":
        """Give the map from the new text to the old."""
        return OffsetMap(tuple((new, old) for old, new in self.moves))

    def move(self, span: Span) -> Span:
        """Give where a span of the old text lies in the new.

        A span that begins or ends inside a replaced stretch is widened to all that replaced it.
        """
        return Span(self._move_start(span.start_char), self._move_end(span.end_char))

    def then(self, later: "OffsetMap") -> "OffsetMap":
        """Give the one map that does what this one and then a later one do."""
        back = self.inverse()
        pairs = [(old, later.move(new)) for old, new in self.moves]
        pairs += [(back.move(old), new) for old, new in later.moves]
        return OffsetMap(_merge(sorted(pairs, key=lambda pair: pair[0].start_char)))

    def _move_start(self, offset: int) -> int:
        shift = 0
        for old, new in self.moves:
            if offset < old.end_char or offset == old.start_char:
                return new.start_char if offset > old.start_char else offset + shift
            shift = new.end_char - old.end_char
        return offset + shift

    def _move_end(self, offset: int) -> int:
        shift = 0
        for old, new in self.moves:
            if offset <= old.start_char:
                break
            if offset < old.end_char:
                return new.end_char
            shift = new.end_char - old.end_char
        return offset + shift


# What is to be replaced in a text.
FindReplacements = Callable[[str], Sequence[Replacement]]


def replace_all(text: str, replacements: Sequence[Replacement]) -> str:
    """Replace stretches that are sorted and do not overlap."""
    parts, reached = [], 0
    for replacement in replacements:
        parts += [text[reached : replacement.span.start_char], replacement.text]
        reached = replacement.span.end_char
    return "".join([*parts, text[reached:]])


def _merge(pairs: Sequence[tuple[Span, Span]]) -> tuple[tuple[Span, Span], ...]:
    merged: list[tuple[Span, Span]] = []
    for old, new in pairs:
        if merged and old.start_char < merged[-1][0].end_char:
            last_old, last_new = merged[-1]
            merged[-1] = (_join(last_old, old), _join(last_new, new))
        else:
            merged.append((old, new))
    return tuple(merged)


def _join(one: Span, other: Span) -> Span:
    return Span(min(one.start_char, other.start_char), max(one.end_char, other.end_char))
