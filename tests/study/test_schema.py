"""The schema that migrations make is the one that the tables say."""

import re
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from study import tables as t
from study.database import MIGRATIONS, SCHEMA_REVISION, Database
from study.review_queue import first_open
from tests.study.synthetic import import_coded, make_interview, set_desk

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture
def revisions():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return list(ScriptDirectory.from_config(config).walk_revisions())


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path):
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close()
        return
    with request.getfixturevalue("postgresql").database_url(is_empty=True) as url:
        database = Database(url)
        yield database
        database.close()


def differences(database):
    with database.read() as connection:
        return compare_metadata(MigrationContext.configure(connection), t.metadata)


def test_empty_database_is_migrated_to_the_schema_of_the_tables(empty_database):
    assert not empty_database.is_current()

    empty_database.migrate()

    assert empty_database.is_current()
    assert differences(empty_database) == []


def test_migrating_again_changes_nothing(study):
    study.database.migrate()

    assert study.database.is_current()
    assert differences(study.database) == []


def test_schema_revision_is_that_of_the_newest_migration(revisions):
    assert revisions[0].revision == SCHEMA_REVISION


def test_every_migration_after_the_first_has_a_database_of_the_schema_before_it(revisions):
    kept = {path.stem for path in SCHEMAS.glob("*.db")}

    assert kept == {revision.down_revision for revision in revisions if revision.down_revision}


def test_every_kept_database_is_migrated_to_the_schema_of_the_tables(tmp_path):
    for path in SCHEMAS.glob("*.db"):
        copy = tmp_path / path.name
        shutil.copyfile(path, copy)
        database = Database(f"sqlite:///{copy}")

        database.migrate()

        assert differences(database) == [], path.name
        database.close()


def test_items_queued_before_there_was_an_order_stand_as_they_were_said(tmp_path):
    copy = tmp_path / "copy.db"
    shutil.copyfile(SCHEMAS / "0002.db", copy)
    database = Database(f"sqlite:///{copy}")

    database.migrate()

    with database.read() as connection:
        items = connection.execute(sa.select(t.queue_item)).all()
        first = first_open(connection, items[0].coder_id)
    database.close()
    assert (len(items), sum(item.is_done for item in items)) == (12, 2)
    assert {item.priority for item in items} == {0.0}
    # Two of its excerpts were drawn to be coded blind, and one of these is finished.
    assert first.position == 3


@pytest.fixture
def decided_study(study):
    import_coded(study, make_interview(keys=("trust",)))
    with study.database.write() as connection:
        set_desk(connection)
    return study


@pytest.mark.parametrize("table", [t.decision, t.suggestion], ids=str)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_decisions_and_suggestions_are_never_changed(decided_study, table, change):
    count = sa.select(sa.func.count()).select_from(table)
    with decided_study.database.read() as connection:
        n_rows = connection.scalar(count)

    with (
        pytest.raises(sa.exc.DatabaseError, match=f"{table.name} rows are never changed"),
        decided_study.database.write() as connection,
    ):
        connection.execute(sa.text(change.format(table.name)))

    assert n_rows > 0
    with decided_study.database.read() as connection:
        assert connection.scalar(count) == n_rows


def test_verdict_outside_the_list_is_refused(decided_study):
    with decided_study.database.read() as connection:
        row = connection.execute(sa.select(t.decision).limit(1)).mappings().one()
    values = {**row, "action": "other", "verdict": "maybe"}
    del values["id"]

    with pytest.raises(sa.exc.IntegrityError), decided_study.database.write() as connection:
        connection.execute(sa.insert(t.decision).values(values))


def test_verdicts_of_the_tables_are_those_of_the_database(decided_study):
    with decided_study.database.read() as connection:
        (check,) = sa.inspect(connection).get_check_constraints("decision")

    assert tuple(re.findall(r"'(\w+)'", check["sqltext"])) == t.VERDICTS


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_moment_comes_back_as_the_same_moment_in_utc(study, moment):
    with study.database.write() as connection:
        connection.execute(
            sa.insert(t.coding_round).values(name="pilot", kind="pilot", started_at=moment)
        )

    with study.database.read() as connection:
        found = connection.scalar(sa.select(t.coding_round.c.started_at))

    assert found == moment
    assert found.tzinfo is UTC


def test_moment_that_is_not_known_stays_unknown(study):
    with study.database.write() as connection:
        connection.execute(
            sa.insert(t.run).values(
                kind="suggest",
                state="running",
                settings={},
                counts={},
                started_at=study_made(study),
            )
        )

    with study.database.read() as connection:
        assert connection.scalar(sa.select(t.run.c.finished_at)) is None


def study_made(study):
    with study.database.read() as connection:
        return connection.scalar(sa.select(t.study.c.made_at))
