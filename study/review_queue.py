"""The queue: every excerpt of every interview, in the order wanted, for each reviewing coder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.decisions import decisions_of
from study.draws import drawn_excerpts, find_owed
from study.errors import StudyError
from study.excerpt_state import ExcerptState, replay
from study.queue_items import queue_for_coder
from study.records import Excerpt, Transcript


@dataclass(frozen=True)
class QueueItem:
    """One excerpt as it waits for, or was finished by, one coder.

    priority: Where it comes in its interview, the lowest first; then by position.
    """

    excerpt_id: int
    interview_id: int
    position: int
    model_version_id: int
    is_done: bool
    is_unsure: bool
    n_given: int
    priority: float = 0.0


@dataclass(frozen=True)
class InterviewProgress:
    """How far one coder is with one interview."""

    interview_id: int
    interview: str
    n_excerpts: int
    n_done: int


def queue_excerpts(
    connection: sa.Connection,
    transcript: Transcript,
    excerpts: list[Excerpt],
    model_id: int,
    priorities: Mapping[int, float] | None = None,
) -> int:
    """Queue every excerpt for every reviewing coder; give the number of items that changed.

    An excerpt on which a coder already decided keeps the suggestions that were on the screen.

    Args:
        priorities: By excerpt, where it comes in its interview, the lowest first; 0 unless told.
            Of equal ones the first in the transcript comes first.
    """
    coders = connection.scalars(
        sa.select(t.coder.c.id).where(t.coder.c.is_reviewing).order_by(t.coder.c.id)
    )
    places = {excerpt.id: (priorities or {}).get(excerpt.id, 0.0) for excerpt in excerpts}
    return sum(
        queue_for_coder(connection, coder, transcript, excerpts, model_id=model_id, places=places)
        for coder in coders
    )


def ensure_coder(connection: sa.Connection, name: str, *, now: datetime) -> None:
    """Let the coder of the settings review, known or new."""
    known = connection.execute(sa.select(t.coder).where(t.coder.c.name == name)).one_or_none()
    if known is None:
        connection.execute(
            sa.insert(t.coder).values(name=name, role="coder", is_reviewing=True, added_at=now)
        )
    elif not known.is_reviewing:
        connection.execute(
            sa.update(t.coder).where(t.coder.c.id == known.id).values(is_reviewing=True)
        )


def reviewing_coders(connection: sa.Connection) -> list[str]:
    """Name the coders for whom excerpts are queued."""
    names = sa.select(t.coder.c.name).where(t.coder.c.is_reviewing).order_by(t.coder.c.name)
    return list(connection.scalars(names))


def find_coder(connection: sa.Connection, name: str) -> int:
    """Give the row of a reviewing coder.

    Raises:
        StudyError: Nobody of that name reviews.
    """
    found = connection.scalar(
        sa.select(t.coder.c.id).where(t.coder.c.name == name, t.coder.c.is_reviewing)
    )
    if found is None:
        raise StudyError(
            f"Nothing is queued for a coder called '{name}'. Run 'themeloop suggest' first."
        )
    return int(found)


def list_progress(connection: sa.Connection, coder_id: int) -> list[InterviewProgress]:
    """Count what is queued and done, by interview in the order they were added."""
    rows = connection.execute(
        sa.select(
            t.interview.c.id,
            t.interview.c.label,
            sa.func.count().label("n_excerpts"),
            sa.func.sum(sa.cast(t.queue_item.c.is_done, sa.Integer)).label("n_done"),
        )
        .join(t.queue_item, t.queue_item.c.interview_id == t.interview.c.id)
        .where(t.queue_item.c.coder_id == coder_id)
        .group_by(t.interview.c.id, t.interview.c.label)
        .order_by(t.interview.c.id)
    )
    return [InterviewProgress(row.id, row.label, row.n_excerpts, row.n_done) for row in rows]


def first_open(
    connection: sa.Connection, coder_id: int, *, after: QueueItem | None = None
) -> QueueItem | None:
    """Find the excerpt that comes next, after a given one where there is any.

    An interview's blind excerpts come first, in transcript order: any other would tell something
    of what the machine makes of them. Then all its others come by priority.
    """
    if after is not None and (found := _next_within(connection, coder_id, after)):
        return found
    found = _first_of_all(connection, coder_id, after) or _first_of_all(connection, coder_id, None)
    if found is None:
        return None
    return _first_owed(connection, coder_id, found.interview_id) or found


def list_upcoming(
    connection: sa.Connection, coder_id: int, item: QueueItem, *, n: int
) -> list[int]:
    """List the excerpts that come after one that is being finished, as they would be shown now.

    Where blind excerpts are owed they end with these: what comes then has suggestions by then.
    """
    owed = find_owed(connection, coder_id, item.interview_id)
    if owed:
        left = owed - {item.excerpt_id}
        if not left:
            return []
        rows = connection.execute(_open_items(coder_id).where(t.queue_item.c.excerpt_id.in_(left)))
        items = sorted((i for row in rows if (i := _item(row))), key=lambda i: i.position)
        after = [i for i in items if i.position > item.position]
        return [i.excerpt_id for i in (*after, *(i for i in items if i not in after))][:n]
    return _list_open_after(connection, coder_id, item, n=n)


def _list_open_after(
    connection: sa.Connection, coder_id: int, item: QueueItem, *, n: int
) -> list[int]:
    found: list[int] = []
    following = first_open(connection, coder_id, after=item)
    while following is not None and following.excerpt_id not in (item.excerpt_id, *found):
        found.append(following.excerpt_id)
        # Another interview may begin blind, and is asked for when it is reached.
        if len(found) == n or following.interview_id != item.interview_id:
            break
        following = first_open(connection, coder_id, after=following)
    return found


def _next_within(connection: sa.Connection, coder_id: int, after: QueueItem) -> QueueItem | None:
    owed = _first_owed(connection, coder_id, after.interview_id, after=after.position)
    if owed is not None:
        return owed
    # What was coded blind lies anywhere in the interview: the others are read from its beginning.
    is_blind = after.excerpt_id in drawn_excerpts(connection, after.interview_id)
    query = _open_items(coder_id).where(t.queue_item.c.interview_id == after.interview_id)
    if not is_blind:
        place = sa.tuple_(t.queue_item.c.priority, t.queue_item.c.position)
        query = query.where(place > (after.priority, after.position))
    return _item(connection.execute(query.limit(1)).one_or_none())


def _first_of_all(
    connection: sa.Connection, coder_id: int, after: QueueItem | None
) -> QueueItem | None:
    query = _open_items(coder_id)
    if after is not None:
        query = query.where(t.queue_item.c.interview_id > after.interview_id)
    return _item(connection.execute(query.limit(1)).one_or_none())


def _first_owed(
    connection: sa.Connection, coder_id: int, interview_id: int, *, after: int = -1
) -> QueueItem | None:
    owed = find_owed(connection, coder_id, interview_id)
    if not owed:
        return None
    rows = connection.execute(_open_items(coder_id).where(t.queue_item.c.excerpt_id.in_(owed)))
    items = sorted(
        (item for row in rows if (item := _item(row)) is not None), key=lambda item: item.position
    )
    return next((item for item in items if item.position > after), items[0] if items else None)


def _open_items(coder_id: int) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(t.queue_item)
        .where(t.queue_item.c.coder_id == coder_id, t.queue_item.c.is_done.is_(False))
        .order_by(t.queue_item.c.interview_id, t.queue_item.c.priority, t.queue_item.c.position)
    )


def read_item(connection: sa.Connection, coder_id: int, excerpt_id: int) -> QueueItem | None:
    """Read one queue item, or None where this coder has none for the excerpt."""
    return _item(
        connection.execute(
            sa.select(t.queue_item).where(
                t.queue_item.c.coder_id == coder_id, t.queue_item.c.excerpt_id == excerpt_id
            )
        ).one_or_none()
    )


def list_items(connection: sa.Connection, coder_id: int, interview_id: int) -> list[QueueItem]:
    """Read a coder's queue items of one interview in transcript order."""
    rows = connection.execute(
        sa.select(t.queue_item)
        .where(t.queue_item.c.coder_id == coder_id, t.queue_item.c.interview_id == interview_id)
        .order_by(t.queue_item.c.position)
    )
    return [item for row in rows if (item := _item(row)) is not None]


def derive_states(
    connection: sa.Connection, version_id: int
) -> dict[tuple[int, int], ExcerptState]:
    """Derive every state in a transcript version from its decisions, by (excerpt, coder)."""
    return {pair: replay(history) for pair, history in decisions_of(connection, version_id).items()}


def _item(row: sa.Row[tuple[object, ...]] | None) -> QueueItem | None:
    if row is None:
        return None
    return QueueItem(
        excerpt_id=row.excerpt_id,
        interview_id=row.interview_id,
        position=row.position,
        model_version_id=row.model_version_id,
        is_done=row.is_done,
        is_unsure=row.is_unsure,
        n_given=row.n_given,
        priority=row.priority,
    )
