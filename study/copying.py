"""Copies every row of a study from one database into another, and checks that each is the same."""

import hashlib
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from study import tables as t
from study.database import Database
from study.errors import StudyError
from study.fingerprint import fingerprint_study

# A transcript of an hour is some 50 kB, and a thousand of them are held at once.
ROWS_AT_ONCE = 1_000
BITS = 256
COPY, COMPARE = "copy rows", "compare rows"
Report = Callable[[str, int, int], None]
Rows: TypeAlias = Sequence[sa.Row[tuple[object, ...]]]


@dataclass(frozen=True)
class Copied:
    """What a copy holds, as the database it was made from does."""

    n_tables: int
    n_rows: int
    fingerprint: str


@dataclass(frozen=True)
class Digest:
    """A table's rows in a number, whatever their order."""

    n_rows: int = 0
    total: int = 0

    def plus(self, rows: Rows) -> "Digest":
        """Add rows."""
        total = self.total
        for row in rows:
            # Python tells every type apart: 1 from 1.0 and True, text from bytes.
            said = repr(tuple(row)).encode("utf-8", "surrogatepass")
            total += int.from_bytes(hashlib.sha256(said).digest())
        return Digest(self.n_rows + len(rows), total % (1 << BITS))


def copy_database(source: sa.Connection, target: Database, report: Report) -> Copied:
    """Copy all rows into an empty database, in one transaction: whatever stops it leaves none.

    Args:
        source: A transaction on what is copied.
        report: Is told the step, how many rows are done, and of how many.

    Raises:
        StudyError: The target is not empty, cannot hold a row, or holds another one afterwards.
    """
    target.require_fit()
    if not target.is_current():
        target.migrate()
    with target.write() as into:
        _require_empty(into)
        digests = _copy_tables(source, into, report)
        _set_sequences(into)
        _compare(into, digests, report)
        n_rows = sum(digest.n_rows for digest in digests.values())
        copied = Copied(len(digests), n_rows, _compare_fingerprints(source, into))
    target.analyse()
    return copied


def count_rows(connection: sa.Connection) -> int:
    """Count the rows of all tables."""
    counts = (sa.select(sa.func.count()).select_from(table) for table in t.metadata.sorted_tables)
    return sum(int(connection.scalar(count) or 0) for count in counts)


def _require_empty(target: sa.Connection) -> None:
    if n_rows := count_rows(target):
        raise StudyError(
            f"The database to copy to is not empty: it holds a study of {n_rows} rows. Nothing "
            "was copied. Name an empty one."
        )


def _copy_tables(
    source: sa.Connection, target: sa.Connection, report: Report
) -> dict[sa.Table, Digest]:
    n_all, n_done, digests = count_rows(source), 0, {}
    # In the order in which their rows refer to each other.
    for table in t.metadata.sorted_tables:
        digest = Digest()
        with closing(_chunks(source, table)) as chunks:
            for rows in chunks:
                _insert(target, table, rows)
                digest = digest.plus(rows)
                n_done += len(rows)
                report(COPY, n_done, n_all)
        digests[table] = digest
    return digests


def _chunks(connection: sa.Connection, table: sa.Table) -> Generator[Rows, None, None]:
    query = sa.select(table).order_by(*table.primary_key)
    with connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}) as result:
        yield from result.partitions()


def _insert(target: sa.Connection, table: sa.Table, rows: Rows) -> None:
    try:
        target.execute(sa.insert(table), [dict(row._mapping) for row in rows])
    except (sa.exc.DataError, sa.exc.IntegrityError) as error:
        first, last = (
            ", ".join(str(getattr(row, column.name)) for column in table.primary_key)
            for row in (rows[0], rows[-1])
        )
        # Without the driver's own words, which hold the row's.
        raise StudyError(
            f"Table '{table.name}' holds a row that the other database refuses "
            f"({type(error).__name__}), between the keys {first} and {last}: a NUL sign in a text, "
            "or a reference to what is not there. Nothing was copied. Check the study with "
            "'themeloop doctor'."
        ) from None


def _set_sequences(target: sa.Connection) -> None:
    # SQLite numbers on from the highest row by itself.
    if target.dialect.name != "postgresql":
        return
    for table in t.metadata.sorted_tables:
        key = table.autoincrement_column
        highest = None if key is None else target.scalar(sa.select(sa.func.max(key)))
        if key is not None and highest is not None:
            sequence = sa.func.pg_get_serial_sequence(table.name, key.name)
            target.execute(sa.select(sa.func.setval(sequence, highest)))


def _compare(target: sa.Connection, digests: dict[sa.Table, Digest], report: Report) -> None:
    n_all, n_done = sum(digest.n_rows for digest in digests.values()), 0
    for table, expected in digests.items():
        found = Digest()
        with closing(_chunks(target, table)) as chunks:
            for rows in chunks:
                found = found.plus(rows)
                n_done += len(rows)
                report(COMPARE, n_done, n_all)
        if found != expected:
            raise StudyError(
                f"Table '{table.name}' differs in the copy ({found.n_rows} rows, expected "
                f"{expected.n_rows}). Nothing was kept of it; the study is as it was. Please "
                "report this."
            )


def _compare_fingerprints(source: sa.Connection, target: sa.Connection) -> str:
    before, after = fingerprint_study(source), fingerprint_study(target)
    if before != after:
        raise StudyError(
            f"The copy's fingerprint is {after[:12]}…, the study's {before[:12]}…. Nothing was "
            "kept of the copy; the study is as it was. Please report this."
        )
    return after
