"""Finds what may be the head of a turn in a line: a label, a time, and the words after them."""

import re
from dataclasses import dataclass
from enum import Enum

from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import (
    could_be_name,
    is_code,
    is_role,
    looks_like_name,
    tidy_label,
)
from pipeline.transcripts.timecodes import (
    CLOCK,
    find_bare_stamp_at_end,
    find_stamp,
    is_time_only,
    read_ms,
    take_leading_stamp,
)

# A label is short; looking no further keeps a line of fifty megabytes cheap.
_LOOK_AT = 200
_LONGEST_LABEL = 60
_OPENING = re.compile(r"(?:[-–—•*>]{1,2}\s+|>>\s?|\d{1,4}[.)]?\s+(?=\S))")
_BOLD = re.compile(r"(\*{1,3}|_{1,2})(?=\S)((?:(?!\1).){1,80}?)\1(:?)")
_ANGLE = re.compile(r"<(?!/)([^<>/]{1,60})>\s*:?\s*(?=\S)")
_BRACKET = re.compile(r"\[([^\[\]]{1,60})\]\s*")
_COLONS = (":", "\uff1a")
_COLON = re.compile(r"[:\uff1a]")
_DASH = re.compile(r"\s[-–—]\s|\s{2,}")
_BARE_BEFORE_COLON = re.compile(rf"([^:]{{1,60}}?)\s+({CLOCK})\s?:(?=\s|$)")
_LETTER = re.compile(r"([QAV])\.\s+(?=\S)")
_HTML = {"b", "i", "u", "c", "em", "strong", "br", "p", "v"}


class Kind(Enum):
    """How plainly a line shows that a turn begins."""

    SURE = "a time or brackets besides the label"
    PLAIN = "a colon after the label"
    WEAK = "a tab, a dash, bold print or a line of its own"


@dataclass(frozen=True, slots=True)
class Head:
    """What may be the head of a turn; text is what follows it on the line."""

    label: str
    text: str
    kind: Kind
    start_ms: int | None = None
    end_ms: int | None = None


def find_head(line: Line) -> Head | None:
    """Find what may be the head of a turn at the start of a line."""
    if line.label is not None:
        return Head(tidy_label(line.label), line.text, Kind.SURE, line.start_ms, line.end_ms)
    text = line.text.strip("\ufeff \t\r\n")
    if not text or is_time_only(text):
        return None
    return _find_after_opening(text) or _find_after_time(text) or _find_weak(line, text)


def _find_after_opening(text: str) -> Head | None:
    opening = _OPENING.match(text)
    head = _find_after_time(text[opening.end() :]) if opening else None
    if head is None or head.kind is Kind.WEAK or not _is_plain(head.label):
        return None
    return head


def _is_plain(label: str) -> bool:
    return looks_like_name(label) or is_role(label) or is_code(label)


def _find_after_time(text: str) -> Head | None:
    stamp = take_leading_stamp(text, may_be_bare=True)
    if stamp is None:
        return _find_label(text)
    rest = stamp.after.lstrip(" \t-–—|:")
    head = (
        _find_label(rest)
        or _find_tabbed(rest, Kind.SURE)
        or _find_timed_code(rest)
        or _find_whole(rest, Kind.PLAIN)
    )
    if head is None:
        return None
    kind = Kind.SURE if head.kind is Kind.PLAIN and _is_plain(head.label) else head.kind
    start = stamp.start_ms if stamp.start_ms is not None else head.start_ms
    return Head(head.label, head.text, kind, start, stamp.end_ms or head.end_ms)


def _find_label(text: str) -> Head | None:
    for find in (_find_bold, _find_bracketed, _find_angled, _find_timed, _find_with_colon):
        head = find(text)
        if head is not None and head.label:
            return head
    return None


def _find_bold(text: str) -> Head | None:
    match = _BOLD.match(text)
    if match is None:
        return None
    inner, after = match.group(2), text[match.end() :]
    if not match.group(3) and not inner.rstrip().endswith(_COLONS) and after[:1] != ":":
        label = tidy_label(inner)
        weak = Head(label, after, Kind.WEAK) if looks_like_name(label) else None
        return _find_timed(inner + after) or weak
    plain = inner.rstrip(" :\uff1a") + ":" + after.removeprefix(":")
    found = _find_timed(plain) or _find_with_colon(plain)
    return found and Head(found.label, found.text, Kind.SURE, found.start_ms, found.end_ms)


def _find_bracketed(text: str) -> Head | None:
    match = _BRACKET.match(text)
    if match is None or is_time_only(match.group().strip()):
        return None
    label, after = tidy_label(match.group(1)), text[match.end() :]
    if not _is_plain(label):
        return None
    stamp = take_leading_stamp(after, may_be_bare=True)
    if after.startswith(":"):
        return _with_time(label, after[1:], Kind.SURE)
    if stamp is not None:
        rest = stamp.after.lstrip(" \t").removeprefix(":")
        return Head(label, rest, Kind.SURE, stamp.start_ms, stamp.end_ms)
    return None


