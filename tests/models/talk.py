"""A small synthetic study: nobody said these words, which are drawn at random."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from models.compared import Compared, compare_all
from models.features import Features, FeatureSpace, fit_features, make_features
from models.labels import Labels
from models.passages import Passages
from models.stored import StoredClassifier, keep_classifier
from models.training import Trained, train
from models.vectors import unit_rows

N_INTERVIEWS, N_EXCERPTS, DIM, SEED = 8, 25, 24, 3
FILLER = ["then", "we", "went", "there", "and", "it", "was", "so", "they", "came", "before"]
SAID = ("rain storm cloud", "bread oven flour", "violin bow", "xylophone", "door", "garden hedge")
WEATHER, BREAD, FIVE, NOBODY_USES, EVERYWHERE, ADDED = range(len(SAID))
N_CODES = len(SAID)
# The last two interviews are of one family: seven groups.
FIRST_GROUP, N_GROUPS = 40, 7
# The last code was added when these had been coded.
N_EARLY = 3


@dataclass(frozen=True)
class Talk:
    """Excerpts, what is known of their codes, and how like the codes' descriptions they are."""

    passages: Passages
    labels: Labels
    similarity: np.ndarray

    @property
    def groups(self):
        return self.labels.groups

    def rows_of(self, *interviews):
        return np.flatnonzero(np.isin(self.passages.interviews, interviews))

    def take(self, rows):
        return Talk(self.passages.take(rows), self.labels.take(rows), self.similarity[rows])

    def with_labels(self, **changed):
        return replace(self, labels=replace(self.labels, **changed))


@cache
def make_talk(n_interviews=N_INTERVIEWS, n_excerpts=N_EXCERPTS, seed=SEED):
    rng = np.random.default_rng(seed)
    interviews = np.repeat(np.arange(n_interviews), n_excerpts)
    has_code = rng.random((len(interviews), N_CODES)) < [0.3, 0.2, 0, 0, 1, 0.25]
    has_code[rng.choice(np.flatnonzero(interviews < 5), 5, replace=False), FIVE] = True
    is_known = np.ones_like(has_code)
    is_known[interviews < N_EARLY, ADDED] = False
    directions = rng.normal(size=(N_CODES, DIM))
    vectors = unit_rows(has_code @ directions + 1.2 * rng.normal(size=(len(interviews), DIM)))
    passages = Passages(
        tuple(_say(row, rng) for row in has_code),
        vectors.astype(np.float32),
        interviews,
        np.tile(np.arange(n_excerpts) % 2, n_interviews),
    )
    similarity = 1.5 * has_code + rng.normal(size=has_code.shape)
    weights = np.where(interviews % 2, 1.0, 2.5)
    groups = FIRST_GROUP + np.minimum(interviews, N_GROUPS - 1)
    labels = Labels(has_code.astype(np.float32), is_known, weights, groups)
    return Talk(passages, labels, similarity.astype(np.float32))


def _say(has_code, rng):
    words = list(rng.choice(FILLER, 6))
    for code in np.flatnonzero(has_code):
        words.append(str(rng.choice(SAID[code].split())))
    rng.shuffle(words)
    return f"{' '.join(words).capitalize()}."


@dataclass(frozen=True)
class Fitted:
    """All that training on a talk comes to."""

    talk: Talk
    space: FeatureSpace
    features: Features
    compared: Compared
    trained: Trained
    stored: StoredClassifier


@cache
def compare_talk(talk_seed=SEED):
    """Compare the excerpts of a talk with one another."""
    talk = make_talk(seed=talk_seed)
    return compare_passages(talk.passages, talk.groups)


def compare_passages(passages, groups):
    space = fit_features(passages)
    features = make_features(space, passages)
    return space, features, compare_all(features, groups, seed=1)


def fit_talk(talk, *, compared=None, **options):
    """Train on a talk."""
    space, features, compared = compared or compare_passages(talk.passages, talk.groups)
    trained = train(compared, talk.labels, talk.similarity, seed=1, **options)
    ids = 1000 + np.arange(len(talk.passages))
    stored = keep_classifier(trained, compared, space, features, talk.labels, excerpt_ids=ids)
    return Fitted(talk, space, features, compared, trained, stored)


@cache
def fitted_talk():
    """Train on the talk once for all tests, which change nothing in it."""
    return fit_talk(make_talk(), compared=compare_talk())


@cache
def fitted_without_last():
    """Train on all interviews but the last two, which were compared and have no labels."""
    talk = make_talk()
    is_known = talk.labels.is_known.copy()
    is_known[talk.rows_of(6, 7)] = False
    return fit_talk(talk.with_labels(is_known=is_known), compared=compare_talk())
