"""Figures of agreement per code and pooled, each with how sure it is and on what it rests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from models.agreement import coefficients
from models.agreement.coefficients import Floats
from models.agreement.plain import BoolArray
from models.agreement.tables import CodeCounts, Tables
from models.intervals import N_RESAMPLES, SEED, Estimate, estimate

# Below these a figure is one of chance, or of one person's way to speak.
FEWEST_GIVEN, FEWEST_PARTICIPANTS = 10, 5

# A figure of one code: counts of each group, (n_resamples, n_groups) -> (n_resamples,).
Figure = Callable[[Tables, int, Floats], Floats]


@dataclass(frozen=True)
class CodeFigures:
    """The figures of one code, by name; none of them where there is too little to tell."""

    counts: CodeCounts
    figures: Mapping[str, Estimate]
    note: str = ""

    @property
    def is_told(self) -> bool:
        """Whether there is enough to tell."""
        return not self.note


@dataclass(frozen=True)
class PooledFigures:
    """Means over the codes of which there is enough to tell.

    n_codes: How many these are.
    n_defined: By figure, over how many of them the mean is: precision, say, leaves out a code that
        the machine never gave.
    """

    n_codes: int
    figures: Mapping[str, Estimate]
    n_defined: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """How well two sides agree: per code, in the codebook's order, and pooled."""

    codes: tuple[CodeFigures, ...]
    pooled: PooledFigures


def _of_excerpts(coefficient: Callable[[Floats], Floats]) -> Figure:
    def figure(tables: Tables, code: int, counts: Floats) -> Floats:
        return coefficient(_weigh(tables.by_excerpt[:, code], counts))

    return figure


def mean_kappa(tables: Tables, code: int, counts: Floats) -> Floats:
    """Give the mean of Cohen's kappa over the pairs of readers for whom it is defined.

    Source: Light 1971, doi:10.1037/h0031643.
    """
    kappas = coefficients.kappa(_weigh(tables.by_pair[:, :, code], counts))
    return mean_of_defined_columns(kappas)


def joint_kappa(tables: Tables, code: int, counts: Floats) -> Floats:
    """Give Cohen's kappa over all pairs of readers at once.

    The mean of the pairs' kappas, each weighed by how much chance leaves its pair to agree on.
    Where pairs share few excerpts the plain mean lies below what it estimates, and leaves out a
    pair that never met the code; here such a pair weighs nothing, and a reader who gives the code
    where the others never do still counts. Of one pair it is Cohen's kappa.
    """
    weighed = _weigh(tables.by_pair[:, :, code], counts)
    left = np.nan_to_num(coefficients.beyond_chance(weighed))
    kappas = np.nan_to_num(coefficients.kappa(weighed))
    total = left.sum(axis=-1)
    joint: Floats = np.full(total.shape, np.nan)
    np.divide((kappas * left).sum(axis=-1), total, out=joint, where=total > 0)
    return joint


def nominal_alpha(tables: Tables, code: int, counts: Floats) -> Floats:
    """Give Krippendorff's nominal alpha over all readers."""
    return coefficients.alpha(_weigh(tables.coincidences[:, code], counts))


SHARE, COEFFICIENT = (0.0, 1.0), (-1.0, 1.0)
BETWEEN_PEOPLE: Mapping[str, Figure] = {
    "agreement": _of_excerpts(coefficients.percent_agreement),
    "positive_agreement": _of_excerpts(coefficients.positive_agreement),
    "negative_agreement": _of_excerpts(coefficients.negative_agreement),
    "prevalence": _of_excerpts(coefficients.prevalence),
    "kappa": mean_kappa,
    "joint_kappa": joint_kappa,
    "ac1": _of_excerpts(coefficients.ac1),
    "alpha": nominal_alpha,
}
# Positive agreement of two readings is F1: between people and a machine it has both names.
WITH_MACHINE: Mapping[str, Figure] = {
    **BETWEEN_PEOPLE,
    # A code is as common as people find it, whatever the machine suggests.
    "prevalence": _of_excerpts(coefficients.share_given),
    "precision": _of_excerpts(coefficients.precision),
    "recall": _of_excerpts(coefficients.recall),
    "f1": _of_excerpts(coefficients.positive_agreement),
}
BOUNDS = {
    "kappa": COEFFICIENT,
    "joint_kappa": COEFFICIENT,
    "ac1": COEFFICIENT,
    "alpha": COEFFICIENT,
}


