"""Tells by how labels take turns whether a word that is mostly none is somebody's label."""

from collections import Counter
from collections.abc import Sequence

from pipeline.transcripts.head_record import Head

_NEARLY_ALL = 0.8
_LONGEST_WORDS = 5


def answers(heads: Sequence[Head], known: set[str], n_lines: int) -> set[str]:
    """Find the labels that answer one and the same other label: "SB, JA, SB, JA".

    "Dus:" opens a sentence of somebody between two others, and stays a word.

    Args:
        known: The labels, case-folded, that were found to be speakers.
        n_lines: How many lines with words the file has.
    """
    shown = [head.label.casefold() for head in heads]
    counts = Counter(shown)
    able = {head.label.casefold() for head in heads if _could_be_label(head.label)}
    often = {label for label in able if counts[label] > 1} - known
    if not known:
        covered = sum(counts[label] for label in often)
        return often if len(often) > 1 and covered >= _NEARLY_ALL * n_lines else set()
    before = _known_before(shown, known)
    after = _known_before(shown[::-1], known)[::-1]
    around = [each for each in zip(shown, before, after, strict=True) if each[1] and each[2]]
    n_around = Counter(label for label, _, _ in around)
    n_same = Counter(label for label, one, other in around if one == other)
    needed = min(len(known), 2)
    return {each for each in often if n_same[each] >= needed and n_same[each] * 2 > n_around[each]}


def _could_be_label(label: str) -> bool:
    # "Toen zei ze" opens a sentence; "Ten Have" is a name.
    words = label.split()
    return len(words) == 1 or (len(words) <= _LONGEST_WORDS and label.istitle())


def _known_before(shown: Sequence[str], known: set[str]) -> list[str]:
    """Name the known label before each one; "" where the label itself was the last."""
    found: list[str] = []
    last, last_at = "", -1
    seen_at: dict[str, int] = {}
    for at, label in enumerate(shown):
        found.append(last if last_at > seen_at.get(label, -1) else "")
        seen_at[label] = at
        if label in known:
            last, last_at = label, at
    return found
