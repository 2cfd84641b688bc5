"""Reads see one moment; a write takes its lock before it reads."""

import threading

import pytest
import sqlalchemy as sa

from study import database as database_module
from study import tables as t
from study.database import Database
from study.errors import StudyError


@pytest.fixture
def counter(study):
    """A number in the study that is read, then written."""
    with study.database.write() as connection:
        connection.execute(sa.insert(t.encoder).values(name="counter", revision="0"))

    def read(connection):
        query = sa.select(t.encoder.c.revision).where(t.encoder.c.name == "counter")
        return int(connection.scalar(query))

    return read


def set_counter(connection, number):
    connection.execute(
        sa.update(t.encoder).where(t.encoder.c.name == "counter").values(revision=str(number))
    )


def in_threads(n_threads, work):
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_writers_that_read_first_wait_for_each_other_and_lose_nothing(study, counter):
    def add_ten():
        for _ in range(10):
            with study.database.write() as connection:
                set_counter(connection, counter(connection) + 1)

    errors = in_threads(4, add_ten)

    with study.database.read() as connection:
        assert (errors, counter(connection)) == ([], 40)


def test_second_writer_does_not_read_before_the_first_is_done(study, counter):
    has_read, may_write = threading.Event(), threading.Event()

    def first():
        with study.database.write() as connection:
            number = counter(connection)
            has_read.set()
            may_write.wait(10)
            set_counter(connection, number + 1)

    def second():
        with study.database.write() as connection:
            set_counter(connection, counter(connection) + 1)

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    has_read.wait(10)
    threads[1].start()
    threads[1].join(0.2)
    may_write.set()
    for thread in threads:
        thread.join()

    with study.database.read() as connection:
        assert counter(connection) == 2


def test_reader_sees_one_moment_while_others_write(study, counter):
    with study.database.read() as reader:
        before = counter(reader)
        with study.database.write() as writer:
            set_counter(writer, 7)

        assert counter(reader) == before

    with study.database.read() as reader:
        assert counter(reader) == 7


def test_write_that_fails_leaves_nothing(study, counter):
    def fail_midway():
        with study.database.write() as connection:
            set_counter(connection, 7)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()

    with study.database.read() as connection:
        assert counter(connection) == 0


def test_busy_database_is_told_in_one_line(study, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    impatient = Database(study.database.url.render_as_string(hide_password=False))

    with (
        study.database.write(),
        pytest.raises(StudyError, match="Another program is writing") as caught,
        impatient.write(),
    ):
        pass
    impatient.close()

    assert "\n" not in str(caught.value)


def test_reader_is_not_held_up_by_a_writer(study, counter):
    with study.database.write() as writer:
        set_counter(writer, 7)

        with study.database.read() as reader:
            assert counter(reader) == 0


def test_sqlite_is_set_up_to_survive_power_loss_and_to_forget_what_is_deleted(sqlite, tmp_path):
    with (
        sqlite.new_study(tmp_path / "study") as study,
        study.database.read() as connection,
    ):
        pragmas = ("journal_mode", "synchronous", "busy_timeout", "secure_delete", "foreign_keys")

        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]

    assert found == ["wal", 2, 10_000, 1, 1]


def test_row_that_points_nowhere_is_refused(study):
    with pytest.raises(sa.exc.IntegrityError), study.database.write() as connection:
        connection.execute(sa.insert(t.speaker).values(interview_id=4711, label="nobody"))
