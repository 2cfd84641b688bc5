"""How long the page's server takes to answer, asked over one kept connection."""

import http.client
import json
import re
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit
from uuid import uuid4

import numpy as np

from bench.scripted_coder import Json, list_suggestions

N_ASKED = 60
# The first answers compile queries and fill caches, once in a server's life.
N_WARM_UP = 10
WAITING = re.compile(r'href="/excerpts/(\d+)"')
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
HEADERS = {"Content-Type": "application/json", "X-Themeloop": "1"}


class RefusedError(Exception):
    """The page refused what it should have taken."""


class Line:
    """One kept connection to a page's server, as a browser has it."""

    def __init__(self, address: str, **headers: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        self.headers = {**HEADERS, **headers}

    def ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, bytes]:
        """Send a request; give the status and the whole answer."""
        sent = None if body is None else json.dumps(body)
        self.connection.request(method, path, sent, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def read(self, path: str) -> Json:
        """Ask for JSON."""
        found: Json = json.loads(self.ask("GET", path)[1])
        return found

    def enter(self) -> int:
        """Read the first page as a browser does; give the excerpt that waits.

        Raises:
            RefusedError: Nobody is let in, or nothing waits.
        """
        page = self.ask("GET", "/")[1].decode()
        token, waiting = TOKEN.search(page), WAITING.search(page)
        if token is None or waiting is None:
            raise RefusedError("the first page names no excerpt that waits")
        self.headers["X-CSRF-Token"] = token[1]
        return int(waiting[1])

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def time_answers(address: str, token: str, excerpt_id: int) -> Json:
    """Time the first page, an excerpt, and finishing excerpts one after another from one on."""
    line = Line(address, **{"X-CSRF-Token": token})
    times = {
        "GET /": _time_all(lambda: line.ask("GET", "/")),
        "GET /api/excerpts/{id}": _time_all(lambda: line.ask("GET", f"/api/excerpts/{excerpt_id}")),
    }
    for name, has_next in (("POST /api/actions", True), ("POST /api/actions and next", False)):
        times[name], excerpt_id = _finish_all(line, excerpt_id, has_next=has_next)
    line.close()
    return {name: summarise(each[N_WARM_UP:]) for name, each in times.items()}


def finish_body(screen: Json, *, has_next: bool) -> Json:
    """Say what Enter sends for an excerpt on which nothing was decided yet."""
    passed = [
        {"verdict": "pass_over", "suggestion_id": each["id"]} for each in list_suggestions(screen)
    ]
    return {
        "id": str(uuid4()),
        "excerpt_id": screen["excerpt_id"],
        "model_version_id": screen["model_version_id"],
        "has_next": has_next,
        "after": screen["state"]["last_action"],
        "verdicts": [*passed, {"verdict": "done"}],
    }


def summarise(milliseconds: Sequence[float]) -> Json:
    """Give median, 95th percentile and maximum, and of how many."""
    p50, p95, most = np.percentile(milliseconds, [50, 95, 100]).round(1).tolist()
    return {"p50_ms": p50, "p95_ms": p95, "max_ms": most, "n": len(milliseconds)}


def _finish_all(line: Line, excerpt_id: int, *, has_next: bool) -> tuple[list[float], int]:
    times = []
    for _ in range(N_WARM_UP + N_ASKED):
        body = finish_body(line.read(f"/api/excerpts/{excerpt_id}"), has_next=has_next)
        started = time.perf_counter()
        status, answer = line.ask("POST", "/api/actions", body)
        times.append(1000 * (time.perf_counter() - started))
        assert status == 200, status
        excerpt_id = json.loads(answer)["next_id"]
    return times, excerpt_id


def _time_all(ask: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(N_WARM_UP + N_ASKED):
        started = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - started))
    return times
