"""Chooses for each code the method that proposes it, and from which probability on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration import (
    Shape,
    apply_shape,
    choose_first_look,
    choose_threshold,
    fit_shape,
)
from models.labels import Labels
from models.probabilities import BLEND, CLASSIFIER, NEAREST, SIMILARITY
from models.ranking import weighted_average_precision

Floats = NDArray[np.float64]

# Fewer positive excerpts, or of fewer groups, cannot show that anything learnt carries over.
FEWEST_POSITIVES, FEWEST_GROUPS = 3, 2
# A threshold of a code's own wants so many; below it codes share one (Lin & Lin 2023).
FEWEST_FOR_THRESHOLD = 15
# So many positives of its own count as much as what all codes say of a method.
SHRINKAGE = 15.0
# The methods in order of trust: a later one is chosen only where it ranks better by so much.
ORDER = ((BLEND, 0.0), (CLASSIFIER, 0.01), (NEAREST, 0.02))


@dataclass(frozen=True)
class CodeChoice:
    """How a code is proposed.

    method: The one that ranks its excerpts best, held out by group.
    reason: Why, in words.
    threshold: The probability from which on it is proposed; infinite: never.
    precision: Held-out average precision of each method; empty where nothing could be compared.
    n_positive, n_groups: Judged excerpts that have it, and of how many groups they are.
    is_own_threshold: False where it takes the threshold that codes share.
    """

    method: str
    reason: str
    threshold: float
    precision: Mapping[str, float]
    n_positive: int
    n_groups: int
    is_own_threshold: bool


@dataclass(frozen=True)
class Choices:
    """How each code is proposed, and what they have in common: a bend and a threshold."""

    codes: tuple[CodeChoice, ...]
    shape: Shape
    shared_threshold: float


def choose_methods(
    held_out: Mapping[str, Floats], labels: Labels, *, generosity: float = 1.0
) -> Choices:
    """Choose by held-out scores; `held_out` has each method's probabilities, (n, n_codes)."""
    n_codes = labels.targets.shape[1]
    evidence = [_weigh(held_out, labels, code) for code in range(n_codes)]
    picked = _pick(evidence)
    chances = np.stack([held_out[method][:, code] for code, method in enumerate(picked)], axis=1)
    judged = labels.is_judged
    has_code = labels.has_code[judged]
    weights = np.broadcast_to(labels.weights[:, None], judged.shape)[judged]
    shape = fit_shape(chances[judged], has_code, weights)
    bent = apply_shape(shape, chances)
    shared = choose_threshold(has_code, bent[judged], weights, generosity=generosity)
    codes = tuple(
        CodeChoice(
            method=method,
            reason=_give_reason(method, each),
            threshold=choose_own_threshold(
                bent[:, code], labels, code, shared=shared, generosity=generosity
            ),
            precision=each.precision,
            n_positive=each.n_positive,
            n_groups=each.n_groups,
            is_own_threshold=each.n_positive >= FEWEST_FOR_THRESHOLD,
        )
        for code, (method, each) in enumerate(zip(picked, evidence, strict=True))
    )
    return Choices(codes, shape, shared)


@dataclass(frozen=True)
class _Evidence:
    """What held-out scores say of a code; precision is empty where nothing can be compared."""

    n_positive: int
    n_groups: int
    precision: dict[str, float]


def _weigh(held_out: Mapping[str, Floats], labels: Labels, code: int) -> _Evidence:
    rows = np.flatnonzero(labels.is_judged[:, code])
    has_code = labels.has_code[rows, code]
    n_positive, n_groups = int(has_code.sum()), len(np.unique(labels.groups[rows[has_code]]))
    if n_positive < FEWEST_POSITIVES or n_groups < FEWEST_GROUPS:
        return _Evidence(n_positive, n_groups, {})
    precision = {
        method: weighted_average_precision(has_code, chances[rows, code], labels.weights[rows])
        for method, chances in held_out.items()
    }
    return _Evidence(n_positive, n_groups, precision)


def _pick(evidence: Sequence[_Evidence]) -> list[str]:
    """Pick for each code the method that gains most over similarity, as far as can be told.

    What a code's few positives say is drawn to what all codes say: with ten of them, a difference
    of .1 in average precision is nothing.
    """
    usual = _average_gains(evidence)
    picked = []
    for each in evidence:
        method, best = SIMILARITY, 0.0
        for other, margin in ORDER if each.precision else ():
            own = each.precision[other] - each.precision[SIMILARITY]
            gain = (each.n_positive * own + SHRINKAGE * usual[other]) / (
                each.n_positive + SHRINKAGE
            )
            if gain > best + (margin if method != SIMILARITY else 0.0):
                method, best = other, gain
        picked.append(method)
    return picked


def _average_gains(evidence: Sequence[_Evidence]) -> dict[str, float]:
    told = [each for each in evidence if each.precision]
    n_all = sum(each.n_positive for each in told)
    return {
        method: sum(
            each.n_positive * (each.precision[method] - each.precision[SIMILARITY]) for each in told
        )
        / max(n_all, 1)
        for method, _ in ORDER
    }


def _give_reason(method: str, evidence: _Evidence) -> str:
    if not evidence.precision:
        return _too_few(evidence.n_positive, evidence.n_groups)
    if method == SIMILARITY:
        return "nothing learnt ranks its excerpts better than the description"
    return "ranks its excerpts better than the description, held out"


def _too_few(n_positive: int, n_groups: int) -> str:
    if not n_positive:
        return "nobody has given it yet where it could be judged"
    groups = "one participant" if n_groups == 1 else f"{n_groups} participants"
    few = "one excerpt of one participant has it"
    if n_positive > 1:
        few = f"{n_positive} excerpts of {groups} have it"
    return f"only {few}: learning wants {FEWEST_POSITIVES} of {FEWEST_GROUPS}"


def choose_own_threshold(
    chances: Floats, labels: Labels, code: int, *, shared: float, generosity: float
) -> float:
    """Choose from which probability on a code is proposed, by how much is known of it.

    Args:
        chances: (n,) held out; nan where nothing was said.
        shared: The threshold that codes with few positives share.
    """
    rows = np.flatnonzero(labels.is_judged[:, code] & ~np.isnan(chances))
    has_code = labels.has_code[rows, code]
    n_positive, n_groups = int(has_code.sum()), len(np.unique(labels.groups[rows[has_code]]))
    if n_positive >= FEWEST_FOR_THRESHOLD:
        return choose_threshold(
            has_code, chances[rows], labels.weights[rows], generosity=generosity
        )
    if n_positive < FEWEST_POSITIVES or n_groups < FEWEST_GROUPS:
        return choose_first_look(chances[rows], shared, n_positive=n_positive)
    return shared
