"""Facts about how a new study gets its stance; no word here is an interview's."""

import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner

from study.folder import open_study
from themeloop import asking
from themeloop.cli import main

STANCES = ["reflexive", "codebook", "coding reliability"]
KEYS = ("--study", "s", "--no-key")


def stance_in(folder):
    study = open_study(folder)
    study.database.close()
    return study.settings.stance


@pytest.fixture
def asked(themeloop, monkeypatch):
    """Make a study as on a terminal, with the lines that a person types."""
    monkeypatch.setattr(asking, "is_on_terminal", lambda: True)

    def run(*lines, options=()):
        typed = "".join(f"{line}\n" for line in lines)
        return CliRunner().invoke(main, ["init", *KEYS, *options], input=typed)

    return run


@pytest.mark.parametrize("stance", STANCES)
def test_stance_is_taken_from_its_option(themeloop, tmp_path, stance):
    figures = json.loads(themeloop("init", *KEYS, "--stance", stance, "--json").stdout)

    assert figures["stance"] == stance
    assert stance_in(tmp_path / "s") == stance


def test_stance_may_be_written_with_a_hyphen(themeloop, tmp_path):
    themeloop("init", *KEYS, "--stance", "coding-reliability")

    assert stance_in(tmp_path / "s") == "coding reliability"


@pytest.mark.parametrize("said", ["grounded theory", ""])
def test_another_stance_is_refused_in_one_line_and_nothing_is_made(themeloop, tmp_path, said):
    result = themeloop("init", *KEYS, "--stance", said, code=1)

    assert result.stderr == (
        f"Error: '{said}' is no stance. Choose one of: reflexive, codebook, coding reliability.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_the_stance_stays_unset_and_a_line_says_so(themeloop, tmp_path):
    result = themeloop("init", *KEYS, "--json")

    (line,) = result.stderr.splitlines()
    assert line.startswith("Stance: not set; figures are shown as in a codebook study.")
    assert 'stance = "reflexive", "codebook" or "coding reliability".' in line
    assert json.loads(result.stdout)["stance"] == ""
    assert stance_in(tmp_path / "s") == ""


def test_a_stance_that_is_said_needs_no_line(themeloop):
    assert themeloop("init", *KEYS, "--stance", "codebook").stderr == ""


def test_closed_input_is_no_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)

    assert asking.choose_stance(None) == ""


@pytest.mark.parametrize("answer", [*STANCES, "1", "2", "3", " 3 ", "Coding-Reliability"])
def test_a_terminal_is_asked_and_may_answer_by_name_or_number(asked, tmp_path, answer):
    result = asked(answer)

    word = answer.strip().lower().replace("-", " ")
    assert result.exit_code == 0
    assert stance_in(tmp_path / "s") == (STANCES[int(word) - 1] if word.isdigit() else word)


def test_the_question_explains_each_stance_and_offers_no_default(asked):
    told = asked("2").stderr

    for number, stance in enumerate(STANCES, 1):
        assert f"  {number}  {stance}: " in told
    assert "[" not in told


@pytest.mark.parametrize("wrong", ["", " ", "0", "4", "²", "reflex"])
def test_an_empty_or_a_wrong_answer_is_asked_again(asked, tmp_path, wrong):
    result = asked(wrong, "reflexive")

    assert result.stderr.count("Name or number") == 2
    assert stance_in(tmp_path / "s") == "reflexive"


def test_the_question_does_not_stand_in_the_figures(asked):
    assert json.loads(asked("1", options=["--json"]).stdout)["stance"] == "reflexive"


def test_whoever_says_a_stance_is_not_asked(asked):
    assert "Name or number" not in asked(options=["--stance", "codebook"]).output


def test_whoever_breaks_off_leaves_nothing_behind(asked, tmp_path):
    result = asked()

    assert result.exit_code == 1
    assert "Aborted" in result.output
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_asked_about_a_study_that_is_there_already(asked):
    asked("1")

    result = asked("2")

    assert result.exit_code == 1
    assert result.stderr == "Error: s is a study already. Choose another folder with --study.\n"


@pytest.fixture
def terminal(tmp_path):
    """Run init in a process of its own whose input is a real terminal."""

    def run(typed):
        master, slave = pty.openpty()
        os.write(master, typed)
        done = subprocess.run(
            [sys.executable, "-m", "themeloop", "init", *KEYS],
            stdin=slave,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=60,
        )
        os.close(master)
        os.close(slave)
        return done

    return run


def test_a_real_terminal_is_asked_until_it_answers(terminal, tmp_path):
    done = terminal(b"\n3\n")

    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Name or number") == 2
    assert stance_in(tmp_path / "s") == "coding reliability"


def test_end_of_input_on_a_real_terminal_makes_nothing(terminal, tmp_path):
    done = terminal(b"\x04")

    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []
