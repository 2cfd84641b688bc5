"""Knows what speakers are called in transcripts, in English and Dutch, and what is no speaker."""

import re
import unicodedata
from functools import lru_cache

from pipeline.transcripts.label_words import METADATA, PARTICLES, ROLES, SPOKEN

_NUMBERED = re.compile(
    r"(?P<role>[^\W\d_](?:[^\d_#(]{0,38}[^\W\d_])?\.?)"
    r"(?:[\s_#.\-/]{0,3}(?:\d{1,3}|[a-z]))?(?:\s?\([^()]{1,40}\))?"
)
# A transcriber who is not sure writes "R?", or "?" alone.
_CODE = re.compile(
    r"(?:[A-Z]{1,3}[-_. ]?\d{0,3}[a-z]?|[A-Z]{1,2}\d{1,3}|[A-Z][a-z]{0,2}\d{1,3})\??|\?{1,3}"
)
_AND = re.compile(r"\s?[/&+]\s?|\s(?:en|and)\s")
_LONGEST = 80
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b.*\b(?:jan|feb|mar|maa|mrt|apr|ma[iy]|mei|jun|jul|aug|sep|o[ck]t|nov|dec)"
    r"|\b(?:jan|feb|mar|maa|mrt|apr|ma[iy]|mei|jun|jul|aug|sep|o[ck]t|nov|dec)\w*\b.*"
    r"\b(?:19|20)\d\d\b|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b",
    re.IGNORECASE,
)
_LETTER_AFTER = re.compile(r"(?<=..)[\s.]+[a-z]$")
_NUMBER_AFTER = re.compile(r"\s+(?:\d{1,3}|[ivx]{1,4}|[a-e])$")
_SMALL_CODE = re.compile(r"[a-z]{1,3}[-_]?\d{1,3}|[a-z]")


def strip_unseen(label: str) -> str:
    """Strip a label of characters that nobody sees, which would make two speakers of one."""
    seen = (char for char in unicodedata.normalize("NFC", label) if _is_seen(char))
    return " ".join("".join(seen).split())


def _is_seen(char: str) -> bool:
    return char.isascii() or unicodedata.category(char) != "Cf"


def tidy_label(label: str) -> str:
    """Strip a label of the marks around it; the words stay as the file has them."""
    bare = strip_unseen(label)
    bare = bare.strip('*_ \t:\uff1a|>/\\"“”').removesuffix(" -").removesuffix(" –").rstrip(",;| ")
    if bare[:1] in "[({<" and bare[-1:] in "])}>" and not set(bare[1:-1]) & set("[](){}<>"):
        bare = bare[1:-1].strip(" :*_")
    return bare


# A file has few labels and many lines.
@lru_cache(maxsize=4096)
def is_role(label: str) -> bool:
    """Tell whether a label is a part in a conversation: Interviewer, Moeder 2, Vader en moeder."""
    parts = _AND.split(label[:_LONGEST])
    return all(_is_one_role(part) or (len(parts) > 1 and is_code(part)) for part in parts)


def _is_one_role(label: str) -> bool:
    match = _NUMBERED.fullmatch(label.casefold())
    if match is None:
        return False
    role = " ".join(match.group("role").replace("-", " ").rstrip(".").split())
    role = _LETTER_AFTER.sub("", role)
    return role in ROLES or label.casefold().replace("-", " ").rstrip(".") in ROLES


def is_code(label: str) -> bool:
    """Tell whether a label is a short code: I, P, R1, S01, SPEAKER_00, JB."""
    return bool(_CODE.fullmatch(label)) and not is_spoken(label)


def is_small_code(label: str) -> bool:
    """Tell whether a label is a short code in small letters: i, p1."""
    return bool(_SMALL_CODE.fullmatch(label))


def is_spoken(label: str) -> bool:
    """Tell whether a label is a word that begins sentences."""
    return label.casefold().strip(".") in SPOKEN


def is_metadata(label: str) -> bool:
    """Tell whether a label names a fact about the conversation: Datum, Location."""
    bare = _NUMBER_AFTER.sub("", label.casefold())
    return " ".join(bare.replace("-", " ").split()) in METADATA


@lru_cache(maxsize=4096)
def looks_like_name(label: str) -> bool:
    """Tell whether every word is written as in a name: Anna de Vries, Speaker 1, M. (moeder)."""
    if not 1 < len(label) <= 50 or is_spoken(label) or is_metadata(label) or is_date(label):
        return False
    words = re.sub(r"\([^()]{0,40}\)", "", label).split()
    if not 1 <= len(words) <= 5 or label[-1] in "?!,;…":
        return False
    if any(word[-1] in ".?!,;" and len(word) > 4 for word in words):
        return False
    if is_spoken(words[0]) or not any(char.isalpha() for char in label):
        return False
    if words[0].casefold() in PARTICLES and len(words) == 1:
        return False
    return all(map(_is_name_word, words)) and any(map(_has_capital, words))


def is_plain(label: str) -> bool:
    """Tell whether a label is one by itself: a name, a part in a conversation, a code."""
    return looks_like_name(label) or is_role(label) or is_code(label)


def is_date(label: str) -> bool:
    """Tell whether it is a day, as programs write it above a transcript."""
    return bool(_DATE.search(label[:_LONGEST]))


def could_be_name(label: str) -> bool:
    """Tell whether a meeting program may show somebody so: a name, a number, an address."""
    return (
        not is_date(label)
        and 0 < len(label) <= 80
        and len(label.split()) <= 8
        and label[-1] not in ".?!,;:…"
    )


def _is_name_word(word: str) -> bool:
    if word.casefold() in PARTICLES or word.strip("#").isdigit():
        return True
    first = word.lstrip("(#'’\"")[:1]
    return first.isdigit() or (first.isalpha() and not first.islower())


def _has_capital(word: str) -> bool:
    return word[:1].isalpha() and not word[:1].islower()
