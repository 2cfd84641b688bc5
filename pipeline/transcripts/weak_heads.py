"""Finds labels without a colon: before a tab or a dash, in bold, in brackets, on their own line."""

import re

from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.speaker_labels import (
    could_be_name,
    is_code,
    is_plain,
    is_role,
    tidy_label,
)
from pipeline.transcripts.timecodes import is_time_only, read_ms

_LOOK_AT = 200
_LONGEST_LABEL = 60
# "A. B. C." counts things, so that of those letters only A, which Q goes with, is one.
_LETTER = re.compile(r"([AI-Z]|[A-Z]{2}\d{0,2}|[A-Z]\d{1,2})\.\s+(?=\S)")
_DASH = re.compile(r"\s[-–—]\s|\s{2,}|>\s+")
_WRAPPED = re.compile(r"(?:\[([^\[\]]{1,60})\]|\(([^()]{1,60})\))\s+(?=\S)")
_NUMBER = re.compile(r"\d{1,4}[.)]?(?:\t\s*|\s{2,})(?=\S)")


def find_weak(text: str, *, n_bold: int) -> Head | None:
    """Find a label without a colon; n_bold characters of the text are bold, while others are not.

    Each of these is a word of running text as well, so that only the whole file tells.
    """
    return (
        _find_numbered(text)
        or find_tabbed(text, Kind.WEAK)
        or _find_bold(text, n_bold)
        or _find_named_part(text)
        or find_whole(text, Kind.WEAK)
    )


def find_timed_code(text: str) -> Head | None:
    """Find a label that two spaces part from the words: "SPEAKER_00  text"."""
    label, _, after = text.partition("  ")
    label = tidy_label(label[:_LONGEST_LABEL])
    if after and (is_role(label) or is_code(label)):
        return Head(label, after, Kind.WEAK)
    return None


def find_tabbed(text: str, kind: Kind) -> Head | None:
    """Find a label before a tab, and the time between it and a second tab."""
    first, tab, _ = text[:_LOOK_AT].partition("\t")
    label = tidy_label(first)
    if not tab or not could_be_name(label) or is_time_only(label):
        return None
    rest = text[len(first) + 1 :]
    second = rest.partition("\t")[0].strip()
    if second and is_time_only(second):
        return Head(label, rest[rest.index(second) + len(second) :], Kind.SURE, read_ms(second))
    return Head(label, rest, kind)


def find_whole(text: str, kind: Kind) -> Head | None:
    """Find a label that has a line of its own."""
    if not text or len(text) > _LONGEST_LABEL or text[-1] in ".?!,;…:\uff1a":
        return None
    label = tidy_label(text)
    return Head(label, "", kind) if is_plain(label) else None


def _find_numbered(text: str) -> Head | None:
    # "1<tab>I<tab>text": the numbers of lines stand before the labels.
    number = _NUMBER.match(text)
    rest = text[number.end() :] if number else ""
    head = find_tabbed(rest, Kind.WEAK) or find_timed_code(rest)
    return head if head is not None and is_plain(head.label) else None


def _find_bold(text: str, n_bold: int) -> Head | None:
    label = tidy_label(text[:n_bold]) if 0 < n_bold <= _LONGEST_LABEL else ""
    return Head(label, text[n_bold:], Kind.WEAK) if is_plain(label) else None


def _find_named_part(text: str) -> Head | None:
    if letter := _LETTER.match(text):
        return Head(letter.group(1), text[letter.end() :], Kind.WEAK)
    match = _WRAPPED.match(text)
    before = match.group(1) or match.group(2) if match else ""
    if match is None and (match := _DASH.search(text[:_LONGEST_LABEL])):
        before = text[: match.start()]
    label = tidy_label(before)
    if match is None or not (is_role(label) or is_code(label)):
        return None
    return Head(label, text[match.end() :], Kind.WEAK)
