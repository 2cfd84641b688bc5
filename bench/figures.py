"""From out-of-fold outcomes to figures: thresholds, macro means, mean and range over seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.coded import CodedData
from bench.methods import Method, Split
from models.agreement import (
    BoolArray,
    Ratings,
    compare_codes,
    human_agreement,
    kappa_in_place_of_coders,
    mean_of_defined,
)
from models.baselines import decide_by_thresholds
from models.folds import IntArray, split_by_fold
from models.left_out import (
    Places,
    find_majority_places,
    find_pair_places,
    measure_coders,
    measure_machine,
    share_of_left_out,
)
from models.ranking import hit_at_1, mean_average_precision, recall_at_3
from models.vectors import FloatArray

# Below this a code's figures are chance: it is left out of the macro means of every method.
LEAST_POSITIVES = 15


@dataclass(frozen=True)
class Figures:
    """How good a method is on one dealing of folds; None where there is nothing to measure.

    macro_f1, kappa, map: Means over the measured codes.
    hit1, rec3: Over excerpts with a code, of all codes.
    kappa_in_place: In each coder's place in turn, against each other coder in turn.
    kappa_left_out: In each coder's place in turn, against the majority of the other coders.
    share_of_left_out_pairwise: The machine's kappa against each other coder as a share of the
        coders' own. kappa_in_place also counts pairs that gave no excerpt the code, or every one,
        for whom people's kappa is undefined; here neither side counts them.
    share_of_left_out_majority: kappa_left_out as a share of what the left-out coders reach.

    The last four are over the measured codes and the excerpts of several coders, None with one
    coder; each share is of the same codes, coders and excerpts on both sides.
    """

    macro_f1: float | None
    kappa: float | None
    map: float | None
    hit1: float | None
    rec3: float | None
    kappa_in_place: float | None
    kappa_left_out: float | None
    share_of_left_out_pairwise: float | None
    share_of_left_out_majority: float | None


@dataclass(frozen=True)
class People:
    """How coders agree with one another, and the places that a method takes to be compared.

    pairs, majorities: Each coder against each other coder, and against the others' majority.
    pairwise, left_out: The coders' own mean kappa in these places.
    """

    pairs: Places
    majorities: Places
    pairwise: float | None
    left_out: float | None


def measure_people(ratings: Ratings, codes: Sequence[int]) -> People:
    """Measure how coders agree with one another, over these codes.

    Args:
        ratings: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not seen.
    """
    pairs = find_pair_places(ratings).of_codes(codes)
    majorities = find_majority_places(ratings).of_codes(codes)
    return People(pairs, majorities, measure_coders(pairs).kappa, measure_coders(majorities).kappa)


def describe_people(ratings: Ratings, on_measured: People) -> dict[str, object] | None:
    """Give how coders agree with one another, over all codes and over the measured ones.

    kappa, alpha: Each coder with each other one, over all codes.
    left_out: Each coder with what at least half of an excerpt's other coders gave, over all codes.
    measured_codes: kappa and left_out over the codes that methods are measured on: only these are
        to be set beside a method's.

    All of it on the excerpts of several coders; None where there are none.
    """
    human = human_agreement(ratings)
    if human is None:
        return None
    on_all = measure_people(ratings, range(ratings.shape[2]))
    return {
        "kappa": _rounded(human.kappa),
        "alpha": _rounded(human.alpha),
        "excerpts": human.n_excerpts,
        "pairs": human.n_pairs,
        "left_out": _describe_left_out(on_all),
        "measured_codes": {
            "kappa": _rounded(on_measured.pairwise),
            "left_out": _describe_left_out(on_measured),
        },
    }


def measured_codes(labels: BoolArray) -> list[int]:
    """List the codes that enough excerpts have, in the whole set; the same for every method."""
    return [int(code) for code in np.flatnonzero(labels.sum(axis=0) >= LEAST_POSITIVES)]


@dataclass(frozen=True)
class OutOfFold:
    """What a method says of every excerpt, each by what it learnt from the other folds.

    scores, given: (n_excerpts, n_codes).
    chosen: For each fold the way chosen to propose each code, where scores are probabilities in
        every fold; else empty.
    """

    scores: FloatArray
    given: BoolArray
    chosen: tuple[tuple[str, ...], ...] = ()


def run_folds(data: CodedData, folds: IntArray, method: Method) -> OutOfFold:
    """Score and decide each fold by what the method learnt from the others."""
    scores = np.zeros(data.labels.shape, dtype=np.float32)
    given = np.zeros(data.labels.shape, dtype=bool)
    chosen, needs_thresholds = [], False
    for train, test in split_by_fold(folds):
        outcome = method(data, Split(train, test, data.labels[train]))
        scores[test] = outcome.scores
        chosen.append(outcome.chosen)
        if outcome.given is None:
            needs_thresholds = True
        else:
            given[test] = outcome.given
    if needs_thresholds:
        given = decide_by_thresholds(data.labels, scores, folds)
    return OutOfFold(scores, given, tuple(chosen) if all(chosen) else ())


def measure(
    data: CodedData, scores: FloatArray, given: BoolArray, codes: Sequence[int], people: People
) -> Figures:
    """Measure out-of-fold scores and given codes against the labels, over these codes.

    Args:
        people: Of the same codes.
    """
    columns = list(codes)
    compared = compare_codes(data.labels[:, columns], given[:, columns])
    pairwise = measure_machine(people.pairs, given).kappa
    left_out = measure_machine(people.majorities, given).kappa
    # No better than chance where kappa is undefined: every method keeps the same list of codes.
    return Figures(
        macro_f1=mean_of_defined(code.f1 or 0.0 for code in compared),
        kappa=mean_of_defined(code.kappa or 0.0 for code in compared),
        map=mean_average_precision(data.labels, scores, codes),
        hit1=hit_at_1(data.labels, scores) if columns else None,
        rec3=recall_at_3(data.labels, scores) if columns else None,
        kappa_in_place=kappa_in_place_of_coders(data.ratings[:, :, columns], given[:, columns]),
        kappa_left_out=left_out,
        share_of_left_out_pairwise=share_of_left_out(pairwise, people.pairwise),
        share_of_left_out_majority=share_of_left_out(left_out, people.left_out),
    )


def average(runs: Sequence[Mapping[str, float | None]]) -> dict[str, object]:
    """Give the mean over runs of each figure, and under "range" its lowest and highest."""
    values = {name: [value for run in runs if (value := run[name]) is not None] for name in runs[0]}
    means: dict[str, object] = {
        name: round(float(np.mean(each)), 4) if each else None for name, each in values.items()
    }
    spans = {
        name: [round(min(each), 4), round(max(each), 4)] for name, each in values.items() if each
    }
    return means | {"range": spans}


def _describe_left_out(people: People) -> dict[str, object]:
    return {
        "kappa": _rounded(people.left_out),
        "coders": people.majorities.n_coders,
        "excerpts": people.majorities.n_excerpts,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
