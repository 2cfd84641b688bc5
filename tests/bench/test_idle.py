"""The benchmark of a run with nothing new, on two drawn interviews; nobody said their words."""

import json

import pytest
from click.testing import CliRunner

from bench import idle
from bench.made_talk import fill_inbox
from study.errors import StudyError
from study.folder import open_study
from study.suggestions import count_current


def silent(*_):
    pass


@pytest.fixture
def queued(tmp_path):
    place = tmp_path / "study"
    idle.make_queued_study(place, n_interviews=2, n_words=300, report=silent)
    return place


def test_what_is_measured_is_queued_before(queued):
    study = open_study(queued)
    with study.database.read() as connection:
        n_suggestions, _ = count_current(connection)
    study.database.close()

    assert n_suggestions > 0


def test_an_idle_run_loads_no_model(queued):
    modules = idle.list_modules(queued)

    assert "themeloop" in modules
    assert {"study", "pipeline"} <= modules
    assert modules & set(idle.MODELS) == set()


def test_runs_are_timed_by_the_clock_and_the_processor(queued):
    wall, cpu = idle.time_runs(queued, n_rounds=2, what="Idle", report=silent)

    assert len(wall) == len(cpu) == 2
    assert min(wall + cpu) > 0


def test_a_run_with_something_to_do_is_not_measured(queued, monkeypatch):
    fill_inbox(queued, n_interviews=1, n_words=300, seed=1, prefix="new", report=silent)
    monkeypatch.setattr(idle, "_run", lambda _command: json.dumps({"state": "finished"}))

    with pytest.raises(StudyError, match="not idle but 'finished'"):
        idle.time_runs(queued, n_rounds=1, what="Idle", report=silent)


@pytest.mark.prefect
def test_json_says_what_was_loaded_with_a_server_up():
    arguments = ["--interviews", "2", "--words", "300", "--rounds", "1", "--json"]

    result = CliRunner().invoke(idle.main, arguments, catch_exceptions=False)

    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["wall_s"] > 0
    assert figures["plain_wall_s"] > 0
    assert figures["torch_imported"] is False
    assert figures["models_loaded"] == []
