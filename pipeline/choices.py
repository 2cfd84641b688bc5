"""Turns what is offered for each excerpt, codes and choices of two, into suggestions."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codebook.records import CONTRASTS_WITH, Codebook
from models.contrasts import CHOICE_WITH, Offer, Pair
from study.records import NewSuggestion

# Gives the evidence on which a code (column) is proposed for an excerpt (row).
EvidenceOf = Callable[[int, int], dict[str, Any]]


def list_contrasts(codebook: Codebook) -> tuple[Pair, ...]:
    """List the pairs of codes linked by "contrasts with", by their places in the codebook."""
    place_of = {code.guid: place for place, code in enumerate(codebook.codes)}
    pairs = (
        (place_of[relation.source], place_of[relation.target])
        for relation in codebook.relations
        if relation.kind == CONTRASTS_WITH
    )
    return tuple(sorted({(min(pair), max(pair)) for pair in pairs}))


def make_suggestions(
    offers_by_row: Sequence[Sequence[Offer]],
    *,
    excerpt_ids: Sequence[int],
    code_ids: Sequence[int],
    guids: Sequence[str],
    values: NDArray[np.floating[Any]],
    evidence_of: EvidenceOf,
) -> list[NewSuggestion]:
    """Make a suggestion of each code offered; the two of a choice share a rank.

    Args:
        offers_by_row: The offers for each excerpt, strongest first.
        excerpt_ids: (n_excerpts,) database rows.
        code_ids, guids: (n_codes,) database rows and GUIDs in codebook order.
        values: (n_excerpts, n_codes) the scores to store.
        evidence_of: Called with an excerpt's and a code's place; what it gives is kept, and each
            of a choice names the other's GUID beside it.
    """
    return [
        NewSuggestion(
            excerpt_id=excerpt_ids[row],
            code_id=code_ids[code],
            score=float(values[row, code]),
            rank=rank,
            evidence=evidence_of(row, code) | _name_other(offer, code, guids),
        )
        for row, offers in enumerate(offers_by_row)
        for rank, offer in enumerate(offers, start=1)
        for code in offer.codes
    ]


def _name_other(offer: Offer, code: int, guids: Sequence[str]) -> dict[str, str]:
    others = [other for other in offer.codes if other != code]
    return {CHOICE_WITH: guids[others[0]]} if others else {}
