"""Lays a transcript out as people read it: speakers, turns in order, excerpts marked in them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from study.records import Excerpt, Span, Transcript, Turn
from study.transcripts import INTERVIEWER

# A window begins and ends at a multiple of this, so that from one excerpt to the next it stays.
BLOCK = 20


@dataclass(frozen=True)
class Part:
    """A stretch of a turn that lies in one excerpt, or in none; number is the excerpt's.

    offset: Where it begins in its excerpt, in code points; start_char: in its transcript.
    """

    excerpt_id: int | None
    number: int | None
    text: str
    offset: int = 0
    start_char: int = 0


@dataclass(frozen=True)
class TurnView:
    """What one speaker says; is_question where the interviewer does, start_ms when."""

    position: int
    speaker: str
    is_question: bool
    parts: tuple[Part, ...]
    start_ms: int | None = None


@dataclass(frozen=True)
class Window:
    """The turns around an excerpt, and how many lie before and after them."""

    turns: tuple[TurnView, ...]
    n_earlier: int
    n_later: int


def open_window(
    transcript: Transcript,
    turns: Sequence[Turn],
    excerpts: Sequence[Excerpt],
    current: Excerpt,
    *,
    before: int,
    after: int,
) -> Window:
    """Lay out the turns around an excerpt.

    Args:
        excerpts: Those of the transcript's cut in order; none overlaps another.
        before, after: How many turns to show on either side at least.
    """
    touching = [i for i, turn in enumerate(turns) if _touch(turn.span, current.span)]
    first = max(0, (min(touching, default=0) - before) // BLOCK * BLOCK)
    last = min(len(turns), -(-(max(touching, default=0) + after + 1) // BLOCK) * BLOCK)
    starts = [excerpt.span.end_char for excerpt in excerpts]
    views = []
    for position in range(first, last):
        turn = turns[position]
        # The first excerpt that does not end before the turn begins; one without words ends there.
        is_empty = turn.span.start_char == turn.span.end_char
        nearest = bisect_left(starts, turn.span.start_char + (not is_empty))
        parts = tuple(_cut(transcript.text, turn.span, excerpts, nearest))
        # A coded file may write it with a capital, and then its role is not known.
        is_question = INTERVIEWER in (turn.role, turn.speaker.lower())
        views.append(TurnView(position, turn.speaker, is_question, parts, turn.start_ms))
    return Window(tuple(views), n_earlier=first, n_later=len(turns) - last)


def _cut(text: str, turn: Span, excerpts: Sequence[Excerpt], nearest: int) -> Iterator[Part]:
    reached = turn.start_char
    for number in range(nearest, len(excerpts)):
        span = excerpts[number].span
        if span.start_char >= turn.end_char and span != turn:
            break
        yield from _between(text[reached : max(reached, span.start_char)], reached)
        begin, end = max(reached, span.start_char), min(span.end_char, turn.end_char)
        offset = begin - span.start_char
        yield Part(excerpts[number].id, number + 1, text[begin:end], offset, begin)
        reached = end
    yield from _between(text[reached : turn.end_char], reached)


def _between(text: str, start_char: int) -> Iterator[Part]:
    if text.strip():
        yield Part(None, None, text, start_char=start_char)


def _touch(one: Span, other: Span) -> bool:
    # A turn in which nothing was said lies in no other, but is one to decide on.
    return one == other or (one.start_char < other.end_char and other.start_char < one.end_char)
