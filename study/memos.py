"""What people write down: on a passage, a code, a participant or the study; never overwritten."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row

EXCERPT, CODE, PARTICIPANT, STUDY = "excerpt", "code", "participant", "study"


@dataclass(frozen=True)
class Memo:
    """One wording of a memo; the newest of a coder on a subject is what stands."""

    id: int
    coder: str
    subject: str
    subject_id: int | None
    text: str
    made_at: datetime


def store_memo(
    connection: sa.Connection,
    *,
    coder_id: int,
    subject: str,
    subject_id: int | None,
    text: str,
    now: datetime,
) -> int:
    """Store a wording of a memo; give its row. An empty one says that there is none any more."""
    values = {"coder_id": coder_id, "subject": subject, "subject_id": subject_id}
    return insert_row(connection, t.memo, **values, text=text, made_at=now)


def read_memos(connection: sa.Connection, ids: Collection[int]) -> dict[int, str]:
    """Read the texts of some memos, by row."""
    if not ids:
        return {}
    rows = connection.execute(sa.select(t.memo.c.id, t.memo.c.text).where(t.memo.c.id.in_(ids)))
    return {row.id: row.text for row in rows}


def list_memos(
    connection: sa.Connection, subject: str, subject_id: int | None, *, coder_id: int | None = None
) -> list[Memo]:
    """Read every wording of the memos on a subject, the newest first.

    Args:
        coder_id: Only this coder's.
    """
    query = (
        sa.select(t.memo, t.coder.c.name)
        .join(t.coder, t.coder.c.id == t.memo.c.coder_id)
        .where(t.memo.c.subject == subject, t.memo.c.subject_id.is_not_distinct_from(subject_id))
        .order_by(t.memo.c.id.desc())
    )
    if coder_id is not None:
        query = query.where(t.memo.c.coder_id == coder_id)
    return [
        Memo(row.id, row.name, row.subject, row.subject_id, row.text, row.made_at)
        for row in connection.execute(query)
    ]
