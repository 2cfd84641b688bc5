"""A study's own Prefect server: on loopback, with a password, stopped with its owner."""

import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from study.errors import StudyError
from study.folder import Study

HOST = "127.0.0.1"
RECORD, LOG = "server.json", "server.log"
# A new database takes ten seconds on two idle cores; a loaded machine has taken seventy-five.
START_SECONDS = 180
STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1
# Loaded here, because little is safe between fork and exec.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Server:
    """Where a study's Prefect server listens; the password is in the study's secrets."""

    pid: int
    port: int

    @property
    def address(self) -> str:
        """Give the address of the server's page."""
        return f"http://{HOST}:{self.port}"


def prefect_environment(study: Study, port: int) -> dict[str, str]:
    """Give the environment under which Prefect keeps to this study and to this machine.

    It must be set before Prefect is imported. Server, runner and command line share it.
    """
    address = f"http://{HOST}:{port}"
    password = f"themeloop:{study.secret('prefect-password')}"
    leases = "prefect.server.concurrency.lease_storage.filesystem"
    return {
        "PREFECT_HOME": str((study.folder / ".prefect").absolute()),
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_AUTH_STRING": password,
        # Without these any page open in the user's browser could start runs.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        # The ephemeral server is slow, open to every local page, and loses records.
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        # A parameter is stored: an interview's text would not fit.
        "PREFECT_SERVER_API_MAX_PARAMETER_SIZE": "4096",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        # A failed step is told by the command itself, in a line.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        # In memory, a power loss would leave a slot taken for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": leases,
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        # DO_NOT_TRACK stops the client's telemetry, the second the server's heartbeat.
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }


@contextmanager
def prefect_server(study: Study, port: int) -> Iterator[Server]:
    """Run the study's Prefect server; it is up inside, and stopped after, whatever happens.

    Raises:
        StudyError: The port is taken, or the server did not come up.
    """
    require_free_port(port, "prefect_port")
    environment = {**os.environ, **prefect_environment(study, port)}
    command = [sys.executable, "-m", "prefect", "server", "start"]
    with (study.folder / ".prefect" / LOG).open("wb") as log:
        child = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A session of its own: Ctrl-C reaches us, and we stop it in order.
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - it makes one system call
        )
    record = study.folder / ".prefect" / RECORD
    try:
        _wait_until_up(child, port)
        server = Server(child.pid, port)
        record.write_text(json.dumps(asdict(server)), encoding="ascii")
        yield server
    finally:
        record.unlink(missing_ok=True)
        _stop(child)


def find_server(study: Study) -> Server | None:
    """Find the study's Prefect server where one is up."""
    try:
        values = json.loads((study.folder / ".prefect" / RECORD).read_text(encoding="ascii"))
        server = Server(pid=int(values["pid"]), port=int(values["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # The version asks for the password: a stranger on our port does not know it.
    password = f"themeloop:{study.secret('prefect-password')}"
    return server if _answers(f"{server.address}/api/admin/version", password) else None


def use_environment(values: Mapping[str, str]) -> None:
    """Set this process's environment for Prefect; before its import."""
    os.environ.update(values)


def require_free_port(port: int, setting: str) -> None:
    """Check that nothing listens on a loopback port.

    Raises:
        StudyError: Something does.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise StudyError(
                f"Port {port} is taken ({error.strerror}). Stop what listens there, or set another "
                f"'{setting}' in study.toml."
            ) from error


def find_free_port(wanted: int) -> int:
    """Give a loopback port that is free: the wanted one, or the next above it.

    Raises:
        StudyError: A hundred in a row are taken.
    """
    for port in range(wanted, wanted + 100):
        try:
            require_free_port(port, "port")
        except StudyError:
            continue
        return port
    raise StudyError(f"Ports {wanted} to {wanted + 99} are all taken. Stop what listens there.")


def _end_with_parent() -> None:
    # Linux only: where we are killed, the server must not stay behind on its port.
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until_up(child: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise StudyError(
                f"The Prefect server ended at once (exit code {child.returncode}). Its log is "
                ".prefect/server.log in the study."
            )
        if _answers(f"http://{HOST}:{port}/api/health", None):
            return
        time.sleep(0.1)
    raise StudyError(
        f"The Prefect server did not answer within {START_SECONDS} s. Its log is "
        ".prefect/server.log in the study."
    )


def _answers(address: str, password: str | None) -> bool:
    request = urllib.request.Request(address)
    if password:
        request.add_header("Authorization", f"Basic {b64encode(password.encode()).decode()}")
    # No proxy: the address is this machine's own.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, http.client.HTTPException):
        return False


def _stop(child: "subprocess.Popen[bytes]") -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
            child.wait(timeout=STOP_SECONDS)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
        else:
            break
    child.wait()
