"""How far coders are with each interview, what they were unsure of, and when they last worked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.decisions import PAGE


@dataclass(frozen=True)
class Standing:
    """How far one coder is with one interview; last_at is when they last decided in it."""

    interview_id: int
    interview: str
    coder_id: int
    n_excerpts: int
    n_done: int
    n_unsure: int
    last_at: datetime | None


@dataclass(frozen=True)
class Unsure:
    """An excerpt that a coder was unsure of; number is its place in the interview, from 1."""

    interview_id: int
    interview: str
    excerpt_id: int
    number: int


def list_queued_coders(connection: sa.Connection) -> list[int]:
    """Give every coder for whom anything was queued, by name."""
    has_queue = sa.exists().where(t.queue_item.c.coder_id == t.coder.c.id)
    return list(
        connection.scalars(sa.select(t.coder.c.id).where(has_queue).order_by(t.coder.c.name))
    )


def list_standing(connection: sa.Connection, coder_ids: Collection[int]) -> list[Standing]:
    """Count what is queued, done and unsure, by interview as they were added, then by coder.

    Nothing here tells what is to be coded blind: these excerpts are counted like all others.
    """
    item = t.queue_item.c
    latest = _last_worked(coder_ids)
    counts = (
        sa.select(
            item.interview_id,
            item.coder_id,
            sa.func.count().label("n_excerpts"),
            sa.func.sum(sa.cast(item.is_done, sa.Integer)).label("n_done"),
            sa.func.sum(sa.cast(item.is_unsure, sa.Integer)).label("n_unsure"),
        )
        .where(item.coder_id.in_(coder_ids))
        .group_by(item.interview_id, item.coder_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(counts, t.interview.c.label, latest.c.last_at)
        .join(t.interview, t.interview.c.id == counts.c.interview_id)
        .outerjoin(
            latest,
            (latest.c.interview_id == counts.c.interview_id)
            & (latest.c.coder_id == counts.c.coder_id),
        )
        .order_by(counts.c.interview_id, counts.c.coder_id)
    )
    return [
        Standing(
            interview_id=row.interview_id,
            interview=row.label,
            coder_id=row.coder_id,
            n_excerpts=row.n_excerpts,
            n_done=row.n_done,
            n_unsure=row.n_unsure,
            last_at=row.last_at,
        )
        for row in rows
    ]


def _last_worked(coder_ids: Collection[int]) -> sa.Subquery:
    # What came with a file was decided at another time than it was stored.
    return (
        sa.select(
            t.queue_item.c.interview_id,
            t.queue_item.c.coder_id,
            sa.func.max(t.decision.c.made_at, type_=t.UtcTime()).label("last_at"),
        )
        .join(
            t.queue_item,
            (t.queue_item.c.coder_id == t.decision.c.coder_id)
            & (t.queue_item.c.excerpt_id == t.decision.c.excerpt_id),
        )
        .where(t.decision.c.coder_id.in_(coder_ids), t.decision.c.origin == PAGE)
        .group_by(t.queue_item.c.interview_id, t.queue_item.c.coder_id)
        .subquery()
    )


def list_unsure(connection: sa.Connection, coder_id: int) -> list[Unsure]:
    """List the excerpts that a coder was unsure of, in the order of interviews and transcripts."""
    item = t.queue_item.c
    numbered = (
        sa.select(
            item.interview_id,
            item.excerpt_id,
            item.is_unsure,
            sa.func.row_number()
            .over(partition_by=item.interview_id, order_by=item.position)
            .label("number"),
        )
        .where(item.coder_id == coder_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(numbered, t.interview.c.label)
        .join(t.interview, t.interview.c.id == numbered.c.interview_id)
        .where(numbered.c.is_unsure)
        .order_by(numbered.c.interview_id, numbered.c.number)
    )
    return [Unsure(row.interview_id, row.label, row.excerpt_id, row.number) for row in rows]
