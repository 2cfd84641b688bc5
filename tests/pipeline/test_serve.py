"""Facts about the whole service in processes of its own; every word here is synthetic.

The tests follow one study from its first start to its end: a start costs ten seconds.
"""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import pytest

from pipeline.server import api_of, find_free_port, find_server
from study.coded_file import take_in
from study.folder import create_study
from study.settings import Settings
from tests.themeloop.test_network import WATCHER

ROOT = Path(__file__).parents[2]
CANARY = "canary5d1f0c7b9e"
pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
# Runs at the start of every Python that the service starts. Connections that are not this machine's
# own are noted; runs use the fake encoder, which waits for as long as a file is there.
SITE = (
    f"""
{WATCHER}
"""
    + """
import importlib.machinery, os, sys, time

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
            class Slow(WordEncoder):
                def encode(self, texts):
                    while os.path.exists(os.environ["THEMELOOP_TEST_SLOW"]):
                        time.sleep(0.05)
                    return super().encode(texts)
            module.the_encoder = lambda _name: Slow()
        spec.loader.exec_module = load_and_replace
        return spec

sys.meta_path.insert(0, Fake)
"""
)


def wait_for(look, seconds=120):
    """Look until there is something; whoever waits in vain is told what was seen last."""
    end = monotonic() + seconds
    while not (found := look()) and monotonic() < end:
        sleep(0.2)
    assert found, "waited in vain"
    return found


