"""A trained classifier as it is stored, and what it makes of an interview that it did not see."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.calibration import choose_threshold
from models.choice import FEWEST_FOR_THRESHOLD, Choices, choose_own_threshold
from models.classifier import combine
from models.compared import Compared
from models.features import Features, FeatureSpace, make_features
from models.kernel import compare
from models.labels import Labels
from models.multinomial import log_odds_of
from models.nearest import find_nearest, score_nearest
from models.passages import IntArray, Passages
from models.probabilities import Calibration, Scores
from models.ridge import score
from models.training import Trained
from models.vectors import FloatArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StoredClassifier:
    """All that is needed to propose codes for an interview that was not there in training.

    space, features: Of the excerpts that the kernel compares with.
    ridge: (n, n_codes); multinomial: (n, n_codes + 1) and its bias, (n_codes + 1,).
    labels: Of those excerpts; is_learnt: (n,) which were learnt from, so that they may vote.
    held_out: (n, n_codes) what was said of them by others like it that had not learnt from them;
        nan where nothing was.
    word_weights: (n_terms, n_codes) how much each word says for each code.
    excerpt_ids: (n,) the study's rows of those excerpts.
    """

    space: FeatureSpace
    features: Features
    ridge: FloatArray
    multinomial: FloatArray
    multinomial_bias: FloatArray
    labels: Labels
    is_learnt: NDArray[np.bool_]
    held_out: Floats
    word_weights: FloatArray
    excerpt_ids: IntArray
    calibration: Calibration
    choices: Choices

    @property
    def thresholds(self) -> Floats:
        """The probability from which on each code is proposed, (n_codes,)."""
        return np.array([choice.threshold for choice in self.choices.codes])


@dataclass(frozen=True)
class Proposed:
    """What a classifier makes of an interview: probabilities, (n, n_codes), and what it saw."""

    chances: Floats
    features: Features


def keep_classifier(
    trained: Trained,
    compared: Compared,
    space: FeatureSpace,
    features: Features,
    labels: Labels,
    *,
    excerpt_ids: IntArray,
) -> StoredClassifier:
    """Put together what is to be stored of a classifier."""
    weights = trained.classifier.weights
    held_out = np.full(labels.targets.shape, np.nan)
    held_out[trained.rows] = trained.chances
    return StoredClassifier(
        space=space,
        features=features,
        ridge=weights.ridge,
        multinomial=compared.components.projection @ weights.multinomial[:-1],
        multinomial_bias=weights.multinomial[-1],
        labels=labels,
        is_learnt=trained.classifier.is_learnt,
        held_out=held_out,
        word_weights=np.asarray(features.words.T @ weights.ridge, dtype=np.float32),
        excerpt_ids=excerpt_ids,
        calibration=trained.classifier.calibration,
        choices=trained.classifier.choices,
    )


def propose(
    stored: StoredClassifier, passages: Passages, similarity: FloatArray, *, group: int
) -> Proposed:
    """Give the probability of each code for each excerpt of an interview.

    Args:
        similarity: (n, n_codes) standard deviations above the code's usual similarity.
        group: The number of its participant or family; excerpts of the same do not vote.
    """
    features = make_features(stored.space, passages)
    kernel = compare(features, stored.features)
    labels = stored.labels
    groups = np.full(len(passages), group, dtype=np.int64)
    nearest = find_nearest(features.meaning, stored.features.meaning, groups, labels.groups)
    scores = Scores(
        similarity=similarity,
        nearest=score_nearest(nearest, labels.targets, labels.is_known, stored.is_learnt),
        ridge=score(kernel, stored.ridge),
        multinomial=log_odds_of(kernel @ stored.multinomial + stored.multinomial_bias),
    )
    return Proposed(combine(stored.calibration, stored.choices, scores), features)


def choose_thresholds_again(stored: StoredClassifier, *, generosity: float) -> StoredClassifier:
    """Choose the thresholds for another generosity, on what was said of held-out excerpts."""
    labels = stored.labels
    is_judged = labels.is_judged & ~np.isnan(stored.held_out)
    weights = np.broadcast_to(labels.weights[:, None], is_judged.shape)

    shared = choose_threshold(
        labels.has_code[is_judged],
        stored.held_out[is_judged],
        weights[is_judged],
        generosity=generosity,
    )
    codes = []
    for code, choice in enumerate(stored.choices.codes):
        threshold = choose_own_threshold(
            stored.held_out[:, code], labels, code, shared=shared, generosity=generosity
        )
        n_positive = int((labels.has_code & is_judged)[:, code].sum())
        is_own = n_positive >= FEWEST_FOR_THRESHOLD
        codes.append(replace(choice, threshold=threshold, is_own_threshold=is_own))
    choices = replace(stored.choices, codes=tuple(codes), shared_threshold=shared)
    return replace(stored, choices=choices)
