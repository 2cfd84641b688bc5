"""Vectors, one per distinct text and encoder."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row

FloatArray = npt.NDArray[np.float32]
# Half precision moves a cosine by less than 1e-6 and halves the study's size.
STORED = np.dtype("<f2")
# SQLite takes at most 32,766 values in one statement; PostgreSQL 65,535.
CHUNK = 5_000


def hash_text(text: str) -> str:
    """Name a text by its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def find_encoder(connection: sa.Connection, name: str, revision: str) -> int | None:
    """Give the row of an encoder, or None when nothing was encoded with it yet."""
    found = connection.scalar(
        sa.select(t.encoder.c.id).where(t.encoder.c.name == name, t.encoder.c.revision == revision)
    )
    return None if found is None else int(found)


def store_encoder(connection: sa.Connection, name: str, revision: str) -> int:
    """Give the row of an encoder, made if it is new."""
    found = find_encoder(connection, name, revision)
    if found is not None:
        return found
    return insert_row(connection, t.encoder, name=name, revision=revision)


def missing_texts(
    connection: sa.Connection, encoder_id: int, texts: Iterable[str]
) -> dict[str, str]:
    """Give the distinct texts that have no vector yet, as hash -> text in first-seen order."""
    by_hash = {hash_text(text): text for text in texts}
    known = _read_raw(connection, encoder_id, list(by_hash)).keys()
    return {key: text for key, text in by_hash.items() if key not in known}


def store_vectors(
    connection: sa.Connection, encoder_id: int, hashes: Sequence[str], vectors: FloatArray
) -> None:
    """Store (n, dim) vectors under their texts' hashes."""
    rows = [
        {"encoder_id": encoder_id, "text_hash": key, "values": row.tobytes()}
        for key, row in zip(hashes, vectors.astype(STORED), strict=True)
    ]
    if rows:
        connection.execute(sa.insert(t.vector), rows)


def read_vectors(connection: sa.Connection, encoder_id: int, hashes: Sequence[str]) -> FloatArray:
    """Read vectors in the order of the hashes: (n, dim) float32, rows of length 1.

    Raises:
        KeyError: A text has no vector; embed it first.
    """
    raw = _read_raw(connection, encoder_id, list(dict.fromkeys(hashes)))
    return _as_rows([raw[key] for key in hashes])


def read_vectors_of_cuts(
    connection: sa.Connection, encoder_id: int, segmentation_ids: Sequence[int]
) -> FloatArray:
    """Read the vectors of all excerpts of some cuts: (n, dim) float32, rows of length 1."""
    vector, excerpt = t.vector.c, t.excerpt.c
    rows = connection.scalars(
        sa.select(vector["values"])
        .join(t.excerpt, excerpt.text_hash == vector.text_hash)
        .where(vector.encoder_id == encoder_id, excerpt.segmentation_id.in_(segmentation_ids))
        .order_by(excerpt.transcript_version_id, excerpt.position)
    )
    return _as_rows(list(rows))


def _as_rows(raw: Sequence[bytes]) -> FloatArray:
    if not raw:
        return np.zeros((0, 0), dtype=np.float32)
    matrix = np.frombuffer(b"".join(raw), dtype=STORED).reshape(len(raw), -1).astype(np.float32)
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), dtype=np.float32)


def _read_raw(connection: sa.Connection, encoder_id: int, hashes: list[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for start in range(0, len(hashes), CHUNK):
        rows = connection.execute(
            sa.select(t.vector.c.text_hash, t.vector.c["values"]).where(
                t.vector.c.encoder_id == encoder_id,
                t.vector.c.text_hash.in_(hashes[start : start + CHUNK]),
            )
        )
        found.update((key, values) for key, values in rows)
    return found
