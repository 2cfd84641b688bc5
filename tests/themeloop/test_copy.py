"""The command that moves a study to a PostgreSQL and back; texts here are invented."""

import json
import re

import pytest
import sqlalchemy as sa

from study.address import VARIABLE
from study.folder import open_study
from study.locks import hold_lock
from tests.study.synthetic import import_coded, make_interview

SECRET = "invented-secret"


@pytest.fixture
def study(themeloop, tmp_path):
    """A study with an interview; the folder that commands run in is the one beside it."""
    themeloop("init", "--study", "s", "--no-key")
    opened = open_study(tmp_path / "s")
    import_coded(opened, make_interview(keys=("trust",)))
    opened.database.close()
    return tmp_path / "s"


@pytest.fixture
def address(postgresql):
    """The address of an empty database, with a password."""
    with postgresql.database_url(is_empty=True) as text:
        url = sa.make_url(text)
        # The tests' own server asks for none and takes any.
        url = url if url.password else url.set(password=SECRET)
        yield url.set(drivername="postgresql").render_as_string(hide_password=False)


def fingerprint(themeloop, folder):
    return themeloop("doctor", "--fingerprint", "--study", folder).stdout


def test_study_goes_to_postgresql_and_comes_back(themeloop, study, address):
    before = fingerprint(themeloop, "s")

    there = json.loads(themeloop("copy", "--study", "s", "--to", address, "--json").stdout)
    assert there["fingerprint"] == before.strip()
    assert fingerprint(themeloop, "s") == before

    (study / "study.db").unlink()
    back = json.loads(themeloop("copy", "--study", "s", "--to", "s", "--json").stdout)
    assert (back["n_rows"], back["n_tables"]) == (there["n_rows"], there["n_tables"])
    assert fingerprint(themeloop, "s") == before


def test_last_steps_are_told(themeloop, study, address):
    result = themeloop("copy", "--study", "s", "--to", address)

    first, *steps = result.stdout.splitlines()
    assert re.fullmatch(
        r"Copied \d+ rows of \d+ tables and compared each \(fingerprint [0-9a-f]{12}…, the same on "
        r"both sides\)\.",
        first,
    )
    assert steps == [
        "study.toml names the PostgreSQL database now.",
        "study.db stays as it was. Delete it when you are sure: names that are redacted from now "
        "on stay in it.",
    ]


def test_address_may_come_from_the_environment(themeloop, study, address, monkeypatch):
    before = fingerprint(themeloop, "s")
    monkeypatch.setenv(VARIABLE, address)

    result = themeloop("copy", "--study", "s")

    assert result.stdout.splitlines()[-1] == (
        f"Keep {VARIABLE} set: its password is stored nowhere else."
    )
    assert sa.make_url(named_in(study)).password is None
    assert fingerprint(themeloop, "s") == before

    (study / "study.db").unlink()
    result = themeloop("copy", "--study", "s", "--to", "s")
    assert result.stdout.splitlines()[1:] == [
        "The study is in study.db again, as study.toml says.",
        "The PostgreSQL database it was in stays as it was. Drop it when you are sure: names that "
        "are redacted from now on stay in it.",
        f"Unset {VARIABLE}, which names the other database.",
    ]


def named_in(folder):
    study = open_study(folder)
    study.database.close()
    return study.settings.database_url


def test_every_command_works_by_the_environment_alone(themeloop, tmp_path, address, monkeypatch):
    monkeypatch.setenv(VARIABLE, address)

    themeloop("init", "--study", "s", "--no-key")
    themeloop("status", "--study", "s")

    assert not (tmp_path / "s" / "study.db").exists()
    assert sa.make_url(named_in(tmp_path / "s")).password is None


def test_study_is_copied_into_a_new_folder(themeloop, study, tmp_path):
    result = themeloop("copy", "--study", "s", "--to", "other")

    assert "other is a study of its own now" in result.stdout
    assert fingerprint(themeloop, "other") == fingerprint(themeloop, "s")


def test_study_that_is_served_is_not_moved(themeloop, study, address):
    with hold_lock(study / ".prefect" / "up.lock", ""):
        result = themeloop("copy", "--study", "s", "--to", address, code=1)

    assert result.stderr == (
        "Error: Another 'themeloop up' serves this study. Use that one, or stop it first.\n"
    )
    assert named_in(study) is None


def test_study_that_is_served_may_be_copied_into_a_new_folder(themeloop, study):
    with hold_lock(study / ".prefect" / "up.lock", ""):
        themeloop("copy", "--study", "s", "--to", "other")


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_password_is_in_nothing_that_is_printed(themeloop, study, address, monkeypatch, as_json):
    password = sa.make_url(address).password
    wrong = address.replace(f":{password}@", f":{SECRET}@").replace("/themeloop_", "/missing_")
    results = [themeloop("copy", "--study", "s", "--to", wrong, code=1)]
    monkeypatch.setenv(VARIABLE, address)
    results += [
        themeloop("copy", "--study", "s", *as_json),
        themeloop("copy", "--study", "s", *as_json, code=1),
        themeloop("status", "--study", "s", *as_json),
        themeloop("doctor", "--study", "s", *as_json),
    ]

    for result in results:
        assert f":{SECRET}" not in result.output
        assert f":{password}@" not in result.output


def test_where_to_must_be_said(themeloop, study, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)

    result = themeloop("copy", "--study", "s", code=1)

    assert result.stderr.startswith("Error: Say where to: --to with the address")
