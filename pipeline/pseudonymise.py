"""Replaces what identifies people by pseudonyms, before anything else sees the text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.identifying.gazetteer import Gazetteer
from pipeline.identifying.identifiers import Identifier, find_identifiers
from pipeline.linguistics import name_recogniser
from pipeline.transcripts.records import ReadTurn
from study.folder import Study
from study.offsets import OffsetMap, Replacement, replace_all
from study.pseudonyms import Pseudonym, assign_pseudonyms
from study.records import Span
from study.transcripts import BETWEEN_TURNS

PARTICIPANT, INTERVIEWER = "PARTICIPANT", "INTERVIEWER"


@dataclass(frozen=True)
class Subject:
    """Whose transcript a text is, in which language, and who is known to speak in it.

    Attributes:
        participant: The label of the participant whose pseudonyms it has.
        speakers: (label, category) of everybody who speaks, as the file has them.
    """

    participant: str
    language: str
    speakers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Pseudonymised:
    """A transcript without names: text == the turns, joined, with pseudonyms in their place.

    Attributes:
        turns: Where each turn lies in it.
        offsets: From the raw text to this one.
        names: The name that each pseudonym stands for, as it was first written.
        n_replaced: How many stretches were replaced, by what found them.
    """

    text: str
    turns: tuple[Span, ...]
    offsets: OffsetMap
    pseudonyms: tuple[Pseudonym, ...]
    names: Mapping[str, str]
    n_replaced: Mapping[str, int]


def pseudonymise_turns(
    study: Study,
    turns: Sequence[ReadTurn],
    subject: Subject,
    gazetteer: Gazetteer,
    known: Sequence[Pseudonym],
) -> Pseudonymised:
    """Join turns to one text and replace every identifier in it.

    Args:
        known: The pseudonyms that the participant's interviews have already.

    Raises:
        StudyError: The settings name a spaCy pipeline that is not installed.
    """
    raw = BETWEEN_TURNS.join(turn.text for turn in turns)
    found = find_names(study, raw, subject, gazetteer)
    names = [(each.name, each.category, each.source) for each in found]
    assigned = assign_pseudonyms(known, names, hash_name=study.keyed_hash, text=raw)
    replacements = [Replacement(each.span, assigned[each.name].text) for each in found]
    offsets = OffsetMap.of(replacements)
    first = {
        assigned[each.name].text: raw[each.span.start_char : each.span.end_char]
        for each in reversed(found)
    }
    return Pseudonymised(
        text=replace_all(raw, replacements),
        turns=tuple(offsets.move(span) for span in _spans(turns)),
        offsets=offsets,
        pseudonyms=tuple(dict.fromkeys(assigned[each.name] for each in found)),
        names=first,
        n_replaced=Counter(each.source for each in found),
    )


def find_names(study: Study, text: str, subject: Subject, gazetteer: Gazetteer) -> list[Identifier]:
    """Find everything in a text that the gazetteer, the patterns or a recogniser knows.

    Raises:
        StudyError: The settings name a spaCy pipeline that is not installed.
    """
    wanted = split_names(study.settings.name_pipelines)
    return find_identifiers(
        text,
        gazetteer,
        language=subject.language,
        participant=subject.participant,
        recognise=name_recogniser(subject.language, wanted),
        speakers=subject.speakers,
    )


def split_names(names: str) -> list[str]:
    """Split a setting that names several things, parted by commas."""
    return [name.strip() for name in names.split(",") if name.strip()]


def _spans(turns: Sequence[ReadTurn]) -> list[Span]:
    spans, start = [], 0
    for turn in turns:
        spans.append(Span(start, start + len(turn.text)))
        start += len(turn.text) + len(BETWEEN_TURNS)
    return spans
