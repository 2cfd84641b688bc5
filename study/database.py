"""The one place where a connection to the study's database is opened and a transaction begun."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from study.errors import StudyError

BUSY_TIMEOUT_MS = 10_000
SCHEMA_REVISION = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Reads and writes in transactions; a write takes its lock before it reads."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engine = _make_engine(self.url)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one moment of the study."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a transaction that writes; all of it happens or none.

        Raises:
            StudyError: Another program has held the database for ten seconds.
        """
        with self.engine.connect() as opened:
            connection = opened.execution_options(themeloop_write=True)
            try:
                transaction = connection.begin()
            except sa.exc.OperationalError as error:
                raise StudyError(_busy_message(self.url)) from error
            with transaction:
                yield connection

    def migrate(self) -> None:
        """Bring the schema up to this version's."""
        from alembic import command  # noqa: PLC0415 - half a second that no other command needs

        with self.engine.connect() as connection:
            command.upgrade(_alembic_config(connection), "head")

    def is_current(self) -> bool:
        """Tell whether the schema is this version's, without loading the migration tool."""
        with self.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return False
            number = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return bool(number == SCHEMA_REVISION)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _make_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url)
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    # The driver would begin transactions late and without a lock; _begin_sqlite does it instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    is_write = connection.get_execution_options().get("themeloop_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _busy_message(url: sa.URL) -> str:
    seconds = BUSY_TIMEOUT_MS // 1000
    return (
        f"The study's database ({url.get_backend_name()}) could not be opened for writing within "
        f"{seconds} s. Another program is writing to it: wait for it, or stop it."
    )


def _alembic_config(connection: sa.Connection) -> Any:  # noqa: ANN401 - Alembic is imported late
    from alembic.config import Config  # noqa: PLC0415 - see migrate

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
