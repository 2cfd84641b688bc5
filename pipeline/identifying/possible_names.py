"""Lists what may be a name and stands in no list: a person looks through it.

It is the safety net where no recogniser can be had, as for Dutch.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.identifying.gazetteer import Gazetteer
from pipeline.identifying.ordinary_words import (
    CALENDAR_AND_PEOPLES,
    GENERAL_BODIES,
    GENERAL_THINGS,
    GENERIC_LABELS,
    ROLE_WORDS,
    SENTENCE_STARTERS,
    TITLES,
)
from pipeline.identifying.words import fold_name, fold_word, list_words
from pipeline.linguistics import function_words

WORD = re.compile(
    r"[^\W\d_][\u0300-\u036f]*"
    r"(?:[^\W_]|[\u0300-\u036f]|[-\u2010\u2011'’](?=[^\W\d_]))*"
)
PSEUDONYM = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
POSSESSIVE = re.compile(r"['’][sS]$|['’]$")
JOINS = frozenset(list_words("van de der den ter ten het t"))
# After one of these, or at the start of a line, any word has a capital.
STARTS_AFTER = frozenset(".!?…:;\"“”„‘'«»([{<>)]}-–—*•#/|")
ORDINARY = (
    CALENDAR_AND_PEOPLES
    | GENERIC_LABELS
    | ROLE_WORDS
    | TITLES
    | GENERAL_THINGS.union(*GENERAL_BODIES.values())
)
# Seldom with a capital inside a sentence, unless they are a name there.
NAMES_INSIDE = frozenset(list_words("will wil young jonge oude grote kleine little big old"))
MOST_SPACE = 40


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str = field(repr=False)
    key: str = field(repr=False)
    is_at_start: bool

    @property
    def has_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True)
class _NoNames:
    at_start: frozenset[str] = field(repr=False)
    inside: frozenset[str] = field(repr=False)


def possible_names(text: str, *, language: str, known: Gazetteer) -> list[tuple[str, int]]:
    """List words that may be names with how often they stand there, the most frequent first.

    These are words with a capital inside a sentence, and words that begin one and never stand in
    the text without their capital. Words around "van", "de" and the like are given as one.

    Args:
        known: Names that were replaced, and the words that its category KEEP says are none.
    """
    words = list(_read(text))
    small = {word.key for word in words if not word.has_capital}
    ordinary, listed = _ordinary(language), _words_of(known)
    no_names = _NoNames(ordinary | small | listed, (ordinary - NAMES_INSIDE) | listed)
    counts: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for name, is_at_start in _sequences(text, words, no_names):
        counts[name] += 1
        inside[name] += not is_at_start
    # What stands inside sentences is the surer name.
    return sorted(counts.items(), key=lambda item: (-item[1], -inside[item[0]], item[0]))


def describe_limits(language: str, has_recogniser: bool) -> str:
    """Say in two sentences what is not found in texts of a language."""
    if has_recogniser:
        first = (
            f"{language}: names outside the gazetteer and the speaker labels are looked for by a "
            "name recogniser, which misses some: check the list of possible names."
        )
    else:
        first = (
            f"{language}: no name recogniser is installed: names that are neither in the gazetteer "
            "nor in a speaker label are not replaced; check the list of possible names."
        )
    return (
        f"{first} Misspelt names, names without a capital, numbers in words and indirect "
        "descriptions are never found."
    )


def _read(text: str) -> Iterator[_Word]:
    pseudonyms = [found.span() for found in PSEUDONYM.finditer(text)]
    at = 0
    for found in WORD.finditer(text):
        while at < len(pseudonyms) and pseudonyms[at][1] <= found.start():
            at += 1
        if at < len(pseudonyms) and pseudonyms[at][0] <= found.start():
            continue
        word = POSSESSIVE.sub("", found.group())
        if word:
            start = found.start()
            is_at_start = _is_at_start(text, start)
            yield _Word(start, start + len(word), word, fold_word(word), is_at_start)


def _is_at_start(text: str, start: int) -> bool:
    at = start - 1
    while at >= 0 and text[at] in " \t\u00a0":
        at -= 1
    if at < 0 or text[at] in "\n\r\u2028":
        return True
    # A hyphen inside a word, and the pseudonym of a name before a surname, begin nothing.
    if text[at] == "]" and PSEUDONYM.search(text, max(0, at - 60), at + 1):
        return False
    return text[at] in STARTS_AFTER


def _ordinary(language: str) -> frozenset[str]:
    starters = SENTENCE_STARTERS.get(language, frozenset())
    return ORDINARY | starters | {fold_word(word) for word in function_words(language)}


def _words_of(known: Gazetteer) -> frozenset[str]:
    names = (name for entry in known.entries for name in entry.names)
    return frozenset(key for name in names for key in (*fold_name(name).split(), fold_word(name)))


def _sequences(text: str, words: list[_Word], no_names: _NoNames) -> Iterator[tuple[str, bool]]:
    at = 0
    while at < len(words):
        if not _may_be_name(words[at], no_names):
            at += 1
            continue
        last = _end_of_name(text, words, at, no_names)
        name = " ".join(text[words[at].start : words[last].end].split())
        yield name, words[at].is_at_start
        at = last + 1


def _may_be_name(word: _Word, no_names: _NoNames) -> bool:
    if not word.has_capital or len(word.key) < 2 or not word.key.isalpha():
        return False
    return word.key not in (no_names.at_start if word.is_at_start else no_names.inside)


def _end_of_name(text: str, words: list[_Word], first: int, no_names: _NoNames) -> int:
    last, at = first, first + 1
    while at < len(words) and _is_joined(text, words[at - 1], words[at]):
        if _may_be_name(words[at], no_names):
            last = at
        elif words[at].key not in JOINS:
            break
        at += 1
    return last


def _is_joined(text: str, one: _Word, other: _Word) -> bool:
    gap = text[one.end : other.start]
    return len(gap) <= MOST_SPACE and gap.isspace() and "\n" not in gap
