"""Asks proposers about made-up interviews, without a study; every word here is synthetic."""

import numpy as np

from models.passages import Passages
from pipeline.proposers.endpoint import EndpointProposer
from pipeline.proposers.protocol import ModelParts, Question
from study.settings import Settings
from tests.pipeline.evaluation.hand_made import CODEBOOK

TEXTS = ("begin .", "I rely on her", "and then ?", "at home it changed", "mm", "the end")
KEYS = tuple(code.key for code in CODEBOOK.codes)


def question(texts=TEXTS, *, codebook=CODEBOOK, language="en", examples=(), known=None, roles=None):
    return Question(
        passages=Passages(
            texts=tuple(texts),
            vectors=np.ones((len(texts), 2), dtype=np.float32),
            interviews=np.zeros(len(texts), dtype=np.int64),
            roles=np.array(roles if roles is not None else [-1] * len(texts)),
        ),
        language=language,
        codebook=codebook,
        linked=frozenset({1}),
        list_examples=lambda: list(examples),
        known_scores=lambda: known,
    )


def parts(**settings):
    return ModelParts(
        arrays={},
        facts={},
        settings=Settings(**settings).model_dump(mode="json"),
        encode=lambda texts: np.ones((len(texts), 2), dtype=np.float32),
    )


def proposer(url, **settings):
    return EndpointProposer(parts(endpoint_url=url, **settings))
