"""Replaces names that a person marked, wherever they are stored; lists what is to be checked."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipeline.identifying.gazetteer import GAZETTEER, Gazetteer, read_gazetteer
from pipeline.identifying.identifiers import find_identifiers
from pipeline.identifying.possible_names import describe_limits, possible_names
from pipeline.linguistics import name_recogniser
from pipeline.pseudonymise import split_names
from pipeline.work import Work
from study.errors import InputError
from study.folder import Study
from study.redaction import (
    Find,
    Marked,
    Redaction,
    StoredText,
    forget_redacted,
    list_stored_texts,
    newest_text,
    redact,
)

SEARCHED = "gazetteer-searched"
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
    """Replace the gazetteer's names in stored text that has not been searched for them yet."""
    study = work.study
    forget_redacted(study)
    wanted = _Searched(_hash_gazetteer(study), _newest_version(study))
    searched = _read_searched(study)
    if wanted == searched:
        return Redaction()
    try:
        gazetteer = read_gazetteer(study.folder / GAZETTEER)
    except InputError:
        # Told where a file is taken in; what is stored waits for a list that can be read.
        return Redaction()
    redaction = redact(
        study,
        find_marked(study, gazetteer),
        actor=study.settings.coder,
        now=work.clock(),
        # What came since an unchanged gazetteer was last searched for.
        after_version=searched.version_id if wanted.gazetteer == searched.gazetteer else 0,
    )
    _mark_file(study).write_text(f"{wanted.gazetteer} {wanted.version_id}", encoding="ascii")
    return redaction


def find_marked(study: Study, gazetteer: Gazetteer) -> Find:
    """Give what finds the gazetteer's names in a stored text."""

    def find(stored: StoredText, text: str) -> list[Marked]:
        return [
            Marked(each.span, each.name, each.category)
            for each in find_identifiers(
                text,
                gazetteer,
                language=stored.language or study.settings.language,
                participant=stored.participant,
            )
            if each.source == "gazetteer"
        ]

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
            kinds.setdefault(category, set()).add((each.participant, number))
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


@dataclass(frozen=True)
class _Searched:
    gazetteer: str
    version_id: int


def _mark_file(study: Study) -> Path:
    return study.folder / "secrets" / SEARCHED


def _read_searched(study: Study) -> _Searched:
    try:
        gazetteer, version_id = _mark_file(study).read_text(encoding="ascii").split()
        return _Searched(gazetteer, int(version_id))
    except (OSError, ValueError):
        return _Searched("", 0)


def _newest_version(study: Study) -> int:
    with study.database.read() as connection:
        return newest_text(connection)


def _hash_gazetteer(study: Study) -> str:
    try:
        content = (study.folder / GAZETTEER).read_bytes()
    except OSError:
        return ABSENT
    return hashlib.sha256(content).hexdigest()
