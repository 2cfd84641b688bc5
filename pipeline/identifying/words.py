"""Words of a text as names are compared by: without case, accents or marks inside them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from study.records import Span

# Letters and digits with what may hang on them: combining accents, soft hyphens, joiners of
# no width. An underscore parts words: "Sanne_de_Vries.docx" holds a name.
WORD = re.compile("(?:[^\\W_][\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]*)+")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
APOSTROPHES = "'’‘`\u00b4\u02bc"
HYPHENS = "-\u2010\u2011\u2012–_"
# Letters whose stroke or dot Unicode does not take apart; names from Turkey, Poland and the North.
BARE = str.maketrans(
    {
        "\u0131": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
    }
)
# Longer stretches of white space than this do not stand within one name.
MOST_SPACE = 80
# After so few letters a dot is one of an initial or of "St.", not the end of a sentence.
SHORT = 2


@dataclass(frozen=True)
class Word:
    """A word of a text: where it stands, and what it is compared by."""

    start: int
    end: int
    key: str = field(repr=False)


@dataclass(frozen=True)
class Hit:
    """A stretch of a text that identifies somebody or something.

    Attributes:
        name: The same for every way to write one name.
    """

    span: Span
    category: str
    name: str = field(repr=False)


def read_words(text: str) -> Iterator[Word]:
    """Give the words of a text in order."""
    for found in WORD.finditer(text):
        yield Word(found.start(), found.end(), fold_word(found.group()))


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """Give what a word is compared by: José and JOSE are one, and so are ß and ss."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart.translate(BARE) if letter.isalnum())


def fold_name(name: str) -> str:
    """Give a name's words as they are compared, a space between each."""
    return " ".join(word.key for word in read_words(name))


def as_written(word: str) -> str:
    """Give a word in its own case and accents, without what cannot be seen in it."""
    return unicodedata.normalize("NFC", INVISIBLE.sub("", word))


def list_words(text: str) -> tuple[str, ...]:
    """Give the words of a list that is written as running text."""
    return tuple(text.split())


def is_within_name(text: str, first: Word, second: Word) -> bool:
    """Tell whether what stands between two words may stand inside one name."""
    gap = text[first.end : second.start]
    mark = gap.strip()
    if not mark:
        return len(gap) <= MOST_SPACE
    if len(mark) > 1 or len(gap) > MOST_SPACE:
        return False
    if mark in APOSTROPHES:
        return True
    is_close = not gap[0].isspace()
    return is_close and (mark in HYPHENS or (mark == "." and len(first.key) <= SHORT))
