"""The one place where a connection to the study's database is opened and a transaction begun."""

import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa

from study import postgresql, sqlite
from study.errors import StudyError
from study.sqlite import BUSY_TIMEOUT_MS
from study.taking_turns import Turns

# For rooms that pass a transaction on and know nothing of what it is.
Connection: TypeAlias = sa.Connection
TRY_AGAIN_SECONDS = 0.001
# The bits of an error code that SQLite adds details to.
PRIMARY = 0xFF
# Any number will do: PostgreSQL's advisory locks are each database's own.
WRITE_LOCK = 1
SCHEMA_REVISION = "0004"
MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Reads and writes in transactions; a write takes its lock before it reads.

    Raises:
        StudyError: The address is not one, its driver is missing, or nothing answers there.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self._turns = Turns()
        self.url = postgresql.read_url(url)
        self.engine = _make_engine(self.url)
        # A command that ends without closing it still takes leave of the server.
        weakref.finalize(self, self.engine.dispose)

    @property
    def is_file(self) -> bool:
        """Tell whether it is a file, which one machine uses and no server guards."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one moment of the study."""
        with self._connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a transaction that writes; all of it happens or none.

        Raises:
            StudyError: Another program has held the database for ten seconds.
        """
        with self._take_turn(), self._connect() as opened:
            connection = opened.execution_options(themeloop_write=True)
            try:
                transaction = connection.begin()
            except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
                raise StudyError(_busy_message(self.url)) from error
            with transaction:
                yield connection

    @contextmanager
    def _take_turn(self) -> Iterator[None]:
        # SQLite knows no order among those who wait: of fifty coders some would wait in vain.
        with ExitStack() as turn:
            try:
                turn.enter_context(self._turns.take(seconds=BUSY_TIMEOUT_MS / 1000))
            except TimeoutError as error:
                raise StudyError(_busy_message(self.url)) from error
            yield

    def migrate(self) -> None:
        """Bring the schema up to this version's.

        Raises:
            StudyError: A newer themeloop has changed it.
        """
        from alembic import command, util  # noqa: PLC0415 - half a second that no other command needs

        guard = sqlite.without_references if self.is_file else postgresql.hold_migration
        with self._connect() as connection, guard(connection):
            try:
                command.upgrade(_alembic_config(connection), "head")
            except util.CommandError as error:
                raise StudyError(
                    f"The study's database has a schema that is not known here (up to "
                    f"{SCHEMA_REVISION} is). It was opened with a newer themeloop: use that one."
                ) from error

    def is_current(self) -> bool:
        """Tell whether the schema is this version's, without loading the migration tool."""
        with self._connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return False
            number = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return bool(number == SCHEMA_REVISION)

    def require_fit(self) -> None:
        """Check that a study may be made here; a file is made for it.

        Raises:
            StudyError: It is not UTF-8, or something other than a study is in it.
        """
        if self.is_file:
            return
        with self.read() as connection:
            postgresql.require_fit(connection)

    @contextmanager
    def hold_run(self, message: str) -> Iterator[None]:
        """Keep runs on other machines from the database; a file's run is held in its folder.

        Raises:
            LockedError: Another run holds it; says the message.
        """
        with nullcontext() if self.is_file else postgresql.hold_run(self.engine, message):
            yield

    def is_run_held(self) -> bool:
        """Tell whether a run holds the database, on whichever machine."""
        if self.is_file:
            return False
        with self.read() as connection:
            return postgresql.is_run_held(connection)

    def count_other_programs(self) -> int:
        """Count other processes' connections to the database; nobody counts those to a file."""
        if self.is_file:
            return 0
        with self.read() as connection:
            return postgresql.count_other_programs(connection)

    def analyse(self) -> None:
        """Tell the planner what there is, after many rows were written at once."""
        with self._connect() as connection, connection.begin():
            connection.exec_driver_sql("ANALYZE")

    def vacuum(self) -> bool:
        """Rewrite the database, so that nothing that was deleted or changed stays behind in it.

        Returns:
            False where another connection kept it from being done whole; try again later.
        """
        return sqlite.vacuum(self.engine) if self.is_file else postgresql.vacuum(self.engine)

    def _connect(self) -> sa.Connection:
        try:
            return self.engine.connect()
        except sa.exc.DatabaseError as error:
            # The driver's own message may hold the password.
            raise StudyError(_closed_message(self.url)) from error

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _make_engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url)
        sa.event.listen(engine, "connect", sqlite.set_up)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = postgresql.make_engine(url)
        sa.event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_sqlite(connection: sa.Connection) -> None:
    if not _is_write(connection):
        connection.exec_driver_sql("BEGIN")
        return
    # By itself SQLite sleeps up to a tenth of a second between two tries; a run that writes one
    # interview after another would be let in again and again, and a coder never.
    driver: Any = connection.connection.driver_connection
    end = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _has_begun(driver, is_last=time.monotonic() > end):
            time.sleep(TRY_AGAIN_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _has_begun(driver: Any, *, is_last: bool) -> bool:  # noqa: ANN401 - the driver's own connection
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if is_last or error.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _begin_postgresql(connection: sa.Connection) -> None:
    if not _is_write(connection):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return
    # One writer at a time, as on SQLite: nobody changes what it reads before it writes.
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def _is_write(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("themeloop_write", False))


def _busy_message(url: sa.URL) -> str:
    seconds = BUSY_TIMEOUT_MS // 1000
    return (
        f"The study's database ({url.get_backend_name()}) could not be opened for writing within "
        f"{seconds} s. Another program is writing to it: wait for it, or stop it."
    )


def _closed_message(url: sa.URL) -> str:
    if url.get_backend_name() == "sqlite":
        return (
            "The study's database (sqlite) cannot be opened. Check that you may read and write "
            "it; if study.db is damaged, restore a backup."
        )
    return (
        "The study's database (postgresql) cannot be opened. Check that the server is up, that "
        "the database is there, and that your user and password may open it ('database_url' in "
        "study.toml, the password in THEMELOOP_DATABASE_URL or ~/.pgpass)."
    )


def _alembic_config(connection: sa.Connection) -> Any:  # noqa: ANN401 - Alembic is imported late
    from alembic.config import Config  # noqa: PLC0415 - see migrate

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
