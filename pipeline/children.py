"""Child processes of the service: none outlives the process that started it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

Child = subprocess.Popen[bytes]
STOP_SECONDS = 8
PR_SET_PDEATHSIG = 1
RUNNER = "THEMELOOP_RUNNER"
# Loaded here, because little is safe between fork and exec.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@contextmanager
def child_process(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path
) -> Iterator[Child]:
    """Run a Python module as a child process; it and whatever it started are stopped after."""
    with log.open("wb") as file:
        child = subprocess.Popen(
            [sys.executable, "-m", *command],
            # A file of the user's where we are started must not be taken for a module of ours.
            env={**os.environ, **environment, "PYTHONSAFEPATH": "1"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            # A session of its own: Ctrl-C reaches us, and we stop it in order.
            start_new_session=True,
            preexec_fn=partial(end_with_parent, signal.SIGTERM),  # noqa: PLW1509 - two system calls
        )
    try:
        yield child
    finally:
        _stop(child)


def end_with_parent(sign: signal.Signals) -> None:
    """Have this process sent a signal when the thread that started it is gone; on Linux only."""
    # A shell that starts us in the background has children ignore it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, sign)


def end_with_runner() -> None:
    """Where this process runs a flow for the runner, let it end when the runner is killed."""
    if os.environ.get(RUNNER) == str(os.getppid()):
        # At once: what is half done is rolled back, and nobody is left to tell.
        end_with_parent(signal.SIGKILL)


def _stop(child: Child) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        # The second sign ends what the child has left behind in its group.
        with suppress(ProcessLookupError, PermissionError, subprocess.TimeoutExpired):
            os.killpg(child.pid, sign)
            child.wait(timeout=STOP_SECONDS)
    child.wait()
