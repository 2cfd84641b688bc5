"""A study moves to a PostgreSQL and back, or is copied whole; texts here are invented."""

import shutil
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from study.address import VARIABLE
from study.errors import StudyError
from study.folder import FOLDERS, create_study, open_study
from study.locks import hold_lock
from study.moving import (
    copy_folder,
    move_to_file,
    move_to_server,
    open_source,
    read_destination,
)
from study.settings import Settings, save_setting
from tests.study.filled import fill_every_table, read_every_table
from tests.study.synthetic import NOW


def no_report(_step, _n_done, _n_all):
    pass


@pytest.fixture
def folder(sqlite, tmp_path):
    """A study in its folder, as SQLite has it, with something in every table."""
    with sqlite.new_study(tmp_path / "study") as study, study.database.write() as connection:
        fill_every_table(connection)
    return study.folder


@pytest.fixture
def address(postgresql):
    with postgresql.database_url(is_empty=True) as url:
        yield url


@contextmanager
def opened(folder):
    study = open_study(folder)
    yield study
    study.database.close()


def rows_of(folder):
    with opened(folder) as study, study.database.read() as connection:
        return read_every_table(connection)


def move(folder, to):
    destination = read_destination(to)
    with open_source(folder, destination) as study:
        return move_to_server(study, destination, no_report)


def move_back(folder):
    with open_source(folder, folder) as study:
        return move_to_file(study, no_report)


def copy_to(folder, target):
    with open_source(folder, target) as study:
        return copy_folder(study, target, no_report)


def named_in(folder):
    with opened(folder) as study:
        return study.settings.database_url


def test_study_moves_to_postgresql_and_back_into_its_folder(folder, address):
    before = rows_of(folder)

    there = move(folder, address)

    with opened(folder) as study:
        assert study.database.url.get_backend_name() == "postgresql"
    assert rows_of(folder) == before

    (folder / "study.db").unlink()
    back = move_back(folder)

    assert named_in(folder) is None
    assert rows_of(folder) == before
    assert there == back


def test_what_the_study_was_stays_as_it_was(folder, address):
    before = (folder / "study.db").read_bytes()

    move(folder, address)

    assert (folder / "study.db").read_bytes() == before


def test_address_on_the_command_line_is_kept_as_it_is(folder, address):
    move(folder, address)

    assert sa.make_url(named_in(folder)) == sa.make_url(address)


def test_address_in_the_environment_is_kept_without_its_password(folder, address, monkeypatch):
    url = sa.make_url(address)
    # The tests' own server asks for none and takes any.
    url = url if url.password else url.set(password="invented-secret")
    monkeypatch.setenv(VARIABLE, url.render_as_string(hide_password=False))
    before = read_with(folder, monkeypatch)

    move(folder, None)

    assert sa.make_url(named_in(folder)).password is None
    assert rows_of(folder) == before


def read_with(folder, monkeypatch):
    with monkeypatch.context() as without:
        without.delenv(VARIABLE)
        return rows_of(folder)


def test_study_moves_to_the_address_that_its_settings_name_already(folder, address):
    before = rows_of(folder)
    save_setting(folder / "study.toml", "database_url", address)

    move(folder, address)

    assert rows_of(folder) == before


def test_study_moves_from_one_postgresql_to_another(folder, address, postgresql):
    before = rows_of(folder)
    move(folder, address)

    with postgresql.database_url(is_empty=True) as other:
        move(folder, other)

        assert sa.make_url(named_in(folder)).database == sa.make_url(other).database
        assert rows_of(folder) == before


def test_moving_where_the_study_is_already_is_refused(folder, address):
    move(folder, address)
    (folder / "study.db").unlink()

    with pytest.raises(StudyError, match=r"no study\.db to copy. Is the study in a PostgreSQL"):
        move(folder, address)


