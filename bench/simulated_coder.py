"""A coder without a browser: asks for excerpts and decides on them over HTTP, at a given pace."""

import http.client
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import numpy as np

from bench.scripted_coder import Json, list_suggestions
from bench.server_times import Line, RefusedError, finish_body

# How often the same decision is sent twice, and how often the latest one is taken back.
RETRIED, UNDONE = 0.1, 0.1
DECISION, SCREEN = "decision", "screen"


class RenewedError(Exception):
    """A run renewed what was suggested while it was on the screen; nothing was stored."""


@dataclass
class Logbook:
    """What one coder sent, and what came back.

    rows: How many rows each action is to have left, by its id.
    answered: Actions that were answered as stored.
    errors: Whatever was not answered with 200, or not as it should be.
    n_renewed: How often a run had renewed what was suggested, so that it was decided anew.
    """

    coder: str
    rows: dict[str, int] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {DECISION: [], SCREEN: []})
    errors: list[str] = field(default_factory=list)
    n_retried: int = 0
    n_undone: int = 0
    n_renewed: int = 0


class SimulatedCoder:
    """Decides as fast as it is told to, one excerpt after another.

    Args:
        seconds_each: The mean time from one decision to the next.
    """

    def __init__(self, address: str, name: str, *, seconds_each: float, seed: int) -> None:
        self.line = Line(address)
        self.log = Logbook(name)
        self.seconds_each = seconds_each
        self.rng = np.random.default_rng(seed)
        self._codes: list[str] = []

    def sign_in(self, password: str) -> None:
        """Sign in as the page's form does, and keep the cookie."""
        form = urlencode({"name": self.log.coder, "password": password})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.line.connection.request("POST", "/sign-in", form, headers)
        answer = self.line.connection.getresponse()
        answer.read()
        self.line.headers["Cookie"] = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        # Until the others have signed in the server would close it.
        self.line.close()

    def code_until(self, end: float) -> Logbook:
        """Code until the clock says so; give what was sent and what came back."""
        try:
            excerpt_id: int | None = self._find_start()
            while excerpt_id is not None and time.monotonic() < end:
                excerpt_id = self._code_or_again(excerpt_id, end)
        except (http.client.HTTPException, OSError) as error:
            self.log.errors.append(f"no answer: {type(error).__name__}")
        except RefusedError as error:
            self.log.errors.append(str(error))
        self.line.close()
        return self.log

    def _find_start(self) -> int:
        waiting = self.line.enter()
        codebook = json.loads(self.line.ask("GET", "/api/codebook")[1])
        self._codes = [code["guid"] for code in codebook]
        return waiting

    def _code_or_again(self, excerpt_id: int, end: float) -> int | None:
        try:
            return self._code(excerpt_id, end)
        except RenewedError:
            self.log.n_renewed += 1
            return excerpt_id

    def _code(self, excerpt_id: int, end: float) -> int | None:
        screen = self._ask(SCREEN, "GET", f"/api/excerpts/{excerpt_id}")
        suggestions = list_suggestions(screen)
        stored = self._decide(self._give(screen), 1)
        if self.rng.random() < UNDONE:
            self._undo()
            screen = self._ask(SCREEN, "GET", f"/api/excerpts/{excerpt_id}")
            stored = self._decide(self._give(screen), 1)
        if time.monotonic() > end:
            return None
        body = finish_body({**screen, "state": stored["state"]}, has_next=True)
        # The first was accepted; the others are passed over.
        body["verdicts"] = body["verdicts"][bool(suggestions) :]
        following: int | None = self._decide(body, len(body["verdicts"]))["next_id"]
        return following

    def _give(self, screen: Json) -> Json:
        """Say what accepts the first suggestion, or else adds a code."""
        suggestions = list_suggestions(screen)
        verdict = (
            {"verdict": "accept", "suggestion_id": suggestions[0]["id"]}
            if suggestions
            else {"verdict": "add", "code_guid": str(self.rng.choice(self._codes))}
        )
        return {
            "id": str(uuid4()),
            "excerpt_id": screen["excerpt_id"],
            "model_version_id": screen["model_version_id"],
            "after": screen["state"]["last_action"],
            "verdicts": [verdict],
        }

    def _decide(self, body: Json, n_rows: int) -> Json:
        self._think()
        self.log.rows[body["id"]] = n_rows
        found = self._ask(DECISION, "POST", "/api/actions", body)
        self.log.answered.add(body["id"])
        if not found["is_new"]:
            self.log.errors.append("a new action was taken for a known one")
        if self.rng.random() < RETRIED:
            self.log.n_retried += 1
            again = self._ask(DECISION, "POST", "/api/actions", body)
            if again["is_new"]:
                self.log.errors.append("an action was taken for new twice")
        return found

    def _undo(self) -> None:
        self._think()
        body = {"id": str(uuid4())}
        self.log.rows[body["id"]] = 1
        found = self._ask(DECISION, "POST", "/api/undo", body)
        self.log.answered.add(body["id"])
        self.log.n_undone += 1
        if not found["is_new"]:
            self.log.errors.append("nothing was undone")

    def _think(self) -> None:
        time.sleep(self.rng.exponential(self.seconds_each))

    def _ask(self, kind: str, method: str, path: str, body: Json | None = None) -> Json:
        started = time.perf_counter()
        status, answer = self.line.ask(method, path, body)
        self.log.milliseconds[kind].append(1000 * (time.perf_counter() - started))
        found: Json = json.loads(answer)
        if status == 200:
            return found
        if status == 409 and "were renewed" in found["error"]:
            raise RenewedError
        if status < 500:
            raise RefusedError(f"{method} {kind}: {found['error']}")
        self.log.errors.append(f"{method} {kind}: {found['error']}")
        # As the page does: the same id again, until it is stored.
        time.sleep(1)
        return self._ask(kind, method, path, body)
