"""A study's own Prefect server: on loopback, with a password, stopped with its owner."""

import http.client
import json
import os
import socket
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.children import Child, child_process
from pipeline.prefect_api import PrefectApi, open_here
from study.errors import StudyError
from study.folder import Study

HOST = "127.0.0.1"
RECORD, LOG, RUNNER_LOG = "server.json", "server.log", "runner.log"
# A new database takes ten seconds on two idle cores; a loaded machine has taken seventy-five.
START_SECONDS = 180


@dataclass(frozen=True)
class Server:
    """Where a study's Prefect server listens; the password is in the study's secrets."""

    pid: int
    port: int
    child: Child | None = field(default=None, repr=False, compare=False)
    """The process, for who started it."""

    @property
    def address(self) -> str:
        """Give the address of the server's page."""
        return f"http://{HOST}:{self.port}"


def prefect_environment(study: Study, port: int) -> dict[str, str]:
    """Give the environment under which Prefect keeps to this study and to this machine.

    It must be set before Prefect is imported. Server, runner and command line share it.
    """
    address = f"http://{HOST}:{port}"
    password = prefect_password(study)
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
    home = study.folder / ".prefect"
    record = home / RECORD
    environment = prefect_environment(study, port)
    command = ("prefect", "server", "start")
    with child_process(command, environment=environment, log=home / LOG) as child:
        try:
            _wait_until_up(child, port)
            record.write_text(json.dumps({"pid": child.pid, "port": port}), encoding="ascii")
            yield Server(child.pid, port, child)
        finally:
            record.unlink(missing_ok=True)


@contextmanager
def flow_runner(study: Study, server: Server) -> Iterator[Child]:
    """Run the study's flow by the clock and on demand, in a process of its own, stopped after."""
    with child_process(
        ("pipeline.serve", "--study", str(study.folder.absolute())),
        environment=prefect_environment(study, server.port),
        log=study.folder / ".prefect" / RUNNER_LOG,
    ) as child:
        yield child


def find_server(study: Study) -> Server | None:
    """Find the study's Prefect server where one is up."""
    try:
        values = json.loads((study.folder / ".prefect" / RECORD).read_text(encoding="ascii"))
        server = Server(pid=int(values["pid"]), port=int(values["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return server if api_of(study, server).is_ours() else None


def api_of(study: Study, server: Server) -> PrefectApi:
    """Give the way to ask a study's server."""
    return PrefectApi(server.address, prefect_password(study))


def prefect_password(study: Study) -> str:
    """Give what the server's clients must know, made of the study's own secret."""
    return f"themeloop:{study.secret('prefect-password')}"


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


def _wait_until_up(child: Child, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise StudyError(
                f"The Prefect server ended at once (exit code {child.returncode}). Its log is "
                ".prefect/server.log in the study."
            )
        if _is_healthy(port):
            return
        time.sleep(0.1)
    raise StudyError(
        f"The Prefect server did not answer within {START_SECONDS} s. Its log is "
        ".prefect/server.log in the study."
    )


def _is_healthy(port: int) -> bool:
    try:
        with open_here(urllib.request.Request(f"http://{HOST}:{port}/api/health")) as answer:
            return bool(answer.status == 200)
    except (OSError, http.client.HTTPException):
        return False
