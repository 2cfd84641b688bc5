"""How many suggestions were accepted sooner than their passage can be read; a help to the coder."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from study import tables as t
from study.decisions import PAGE

# Most adults read English non-fiction silently at 175 to 300 words a minute, in the mean at 238
# (Brysbaert 2019, doi:10.1016/j.jml.2019.104047). Half as much again as the fastest of these:
# nobody is told to slow down for reading well.
WORDS_PER_MINUTE = 450
# Of fewer than so many nothing is told.
LEAST_TOLD = 20
N_TEXTS_AT_ONCE = 50


@dataclass(frozen=True)
class Pace:
    """How fast one coder accepted suggestions.

    n: Acceptances of which it can be told; n_fast of them came sooner than the passage can be read.
    n_unknown: Nobody knows how long the excerpt had been on the screen.
    n_again: The coder had worked on the excerpt before, and so had read it.
    last_at: When the latest of all these was.
    """

    n: int = 0
    n_fast: int = 0
    n_unknown: int = 0
    n_again: int = 0
    last_at: datetime | None = None

    @property
    def is_told(self) -> bool:
        """Tell whether there are enough to say anything."""
        return self.n >= LEAST_TOLD


@dataclass(frozen=True)
class _Accepted:
    coder_id: int
    excerpt_id: int
    made_at: datetime
    shown_ms: int | None
    is_again: bool


def reading_ms(n_words: int) -> float:
    """Say how long a very fast reader needs for so many words."""
    return n_words / WORDS_PER_MINUTE * 60_000


def read_paces(connection: sa.Connection, until: Mapping[int, datetime]) -> dict[int, Pace]:
    """Read how fast coders accepted what was suggested, by coder.

    What was taken back does not count. A coder's excerpts are counted as they were cut.

    Args:
        until: By coder, before when an acceptance was made.
    """
    accepted = list(_list_accepted(connection, until))
    n_words = _count_words(connection, list(until)) if accepted else {}
    paces = {coder_id: Pace() for coder_id in until}
    for each in accepted:
        paces[each.coder_id] = _add(paces[each.coder_id], each, n_words)
    return paces


def read_pace_seen(connection: sa.Connection) -> dict[int, datetime]:
    """Give when each coder was last shown their own pace; who never was is not there."""
    rows = connection.execute(
        sa.select(t.coder.c.id, t.coder.c.pace_seen_at).where(t.coder.c.pace_seen_at.is_not(None))
    )
    return {row.id: row.pace_seen_at for row in rows}


def note_pace_seen(connection: sa.Connection, coder_id: int, *, now: datetime) -> None:
    """Remember that a coder was shown their own pace."""
    connection.execute(sa.update(t.coder).where(t.coder.c.id == coder_id).values(pace_seen_at=now))


def _add(pace: Pace, accepted: _Accepted, n_words: Mapping[int, int]) -> Pace:
    last = max(filter(None, (pace.last_at, accepted.made_at)))
    if accepted.shown_ms is None:
        return replace(pace, n_unknown=pace.n_unknown + 1, last_at=last)
    if accepted.is_again:
        return replace(pace, n_again=pace.n_again + 1, last_at=last)
    is_fast = accepted.shown_ms < reading_ms(n_words[accepted.excerpt_id])
    return replace(pace, n=pace.n + 1, n_fast=pace.n_fast + is_fast, last_at=last)


def _list_accepted(connection: sa.Connection, until: Mapping[int, datetime]) -> Iterator[_Accepted]:
    undone, first = _read_undone(connection, until), _first_worked(until)
    d = t.decision.c
    rows = connection.execute(
        sa.select(d.coder_id, d.excerpt_id, d.action, d.made_at, d.shown_ms, first.c.first_at)
        .join(first, (first.c.excerpt_id == d.excerpt_id) & (first.c.coder_id == d.coder_id))
        .where(_is_accepted(until))
    )
    for coder_id, excerpt_id, action, made_at, shown_ms, first_at in rows:
        if made_at < until[coder_id] and (coder_id, action) not in undone:
            # What came before the excerpt was put on the screen this time is of an earlier time.
            painted_at = made_at - timedelta(milliseconds=shown_ms or 0)
            yield _Accepted(coder_id, excerpt_id, made_at, shown_ms, first_at < painted_at)


def _is_accepted(coder_ids: Collection[int]) -> sa.ColumnElement[bool]:
    d = t.decision.c
    return sa.and_(
        d.coder_id.in_(coder_ids),
        d.verdict == "accept",
        d.suggestion_id.is_not(None),
        d.is_assisted,
        d.origin == PAGE,
    )


def _first_worked(coder_ids: Collection[int]) -> sa.Subquery:
    d = t.decision.c
    return (
        sa.select(
            d.excerpt_id, d.coder_id, sa.func.min(d.made_at, type_=t.UtcTime()).label("first_at")
        )
        .where(d.coder_id.in_(coder_ids), d.origin == PAGE)
        .group_by(d.excerpt_id, d.coder_id)
        .subquery()
    )


def _read_undone(connection: sa.Connection, coder_ids: Collection[int]) -> set[tuple[int, str]]:
    d = t.decision.c
    rows = connection.execute(
        sa.select(d.coder_id, d.action, d.undoes)
        .where(d.coder_id.in_(coder_ids), d.undoes.is_not(None))
        .order_by(d.id.desc())
    )
    undone: set[tuple[int, str]] = set()
    # From the newest backwards: an undo that was undone takes nothing back.
    for coder_id, action, undoes in rows:
        if (coder_id, action) not in undone:
            undone.add((coder_id, undoes))
    return undone


def _count_words(connection: sa.Connection, coder_ids: Collection[int]) -> dict[int, int]:
    """Count the words of every excerpt with something accepted, a few transcripts at a time."""
    excerpts = sa.select(t.decision.c.excerpt_id).where(_is_accepted(coder_ids))
    frames = connection.execute(
        sa.select(
            t.excerpt.c.id,
            t.excerpt.c.transcript_version_id,
            t.excerpt.c.start_char,
            t.excerpt.c.end_char,
        ).where(t.excerpt.c.id.in_(excerpts))
    )
    by_version: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for excerpt_id, version_id, start_char, end_char in frames:
        by_version[version_id].append((excerpt_id, start_char, end_char))
    return {
        excerpt_id: len(text[start_char:end_char].split())
        for version_id, text in _list_texts(connection, list(by_version))
        for excerpt_id, start_char, end_char in by_version[version_id]
    }


def _list_texts(connection: sa.Connection, version_ids: list[int]) -> Iterator[tuple[int, str]]:
    version = t.transcript_version.c
    for first in range(0, len(version_ids), N_TEXTS_AT_ONCE):
        some = version_ids[first : first + N_TEXTS_AT_ONCE]
        for row in connection.execute(
            sa.select(version.id, version.text).where(version.id.in_(some))
        ):
            yield row.id, row.text
