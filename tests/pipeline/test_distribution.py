"""Facts about runs that several workers do at once; every word here is synthetic."""

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from pipeline import at_worker, embed, engines, propose, segment
from pipeline.at_worker import close_studies, do_step
from pipeline.embed import embed_excerpts
from pipeline.engines import require_engine
from pipeline.fit import fit_codes
from pipeline.order import suggest_in_order
from pipeline.plan import EMBED, PROPOSE, SEGMENT
from pipeline.propose import propose_codes
from pipeline.run import open_run, open_work
from pipeline.segment import split_into_excerpts
from pipeline.server import find_free_port, prefect_environment, prefect_server
from pipeline.work import PlainCalls, StepError, Work, call_plainly, call_redacted, for_each
from pipeline.worker_cores import choose_share, dask_setup, list_cores, worker_environment
from study.coded_file import take_in
from study.fingerprint import fingerprint_study
from study.folder import Study, create_study
from study.ledger import done_inputs, list_failures
from study.settings import Settings, save_setting
from study.suggestions import read_current_suggestions
from tests.pipeline.conftest import make_interview

ROOT = Path(__file__).parents[2]
CANARY = "canary7c2e9d0b41"
# Runs at the start of the flow's Python and of every worker's. The fake encoder stops at a text
# that says HELD for as long as a file is there, and leaves a note of the process that it is in.
SITE = """
import importlib.machinery, os, sys, time
from pathlib import Path

HOLD = Path(os.environ["THEMELOOP_TEST_HOLD"])

class Fake(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "pipeline.embed":
            return None
        sys.meta_path.remove(cls)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        load = spec.loader.exec_module
        def load_and_replace(module):
            load(module)
            from tests.fakes import WordEncoder
            class Held(WordEncoder):
                def encode(self, texts):
                    if any("HELD" in text for text in texts):
                        Path(f"{HOLD}-{os.getpid()}").touch()
                        while HOLD.exists():
                            time.sleep(0.05)
                    return super().encode(texts)
            module.the_encoder = lambda _name: Held()
        spec.loader.exec_module = load_and_replace
        return spec

sys.meta_path.insert(0, Fake)
"""
# As the service's runner does: a process of its own for the run.
RUN_FLOW = """
import asyncio, dataclasses, json, os, sys
from pipeline.flow import suggest_themes
print(json.dumps(dataclasses.asdict(asyncio.run(suggest_themes(sys.argv[1])))))
"""
LONG = "Thuis werd het later anders. Op school bleef het zoals het was. "
INTERVIEWS = (
    make_interview("I1", ["How is it ?", "I could count on the worker HELD"]),
    make_interview("I2", ["Tell me .", "things at home became different HELD"]),
    make_interview("I3", ["Begin .", "she was there HELD", "and then ?", "the dog barked"]),
    make_interview("I4", ["Go on .", "relying on her HELD", "Why ?", "nobody else came"]),
)
UNCUT = make_interview("I5", ["Hoe was dat ?", LONG * 20], language="nl")
POISONED = make_interview("BAD", ["Go on .", f"POISON {CANARY}"])


def wait_for(look, seconds=240):
    """Look until there is something; whoever waits in vain is told."""
    end = monotonic() + seconds
    while not (found := look()) and monotonic() < end:
        sleep(0.1)
    assert found, "waited in vain"
    return found


def fill(study, book, now, *more):
    take_in(study, [*INTERVIEWS, *more], book, is_segmenting=False, now=now)
    take_in(study, [UNCUT], book, is_segmenting=True, now=now)


def fingerprint(study):
    with study.database.read() as connection:
        return fingerprint_study(connection)


def suggestions(study):
    with study.database.read() as connection:
        return sorted(
            (each.excerpt, given.code_key, given.rank, given.method, given.score)
            for each in read_current_suggestions(connection)
            for given in [each.suggestion]
        )


