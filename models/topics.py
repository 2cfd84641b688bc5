"""Cuts a row of sentences into pieces of a wanted size: evenly, or where the topic moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.vectors import FloatArray

Words = NDArray[np.float64]
# (words of the pieces that would end here, their starts, this end) -> what each costs.
PieceCost = Callable[[Words, NDArray[np.intp], int], NDArray[np.float64]]

# These three were chosen on one coded set, where all their neighbours beat even pieces too; see
# docs/segmenting.md. How many words on either side say what is spoken of at a place:
CONTEXT_WORDS = 40
# A piece that is longer than the target by less than this stays whole.
SLACK = 1.4
# What an even split is worth, in cosine: without it the first cut takes crumbs off an end.
BALANCE = 0.3
# Dearer than any piece of the right size, so that one too short is made only where it must be.
_TOO_SHORT = 1e6


@dataclass(frozen=True)
class PieceSize:
    """How many words a piece has: at least, about, and at most."""

    min_words: int
    target_words: int
    max_words: int

    @property
    def longest_whole(self) -> float:
        """The most words that stay in one piece, because two halves would be further off."""
        return min(SLACK * self.target_words, self.max_words)


def make_size(*, min_words: int, target_words: int, max_words: int) -> PieceSize:
    """Bring sizes into order; where they contradict each other, the most wins, then the least."""
    target = min(max(target_words, min_words), max_words)
    return PieceSize(min(min_words, target), target, max_words)


def pack_evenly(n_words: Sequence[int], size: PieceSize) -> list[int]:
    """Cut sentences into pieces of about the target size; give the index after each piece's last.

    Args:
        n_words: Words of each sentence; one with more than the most is a piece of its own.
    """
    return find_cheapest(n_words, size, lambda words, _starts, _end: cost_of_size(words, size))


def cut_by_topic(vectors: FloatArray, n_words: Sequence[int], size: PieceSize) -> list[int]:
    """Cut sentences where the topic moves; give the index after each piece's last.

    A piece that is too long is cut where what is said before and what is said after are least
    alike, then each part in the same way, until none is too long.

    Args:
        vectors: (n_sentences, dim) rows of length 1, centred on what is usual in the interview.
        n_words: Words of each sentence; one with more than the most is a piece of its own.

    Source: the valleys of Hearst 1997, aclanthology.org/J97-1003, on sentence vectors.
    """
    total = _running(np.asarray(n_words, dtype=np.float64))
    alike = compare_sides(vectors, n_words)
    ends: list[int] = []
    waiting = [(0, len(n_words))] if n_words else []
    while waiting:
        start, end = waiting.pop()
        place = _choose_place(total, alike, start, end, size)
        if place is None:
            ends.append(end)
        else:
            waiting += [(place, end), (start, place)]
    return ends


def compare_sides(vectors: FloatArray, n_words: Sequence[int]) -> NDArray[np.float64]:
    """Tell how alike the words on either side of each place between sentences are.

    Returns:
        (n_sentences + 1,) cosines, -1 to 1; entry i is before sentence i. The two ends are 1.
    """
    words = np.asarray(n_words, dtype=np.float64)
    total = _running(words)
    sums = _running(vectors.astype(np.float64) * words[:, None])
    places = np.arange(1, len(words))
    # At least one sentence on each side, however long it is.
    before = np.minimum(np.searchsorted(total, total[places] - CONTEXT_WORDS), places - 1)
    after = np.searchsorted(total, total[places] + CONTEXT_WORDS, side="right") - 1
    left = sums[places] - sums[before]
    right = sums[np.maximum(after, places + 1)] - sums[places]
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    alike = np.ones(len(words) + 1)
    alike[1:-1] = np.sum(left * right, axis=1) / np.maximum(lengths, 1e-9)
    return alike


def find_cheapest(n_words: Sequence[int], size: PieceSize, cost: PieceCost) -> list[int]:
    """Find the cut whose pieces cost least together; give the index after each piece's last."""
    total = _running(np.asarray(n_words, dtype=np.float64))
    least = np.zeros(len(total))
    came_from = np.zeros(len(total), dtype=np.intp)
    for end in range(1, len(total)):
        first = np.searchsorted(total, total[end] - size.max_words)
        starts = np.arange(min(int(first), end - 1), end)
        costs = least[starts] + cost(total[end] - total[starts], starts, end)
        best = int(costs.argmin())
        least[end], came_from[end] = costs[best], starts[best]
    ends = [len(total) - 1] if n_words else []
    while ends and came_from[ends[-1]] > 0:
        ends.append(int(came_from[ends[-1]]))
    return ends[::-1]


def cost_of_size(words: Words, size: PieceSize) -> NDArray[np.float64]:
    """Tell how far pieces are from the target, in words; half and double are equally far."""
    too_short = np.where(words < size.min_words, _TOO_SHORT, 0.0)
    cost: NDArray[np.float64] = (
        size.target_words * np.log(np.maximum(words, 1) / size.target_words) ** 2 + too_short
    )
    return cost


def _choose_place(
    total: Words, alike: NDArray[np.float64], start: int, end: int, size: PieceSize
) -> int | None:
    n_words = total[end] - total[start]
    if end - start == 1 or n_words <= size.longest_whole:
        return None
    places = np.arange(start + 1, end)
    shorter = np.minimum(total[places] - total[start], total[end] - total[places])
    is_allowed = shorter >= size.min_words
    if not is_allowed.any() and n_words <= size.max_words:
        return None
    worth = alike[places] - BALANCE * np.minimum(1, shorter / size.target_words)
    return int(places[np.where(is_allowed, worth, _TOO_SHORT - shorter).argmin()])


def _running(values: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=sums[1:])
    return sums
