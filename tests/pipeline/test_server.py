"""Facts about child processes and ports; no Prefect is started here."""

import os
import signal
import socket
import sys
import urllib.error
from time import monotonic, sleep

import pytest

from pipeline import children, server
from pipeline.children import child_process, end_with_runner
from pipeline.prefect_api import PrefectApi
from pipeline.server import find_free_port, find_server, prefect_server, require_free_port
from study.errors import StudyError
from study.folder import create_study
from study.settings import Settings

# A child that starts one of its own, says who it is, and heeds no SIGTERM but the harsh one's.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(own.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def empty(tmp_path, now):
    study = create_study(tmp_path / "s", Settings(), now=now)
    yield study
    study.database.close()


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module that a child process can be started with."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(source):
        (tmp_path / "of_a_test.py").write_text(source)
        return ("of_a_test",)

    return write


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as facts:
            return facts.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_for(look, seconds=60):
    end = monotonic() + seconds
    while not (found := look()) and monotonic() < end:
        sleep(0.02)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_stubborn_child_and_what_it_started_are_ended(module, tmp_path, monkeypatch):
    monkeypatch.setattr(children, "STOP_SECONDS", 0.2)
    log = tmp_path / "log"

    with child_process(module(STUBBORN), environment={}, log=log) as child:
        grandchild = int(wait_for(log.read_text))
        assert is_alive(child.pid)
        assert is_alive(grandchild)

    assert wait_for(lambda: not is_alive(grandchild))
    assert child.returncode == -signal.SIGKILL


def test_child_that_is_gone_already_is_no_trouble(module, tmp_path):
    with child_process(module(""), environment={}, log=tmp_path / "log") as child:
        child.wait()

    assert child.returncode == 0


def test_process_ends_with_the_runner_only_where_the_runner_started_it(monkeypatch):
    asked = []
    monkeypatch.setattr(children, "end_with_parent", asked.append)

    end_with_runner()
    monkeypatch.setenv("THEMELOOP_RUNNER", "1")
    end_with_runner()
    monkeypatch.setenv("THEMELOOP_RUNNER", str(os.getppid()))
    end_with_runner()

    assert asked == [signal.SIGKILL]


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_taken_port_is_passed_over(taken):
    assert taken < find_free_port(taken) < taken + 100
    with pytest.raises(StudyError, match=rf"Port {taken} is taken .* 'page_port' in study.toml"):
        require_free_port(taken, "page_port")


def test_hundred_taken_ports_are_told(monkeypatch):
    def taken(*_arguments):
        raise StudyError("taken")

    monkeypatch.setattr(server, "require_free_port", taken)

    with pytest.raises(StudyError, match="Ports 5000 to 5099 are all taken"):
        find_free_port(5000)


def test_server_that_ends_at_once_says_where_its_log_is(empty, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")

    with (
        pytest.raises(StudyError, match=r"ended at once .*\.prefect/server\.log"),
        prefect_server(empty, find_free_port(4500)),
    ):
        pass

    assert find_server(empty) is None


def test_server_that_never_answers_is_given_up(empty, monkeypatch):
    monkeypatch.setattr(server, "START_SECONDS", 0.3)

    with (
        pytest.raises(StudyError, match=r"did not answer within 0.3 s"),
        prefect_server(empty, find_free_port(4500)),
    ):
        pass


@pytest.mark.parametrize("record", ["", "[]", '{"pid": 1}', '{"pid": 1, "port": 9}'])
def test_damaged_or_old_record_of_a_server_is_no_server(empty, record):
    (empty.folder / ".prefect" / "server.json").write_text(record)

    assert find_server(empty) is None


def test_stranger_on_the_port_is_not_ours(taken, monkeypatch):
    monkeypatch.setattr("pipeline.prefect_api.SECONDS", 0.2)

    assert not PrefectApi(f"http://127.0.0.1:{taken}", "a:b").is_ours()


def test_answer_that_is_no_json_is_told_as_an_error_of_the_connection(monkeypatch):
    class Page:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            pass

        def read(self):
            return b"<html>"

    monkeypatch.setattr("pipeline.prefect_api.open_here", lambda _request: Page())

    with pytest.raises(OSError, match="not how a Prefect server answers"):
        PrefectApi("http://127.0.0.1:9", "a:b").next_run_at()


def test_password_is_not_shown():
    assert "secret" not in repr(PrefectApi("http://127.0.0.1:9", "a:secret"))
    assert issubclass(urllib.error.URLError, OSError)
