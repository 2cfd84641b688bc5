"""The methods side by side: plain ones that stay as they are, and what the product does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.coded import CodedData
from bench.vectors import TextVectors
from models.agreement import BoolArray
from models.similarity import SimilarityModel, choose_codes, fit_similarity, score_similarity
from models.vectors import FloatArray
from pipeline.propose import list_parts
from study.settings import make_settings

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Row numbers of the excerpts learnt from and of those scored, and the former's labels.

    The labels of what is scored are not here: no method can look at them.
    """

    train: IntArray
    test: IntArray
    train_labels: BoolArray

    @property
    def prevalence(self) -> NDArray[np.float64]:
        """(n_codes,) share of the training excerpts with each code."""
        shares: NDArray[np.float64] = self.train_labels.mean(axis=0)
        return shares


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
    scores = _prevalence_scores(split)
    return Outcome(scores, scores > 0.5)


def fit_tfidf(data: CodedData, split: Split) -> Outcome:
    """Fit balanced logistic regressions on words and pairs of words."""
    from sklearn.feature_extraction.text import (  # noqa: PLC0415  1 s; --help does without
        TfidfVectorizer,
    )

    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000
    )
    try:
        train = vectorizer.fit_transform([data.texts[row] for row in split.train])
    except ValueError:
        # Its only way to say that no word is in two excerpts.
        return Outcome(_prevalence_scores(split))
    test = vectorizer.transform([data.texts[row] for row in split.test])
    return _fit_logistic(train, test, split)


def embed_plainly(vectors: TextVectors) -> Method:
    """Give the method that fits balanced logistic regressions on sentence embeddings."""

    def fit(data: CodedData, split: Split) -> Outcome:
        embeddings = vectors.of(data.texts)
        return _fit_logistic(embeddings[split.train], embeddings[split.test], split)

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


def _prevalence_scores(split: Split) -> FloatArray:
    return np.tile(split.prevalence, (len(split.test), 1)).astype(np.float32)


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


def _fit_logistic(train: Any, test: Any, split: Split) -> Outcome:  # noqa: ANN401  dense or sparse
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  1 s; --help does without

    # What no regression can learn keeps its share of the training excerpts as its score.
    scores = _prevalence_scores(split)
    for code in np.flatnonzero((split.prevalence > 0) & (split.prevalence < 1)):
        model = LogisticRegression(solver="liblinear", C=1.0, class_weight="balanced")
        model.fit(train, split.train_labels[:, code])
        scores[:, code] = model.predict_proba(test)[:, 1]
    return Outcome(scores)