class Flow:
    """One run of suggest_themes in a process of its own, whose encoder can be held."""

    def __init__(self, study, environment, folder):
        self.hold = folder / "hold"
        (folder / "sitecustomize.py").write_text(SITE)
        path = f"{folder}{os.pathsep}{ROOT}"
        self.environment = {
            **os.environ,
            **environment,
            "PYTHONPATH": path,
            "THEMELOOP_TEST_HOLD": str(self.hold),
        }
        self.command = [sys.executable, "-c", RUN_FLOW, str(study.folder)]
        self.printed = ""

    def held(self):
        """Give the processes in which the encoder has been held."""
        return {int(each.name.split("-")[1]) for each in self.hold.parent.glob("hold-*")}

    def start(self):
        """Start the flow in a process group of its own, and hold its encoder."""
        self.hold.touch()
        return subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=self.hold.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def wait_until_held(self, process):
        """Wait until two processes are held at once; give them."""
        wait_for(lambda: len(self.held()) == 2 or process.poll() is not None)
        assert process.poll() is None, process.communicate()[0]
        return sorted(self.held())

    @contextmanager
    def running(self):
        """Run the flow; it has ended well when this does."""
        with self.start() as process:
            try:
                yield process
                self.hold.unlink()
                self.printed, _ = process.communicate(timeout=240)
                assert process.returncode == 0, self.printed
            finally:
                end(process)

    @property
    def summary(self):
        """Give what the flow returned."""
        return json.loads(self.printed.splitlines()[-1])


