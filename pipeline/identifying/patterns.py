"""Finds what identifies by its shape: addresses, numbers, dates of birth; no list of names needed.

Any other date stays: when somebody visited matters to a study.
"""

import re
from collections.abc import Callable, Iterator

from pipeline.identifying.addresses import find_addresses
from pipeline.identifying.birth_dates import find_birth_dates
from pipeline.identifying.numbers import find_numbers
from pipeline.identifying.phones import find_phones
from pipeline.identifying.words import Hit
from study.records import Span

TOP_LEVELS = "nl|com|org|eu|be|uk"
EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}(?:@|\s?\[at\]\s?|\(at\))[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
)
# As said aloud and written down: "sanne punt bakker apenstaartje voorbeeld punt nl".
SPOKEN_EMAIL = re.compile(
    r"(?<!\w)\w{1,40}(?:\s(?:punt|dot|underscore|streepje)\s\w{1,40}){0,4}"
    r"\s(?:apenstaartje|apestaartje|at)\s\w{1,40}(?:\s(?:punt|dot)\s\w{1,20}){0,2}"
    rf"\s(?:punt|dot)\s(?:{TOP_LEVELS})(?!\w)",
    re.IGNORECASE,
)
URL = re.compile(
    r"(?:https?://|(?<!\w)www\.)[^\s<>\"]{2,2000}"
    rf"|(?<![\w.@-])[a-z0-9][a-z0-9-]{{1,60}}(?:\.[a-z0-9-]{{1,60}}){{0,3}}\.(?:{TOP_LEVELS})"
    r"(?:/[^\s<>\"]{0,2000})?(?![\w@-])",
    re.IGNORECASE,
)
# Between two @ some transcribers write what was said laughing.
HANDLE = re.compile(r"(?<![\w@.])@[^\W\d][\w.]{1,29}(?![\w@])")
PLATE = re.compile(
    r"(?<![\w-])(?:"
    r"[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}|[A-Z]{2}-\d{2}-[A-Z]{2}|"
    r"[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|"
    r"[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}|[A-Z]{3}-\d{2}-[A-Z]|[A-Z]-\d{2}-[A-Z]{3}|"
    r"[A-Z]{2}\d{2} [A-Z]{3}"
    r")(?![\w-])"
)
CLOSING = ".,;:!?)]}'’\"”"


def find_patterns(text: str, language: str) -> list[Hit]:
    """Find everything that identifies by its shape, in any order; hits may overlap.

    Every language's shapes are looked for; the language only says which reading comes first.
    """
    return [
        *_find(text, EMAIL, "EMAIL", fold=str.casefold),
        *_find(text, SPOKEN_EMAIL, "EMAIL", fold=_join_words),
        *_find(text, URL, "URL", fold=str.casefold),
        *_find(text, HANDLE, "HANDLE", fold=str.casefold),
        *_find(text, PLATE, "LICENCE_PLATE", fold=_keep_letters),
        *find_phones(text, language),
        *find_numbers(text),
        *find_birth_dates(text),
        *find_addresses(text),
    ]


def _find(
    text: str, pattern: re.Pattern[str], category: str, *, fold: Callable[[str], str]
) -> Iterator[Hit]:
    for found in pattern.finditer(text):
        words = found.group().rstrip(CLOSING)
        yield Hit(Span(found.start(), found.start() + len(words)), category, fold(words))


def _join_words(words: str) -> str:
    return " ".join(words.casefold().split())


def _keep_letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
