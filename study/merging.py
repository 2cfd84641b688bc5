"""Follows codes that were merged into others over the versions of a codebook."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MergedVersion:
    """One codebook version: the rows of its codes, and by row what replaces codes before it."""

    codes: frozenset[int]
    replaced: Mapping[int, int]


@dataclass(frozen=True)
class Merging:
    """Which codes went into which.

    into: The code of the newest codebook that each code was merged into, by row.
    parts: The codes that a code was made of, where it came into the codebook by their merging.
    """

    into: Mapping[int, int] = field(default_factory=dict)
    parts: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def widen_judged(self, judged: frozenset[int]) -> frozenset[int]:
        """Add the codes all of whose parts were judged.

        One that was in the codebook beside what was merged into it is judged by itself: what a
        code was said to mean in each version is not told apart elsewhere either.
        """
        widened = judged
        while made := self._list_made(widened):
            widened |= made
        return widened

    def move_given(self, given: Iterable[int], widened: frozenset[int]) -> frozenset[int]:
        """Give codes as what they were merged into.

        Where that could not have been judged absent, it does not count as given either: of such
        work only excerpts with the code would count, and none without.
        """
        moved = {(code, self.into.get(code, code)) for code in given}
        return frozenset(now for code, now in moved if now == code or now in widened)

    def _list_made(self, judged: frozenset[int]) -> frozenset[int]:
        return frozenset(
            code for code, parts in self.parts.items() if code not in judged and parts <= judged
        )


def trace_merging(versions: Sequence[MergedVersion]) -> Merging:
    """Trace what became of each merged code, over a study's codebook versions in their order."""
    target: dict[int, int] = {}
    parts: dict[int, set[int]] = defaultdict(set)
    seen: set[int] = set()
    for version in versions:
        # What is back in the codebook stands for itself again.
        target = {old: new for old, new in target.items() if old not in version.codes}
        for old, new in version.replaced.items():
            if old not in version.codes:
                target[old] = new
                # What was only ever proposed was never judged: nothing is made of it.
                if new not in seen and old in seen:
                    parts[new].add(old)
        seen |= version.codes
    newest = versions[-1].codes if versions else frozenset()
    ends = {old: _follow(old, target) for old in target}
    made = {
        code: frozenset(old for old in olds if target.get(old) == code)
        for code, olds in parts.items()
    }
    return Merging(
        into={old: end for old, end in ends.items() if end in newest},
        parts={code: olds for code, olds in made.items() if olds},
    )


def _follow(code: int, target: Mapping[int, int]) -> int:
    # It ends: what takes a code in is in the codebook then, and so is itself merged only later.
    while code in target:
        code = target[code]
    return code
