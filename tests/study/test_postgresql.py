"""What PostgreSQL must be told: of runs on other machines, of old words, of upgrades."""

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from study import postgresql as postgresql_module
from study import tables as t
from study.database import Database
from study.errors import StudyError
from study.folder import open_study
from tests.study.synthetic import import_coded, make_interview


@pytest.fixture
def study(postgresql, tmp_path):
    with postgresql.new_study(tmp_path / "study") as study:
        yield study


@pytest.fixture
def elsewhere(study, tmp_path):
    """The same study as another machine has it: a folder of its own, the same database."""
    folder = tmp_path / "elsewhere"
    (folder / "secrets").mkdir(parents=True)
    for name in ("study.toml", "secrets/hash-key"):
        (folder / name).write_bytes((study.folder / name).read_bytes())
    other = open_study(folder)
    yield other
    other.database.close()


def test_run_on_another_machine_is_refused(study, elsewhere):
    with study.lock(), pytest.raises(StudyError, match="at work"), elsewhere.lock():
        pass

    with elsewhere.lock():
        pass


def test_run_on_another_machine_is_seen(study, elsewhere):
    assert not study.is_at_work()

    with elsewhere.lock():
        assert study.is_at_work()

    assert not study.is_at_work()


def test_runs_of_another_database_are_not_seen(study, postgresql, tmp_path):
    with postgresql.new_study(tmp_path / "third") as third, third.lock():
        assert not study.is_at_work()


HOLDER = """
import sys, time
from pathlib import Path
from study.folder import open_study
with open_study(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(600)
"""


def test_lock_goes_with_the_process_that_held_it_on_another_machine(study, elsewhere):
    command = [sys.executable, "-c", HOLDER, str(elsewhere.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        assert study.is_at_work()
        holder.kill()
        holder.wait()

    wait_until_free(study)
    with study.lock():
        pass


def wait_until_free(study):
    # The server notices in its own time that nobody is there any more.
    with study.database.engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({postgresql_module.RUN_LOCK})")
        connection.invalidate()


def test_connections_of_other_programs_are_counted(study):
    own = study.database.count_other_programs()
    with connect_as(study, "themeloop 1 elsewhere"), connect_as(study, "psql"):
        assert (own, study.database.count_other_programs()) == (0, 1)


def connect_as(study, name):
    options = {"application_name": name}
    url = study.database.url
    return sa.create_engine(url, connect_args=options, poolclass=sa.NullPool).connect()


def test_server_that_was_started_anew_costs_nobody_anything(study, elsewhere):
    with elsewhere.database.write() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with study.database.read() as connection:
        assert connection.scalar(sa.select(1)) == 1


def test_vacuum_leaves_no_old_words_behind(study):
    with study.database.read() as connection:
        if not connection.exec_driver_sql(
            "SELECT usesuper FROM pg_user WHERE usename = user"
        ).scalar():
            pytest.skip("only a superuser reads the server's files")
    import_coded(study, make_interview())
    for role in ("invented", "other"):
        with study.database.write() as connection:
            connection.execute(sa.update(t.speaker).values(role=role))
    is_left = has_word_on_disk(study, "invented")

    is_done = study.database.vacuum()

    assert (is_left, is_done) == (True, True)
    assert not has_word_on_disk(study, "invented")


def has_word_on_disk(study, word):
    """Tell whether a word is anywhere in the speakers' file, as it lies on the disk."""
    with study.database.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("CHECKPOINT")
        path = "pg_read_binary_file(pg_relation_filepath('speaker'))"
        return connection.exec_driver_sql(
            f"SELECT position(%s::bytea IN {path}) > 0", (word.encode(),)
        ).scalar()


def test_vacuum_that_a_reader_keeps_from_old_words_is_not_done(study, monkeypatch):
    monkeypatch.setattr(postgresql_module, "LOCK_SECONDS", 0.3)
    import_coded(study, make_interview())
    with study.database.read() as reader:
        # It reads no table yet, so it stands in no lock's way; only its age does.
        reader.exec_driver_sql("SELECT pg_current_snapshot()").scalar()
        with study.database.write() as connection:
            connection.execute(sa.update(t.speaker).values(role="other"))

        assert not study.database.vacuum()

    monkeypatch.undo()
    assert study.database.vacuum()


MIGRATION = """
import sys
from study.database import Database
Database(sys.argv[1]).migrate()
"""


def test_machines_that_begin_at_once_change_the_schema_once(postgresql):
    with postgresql.database_url(is_empty=True) as url:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", MIGRATION, url]
        machines = [subprocess.Popen(command, env=environment) for _ in range(3)]

        assert [machine.wait() for machine in machines] == [0, 0, 0]

        database = Database(url)
        assert database.is_current()
        database.close()


def test_database_that_cannot_hold_every_letter_is_refused(postgresql):
    with postgresql.database_url(is_empty=True) as url:
        name = sa.make_url(url).database
        postgresql.run(
            f"DROP DATABASE {name}",
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
        )
        database = Database(url)

        with pytest.raises(StudyError, match="keeps text as LATIN1"):
            database.require_fit()
        database.close()
