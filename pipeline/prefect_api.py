"""Asks a study's Prefect server over HTTP, for whoever should not wait for Prefect's import."""

import http.client
import json
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

DEPLOYMENT, EVALUATION = "suggest_themes/study", "evaluate_agreement/study"
LEARNING = "learn_from_decisions/study"
SECONDS = 5


@dataclass(frozen=True)
class PrefectApi:
    """A server's address and password; every question may fail with an OSError."""

    address: str
    password: str = field(repr=False)

    def is_ours(self) -> bool:
        """Tell whether the server answers, and knows the password."""
        try:
            # The version asks for the password: a stranger on our port does not know it.
            self._ask("admin/version")
        except OSError:
            return False
        return True

    def request_run(self) -> str:
        """Ask for a run as soon as may be; give the flow run's id."""
        deployment = self._ask(f"deployments/name/{DEPLOYMENT}")
        # The deployment's own parameters name the study.
        body = {"state": {"type": "SCHEDULED"}, "parameters": {}}
        made = self._tell(f"deployments/{deployment['id']}/create_flow_run", body)
        return str(made["id"])

    def next_run_at(self) -> datetime | None:
        """Give the time of the next scheduled run."""
        flow, deployment = DEPLOYMENT.split("/")
        body = {
            "flows": {"name": {"any_": [flow]}},
            "deployments": {"name": {"any_": [deployment]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
            "sort": "NEXT_SCHEDULED_START_TIME_ASC",
            "limit": 1,
        }
        found = self._tell("flow_runs/filter", body)
        return datetime.fromisoformat(found[0]["next_scheduled_start_time"]) if found else None

    def _tell(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        client = str(uuid4())
        token = self._ask(f"csrf-token?client={client}")["token"]
        headers = {"Prefect-Csrf-Client": client, "Prefect-Csrf-Token": token}
        return self._ask(path, body, headers)

    def _ask(
        self, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Any:  # noqa: ANN401 - any JSON
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        known = b64encode(self.password.encode()).decode()
        request.add_header("Authorization", f"Basic {known}")
        try:
            with open_here(request) as answer:
                return json.load(answer)
        except (http.client.HTTPException, ValueError) as error:
            raise OSError("That is not how a Prefect server answers.") from error


def open_here(request: urllib.request.Request) -> Any:  # noqa: ANN401 - urllib's own answer
    """Open an address of this machine, through no proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(request, timeout=SECONDS)
