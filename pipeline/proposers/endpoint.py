"""Proposes codes by asking a language model at an address that the study's settings name."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.choices import list_contrasts
from pipeline.proposers.address import check_address
from pipeline.proposers.chat import ChatEndpoint
from pipeline.proposers.prompt import (
    PROMPT_RULE,
    choose_examples,
    make_schema,
    read_answer,
    write_excerpt,
    write_instructions,
)
from pipeline.proposers.protocol import Answer, ModelParts, Question
from study.errors import StudyError

NAME = "endpoint"
# Until decisions tell better: from the middle of what the model was asked for.
LEAST_SCORE = 0.5


class EndpointProposer:
    """Asks about one excerpt at a time; what was asked before is not asked again.

    What the model writes beside its scores is not kept: it may hold the interview's words.
    """

    def __init__(self, parts: ModelParts) -> None:
        settings = parts.settings
        self._address = check_address(
            settings["endpoint_url"], may_be_remote=settings["endpoint_allow_remote"]
        )
        self._model: str = settings["endpoint_model"]
        self._endpoint = ChatEndpoint(
            self._address,
            model=self._model,
            timeout_seconds=settings["endpoint_timeout_seconds"],
        )

    def identify(self) -> dict[str, Any]:
        """Say what gives the scores; of another one no score is taken over."""
        return {"host": self._address.name, "model": self._model, "rule": PROMPT_RULE}

    def propose(self, question: Question) -> Answer:
        """Ask the model; an excerpt whose answer cannot be read has no score.

        Raises:
            StudyError: Nobody answers, or no answer can be read.
        """
        raw = self._score(question)
        values = np.nan_to_num(raw)
        evidence = {"kind": NAME, "model": self._model}
        return Answer(
            values=values,
            proposes=values >= LEAST_SCORE,
            is_probability=False,
            methods=(NAME,) * values.shape[1],
            explain=lambda _row, _code: dict(evidence),
            # Nothing was learnt that could tell opposites apart.
            inseparable=list_contrasts(question.codebook),
            raw=raw,
        )

    def _score(self, question: Question) -> NDArray[np.float64]:
        shape = len(question.passages), len(question.codebook.codes)
        known = question.known_scores()
        scores = np.full(shape, np.nan) if known is None else known.astype(np.float64)
        waiting = np.flatnonzero(np.isnan(scores).any(axis=1))
        if not len(waiting):
            return scores
        instructions = write_instructions(question, choose_examples(question.list_examples()))
        for row in waiting:
            read = self._ask(question, instructions, int(row))
            scores[row] = np.nan if read is None else read
        if np.isnan(scores).all():
            raise StudyError(
                f"The endpoint at {self._address.name} gave no answer that can be read to any of "
                f"{len(waiting)} excerpts. Name another model as 'endpoint_model' in study.toml."
            )
        return scores

    def _ask(self, question: Question, instructions: str, row: int) -> NDArray[np.float64] | None:
        messages = [
            {"role": "system", "content": instructions},
            {"role": "user", "content": write_excerpt(question, row)},
        ]
        answer = self._endpoint.ask(messages, make_schema(question.codebook))
        return read_answer(answer, question.codebook)
