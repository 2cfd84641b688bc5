"""The trained classifier as the benchmarks run it: compares all excerpts once, learns from some."""

import numpy as np

from bench.coded import CodedData, number_labels, number_roles
from bench.vectors import TextVectors
from models.agreement import BoolArray
from models.classifier import Classifier, fit_classifier
from models.compared import Compared, compare_all
from models.features import fit_features, make_features
from models.labels import Labels
from models.passages import IntArray, Passages
from models.vectors import FloatArray

SEED = 0


def list_passages(data: CodedData, vectors: TextVectors) -> Passages:
    """List the excerpts as the classifier takes them."""
    return Passages(
        data.texts,
        vectors.of(data.texts),
        number_labels(data.interviews),
        number_roles(data.speakers, data.interviews),
    )


def compare_excerpts(passages: Passages, groups: IntArray) -> Compared:
    """Compare all excerpts with one another; no label is looked at."""
    features = make_features(fit_features(passages), passages)
    return compare_all(features, groups, seed=SEED)


def label_learnt(data: CodedData, learnt: IntArray, given: BoolArray) -> Labels:
    """Give the labels of the excerpts learnt from; nothing is known of the others.

    Args:
        learnt: Numbers of these excerpts.
        given: (n_learnt, n_codes).
    """
    targets = np.zeros(data.labels.shape, dtype=np.float32)
    targets[learnt] = given
    is_known = np.zeros(data.labels.shape, dtype=np.bool_)
    is_known[learnt] = True
    return Labels(targets, is_known, np.ones(len(targets)), number_labels(data.groups))


def learn(compared: Compared, labels: Labels, similarity: FloatArray, rows: IntArray) -> Classifier:
    """Learn from some of the excerpts."""
    return fit_classifier(compared, labels, similarity, rows, seed=SEED)
