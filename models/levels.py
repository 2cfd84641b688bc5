"""Codes above codes: a parent that people hardly give itself is proposed from its children."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.choice import FEWEST_POSITIVES, Choices
from models.passages import IntArray
from models.probabilities import SIMILARITY

Floats = NDArray[np.float64]

CHILDREN = "children"
FROM_CHILDREN = "people hardly give it itself: it is proposed where one of its codes is likely"
NO_PARENT = -1


def find_grouping_codes(choices: Choices, parents: IntArray) -> frozenset[int]:
    """Find the parents that hardly anybody gives themselves; they stand for their children.

    Args:
        parents: (n_codes,) the column of each code's parent; NO_PARENT where it has none.
    """
    above = {int(parent) for parent in parents if parent != NO_PARENT}
    return frozenset(
        code
        for code in above
        if choices.codes[code].method == SIMILARITY
        and choices.codes[code].n_positive < FEWEST_POSITIVES
    )


def mark_grouping_codes(choices: Choices, grouping: frozenset[int]) -> Choices:
    """Say of each such parent that it is proposed from its children."""
    return replace(
        choices,
        codes=tuple(
            replace(
                choice, method=CHILDREN, reason=FROM_CHILDREN, threshold=choices.shared_threshold
            )
            if code in grouping
            else choice
            for code, choice in enumerate(choices.codes)
        ),
    )


def unmark_grouping_codes(choices: Choices) -> Choices:
    """Take such parents for codes like others, until it is found anew which they are."""
    return replace(
        choices,
        codes=tuple(
            replace(choice, method=SIMILARITY) if choice.method == CHILDREN else choice
            for choice in choices.codes
        ),
    )


def lift_parents(chances: Floats, parents: IntArray, grouping: frozenset[int]) -> Floats:
    """Give such parents the chance of their likeliest child, (n, n_codes).

    Where a child is there its parent is: the chance is rather too low than too high.
    """
    lifted = chances.copy()
    for parent in _deepest_first(parents, grouping):
        children = np.flatnonzero(parents == parent)
        lifted[:, parent] = lifted[:, children].max(axis=1, initial=0.0)
    return lifted


def drop_parents(
    chosen: Sequence[Sequence[int]], parents: IntArray, grouping: frozenset[int]
) -> list[list[int]]:
    """Leave such a parent out where one of its children is proposed as well."""
    kept = []
    for codes in chosen:
        said = {ancestor for code in codes for ancestor in _ancestors(code, parents)}
        kept.append([code for code in codes if code not in grouping or code not in said])
    return kept


def _deepest_first(parents: IntArray, grouping: frozenset[int]) -> list[int]:
    return sorted(grouping, key=lambda code: -len(_ancestors(code, parents)))


def _ancestors(code: int, parents: IntArray) -> list[int]:
    found: list[int] = []
    while parents[code] != NO_PARENT:
        code = int(parents[code])
        found.append(code)
    return found
