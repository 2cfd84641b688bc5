"""Where each file of the inbox stands; its name is known by its keyed hash only."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row

NEW, WAITING, TAKEN, SET_ASIDE = t.FILE_STATES


@dataclass(frozen=True)
class FileNote:
    """Where a file of the inbox stands; reason holds no words and no names."""

    id: int
    name_hash: str
    source_hash: str
    n_bytes: int
    mtime_ns: int
    row_hash: str | None
    state: str
    reason: str | None
    interview_id: int | None
    noted_at: datetime


def read_file_notes(connection: sa.Connection) -> dict[str, FileNote]:
    """Read where every file stands, by the keyed hash of its name."""
    return {row.name_hash: _note(row) for row in connection.execute(sa.select(t.inbox_file))}


def read_file_note(connection: sa.Connection, file_id: int) -> FileNote:
    """Read where one file stands."""
    query = sa.select(t.inbox_file).where(t.inbox_file.c.id == file_id)
    return _note(connection.execute(query).one())


def note_arrival(
    connection: sa.Connection,
    *,
    name_hash: str,
    source_hash: str,
    n_bytes: int,
    mtime_ns: int,
    now: datetime,
) -> int:
    """Note a new or changed file, still unread; give its row. What it became before is kept."""
    seen = {
        "source_hash": source_hash,
        "n_bytes": n_bytes,
        "mtime_ns": mtime_ns,
        "state": NEW,
        "reason": None,
        "noted_at": now,
    }
    mine = t.inbox_file.c.name_hash == name_hash
    known = connection.scalar(sa.select(t.inbox_file.c.id).where(mine))
    if known is None:
        return insert_row(connection, t.inbox_file, name_hash=name_hash, **seen)
    connection.execute(sa.update(t.inbox_file).where(mine).values(seen))
    return int(known)


def note_touched(connection: sa.Connection, note: FileNote, *, mtime_ns: int) -> None:
    """Note that a file was only touched: its content is what it was."""
    connection.execute(
        sa.update(t.inbox_file).where(t.inbox_file.c.id == note.id).values(mtime_ns=mtime_ns)
    )


def note_outcome(
    connection: sa.Connection,
    file_id: int,
    state: str,
    *,
    now: datetime,
    reason: str | None = None,
    interview_id: int | None = None,
    row_hash: str | None = None,
) -> None:
    """Note what became of a file; an interview that it was before stays named.

    Args:
        row_hash: Of what a person had said of it.
    """
    values: dict[str, object] = {
        "state": state,
        "reason": reason,
        "row_hash": row_hash,
        "noted_at": now,
    }
    if interview_id is not None:
        values["interview_id"] = interview_id
    connection.execute(sa.update(t.inbox_file).where(t.inbox_file.c.id == file_id).values(values))


def is_from_file(connection: sa.Connection, interview: str) -> bool:
    """Tell whether the interview of a label came from a file of the inbox."""
    query = (
        sa.select(t.inbox_file.c.id)
        .join(t.interview, t.interview.c.id == t.inbox_file.c.interview_id)
        .where(t.interview.c.label == interview)
        .limit(1)
    )
    return connection.execute(query).first() is not None


def count_files(connection: sa.Connection) -> dict[str, int]:
    """Count the files of the inbox by where they stand."""
    rows = connection.execute(
        sa.select(t.inbox_file.c.state, sa.func.count()).group_by(t.inbox_file.c.state)
    )
    return {row[0]: row[1] for row in rows}


def _note(row: sa.Row[tuple[object, ...]]) -> FileNote:
    return FileNote(
        id=row.id,
        name_hash=row.name_hash,
        source_hash=row.source_hash,
        n_bytes=row.n_bytes,
        mtime_ns=row.mtime_ns,
        row_hash=row.row_hash,
        state=row.state,
        reason=row.reason,
        interview_id=row.interview_id,
        noted_at=row.noted_at,
    )
