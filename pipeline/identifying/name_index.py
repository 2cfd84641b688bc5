"""Finds all ways to write many names in one walk over a text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pipeline.identifying.gazetteer import Entry
from pipeline.identifying.name_forms import BARE_SURNAME, SURNAME, Form, list_forms
from pipeline.identifying.ordinary_words import PARTICLES
from pipeline.identifying.words import (
    APOSTROPHES,
    Hit,
    Word,
    as_written,
    fold_name,
    is_within_name,
    read_words,
)
from study.records import Span

FAMILY, PERSON = "FAMILY", "PERSON"
# "Romy'tje": the diminutive of a name on y.
SMALL_AFTER_APOSTROPHE = "tje"


@dataclass(frozen=True)
class _Meaning:
    written: tuple[str, ...] | None = field(repr=False)
    n_after: int
    category: str
    name: str = field(repr=False)


@dataclass
class _Node:
    following: "dict[str, _Node]" = field(default_factory=dict)
    meanings: list[_Meaning] = field(default_factory=list)


class NameIndex:
    """The forms of many names, word by word."""

    def __init__(
        self, entries: Iterable[Entry], language: str, function_words: frozenset[str]
    ) -> None:
        self._root = _Node()
        by_words: dict[tuple[str, ...], list[tuple[Form, Entry]]] = {}
        for entry in entries:
            for form in list_forms(entry, language, function_words):
                by_words.setdefault(form.words, []).append((form, entry))
        for words, claims in by_words.items():
            node = self._root
            for word in words:
                node = node.following.setdefault(word, _Node())
            node.meanings = _agree(claims)

    def find(self, text: str) -> Iterator[Hit]:
        """Give the longest name from each word on; names may overlap."""
        words = list(read_words(text))
        for at, word in enumerate(words):
            if word.key in self._root.following:
                hit = self._find_at(text, words, at)
                if hit is not None:
                    yield hit

    def knows(self, name: str) -> bool:
        """Tell whether a name is a way to write one of these, in whatever case."""
        node: _Node | None = self._root
        for word in read_words(name):
            node = node.following.get(word.key) if node else None
        return bool(node and node.meanings)

    def _find_at(self, text: str, words: Sequence[Word], first: int) -> Hit | None:
        node, hit = self._root, None
        for at in range(first, len(words)):
            following = node.following.get(words[at].key)
            if following is None or (
                at > first and not is_within_name(text, words[at - 1], words[at])
            ):
                break
            node = following
            hit = _read_meaning(text, words, first, at, node.meanings) or hit
        return hit


def _agree(claims: list[tuple[Form, Entry]]) -> list[_Meaning]:
    ordered = sorted(claims, key=lambda claim: (claim[0].rank, claim[0].written or ()))
    groups = groupby(ordered, key=lambda claim: (claim[0].rank, claim[0].written))
    return [_meaning_of(list(group)) for _, group in groups]


def _meaning_of(claims: list[tuple[Form, Entry]]) -> _Meaning:
    form, entry = claims[0]
    names = {fold_name(each.name) for _, each in claims}
    if len(names) == 1:
        return _Meaning(form.written, form.n_after, entry.category, next(iter(names)))
    # A part that several people share is nobody's: a family's, or one of two with a first name.
    categories = {each.category for _, each in claims}
    if all(each.part in (SURNAME, BARE_SURNAME) for each, _ in claims):
        category = FAMILY
    else:
        category = categories.pop() if len(categories) == 1 else PERSON
    return _Meaning(form.written, form.n_after, category, form.root)


def _read_meaning(
    text: str, words: Sequence[Word], first: int, last: int, meanings: list[_Meaning]
) -> Hit | None:
    for meaning in meanings:
        if meaning.written is None or _is_as_written(
            text, words[first : last + 1], meaning.written
        ):
            end = words[last].end - meaning.n_after
            if meaning.n_after == 0:
                end = _end_of_small(text, words, last)
            return Hit(Span(words[first].start, end), meaning.category, meaning.name)
    return None


def _is_as_written(text: str, words: Sequence[Word], written: Sequence[str]) -> bool:
    # "Mevrouw De Vries" is Jan de Vries' wife: a particle's case follows what stands before it.
    return all(
        (word.key in PARTICLES and len(words) > 1)
        or as_written(text[word.start : word.end]) == form
        for word, form in zip(words, written, strict=True)
    )


def _end_of_small(text: str, words: Sequence[Word], last: int) -> int:
    following = words[last + 1] if last + 1 < len(words) else words[last]
    is_small = following.key == SMALL_AFTER_APOSTROPHE
    if is_small and text[words[last].end : following.start] in tuple(APOSTROPHES):
        return following.end
    return words[last].end
