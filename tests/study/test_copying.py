"""A copy has every row of every table, or none; texts here are invented."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from study import copying
from study import tables as t
from study.copying import COMPARE, COPY, copy_database
from study.database import Database
from study.decisions import Action, Verdict, record_action
from study.errors import StudyError
from study.fingerprint import fingerprint_study
from tests.study.filled import SECOND, fill_every_table, make_row, read_every_table
from tests.study.synthetic import NOW, import_coded, make_interview, set_desk


@pytest.fixture
def new_database(request, tmp_path):
    """Lend an empty database of a kind on each call, without a schema."""
    with ExitStack() as lent:

        def lend(kind):
            if kind == "sqlite":
                # Two of them in one test are told apart by how many there are.
                url = f"sqlite:///{tmp_path / f'{len(list(tmp_path.iterdir()))}.db'}"
            else:
                server = request.getfixturevalue("postgresql")
                url = lent.enter_context(server.database_url(is_empty=True))
            database = Database(url)
            lent.callback(database.close)
            return database

        yield lend


@pytest.fixture
def target(backend, postgresql, new_database):
    """An empty database of the other kind than the study's."""
    return new_database("sqlite" if backend is postgresql else "postgresql")


@pytest.fixture
def full_study(study):
    with study.database.write() as connection:
        fill_every_table(connection)
    return study


def no_report(_step, _n_done, _n_all):
    pass


def copy(source, target, report=no_report):
    with source.read() as connection:
        return copy_database(connection, target, report)


def rows_of(database):
    with database.read() as connection:
        return read_every_table(connection)


def fingerprint_of(database):
    with database.read() as connection:
        return fingerprint_study(connection)


def test_study_comes_back_from_the_other_database_row_by_row(full_study, target, new_database):
    home = new_database(full_study.database.url.get_backend_name())

    there = copy(full_study.database, target)
    back = copy(target, home)

    before = rows_of(full_study.database)
    assert rows_of(target) == before
    assert rows_of(home) == before
    assert len({there.fingerprint, back.fingerprint, fingerprint_of(full_study.database)}) == 1
    assert (back.n_tables, back.n_rows) == (len(before), sum(map(len, before.values())))


def test_copied_study_has_rows_in_every_table(full_study):
    before = rows_of(full_study.database)

    assert set(before) == set(t.metadata.tables)
    assert {name for name, rows in before.items() if len(rows) < 2} == set()


def test_values_keep_their_types(full_study, target):
    copy(full_study.database, target)

    assert repr(rows_of(target)) == repr(rows_of(full_study.database))


def test_order_in_which_json_was_written_is_kept(full_study, target):
    copy(full_study.database, target)

    with target.read() as connection:
        written = connection.scalars(sa.select(sa.cast(t.suggestion.c.evidence, sa.Text))).all()
    assert any(text.index('"z"') < text.index('"a"') for text in written if '"z"' in text)


def test_every_table_numbers_on_from_the_rows_that_were_copied(full_study, target):
    copy(full_study.database, target)

    numbered = {}
    with target.write() as connection:
        for table in filter(has_number, t.metadata.sorted_tables):
            # It refers to the rows numbered before it.
            row = make_row(table, SECOND + 1)
            del row["id"]
            result = connection.execute(sa.insert(table).values(row))
            numbered[table.name] = result.inserted_primary_key[0]

    assert set(numbered.values()) == {SECOND + 1}


def has_number(table):
    return "id" in table.columns and not table.columns["id"].foreign_keys


def test_coders_go_on_deciding_in_the_copy(study, target):
    import_coded(study, make_interview(keys=("trust",)))
    with study.database.write() as connection:
        desk = set_desk(connection)
        decide(connection, desk, "before", desk.excerpt_ids[0])

    copy(study.database, target)

    with target.write() as connection:
        decide(connection, desk, "after", desk.excerpt_ids[1])
        actions = connection.scalars(sa.select(t.decision.c.action).order_by(t.decision.c.id)).all()
    assert actions[-4:] == ["before", "before", "after", "after"]


