"""Finds words in transcripts, whatever their case and accents, at their places in the text."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from study import tables as t
from study.records import Span, Transcript, Turn
from study.standing_codings import OUTSIDE
from study.transcripts import list_transcripts

NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Written one way and searched another; what only shapes or parts lines says nothing.
ALIKE = (
    dict.fromkeys("‘’\u02bc", "'") | dict.fromkeys("“”„", '"') | dict.fromkeys("–\u2010\u2011", "-")
)
UNSPOKEN = ("Mn", "Cf")
NONE = Turn("", Span(0, 0))


@dataclass(frozen=True)
class Folded:
    """A text without case and accents, and where each of its signs stands in the original.

    at, starts, sizes: Of the signs that became none or several: where they begin in the folded
        text, where they stand in the original, and how many signs they became.
    """

    text: str
    at: tuple[int, ...]
    starts: tuple[int, ...]
    sizes: tuple[int, ...]

    def find_sign(self, place: int) -> int:
        """Give the place in the original of the sign that stands at a place of the folded text."""
        last = bisect_right(self.at, place) - 1
        if last < 0:
            return place
        beyond = place - self.at[last] - self.sizes[last]
        return self.starts[last] if beyond < 0 else self.starts[last] + 1 + beyond


@dataclass(frozen=True)
class Place:
    """Where some words stand.

    excerpt_id, number, frame: The excerpt that holds their beginning, else the next, else the
        last; numbers count from 1.
    near: The rows of that excerpt and its neighbours.
    """

    excerpt_id: int
    number: int
    frame: Span
    near: tuple[int, ...]
    turn: Turn


def fold(text: str) -> str:
    """Take case and accents off, and write ligatures as their letters."""
    # What is no ASCII is folded sign by sign: so each keeps its place. The rest is quicker at once.
    return NOT_ASCII.sub(lambda found: _fold_sign(found[0]), text).lower()


def compile_search(words: str, *, is_whole_words: bool = False) -> re.Pattern[str]:
    """Make a pattern that finds words, or several in a row, in a folded text.

    Raises:
        ValueError: There is nothing to search for.
    """
    wanted = fold(words).split()
    if not wanted:
        raise ValueError("nothing to search for")
    pattern = r"\s+".join(re.escape(word) for word in wanted)
    return re.compile(rf"(?<!\w){pattern}(?!\w)" if is_whole_words else pattern)


def find_words(text: str, pattern: re.Pattern[str]) -> list[Span]:
    """Find every place of a pattern in a text, in code points of the text as it is.

    Of a sign that became several the whole is found; what belongs to a sign is found with it.
    """
    plain = fold(text)
    hits = [found.span() for found in pattern.finditer(plain)]
    if not hits or text.isascii():
        return [Span(start, end) for start, end in hits]
    folded = _note_places(text, plain)
    return [_place(text, folded, start, end) for start, end in hits]


def list_queued(connection: sa.Connection, coder_id: int) -> list[Transcript]:
    """Read the current transcripts of the interviews in a coder's queue, in their order."""
    version = t.transcript_version.c
    queued = sa.select(t.queue_item.c.interview_id).where(t.queue_item.c.coder_id == coder_id)
    is_cut = sa.exists().where(t.excerpt.c.segmentation_id == version.segmentation_id)
    ids = connection.scalars(
        sa.select(version.id).where(version.is_current, version.interview_id.in_(queued), is_cut)
    )
    return list_transcripts(connection, ids)


def find_places(
    connection: sa.Connection, transcript: Transcript, spans: Sequence[Span]
) -> list[Place]:
    """Find the excerpt and the turn of some words in a transcript whose excerpts are queued.

    As most turns and excerpts hold none of them, only those that do become records.
    """
    frame, turn = t.excerpt.c, t.turn.c
    frames = connection.execute(
        sa.select(frame.id, frame.start_char, frame.end_char)
        .where(frame.segmentation_id == transcript.segmentation_id)
        .order_by(frame.position)
    ).all()
    turns = connection.execute(
        sa.select(turn.start_char, turn.end_char, turn.start_ms, t.speaker.c.label)
        .outerjoin(t.speaker, t.speaker.c.id == turn.speaker_id)
        .where(turn.transcript_version_id == transcript.id)
        .order_by(turn.position)
    ).all()
    ends, starts = [row[2] for row in frames], [row[0] for row in turns]
    return [
        Place(
            excerpt_id=frames[at].id,
            number=at + 1,
            frame=Span(frames[at].start_char, frames[at].end_char),
            near=tuple(row.id for row in frames[max(0, at - 1) : at + 2]),
            turn=_turn(turns[max(0, bisect_right(starts, span.start_char) - 1)]) if turns else NONE,
        )
        for span in spans
        for at in [min(bisect_right(ends, span.start_char), len(frames) - 1)]
    ]


def find_marked(
    connection: sa.Connection, coder_id: int, version_ids: Collection[int]
) -> frozenset[int]:
    """Find the excerpts that were in hand when a coder gave codes to words outside of all."""
    rows = connection.scalars(
        sa.select(t.decision.c.excerpt_id)
        .join(t.passage, t.passage.c.id == t.decision.c.id)
        .where(
            t.passage.c.transcript_version_id.in_(version_ids),
            t.decision.c.coder_id == coder_id,
            t.decision.c.verdict == OUTSIDE,
        )
    )
    return frozenset(rows)


def _turn(row: sa.Row[tuple[int, int, int | None, str]]) -> Turn:
    span = Span(row.start_char, row.end_char)
    return Turn(row.label or "", span, start_ms=row.start_ms)


@lru_cache(maxsize=4096)
def _fold_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKD", ALIKE.get(sign, sign)).casefold()
    # Folding case may bring a mark along; of İ it does.
    plain = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in plain if unicodedata.category(each) not in UNSPOKEN)


def _note_places(text: str, plain: str) -> Folded:
    shift, noted = 0, []
    for found in NOT_ASCII.finditer(text):
        size = len(_fold_sign(found[0]))
        if size != 1:
            noted.append((found.start() + shift, found.start(), size))
            shift += size - 1
    at, starts, sizes = zip(*noted, strict=True) if noted else ((), (), ())
    return Folded(plain, at, starts, sizes)


def _place(text: str, folded: Folded, start: int, end: int) -> Span:
    first, last = folded.find_sign(start), folded.find_sign(end - 1) + 1
    while last < len(text) and text[last] > "\x7f" and not _fold_sign(text[last]):
        last += 1
    return Span(first, last)
