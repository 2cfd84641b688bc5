"""Proposes codes by how similar an excerpt is to what the codebook says of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codebook.records import Codebook
from models.similarity import (
    EXAMPLE,
    INCLUDE,
    STATEMENT,
    CodePart,
    Scores,
    SimilarityModel,
    choose_codes,
    score_similarity,
)
from pipeline.choices import list_contrasts
from pipeline.proposers.protocol import Answer, ModelParts, Question

NAME = "similarity"
Arrays = dict[str, NDArray[Any]]


class SimilarityProposer:
    """Compares excerpts with definitions, rules and examples; nothing is learnt from codings."""

    def __init__(self, parts: ModelParts) -> None:
        self._parts = parts

    def propose(self, question: Question) -> Answer:
        """Score an interview; what lies far enough above a code's usual similarity is proposed."""
        scores = score_described(self._parts.arrays, self._parts.facts, question)
        texts = list_parts(question.codebook, question.language)
        proposes = np.zeros(scores.values.shape, dtype=np.bool_)
        settings = self._parts.settings
        chosen = choose_codes(
            scores.values, at_most=scores.values.shape[1], min_score=settings["min_score"]
        )
        for row, codes in enumerate(chosen):
            proposes[row, codes] = True
        return Answer(
            values=scores.values,
            proposes=proposes,
            is_probability=False,
            methods=(NAME,) * scores.values.shape[1],
            explain=lambda row, code: find_part(texts, scores, row, code),
            # Nothing was learnt that could tell opposites apart.
            inseparable=list_contrasts(question.codebook),
        )


def score_described(arrays: Arrays, facts: dict[str, Any], question: Question) -> Scores:
    """Score an interview against the codebook in its language."""
    number = facts["languages"].index(question.language)
    return score_similarity(unpack_model(arrays, number), question.passages.vectors)


def find_part(parts: list[CodePart], scores: Scores, row: int, code: int) -> dict[str, Any]:
    """Name the text of the codebook that lies nearest."""
    part = parts[scores.nearest[row, code]]
    similarity = round(float(scores.similarity[row, code]), 4)
    return {"kind": part.kind, "index": part.index, "similarity": similarity}


def list_parts(codebook: Codebook, language: str) -> list[CodePart]:
    """List the texts that say what each code is, in a language where the codebook has it."""
    parts = []
    for number, code in enumerate(codebook.codes):
        wording = code.wording(language)
        parts.append(CodePart(number, STATEMENT, 0, f"{wording.name}. {wording.definition}"))
        parts += [CodePart(number, INCLUDE, i, text) for i, text in enumerate(wording.include)]
        parts += [CodePart(number, EXAMPLE, i, text) for i, text in enumerate(wording.examples)]
    return parts


def pack_model(model: SimilarityModel, number: int) -> Arrays:
    """Lay a language's model out as named arrays."""
    return {f"{name}-{number}": value for name, value in vars(model).items()}


def unpack_model(arrays: Arrays, number: int) -> SimilarityModel:
    """Read a language's model from named arrays."""
    fields = SimilarityModel.__dataclass_fields__
    return SimilarityModel(**{name: arrays[f"{name}-{number}"] for name in fields})
