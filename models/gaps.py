"""Groups excerpts of like meaning that no code fits, and says which words they share."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.passages import IntArray
from models.vectors import FloatArray, unit_rows

# Fewer are a remark or two, and what one participant alone says is that participant's story.
FEWEST_EXCERPTS, FEWEST_PARTICIPANTS = 5, 2
# Among so few loose excerpts a group of five would hardly ever come about.
SMALL_STUDY, FEWEST_IN_SMALL = 50, 3
# Tried on coded sets with one code taken out at a time: lower mixes codes, higher breaks them up.
STEPS_ABOVE_USUAL = 1.25
# In a small study about few things the usual lies high: this much alike is enough everywhere.
SURELY_ALIKE = 0.5
# Every pair is compared: of so many 150 MB, and some seconds.
MOST_COMPARED = 6_000
MOST_WORDS = 6
# A pseudonym or the transcriber's remark.
NOT_SAID = re.compile(r"\[[^\]]*\]|\([^)]*\)")
WORD = re.compile(r"[^\W\d_]{2,}(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class Group:
    """Excerpts of like meaning.

    rows: Their places, the most central first.
    cohesion: Mean cosine between two of them, centred, -1 to 1.
    """

    rows: IntArray
    n_participants: int
    cohesion: float


def centre_rows(vectors: FloatArray, kinds: IntArray) -> FloatArray:
    """Take the mean of its kind, such as its language, off each row: encoders keep each in a cone.

    Args:
        vectors: (n, dim) rows of length 1.
        kinds: (n,) number of the kind of each.

    Returns:
        (n, dim) rows of length 1.
    """
    centred = np.array(vectors, dtype=np.float32)
    for kind in np.unique(kinds):
        centred[kinds == kind] -= vectors[kinds == kind].mean(axis=0)
    return unit_rows(centred)


def count_fewest(n_loose: int) -> int:
    """Tell how many excerpts a group must have among so many that fit no code."""
    return FEWEST_IN_SMALL if n_loose < SMALL_STUDY else FEWEST_EXCERPTS


def group_by_meaning(
    centred: FloatArray, loose: IntArray, participants: IntArray
) -> tuple[Group, ...]:
    """Group loose excerpts by meaning, those of most participants first; many stay ungrouped.

    Average linkage: two groups are joined while the mean cosine between their excerpts lies well
    above what is usual in the study. It found more of a code that was taken out of a coded set than
    HDBSCAN, which called most of it noise, and says what "alike" means by one figure.

    Args:
        centred: (n, dim) all excerpts, centred, rows of length 1; they say what is usual.
        loose: Rows that fit no code, ascending.
        participants: (n,) number of the participant of each.
    """
    fewest = count_fewest(len(loose))
    if len(loose) < fewest:
        return ()
    least = min(_usual_cosine(centred), SURELY_ALIKE)
    numbers = _number_groups(centred[loose], least)
    groups = [
        _describe(centred, loose[numbers == number], participants)
        for number in range(int(numbers.max()) + 1)
    ]
    told = [
        group
        for group in groups
        if len(group.rows) >= fewest and group.n_participants >= FEWEST_PARTICIPANTS
    ]
    return tuple(sorted(told, key=_rank))


def find_common_words(
    texts: Sequence[str],
    groups: Sequence[Group],
    participants: IntArray,
    *,
    dropped: Collection[str] = (),
) -> list[tuple[str, ...]]:
    """Find the words of each group that set it apart from all other excerpts, the first foremost.

    A word counts once an excerpt, and only where several participants use it.

    Args:
        texts: All excerpts; the groups' rows point here.
        dropped: Function words, and endings such as "n't", lower case.

    Source: class-based TF-IDF, Grootendorst 2022, arXiv:2203.05794.
    """
    endings = tuple(word for word in dropped if "'" in word)
    said = [
        frozenset(
            word for word in _words(text) if word not in dropped and not word.endswith(endings)
        )
        for text in texts
    ]
    everywhere = Counter(word for words in said for word in words)
    # The groups and all else are the classes.
    per_class = sum(everywhere.values()) / (len(groups) + 1)
    return [_choose_words(group, said, participants, everywhere, per_class) for group in groups]


def _choose_words(
    group: Group,
    said: Sequence[frozenset[str]],
    participants: IntArray,
    everywhere: Counter[str],
    per_class: float,
) -> tuple[str, ...]:
    here = Counter(word for row in group.rows for word in said[row])
    users = {word: {participants[row] for row in group.rows if word in said[row]} for word in here}
    size, others = len(group.rows), max(len(said) - len(group.rows), 1)
    worth = {
        word: n * math.log1p(per_class / everywhere[word])
        for word, n in here.items()
        if len(users[word]) >= FEWEST_PARTICIPANTS and n / size > (everywhere[word] - n) / others
    }
    return tuple(sorted(worth, key=lambda word: (-worth[word], word))[:MOST_WORDS])


def _words(text: str) -> Iterator[str]:
    plain = NOT_SAID.sub(" ", text).casefold().replace("’", "'")
    return (found.group() for found in WORD.finditer(plain))


def _usual_cosine(centred: FloatArray) -> float:
    n = len(centred)
    sums = centred.sum(axis=0, dtype=np.float64)
    # All pairs' mean and mean square, without comparing them one by one.
    moments = (centred.T @ centred).astype(np.float64)
    n_pairs = n * (n - 1)
    mean = (sums @ sums - n) / n_pairs
    square = (np.square(moments).sum() - n) / n_pairs
    return float(mean + STEPS_ABOVE_USUAL * math.sqrt(max(square - mean**2, 0.0)))


def _number_groups(vectors: FloatArray, least: float) -> NDArray[np.int64]:
    # Not scikit-learn, which does it by this very function: to import that takes the page seconds.
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415  see above

    n_compared = min(len(vectors), MOST_COMPARED)
    compared = np.linspace(0, len(vectors) - 1, n_compared).astype(np.int64)
    joined = linkage(vectors[compared], method="average", metric="cosine")
    numbers = np.full(len(vectors), -1, dtype=np.int64)
    numbers[compared] = fcluster(joined, 1 - least, criterion="distance") - 1
    left = np.flatnonzero(numbers < 0)
    if len(left):
        numbers[left] = _join_nearest(vectors[left], vectors[compared], numbers[compared], least)
    return numbers


def _join_nearest(
    left: FloatArray, compared: FloatArray, numbers: NDArray[np.int64], least: float
) -> NDArray[np.int64]:
    sums = np.zeros((int(numbers.max()) + 1, compared.shape[1]), dtype=np.float32)
    np.add.at(sums, numbers, compared)
    # The mean cosine to a group's excerpts is the cosine to their plain mean.
    alike = left @ (sums / np.bincount(numbers)[:, None]).T
    nearest = alike.argmax(axis=1)
    return np.where(alike.max(axis=1) >= least, nearest, -1).astype(np.int64)


def _describe(centred: FloatArray, rows: IntArray, participants: IntArray) -> Group:
    mean = centred[rows].mean(axis=0)
    order = np.argsort(-(centred[rows] @ mean), kind="stable")
    n = len(rows)
    cohesion = (n * float(mean @ mean) - 1) / (n - 1) if n > 1 else 1.0
    return Group(rows[order], len(np.unique(participants[rows])), cohesion)


def _rank(group: Group) -> tuple[int, int, float, int]:
    return -group.n_participants, -len(group.rows), -group.cohesion, int(group.rows.min())
