"""The methods side by side: plain ones that stay as they are, and what the product does."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.coded import CodedData
from bench.vectors import TextVectors
from models.agreement import BoolArray
from models.baselines import (
    give_by_majority,
    score_by_prevalence,
    score_by_regression,
    score_by_words,
)
from models.folds import IntArray
from models.similarity import SimilarityModel, choose_codes, fit_similarity, score_similarity
from models.vectors import FloatArray
from pipeline.propose import list_parts
from study.settings import make_settings


@dataclass(frozen=True)
class Split:
    """Row numbers of the excerpts learnt from and of those scored, and the former's labels.

    The labels of what is scored are not here: no method can look at them.
    """

    train: IntArray
    test: IntArray
    train_labels: BoolArray


@dataclass(frozen=True)
class Outcome:
    """What a method says of the excerpts it scores; both are (n_test, n_codes).

    given: The codes it decides on; None where thresholds decide.
    """

    scores: FloatArray
    given: BoolArray | None = None


Method = Callable[[CodedData, Split], Outcome]


def take_majority(_data: CodedData, split: Split) -> Outcome:
    """Give each code to all excerpts or to none, as most of the training excerpts say."""
    scores = score_by_prevalence(split.train_labels, len(split.test))
    return Outcome(scores, give_by_majority(scores))


def fit_tfidf(data: CodedData, split: Split) -> Outcome:
    """Fit balanced logistic regressions on words and pairs of words."""
    train, test = ([data.texts[row] for row in rows] for rows in (split.train, split.test))
    return Outcome(score_by_words(train, split.train_labels, test))


def embed_plainly(vectors: TextVectors) -> Method:
    """Give the method that fits balanced logistic regressions on sentence embeddings."""

    def fit(data: CodedData, split: Split) -> Outcome:
        embeddings = vectors.of(data.texts)
        train, test = embeddings[split.train], embeddings[split.test]
        return Outcome(score_by_regression(train, split.train_labels, test))

    return fit


def compare_descriptions(vectors: TextVectors) -> Method:
    """Give the method that scores by similarity to the codebook; nothing is learnt from labels.

    A codebook does not say which interview its examples come from today; once it does, those of
    a held-out interview have to be left out before it is scored.
    """

    def score(data: CodedData, split: Split) -> Outcome:
        return Outcome(_score_descriptions(data, split, vectors))

    return score


def propose_as_the_product(vectors: TextVectors) -> Method:
    """Give what the product would propose: its scores, and its own rule instead of thresholds.

    All that this benchmark knows of the product's way to propose is in this one function.
    """
    settings = make_settings({})

    def propose(data: CodedData, split: Split) -> Outcome:
        scores = _score_descriptions(data, split, vectors)
        chosen = choose_codes(scores, at_most=settings.n_suggestions, min_score=settings.min_score)
        given = np.zeros(scores.shape, dtype=bool)
        for row, codes in enumerate(chosen):
            given[row, codes] = True
        return Outcome(scores, given)

    return propose


def list_code_texts(data: CodedData) -> list[str]:
    """List what the codebook says of its codes, in every language of the interviews."""
    languages = sorted(set(data.languages))
    return [part.text for language in languages for part in list_parts(data.codebook, language)]


def _score_descriptions(data: CodedData, split: Split, vectors: TextVectors) -> FloatArray:
    embeddings, languages = vectors.of(data.texts), np.array(data.languages)
    scores = np.zeros((len(split.test), data.labels.shape[1]), dtype=np.float32)
    for language in np.unique(languages[split.test]):
        there = languages[split.test] == language
        usual = split.train[languages[split.train] == language]
        # The first interview in a language: as in the product, it is its own measure.
        usual = usual if len(usual) else split.test[there]
        model = _fit_language(data, embeddings[usual], vectors, str(language))
        scores[there] = score_similarity(model, embeddings[split.test[there]]).values
    return scores


def _fit_language(
    data: CodedData, excerpts: FloatArray, vectors: TextVectors, language: str
) -> SimilarityModel:
    parts = list_parts(data.codebook, language)
    return fit_similarity(excerpts, vectors.of(part.text for part in parts), parts)
