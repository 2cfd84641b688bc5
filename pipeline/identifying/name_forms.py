"""The ways in which people say and write one name."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile

from pipeline.identifying.gazetteer import KEEP, Entry
from pipeline.identifying.ordinary_words import NOT_PEOPLE, PARTICLES, TITLES
from pipeline.identifying.words import APOSTROPHES, HYPHENS, as_written, fold_word, read_words

# How sure it is that a form means its name; of forms alike the surest counts.
WHOLE, PART, WHOLE_ENDED, PART_ENDED = range(4)
DIMINUTIVES = ("je", "tje", "pje", "etje", "ke", "ske")
ENDINGS_OF_PLACES = ("se", "er", "ers")
# A form of so few letters is as often something else.
LETTERS_OF_EXACT = 2
GIVEN, SURNAME, BARE_SURNAME, SHORTENED = "given", "surname", "bare surname", "shortened"
INNER_MARK = re.compile(rf"(?<=[^\W\d_])[{APOSTROPHES}{re.escape(HYPHENS)}](?=[^\W\d_])")


@dataclass(frozen=True)
class Form:
    """One way to write a name: the words that must follow each other.

    Attributes:
        written: The words in their own case where no other case will do.
        n_after: How many of the last letters stay outside, as the s of "Sannes".
        part: Which part of the name it is; empty where it is none by itself.
        root: What it is called where several names share it.
    """

    words: tuple[str, ...] = field(repr=False)
    written: tuple[str, ...] | None = field(default=None, repr=False)
    rank: int = WHOLE
    n_after: int = 0
    part: str = ""
    root: str = field(default="", repr=False)


def list_forms(entry: Entry, language: str, function_words: Collection[str]) -> list[Form]:
    """List every way to write an entry's name in a language, the surest first.

    Args:
        function_words: What is seldom a name: one-word forms alike match only as written.
    """
    is_person = names_people(entry.category)
    forms: list[Form] = []
    for name in entry.names:
        forms += [_form(words, WHOLE) for words in _spellings(name)]
        forms += _parts(name) if is_person else []
    fixed = [_fix_case(form, entry, function_words) for form in forms]
    ended = [
        ended
        for form in fixed
        if form.written is None and entry.category != KEEP
        for ended in _with_endings(form, language, is_person)
    ]
    return sorted(dict.fromkeys([*fixed, *ended]), key=lambda form: form.rank)


def names_people(category: str) -> bool:
    """Tell whether a category is of people, whose first names and surnames are said alone."""
    return category != KEEP and not NOT_PEOPLE & set(category.casefold().split("_"))


def _form(words: Sequence[str], rank: int, part: str = "", root: str = "") -> Form:
    keys = tuple(fold_word(word) for word in words)
    return Form(keys, tuple(words), rank, part=part, root=root or " ".join(keys))


def _fix_case(form: Form, entry: Entry, function_words: Collection[str]) -> Form:
    first = form.words[0]
    is_ordinary = len(form.words) == 1 and (
        len(first) <= LETTERS_OF_EXACT or first in function_words
    )
    needs_case = entry.is_exact or is_ordinary or form.part in (BARE_SURNAME, SHORTENED)
    return form if needs_case else replace(form, written=None)


def _split(name: str) -> tuple[str, ...]:
    return tuple(as_written(name[word.start : word.end]) for word in read_words(name))


def _spellings(name: str) -> list[tuple[str, ...]]:
    closed = _split(INNER_MARK.sub("", name))
    return [words for words in dict.fromkeys([_split(name), closed]) if words]


def _parts(name: str) -> Iterator[Form]:
    given, particles, surname = split_name(name)
    if not given and not particles:
        return
    full = (*particles, *surname)
    root = " ".join(fold_word(word) for word in full)
    for words in (_split(" ".join(given)), *(each for word in given for each in _spellings(word))):
        if len("".join(words)) > 1:
            yield _form(words, PART, GIVEN)
    if not surname:
        return
    yield _form(full, PART, SURNAME, root)
    # "Vries" is a name, "vries" a verb: without its particle a surname needs its capital.
    bare = BARE_SURNAME if particles else SURNAME
    closed = _spellings(name.rsplit(maxsplit=1)[-1])[-1:]
    for words in dict.fromkeys([surname, *((word,) for word in surname), *closed]):
        if len("".join(words)) > 1 and not set(map(fold_word, words)) <= PARTICLES:
            yield _form(words, PART, bare, root)
    for part, before in _shorten(given):
        yield _form((*before, *full), PART, part)
        yield _form((*before, *surname), PART, part)


def _shorten(given: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if given:
        initials = tuple(_split(word)[0][0] for word in given)
        yield "", _split(" ".join(given))
        yield "", _split(given[0])
        yield SHORTENED, initials
        yield SHORTENED, initials[:1]
        yield SHORTENED, ("".join(initials),)


def split_name(name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Split a person's name into given names, particles and words of the surname.

    Titles before it are left out; of a single word nobody knows what it is, unless a title goes
    before it.
    """
    chunks = [chunk for chunk in name.split() if _split(chunk)]
    # Pater and Young are surnames too: what stands last is none.
    untitled = [*dropwhile(lambda chunk: fold_word(chunk) in TITLES, chunks[:-1]), *chunks[-1:]]
    if len(untitled) < 2:
        return (tuple(untitled) if len(chunks) > 1 else ()), (), ()
    particles = (at for at, chunk in enumerate(untitled) if _begins_surname(chunk))
    first = next(particles, len(untitled) - 1)
    words = tuple(word for chunk in untitled[first:] for word in _split(chunk))
    surname = tuple(dropwhile(lambda word: fold_word(word) in PARTICLES, words))
    return tuple(untitled[:first]), words[: len(words) - len(surname)], surname


def _begins_surname(chunk: str) -> bool:
    """Tell "de" and "Smit-van" from given names."""
    words = _split(chunk)
    return any(fold_word(word) in PARTICLES for word in (words[1:] or words))


def _with_endings(form: Form, language: str, is_person: bool) -> Iterator[Form]:
    last = form.words[-1]
    rank = WHOLE_ENDED if form.rank == WHOLE else PART_ENDED
    after = ["s"] if not last.endswith("s") else []
    if is_person and language == "en" and last.endswith(("s", "x", "z")):
        after.append("es")
    if not is_person:
        after += ENDINGS_OF_PLACES
    for ending in after:
        yield _ended(form, ending, len(ending), rank)
    is_called = form.part == GIVEN or (not form.part and len(form.words) == 1)
    if is_person and language == "nl" and is_called:
        for small in _diminutives(last):
            yield _ended(form, small, 0, rank)
            yield _ended(form, small + "s", 1, rank)


def _ended(form: Form, ending: str, n_after: int, rank: int) -> Form:
    words = (*form.words[:-1], form.words[-1] + ending)
    return Form(words, None, rank, n_after, form.part, form.root)


def _diminutives(word: str) -> list[str]:
    """List the endings of "Jantje", "Bramke" and "Brammetje", and of "Evaatje"."""
    last = word[-1]
    longer = [last + "tje"] if last in "aou" else [last + "etje"]
    return [*DIMINUTIVES, *longer]
