"""The whole loop, in processes of its own, attempts no connection beyond this machine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Runs at the start of every Python that the command starts, itself included, and notes every
# connection and name look-up that is not this machine's own.
WATCHER = """
import ipaddress, os, sys

def is_ours(host):
    if not host or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if not is_ours(host):
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {host} by {sys.argv[:1]}\\n")

sys.addaudithook(watch)
"""
# A network of its own with nothing in it but loopback.
ALONE = ["unshare", "--net", sys.executable, "-c"]
RAISE_LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket() as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"lo", 0x1 | 0x40, b""))
os.execv(sys.argv[1], sys.argv[1:])
"""


def can_be_alone():
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--net", "true"], check=False).returncode == 0


@pytest.fixture
def bare(tmp_path):
    """Run a command with an empty home, CI unset, watched, and alone where that can be had."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCHER)
    watched = tmp_path / "watched"
    watched.touch()
    (tmp_path / "home").mkdir()
    environment = {
        "HOME": str(tmp_path / "home"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path / "watch"),
        "WATCHED": str(watched),
    }

    def run(*command):
        alone = [*ALONE, RAISE_LOOPBACK] if can_be_alone() else []
        done = subprocess.run(
            [*alone, sys.executable, *command],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return done, watched.read_text().splitlines()

    return run


def test_watcher_sees_a_connection_and_a_look_up(bare):
    attempt = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"

    _, seen = bare("-c", f"{attempt}")

    assert seen == ["socket.connect 192.0.2.1 by ['-c']"]


@pytest.mark.model
@pytest.mark.prefect
def test_nothing_attempts_a_connection_with_an_empty_home(bare):
    """The demo converts the encoder, starts Prefect and runs the flow; the rest runs without."""
    coded = str(ROOT / "data" / "codings.csv")
    book = str(ROOT / "codebook" / "working_alliance.yaml")
    lines = [
        ("demo", "--no-serve", "--study", "sample"),
        ("init", "--study", "s"),
        ("import", coded, "--codebook", book, "--study", "s", "--segment"),
        ("suggest", "--study", "s", "--json"),
        ("evaluate", "--study", "s", "--json"),
        ("doctor", "--study", "s"),
    ]

    ran = [bare("-m", "themeloop", *line) for line in lines]

    assert [done.returncode for done, _ in ran] == [0] * len(lines), ran
    assert "suggestions for" in ran[0][0].stdout
    assert json.loads(ran[3][0].stdout)["n_suggestions"] > 0
    assert [seen for _, seen in ran] == [[]] * len(lines)
