"""What PostgreSQL wants otherwise than SQLite: addresses, locks between machines, vacuuming."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from study.errors import StudyError
from study.locks import LockedError

# Any numbers but the write lock's: PostgreSQL's advisory locks are each database's own.
RUN_LOCK, MIGRATION_LOCK = 2, 3
DRIVER = "postgresql+psycopg"
# As hosts hand addresses out; SQLAlchemy would take the second for another driver's.
USUAL_NAMES = ("postgres", "postgresql")
NAME = "themeloop"
SECRETS = ("password", "sslpassword")
CONNECT_SECONDS = 10
LOCK_SECONDS = 10
LOOK_SECONDS = 0.1
# A machine that lost power says no goodbye: its session, and its lock, go after about a minute.
SESSION = (
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
    "SET idle_session_timeout = 0",
)


def read_url(text: str | sa.URL) -> sa.URL:
    """Read the address of a database.

    Raises:
        StudyError: It is none; says so without showing it, for it may hold a password.
    """
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise _unusable() from None
    if url.drivername in USUAL_NAMES:
        url = url.set(drivername=DRIVER)
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise _unusable()
    return url


def make_engine(url: sa.URL) -> sa.Engine:
    """Make what opens connections to a PostgreSQL.

    Raises:
        StudyError: The package that talks to it is not installed.
    """
    options = {"application_name": _own_name(), "connect_timeout": CONNECT_SECONDS}
    try:
        # Asked whether it still answers: a server that was started anew costs nobody a decision.
        return sa.create_engine(url, connect_args=options, pool_pre_ping=True)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise _unusable() from error


def without_password(url: sa.URL) -> sa.URL:
    """Give an address as it may be stored and shown."""
    return url._replace(password=None).difference_update_query(SECRETS)


def is_same_database(one: sa.URL, other: sa.URL) -> bool:
    """Tell whether two addresses may be one database's.

    What either leaves unsaid, such as the port, is not compared.
    """
    return one.get_backend_name() == other.get_backend_name() and all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in zip(_place(one), _place(other), strict=True)
    )


def require_fit(connection: sa.Connection) -> None:
    """Check that a study may be put into a database.

    Raises:
        StudyError: It is not UTF-8, or something other than a study is in it.
    """
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StudyError(
            f"The PostgreSQL database keeps text as {encoding}, in which not every letter can be "
            "written. Make one with: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'."
        )
    tables = sa.inspect(connection).get_table_names()
    if tables and not {"alembic_version", "study"} <= set(tables):
        raise StudyError(
            f"The PostgreSQL database holds {len(tables)} tables of something else. Give the "
            "study a database of its own."
        )


@contextmanager
def hold_run(engine: sa.Engine, message: str) -> Iterator[None]:
    """Hold a database for one run, whichever machine it is on; the lock goes with the process.

    Raises:
        LockedError: Another run holds it; says the message.
    """
    with _session(engine) as driver:
        for statement in SESSION:
            driver.execute(statement)
        if not driver.execute(f"SELECT pg_try_advisory_lock({RUN_LOCK})").fetchone()[0]:
            raise LockedError(message)
        yield


@contextmanager
def hold_migration(connection: sa.Connection) -> Iterator[None]:
    """Wait until nobody else changes the schema: after an upgrade several begin at once."""
    with _session(connection.engine) as driver:
        driver.execute(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
        yield


def is_run_held(connection: sa.Connection) -> bool:
    """Tell whether a run holds the database, on whichever machine."""
    query = (
        "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE locktype = 'advisory' AND granted AND classid = 0 AND objsubid = 1 "
        f"AND objid = {RUN_LOCK} AND datname = current_database())"
    )
    return bool(connection.exec_driver_sql(query).scalar())


def count_other_programs(connection: sa.Connection) -> int:
    """Count the connections that other processes of themeloop have to the database."""
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND starts_with(application_name, :name) AND application_name <> :own"
    )
    return int(connection.scalar(query, {"name": f"{NAME} ", "own": _own_name()}) or 0)


def vacuum(engine: sa.Engine) -> bool:
    """Write every table anew, so that nothing that was deleted or changed stays behind in one.

    Returns:
        False where another transaction kept it from being done whole; try again later.
    """
    with _session(engine) as driver:
        driver.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        if not _wait_for_readers(driver):
            return False
        try:
            driver.execute("VACUUM FULL")
        except engine.dialect.loaded_dbapi.OperationalError:
            return False
    return True


def _wait_for_readers(driver: Any) -> bool:  # noqa: ANN401 - the driver's own connection
    # VACUUM keeps, and says nothing, what a transaction that began before could still read.
    now = driver.execute("SELECT pg_current_xact_id()::text").fetchone()[0]
    older = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend' "
        f"AND age(backend_xmin) > age('{int(now) % 2**32}'::xid)"
    )
    end = time.monotonic() + LOCK_SECONDS
    while driver.execute(older).fetchone()[0]:
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_SECONDS)
    return True


@contextmanager
def _session(engine: sa.Engine) -> Iterator[Any]:
    raw = engine.raw_connection()
    try:
        # The driver's own connection: SQLAlchemy's would begin a transaction.
        driver: Any = raw.driver_connection
        driver.autocommit = True
        yield driver
    finally:
        # Closed, not given back: with it go its settings and its locks.
        raw.invalidate()


def _own_name() -> str:
    # What one process is known by among those that are connected; the server cuts at 63 bytes.
    return f"{NAME} {os.getpid()} {socket.gethostname()}"[:60]


def _place(url: sa.URL) -> tuple[object, object, object]:
    port = url.port or url.query.get("port")
    return url.host or url.query.get("host"), str(port) if port else None, url.database


def _unusable() -> StudyError:
    return StudyError(
        "The address of the study's database ('database_url' in study.toml, or "
        "THEMELOOP_DATABASE_URL) cannot be used: expected something like "
        "postgresql://user@host/name, and the package psycopg (pip install 'themeloop[postgres]')."
    )
