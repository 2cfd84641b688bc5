"""The methods side by side: plain ones that stay as they are, and what the product does."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.coded import CodedData, number_labels
from bench.descriptions import score_descriptions
from bench.learning import compare_excerpts, label_learnt, learn, list_passages
from bench.vectors import TextVectors
from models.agreement import BoolArray
from models.baselines import (
    give_by_majority,
    score_by_prevalence,
    score_by_regression,
    score_by_words,
)
from models.classifier import predict, score_rows, thresholds_of
from models.compared import Compared
from models.folds import IntArray
from models.judging import keep_strongest
from models.similarity import choose_codes
from models.vectors import FloatArray
from study.settings import make_settings

# With fewer coded, nothing can be held out, and descriptions propose.
FEWEST_GROUPS = 2


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
    chosen: The way chosen to propose each code, where scores are probabilities; else empty.
    """

    scores: FloatArray
    given: BoolArray | None = None
    chosen: tuple[str, ...] = ()


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
        return Outcome(score_descriptions(data, split.train, split.test, vectors))

    return score


def propose_as_the_product(vectors: TextVectors) -> Method:
    """Give what the product would propose: its probabilities, and its own rule for proposing.

    Excerpts are compared with one another once a data set, all of them: their texts are there
    before anybody codes. Labels of what is scored reach nothing.
    """
    known: list[tuple[CodedData, Compared]] = []

    def compare_once(data: CodedData) -> Compared:
        if not known or known[0][0] is not data:
            passages, groups = list_passages(data, vectors), number_labels(data.groups)
            known[:] = [(data, compare_excerpts(passages, groups))]
        return known[0][1]

    def propose(data: CodedData, split: Split) -> Outcome:
        if len({data.groups[row] for row in split.train}) < FEWEST_GROUPS:
            return _propose_by_description(data, split, vectors)
        rows = np.concatenate([split.train, split.test])
        similarity = np.zeros(data.labels.shape, dtype=np.float32)
        similarity[rows] = score_descriptions(data, split.train, rows, vectors)
        return _propose_learnt(data, split, compare_once(data), similarity)

    return propose


def _propose_learnt(
    data: CodedData, split: Split, compared: Compared, similarity: FloatArray
) -> Outcome:
    labels = label_learnt(data, split.train, split.train_labels)
    classifier = learn(compared, labels, similarity, split.train)
    scores = score_rows(classifier, compared, labels, similarity, split.test)
    chances = predict(classifier, scores)
    reached = chances >= thresholds_of(classifier)
    return Outcome(
        chances.astype(np.float32),
        keep_strongest(chances, reached, at_most=make_settings({}).n_suggestions),
        tuple(choice.method for choice in classifier.choices.codes),
    )


def _propose_by_description(data: CodedData, split: Split, vectors: TextVectors) -> Outcome:
    settings = make_settings({})
    scores = score_descriptions(data, split.train, split.test, vectors)
    chosen = choose_codes(scores, at_most=settings.n_suggestions, min_score=settings.min_score)
    given = np.zeros(scores.shape, dtype=bool)
    for row, codes in enumerate(chosen):
        given[row, codes] = True
    return Outcome(scores, given)
