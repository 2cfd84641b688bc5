"""Facts about the order in which the service starts, runs and ends; its children are stand-ins."""

import json
import os
import urllib.request
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from models.errors import ModelError
from pipeline.children import Child
from pipeline.run import RunSummary
from pipeline.server import Server, find_free_port
from pipeline.work import StepError
from study.folder import create_study, open_study
from study.ledger import finish_run, start_run
from study.locks import hold_lock
from study.settings import Settings
from tests.fakes import NOW
from themeloop import service
from themeloop.cli import main
from themeloop.commands import suggest
from themeloop.service import find_page


class FakeChild(Child):
    """A process that runs until it is given an exit code."""

    def __init__(self):
        self.returncode = None

    def __del__(self):
        """Leave nothing to collect."""

    def poll(self):
        """Give the exit code, if any."""
        return self.returncode


class Stage:
    """Stands in for Prefect's server and the runner, and notes what happens in which order."""

    def __init__(self):
        self.events = []
        self.server, self.runner = FakeChild(), FakeChild()
        self.first_run = RunSummary("finished", 1, 2, 5, 0)
        self.on_look = [self.stop]

    @contextmanager
    def prefect_server(self, _study, _port):
        """Be up inside."""
        self.events.append("server")
        try:
            yield Server(1, 9, self.server)
        finally:
            self.events.append("server stopped")

    @contextmanager
    def flow_runner(self, _study, _server):
        """Be up inside."""
        self.events.append("runner")
        try:
            yield self.runner
        finally:
            self.events.append("runner stopped")

    def run(self, study, _server):
        """Make the first run, or fail as it is told to."""
        self.events.append("run with page" if find_page(study) else "run")
        if isinstance(self.first_run, Exception):
            raise self.first_run
        return self.first_run

    def look(self, watch):
        """Do what is planned at this look at the inbox."""
        self.events.append("look")
        self.seen = {file.name for file in watch._seen}
        self.on_look.pop(0)()

    def stop(self):
        """Stop as Ctrl-C does."""
        raise KeyboardInterrupt


@pytest.fixture
def stage(monkeypatch):
    stage = Stage()
    monkeypatch.setattr(service, "prefect_server", stage.prefect_server)
    monkeypatch.setattr(service, "flow_runner", stage.flow_runner)
    monkeypatch.setattr(service, "run_on_server", stage.run)

    def look(watch):
        stage.look(watch)

    monkeypatch.setattr(service.InboxWatch, "look", look)
    monkeypatch.setattr(service, "LOOK_SECONDS", 0.01)
    # Only a test's own process may be told how to end.
    monkeypatch.setattr(service.signal, "signal", lambda *_given: None)
    return stage


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "s"
    assert CliRunner().invoke(main, ["init", "--study", str(folder)]).exit_code == 0
    settings = folder / "study.toml"
    ports = f"page_port = {find_free_port(8750)}\nprefect_port = {find_free_port(4550)}\n"
    settings.write_text(settings.read_text() + ports)
    return folder


def up(folder, *options, code=0):
    result = CliRunner().invoke(main, ["up", "--study", str(folder), *options])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def filled(folder, encoder, tmp_path):
    """A study whose queue holds something already."""
    head = "dataset,interview_id,excerpt_id,order,speaker,text,coder,codes"
    (tmp_path / "c.csv").write_text(f"{head}\nd,I1,e1,0,participant,relying on her,anna,\n")
    (tmp_path / "b.yaml").write_text("codes:\n  - {key: trust, name: Trust, definition: d}\n")
    given = [str(tmp_path / "c.csv"), "--codebook", str(tmp_path / "b.yaml")]
    for command in (["import", *given], ["suggest"]):
        done = CliRunner().invoke(main, [*command, "--study", str(folder)])
        assert done.exit_code == 0, done.output
    return folder


def test_server_then_run_then_runner_then_page_and_all_are_stopped(stage, folder):
    study = open_study(folder)

    def ask_the_page():
        address = find_page(study)
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
            stage.events.append(json.load(answer)["status"])

    stage.on_look = [ask_the_page, stage.stop]

    result = up(folder)

    assert stage.events == [
        "server", "run", "runner", "look", "ok", "look", "runner stopped", "server stopped"
    ]  # fmt: skip
    assert "Made 5 suggestions for 2 interviews" in result.stdout
    assert "Review page: http://127.0.0.1:" in result.stdout
    assert result.stdout.endswith("Stopped.\n")
    assert find_page(study) is None
    study.database.close()


def test_page_is_served_before_the_first_run_where_the_queue_is_filled(stage, filled):
    up(filled)

    assert stage.events[:3] == ["server", "run with page", "runner"]


def test_one_run_only_where_no_page_is_wanted(stage, folder):
    result = up(folder, "--no-serve")

    assert stage.events == ["server", "run", "server stopped"]
    assert "wait for a coder" in result.stdout


