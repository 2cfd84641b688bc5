"""Makes turns of captions: speakers from voice tags or labels, cues of one speaker joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.transcripts.captions import Cue, read_cues, split_voices
from pipeline.transcripts.heads import Head, Kind, find_head
from pipeline.transcripts.label_choice import choose_labels, is_doubtful
from pipeline.transcripts.lines import Line, count_of, name_places
from pipeline.transcripts.records import ReadTranscript, ReadTurn
from pipeline.transcripts.rolling_captions import drop_rolling_repeats
from pipeline.transcripts.speaker_labels import looks_like_name
from pipeline.transcripts.turns import join_pieces
from study.errors import InputError

# Programs begin nearly every cue with a label where they know speakers at all.
_MOST = 0.7


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
    for line in cue.lines:
        for said in split_voices(line):
            speaker = said.speaker or cue.speaker
            head = find_head(Line(said.text, "cue", cue.number)) if speaker is None else None
            yield _Words(cue, said.text, speaker, _without_weak(head))


def _without_weak(head: Head | None) -> Head | None:
    return None if head is None or head.kind is Kind.WEAK else head


def _choose(words: Sequence[_Words]) -> set[str]:
    if any(said.speaker for said in words):
        return set()
    heads = [said.head for said in words if said.head is not None]
    chosen = {label for label, _ in choose_labels(heads, n_lines=len(words))}
    named = {head.label for head in heads if looks_like_name(head.label)} | chosen
    cues = {said.cue.number for said in words}
    labelled = {said.cue.number for said in words if said.head and said.head.label in named}
    if chosen and len(labelled) >= _MOST * len(cues):
        return named
    return chosen


def _pieces(words: Sequence[_Words], chosen: set[str]) -> Iterator[ReadTurn]:
    speaker = ""
    for said in words:
        text = said.text
        if said.speaker:
            speaker = said.speaker
        elif said.head is not None and said.head.label in chosen:
            speaker, text = said.head.label, said.head.text
        yield ReadTurn(speaker, text, said.cue.place, said.cue.start_ms, said.cue.end_ms)


def _notes(
    cues: Sequence[Cue], words: Sequence[_Words], chosen: set[str], n_repeats: int
) -> Iterator[str]:
    if n_repeats:
        yield f"dropped, since rolling captions show them twice: {count_of(n_repeats, 'line')}"
    broken = [cue.place for cue in cues if cue.start_ms is None]
    if broken:
        yield f"{name_places(broken)}: the times could not be read; the words are kept"
    voices = [said for said in words if said.speaker or (said.head and said.head.label in chosen)]
    if not voices:
        yield "no speakers are named: all of it is one turn without a speaker"
    doubtful = [
        said.cue.place
        for said in words
        if said.head and said.head.label not in chosen and is_doubtful(said.head)
    ]
    if doubtful:
        yield (
            f"{name_places(doubtful)}: begins like a speaker's label that occurs once; kept in the "
            "turn before it, look whether somebody else speaks there"
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
