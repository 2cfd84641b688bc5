"""A study's folder is made once, opened by every command, and locked by the one that runs."""

import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from study import tables as t
from study.errors import StudyError
from study.folder import FOLDERS, create_study, open_study
from study.settings import Settings
from tests.study.synthetic import LATER, NOW


def mode_of(path):
    return f"{path.stat().st_mode & 0o777:o}"


def test_only_the_owner_can_look_into_a_study(study):
    study.secret("hash-key")

    assert mode_of(study.folder) == "700"
    assert {mode_of(study.folder / name) for name in FOLDERS} == {"700"}
    assert mode_of(study.folder / "secrets" / "hash-key") == "600"


def test_new_study_records_its_name_and_its_coder(new_study):
    with new_study(name="Synthetic é 🙂", coder="Anna", is_synthetic=True) as study:
        with study.database.read() as connection:
            made = connection.execute(sa.select(t.study)).one()
            coder = connection.execute(sa.select(t.coder)).one()

        assert (made.name, made.is_synthetic) == ("Synthetic é 🙂", True)
        assert (coder.name, coder.is_reviewing) == ("Anna", True)


def test_study_opens_with_the_settings_and_the_content_it_was_made_with(study):
    again = open_study(study.folder)

    with again.database.read() as connection:
        guid = connection.scalar(sa.select(t.study.c.guid))
    again.database.close()

    with study.database.read() as connection:
        assert guid == connection.scalar(sa.select(t.study.c.guid))
    assert again.settings == study.settings


def test_folder_that_is_a_study_is_not_made_again(study):
    with pytest.raises(StudyError, match="is a study already"):
        create_study(study.folder, study.settings, now=LATER)


def test_study_whose_making_was_cut_off_is_finished_by_making_it_again(study):
    with study.database.read() as connection:
        guid = connection.scalar(sa.select(t.study.c.guid))
    (study.folder / "study.toml").unlink()

    again = create_study(study.folder, study.settings, now=LATER)

    with again.database.read() as connection:
        assert connection.scalars(sa.select(t.study.c.guid)).all() == [guid]
    again.database.close()


def test_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    with pytest.raises(StudyError, match="cannot be made: Not a directory"):
        create_study(tmp_path / "taken" / "study", Settings(), now=NOW)


def test_opening_a_folder_that_is_no_study_says_what_to_do(tmp_path):
    with pytest.raises(StudyError, match=r"no study\.toml.*themeloop init.*--study"):
        open_study(tmp_path)


def test_database_that_is_damaged_is_told_in_one_line(sqlite, tmp_path):
    with sqlite.new_study(tmp_path / "study") as study:
        pass
    for path in study.folder.glob("study.db*"):
        path.write_bytes(b"This is no database. " * 400)

    with pytest.raises(StudyError, match="cannot be opened") as caught:
        open_study(study.folder)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "no address",
        "nosuchkind://host/name",
        "postgresql+psycopg://someone:secret@/study?host=/nowhere",
    ],
)
def test_database_that_cannot_be_reached_is_told_without_its_password(tmp_path, url):
    with pytest.raises(StudyError, match="database") as caught:
        create_study(tmp_path / "study", Settings(database_url=url), now=NOW)

    assert "secret" not in str(caught.value)
    assert not (tmp_path / "study" / "study.toml").exists()


def test_database_of_a_newer_themeloop_is_told(study):
    with study.database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StudyError, match="newer"):
        open_study(study.folder)


def test_secret_stays_the_same_and_differs_between_names_and_studies(study, tmp_path):
    other = create_study(tmp_path / "other", Settings(), now=NOW)

    first = study.secret("hash-key")

    assert first == study.secret("hash-key")
    assert len({first, study.secret("page"), other.secret("hash-key")}) == 3
    other.database.close()


def test_secret_is_never_seen_half_written(study, monkeypatch):
    def die(_size):
        raise KeyboardInterrupt

    monkeypatch.setattr("study.folder.secrets.token_hex", die)
    with pytest.raises(KeyboardInterrupt):
        study.secret("page")
    monkeypatch.undo()

    assert len(study.secret("page")) == 64


def test_content_is_hashed_with_a_key_of_the_study(study, tmp_path):
    other = create_study(tmp_path / "other", Settings(), now=NOW)

    hashed = study.keyed_hash("Synthetic é 🙂")

    assert hashed == study.keyed_hash("Synthetic é 🙂")
    assert hashed != study.keyed_hash("Synthetic e\u0301 🙂")
    assert hashed != other.keyed_hash("Synthetic é 🙂")
    other.database.close()


def test_second_run_is_refused_while_one_is_at_work(study):
    with study.lock(), pytest.raises(StudyError, match="at work"), study.lock():
        pass

    with study.lock():
        pass


def test_run_that_holds_the_study_is_seen(study):
    with study.lock():
        assert study.is_at_work()

    assert not study.is_at_work()


HOLDER = """
import sys, time
from pathlib import Path
from study.folder import open_study
with open_study(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(60)
"""


def test_lock_goes_with_the_process_that_held_it(study):
    command = [sys.executable, "-c", HOLDER, str(study.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StudyError, match="at work"), study.lock():
            pass

        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()

    with study.lock():
        pass


def test_study_that_lost_its_database_is_not_given_an_empty_one(empty_folder):
    (empty_folder / "study.db").unlink()

    with pytest.raises(StudyError, match=r"has lost its study\.db"):
        open_study(empty_folder)

    assert not (empty_folder / "study.db").exists()


@pytest.fixture
def empty_folder(tmp_path):
    study = create_study(tmp_path / "made", Settings(), now=NOW)
    study.database.close()
    return study.folder
