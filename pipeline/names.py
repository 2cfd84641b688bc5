"""Replaces names that a person marked, wherever they are stored; lists what is to be checked."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass

from pipeline.identifying.gazetteer import GAZETTEER, Gazetteer, read_gazetteer
from pipeline.identifying.identifiers import Identifier, find_listed
from pipeline.identifying.possible_names import describe_limits, possible_names
from pipeline.linguistics import name_recogniser
from pipeline.pseudonymise import find_within, split_names
from pipeline.work import Work
from study.errors import InputError
from study.folder import Study
from study.redaction import (
    Redaction,
    Searched,
    finish_redaction,
    newest_text,
    read_searched,
    redact,
)
from study.stored_names import Find, Marked, StoredText, list_stored_texts

ABSENT = "-"
PSEUDONYM = re.compile(r"\[([A-Z][A-Z_]*)_(\d+)\]")


@dataclass(frozen=True)
class NameList:
    """What stands for names in the stored text, and what may still be one.

    Attributes:
        pseudonyms: (category, different ones, occurrences), most frequent first.
        possible: (word, occurrences, interviews) that nobody has marked, most frequent first.
        limits: What cannot be done for each language of the study.
    """

    pseudonyms: tuple[tuple[str, int, int], ...]
    possible: tuple[tuple[str, int, tuple[str, ...]], ...]
    limits: tuple[str, ...]


def redact_marked_names(work: Work) -> Redaction:
    """Replace the gazetteer's names in stored text that has not been searched for them yet.

    A gazetteer that cannot be read is told by find_fault; what is stored waits until it can be.
    """
    study = work.study
    finish_redaction(study, now=work.clock())
    with study.database.read() as connection:
        searched = read_searched(connection)
        wanted = Searched(_hash_gazetteer(study), newest_text(connection))
    if wanted == searched or find_fault(study) is not None:
        return Redaction()
    redaction = redact(
        study,
        find_marked(study, read_gazetteer(study.folder / GAZETTEER)),
        searched=wanted,
        actor=study.settings.coder,
        now=work.clock(),
        # What came since an unchanged gazetteer was last searched for.
        after=searched.version_id if wanted.gazetteer == searched.gazetteer else 0,
    )
    finish_redaction(study, now=work.clock())
    return redaction


def find_fault(study: Study) -> str | None:
    """Say why the gazetteer cannot be read, in a line; None where it can."""
    try:
        read_gazetteer(study.folder / GAZETTEER)
    except InputError as error:
        more = len(error.offenders) - 1
        return f"{error.offenders[0]}{f' And {more} more.' if more else ''}"
    return None


def find_marked(study: Study, gazetteer: Gazetteer) -> Find:
    """Give what finds the gazetteer's names in a stored text."""

    def find(stored: StoredText, text: str) -> list[Marked]:
        language = stored.language or study.settings.language

        def look(part: str) -> list[Identifier]:
            return find_listed(part, gazetteer, language=language, participants=stored.participants)

        turns = stored.turns if text == stored.text else ()
        found = find_within(text, turns, look)
        return [Marked(each.span, each.name, each.category) for each in found]

    return find


def list_names(study: Study) -> NameList:
    """List what stands for names in the stored text, and what may still be one.

    Raises:
        InputError: gazetteer.csv cannot be read.
    """
    gazetteer = read_gazetteer(study.folder / GAZETTEER)
    with study.database.read() as connection:
        stored = list_stored_texts(connection)
    numbers: Counter[str] = Counter()
    kinds: dict[str, set[tuple[str, str]]] = {}
    words: Counter[str] = Counter()
    where: dict[str, list[str]] = {}
    languages = set()
    for each in stored:
        language = each.language or study.settings.language
        languages.add(language)
        for category, number in PSEUDONYM.findall(each.text):
            numbers[category] += 1
            kinds.setdefault(category, set()).add((each.owner, number))
        for word, n in possible_names(each.text, language=language, known=gazetteer):
            words[word] += n
            where.setdefault(word, []).append(each.interview)
    wanted = split_names(study.settings.name_pipelines)
    return NameList(
        pseudonyms=tuple((name, len(kinds[name]), n) for name, n in numbers.most_common()),
        possible=tuple(
            (word, n, tuple(dict.fromkeys(where[word]))) for word, n in words.most_common()
        ),
        limits=tuple(
            describe_limits(language, has_recogniser=name_recogniser(language, wanted) is not None)
            for language in sorted(languages)
        ),
    )


def _hash_gazetteer(study: Study) -> str:
    try:
        content = (study.folder / GAZETTEER).read_bytes()
    except OSError:
        return ABSENT
    return hashlib.sha256(content).hexdigest()
