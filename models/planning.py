"""How many blind, double-coded excerpts an interval of kappa needs, before anybody codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt

from models.agreement.figures import FEWEST_GIVEN, FEWEST_PARTICIPANTS
from models.intervals import FEWEST_GROUPS, LEVEL

CLUSTERING = 0.02


@dataclass(frozen=True)
class Expected:
    """What is expected of a code: its kappa, and the share of excerpts each coder gives it to."""

    kappa: float
    prevalence: float


@dataclass(frozen=True)
class Design:
    """What excerpts are drawn from, and how.

    n_participants: They tell whether a code is reported at all.
    n_groups: Families, else participants; what an interval resamples.
    n_excerpts: All there will be, drawn or not.
    run_length: Excerpts that are drawn together, one after the other.
    clustering: Intraclass correlation of agreement on two excerpts of one group, 0 to 1.
    """

    n_participants: int
    n_groups: int
    n_excerpts: int
    run_length: int
    clustering: float = CLUSTERING


@dataclass(frozen=True)
class Need:
    """How many excerpts it takes; None where no number would do, with why in a few words."""

    n: int | None
    why: str = ""


@dataclass(frozen=True)
class Row:
    """What a code of one prevalence needs: to be reported at all, and for each half-width."""

    prevalence: float
    reported: Need
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Outlook:
    """What so many excerpts would give a code: the positives expected, and a half-width."""

    prevalence: float
    n_positives: float
    half_width: float | None
    why: str = ""


def kappa_variance(expected: Expected) -> float | None:
    """Give the large-sample variance of two coders' kappa on one excerpt; divide it by n.

    Both coders give the code equally often. None where they never differ, or nothing varies.

    Source: Bloch and Kraemer 1989, doi:10.2307/2532052; with equal margins the same as that of
    Fleiss, Cohen and Everitt 1969, doi:10.1037/h0028106.
    """
    kappa, spread = expected.kappa, expected.prevalence * (1 - expected.prevalence)
    if not (0 <= kappa < 1 and spread > 0):
        return None
    return (1 - kappa) * ((1 - kappa) * (1 - 2 * kappa) + kappa * (2 - kappa) / (2 * spread))


def share_given(expected: Expected) -> float:
    """Give the share of excerpts to which at least one of the two coders gives the code.

    Source: the common correlation model, Donner and Eliasziw 1992, doi:10.1002/sim.4780111109.
    """
    rest = 1 - expected.prevalence
    return 1 - rest * (rest + expected.kappa * expected.prevalence)


def design_effect(design: Design, n: float) -> float:
    """Give by how much the draw's runs and groups multiply the variance of n excerpts.

    That is 1 + (b - 1) * clustering, b being how many drawn excerpts of its own group an excerpt
    finds on average. A run brings its whole length, and the other runs of the group come by
    chance: b = n / n_groups + run_length * (1 - rate).

    Source: Eldridge, Ashby and Kerry 2006, doi:10.1093/ije/dyl129, on clusters of unequal size.
    """
    beside = n / design.n_groups + _run_length(design) * (1 - n / design.n_excerpts)
    return 1 + (beside - 1) * design.clustering


def find_half_width(expected: Expected, design: Design, n: float) -> float | None:
    """Give half the width of the 95% interval that n drawn excerpts are expected to give.

    None where there is no interval: too few groups, no excerpts, or nothing that varies.
    """
    variance = kappa_variance(expected)
    if variance is None or n <= 0 or design.n_groups < FEWEST_GROUPS:
        return None
    return _quantile(design) * sqrt(variance * design_effect(design, n) / n)


def excerpts_for_report(expected: Expected, design: Design) -> Need:
    """Give how many drawn excerpts are expected to bring enough positives to report a code."""
    if design.n_participants < FEWEST_PARTICIPANTS:
        return Need(None, f"not with {count(design.n_participants, 'participant')}")
    return _within_study(FEWEST_GIVEN / share if (share := share_given(expected)) else inf, design)


def excerpts_for_width(expected: Expected, design: Design, half_width: float) -> Need:
    """Give how many drawn excerpts make a 95% interval no wider than plus or minus half_width.

    Never fewer than it takes to report the code at all.
    """
    variance, reported = kappa_variance(expected), excerpts_for_report(expected, design)
    if design.n_participants < FEWEST_PARTICIPANTS:
        return reported
    if variance is None or design.n_groups < FEWEST_GROUPS:
        return Need(None, "no interval")
    n = _solve_for_excerpts(variance, design, half_width)
    if n is None:
        groups = "participant" if design.n_groups == design.n_participants else "group"
        return Need(None, f"not with {count(design.n_groups, groups)}")
    return reported if reported.n is None else _within_study(max(n, reported.n), design)


def plan_rows(
    kappa: float, prevalences: Sequence[float], half_widths: Sequence[float], design: Design
) -> list[Row]:
    """Give what codes of each prevalence need."""
    codes = [Expected(kappa, prevalence) for prevalence in prevalences]
    return [
        Row(
            code.prevalence,
            excerpts_for_report(code, design),
            tuple(excerpts_for_width(code, design, half_width) for half_width in half_widths),
        )
        for code in codes
    ]


def look_ahead(
    kappa: float, prevalences: Sequence[float], design: Design, drawn: Mapping[float, float]
) -> list[Outlook]:
    """Give what drawn excerpts, by their rate, would give codes of each prevalence."""
    codes = [Expected(kappa, prevalence) for prevalence in prevalences]
    return [_look_ahead(code, design, sum(drawn.values()), effective_n(drawn)) for code in codes]


def effective_n(drawn: Mapping[float, float]) -> float:
    """Give how many excerpts of one rate tell as much as these, which stand for 1 / rate each.

    Args:
        drawn: How many excerpts were, or will be, drawn at each rate.

    Source: Kish 1965, Survey Sampling.
    """
    weight = sum(n / rate for rate, n in drawn.items() if n)
    squares = sum(n / rate**2 for rate, n in drawn.items() if n)
    return weight**2 / squares if squares else 0.0


def solve_rate(n: float, drawn: Mapping[float, float], n_left: float) -> float:
    """Give the rate to draw n_left excerpts at so that all drawn tell as much as n; inf for none.

    It is what makes effective_n of `drawn` and rate * n_left more equal to n.
    """
    weight = sum(each / rate for rate, each in drawn.items()) + n_left
    squares = sum(each / rate**2 for rate, each in drawn.items())
    rest = weight**2 / n - squares
    return n_left / rest if rest > 0 and n_left else inf


def draw_spread(n_left: float, rate: float, run_length: int) -> float:
    """Give the standard deviation of how many excerpts are drawn, for whole runs are drawn."""
    return sqrt(run_length * n_left * rate * (1 - rate))


def count(n: int, noun: str) -> str:
    """Say a number of something."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _look_ahead(expected: Expected, design: Design, n: float, effective: float) -> Outlook:
    n_positives = n * share_given(expected)
    half_width, why = find_half_width(expected, design, effective), ""
    if design.n_participants < FEWEST_PARTICIPANTS:
        why = f"no figure with {count(design.n_participants, 'participant')}"
    elif n_positives < FEWEST_GIVEN:
        why = f"no figure ({n_positives:.0f} of {FEWEST_GIVEN} positives)"
    elif half_width is None:
        why = "a figure without an interval"
    return Outlook(expected.prevalence, n_positives, None if why else half_width, why)


def _solve_for_excerpts(variance: float, design: Design, half_width: float) -> float | None:
    # half_width**2 = quantile**2 * variance * design_effect(n) / n, which is linear in 1 / n.
    allowed = (half_width / _quantile(design)) ** 2
    between = variance * design.clustering / design.n_groups
    # However many excerpts each group gave, the groups would still differ by as much.
    if between >= allowed:
        return None
    length = _run_length(design)
    of_runs = variance * (1 + (length - 1) * design.clustering)
    return of_runs / (allowed - between + variance * design.clustering * length / design.n_excerpts)


def _run_length(design: Design) -> float:
    return min(design.run_length, design.n_excerpts / design.n_groups)


def _within_study(n: float, design: Design) -> Need:
    # Compared before it is rounded: an infinity has no ceiling.
    if n > design.n_excerpts:
        return Need(None, "all are not enough")
    return Need(ceil(n))


def _quantile(design: Design) -> float:
    from scipy.stats import t  # noqa: PLC0415  an idle run starts without it

    return float(t.ppf((1 + LEVEL) / 2, design.n_groups - 1))
