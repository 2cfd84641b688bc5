"""Replaces what identifies people by pseudonyms, before anything else sees the text."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
        participants: Whose interview it is; in order, the first one's pseudonyms it has.
        speakers: (label, category) of everybody who speaks, as the file has them.
    """

    participants: tuple[str, ...]
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
    spans = _spans(turns)
    found = find_within(raw, spans, lambda text: find_names(study, text, subject, gazetteer))
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
        turns=tuple(offsets.move(span) for span in spans),
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
        participants=subject.participants,
        recognise=name_recogniser(subject.language, wanted),
        speakers=subject.speakers,
    )


def find_within(
    text: str, turns: Sequence[Span], find: Callable[[str], list[Identifier]]
) -> list[Identifier]:
    """Find identifiers of which none reaches from one turn into the next.

    "Dat was Jan." – "Mark zei niets." is not somebody called Jan Mark: what crosses a border is
    looked for again in each of the turns.
    """
    starts = [turn.start_char for turn in turns]
    kept: list[Identifier] = []
    crossing: list[Identifier] = []
    for each in find(text):
        place = bisect_right(starts, each.span.start_char) - 1
        is_inside = place < 0 or each.span.end_char <= turns[place].end_char
        (kept if is_inside else crossing).append(each)
    for each in crossing:
        kept += _find_apart(text, turns, find, each.span)
    return sorted(kept, key=lambda each: each.span.start_char)


def _find_apart(
    text: str, turns: Sequence[Span], find: Callable[[str], list[Identifier]], crossing: Span
) -> Iterator[Identifier]:
    for turn in turns:
        if turn.start_char >= crossing.end_char or turn.end_char <= crossing.start_char:
            continue
        for each in find(text[turn.start_char : turn.end_char]):
            start, end = (
                turn.start_char + each.span.start_char,
                turn.start_char + each.span.end_char,
            )
            if start < crossing.end_char and end > crossing.start_char:
                yield replace(each, span=Span(start, end))


def split_names(names: str) -> list[str]:
    """Split a setting that names several things, parted by commas."""
    return [name.strip() for name in names.split(",") if name.strip()]


def _spans(turns: Sequence[ReadTurn]) -> list[Span]:
    spans, start = [], 0
    for turn in turns:
        spans.append(Span(start, start + len(turn.text)))
        start += len(turn.text) + len(BETWEEN_TURNS)
    return spans