def end(process):
    """End whatever is left of a flow's group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def environment(tmp_path_factory, now):
    """The environment of a Prefect server that is up for the flows of this module."""
    home = create_study(tmp_path_factory.mktemp("served"), Settings(), now=now)
    with prefect_server(home, find_free_port(4450)) as server:
        yield prefect_environment(home, server.port)
    home.database.close()


@pytest.fixture
def on_dask(postgresql, tmp_path, environment):
    """A study on PostgreSQL whose runs have two Dask workers, and a way to run its flow."""
    with postgresql.new_study(tmp_path / "dask", task_runner="dask", task_workers=2) as study:
        (tmp_path / "site").mkdir()
        yield study, Flow(study, environment, tmp_path / "site")


@pytest.fixture
def plain(postgresql, tmp_path, on_dask, book, encoder, now):
    """What a run without workers makes of the same interviews, under the same secrets."""
    shutil.copytree(on_dask[0].folder / "secrets", tmp_path / "plain" / "secrets")
    with postgresql.new_study(tmp_path / "plain") as study:
        fill(study, book, now)
        with open_work(study.folder) as work:
            suggest_in_order(call_plainly, work)
        yield study


@pytest.mark.prefect
def test_two_workers_make_the_same_suggestions_as_a_plain_run(on_dask, plain, book, now):
    study, flow = on_dask
    fill(study, book, now)

    with flow.running() as process:
        # Each holds an interview of its own: they are at work at the same time.
        workers = flow.wait_until_held(process)

    assert process.pid not in workers
    assert flow.summary["n_interviews"] == 5
    assert suggestions(study) == suggestions(plain)
    assert fingerprint(study) == fingerprint(plain)


@pytest.mark.prefect
def test_worker_killed_in_the_middle_costs_nothing(on_dask, plain, book, now):
    study, flow = on_dask
    fill(study, book, now)

    with flow.running() as process:
        os.kill(flow.wait_until_held(process)[0], signal.SIGKILL)

    assert (flow.summary["n_interviews"], flow.summary["n_set_aside"]) == (5, 0)
    assert fingerprint(study) == fingerprint(plain)


@pytest.mark.prefect
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_killed_run_takes_its_workers_along_and_the_next_one_finishes(on_dask, plain, book, now):
    study, flow = on_dask
    fill(study, book, now)
    with flow.start() as process:
        try:
            workers = flow.wait_until_held(process)
            # It alone: what its workers do is their own affair.
            os.kill(process.pid, signal.SIGKILL)
            wait_for(lambda: not any(is_alive(each) for each in workers))
        finally:
            end(process)

    with flow.running():
        pass

    assert (flow.summary["n_interviews"], flow.summary["n_set_aside"]) == (5, 0)
    assert fingerprint(study) == fingerprint(plain)


def is_alive(pid):
    # A zombie that nobody waits for has ended.
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.prefect
def test_failure_at_a_worker_is_set_aside_and_told_without_a_word_of_the_interview(
    on_dask, book, now
):
    study, flow = on_dask
    fill(study, book, now, POISONED)

    with flow.running():
        pass

    with study.database.read() as connection:
        (failure,) = list_failures(connection, flow.summary["run_id"])
    assert flow.summary["n_interviews"] == 5
    assert failure.reason.startswith("ValueError at fakes.py:")
    assert CANARY not in flow.printed
    # Whatever Dask has written lies in the study, and no text in it.
    assert [p for p in (study.folder / ".prefect").rglob("*") if p.is_file() and holds(p)] == []


def holds(path):
    return CANARY.encode() in path.read_bytes()


def test_plain_and_redacted_errors_differ_in_what_dask_would_send():
    from tblib import pickling_support  # noqa: PLC0415 - comes with Dask, which installs it

    def fail():
        raise ValueError(CANARY)

    pickling_support.install()
    with pytest.raises(StepError, match=r"^ValueError at test_distribution.py:\d+$") as caught:
        call_redacted(fail)
    with pytest.raises(StepError) as chained:
        _chain(fail)

    assert CANARY.encode() not in pickle.dumps(caught.value)
    # What is kept behind an error does travel.
    assert CANARY.encode() in pickle.dumps(chained.value)


def _chain(fail):
    try:
        fail()
    except ValueError:
        raise StepError("told") from None


def test_step_at_a_worker_sees_the_settings_that_its_run_began_with(coded_study):
    work = open_run(Work(coded_study))
    save_setting(coded_study.folder / "study.toml", "n_suggestions", 7)
    seen = []

    def look(work, transcript_id):
        seen.append((work.study.settings.n_suggestions, work.run_id, transcript_id))
        return 1

    folder = str(coded_study.folder)
    assert do_step(look, folder, work.run_id, 3) == 1
    again = open_run(Work(at_worker.open_once(folder, work.run_id)))
    close_studies()

    assert seen == [(3, work.run_id, 3)]
    assert again.run_id == work.run_id + 1


def test_worker_opens_a_study_once_for_a_run_and_lets_go_of_the_run_before(coded_study):
    folder = str(coded_study.folder)
    first, second = (open_run(Work(coded_study)).run_id for _ in range(2))

    one, same, other = (at_worker.open_once(folder, each) for each in (first, first, second))

    assert one is same
    assert other is not one
    assert list(at_worker._OPEN) == [(folder, second)]
    close_studies()
    assert at_worker._OPEN == {}


def test_step_of_a_run_that_the_study_does_not_know_is_refused(coded_study):
    with pytest.raises(Exception, match="There is no run 99"):
        do_step(lambda _work, _id: 1, str(coded_study.folder), 99, 1)

    assert at_worker._OPEN == {}


@pytest.mark.parametrize("n_workers", [1, 2, 3, 8])
def test_workers_share_the_cores_and_leave_none(n_workers):
    cores = [0, 1, 2, 3, 6, 7]

    shares = [choose_share(cores, place, n_workers) for place in range(n_workers)]

    assert set().union(*shares) == set(cores)
    assert all(shares)
    if n_workers <= len(cores):
        assert sum(map(len, shares)) == len(cores)


@pytest.mark.skipif(not list_cores(), reason="this system does not keep a process to cores")
def test_worker_keeps_to_its_share(monkeypatch):
    kept = []
    monkeypatch.setattr(os, "sched_setaffinity", lambda who, cores: kept.append((who, cores)))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _who: {0, 1, 2, 3})
    for name, value in worker_environment(2).items():
        monkeypatch.setenv(name, value)

    dask_setup(type("Worker", (), {"name": 1}))

    assert kept == [(0, {1, 3})]
    assert os.environ["OMP_NUM_THREADS"] == "2"


def with_settings(study, **values):
    return Study(study.folder, study.settings.model_copy(update=values), study.database)


def test_missing_dask_is_told_in_a_line_that_says_what_to_do(coded_study, monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda _name: None)

    require_engine(with_settings(coded_study, task_runner="threads"))
    with pytest.raises(StepError, match=r"pip install 'themeloop\[dask\]'"):
        require_engine(with_settings(coded_study, task_runner="dask"))


@pytest.mark.parametrize(
    ("address", "is_refused"),
    [("", False), ("tcp://127.0.0.1:8786", False), ("tls://10.0.0.5:8786", True)],
)
def test_workers_on_other_machines_need_a_database_that_they_reach(
    sqlite, postgresql, tmp_path, address, is_refused
):
    chosen = {"task_runner": "dask", "dask_address": address}
    with ExitStack() as opened:
        on_file = opened.enter_context(sqlite.new_study(tmp_path / "file", **chosen))
        on_server = opened.enter_context(postgresql.new_study(tmp_path / "server", **chosen))

        require_engine(on_server)
        if not is_refused:
            require_engine(on_file)
            return
        with pytest.raises(StepError, match="Move the study to PostgreSQL"):
            require_engine(on_file)


def count_ledger(study, step):
    with study.database.read() as connection:
        return sum(subject == "I5" for subject, _ in done_inputs(connection, step))


@pytest.mark.parametrize(
    ("step", "name", "inside"),
    [
        (split_into_excerpts, SEGMENT, (segment, "cut_transcript")),
        (embed_excerpts, EMBED, (embed, "embed_texts")),
        (propose_codes, PROPOSE, (propose, "suggest")),
    ],
)
def test_step_that_a_worker_taken_for_dead_does_as_well_is_done_once(
    study, book, encoder, now, monkeypatch, step, name, inside
):
    take_in(study, [UNCUT], book, is_segmenting=True, now=now)
    work = open_run(Work(study))
    if name != SEGMENT:
        split_into_excerpts(work, 1)
    if name == PROPOSE:
        embed_excerpts(work, 1)
        fit_codes(work)
    room, part = inside
    do_part = getattr(room, part)

    def let_another_be_faster(*arguments):
        monkeypatch.setattr(room, part, do_part)
        assert step(work, 1) > 0
        return do_part(*arguments)

    monkeypatch.setattr(room, part, let_another_be_faster)

    assert step(work, 1) == 0
    assert count_ledger(study, name) == 1


def test_workers_of_a_run_are_on_this_machine_and_closed_to_whoever_else_is_on_it(coded_study):
    described = engines.describe_cluster(with_settings(coded_study, task_workers=3))

    assert (described["n_workers"], described["threads_per_worker"]) == (3, 1)
    assert described["host"] == "127.0.0.1"
    assert described["security"] is True
    assert described["local_directory"].startswith(str(coded_study.folder))


class Backwards(PlainCalls):
    """Gives outcomes in another order than the one asked for, as workers do."""

    def over(self, step, work, transcripts):
        """Run a step for every transcript, the last first."""
        return super().over(step, work, transcripts[::-1])


def test_outcomes_in_any_order_are_put_into_the_order_asked_for(coded_study):
    work = open_run(Work(coded_study))

    def fail_for_some(_work, number):
        if number in (2, 4):
            raise ValueError(CANARY)
        return number

    assert for_each(Backwards(), fail_for_some, work, [1, 2, 3, 4, 5]) == [1, 3, 5]
    with coded_study.database.read() as connection:
        failures = list_failures(connection, work.run_id)
    assert [each.subject for each in failures] == ["2", "4"]
    assert all(each.reason.startswith("ValueError at test_distribution") for each in failures)
