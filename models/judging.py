"""How good held-out probabilities are, code by code and in all, and what generosity costs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray, mean_of_defined
from models.calibration import choose_threshold
from models.folds import split_by_fold
from models.labels import Labels
from models.passages import IntArray
from models.ranking import weighted_average_precision
from models.reliability import ReliabilityBin, bin_probabilities, expected_calibration_error

Floats = NDArray[np.float64]

# Below this a code's figures are chance: it is left out of means, and of what may not get worse.
FEWEST_TOLD = 15
GENEROSITIES = (0.5, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True)
class CodeFigures:
    """How a code is proposed to held-out excerpts; None where no judged excerpt has it."""

    average_precision: float | None
    f1: float | None
    kappa: float | None
    n_positive: int
    n_groups: int
    is_told: bool


@dataclass(frozen=True)
class Cost:
    """What a generosity costs and brings, held out.

    per_100: Proposals for 100 excerpts.
    share_right: Of the proposals; share_found: of what people gave. None where there is none.
    """

    generosity: float
    per_100: float
    share_right: float | None
    share_found: float | None


@dataclass(frozen=True)
class Judgement:
    """How good probabilities are; means are over the codes told, None where there is none."""

    n_judged: int
    n_groups: int
    map: float | None
    macro_f1: float | None
    kappa: float | None
    hit1: float | None
    rec3: float | None
    ece: float | None
    codes: tuple[CodeFigures, ...]
    reliability: tuple[ReliabilityBin, ...]
    costs: tuple[Cost, ...]


def judge(
    chances: Floats,
    given: BoolArray,
    labels: Labels,
    folds: IntArray,
    *,
    at_most: int | None = None,
) -> Judgement:
    """Judge held-out probabilities and proposals, (n, n_codes), by the labels that count.

    Args:
        at_most: So many codes are proposed for an excerpt, the likeliest; all if None.
    """
    at_most = at_most or chances.shape[1]
    given = keep_strongest(chances, given, at_most=at_most)
    codes = tuple(
        _judge_code(chances[:, code], given[:, code], labels, code)
        for code in range(chances.shape[1])
    )
    told = [code for code in codes if code.is_told]
    judged = labels.is_judged
    weights = np.broadcast_to(labels.weights[:, None], judged.shape)
    shown = given & judged
    bins = bin_probabilities(chances[shown], labels.has_code[shown], weights[shown])
    rows = labels.weights > 0
    return Judgement(
        n_judged=int(rows.sum()),
        n_groups=len(np.unique(labels.groups[rows])),
        map=mean_of_defined(code.average_precision for code in told),
        macro_f1=mean_of_defined(code.f1 for code in told),
        kappa=mean_of_defined(code.kappa for code in told),
        hit1=_find_in_first(chances, labels, 1, is_share=False),
        rec3=_find_in_first(chances, labels, 3, is_share=True),
        ece=expected_calibration_error(bins),
        codes=codes,
        reliability=tuple(bins),
        costs=tuple(_cost(beta, chances, labels, folds, at_most=at_most) for beta in GENEROSITIES),
    )


def keep_strongest(chances: Floats, given: BoolArray, *, at_most: int) -> BoolArray:
    """Keep of what is given to each excerpt the likeliest codes, (n, n_codes)."""
    order = np.argsort(np.where(given, -chances, np.inf), axis=1, kind="stable")[:, :at_most]
    kept = np.zeros_like(given)
    np.put_along_axis(kept, order, True, axis=1)
    return kept & given


def list_told(labels: Labels) -> list[int]:
    """List the codes that enough judged excerpts have."""
    n_positive = (labels.is_judged & labels.has_code).sum(axis=0)
    return [int(code) for code in np.flatnonzero(n_positive >= FEWEST_TOLD)]


def _judge_code(chances: Floats, given: BoolArray, labels: Labels, code: int) -> CodeFigures:
    rows = np.flatnonzero(labels.is_judged[:, code])
    has_code, weights = labels.has_code[rows, code], labels.weights[rows]
    n_positive = int(has_code.sum())
    n_groups = len(np.unique(labels.groups[rows[has_code]]))
    if not n_positive:
        return CodeFigures(None, None, None, 0, 0, is_told=False)
    f1, kappa = _measure_given(given[rows], has_code, weights)
    return CodeFigures(
        weighted_average_precision(has_code, chances[rows], weights),
        f1,
        kappa,
        n_positive,
        n_groups,
        is_told=n_positive >= FEWEST_TOLD,
    )


def _measure_given(given: BoolArray, has_code: BoolArray, weights: Floats) -> tuple[float, float]:
    total = float(weights.sum())
    both = float(weights[given & has_code].sum()) / total
    ours, theirs = float(weights[given].sum()) / total, float(weights[has_code].sum()) / total
    f1 = 2 * both / (ours + theirs)
    agreed = 1 - ours - theirs + 2 * both
    by_chance = ours * theirs + (1 - ours) * (1 - theirs)
    # Where both gave it everywhere, kappa is undefined: no better than chance, as in the benches.
    return f1, (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0


def _find_in_first(
    chances: Floats, labels: Labels, n_first: int, *, is_share: bool
) -> float | None:
    has_code = labels.has_code & labels.is_judged
    rows = np.flatnonzero(has_code.any(axis=1))
    if not len(rows):
        return None
    order = np.argsort(-chances[rows], axis=1, kind="stable")[:, :n_first]
    found = np.take_along_axis(has_code[rows], order, axis=1).sum(axis=1)
    values = found / has_code[rows].sum(axis=1) if is_share else found > 0
    return float(np.average(values, weights=labels.weights[rows]))


def _cost(beta: float, chances: Floats, labels: Labels, folds: IntArray, *, at_most: int) -> Cost:
    given = np.zeros(chances.shape, dtype=np.bool_)
    for train, test in split_by_fold(folds):
        thresholds = _thresholds(chances[train], labels.take(train), beta)
        given[test] = chances[test] >= thresholds
    given = keep_strongest(chances, given, at_most=at_most)
    judged = labels.is_judged
    weights = np.broadcast_to(labels.weights[:, None], judged.shape)
    has_code = labels.has_code & judged
    n_given = float(weights[given & judged].sum())
    n_right, n_all = float(weights[given & has_code].sum()), float(weights[has_code].sum())
    n_excerpts = float(labels.weights.sum())
    return Cost(
        generosity=beta,
        per_100=100 * n_given / n_excerpts if n_excerpts else 0.0,
        share_right=n_right / n_given if n_given else None,
        share_found=n_right / n_all if n_all else None,
    )


def _thresholds(chances: Floats, labels: Labels, beta: float) -> Floats:
    judged = labels.is_judged
    weights = np.broadcast_to(labels.weights[:, None], judged.shape)
    shared = choose_threshold(
        labels.has_code[judged], chances[judged], weights[judged], generosity=beta
    )
    told = set(list_told(labels))
    return np.array(
        [
            _own_threshold(chances[:, code], labels, code, beta) if code in told else shared
            for code in range(chances.shape[1])
        ]
    )


def _own_threshold(chances: Floats, labels: Labels, code: int, beta: float) -> float:
    rows = np.flatnonzero(labels.is_judged[:, code])
    return choose_threshold(
        labels.has_code[rows, code], chances[rows], labels.weights[rows], generosity=beta
    )
