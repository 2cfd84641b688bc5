"""Asks a chat-completions endpoint, and nobody else; what is said stays out of errors."""

import json
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any

from pipeline.proposers.address import Address
from study.errors import StudyError

Message = Mapping[str, str]

TRIES = 3
FIRST_PAUSE_SECONDS = 1.0
# The answer to one excerpt; what is longer is no answer.
MOST_BYTES, MOST_TOKENS = 1_000_000, 2_000
# Of servers that know no schema.
UNKNOWN_FIELD = (400, 422, 501)
TOO_MANY = 429


class ChatEndpoint:
    """A server that speaks OpenAI's chat completions: llama.cpp's, Ollama, vLLM and others.

    Neither proxies from the environment nor redirects are followed: http.client knows neither.
    """

    def __init__(self, address: Address, *, model: str, timeout_seconds: float) -> None:
        self._address, self._model, self._timeout = address, model, timeout_seconds
        self._takes_schema = True

    def ask(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str | None:
        """Give what the model wrote; None where the answer has no text.

        Raises:
            StudyError: Nobody answered in three tries, or the answer was a refusal.
        """
        status, content = self._try(self._write(messages, schema))
        if status in UNKNOWN_FIELD and self._takes_schema:
            self._takes_schema = False
            status, content = self._try(self._write(messages, schema))
        if status != 200:
            raise StudyError(self._refusal(status))
        return _find_text(content)

    def _write(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> bytes:
        asked: dict[str, Any] = {
            "messages": list(messages),
            "temperature": 0,
            "seed": 0,
            "stream": False,
            "max_tokens": MOST_TOKENS,
        }
        if self._model:
            asked["model"] = self._model
        if self._takes_schema:
            asked["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "codes", "strict": True, "schema": schema},
            }
        return json.dumps(asked, ensure_ascii=False).encode()

    def _try(self, body: bytes) -> tuple[int, bytes]:
        problem = ""
        for number in range(TRIES):
            if number:
                time.sleep(FIRST_PAUSE_SECONDS * 2 ** (number - 1))
            try:
                status, content = self._post(body)
            except (OSError, HTTPException) as error:
                # Its kind only: some errors say what was sent or received.
                problem = type(error).__name__
                continue
            if (status < 500 and status != TOO_MANY) or status in UNKNOWN_FIELD:
                return status, content
            problem = f"status {status}"
        raise StudyError(
            f"The endpoint at {self._address.name} did not answer in {TRIES} tries ({problem}). "
            "Start it, or mend 'endpoint_url' or 'endpoint_timeout_seconds' in study.toml."
        )

    def _post(self, body: bytes) -> tuple[int, bytes]:
        kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
        connection = kind(self._address.host, self._address.port, timeout=self._timeout)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", self._address.path, body, headers)
            response = connection.getresponse()
            return response.status, response.read(MOST_BYTES)
        finally:
            connection.close()

    def _refusal(self, status: int) -> str:
        if 300 <= status < 400:
            return (
                f"The endpoint at {self._address.name} sends on to another address (status "
                f"{status}), and interview text is not sent on. Name that address as "
                "'endpoint_url' in study.toml if the study may send it there."
            )
        return (
            f"The endpoint at {self._address.name} refused the request (status {status}). Mend "
            "'endpoint_url' or 'endpoint_model' in study.toml."
        )


def _find_text(content: bytes) -> str | None:
    try:
        text = json.loads(content)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return text if isinstance(text, str) else None
