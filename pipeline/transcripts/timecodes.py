"""Reads the times that transcripts carry: [00:00:12], #00:00:12-5#, (1:02), 0:04."""

import re
from dataclasses import dataclass

# Teams wrote 0:0:4.5 for a time.
CLOCK = (
    r"(?:(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,;]\d{1,3})?(?:-\d(?!\d))?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
    r"|\d{1,3}:\d{1,2}:\d{1,2}\.\d{1,3})"
)
# Dutch transcribers write 00.01.12; without brackets that may be a day.
_DOTTED = re.compile(r"(\d{1,2})\.([0-5]\d)\.([0-5]\d)")
_TO = r"\s{0,3}(?:-{1,2}>|[-–—]|to|tot)\s{0,3}"
_RANGE = rf"(?P<start>{CLOCK})(?:{_TO}(?P<end>{CLOCK}))?"
_ANY = rf"(?:{CLOCK}|\d{{1,2}}\.[0-5]\d\.[0-5]\d)"
# aTrain puts brackets around each end: "[00:00:01] - [00:00:05]".
WRAPPED = re.compile(
    rf"[\[({{<#]\s{{0,3}}(?P<start>{_ANY})(?:{_TO}(?P<end>{_ANY}))?\s{{0,3}}[\])}}>#]"
    rf"(?:\s?[-–]\s?[\[({{<#](?P<closing>{CLOCK})[\])}}>#])?"
)
BARE = re.compile(rf"{_RANGE}(?=\s|$)")
_HASH_AT_END = re.compile(rf"\s*#({CLOCK})#\s*$")
_PARTS = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,;](\d{1,3})|-(\d))?")
# No stamp is longer; only so much of a line is looked at.
LONGEST = 60
# Nobody is interviewed this long: such times are the clock's on the wall.
CLOCK_OF_DAY_MS = 3 * 3_600_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time found in a line, with the text before and after it."""

    before: str
    after: str
    start_ms: int | None
    end_ms: int | None


def read_ms(text: str) -> int | None:
    """Read hours, minutes, seconds as milliseconds; None for a clock's time or no time."""
    dotted = _DOTTED.fullmatch(text.strip())
    match = _PARTS.match(dotted.expand(r"\1:\2:\3") if dotted else text.strip())
    if match is None or text.strip(" .])").lower().endswith("m"):
        return None
    hours, minutes, seconds, fraction, tenth = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or tenth or "0").ljust(3, "0"))


def take_leading_stamp(text: str, *, may_be_bare: bool) -> Stamp | None:
    """Split off the time that a text begins with."""
    match = WRAPPED.match(text) or (BARE.match(text) if may_be_bare else None)
    return _stamp(text, match) if match else None


def find_stamp(text: str) -> Stamp | None:
    """Find the first time in brackets within the first characters of a text."""
    match = WRAPPED.search(text[: 2 * LONGEST])
    return _stamp(text, match) if match else None


def find_bare_stamp_at_end(text: str) -> Stamp | None:
    """Find a time without brackets that ends a short text."""
    if len(text) > 2 * LONGEST:
        return None
    for match in BARE.finditer(text):
        if match.end() == len(text) and (match.start() == 0 or text[match.start() - 1].isspace()):
            return _stamp(text, match)
    return None


def is_time_only(text: str) -> bool:
    """Tell whether a line is a time and nothing else."""
    if len(text) > LONGEST:
        return False
    return bool(WRAPPED.fullmatch(text) or BARE.fullmatch(text))


def split_closing_time(text: str) -> tuple[str, int | None]:
    """Split off the #00:00:12-5# that f4 and MAXQDA put at the end of a turn."""
    if not text.endswith("#"):
        return text, None
    match = _HASH_AT_END.search(text[-LONGEST:])
    if match is None:
        return text, None
    cut = max(len(text) - LONGEST, 0) + match.start()
    return text[:cut], read_ms(match.group(1))


def _stamp(text: str, match: re.Match[str]) -> Stamp:
    found = match.groupdict()
    end = found["end"] or found.get("closing")
    return Stamp(
        before=text[: match.start()],
        after=text[match.end() :],
        start_ms=read_ms(match.group("start")),
        end_ms=read_ms(end) if end else None,
    )
