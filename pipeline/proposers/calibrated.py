"""Gives another proposer's scores as the probabilities that coders' decisions bear out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from codebook.records import Codebook
from models.contrasts import Pair
from models.single_score import calibrate_scores, unpack_calibration
from pipeline.proposers.protocol import Answer, Proposer, Question

CALIBRATION, SEPARABLE = "calibration", "separable"


class CalibratedProposer:
    """Asks a proposer, and turns what it says into probabilities; its reasons stay its own."""

    def __init__(self, proposer: Proposer, facts: Mapping[str, Any]) -> None:
        self._proposer = proposer
        self._calibration = unpack_calibration(facts[CALIBRATION])
        self._separable = {frozenset(pair) for pair in facts[SEPARABLE]}

    def propose(self, question: Question) -> Answer:
        """Give the chance of each code for each excerpt; what has no score is not proposed."""
        answer = self._proposer.propose(question)
        chances = calibrate_scores(self._calibration, answer.scores.astype(np.float64))
        is_reached = chances >= np.array(self._calibration.thresholds)
        return replace(
            answer,
            values=chances,
            proposes=is_reached & ~np.isnan(answer.scores),
            is_probability=True,
            inseparable=self._keep_inseparable(question.codebook, answer.inseparable),
            raw=answer.scores,
        )

    def _keep_inseparable(self, codebook: Codebook, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        guids = [code.guid for code in codebook.codes]
        return tuple(
            (one, other)
            for one, other in pairs
            if frozenset((guids[one], guids[other])) not in self._separable
        )
