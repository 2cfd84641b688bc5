"""Finds phone numbers as people write and say them."""

import re
from collections.abc import Iterator

from pipeline.identifying.words import Hit
from study.records import Span

SPACE = "[ \t\u00a0\u2007\u2009\u202f]"
BREAK = rf"(?:{SPACE}?[-–./]{SPACE}?|{SPACE}?\(\d{{1,4}}\){SPACE}?|{SPACE}{{1,2}})"
# Everything that may be one, from its first digit on; how much of it is one is counted after.
CANDIDATE = re.compile(
    rf"(?<![\w+.,:/-])(?:\+{SPACE}?\d{{1,15}}|\(\+?\d{{1,5}}\){SPACE}?\d{{0,9}}|0\d{{0,14}})"
    rf"(?:{BREAK}\d{{1,11}}){{0,14}}(?![\w])"
)
AMERICAN = re.compile(
    rf"(?<![\w+.,:/-])(?:1[-. ])?(?:\([2-9]\d{{2}}\){SPACE}?|[2-9]\d{{2}}[-. ])"
    rf"(?:[2-9]\d{{2}}[-. ]|\d{{3}}[-.])\d{{4}}(?![\w-])"
)
GROUP = re.compile(r"\d+")
# What begins like a date or a time of day is none.
DATE_OR_TIME = re.compile(
    rf"(?:\d{{1,2}}[-./]\d{{1,2}}[-./](?:19|20)\d\d(?!\d)|[0-2]?\d[.][0-5]\d{SPACE}?[-–])"
)
# How many digits a number has, the country's code among them.
DIGITS_BY_COUNTRY = {"31": (11,), "32": (11, 10), "44": (12, 11), "1": (11,)}
DIGITS_ABROAD = range(15, 8, -1)
DIGITS_AT_HOME = {"en": (11, 10)}


def find_phones(text: str, language: str) -> Iterator[Hit]:
    """Find phone numbers; where a shape is of two countries the language decides."""
    for found in CANDIDATE.finditer(text):
        words = found.group()
        if DATE_OR_TIME.match(words):
            continue
        length = _measure(words, DIGITS_AT_HOME.get(language, (10, 11)))
        if length:
            yield _hit(words[:length], found.start())
    for found in AMERICAN.finditer(text):
        yield _hit(found.group(), found.start())


def _hit(words: str, start: int) -> Hit:
    return Hit(Span(start, start + len(words)), "PHONE", _normalise(words))


def _measure(words: str, at_home: tuple[int, ...]) -> int:
    digits, ends = "", {}
    trunk_at = words.find("(0)")
    for group in GROUP.finditer(words):
        if trunk_at >= 0 and group.start() == trunk_at + 1 and digits:
            continue
        digits += group.group()
        ends[len(digits)] = group.end()
    is_abroad = "+" in words[:2] or digits.startswith("00")
    if is_abroad:
        prefix = 0 if "+" in words[:2] else 2
        wanted = [n + prefix for n in _lengths_abroad(digits[prefix:])]
    else:
        wanted = list(at_home) if _is_dialled_at_home(digits) else []
    return next((ends[n] for n in wanted if n in ends), 0)


def _lengths_abroad(digits: str) -> tuple[int, ...] | range:
    for code, lengths in DIGITS_BY_COUNTRY.items():
        if digits.startswith(code):
            return lengths
    return DIGITS_ABROAD


def _is_dialled_at_home(digits: str) -> bool:
    return len(digits) > 1 and digits[0] == "0" and digits[1] != "0"


def _normalise(words: str) -> str:
    digits = "".join(GROUP.findall(words.replace("(0)", "")))
    if digits.startswith("00"):
        digits = digits[2:]
    for code in ("31", "44"):
        if digits.startswith(code) and len(digits) > 10:
            return "0" + digits[len(code) :]
    return digits
