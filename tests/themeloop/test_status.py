"""Facts about what `themeloop status` tells; every word here is synthetic."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from models.errors import ModelError
from pipeline.intake.arrivals import hash_name
from pipeline.server import Server
from study.folder import create_study
from study.inbox_files import NEW, SET_ASIDE, TAKEN, WAITING, note_arrival, note_outcome
from study.ledger import finish_run, note_progress, record_failure, start_run
from study.locks import hold_lock
from study.records import Failure
from study.settings import Settings
from themeloop.cli import main
from themeloop.commands import status as status_room

NOW = datetime(2026, 1, 2, 12, 30, tzinfo=UTC)


class FakeApi:
    """A server that has a run planned, or has just gone."""

    def __init__(self, planned):
        self.planned = planned

    def next_run_at(self):
        """Give the time, or fail as a server that has gone."""
        if self.planned is None:
            raise OSError("gone")
        return self.planned


@pytest.fixture
def empty(tmp_path):
    study = create_study(tmp_path / "s", Settings(coder="anna"), now=NOW)
    yield study
    study.database.close()


@pytest.fixture
def status(empty):
    """Run the command; give its lines, or its figures."""

    def run(*options):
        result = CliRunner().invoke(main, ["status", "--study", str(empty.folder), *options])
        assert result.exit_code == 0, result.output
        lines = result.stdout.splitlines()
        assert len(lines) <= 10 or options
        return json.loads(result.stdout) if options else lines

    return run


@pytest.fixture
def up(monkeypatch):
    def serve(planned=NOW):
        monkeypatch.setattr(status_room, "find_server", lambda _study: Server(1, 4316))
        monkeypatch.setattr(status_room, "api_of", lambda *_given: FakeApi(planned))

    return serve


def record_run(study, *, flow_run_id="f-1", failures=()):
    with study.database.write() as connection:
        run_id = start_run(connection, "suggest", {}, flow_run_id=flow_run_id, now=NOW)
        for failure in failures:
            record_failure(connection, failure, run_id=run_id, now=NOW)
        counts = {"n_suggestions": 5, "n_interviews": 2, "n_set_aside": len(failures)}
        finish_run(connection, run_id, state="finished", counts=counts, now=NOW)


def put(study, name, state, reason=None, folder="inbox"):
    (study.folder / folder / name).write_text("words")
    with study.database.write() as connection:
        file_id = note_arrival(
            connection,
            name_hash=hash_name(study, name),
            source_hash=name,
            n_bytes=5,
            mtime_ns=1,
            now=NOW,
        )
        if state != NEW:
            note_outcome(connection, file_id, state, reason=reason, now=NOW)


def test_new_study_says_how_to_begin(status, empty):
    assert status() == [
        f"Service: not up. Start it: themeloop up --study {empty.folder}",
        "Stance: not set; figures are shown as in a codebook study. Write into study.toml: "
        'stance = "reflexive", "codebook" or "coding reliability"',
        "Last run: none yet",
        "Waiting: 0 new files in the inbox; 0 wait for interviews.csv; 0 set aside; "
        "0 of 0 excerpts are open",
    ]


def test_last_run_says_when_and_what_it_did(status, empty):
    record_run(empty)

    (line,) = [line for line in status() if line.startswith("Last run")]

    assert line.endswith("5 suggestions for 2 interviews (run 1)")
    assert f"{NOW.astimezone():%Y-%m-%d %H:%M}" in line


def test_run_that_is_on_says_its_step_and_links_into_prefect(status, empty, up):
    up()
    record_run(empty)
    with empty.database.write() as connection:
        run_id = start_run(connection, "suggest", {}, flow_run_id="f-2", now=NOW)
        note_progress(connection, run_id, step="embed_excerpts", n_done=3, n_all=22)
    with empty.lock(), hold_lock(empty.folder / ".prefect" / "up.lock", "") as note:
        note.write('{"page": "http://127.0.0.1:8640"}')
        note.flush()
        lines, figures = status(), status("--json")

    assert "Running now: embedding excerpts, 3 of 22 (run 2)" in lines
    assert "In Prefect: http://127.0.0.1:4316/v2/runs/flow-run/f-2" in lines
    assert lines[0] == "Service: up; page http://127.0.0.1:8640, Prefect http://127.0.0.1:4316"
    assert lines[1] == f"Next run by the clock: {NOW.astimezone():%Y-%m-%d %H:%M}"
    assert figures["running"]["counts"]["n_done"] == 3
    assert figures["last_run"]["prefect"] == "http://127.0.0.1:4316/v2/runs/flow-run/f-1"
    assert figures["page"] == "http://127.0.0.1:8640"


def test_run_that_was_killed_is_not_running(status, empty):
    with empty.database.write() as connection:
        start_run(connection, "suggest", {}, flow_run_id=None, now=NOW)

    assert not [line for line in status() if line.startswith("Running")]


def test_server_that_goes_meanwhile_has_no_next_run(status, empty, up):
    up(planned=None)
    record_run(empty, flow_run_id=None)

    lines = status()

    assert lines[0] == "Service: up; page not served, Prefect http://127.0.0.1:4316"
    assert not [line for line in lines if line.startswith(("Next run", "In Prefect"))]


def test_files_are_named_with_what_they_wait_for_and_why_they_were_set_aside(status, empty):
    put(empty, "taken.txt", TAKEN)
    put(empty, "new.txt", NEW)
    (empty.folder / "inbox" / "unseen.txt").write_text("words")
    put(empty, "waits.txt", WAITING, "interviews.csv: participant is blank")
    put(empty, "bad.txt", SET_ASIDE, "not readable", folder="set-aside")
    (empty.folder / "set-aside" / "reasons.csv").write_text("file,reason")
    record_run(empty, failures=[Failure("embed_excerpts", "7", "ValueError at x.py:1")])

    lines, figures = status(), status("--json")

    assert "Waiting: 2 new files in the inbox; 1 wait for interviews.csv" in lines[-4]
    assert lines[-3:] == [
        "Failed: interview '7' at embed_excerpts: ValueError at x.py:1",
        "Set aside: bad.txt: not readable",
        "Waits: waits.txt: interviews.csv: participant is blank",
    ]
    assert figures["inbox"]["new"] == ["new.txt", "unseen.txt"]


def test_many_reasons_are_cut_short(status, empty):
    record_run(empty, failures=[Failure("propose_codes", str(n), "bad") for n in range(9)])

    lines = status()

    assert lines[-1] == "and 7 more, see --json"
    assert len([line for line in lines if line.startswith("Failed")]) == 2
    assert len(status("--json")["set_aside_by_last_run"]) == 9


def test_everything_that_can_be_told_fits_ten_lines(status, empty, up):
    up()
    record_run(empty, failures=[Failure("propose_codes", str(n), "bad") for n in range(9)])
    with empty.database.write() as connection:
        start_run(connection, "suggest", {}, flow_run_id="f-2", now=NOW)

    with empty.lock():
        lines = status()

    assert [line.split(":")[0] for line in lines] == [
        "Service",
        "Next run by the clock",
        "Stance",
        "Running now",
        "Last run",
        "In Prefect",
        "Waiting",
        "Failed",
        "Failed",
        "and 7 more, see --json",
    ]


def test_reflexive_study_tells_its_stance_and_counts_second_readings(status, empty):
    record_run(empty)
    settings = empty.folder / "study.toml"
    settings.write_text(settings.read_text() + 'stance = "reflexive"\n')

    lines, figures = status(), status("--json")

    assert "Stance: reflexive: the researcher's own reading leads; no figures, and " in lines[1]
    assert any("5 second readings for 2 interviews" in line for line in lines)
    assert figures["stance"] == "reflexive"
    assert figures["last_run"]["counts"]["n_suggestions"] == 5


def test_coder_whom_the_settings_name_anew_has_nothing_open_yet(status, empty):
    settings = empty.folder / "study.toml"
    settings.write_text(settings.read_text().replace('coder = "anna"', 'coder = "bob"'))

    assert status()[-1].endswith("0 of 0 excerpts are open")


def test_gazetteer_that_cannot_be_read_is_told_first(status, empty):
    put(empty, "bad.txt", SET_ASIDE, "not readable", folder="set-aside")
    (empty.folder / "gazetteer.csv").write_text("nonsense\n")

    told = status()[-2]

    assert told.startswith("WRONG: gazetteer.csv:1: missing columns")


@pytest.mark.parametrize("is_to_be_had", [True, False])
def test_encoder_that_is_slow_or_not_to_be_had_is_told(status, monkeypatch, is_to_be_had):
    def explain(_name):
        if is_to_be_had:
            return "It is slow."
        raise ModelError("There is none.")

    monkeypatch.setattr(status_room, "explain_slowness", explain)
    note = "It is slow." if is_to_be_had else "There is none."

    assert f"Encoder: {note}" in status()
    assert status("--json")["encoder_note"] == note
