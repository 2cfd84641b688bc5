"""Makes turns of lines: those of a text file, of a Word document's paragraphs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.heading_lines import count_heading_lines
from pipeline.transcripts.headings import find_machine_notes, is_marker
from pipeline.transcripts.heads import find_heads
from pipeline.transcripts.label_choice import Chosen, choose_labels, find_seldom
from pipeline.transcripts.line_notes import Told, tell
from pipeline.transcripts.lines import Line, name_places
from pipeline.transcripts.names_and_times import pair_names_with_times
from pipeline.transcripts.records import ReadTurn
from pipeline.transcripts.speaker_labels import is_metadata
from pipeline.transcripts.timecodes import (
    CLOCK_OF_DAY_MS,
    Stamp,
    is_time_only,
    split_closing_time,
    take_leading_stamp,
)
from pipeline.transcripts.turns import clean, drop_clock_of_day, join_pieces
from pipeline.transcripts.unlabelled import read_paragraphs

SEPARATOR = "\n"


@dataclass(frozen=True)
class LinedTranscript:
    """The turns of a text, whether speakers are named in it, and what a person should know."""

    turns: tuple[ReadTurn, ...]
    notes: tuple[str, ...]
    has_speakers: bool


def read_lines(lines: Sequence[Line]) -> LinedTranscript:
    """Read turns from lines; decides over all of them what a speaker's label is."""
    lines, notes = _leave_out_machine_notes(lines)
    found = pair_names_with_times(lines, [find_heads(line) for line in lines])
    chosen = choose_labels(
        [head for heads in found for head in heads], n_lines=_count_lines_of_talk(lines, found)
    )
    heads = _without_silent(lines, [_pick(each, chosen) for each in found])
    first = _first_of_speech(lines, found, heads)
    if first is None or _is_chance(lines, heads, first):
        turns, more = read_paragraphs(lines)
        return LinedTranscript(*_finish(turns, [*notes, *more]), has_speakers=False)
    while first and (not lines[first - 1].text.strip() or _is_time(lines[first - 1])):
        first -= 1
    told = Told(find_seldom([head for head in heads[first:] if head is not None]))
    pieces = [*_heading(lines[:first]), *_pieces(lines, found, heads, first, told)]
    notes += tell(lines, first, told)
    turns = join_pieces(pieces, separator=SEPARATOR)
    return LinedTranscript(*_finish(turns, notes), has_speakers=True)


def _leave_out_machine_notes(lines: Sequence[Line]) -> tuple[Sequence[Line], list[str]]:
    machine = find_machine_notes(lines)
    if not machine:
        return lines, []
    places = name_places(lines[index].place for index in sorted(machine))
    kept = [line for index, line in enumerate(lines) if index not in machine]
    return kept, [f"{places}: notes that a machine made of the meeting, left out"]


def _count_lines_of_talk(lines: Sequence[Line], found: Sequence[tuple[Head, ...]]) -> int:
    plain = (
        index
        for index, heads in enumerate(found)
        if any(head.kind is not Kind.WEAK and not is_metadata(head.label) for head in heads)
    )
    talk = lines[next(plain, 0) :]
    return sum(bool(line.text.strip()) and not _is_between(line) for line in talk)


def _is_between(line: Line) -> bool:
    return _is_time(line) or is_marker(line.text) or line.is_aside


def _pick(heads: Sequence[Head], chosen: Chosen) -> Head | None:
    return next((head for head in heads if (head.label, head.kind) in chosen), None)


def _without_silent(lines: Sequence[Line], heads: Sequence[Head | None]) -> list[Head | None]:
    """Drop the labels after which nobody says anything in the whole file: they are words."""
    speaking: set[str] = set()
    label, is_timed = "", False
    for line, head in zip(lines, heads, strict=True):
        if head is not None:
            label, is_timed = head.label, head.start_ms is not None
        words = line.text if head is None else head.text
        is_program = line.is_aside or is_marker(words) or (is_timed and is_time_only(words.strip()))
        if clean(words) and not is_program:
            speaking.add(label)
    return [head if head is not None and head.label in speaking else None for head in heads]