def test_moving_back_where_the_study_is_already_is_refused(folder):
    with pytest.raises(StudyError, match=r"study\.db already. Nothing was copied"):
        move_back(folder)


def test_moving_back_overwrites_no_database(folder, address):
    move(folder, address)
    before = (folder / "study.db").read_bytes()

    with pytest.raises(StudyError, match=r"study\.db exists, from before"):
        move_back(folder)

    assert (folder / "study.db").read_bytes() == before


def test_move_that_fails_leaves_the_study_where_it_was(folder, address, monkeypatch):
    def stop(_step, _n_done, _n_all):
        raise KeyboardInterrupt

    before = rows_of(folder)
    move(folder, address)
    (folder / "study.db").unlink()
    with pytest.raises(KeyboardInterrupt), open_source(folder, folder) as study:
        move_to_file(study, stop)

    assert list(folder.glob("*study.db*")) == []
    assert rows_of(folder) == before


def test_what_a_killed_move_has_left_is_taken_away(folder, address):
    move(folder, address)
    (folder / "study.db").unlink()
    (folder / ".study.db-copying").write_text("half of a copy", encoding="ascii")

    move_back(folder)

    assert not (folder / ".study.db-copying").exists()
    assert len(rows_of(folder)["memo"]) == 2


def test_study_is_not_moved_while_a_run_holds_it(folder, address):
    with opened(folder) as study, study.lock(), pytest.raises(StudyError, match="at work"):
        move(folder, address)

    assert named_in(folder) is None


def test_study_is_not_moved_while_others_use_its_database(folder, address):
    move(folder, address)
    (folder / "study.db").unlink()
    with opened(folder) as study:
        url = study.database.url
    options = {"application_name": "themeloop 1 elsewhere"}
    engine = sa.create_engine(url, connect_args=options, poolclass=sa.NullPool)

    with engine.connect(), pytest.raises(StudyError, match="1 connections of other themeloop"):
        move_back(folder)

    assert not (folder / "study.db").exists()


