"""Decides over a whole file which labels are speakers: a colon alone makes no speaker."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.label_turns import answers
from pipeline.transcripts.speaker_labels import (
    could_be_name,
    is_code,
    is_metadata,
    is_plain,
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
# So much seldomer than the second label of a file is seldom.
_SELDOM = 5
# Words that announce a transcriber's note are no speaker however often they come.
_NOTES = {"note", "noot", "notes", "comment", "opmerking", "nb", "http", "https"}

Chosen = frozenset[tuple[str, Kind]]


def choose_labels(heads: Sequence[Head], *, n_lines: int) -> Chosen:
    """Choose the labels, as a line of each kind shows them, that begin a turn.

    Args:
        heads: In the order of the file; a line may have one with a colon and one without.
        n_lines: How many lines with words the file has.
    """
    given = [head for head in heads if head.kind is Kind.GIVEN]
    strong = [head for head in heads if head.kind in (Kind.SURE, Kind.PLAIN)]
    weak = [head for head in heads if head.kind is Kind.WEAK]
    plainly = _choose_strong(strong, _names_of(given), n_lines)
    weakly = _choose_weak(weak, n_lines)
    if _count(filter(_names_part, weak), weakly) > 2 * _count(strong, plainly):
        plainly = frozenset()
    chosen = plainly or weakly or _choose_all_if_each(strong, n_lines)
    return chosen | {(head.label, head.kind) for head in given}


def find_seldom(heads: Sequence[Head]) -> set[str]:
    """Find the chosen labels that a person should look at: seldom, or words of another use."""
    counts = Counter(head.label for head in heads if head.kind is not Kind.GIVEN)
    second = [*sorted(counts.values(), reverse=True), 0, 0][1]
    return {
        label
        for label, count in counts.items()
        if (count == 1 and second > 1)
        or count * _SELDOM <= second
        or (not is_role(label) and (is_spoken(label) or is_metadata(label)))
    } | _find_only_names(heads, counts)


def is_doubtful(head: Head) -> bool:
    """Tell whether a label that was not chosen looks enough like one to be told."""
    if head.kind is Kind.WEAK or (is_spoken(head.label) and not head.label.isupper()):
        return False
    return is_plain(head.label) or is_metadata(head.label) or head.kind is Kind.SURE


def _find_only_names(heads: Sequence[Head], counts: Counter[str]) -> set[str]:
    plain = {head.label for head in heads if head.kind is Kind.PLAIN and counts[head.label] == 1}
    return {label for label in plain if not is_role(label) and not is_code(label)}


def _names_of(heads: Iterable[Head]) -> set[str]:
    return {head.label.casefold() for head in heads}


def _count(heads: Iterable[Head], chosen: Chosen) -> int:
    return sum((head.label, head.kind) in chosen for head in heads)


def _choose_strong(heads: Sequence[Head], given: set[str], n_lines: int) -> Chosen:
    counts = Counter(head.label.casefold() for head in heads)
    chosen = {head for head in heads if _recurs(head, counts[head.label.casefold()])}
    chosen |= {head for head in heads if head.label.casefold() in given}
    chosen |= {head for head in heads if _comes_all_along(head, counts, n_lines)}
    chosen = _without_few_times(heads, chosen, given)
    answering = answers(heads, _names_of(chosen) | given, n_lines) - _NOTES
    chosen |= {head for head in heads if head.label.casefold() in answering}
    chosen |= _names_beside(heads, chosen, n_lines)
    return frozenset((head.label, head.kind) for head in chosen)


def _names_beside(heads: Sequence[Head], chosen: set[Head], n_lines: int) -> set[Head]:
    """Find the names that occur once, where the others show that labels are written so."""
    named = {head for head in heads if looks_like_name(head.label) and head.kind is Kind.PLAIN}
    covered = sum(head in chosen for head in heads)
    has_full_names = any(" " in head.label and looks_like_name(head.label) for head in chosen)
    is_each = sum(head in chosen or head in named for head in heads) >= _NEARLY_ALL * n_lines
    if chosen and is_each:
        return named
    found: set[Head] = set()
    if has_full_names and covered > n_lines // 5:
        found = {head for head in named if " " in head.label}
    if any(not head.text.strip() for head in chosen):
        # Labels stand on lines of their own: no sentence does so with a name and a colon.
        found |= {head for head in named if not head.text.strip()}
    return found


def _without_few_times(heads: Sequence[Head], chosen: set[Head], given: set[str]) -> set[Head]:
    """Drop what only a time or brackets make a label, where labels are written without them."""
    plain = [head for head in heads if head in chosen and head.kind is Kind.PLAIN]
    n_sure = sum(head in chosen and head.kind is Kind.SURE for head in heads)
    n_others = len(plain) + sum(head.label.casefold() in given for head in heads)
    if n_sure >= n_others and not given:
        return chosen
    known = _names_of(plain) | given
    return {
        head
        for head in chosen
        if head.kind is Kind.PLAIN or head.label.casefold() in known or is_role(head.label)
    }


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
    is_timed_line = head.start_ms is not None and not head.text.strip() and " " not in label
    return count >= (2 if is_timed_line else _count_needed(label))


def _comes_all_along(head: Head, counts: Counter[str], n_lines: int) -> bool:
    # Names in small letters, which words of a sentence are too, but not line after line.
    count = counts[head.label.casefold()]
    is_word = is_spoken(head.label.split()[0]) or is_metadata(head.label)
    return count >= max(_ALL_ALONG, n_lines / 5) and not is_word and len(head.label.split()) < 5


def _count_needed(label: str) -> float:
    if is_plain(label) or is_small_code(label):
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
        if is_each or _names_part(head) or counts[head.label.casefold()] > 1
        if len(head.label) > 1 or len(letters) > 1
    }
    labels = {head.label.casefold() for head in chosen}
    if len(labels) < 2 or max(counts[label] for label in labels) < 2:
        # One speaker alone would be a word that somebody repeats.
        return frozenset()
    return frozenset((head.label, head.kind) for head in chosen)


def _names_part(head: Head) -> bool:
    return is_role(head.label) or is_code(head.label)


def _choose_all_if_each(heads: Sequence[Head], n_lines: int) -> Chosen:
    named = [head for head in heads if looks_like_name(head.label)]
    if len({head.label for head in named}) < 2 or len(named) < _MOST * n_lines:
        return frozenset()
    return frozenset((head.label, head.kind) for head in named)