def _finish(
    turns: Sequence[ReadTurn], notes: Sequence[str]
) -> tuple[tuple[ReadTurn, ...], tuple[str, ...]]:
    kept, more = drop_clock_of_day(turns, first_ms=CLOCK_OF_DAY_MS)
    return kept, (*notes, *more)


def _is_time(line: Line) -> bool:
    return is_time_only(line.text.strip())


def _first_of_speech(
    lines: Sequence[Line], found: Sequence[tuple[Head, ...]], heads: Sequence[Head | None]
) -> int | None:
    n_heading = count_heading_lines(lines, found, heads)
    later = (index for index in range(n_heading, len(heads)) if heads[index] is not None)
    first = next(later, None)
    return first if first is not None else next((i for i, head in enumerate(heads) if head), None)


def _is_chance(lines: Sequence[Line], heads: Sequence[Head | None], first: int) -> bool:
    """Tell whether the labels are so few and so late that they are words of a running text."""
    held = [head for head in heads[first:] if head is not None]
    before = [len(line.text) for line in lines[:first] if line.text.strip()]
    n_after = sum(len(line.text) for line in lines[first:])
    if any(head.kind is Kind.GIVEN for head in held):
        return False
    if len(held) == 1:
        return len(before) > 2 and held[0].kind is not Kind.SURE
    return len(held) < 5 and sum(before) > max(n_after, 500)


def _heading(lines: Sequence[Line]) -> Iterator[ReadTurn]:
    for line in lines:
        yield ReadTurn("", line.text, line.place, is_speech=False)


def _pieces(
    lines: Sequence[Line],
    found: Sequence[tuple[Head, ...]],
    heads: Sequence[Head | None],
    first: int,
    told: Told,
) -> Iterator[ReadTurn]:
    speaker, waiting = "", None
    labels = {head.label for head in heads if head is not None}
    for index in range(first, len(lines)):
        line, head, text = lines[index], heads[index], lines[index].text.strip()
        if head is None and (line.is_aside or (line.label is None and is_marker(text))):
            told.add_marker(line)
            yield ReadTurn("", text, line.place, is_speech=False)
        elif head is not None:
            speaker = head.label
            told.add_head(head, line, labels)
            yield _piece(speaker, head.text, line, _time_of(head, waiting))
            waiting = None
        elif _is_time(line) and not _is_answer(lines, heads, index):
            waiting = take_leading_stamp(text, may_be_bare=True)
        elif text:
            told.add_words(found[index], line, labels)
            yield _continued(speaker, line)
            waiting = None


def _time_of(head: Head, waiting: Stamp | None) -> tuple[int | None, int | None]:
    start = head.start_ms if head.start_ms is not None else _start_of(waiting)
    return start, head.end_ms


def _start_of(stamp: Stamp | None) -> int | None:
    return None if stamp is None else stamp.start_ms


def _is_answer(lines: Sequence[Line], heads: Sequence[Head | None], index: int) -> bool:
    # "How late?" "10:30": a time that is all somebody says.
    above = heads[index - 1]
    if above is None or clean(above.text) or above.start_ms is not None:
        return False
    rest = (i for i in range(index + 1, len(lines)) if lines[i].text.strip())
    following = next(rest, None)
    return following is None or heads[following] is not None


def _continued(speaker: str, line: Line) -> ReadTurn:
    # A time in brackets that begins a paragraph is the program's; a bare one may be spoken.
    stamp = take_leading_stamp(line.text.strip(), may_be_bare=False)
    start, end = (stamp.start_ms, stamp.end_ms) if stamp else (None, None)
    # aTrain: "[00:00:12] - words".
    text = stamp.after.removeprefix(" - ") if stamp else line.text
    return _piece(speaker, text, line, (start, end))


def _piece(speaker: str, text: str, line: Line, times: tuple[int | None, int | None]) -> ReadTurn:
    words, closing_ms = split_closing_time(text.strip())
    start, end = times
    return ReadTurn(speaker, words, line.place, start, end if closing_ms is None else closing_ms)