def test_nobody_decides_while_the_study_moves(folder, address):
    def look(_step, _n_done, _n_all):
        # Whoever comes now waits; here somebody does who does not wait.
        with other.connect() as connection, pytest.raises(sa.exc.OperationalError, match="locked"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    other = sa.create_engine(
        f"sqlite:///{folder / 'study.db'}",
        connect_args={"timeout": 0, "isolation_level": None},
        poolclass=sa.NullPool,
    )
    destination = read_destination(address)
    with open_source(folder, destination) as study:
        move_to_server(study, destination, look)


@pytest.fixture
def used_folder(folder):
    """A study with files beside its database, some of which are this folder's own."""
    for name in ("inbox/Synthetic 1.txt", "models/a/model.json", "secrets/page", "notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"Synthetic: {name}", encoding="utf-8")
    for name in (".prefect/prefect.db", "backups/old.db"):
        (folder / name).write_text("left", encoding="utf-8")
    return folder


@pytest.mark.parametrize("is_on_server", [False, True])
def test_copied_folder_is_a_study_of_its_own(used_folder, tmp_path, address, is_on_server):
    before = rows_of(used_folder)
    if is_on_server:
        move(used_folder, address)
    target = tmp_path / "a" / "copy"

    copy_to(used_folder, target)

    assert rows_of(target) == before
    assert named_in(target) is None
    for name in ("inbox/Synthetic 1.txt", "models/a/model.json", "secrets/page", "notes.txt"):
        assert (target / name).read_text(encoding="utf-8") == f"Synthetic: {name}"
    assert {path.name for path in target.iterdir()} == {path.name for path in used_folder.iterdir()}
    assert rows_of(used_folder) == before


def test_copied_folder_keeps_times_and_is_its_owners_alone(used_folder, tmp_path):
    copy_to(used_folder, tmp_path / "copy")

    # By its time a file of the inbox is known to have been read.
    source, copied = (each / "inbox/Synthetic 1.txt" for each in (used_folder, tmp_path / "copy"))
    assert copied.stat().st_mtime_ns == source.stat().st_mtime_ns
    modes = [(tmp_path / "copy" / name).stat().st_mode & 0o777 for name in (*FOLDERS, ".")]
    assert set(modes) == {0o700}


def test_records_of_the_service_and_backups_are_not_copied(used_folder, tmp_path):
    copy_to(used_folder, tmp_path / "copy")

    for name in (".prefect", "backups"):
        assert list((tmp_path / "copy" / name).iterdir()) == []


def test_link_is_copied_as_a_link(used_folder, tmp_path):
    (used_folder / "shared").symlink_to(tmp_path)

    copy_to(used_folder, tmp_path / "copy")

    assert (tmp_path / "copy" / "shared").is_symlink()


def test_folder_that_is_not_empty_is_not_copied_into(folder, tmp_path):
    target = tmp_path / "taken"
    target.mkdir()
    (target / "file").touch()

    with pytest.raises(StudyError, match="taken is not empty"):
        copy_to(folder, target)

    assert [path.name for path in target.iterdir()] == ["file"]


def test_empty_folder_is_copied_into(folder, tmp_path):
    (tmp_path / "copy").mkdir()

    copy_to(folder, tmp_path / "copy")

    assert rows_of(tmp_path / "copy") == rows_of(folder)


def test_study_is_not_copied_into_itself(folder):
    with pytest.raises(StudyError, match="lies in the study itself"):
        copy_to(folder, folder / "backups" / "copy")


def test_folder_that_cannot_be_made_is_told(folder, tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StudyError, match="cannot be made"):
        copy_to(folder, tmp_path / "file" / "copy")


def test_copy_of_a_folder_that_fails_leaves_nothing(folder, tmp_path, monkeypatch):
    def fail(*_paths, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", fail)

    with pytest.raises(StudyError, match="cannot be made: No space left on device"):
        copy_to(folder, tmp_path / "copy")

    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_what_a_killed_copy_has_left_is_taken_away(folder, tmp_path):
    draft = tmp_path / ".copy-copying"
    (draft / "inbox").mkdir(parents=True)
    (draft / "study.db").write_text("half of a copy", encoding="ascii")

    copy_to(folder, tmp_path / "copy")

    assert not draft.exists()
    assert rows_of(tmp_path / "copy") == rows_of(folder)


def test_two_copies_to_one_folder_do_not_mix(folder, tmp_path):
    draft = tmp_path / ".copy-copying"
    draft.mkdir()

    with (
        hold_lock(draft / ".lock", ""),
        pytest.raises(StudyError, match="Another copy is at work"),
    ):
        copy_to(folder, tmp_path / "copy")


def test_folder_that_is_no_study_is_told(tmp_path):
    with pytest.raises(StudyError, match=r"is not a study \(it has no study\.toml\)"):
        copy_to(tmp_path, tmp_path / "copy")


def test_destination_must_be_said(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)

    with pytest.raises(StudyError, match=f"Say where to: --to .* or set {VARIABLE}"):
        read_destination(None)


def test_file_has_no_address():
    with pytest.raises(StudyError, match="takes the address of a PostgreSQL database, or a folder"):
        read_destination("sqlite:///other.db")


def test_study_is_made_in_no_database_of_something_else(address, tmp_path):
    with sa.create_engine(
        sa.make_url(address).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool
    ).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE other (id integer)")

    with pytest.raises(StudyError, match="holds 1 tables of something else"):
        create_study(tmp_path / "study", Settings(database_url=address), now=NOW)


def test_transcript_named_like_the_database_is_copied(folder, tmp_path):
    (folder / "inbox" / "study.db.txt").write_text("Synthetic.", encoding="utf-8")

    copy_to(folder, tmp_path / "copy")

    assert (tmp_path / "copy" / "inbox" / "study.db.txt").exists()
