"""What SQLite wants otherwise than PostgreSQL does: its settings, new tables, vacuuming."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from study.errors import StudyError

BUSY_TIMEOUT_MS = 10_000


def set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Set a new connection up to survive power loss, and to forget what is deleted."""
    # The driver would begin transactions late and without a lock; study.database does it instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        # What a sort or a vacuum cannot hold would else be written outside the study.
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def without_references(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite make a table anew that others refer to, and check every reference afterwards.

    Source: sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes".
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if driver.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise StudyError(
            "The study's database refers to rows that are not there. Restore the newest backup."
        )


def vacuum(engine: sa.Engine) -> bool:
    """Write the file anew, so that nothing that was deleted or changed stays behind in it.

    Returns:
        False where another connection kept it from being done whole; try again later.
    """
    raw = engine.raw_connection()
    try:
        # The driver's own connection: SQLAlchemy's would begin a transaction.
        driver: Any = raw.driver_connection
        driver.execute("VACUUM")
        is_busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        raw.invalidate()
    return not is_busy
