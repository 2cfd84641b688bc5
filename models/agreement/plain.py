"""Agreement on a whole coded set, every excerpt counting once, by kept libraries."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

BoolArray: TypeAlias = NDArray[np.bool_]
Ratings: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class CodeAgreement:
    """How one code was given by people and by the machine to the same n excerpts.

    prevalence: Share of the excerpts to which people gave it.
    kappa: Cohen's; alpha: Krippendorff's, nominal. None where both are constant and alike.
    """

    n: int
    n_human: int
    n_machine: int
    prevalence: float
    precision: float | None
    recall: float | None
    f1: float | None
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True)
class HumanAgreement:
    """How well coders agree with one another on the excerpts that several of them saw.

    kappa: Mean over codes of the mean Cohen's kappa over pairs of coders who share excerpts.
    alpha: Mean over codes of nominal Krippendorff's alpha over all coders.
    per_code: (kappa, alpha) of each code; the means leave out what is None.
    """

    kappa: float | None
    alpha: float | None
    per_code: tuple[tuple[float | None, float | None], ...]
    n_excerpts: int
    n_pairs: int


def compare_codes(human: BoolArray, machine: BoolArray) -> list[CodeAgreement]:
    """Compare what people gave with what the machine gave; both are (n_excerpts, n_codes)."""
    return [_compare(human[:, code], machine[:, code]) for code in range(human.shape[1])]


def cohen_kappa(one: BoolArray, other: BoolArray) -> float | None:
    """Return Cohen's kappa of two readings of the same excerpts, each (n_excerpts,).

    Source: Cohen 1960, doi:10.1177/001316446002000104.
    """
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415  an idle run starts without it

    if len(np.unique(np.concatenate([one, other]))) < 2:
        return None
    return float(cohen_kappa_score(one, other))


def krippendorff_alpha(ratings: Ratings) -> float | None:
    """Return nominal alpha; ratings are (n_coders, n_units), nan where a coder did not see a unit.

    Source: Krippendorff 2019, Content Analysis, chapter 12.
    """
    import krippendorff  # noqa: PLC0415  an idle run starts without it

    pairable = ratings[:, _n_seen(ratings) >= 2]
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        return None
    return float(krippendorff.alpha(pairable, level_of_measurement="nominal"))


def majority_labels(ratings: Ratings) -> BoolArray:
    """Label each excerpt with what at least half of the coders who saw it gave.

    Args:
        ratings: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not seen.

    Returns:
        (n_excerpts, n_codes); False where nobody saw the excerpt.
    """
    n_seen = _n_seen(ratings)
    labels: BoolArray = (2 * np.nansum(ratings, axis=0) >= n_seen) & (n_seen > 0)
    return labels


def human_agreement(ratings: Ratings) -> HumanAgreement | None:
    """Measure how coders agree with one another; None where no excerpt has two coders.

    Args:
        ratings: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not seen.
    """
    shared = _multiply_coded(ratings)
    if not shared.shape[1]:
        return None
    pairs = _pairs(shared)
    per_code = tuple(
        (_mean_pair_kappa(code, pairs), krippendorff_alpha(code)) for code in _by_code(shared)
    )
    return HumanAgreement(
        kappa=mean_of_defined(kappa for kappa, _ in per_code),
        alpha=mean_of_defined(alpha for _, alpha in per_code),
        per_code=per_code,
        n_excerpts=shared.shape[1],
        n_pairs=len(pairs),
    )


def kappa_in_place_of_coders(ratings: Ratings, machine: BoolArray) -> float | None:
    """Put the machine in each coder's place in turn; compare it with the same other coders.

    Like for like with `HumanAgreement.kappa`: the same excerpts, pairs and means over codes.

    Args:
        ratings: (n_coders, n_excerpts, n_codes) 1 given, 0 not given, nan not seen.
        machine: (n_excerpts, n_codes) what the machine gave.

    Source: the alternative annotator test, Calderon, Reichart and Dror 2025, arXiv:2501.10970.
    """
    several = _is_multiply_coded(ratings)
    shared, given = ratings[:, several], machine[several]
    pairs = _pairs(shared)
    return mean_of_defined(
        _mean_kappa_in_place(code, given[:, column], pairs)
        for column, code in enumerate(_by_code(shared))
    )


def mean_of_defined(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values that are not None; None where there is none."""
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else None


def _compare(human: BoolArray, machine: BoolArray) -> CodeAgreement:
    n, n_human, n_machine = len(human), int(human.sum()), int(machine.sum())
    precision, recall, f1 = _precision_recall_f1(human, machine)
    return CodeAgreement(
        n=n,
        n_human=n_human,
        n_machine=n_machine,
        prevalence=n_human / n if n else 0.0,
        precision=precision,
        recall=recall,
        f1=f1,
        kappa=cohen_kappa(human, machine),
        alpha=krippendorff_alpha(np.stack([human, machine]).astype(np.float64)),
    )


def _precision_recall_f1(human: BoolArray, machine: BoolArray) -> list[float | None]:
    from sklearn.metrics import (  # noqa: PLC0415  an idle run starts without it
        precision_recall_fscore_support,
    )

    if not len(human):
        return [None] * 3
    figures = precision_recall_fscore_support(
        human, machine, average="binary", pos_label=True, zero_division=np.nan
    )
    return [None if np.isnan(figure) else float(figure) for figure in figures[:3]]


def _n_seen(ratings: Ratings) -> NDArray[np.int64]:
    n_seen: NDArray[np.int64] = (~np.isnan(ratings)).sum(axis=0)
    return n_seen


def _is_multiply_coded(ratings: Ratings) -> BoolArray:
    several: BoolArray = np.any(_n_seen(ratings) >= 2, axis=1)
    return several


def _multiply_coded(ratings: Ratings) -> Ratings:
    return ratings[:, _is_multiply_coded(ratings)]


def _pairs(ratings: Ratings) -> list[tuple[int, int]]:
    saw: BoolArray = np.any(~np.isnan(ratings), axis=2)
    return [
        (one, other)
        for one, other in combinations(range(len(saw)), 2)
        if (saw[one] & saw[other]).any()
    ]


def _by_code(ratings: Ratings) -> list[Ratings]:
    return [ratings[:, :, code] for code in range(ratings.shape[2])]


def _mean_pair_kappa(code: Ratings, pairs: Iterable[tuple[int, int]]) -> float | None:
    kappas = []
    for one, other in pairs:
        both = ~np.isnan(code[one]) & ~np.isnan(code[other])
        kappas.append(cohen_kappa(code[one, both] > 0, code[other, both] > 0))
    return mean_of_defined(kappas)


def _mean_kappa_in_place(
    code: Ratings, machine: BoolArray, pairs: Iterable[tuple[int, int]]
) -> float | None:
    kappas = []
    for one, other in pairs:
        both = ~np.isnan(code[one]) & ~np.isnan(code[other])
        kappas += [cohen_kappa(machine[both], code[coder, both] > 0) for coder in (one, other)]
    return mean_of_defined(kappas)
