"""Cuts of transcript versions into excerpts: stored, published, named by their content."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from study.ledger import hash_parts
from study.records import Span
from study.vectors import hash_text


def store_segmentation(
    connection: sa.Connection,
    version_id: int,
    *,
    method: str,
    labels: Sequence[str],
    positions: Sequence[int],
    spans: Sequence[Span],
    now: datetime,
) -> list[int]:
    """Store one cut of a transcript version into excerpts; give the excerpts' rows."""
    version = t.transcript_version
    number, text = connection.execute(
        sa.select(version.c.number, version.c.text).where(version.c.id == version_id)
    ).one()
    hashes = [hash_text(text[span.start_char : span.end_char]) for span in spans]
    segmentation_id = insert_row(
        connection,
        t.segmentation,
        transcript_version_id=version_id,
        method=method,
        content_hash=hash_cut(method, number, text, spans),
        made_at=now,
    )
    rows = [
        {
            "segmentation_id": segmentation_id,
            "transcript_version_id": version_id,
            "label": label,
            "position": position,
            "start_char": span.start_char,
            "end_char": span.end_char,
            "text_hash": text_hash,
        }
        for label, position, span, text_hash in zip(labels, positions, spans, hashes, strict=True)
    ]
    if rows:
        connection.execute(sa.insert(t.excerpt), rows)
    ids = sa.select(t.excerpt.c.id).where(t.excerpt.c.segmentation_id == segmentation_id)
    return list(connection.scalars(ids.order_by(t.excerpt.c.position)))


def hash_cut(method: str, number: int, text: str, spans: Sequence[Span]) -> str:
    """Name a cut by its content; a later version's is another, though it may read the same.

    Args:
        number: Of the transcript version.
    """
    later = [number] if number > 1 else []
    return hash_parts(method, hash_text(text), *later, *spans)


def publish_segmentation(connection: sa.Connection, version_id: int, method: str) -> None:
    """Make the latest cut by a method the one that the study works with."""
    latest = connection.scalar(
        sa.select(sa.func.max(t.segmentation.c.id)).where(
            t.segmentation.c.transcript_version_id == version_id, t.segmentation.c.method == method
        )
    )
    connection.execute(
        sa.update(t.transcript_version)
        .where(t.transcript_version.c.id == version_id)
        .values(segmentation_id=latest)
    )


def segmentation_hashes(connection: sa.Connection) -> dict[int | None, str]:
    """Give the content hash of every cut by its row."""
    rows = connection.execute(sa.select(t.segmentation.c.id, t.segmentation.c.content_hash))
    return {row.id: row.content_hash for row in rows}


def read_cut_hash(connection: sa.Connection, segmentation_id: int | None) -> str:
    """Give the content hash of one cut."""
    query = sa.select(t.segmentation.c.content_hash).where(t.segmentation.c.id == segmentation_id)
    return str(connection.execute(query).scalar_one())


def count_excerpts(connection: sa.Connection) -> dict[int | None, int]:
    """Count the excerpts of every cut, by its row."""
    cut = t.excerpt.c.segmentation_id
    rows = connection.execute(sa.select(cut, sa.func.count().label("n")).group_by(cut))
    return {row.segmentation_id: row.n for row in rows}
