"""Facts about the commands for coders; every name, password and word is invented."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from study.account_changes import list_changes
from study.accounts import check_password
from study.fingerprint import fingerprint_study
from study.folder import open_study
from study.review_queue import find_coder, list_items, list_progress

PASSWORD = "four words in row"


@pytest.fixture
def made(themeloop):
    themeloop("init", "--study", "s", "--coder", "anna", "--stance", "codebook", "--no-key")

    def run(*arguments, code=0, password=None):
        if password is None:
            return themeloop("coder", *arguments, "--study", "s", code=code)
        with open("typed", "w", encoding="utf-8") as file:
            file.write(f"{password}\n")
        return themeloop("coder", *arguments, "--password-file", "typed", "--study", "s", code=code)

    return run


@pytest.fixture
def queued(made, themeloop, tmp_path):
    """A study of which one interview waits for anna, and in which an imported file names bert."""
    head = "dataset,interview_id,excerpt_id,order,speaker,text,coder,codes"
    rows = "d,I1,e1,0,participant,relying on her,bert,trust\nd,I1,e2,1,participant,a door,bert,\n"
    (tmp_path / "c.csv").write_text(f"{head}\n{rows}")
    (tmp_path / "b.yaml").write_text("codes:\n  - {key: trust, name: Trust, definition: d}\n")
    themeloop("import", "c.csv", "--codebook", "b.yaml", "--study", "s")
    themeloop("suggest", "--study", "s")
    return made


def items_of(name):
    study = open_study(Path("s"))
    with study.database.read() as connection:
        coder_id = find_coder(connection, name)
        (progress,) = list_progress(connection, coder_id)
        items = list_items(connection, coder_id, progress.interview_id)
    study.database.close()
    return [(i.excerpt_id, i.position, i.priority, i.model_version_id, i.is_done) for i in items]


def listed(made):
    coders = json.loads(made("list", "--json").stdout)["coders"]
    return {each.pop("name"): each for each in coders}


def knows(name, password):
    study = open_study(Path("s"))
    with study.database.read() as connection:
        checked = check_password(connection, name, password)
    study.database.close()
    return checked is not None


def test_first_coder_leads_and_cannot_sign_in_yet(made):
    assert listed(made) == {
        "anna": {"role": "lead", "is_reviewing": True, "can_sign_in": False, "last_seen_at": None}
    }


def test_added_coder_is_told_how_to_get_a_password(made):
    line = made("add", "carla").stdout

    assert line == "carla is a coder now. Next: themeloop coder password carla\n"
    assert listed(made)["carla"]["is_reviewing"]


def test_added_coder_has_at_once_what_waits_for_the_others(queued):
    queued("add", "carla")

    assert items_of("carla") == items_of("anna")
    assert len(items_of("carla")) == 2


def test_next_run_changes_nothing_for_a_coder_who_was_added(queued, themeloop):
    queued("add", "carla")
    before = items_of("carla")

    themeloop("suggest", "--study", "s")

    assert items_of("carla") == before


def test_coder_of_a_file_reviews_once_added_and_keeps_what_was_done(queued):
    assert not listed(queued)["bert"]["is_reviewing"]

    queued("add", "bert", "--role", "lead")

    assert listed(queued)["bert"]["role"] == "lead"
    assert [is_done for *_, is_done in items_of("bert")] == [True, True]


def test_coder_who_does_not_review_has_nothing_queued(queued):
    queued("add", "dana", "--role", "lead", "--not-reviewing")

    assert listed(queued)["dana"] == {
        "role": "lead",
        "is_reviewing": False,
        "can_sign_in": False,
        "last_seen_at": None,
    }


def test_coder_who_is_there_is_not_added_again(made):
    result = made("add", "anna", code=1)

    assert result.stderr == (
        "Error: 'anna' is in this study already. Nothing changed; 'themeloop coder role' gives "
        "another role.\n"
    )


@pytest.mark.parametrize("name", ["", " ", " anna", "anna ", "a\nb", "a\u200bb", "x" * 101])
def test_name_that_cannot_be_typed_is_refused_in_one_line(made, name):
    (line,) = made("add", name, code=1).stderr.splitlines()

    assert "cannot be a coder's name: expected 1 to 100 visible characters" in line


def test_role_is_one_of_two(made):
    assert "'boss' is not one of 'coder', 'lead'" in made("role", "anna", "boss", code=2).stderr
    assert "Nobody in this study is called" in made("role", "bert", "lead", code=1).stderr
    assert made("role", "anna", "coder").stdout == "anna is a coder now.\n"
    assert listed(made)["anna"]["role"] == "coder"


def test_password_of_a_file_is_its_first_line(made):
    result = made("password", "anna", password=PASSWORD)

    assert result.stdout == (
        "anna can sign in; whoever was signed in under this name is not any more.\n"
    )
    assert PASSWORD not in result.output
    assert knows("anna", PASSWORD)


def test_password_comes_from_standard_input_in_a_script(made, monkeypatch, themeloop):
    done = subprocess.run(
        [sys.executable, "-m", "themeloop", "coder", "password", "anna", "--study", "s"],
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert knows("anna", PASSWORD)


def test_password_is_asked_for_twice_on_a_terminal_and_not_shown(made):
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "themeloop", "coder", "password", "anna", "--study", "s"],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        asked = b""
        for question in (b"Password: ", b"Again: "):
            # What was typed before the question is thrown away.
            while not asked.endswith(question):
                asked += running.stderr.read(1) or pytest.fail(asked.decode())
            os.write(master, f"{PASSWORD}\n".encode())
        printed, errors = running.communicate(timeout=60)
    os.close(slave)
    os.close(master)

    assert running.returncode == 0, errors
    assert b"anna can sign in" in printed
    assert PASSWORD.encode() not in printed + errors + asked


def test_short_password_is_refused_and_changes_nothing(made):
    made("password", "anna", password=PASSWORD)

    (line,) = made("password", "anna", password="123456789", code=1).stderr.splitlines()

    assert line.startswith("Error: The password has 9 characters, expected at least 10: whoever")
    assert "123456789" not in line
    assert knows("anna", PASSWORD)


def test_password_that_is_not_text_is_one_line(made, themeloop):
    with open("typed", "wb") as file:
        file.write(b"\xff" * 12)

    result = themeloop(
        "coder", "password", "anna", "--password-file", "typed", "--study", "s", code=1
    )

    assert result.stderr == "Error: The password is not UTF-8. Nothing changed.\n"


def test_nobody_s_password_is_not_even_read(made):
    assert "Nobody in this study is called" in made("password", "bert", code=1).stderr


def test_study_without_a_lead_who_can_sign_in_is_told_so(made):
    made("add", "bert")

    assert made("password", "bert", password=PASSWORD).stdout.endswith(
        "No lead can sign in yet: themeloop coder role NAME lead\n"
    )


def test_removed_password_lets_nobody_in_and_keeps_the_coder(made):
    made("password", "anna", password=PASSWORD)

    result = made("remove-password", "anna")

    assert result.stdout == "Nobody can sign in as anna any more. What anna coded stays.\n"
    assert not knows("anna", PASSWORD)
    assert "anna" in listed(made)


def test_last_password_removed_from_an_open_study_opens_it_and_says_so(made):
    with open("s/study.toml", "a", encoding="utf-8") as settings:
        settings.write("open_without_password = true\n")
    made("password", "anna", password=PASSWORD)

    assert "the page opens for anna without one" in made("remove-password", "anna").stdout


def test_sign_out_says_from_how_many_browsers(made):
    made("password", "anna", password=PASSWORD)

    assert made("sign-out", "anna").stdout == "anna was signed in 0 times and is not any more.\n"


def test_list_is_a_table(made):
    made("password", "anna", password=PASSWORD)

    assert made("list").stdout.splitlines() == [
        "name  role  reviews  can sign in  last seen",
        "anna  lead  yes      yes",
    ]


def test_every_change_of_an_account_is_noted_in_its_order(made):
    made("add", "bert", "--role", "lead")
    made("password", "bert", password=PASSWORD)
    made("role", "bert", "coder")
    made("sign-out", "bert")
    made("remove-password", "bert")

    told = json.loads(made("list", "--changes", "--json").stdout)["changes"]

    assert {(each["coder"], each["actor"]) for each in told} == {("bert", "command line")}
    assert [(each["action"], each["details"]) for each in told] == [
        ("coder added", {"role": "lead", "is_reviewing": True}),
        ("coder's password set", {}),
        ("coder's role changed", {"role": "coder"}),
        ("coder signed out", {"n_browsers": 0}),
        ("coder's password removed", {}),
    ]


def test_changes_are_a_table_that_holds_no_password(made):
    made("password", "anna", password=PASSWORD)
    made("role", "anna", "lead")

    lines = made("list", "--changes").stdout.splitlines()

    assert lines[0].split() == ["when", "who", "what", "by"]
    assert "anna  coder's role changed (lead)  command line" in lines[2]
    assert PASSWORD not in "".join(lines)
    assert "argon2" not in "".join(lines)


def test_a_study_of_which_no_account_was_changed_says_so(made):
    assert "Nothing was changed" in made("list", "--changes").stdout


def test_a_change_that_was_refused_is_not_noted(made):
    made("password", "anna", password="short", code=1)
    made("role", "nobody", "lead", code=1)
    made("add", "anna", code=1)

    study = open_study(Path("s"))
    with study.database.read() as connection:
        assert list_changes(connection) == []
    study.database.close()


def test_what_is_noted_of_accounts_is_no_content_of_the_study_and_no_finding(made, themeloop):
    def fingerprint():
        study = open_study(Path("s"))
        with study.database.read() as connection:
            found = fingerprint_study(connection)
        study.database.close()
        return found

    before = fingerprint()
    made("password", "anna", password=PASSWORD)
    made("sign-out", "anna")

    assert fingerprint() == before
    assert "as it should be" in themeloop("doctor", "--study", "s").stdout


@pytest.mark.parametrize("command", ["add", "role", "remove-password", "sign-out"])
def test_a_name_that_no_database_can_store_is_refused_in_a_line(made, command):
    # So Python reads bytes of a command line that are no UTF-8.
    arguments = [command, "b\udce9rt", *(["lead"] if command == "role" else [])]

    refused = made(*arguments, code=1)

    assert "Traceback" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