def compare(
    tables: Tables,
    names: Mapping[str, Figure],
    *,
    seed: int = SEED,
    n_resamples: int = N_RESAMPLES,
) -> Comparison:
    """Give every figure per code and pooled, with intervals over groups."""
    estimator = partial(estimate, seed=seed, n_resamples=n_resamples)
    codes = tuple(
        _compare_code(tables, code, names, estimator) for code in range(len(tables.counts))
    )
    told = [number for number, code in enumerate(codes) if code.is_told]
    pooled = {
        name: pool(tables, told, figure, bounds=BOUNDS.get(name, SHARE), estimator=estimator)
        for name, figure in names.items()
    }
    n_defined = {
        name: sum(codes[number].figures[name].value is not None for number in told)
        for name in names
    }
    return Comparison(codes, PooledFigures(len(told), pooled, n_defined))


def pool(
    tables: Tables,
    codes: Sequence[int],
    figure: Figure,
    *,
    bounds: tuple[float, float],
    estimator: Callable[..., Estimate] = estimate,
) -> Estimate:
    """Give the mean of a figure over codes; in a resample, over those for which it is defined."""
    if not len(codes):
        return Estimate(None, 0, note="too few to tell: there is no code to take a mean over")

    mean = partial(_mean, tables, codes, figure)
    return estimator(mean, tables.has_data[:, codes].any(axis=1), bounds=bounds)


def pool_paired(
    one: Tables,
    other: Tables,
    codes: Sequence[int],
    figure: Figure,
    join: Callable[[Floats, Floats], Floats],
    *,
    bounds: tuple[float, float],
) -> Estimate:
    """Join the means of a figure in two comparisons of the same groups, resampled together.

    Args:
        join: Takes both means, (n_resamples,) each; say, their difference.
        bounds: The lowest and highest value that it can give.
    """
    if not len(codes):
        return Estimate(None, 0, note="too few to tell: no code is told on both sides")

    codes = [code for code in codes if _is_defined(one, figure, code, other)]
    if not codes:
        return Estimate(None, 0, note="undefined: no code has this figure on both sides")
    n_groups = min(len(one.by_excerpt), len(other.by_excerpt))

    def joined(counts: Floats) -> Floats:
        means = (_mean(side, codes, figure, counts) for side in (one, other))
        return join(*means)

    # A group that only one side has says nothing of the two together.
    one, other = one.take_groups(n_groups), other.take_groups(n_groups)
    has_data: BoolArray = np.all(
        [side.has_data[:, codes].any(axis=1) for side in (one, other)], axis=0
    )
    return estimate(joined, has_data, bounds=bounds)


def _is_defined(one: Tables, figure: Figure, code: int, other: Tables) -> bool:
    sides = (figure(side, code, np.ones((1, len(side.by_excerpt)))) for side in (one, other))
    return not any(np.isnan(value[0]) for value in sides)


def tell(counts: CodeCounts) -> str:
    """Say why a code's figures would tell too little; empty where there is enough."""
    if not counts.n_excerpts:
        return "too few to tell: no excerpt was judged by both sides"
    if counts.n_people == 0:
        return "nothing to tell: no coder gave it" + (
            f"; the machine suggested it for {counts.n_given} excerpts" if counts.n_given else ""
        )
    if counts.n_given >= FEWEST_GIVEN and counts.n_participants >= FEWEST_PARTICIPANTS:
        return ""
    return (
        f"too few to tell: given to {counts.n_given} excerpts of {counts.n_participants} "
        f"participants ({FEWEST_GIVEN} of {FEWEST_PARTICIPANTS} are needed)"
    )


def mean_of_defined_columns(values: Floats) -> Floats:
    """Give the mean over the last axis of what is not nan; nan where nothing is."""
    is_defined = ~np.isnan(values)
    n_defined = is_defined.sum(axis=-1)
    means: Floats = np.full(n_defined.shape, np.nan)
    np.divide(np.nansum(values, axis=-1), n_defined, out=means, where=n_defined > 0)
    return means


def _compare_code(
    tables: Tables, code: int, names: Mapping[str, Figure], estimator: Callable[..., Estimate]
) -> CodeFigures:
    counts = tables.counts[code]
    note = tell(counts)
    figures = {
        name: Estimate(None, int(tables.has_data[:, code].sum()), note=note)
        if note
        else estimator(
            partial(figure, tables, code),
            tables.has_data[:, code],
            bounds=BOUNDS.get(name, SHARE),
        )
        for name, figure in names.items()
    }
    return CodeFigures(counts, figures, note)


def _mean(tables: Tables, codes: Sequence[int], figure: Figure, counts: Floats) -> Floats:
    return mean_of_defined_columns(
        np.stack([figure(tables, code, counts) for code in codes], axis=-1)
    )


def _weigh(tables: Floats, counts: Floats) -> Floats:
    weighed: Floats = np.tensordot(counts, tables, axes=1)
    return weighed
