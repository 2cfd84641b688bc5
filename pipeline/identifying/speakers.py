"""Makes names to look for of the labels by which a transcript calls its speakers."""

import re
from collections.abc import Iterable

from pipeline.identifying.gazetteer import Entry
from pipeline.identifying.ordinary_words import GENERIC_LABELS, PARTICLES, TITLES
from pipeline.identifying.words import fold_name, fold_word

CODE = re.compile(r"[a-z]{0,3}\d+")
IN_BRACKETS = re.compile(r"\s*[(\[{<]([^()\[\]{}<>]*)[)\]}>]\s*")


def as_entries(speakers: Iterable[tuple[str, str]]) -> list[Entry]:
    """Turn (label, category) of speakers into entries; labels that name nobody give none."""
    entries = [
        Entry(name, category) for label, category in speakers if (name := name_in_label(label))
    ]
    return list({fold_name(entry.name): entry for entry in reversed(entries)}.values())


def name_in_label(label: str) -> str:
    """Give the name in a speaker's label; empty for those like "Interviewer 2" and "SPEAKER_00".

    "Bakker, M. (Marieke)" is Marieke Bakker, "Marieke Bakker (moeder)" too.
    """
    called = " ".join(IN_BRACKETS.findall(label))
    surname, comma, given = IN_BRACKETS.sub(" ", label).partition(",")
    first = called if _naming_words(called) else given
    label = f"{first} {surname}" if comma else surname
    return " ".join(_naming_words(label.replace("_", " ")))


def _naming_words(label: str) -> list[str]:
    words = [word.strip(":;,. ") for word in label.split()]
    words = [word for word in words if fold_word(word)]
    is_name = [_is_of_name(fold_word(word)) for word in words]
    if not any(is_one and len(word) > 1 for word, is_one in zip(words, is_name, strict=True)):
        return []
    # Particles are also words that name nobody by themselves: they count after a name.
    first = is_name.index(True)
    return [
        word
        for at, word in enumerate(words)
        if is_name[at] or (at > first and fold_word(word) in PARTICLES)
    ]


def _is_of_name(key: str) -> bool:
    return not CODE.fullmatch(key) and key not in GENERIC_LABELS | TITLES
