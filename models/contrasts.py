"""Finds opposite codes that scores cannot tell apart, and offers them as one choice of two."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pair: TypeAlias = tuple[int, int]
Floats: TypeAlias = NDArray[np.float64]

# In the evidence of a suggestion: the GUID of the other pole of its choice of two.
CHOICE_WITH = "choice_with"
# With fewer on either side even a perfect order says little.
LEAST_EXCERPTS = 10
# Half way between chance (.5) and always right (1): the wrong pole leads less than once in four.
LEAST_AREA = 0.75
# One-sided 95% of the normal distribution.
Z95 = 1.6449


@dataclass(frozen=True)
class Offer:
    """What is offered in one place of an excerpt's list: a code, or a choice of two.

    codes: One column, or those of both poles, the one scored higher first.
    """

    codes: tuple[int, ...]


def find_inseparable(
    scores: NDArray[np.floating[Any]],
    has_code: NDArray[np.bool_],
    is_judged: NDArray[np.bool_],
    pairs: Iterable[Pair],
    *,
    groups: NDArray[np.int64] | None = None,
) -> tuple[Pair, ...]:
    """Find those pairs of opposite codes that the scores cannot tell apart.

    Looked at are excerpts judged on both codes that have exactly one of them. Told apart is a pair
    where, with at least 10 such excerpts on either side, score a - score b puts those that have a
    above those that have b: the area under the ROC curve has a lower bound (one-sided 95%) above
    .75. So where nothing was coded yet no pair is told apart.

    Args:
        scores: (n_excerpts, n_codes) comparable between codes, of excerpts not learnt from.
        has_code, is_judged: (n_excerpts, n_codes).
        pairs: Columns of opposite codes.
        groups: (n_excerpts,) number of what is alike within: a family, else a participant. With
            them the standard error is the larger of the two sources', without them the former's.

    Source: Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747; over groups Obuchowski 1997,
        doi:10.2307/2533958.
    """
    found = []
    for one, other in pairs:
        is_judged_on_both = is_judged[:, one] & is_judged[:, other]
        has_one = is_judged_on_both & has_code[:, one] & ~has_code[:, other]
        has_other = is_judged_on_both & has_code[:, other] & ~has_code[:, one]
        lead = scores[:, one].astype(np.float64) - scores[:, other]
        is_told = min(has_one.sum(), has_other.sum()) >= LEAST_EXCERPTS
        if not is_told or _bound_area(lead, has_one, has_other, groups) <= LEAST_AREA:
            found.append((one, other))
    return tuple(found)


def choose_with_choices(
    values: NDArray[np.floating[Any]],
    chosen: Sequence[Sequence[int]],
    pairs: Iterable[Pair],
    *,
    at_most: int,
) -> list[list[Offer]]:
    """Turn each excerpt's chosen codes into offers, strongest chosen code first.

    A chosen code brings its opposite in as the other pole of a choice, chosen itself or not. Of
    several opposites it takes a chosen one before others, then the one scored highest. No code
    comes twice: where its only opposite is in another offer already, a code stands alone.

    Args:
        values: (n_excerpts, n_codes) comparable scores.
        chosen: Columns of each excerpt's chosen codes; more than at_most, lest places stay empty
            where two of them become one offer.
        pairs: Columns of opposite codes that cannot be told apart.
        at_most: Offers for an excerpt; a choice of two counts once.
    """
    opposites = _list_opposites(pairs)
    return [
        _make_offers(row, codes, opposites)[:at_most]
        for row, codes in zip(values, chosen, strict=True)
    ]


def _list_opposites(pairs: Iterable[Pair]) -> Mapping[int, list[int]]:
    opposites: dict[int, list[int]] = defaultdict(list)
    for one, other in pairs:
        opposites[one].append(other)
        opposites[other].append(one)
    return opposites


def _make_offers(
    row: NDArray[np.floating[Any]], chosen: Sequence[int], opposites: Mapping[int, list[int]]
) -> list[Offer]:
    offers: list[Offer] = []
    offered: set[int] = set()
    for code in sorted(chosen, key=lambda code: -row[code]):
        if code in offered:
            continue
        free = [other for other in opposites.get(code, ()) if other not in offered]
        other = max(free, key=lambda other: (other in chosen, row[other]), default=code)
        codes = sorted({code, other}, key=lambda pole: -row[pole])
        offers.append(Offer(tuple(codes)))
        offered.update(codes)
    return offers


def _bound_area(
    lead: Floats,
    has_one: NDArray[np.bool_],
    has_other: NDArray[np.bool_],
    groups: NDArray[np.int64] | None,
) -> float:
    above = _share_below(lead[has_one], lead[has_other])
    area = float(above.mean())
    error = _standard_error(area, len(above), int(has_other.sum()))
    if groups is not None:
        below = 1 - _share_below(lead[has_other], lead[has_one])
        pulls = np.zeros(len(lead))
        pulls[has_one] = (above - area) / len(above)
        pulls[has_other] = (below - area) / len(below)
        error = max(error, _error_over_groups(pulls, groups, has_one | has_other))
    return area - Z95 * error


def _share_below(values: Floats, others: Floats) -> Floats:
    ordered = np.sort(others)
    n_below = np.searchsorted(ordered, values, side="left")
    n_not_above = np.searchsorted(ordered, values, side="right")
    # An equal one counts half.
    shares: Floats = (n_below + n_not_above) / (2 * len(others))
    return shares


def _standard_error(area: float, n_one: int, n_other: int) -> float:
    above_both = area / (2 - area)
    both_above = 2 * area**2 / (1 + area)
    variance = (
        area * (1 - area)
        + (n_one - 1) * (above_both - area**2)
        + (n_other - 1) * (both_above - area**2)
    ) / (n_one * n_other)
    return float(np.sqrt(max(variance, 0.0)))


def _error_over_groups(
    pulls: Floats, groups: NDArray[np.int64], is_used: NDArray[np.bool_]
) -> float:
    numbers, places = np.unique(groups[is_used], return_inverse=True)
    # One group tells nothing of others.
    if len(numbers) == 1:
        return float("inf")
    sums = np.bincount(places, weights=pulls[is_used])
    return float(np.sqrt(len(numbers) / (len(numbers) - 1) * np.sum(sums**2)))
