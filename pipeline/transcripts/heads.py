"""Finds what may be the head of a turn in a line: a label, a time, and the words after them."""

import re

from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import (
    could_be_name,
    is_code,
    is_plain,
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
from pipeline.transcripts.weak_heads import find_tabbed, find_timed_code, find_weak, find_whole

# A label is short; looking no further keeps a line of fifty megabytes cheap.
_LOOK_AT = 200
_LONGEST_LABEL = 60
_OPENING = re.compile(r"(?:[-–—•*>]{1,2}\s+|>>\s?|\d{1,4}[.)]?\s+(?=\S))")
_BOLD = re.compile(r"(\*{1,3}|_{1,2})(?=\S)((?:(?!\1).){1,80}?)\1(:?)")
_ANGLE = re.compile(r"<(?!/)([^<>/]{1,60})>\s*:?\s*(?=\S)")
_BRACKET = re.compile(r"\[([^\[\]]{1,60})\]\s*")
_COLONS = (":", "\uff1a")
_COLON = re.compile(r"[:\uff1a]")
_BARE_BEFORE_COLON = re.compile(rf"([^:]{{1,60}}?)\s+({CLOCK})\s?:(?=\s|$)")
_UNSEEN = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"
# Dutch transcribers write a time so: "I (00.17): words".
_DOTTED = re.compile(r"(.{1,40}?)\s?[(\[](\d{1,2})\.(\d{2})[)\]]")
_HTML = {"b", "i", "u", "c", "em", "strong", "br", "p", "v"}


def find_heads(line: Line) -> tuple[Head, ...]:
    """Find what may be the head of a turn at the start of a line, the plainest reading first.

    A colon within the words does not hide a label that has none: which of the readings is right
    shows in the whole file.
    """
    if line.label is not None:
        given = Head(tidy_label(line.label), line.text, Kind.GIVEN, line.start_ms, line.end_ms)
        return (given,) if given.label else ()
    text = line.text.strip().lstrip(_UNSEEN)
    if not text or is_time_only(text) or line.is_aside:
        return ()
    plain = _find_after_opening(text) or _find_after_time(text)
    if plain is not None and (plain.kind is not Kind.PLAIN or _names_part(plain.label)):
        return (plain,)
    weak = find_weak(text, n_bold=line.n_bold - (len(line.text) - len(line.text.lstrip())))
    return tuple(head for head in (plain, weak) if head is not None)


def _names_part(label: str) -> bool:
    return is_role(label) or is_code(label)


def _find_after_opening(text: str) -> Head | None:
    opening = _OPENING.match(text)
    head = _find_after_time(text[opening.end() :]) if opening else None
    if head is None or head.kind is Kind.WEAK or not is_plain(head.label):
        return None
    return head


def _find_after_time(text: str) -> Head | None:
    stamp = take_leading_stamp(text, may_be_bare=True)
    if stamp is None:
        return _find_label(text)
    rest = stamp.after.lstrip(" \t-–—|:")
    head = (
        _find_label(rest)
        or find_tabbed(rest, Kind.SURE)
        or find_timed_code(rest)
        or find_whole(rest, Kind.PLAIN)
    )
    if head is None:
        return None
    kind = Kind.SURE if head.kind is Kind.PLAIN and is_plain(head.label) else head.kind
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
    if not is_plain(label):
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
    return _with_time(label, text[match.end() :], Kind.SURE if is_plain(label) else Kind.PLAIN)


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
        return weak if is_plain(label) else None
    kind = Kind.SURE if is_apart and _is_shown_name(label) else Kind.PLAIN
    return Head(label, after, kind, stamp.start_ms, stamp.end_ms)


def _is_shown_name(label: str) -> bool:
    # Meeting programs show "Bos, Anna", a telephone number or an address where there is no name.
    return is_plain(label.replace(",", "")) or label[0] in "+(0123456789" or "@" in label


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
    if dotted := _DOTTED.fullmatch(label):
        bare = tidy_label(dotted.group(1))
        return Head(bare, after, Kind.SURE, read_ms(f"{dotted.group(2)}:{dotted.group(3)}"))
    if not label or label.isdigit() or after[:2] == "//" or after[:1] in (")", "(", "-"):
        return None
    if label[-1].isdigit() and after[:1].isdigit() and not is_code(label):
        return None
    return _with_time(label, after, Kind.PLAIN)


def _with_time(label: str, after: str, kind: Kind) -> Head:
    stamp = take_leading_stamp(after.lstrip(" \t"), may_be_bare=False)
    if stamp is None:
        return Head(label, after, kind)
    sure = Kind.SURE if is_plain(label) else kind
    return Head(label, stamp.after, sure, stamp.start_ms, stamp.end_ms)
