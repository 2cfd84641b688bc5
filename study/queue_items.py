"""Writes what waits for one coder: new queue items, and those whose model or place has changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from study import tables as t
from study.decisions import refresh_queue_item
from study.records import Excerpt, Transcript


@dataclass(frozen=True)
class _Queued:
    excerpt_id: int
    model_id: int
    place: float
    is_decided: bool


def queue_for_coder(
    connection: sa.Connection,
    coder_id: int,
    transcript: Transcript,
    excerpts: Sequence[Excerpt],
    *,
    model_id: int,
    places: Mapping[int, float],
) -> int:
    """Queue excerpts for one coder; give the number of items that changed.

    What the coder decided on keeps its model; its place may change all the same.

    Args:
        places: By excerpt, where it comes in its interview.
    """
    decided = _read_decided(connection, coder_id, transcript)
    queued = _read_queued(connection, coder_id, transcript, decided)
    known = {item.excerpt_id for item in queued}
    rows = [
        {
            "coder_id": coder_id,
            "excerpt_id": excerpt.id,
            "interview_id": transcript.interview_id,
            "model_version_id": model_id,
            "position": excerpt.position,
            "is_done": False,
            "is_unsure": False,
            "n_given": 0,
            "priority": places[excerpt.id],
        }
        for excerpt in excerpts
        if excerpt.id not in known
    ]
    if rows:
        connection.execute(sa.insert(t.queue_item), rows)
    # A file may have brought this coder's work before anything was queued.
    for excerpt_id in decided - known:
        refresh_queue_item(connection, coder_id, excerpt_id)
    return len(rows) + _requeue(connection, coder_id, queued, model_id=model_id, places=places)


def _read_decided(
    connection: sa.Connection, coder_id: int, transcript: Transcript
) -> frozenset[int]:
    query = sa.select(t.decision.c.excerpt_id).where(
        t.decision.c.coder_id == coder_id, t.decision.c.excerpt_id.in_(_excerpts_of(transcript))
    )
    return frozenset(connection.scalars(query))


def _read_queued(
    connection: sa.Connection, coder_id: int, transcript: Transcript, decided: frozenset[int]
) -> list[_Queued]:
    query = sa.select(t.queue_item).where(
        t.queue_item.c.coder_id == coder_id, t.queue_item.c.excerpt_id.in_(_excerpts_of(transcript))
    )
    return [
        _Queued(row.excerpt_id, row.model_version_id, row.priority, row.excerpt_id in decided)
        for row in connection.execute(query)
    ]


def _excerpts_of(transcript: Transcript) -> sa.Select[tuple[int]]:
    return sa.select(t.excerpt.c.id).where(t.excerpt.c.transcript_version_id == transcript.id)


def _requeue(
    connection: sa.Connection,
    coder_id: int,
    queued: Iterable[_Queued],
    *,
    model_id: int,
    places: Mapping[int, float],
) -> int:
    rows = []
    for item in queued:
        model = item.model_id if item.is_decided else model_id
        place = places.get(item.excerpt_id, item.place)
        if (model, place) != (item.model_id, item.place):
            rows.append({"excerpt": item.excerpt_id, "model": model, "place": place})
    if rows:
        connection.execute(
            sa.update(t.queue_item)
            .where(
                t.queue_item.c.coder_id == coder_id,
                t.queue_item.c.excerpt_id == sa.bindparam("excerpt"),
            )
            .values(model_version_id=sa.bindparam("model"), priority=sa.bindparam("place")),
            rows,
        )
    return len(rows)