def test_first_run_in_which_everything_failed_is_told_and_does_not_end_the_service(stage, folder):
    stage.first_run = StepError("embed_excerpts failed for all 3: ValueError at x.py:1")

    result = up(folder)

    assert "The first run failed: embed_excerpts failed for all 3" in result.stderr
    assert "runner" in stage.events


def test_first_run_that_finds_the_study_busy_is_told(stage, folder):
    stage.first_run = RunSummary("busy")

    assert "Another run is at work on this study" in up(folder).stdout


@pytest.mark.parametrize(
    ("first_run", "seen"),
    [
        (RunSummary("nothing new"), {"inbox/a.txt"}),
        (RunSummary("busy"), set()),
        (StepError("all failed"), set()),
    ],
)
def test_run_is_asked_for_again_where_the_first_did_not_come_to_its_end(
    stage, folder, first_run, seen
):
    stage.first_run = first_run
    (folder / "inbox" / "a.txt").write_text("words")
    os.utime(folder / "inbox" / "a.txt", (0, 0))

    up(folder)

    assert stage.seen == seen


def test_missing_encoder_ends_the_service_with_the_line(stage, folder):
    stage.first_run = ModelError("There is no encoder 'x'.")

    result = up(folder, code=1)

    assert result.stderr == "Error: There is no encoder 'x'.\n"
    assert stage.events == ["server", "run", "server stopped"]


def test_failed_run_without_a_page_is_an_error(stage, folder):
    stage.first_run = StepError("embed_excerpts failed for all 3")

    assert "failed for all 3" in up(folder, "--no-serve", code=1).stderr


@pytest.mark.parametrize(("name", "said"), [("server", "Prefect server"), ("runner", "runner")])
def test_service_ends_with_a_line_when_a_child_dies(stage, folder, name, said):
    def die():
        getattr(stage, name).returncode = -9

    stage.on_look = [die, stage.stop]

    (line,) = up(folder, code=1).stderr.splitlines()

    assert line.startswith(f"Error: The {said} ended by itself (exit code -9).")
    assert stage.events[-2:] == ["runner stopped", "server stopped"]


def test_service_ends_with_a_line_when_the_page_dies(stage, folder, monkeypatch):
    pages = []
    serve_page = service.serve_page

    @contextmanager
    def short_lived(study, note):
        with serve_page(study, note) as page:
            pages.append(page)
            yield page

    monkeypatch.setattr(service, "serve_page", short_lived)
    monkeypatch.setattr("threading.Thread.is_alive", lambda _thread: not pages)

    assert "The review page ended" in up(folder, code=1).stderr


def test_page_that_cannot_start_is_told(stage, folder, monkeypatch):
    monkeypatch.setattr("uvicorn.Server.run", lambda _server: None)

    assert "The review page did not start on port" in up(folder, code=1).stderr


def test_second_service_of_a_study_is_one_line(stage, folder):
    with hold_lock(folder / ".prefect" / "up.lock", ""):
        result = up(folder, code=1)

    assert result.stderr == (
        "Error: Another 'themeloop up' serves this study. Use that one, or stop it first.\n"
    )
    assert stage.events == []


def test_sigterm_ends_like_ctrl_c():
    with pytest.raises(KeyboardInterrupt):
        service._interrupt(15, None)


def test_note_of_a_service_that_says_no_page_is_no_page(folder):
    study = open_study(folder)

    with hold_lock(folder / ".prefect" / "up.lock", ""):
        assert find_page(study) is None
    study.database.close()


def test_run_on_the_server_is_busy_where_another_run_is_at_work(filled, monkeypatch, tmp_path):
    study = open_study(filled)
    monkeypatch.setattr(suggest, "find_waiting", lambda _work: [1])

    with study.lock():
        summary = suggest.run_on_server(study, Server(1, 9))

    assert summary.state == "busy"
    study.database.close()


def test_each_run_of_the_runner_is_told_once(tmp_path, capsys):
    study = create_study(tmp_path / "study", Settings(), now=NOW)
    assert service.tell_news(study, 0) == 0
    counts = {"n_suggestions": 4, "n_interviews": 2}
    with study.database.write() as connection:
        run_id = start_run(connection, "suggest", {}, flow_run_id=None, now=NOW)
        finish_run(connection, run_id, state="finished", counts=counts, now=NOW)

    told = service.tell_news(study, 0)
    again = service.tell_news(study, told)

    assert told == again == run_id == service.newest_run_id(study)
    assert capsys.readouterr().out.count("run 1: 4 suggestions for 2 interviews") == 1
    study.database.close()


def test_file_is_named_to_a_person_and_counted_where_a_log_may_keep_it(
    tmp_path, capsys, monkeypatch
):
    study = create_study(tmp_path / "study", Settings(), now=NOW)
    (study.folder / "gazetteer.csv").write_text("Sanne\n")

    service.tell_files(study)
    counted = capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    service.tell_files(study)
    named = capsys.readouterr().err

    assert counted == "1 things want a person: 'themeloop status' says which.\n"
    assert named.startswith("WRONG: gazetteer.csv:1: ")
    study.database.close()