def decide(connection, desk, name, excerpt_id):
    verdicts = (Verdict("add", desk.code_ids[2]), Verdict("done"))
    record_action(connection, Action(name, desk.coder_id, excerpt_id, verdicts), now=NOW)


def test_who_watches_is_told_of_every_row(full_study, target, monkeypatch):
    monkeypatch.setattr(copying, "ROWS_AT_ONCE", 1)
    told = []

    copied = copy(full_study.database, target, lambda *news: told.append(news))

    n = copied.n_rows
    for step in (COPY, COMPARE):
        assert [news for news in told if news[0] == step] == [(step, k + 1, n) for k in range(n)]


def test_copy_that_is_interrupted_leaves_no_row_and_can_be_made_again(full_study, target):
    def stop(step, _n_done, _n_all):
        if step == COMPARE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(full_study.database, target, stop)

    assert sum(map(len, rows_of(target).values())) == 0
    copy(full_study.database, target)
    assert rows_of(target) == rows_of(full_study.database)


KILLED = """
import os, signal, sys
from study.copying import COMPARE, copy_database
from study.database import Database
def die(step, n_done, n_all):
    if step == COMPARE:
        os.kill(os.getpid(), signal.SIGKILL)
with Database(sys.argv[1]).read() as source:
    copy_database(source, Database(sys.argv[2]), die)
"""


def test_copy_that_is_killed_leaves_no_row_and_can_be_made_again(full_study, target):
    addresses = [
        each.url.render_as_string(hide_password=False) for each in (full_study.database, target)
    ]
    before = rows_of(full_study.database)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *addresses],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert killed.returncode == -signal.SIGKILL
    copy(full_study.database, target)
    assert rows_of(target) == rows_of(full_study.database) == before


def test_database_that_holds_a_study_is_not_copied_into(full_study, target):
    copy(full_study.database, target)

    with pytest.raises(StudyError, match=r"not empty: it holds a study of \d+ rows"):
        copy(full_study.database, target)

    assert rows_of(target) == rows_of(full_study.database)


def test_database_of_something_else_is_not_copied_into(full_study, new_database):
    target = new_database("postgresql")
    with target.write() as connection:
        connection.exec_driver_sql("CREATE TABLE other (id integer)")

    with pytest.raises(StudyError, match="holds 1 tables of something else"):
        copy(full_study.database, target)

    with target.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["other"]


def test_row_that_postgresql_cannot_hold_is_told_by_its_table_without_its_words(
    sqlite, new_database, tmp_path
):
    target = new_database("postgresql")
    with sqlite.new_study(tmp_path / "study") as study:
        with study.database.write() as connection:
            fill_every_table(connection)
            connection.execute(sa.update(t.memo).values(text="invented\0words"))

        with pytest.raises(StudyError, match=r"Table 'memo' holds a row .* 11 and 12") as caught:
            copy(study.database, target)

    assert "invented" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert sum(map(len, rows_of(target).values())) == 0


def test_copy_that_differs_in_one_value_is_not_kept(full_study, new_database):
    target = new_database("sqlite")
    target.migrate()
    with target.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER spoil AFTER INSERT ON memo "
            "BEGIN UPDATE memo SET text = 'other' WHERE id = new.id; END"
        )

    with pytest.raises(StudyError, match=r"'memo' differs in the copy \(2 rows, expected 2\)"):
        copy(full_study.database, target)

    assert sum(map(len, rows_of(target).values())) == 0


def test_copy_of_another_fingerprint_is_not_kept(full_study, target, monkeypatch):
    hashes = iter(["a" * 64, "b" * 64])
    monkeypatch.setattr(copying, "fingerprint_study", lambda _connection: next(hashes))

    with pytest.raises(StudyError, match="fingerprint is bbbbbbbbbbbb…"):
        copy(full_study.database, target)

    assert sum(map(len, rows_of(target).values())) == 0
