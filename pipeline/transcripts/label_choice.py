"""Decides over a whole file which labels are speakers: a colon alone makes no speaker."""

import math
from collections import Counter
from collections.abc import Sequence

from pipeline.transcripts.heads import Head, Kind
from pipeline.transcripts.speaker_labels import (
    could_be_name,
    is_code,
    is_metadata,
    is_role,
    is_small_code,
    is_spoken,
    looks_like_name,
)

# A label in small letters, or a fact about the interview, is a speaker only when it keeps coming.
_OFTEN = 3
_ALL_ALONG = 5
_MOST = 0.5
_NEARLY_ALL = 0.8
# Words that announce a transcriber's note are no speaker however often they come.
_NOTES = {"note", "noot", "notes", "comment", "opmerking", "nb", "http", "https"}

Chosen = frozenset[tuple[str, Kind]]


def choose_labels(heads: Sequence[Head], *, n_lines: int) -> Chosen:
    """Choose the labels, as a line of each kind shows them, that begin a turn.

    Args:
        n_lines: How many lines with words the file has.
    """
    plain = [head for head in heads if head.kind is not Kind.WEAK]
    weak = [head for head in heads if head.kind is Kind.WEAK]
    return (
        _choose_plain(plain, n_lines)
        or _choose_weak(weak, n_lines)
        or _choose_all_if_each(plain, n_lines)
    )


def find_singles(heads: Sequence[Head]) -> set[str]:
    """Find the names among chosen labels that occur once, where a sentence may begin so too."""
    counts = Counter(head.label for head in heads)
    plain = {head.label for head in heads if head.kind is Kind.PLAIN and counts[head.label] == 1}
    return {label for label in plain if not is_role(label) and not is_code(label)}


def is_doubtful(head: Head) -> bool:
    """Tell whether a label that was not chosen looks enough like a name to be told."""
    if head.kind is Kind.WEAK or is_spoken(head.label):
        return False
    return looks_like_name(head.label) or is_code(head.label) or is_metadata(head.label)


def _choose_plain(heads: Sequence[Head], n_lines: int) -> Chosen:
    counts = Counter(head.label.casefold() for head in heads)
    chosen = {head for head in heads if _recurs(head, counts[head.label.casefold()])}
    chosen |= {head for head in heads if _comes_all_along(head, counts, n_lines)}
    covered = sum(head in chosen for head in heads)
    named = {head for head in heads if looks_like_name(head.label)}
    has_full_names = any(" " in head.label and head in named for head in chosen)
    is_each = sum(head in chosen or head in named for head in heads) >= _NEARLY_ALL * n_lines
    if chosen and is_each:
        chosen |= named
    elif has_full_names and covered > n_lines // 5:
        chosen |= {head for head in named if " " in head.label}
    if any(not head.text.strip() for head in chosen):
        # Labels stand on lines of their own: no sentence does so with a name and a colon.
        chosen |= {head for head in named if not head.text.strip()}
    return frozenset((head.label, head.kind) for head in chosen)


def _recurs(head: Head, count: int) -> bool:
    label = head.label
    if label.casefold() in _NOTES:
        return False
    if is_metadata(label) or is_spoken(label):
        return is_role(label) and count > 1
    if head.kind is Kind.SURE and could_be_name(label):
        return True
    if is_role(label) and (len(label) > 1 or label.isupper()):
        return True
    if is_code(label) and (len(label) < 3 or label[-1].isdigit()):
        return True
    return count >= _count_needed(label)


def _comes_all_along(head: Head, counts: Counter[str], n_lines: int) -> bool:
    # Names in small letters, which words of a sentence are too, but not line after line.
    count = counts[head.label.casefold()]
    is_word = is_spoken(head.label.split()[0]) or is_metadata(head.label)
    return count >= max(_ALL_ALONG, n_lines / 5) and not is_word and len(head.label.split()) < 5


def _count_needed(label: str) -> float:
    if is_role(label) or is_code(label) or is_small_code(label) or looks_like_name(label):
        return 2
    return _OFTEN if label.isalpha() and label.islower() else math.inf


def _choose_weak(heads: Sequence[Head], n_lines: int) -> Chosen:
    counts = Counter(head.label.casefold() for head in heads)
    letters = {head.label for head in heads if len(head.label) == 1}
    named = [head for head in heads if head.text.strip() and looks_like_name(head.label)]
    is_each = len(named) >= _NEARLY_ALL * n_lines
    chosen = {
        head
        for head in heads
        if not is_spoken(head.label) and not is_metadata(head.label)
        if is_each or _names_part(head.label) or counts[head.label.casefold()] > 1
        if len(head.label) > 1 or len(letters) > 1
    }
    labels = {head.label.casefold() for head in chosen}
    if len(labels) < 2 or max(counts[label] for label in labels) < 2:
        # One speaker alone would be a word that somebody repeats.
        return frozenset()
    return frozenset((head.label, head.kind) for head in chosen)


def _names_part(label: str) -> bool:
    return is_role(label) or is_code(label)


def _choose_all_if_each(heads: Sequence[Head], n_lines: int) -> Chosen:
    named = [head for head in heads if looks_like_name(head.label)]
    if len({head.label for head in named}) < 2 or len(named) < _MOST * n_lines:
        return frozenset()
    return frozenset((head.label, head.kind) for head in named)