def _find_angled(text: str) -> Head | None:
    match = _ANGLE.match(text)
    if match is None or is_time_only(match.group().strip()):
        return None
    label = tidy_label(match.group(1).removeprefix("v "))
    if label.casefold() in _HTML or not could_be_name(label):
        return None
    return _with_time(label, text[match.end() :], Kind.SURE if _is_plain(label) else Kind.PLAIN)


def _find_timed(text: str) -> Head | None:
    if match := _BARE_BEFORE_COLON.match(text[:_LOOK_AT]):
        start = read_ms(match.group(2))
        return Head(tidy_label(match.group(1)), text[match.end() :], Kind.SURE, start)
    stamp = find_stamp(text)
    is_wrapped = stamp is not None
    stamp = stamp or find_bare_stamp_at_end(text)
    if stamp is None or not stamp.before.strip() or _parts_words(stamp.before):
        return None
    gap = stamp.before.rstrip(" \t,|–-")
    label = tidy_label(gap)
    if not could_be_name(label):
        return None
    after = stamp.after.lstrip(" \t")
    is_apart = len(stamp.before) - len(gap) > 1 or "\t" in stamp.before
    if after.startswith(_COLONS) or (is_wrapped and not after):
        kind = Kind.SURE if after or looks_like_name(label) or is_role(label) else Kind.PLAIN
        return Head(label, after[1:], kind, stamp.start_ms, stamp.end_ms)
    if is_wrapped:
        weak = Head(label, after, Kind.WEAK, stamp.start_ms, stamp.end_ms)
        return weak if _is_plain(label) else None
    kind = Kind.SURE if is_apart and _is_shown_name(label) else Kind.PLAIN
    return Head(label, after, kind, stamp.start_ms, stamp.end_ms)


def _is_shown_name(label: str) -> bool:
    # Meeting programs show "Bos, Anna", a telephone number or an address where there is no name.
    return _is_plain(label.replace(",", "")) or label[0] in "+(0123456789" or "@" in label


def _parts_words(before: str) -> bool:
    return ":" in before or "\t" in before.strip()


def _find_with_colon(text: str) -> Head | None:
    match = _COLON.search(text[: _LONGEST_LABEL + 1])
    if match is None or match.start() == 0:
        return None
    after, before = text[match.end() :], text[: match.start()].strip()
    label = tidy_label(before)
    if "\t" in before or "//" in before:
        return None
    if not label or label.isdigit() or after[:2] == "//" or after[:1] in (")", "(", "-"):
        return None
    if label[-1].isdigit() and after[:1].isdigit() and not is_code(label):
        return None
    return _with_time(label, after, Kind.PLAIN)


def _with_time(label: str, after: str, kind: Kind) -> Head:
    stamp = take_leading_stamp(after.lstrip(" \t"), may_be_bare=False)
    if stamp is None:
        return Head(label, after, kind)
    sure = Kind.SURE if _is_plain(label) else kind
    return Head(label, stamp.after, sure, stamp.start_ms, stamp.end_ms)


def _find_timed_code(text: str) -> Head | None:
    # "00:00:12  SPEAKER_00  text": only what can be nothing but a label.
    label, _, after = text.partition("  ")
    label = tidy_label(label[:_LONGEST_LABEL])
    if after and (is_role(label) or is_code(label)):
        return Head(label, after, Kind.WEAK)
    return None


def _find_tabbed(text: str, kind: Kind) -> Head | None:
    first, tab, _ = text[:_LOOK_AT].partition("\t")
    label = tidy_label(first)
    if not tab or not could_be_name(label) or is_time_only(label):
        return None
    rest = text[len(first) + 1 :]
    second = rest.partition("\t")[0].strip()
    if second and is_time_only(second):
        return Head(label, rest[rest.index(second) + len(second) :], Kind.SURE, read_ms(second))
    return Head(label, rest, kind)


def _find_weak(line: Line, text: str) -> Head | None:
    if head := _find_tabbed(text, Kind.WEAK):
        return head
    if letter := _LETTER.match(text):
        return Head(letter.group(1), text[letter.end() :], Kind.WEAK)
    n_bold = line.n_bold - (len(line.text) - len(line.text.lstrip()))
    if 0 < n_bold <= _LONGEST_LABEL and looks_like_name(label := tidy_label(text[:n_bold])):
        return Head(label, text[n_bold:], Kind.WEAK)
    if match := _DASH.search(text[:_LONGEST_LABEL]):
        label = tidy_label(text[: match.start()])
        if is_role(label) or is_code(label):
            return Head(label, text[match.end() :], Kind.WEAK)
    return _find_whole(text, Kind.WEAK)


def _find_whole(text: str, kind: Kind) -> Head | None:
    if not text or len(text) > _LONGEST_LABEL or text[-1] in ".?!,;…":
        return None
    label = tidy_label(text)
    return Head(label, "", kind) if _is_plain(label) else None
