"""Facts about the flow on a real Prefect server; every word here is synthetic."""

import asyncio
import base64
import gc
import json
import re
import urllib.error
import urllib.request
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from time import monotonic, sleep
from uuid import uuid4

import dask
import distributed  # noqa: F401 - its defaults, which a test changes
import pytest
from click.testing import CliRunner

from pipeline.learning.keep import count_only
from pipeline.run import open_work
from pipeline.server import api_of, find_server, prefect_environment, prefect_server
from study.coded_file import take_in
from study.errors import StudyError
from study.folder import create_study
from study.ledger import list_failures
from study.locks import hold_lock
from study.settings import Settings, save_setting
from tests.pipeline.learning.taught import CANARY
from themeloop.cli import main

pytestmark = [
    pytest.mark.prefect,
    # Prefect's client leaves its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _collect_prefects_sockets():
    """Collect them here, where their warning is expected, and not in another module's test."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def home(tmp_path_factory, now):
    """A study whose Prefect server is up; Prefect is first imported under its environment."""
    study = create_study(tmp_path_factory.mktemp("served"), Settings(), now=now)
    patch = pytest.MonkeyPatch()
    with prefect_server(study, 4400) as server:
        for name, value in prefect_environment(study, server.port).items():
            patch.setenv(name, value)
        yield study
    patch.undo()
    study.database.close()


@pytest.fixture
def ask(home):
    """Ask the server's interface as a client that knows the password, or not."""

    def ask_server(path, body=None, *, headers=(), password=True):
        request = urllib.request.Request(
            f"http://127.0.0.1:4400/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **dict(headers)},
        )
        if password:
            secret = f"themeloop:{home.secret('prefect-password')}".encode()
            request.add_header("Authorization", f"Basic {base64.b64encode(secret).decode()}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer), answer.headers

    return ask_server


@pytest.fixture
def csrf(ask):
    def token():
        client = str(uuid4())
        found, _ = ask(f"csrf-token?client={client}")
        return {"Prefect-Csrf-Token": found["token"], "Prefect-Csrf-Client": client}

    return token


def run_flow(study):
    from pipeline.flow import suggest_themes  # noqa: PLC0415 - after the environment is set

    return asyncio.run(suggest_themes(str(study.folder)))


def test_flow_run_is_recorded_as_completed(home, coded_study, ask, csrf):
    summary = run_flow(coded_study)

    assert summary.n_interviews == 3
    with coded_study.database.read() as connection:
        flow_run_id = connection.exec_driver_sql("SELECT flow_run_id FROM run").scalar()
    recorded, _ = ask(f"flow_runs/{flow_run_id}")
    assert recorded["state"]["type"] == "COMPLETED"


def test_run_that_did_something_shows_its_counts_in_prefect_and_nothing_else(
    home, coded_study, ask, csrf
):
    made, again = run_flow(coded_study), run_flow(coded_study)

    found, _ = ask("artifacts/latest/filter", {}, headers=csrf())
    assert [artifact["key"] for artifact in found] == ["run-summary"]
    assert json.loads(found[0]["data"]) == [asdict(made)]
    assert again.state == "nothing new"


def test_run_on_a_study_that_is_held_does_nothing_and_nothing_is_wrong(home, coded_study):
    with open_work(coded_study.folder):
        summary = run_flow(coded_study)

    assert (summary.state, summary.run_id) == ("busy", None)


def test_nothing_of_an_interview_reaches_prefect_or_a_log(
    home, study, add, interview, encoder, capfd, caplog
):
    canary = f"canary{uuid4().hex}"
    add(
        interview("GOOD", ["Go on .", f"she kept a {canary} at home"]),
        interview("BAD", ["Go on .", f"POISON {canary} that no encoder takes"]),
    )

    summary = run_flow(study)

    assert summary.n_set_aside == 1
    printed = capfd.readouterr()
    assert canary not in printed.out + printed.err + caplog.text
    assert canary_hits(home.folder / ".prefect", canary) == []


def test_threads_take_several_interviews_at_once_and_set_one_aside_that_fails(
    home, coded_study, add, interview, encoder, capfd
):
    canary = f"canary{uuid4().hex}"
    add(interview("BAD", ["Go on .", f"POISON {canary}"]))
    save_setting(coded_study.folder / "study.toml", "task_runner", "threads")
    encode, together, first_two = encoder.encode, Barrier(2), iter(range(2))

    def encode_together(texts):
        if next(first_two, None) is not None:
            # Neither comes further before the other is here.
            together.wait(timeout=120)
        return encode(texts)

    encoder.encode = encode_together

    summary = run_flow(coded_study)

    assert (summary.n_interviews, summary.n_set_aside) == (3, 1)
    with coded_study.database.read() as connection:
        (failure,) = list_failures(connection, summary.run_id)
    assert failure.reason.startswith("ValueError at fakes.py:")
    printed = capfd.readouterr()
    assert canary not in printed.out + printed.err
    assert canary_hits(home.folder / ".prefect", canary) == []


def test_dask_scheduler_that_is_not_there_is_told_with_its_setting(home, coded_study, encoder):
    path = coded_study.folder / "study.toml"
    save_setting(path, "task_runner", "dask")
    # Nothing listens at the first port.
    save_setting(path, "dask_address", "tcp://127.0.0.1:1")

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(Exception, match=r"^No Dask worker answers; dask_address = 'tcp"),
    ):
        run_flow(coded_study)


def test_evaluation_shows_its_counts_in_prefect_once_and_nothing_of_an_interview(
    home, study, add, interview, encoder, ask, csrf, capfd
):
    canary = f"canary{uuid4().hex}"
    add(interview("I1", ["Go on .", f"relying on a {canary}"], keys=["trust"]))
    run_flow(study)

    from pipeline.flow import evaluate_agreement  # noqa: PLC0415 - after the environment is set

    made, again = (asyncio.run(evaluate_agreement(str(study.folder))) for _ in range(2))

    found, _ = ask("artifacts/latest/filter", {}, headers=csrf())
    (shown,) = (each for each in found if each["key"] == "evaluation-summary")
    assert (made.state, made.n_excerpts) == ("reported", 2)
    assert (again.state, again.n_excerpts) == ("nothing new", 0)
    assert json.loads(shown["data"]) == [asdict(made)]
    printed = capfd.readouterr()
    assert canary not in printed.out + printed.err
    assert canary_hits(home.folder / ".prefect", canary) == []


def test_learning_shows_its_counts_in_prefect_and_nothing_of_an_interview(
    home, untrained, ask, csrf, capfd
):
    from pipeline.flow import learn_from_decisions  # noqa: PLC0415 - after the environment is set

    # As the service calls it, which opens the study by its folder.
    folder = str(untrained.folder)
    made, again = (asyncio.run(learn_from_decisions(folder)) for _ in range(2))

    found, _ = ask("artifacts/latest/filter", {}, headers=csrf())
    (shown,) = (each for each in found if each["key"] == "learning-summary")
    assert (made.state, again.state) == ("promoted", "nothing new")
    assert json.loads(shown["data"]) == [count_only(made)]
    assert "mean average precision" not in json.dumps(found)
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err
    assert canary_hits(home.folder / ".prefect", CANARY) == []


def test_failed_flow_stores_no_text_either(home, study, add, interview, encoder, capfd):
    canary = f"canary{uuid4().hex}"
    add(interview("BAD", [f"POISON {canary}"]))

    with pytest.raises(Exception, match="embed_excerpts failed for all 1"):
        run_flow(study)

    printed = capfd.readouterr()
    assert canary not in printed.out + printed.err
    assert canary_hits(home.folder / ".prefect", canary) == []


def test_unforeseen_error_of_a_flow_is_told_by_kind_and_place_only(home, study, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("what somebody said")

    monkeypatch.setattr("pipeline.flow.suggest_in_order", fail)

    with pytest.raises(Exception, match=r"^RuntimeError at test_flow.py:\d+$"):
        run_flow(study)


def canary_hits(folder, canary):
    """Find files that hold a string, plainly or in base64 as Prefect's results do."""
    hits = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            decoded = b"".join(_decodings(content))
            if canary.encode() in content or canary.encode() in decoded:
                hits.append(path.name)
    return hits


def _decodings(content):
    for part in re.findall(rb"[A-Za-z0-9+/]{40,}", content):
        # What stands before it may have been taken for a part of it: try every alignment.
        for start in range(4):
            end = start + (len(part) - start) // 4 * 4
            yield base64.b64decode(part[start:end])


def test_canary_search_finds_what_is_stored_in_base64(tmp_path):
    stored = base64.b64encode(b"....a result with canary0123456789 in it, pickled....")
    (tmp_path / "result").write_text(json.dumps({"result": stored.decode()}))

    assert canary_hits(tmp_path, "canary0123456789") == ["result"]


def test_deployment_with_an_interval_gets_a_scheduled_run(home, ask, csrf):
    """Pins that do not go together leave the scheduler without a word and without runs."""
    flow_id, _ = ask("flows/", {"name": "suggest_themes"}, headers=csrf())
    ask(
        "deployments/",
        {
            "name": "smoke",
            "flow_id": flow_id["id"],
            "schedules": [{"schedule": {"interval": 900}, "active": True}],
        },
        headers=csrf(),
    )

    scheduled = wait_for(
        lambda: ask(
            "flow_runs/count",
            {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}},
            headers=csrf(),
        )[0]
    )

    assert scheduled > 0


def test_run_left_unfinished_by_a_killed_runner_gives_its_slot_back(home, ask, csrf):
    from pipeline.serve import close_stale_runs, make_deployments  # noqa: PLC0415 - see run_flow

    deployment_id = make_deployments(home)[0].apply()
    api = api_of(home, find_server(home))

    def propose(flow_run_id, state):
        answer, _ = ask(
            f"flow_runs/{flow_run_id}/set_state", {"state": {"type": state}}, headers=csrf()
        )
        return answer["state"]["type"]

    dead, refused = api.request_run(), api.request_run()
    assert propose(dead, "PENDING") == "PENDING"
    assert propose(refused, "PENDING") == "CANCELLED"
    assert close_stale_runs(home) == 1

    assert ask(f"flow_runs/{dead}")[0]["state"]["name"] == "Crashed"
    assert propose(api.request_run(), "PENDING") == "PENDING"
    assert close_stale_runs(home) == 1
    assert ask(f"deployments/{deployment_id}")[0]["entrypoint"] == "pipeline.flow.suggest_themes"


def test_schedule_keeps_to_its_grid_however_often_the_service_starts(home, ask):
    from pipeline.serve import make_deployments  # noqa: PLC0415 - see run_flow

    (first,) = make_deployments(home)[0].schedules
    (again,) = make_deployments(home)[0].schedules

    assert first.schedule == again.schedule
    assert first.schedule.interval == timedelta(minutes=15)
    learning, evaluation = (each.schedules[0] for each in make_deployments(home)[1:])
    assert learning.schedule.interval == timedelta(days=1)
    assert evaluation.schedule.interval == timedelta(days=7)


def test_reflexive_study_has_no_evaluation_by_the_clock(home):
    from pipeline.serve import make_deployments  # noqa: PLC0415 - see run_flow

    reflexive = replace(home, settings=Settings(stance="reflexive"))

    assert [each.flow_name for each in make_deployments(reflexive)] == [
        "suggest_themes",
        "learn_from_decisions",
    ]


def test_person_at_work_without_the_runner_is_not_taken_for_stale(home, ask, csrf):
    from pipeline.serve import close_stale_runs  # noqa: PLC0415 - see run_flow

    flow_id, _ = ask("flows/", {"name": "suggest_themes"}, headers=csrf())
    body = {"flow_id": flow_id["id"], "state": {"type": "RUNNING"}}
    run, _ = ask("flow_runs/", body, headers=csrf())

    with home.lock():
        assert close_stale_runs(home) == 0
    assert close_stale_runs(home) == 1

    assert ask(f"flow_runs/{run['id']}")[0]["state"]["name"] == "Crashed"


def test_next_run_by_the_clock_is_told(home):
    from pipeline.serve import make_deployments  # noqa: PLC0415 - see run_flow

    make_deployments(home)[0].apply()

    found = wait_for(lambda: api_of(home, find_server(home)).next_run_at())

    assert found > datetime.now(UTC) - timedelta(minutes=1)


def test_second_runner_of_a_study_is_refused_in_a_line(home, monkeypatch):
    from pipeline import serve  # noqa: PLC0415 - see run_flow

    served = []
    monkeypatch.setenv("THEMELOOP_RUNNER", "")
    monkeypatch.setattr(serve, "serve", lambda *given, **how: served.append((given, how)))
    command = ["--study", str(home.folder)]

    first = CliRunner().invoke(serve.main, command)
    with hold_lock(home.folder / ".prefect" / "runner.lock", ""):
        second = CliRunner().invoke(serve.main, command)

    (deployments, how) = served[0]
    assert (first.exit_code, second.exit_code, len(served)) == (0, 1, 1)
    assert [(each.flow_name, each.name) for each in deployments] == [
        ("suggest_themes", "study"),
        ("learn_from_decisions", "study"),
        ("evaluate_agreement", "study"),
    ]
    assert (how["limit"], how["pause_on_shutdown"]) == (1, False)
    assert second.stderr == "Error: Another runner serves this study.\n"


def wait_for(look, seconds=90):
    end = monotonic() + seconds
    while not (found := look()) and monotonic() < end:
        sleep(0.5)
    return found


def test_server_refuses_who_does_not_know_the_password(ask):
    with pytest.raises(urllib.error.HTTPError, match="401"):
        ask("admin/version", password=False)


def test_server_refuses_a_post_without_a_token(ask):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        ask("flow_runs/count", {})


def test_server_lets_no_foreign_page_read(ask):
    _, headers = ask("health", headers={"Origin": "http://evil.example"})

    assert headers["Access-Control-Allow-Origin"] is None


def test_running_server_is_found_by_its_study_only(home, coded_study):
    assert find_server(home).port == 4400
    assert find_server(coded_study) is None


def test_taken_port_is_named_with_its_setting(home):
    with (
        pytest.raises(StudyError, match=r"Port 4400 is taken .* 'prefect_port' in study.toml"),
        prefect_server(home, 4400),
    ):
        pass


def test_command_uses_the_server_that_is_up(home, book, interview, encoder, now):
    folder = str(home.folder)

    def suggest():
        result = CliRunner().invoke(main, ["suggest", "--study", folder, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    take_in(
        home,
        [interview("I1", ["Go on .", "relying on her"])],
        book,
        is_segmenting=False,
        now=now,
    )
    made, again = suggest(), suggest()

    assert made["prefect"] == again["prefect"] == "http://127.0.0.1:4400"
    assert (made["state"], again["state"]) == ("finished", "nothing new")
    with home.database.read() as connection:
        flow_run_ids = [row[0] for row in connection.exec_driver_sql("SELECT flow_run_id FROM run")]
    assert len(flow_run_ids) == 1
    assert flow_run_ids[0] is not None
