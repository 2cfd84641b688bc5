"""Makes turns of captions: speakers from voice tags or labels, cues of one speaker joined."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.transcripts.captions import Cue, read_cues, split_voices
from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.heads import find_heads
from pipeline.transcripts.label_choice import Chosen, choose_labels, find_seldom, is_doubtful
from pipeline.transcripts.lines import Line, count_of, name_places
from pipeline.transcripts.records import ReadTranscript, ReadTurn
from pipeline.transcripts.rolling_captions import drop_rolling_repeats
from pipeline.transcripts.speaker_labels import (
    could_be_name,
    is_metadata,
    is_spoken,
    looks_like_name,
)
from pipeline.transcripts.turns import join_pieces
from study.errors import InputError

# Programs begin nearly every cue with a label where they know speakers at all.
_MOST = 0.7
_SOME = 0.4


@dataclass(frozen=True)
class _Words:
    cue: Cue
    text: str
    speaker: str | None
    head: Head | None


def read_captions(text: str, name: str) -> ReadTranscript:
    """Read a caption file, .vtt or .srt.

    Raises:
        InputError: It has no cues, or none with words.
    """
    found = read_cues(text)
    if not found.cues:
        raise InputError(
            [f"{name}: no captions in it, expected times such as 00:00:01.000 --> 00:00:04.000."]
        )
    cues, n_repeats = drop_rolling_repeats(found.cues)
    words = [said for cue in cues for said in _words(cue)]
    chosen = _choose(words)
    turns = join_pieces(_pieces(words, chosen), separator=" ")
    if not turns:
        raise InputError(
            [f"{name}: {count_of(len(cues), 'caption')} and no words in them. Export it again."]
        )
    notes = [*_notes(cues, words, chosen, n_repeats)]
    notes += _left_out(found.n_comments, found.n_header_lines)
    return ReadTranscript(_name_format(text, found.header, words, turns), turns, tuple(notes))


def _words(cue: Cue) -> Iterator[_Words]:
    for said in split_voices("\n".join(cue.lines)):
        speaker = said.speaker or cue.speaker
        for text in filter(None, map(str.strip, said.text.splitlines())):
            heads = () if speaker else find_heads(Line(text, "cue", cue.number))
            plain = next((head for head in heads if head.kind is not Kind.WEAK), None)
            yield _Words(cue, text, speaker, plain)


def _choose(words: Sequence[_Words]) -> Chosen:
    if any(said.speaker for said in words):
        return frozenset()
    heads = [said.head for said in words if said.head is not None]
    chosen = choose_labels(heads, n_lines=len(words))
    cues = {said.cue.number for said in words}
    if len(_cues_of(words, chosen)) < _SOME * len(cues) and not _take_turns(heads, chosen):
        # Programs name who speaks all along: these are words of somebody's story.
        return frozenset()
    named = {head for head in heads if looks_like_name(head.label) and head.kind is Kind.PLAIN}
    if {head.label for head in named} <= {label for label, _ in chosen}:
        named = set()
    more = chosen | {(head.label, head.kind) for head in named}
    n_labelled = len(_cues_of(words, more))
    if len({said.cue.number for said in words if said.head}) == len(cues) and (
        n_labelled >= _MOST * len(cues)
    ):
        # Every cue has one, so that even a name in small letters is one.
        more |= {(head.label, head.kind) for head in heads if _may_be_shown(head)}
    return more if chosen and n_labelled >= _MOST * len(cues) else chosen


def _may_be_shown(head: Head) -> bool:
    is_word = is_spoken(head.label.split()[0]) or is_metadata(head.label)
    return head.kind is Kind.PLAIN and could_be_name(head.label) and not is_word


def _cues_of(words: Sequence[_Words], chosen: Chosen) -> set[int]:
    return {said.cue.number for said in words if _speaks(said.head, chosen)}


def _speaks(head: Head | None, chosen: Chosen) -> bool:
    return head is not None and (head.label, head.kind) in chosen


def _take_turns(heads: Sequence[Head], chosen: Chosen) -> bool:
    counts = Counter(head.label for head in heads if _speaks(head, chosen))
    return sum(count > 1 for count in counts.values()) > 1


def _pieces(words: Sequence[_Words], chosen: Chosen) -> Iterator[ReadTurn]:
    speaker = ""
    has_voices = any(said.speaker for said in words)
    for said in words:
        text = said.text
        if said.speaker or has_voices:
            speaker = said.speaker or ""
        elif said.head is not None and _speaks(said.head, chosen):
            speaker, text = said.head.label, said.head.text
        yield ReadTurn(speaker, text, said.cue.place, said.cue.start_ms, said.cue.end_ms)


def _notes(
    cues: Sequence[Cue], words: Sequence[_Words], chosen: Chosen, n_repeats: int
) -> Iterator[str]:
    if n_repeats:
        yield f"dropped, since rolling captions show them twice: {count_of(n_repeats, 'line')}"
    broken = [cue.place for cue in cues if cue.start_ms is None]
    if broken:
        yield f"{name_places(broken)}: the times could not be read; the words are kept"
    voices = [said for said in words if said.speaker or _speaks(said.head, chosen)]
    if not voices:
        yield "no speakers are named: all of it is one turn without a speaker"
    has_voices = any(said.speaker for said in words)
    silent = [said.cue.place for said in words if has_voices and not said.speaker]
    if silent:
        yield f"{name_places(silent)}: no speaker is named there; say who speaks"
    yield from _doubts(words, chosen)


def _doubts(words: Sequence[_Words], chosen: Chosen) -> Iterator[str]:
    heads = [(said.cue.place, said.head) for said in words if said.head is not None]
    seldom = find_seldom([head for _, head in heads if _speaks(head, chosen)])
    if singles := [place for place, head in heads if head.label in seldom]:
        yield (
            f"{name_places(singles)}: a label that occurs seldom, or is a common word, was taken "
            "for a speaker: look"
        )
    others = [(place, head) for place, head in heads if not _speaks(head, chosen)]
    if doubtful := [place for place, head in others if is_doubtful(head)]:
        yield (
            f"{name_places(doubtful)}: begins like a speaker's label; kept in the turn before it, "
            "look whether somebody else speaks there"
        )


def _left_out(n_comments: int, n_header_lines: int) -> Iterator[str]:
    if n_comments:
        yield f"left out: {count_of(n_comments, 'block')} of comments or styles"
    if n_header_lines:
        yield f"left out: {count_of(n_header_lines, 'line')} of the file's header"


def _name_format(text: str, header: str, words: Sequence[_Words], turns: Sequence[ReadTurn]) -> str:
    suffix = ".vtt" if text.lstrip("\ufeff \n\r").startswith("WEBVTT") else ".srt"
    if "noscribe" in header.casefold():
        return f"noScribe captions ({suffix})"
    if any(said.speaker for said in words):
        return f"Captions with voices, such as Teams' ({suffix})"
    if any(turn.speaker for turn in turns):
        return f"Captions with labels, such as Zoom's ({suffix})"
    return f"Captions without speakers ({suffix})"
