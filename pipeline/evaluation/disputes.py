"""Sorts disagreements for people to read: by code, the most disputed first, some of each kind."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluation.records import Disagreement

PEOPLE_DIFFER, NOT_SUGGESTED, ONLY_SUGGESTED = "people_differ", "not_suggested", "only_suggested"
KINDS = (PEOPLE_DIFFER, NOT_SUGGESTED, ONLY_SUGGESTED)


@dataclass(frozen=True)
class Dispute:
    """One code's disagreements: how many of each kind, and those chosen to be read.

    counts: By kind; an excerpt is of one kind.
    """

    code: str
    counts: Mapping[str, int]
    chosen: tuple[Disagreement, ...]

    @property
    def n_excerpts(self) -> int:
        """How many excerpts are disagreed on."""
        return sum(self.counts.values())


def count_disputes(disagreements: Iterable[Disagreement]) -> dict[str, dict[str, int]]:
    """Count each code's disagreements by kind."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in disagreements:
        counts[each.code][tell_kind(each)] += 1
    return {code: {kind: kinds[kind] for kind in KINDS} for code, kinds in counts.items()}


def tell_kind(disagreement: Disagreement) -> str:
    """Tell who differs: people, or all people and the machine."""
    if 0 < disagreement.n_given < disagreement.n_coders:
        return PEOPLE_DIFFER
    return ONLY_SUGGESTED if disagreement.is_suggested else NOT_SUGGESTED


def choose_disputes(disagreements: Sequence[Disagreement], *, n_each: int) -> list[Dispute]:
    """Choose so many disagreements of each code to be read, the most disputed code first.

    A code is more disputed the more excerpts people differ on, then the more there are at all.
    """
    by_code: dict[str, list[Disagreement]] = defaultdict(list)
    for each in disagreements:
        by_code[each.code].append(each)
    counts = count_disputes(disagreements)
    disputes = [
        Dispute(code, counts[code], tuple(_choose(rows, n_each))) for code, rows in by_code.items()
    ]
    return sorted(disputes, key=lambda one: (-one.counts[PEOPLE_DIFFER], -one.n_excerpts))


def _choose(rows: Iterable[Disagreement], n: int) -> list[Disagreement]:
    """Take the kinds in turn, each time of whom least was taken, and the most evenly split."""
    waiting: dict[str, list[Disagreement]] = {kind: [] for kind in KINDS}
    for row in rows:
        waiting[tell_kind(row)].append(row)
    chosen: list[Disagreement] = []
    n_taken: Counter[str] = Counter()

    def rank(row: Disagreement) -> tuple[int, int]:
        return n_taken[row.participant], -_split(row)

    while len(chosen) < n and any(waiting.values()):
        for kind in [kind for kind in KINDS if waiting[kind]][: n - len(chosen)]:
            row = min(waiting[kind], key=rank)
            waiting[kind].remove(row)
            n_taken[row.participant] += 1
            chosen.append(row)
    return chosen


def _split(row: Disagreement) -> int:
    """Say how evenly coders part; 0 where they are of one mind."""
    return min(row.n_given, row.n_coders - row.n_given)