class Service:
    """`themeloop up` on one study, as its owner and as the system see it."""

    def __init__(self, study, environment):
        self.study = study
        self.environment = environment
        self.process = None
        self.printed = ""

    @property
    def folder(self):
        return self.study.folder

    def command(self, *arguments, **options):
        command = [sys.executable, "-m", "themeloop", *arguments, "--study", str(self.folder)]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def start(self):
        """Start, and wait until the runner has said that the flow may be asked for."""
        self.process = self.command("up")
        address = None
        for line in self.process.stdout:
            self.printed += line
            if line.startswith("Review page: "):
                address = line.split()[-1]
            if "Ctrl-C stops everything" in line:
                break
        assert address, self.printed
        return address

    def status(self):
        process = self.command("status", "--json")
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 0, printed
        return json.loads(printed)

    def stop(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        return self.wait()

    def wait(self):
        printed, _ = self.process.communicate(timeout=60)
        self.printed += printed
        return self.process.returncode

    def processes(self):
        """List what was started for the study and is alive: by pid, the command line."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                words = (path / "cmdline").read_bytes().decode().split("\0")
                home = f"PREFECT_HOME={self.folder}/.prefect".encode()
                if home in (path / "environ").read_bytes().split(b"\0"):
                    found[int(path.name)] = " ".join(words[1:])
            except (OSError, UnicodeDecodeError):
                continue
        return found

    def pids(self, part):
        return [pid for pid, line in self.processes().items() if part in line]

    def flow_runs(self, **wanted):
        """Read the flow runs of the deployment that have what is wanted."""
        api = api_of(self.study, find_server(self.study))
        body = {
            "deployments": {"name": {"any_": ["study"]}},
            "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}},
        }
        found = api._tell("flow_runs/filter", body)
        return [run for run in found if wanted.items() <= run.items()]

    def rows(self, query):
        with self.study.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def set(self, **values):
        path = self.folder / "study.toml"
        text = path.read_text()
        for name, value in values.items():
            text = re.sub(rf"^(# )?{name} = .*$", f"{name} = {value}", text, flags=re.M)
        path.write_text(text)


@pytest.fixture(scope="module")
def service(tmp_path_factory, now):
    base = tmp_path_factory.mktemp("service")
    (base / "site").mkdir()
    (base / "site" / "sitecustomize.py").write_text(SITE)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
        "PYTHONPATH": os.pathsep.join([str(base / "site"), str(ROOT)]),
        "THEMELOOP_TEST_SLOW": str(base / "slow"),
        "WATCHED": str(base / "watched"),
    }
    settings = Settings(
        open_without_password=True,
        prefect_port=find_free_port(4420),
        page_port=find_free_port(8720),
        run_every_minutes=1440,
        settle_seconds=0,
    )
    study = create_study(base / "study", settings, now=now)
    service = Service(study, environment)
    yield service
    if service.process is not None and service.process.poll() is None:
        service.stop()
    for pid in service.processes():
        os.kill(pid, signal.SIGKILL)
    study.database.close()


@pytest.fixture
def slow(service):
    """Let every run wait at its first text, until told otherwise."""
    path = Path(service.environment["THEMELOOP_TEST_SLOW"])
    path.touch()
    yield path
    path.unlink(missing_ok=True)


def test_whole_life_of_a_service(service, book, interview, now, slow):
    """One test: each part needs what the one before it has left."""
    take_in(service.study, [], book, is_segmenting=False, now=now)
    page = service.start()
    assert ask(f"{page}/health") == {"status": "ok"}

    second_service_is_one_line(service)
    new_file_leads_to_a_run_that_is_told_while_it_is_on(
        service, page, [interview("I1", ["Go on .", f"relying on {CANARY}"])], book, now
    )
    power_loss_leaves_no_process_and_no_wedge(service, slow)
    run_by_the_clock_does_its_work(
        service, [interview("I2", ["Yes .", f"count on {CANARY}"])], book, now
    )
    service_ends_when_its_runner_is_killed(service)
    sigterm_during_a_run_ends_everything(
        service, slow, [interview("I3", ["No .", "something that nobody said yet"])], book, now
    )
    nothing_of_the_study_was_told(service)


def second_service_is_one_line(service):
    second = service.command("up")
    printed, _ = second.communicate(timeout=60)

    assert second.returncode == 1
    assert printed == (
        "Error: Another 'themeloop up' serves this study. Use that one, or stop it first.\n"
    )


def new_file_leads_to_a_run_that_is_told_while_it_is_on(service, page, interviews, book, now):
    take_in(service.study, interviews, book, is_segmenting=False, now=now)
    (service.folder / "inbox" / f"{CANARY}.txt").write_text("Nobody reads this yet.")

    wait_for(lambda: ask(f"{page}/api/run")["now"] == "At work: embedding excerpts, 0 of 1")
    (run,) = service.flow_runs(state_type="RUNNING")
    told = service.status()

    assert not run["auto_scheduled"]
    assert told["running"]["counts"] == {"step": "embed_excerpts", "n_done": 0, "n_all": 1}
    assert told["running"]["prefect"].endswith(f"/runs/flow-run/{run['id']}")
    assert told["next_run_at"] is not None


def power_loss_leaves_no_process_and_no_wedge(service, slow):
    before = {*service.pids("prefect server"), *service.pids("pipeline.serve")}
    engines = wait_for(lambda: service.pids("prefect.engine"))
    assert len(before) == 2

    for pid in (service.process.pid, *before):
        os.kill(pid, signal.SIGKILL)
    service.wait()

    # The engine goes with its runner: it would hold the study.
    wait_for(lambda: not set(engines) & set(service.processes()))
    assert service.status()["running"] is None
    slow.unlink()
    service.set(run_every_minutes=0.05)
    service.start()
    assert service.rows("SELECT state FROM run ORDER BY id") == [("interrupted",), ("finished",)]
    wait_for(lambda: service.flow_runs(state_type="COMPLETED", auto_scheduled=True))
    assert len(service.flow_runs(state_name="Crashed")) == 1


def run_by_the_clock_does_its_work(service, interviews, book, now):
    take_in(service.study, interviews, book, is_segmenting=False, now=now)

    made = "SELECT flow_run_id FROM run WHERE state = 'finished' AND id > 2"
    ((flow_run_id,),) = wait_for(lambda: service.rows(made))

    (run,) = service.flow_runs(id=flow_run_id)
    assert run["auto_scheduled"]
    ((items,),) = service.rows("SELECT count(*) FROM queue_item")
    assert items == 4


def service_ends_when_its_runner_is_killed(service):
    (runner,) = service.pids("pipeline.serve")
    os.kill(runner, signal.SIGKILL)

    assert service.wait() == 1
    (line,) = [line for line in service.printed.splitlines() if line.startswith("Error")]
    assert line.startswith("Error: The runner ended by itself (exit code -9). All else was stopped")
    assert service.processes() == {}


def sigterm_during_a_run_ends_everything(service, slow, interviews, book, now):
    service.set(run_every_minutes=1440)
    page = service.start()
    slow.touch()
    take_in(service.study, interviews, book, is_segmenting=False, now=now)
    (service.folder / "inbox" / f"{CANARY}-2.txt").write_text("Nor this.")
    wait_for(lambda: ask(f"{page}/api/run")["now"] == "At work: embedding excerpts, 0 of 1")

    assert service.stop() == 0

    assert service.printed.endswith("Stopped.\n")
    assert service.processes() == {}
    assert service.status()["running"] is None


def nothing_of_the_study_was_told(service):
    assert CANARY not in service.printed
    hits = []
    for path in (service.folder / ".prefect").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        decoded = b"".join(_decodings(content))
        if CANARY.encode() in content + decoded:
            hits.append(path.name)
    assert hits == []
    assert not Path(service.environment["WATCHED"]).exists()
    assert CANARY in str(service.rows("SELECT text FROM transcript_version"))


def ask(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


def _decodings(content):
    for part in re.findall(rb"[A-Za-z0-9+/]{40,}", content):
        # What stands before it may have been taken for a part of it: try every alignment.
        for start in range(4):
            end = start + (len(part) - start) // 4 * 4
            yield base64.b64decode(part[start:end])
