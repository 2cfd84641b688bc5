"""Reads what a name recogniser gives: drops what names nobody, and carries names over the text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pipeline.identifying.gazetteer import Entry
from pipeline.identifying.name_forms import split_name
from pipeline.identifying.name_index import NameIndex
from pipeline.identifying.ordinary_words import (
    CALENDAR_AND_PEOPLES,
    GENERAL_BODIES,
    GENERAL_THINGS,
    GENERIC_LABELS,
    ROLE_WORDS,
    SENTENCE_STARTERS,
    TITLES,
)
from pipeline.identifying.words import Hit, Word, fold_name, fold_word, read_words
from pipeline.linguistics import Recognise, function_words
from study.records import Span

PERSON = "PERSON"
SMALL_WORD = re.compile(r"(?<!\w)[a-zà-öø-ÿ]\w*")
NAMELESS = ROLE_WORDS | TITLES | GENERIC_LABELS | CALENDAR_AND_PEOPLES
GENERAL = GENERAL_THINGS.union(*GENERAL_BODIES.values())
FEWEST_LETTERS = 2


def find_recognised(text: str, language: str, recognise: Recognise) -> Iterator[Hit]:
    """Find recognised names wherever they stand in the text, once one place was recognised.

    A person's first name and surname are found by themselves too, in the case they have, unless
    they also stand in the text without a capital.
    """
    categories: dict[str, Counter[str]] = defaultdict(Counter)
    written: dict[str, set[str]] = defaultdict(set)
    hits: list[tuple[Span, str]] = []
    for span, category in recognise(text):
        for clean in _clean(text, span, language):
            name = text[clean.start_char : clean.end_char]
            categories[fold_name(name)][category] += 1
            written[fold_name(name)].add(name)
            hits.append((clean, fold_name(name)))
    chosen = {name: _choose(counts) for name, counts in categories.items()}
    whole = _persons_by_part(name for name, category in chosen.items() if category == PERSON)
    for span, name in hits:
        yield Hit(span, chosen[name], whole.get(name, name))
    # Categories without parts: what may stand alone is listed here.
    entries = [
        Entry(form, "PLACE", is_exact=True) for forms in written.values() for form in sorted(forms)
    ]
    parts = _safe_parts(text, written, chosen, language)
    entries += [Entry(part, "PLACE", is_exact=True) for part, _ in parts.values()]
    for hit in NameIndex(entries, language, frozenset()).find(text):
        name = parts[hit.name][1] if hit.name in parts else hit.name
        yield Hit(hit.span, chosen[name], whole.get(name, name))


def _clean(text: str, span: Span, language: str) -> Iterator[Span]:
    """Cut a hit at line ends, and leave out the words around a name that are none of it."""
    start = span.start_char
    for line in text[span.start_char : span.end_char].split("\n"):
        words = [Word(start + word.start, start + word.end, word.key) for word in read_words(line)]
        start += len(line) + 1
        while words and (words[0].key in TITLES or words[0].key == "the"):
            words = words[1:]
        if len(words) > 1 and words[-1].key == "s" and words[-1].start == words[-2].end + 1:
            words = words[:-1]
        if words and names_somebody(text[words[0].start : words[-1].end], language):
            yield Span(words[0].start, words[-1].end)


def names_somebody(words: str, language: str) -> bool:
    """Tell whether words can be a name: no role, pronoun, general body or filler."""
    name = fold_name(words)
    keys = name.split()
    if len(name) < FEWEST_LETTERS or not any(key.isalpha() for key in keys):
        return False
    if name in GENERAL or name in SENTENCE_STARTERS.get(language, ()):
        return False
    ordinary = function_words(language)
    return not all(key in NAMELESS or key in ordinary for key in keys)


def _choose(counts: Counter[str]) -> str:
    """Give the category most often seen; of equals a person's."""
    return max(counts, key=lambda category: (counts[category], category == PERSON, category))


def _persons_by_part(names: Iterable[str]) -> dict[str, str]:
    """Give the full name that a part stands for, where it stands for one only."""
    owners: dict[str, set[str]] = defaultdict(set)
    for name in names:
        words = name.split()
        if len(words) > 1:
            for part in {words[0], words[-1], " ".join(words[1:])}:
                owners[part].add(name)
    return {part: next(iter(full)) for part, full in owners.items() if len(full) == 1}


def _safe_parts(
    text: str, written: dict[str, set[str]], chosen: dict[str, str], language: str
) -> dict[str, tuple[str, str]]:
    """List first names and surnames to look for alone: as written, and whose they are."""
    found: dict[str, tuple[str, str]] = {}
    full = [(name, form) for name, forms in written.items() for form in sorted(forms)]
    small = {fold_word(word) for word in SMALL_WORD.findall(text)} if full else set()
    for name, form in full:
        if chosen[name] != PERSON or " " not in form:
            continue
        given, _, surname = split_name(form)
        for part in (*given, *surname):
            key = fold_name(part)
            is_safe = part[0].isupper() and len(key) > FEWEST_LETTERS and key not in NAMELESS
            if is_safe and key not in small and key not in function_words(language):
                found.setdefault(key, (part, name))
    return {key: part for key, part in found.items() if key not in chosen}
