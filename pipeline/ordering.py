"""Says where each excerpt comes among its interview's, for the queue."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from study.records import Excerpt, Suggestion

Order = Literal["transcript", "useful", "code"]
USEFUL, CODE = "useful", "code"


def order_excerpts(
    order: Order,
    excerpts: Sequence[Excerpt],
    suggestions: Sequence[Suggestion],
    *,
    guids: Sequence[str],
    min_score: float,
) -> dict[int, float]:
    """Give each excerpt of an interview its place, the lowest first; equal ones as they were said.

    Those to be coded blind have places like the others: whoever still owes them gets them first,
    whatever the places say (see `study.review_queue.first_open`).

    Args:
        order: transcript: all in one place. useful: see `weigh_uncertainty`. code: code by code,
            and for each the excerpts to which it is suggested first, strongest first; those
            without suggestions last.
        guids: Of the codes, in the codebook's order.
        min_score: From which score on a code is suggested.
    """
    by_excerpt: dict[int, list[Suggestion]] = defaultdict(list)
    for suggestion in suggestions:
        by_excerpt[suggestion.excerpt_id].append(suggestion)
    rank = _choose_rank(order, guids, min_score)
    ranks = {excerpt.id: rank(by_excerpt[excerpt.id]) for excerpt in excerpts}
    places = {each: float(place) for place, each in enumerate(sorted(set(ranks.values())))}
    return {excerpt_id: places[each] for excerpt_id, each in ranks.items()}


def weigh_uncertainty(suggestions: Sequence[Suggestion], *, min_score: float) -> float:
    """Weigh how unsure the machine is of an excerpt: the sum of p (1 - p) over its suggestions.

    Uncertainty sampling: what a model is least sure of teaches it most. Where only a score is told,
    p is a half at the least score that is suggested and tends to 1 above it, so that the score
    nearest to it weighs most. An excerpt without suggestions weighs 0.
    Source: Lewis & Gale 1994, doi:10.1007/978-1-4471-2099-5_1.
    """
    chances = [
        each.probability if each.probability is not None else _logistic(each.score - min_score)
        for each in suggestions
    ]
    return math.fsum(chance * (1 - chance) for chance in chances)


def _choose_rank(
    order: Order, guids: Sequence[str], min_score: float
) -> Callable[[Sequence[Suggestion]], tuple[float, float]]:
    if order == USEFUL:
        return lambda suggestions: (-weigh_uncertainty(suggestions, min_score=min_score), 0.0)
    if order == CODE:
        places = {guid: place for place, guid in enumerate(guids)}
        return lambda suggestions: _rank_by_code(suggestions, places)
    return lambda _: (0.0, 0.0)


def _rank_by_code(
    suggestions: Sequence[Suggestion], places: Mapping[str, int]
) -> tuple[float, float]:
    if not suggestions:
        return math.inf, 0.0
    first = min(suggestions, key=lambda each: each.rank)
    strength = first.score if first.probability is None else first.probability
    # A code that the codebook no longer has comes after those that it has.
    return places.get(first.code_guid, len(places)), -strength


def _logistic(distance: float) -> float:
    # The half of tanh: exp would overflow far from the threshold.
    return 0.5 * (1 + math.tanh(distance / 2))
