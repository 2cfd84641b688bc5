"""Facts about what the commands call suggestions; every word here is synthetic."""

import re
from datetime import UTC, datetime

import pytest

from pipeline.run import RunSummary
from pipeline.transcripts.coded_csv import COLUMNS
from study.folder import open_study
from study.ledger import finish_run, start_run
from themeloop import service

NOW = datetime(2026, 1, 2, 12, 30, tzinfo=UTC)
CODED = f"""{",".join(COLUMNS)}
d,I1,e0,0,interviewer,How is it?,anna,
d,I1,e1,1,participant,I could count on the worker,anna,trust
"""


@pytest.fixture
def imported(themeloop, tmp_path):
    """Make a study of a stance that holds an interview; give what runs commands on it."""
    (tmp_path / "coded.csv").write_text(CODED)
    (tmp_path / "book.yaml").write_text(
        "codes:\n  - {key: trust, name: Trust, definition: could count on the worker}\n"
    )

    def make(stance):
        themeloop("init", "--study", "s", "--stance", stance)
        themeloop("import", "coded.csv", "--codebook", "book.yaml", "--study", "s")
        return lambda *arguments: themeloop(*arguments, "--study", "s").output

    return make


def all_told(run):
    """Run every command that tells of suggestions; give what they said."""
    export = ("export", "--suggestions", "--to", "out.csv")
    told = [run("suggest"), run("suggest"), run(*export), run("status")]
    # The command is called what it is called.
    return re.sub("themeloop suggest", "", "".join(told))


def test_commands_of_a_reflexive_study_tell_of_second_readings(imported):
    told = all_told(imported("reflexive"))

    assert "Made 1 second reading for 1 interviews" in told
    assert "(1 second reading in all)" in told
    assert "Wrote 1 second reading to out.csv" in told
    assert "1 second reading for 1 interviews" in told.split("Last run")[1]
    assert "suggest" not in told.lower()


@pytest.mark.parametrize("stance", ["codebook", "coding reliability"])
def test_commands_of_other_studies_tell_of_suggestions(imported, stance):
    told = all_told(imported(stance))

    assert "Made 1 suggestion for 1 interviews" in told
    assert "Wrote 1 suggestion to out.csv" in told
    assert "second reading" not in told


def test_service_of_a_reflexive_study_tells_of_second_readings(
    imported, capsys, monkeypatch, tmp_path
):
    imported("reflexive")
    study = open_study(tmp_path / "s")
    with study.database.write() as connection:
        run_id = start_run(connection, "suggest", {}, flow_run_id=None, now=NOW)
        counts = {"n_suggestions": 4, "n_interviews": 2}
        finish_run(connection, run_id, state="finished", counts=counts, now=NOW)
    summary = RunSummary("finished", n_interviews=2, n_suggestions=4, run_id=run_id)
    monkeypatch.setattr(service, "run_on_server", lambda *_given: summary)
    capsys.readouterr()

    service.run_once(study, server=None)
    service.tell_news(study, 0)

    told = capsys.readouterr().out
    study.database.close()
    assert "Made 4 second readings for 2 interviews" in told
    assert "0 second readings for 0 excerpts wait for a coder." in told
    assert f"run {run_id}: 4 second readings for 2 interviews" in told
    assert "suggest" not in told
