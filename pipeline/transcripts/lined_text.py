"""Makes turns of lines: those of a text file, of a Word document's paragraphs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.transcripts.headings import count_heading_lines, find_machine_notes, is_marker
from pipeline.transcripts.heads import Head, Kind, find_head
from pipeline.transcripts.label_choice import choose_labels, find_singles, is_doubtful
from pipeline.transcripts.lines import Line, name_places
from pipeline.transcripts.records import ReadTurn
from pipeline.transcripts.speaker_labels import is_metadata, is_role, looks_like_name
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


@dataclass
class _Told:
    """Places that notes name, gathered on the way."""

    doubtful: list[str] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)


def read_lines(lines: Sequence[Line]) -> LinedTranscript:
    """Read turns from lines; decides over all of them what a speaker's label is."""
    lines, notes = _leave_out_machine_notes(lines)
    found = _pair_names_with_times(lines, [find_head(line) for line in lines])
    n_lines = _count_lines_of_talk(lines, found)
    chosen = choose_labels([head for head in found if head is not None], n_lines=n_lines)
    heads = [head if head and (head.label, head.kind) in chosen else None for head in found]
    first = _first_of_speech(lines, found, heads)
    if first is None or _is_chance(lines, heads, first):
        turns, more = read_paragraphs(lines)
        return LinedTranscript(*_finish(turns, [*notes, *more]), has_speakers=False)
    while first and (not lines[first - 1].text.strip() or _is_time(lines[first - 1])):
        first -= 1
    told = _Told()
    singles = find_singles([head for head in heads[first:] if head is not None])
    pieces = [*_heading(lines[:first]), *_pieces(lines, found, heads, first, told)]
    told.singles += [
        line.place
        for line, head in zip(lines, heads, strict=True)
        if head and head.label in singles
    ]
    notes += _notes(lines, first, told)
    turns = join_pieces(pieces, separator=SEPARATOR)
    return LinedTranscript(*_finish(turns, notes), has_speakers=True)


def _leave_out_machine_notes(lines: Sequence[Line]) -> tuple[Sequence[Line], list[str]]:
    machine = find_machine_notes(lines)
    if not machine:
        return lines, []
    places = name_places(lines[index].place for index in sorted(machine))
    kept = [line for index, line in enumerate(lines) if index not in machine]
    return kept, [f"{places}: notes that a machine made of the meeting, left out"]


def _count_lines_of_talk(lines: Sequence[Line], found: Sequence[Head | None]) -> int:
    plain = (
        index
        for index, head in enumerate(found)
        if head is not None and head.kind is not Kind.WEAK and not is_metadata(head.label)
    )
    talk = lines[next(plain, 0) :]
    return sum(bool(line.text.strip()) and not _is_aside(line) for line in talk)


def _is_aside(line: Line) -> bool:
    return _is_time(line) or is_marker(line.text)


def _finish(
    turns: Sequence[ReadTurn], notes: Sequence[str]
) -> tuple[tuple[ReadTurn, ...], tuple[str, ...]]:
    kept, more = drop_clock_of_day(turns, first_ms=CLOCK_OF_DAY_MS)
    return kept, (*notes, *more)


def _pair_names_with_times(lines: Sequence[Line], heads: list[Head | None]) -> list[Head | None]:
    """Join the time on one line with the name on the next, or the other way, as programs do."""
    paired = list(heads)
    spoken = [index for index, line in enumerate(lines) if line.text.strip()]
    times = [n for n, index in enumerate(spoken) if _is_time(lines[index])]
    above = [n for n in times if n > 0 and _is_name(heads[spoken[n - 1]])]
    below = [n for n in times if n + 1 < len(spoken) and _is_name(heads[spoken[n + 1]])]
    step, named = (-1, above) if len(above) >= len(below) else (1, below)
    # A name beside each time is a program's way; beside some of them it is chance unless it recurs.
    kind = Kind.SURE if len(named) == len(times) else Kind.PLAIN
    for n in times:
        after = heads[spoken[n + 1]] if n + 1 < len(spoken) else None
        if after is not None and after.kind is not Kind.WEAK:
            if looks_like_name(after.label) or is_role(after.label):
                paired[spoken[n + 1]] = replace(after, kind=Kind.SURE)
        elif n in named:
            head = heads[spoken[n + step]]
            stamp = take_leading_stamp(lines[spoken[n]].text.strip(), may_be_bare=True)
            if head is not None:
                paired[spoken[n + step]] = replace(head, kind=kind, start_ms=_start_of(stamp))
    return paired


def _is_time(line: Line) -> bool:
    return is_time_only(line.text.strip())


def _is_name(head: Head | None) -> bool:
    return head is not None and head.kind is Kind.WEAK and not head.text


def _first_of_speech(
    lines: Sequence[Line], found: Sequence[Head | None], heads: Sequence[Head | None]
) -> int | None:
    facts = [
        head if head is None or chosen or is_metadata(head.label) else None
        for head, chosen in zip(found, heads, strict=True)
    ]
    n_heading = count_heading_lines(lines, facts)
    later = (index for index in range(n_heading, len(heads)) if heads[index] is not None)
    first = next(later, None)
    return first if first is not None else next((i for i, head in enumerate(heads) if head), None)


def _is_chance(lines: Sequence[Line], heads: Sequence[Head | None], first: int) -> bool:
    """Tell whether the labels are so few and so late that they are words of a running text."""
    held = [head for head in heads[first:] if head is not None]
    before = [len(line.text) for line in lines[:first] if line.text.strip()]
    n_after = sum(len(line.text) for line in lines[first:])
    if len(held) == 1:
        return len(before) > 2 and held[0].kind is not Kind.SURE
    return len(held) < 5 and sum(before) > max(n_after, 500)


def _heading(lines: Sequence[Line]) -> Iterator[ReadTurn]:
    for line in lines:
        yield ReadTurn("", line.text, line.place, is_speech=False)


def _pieces(
    lines: Sequence[Line],
    found: Sequence[Head | None],
    heads: Sequence[Head | None],
    first: int,
    told: _Told,
) -> Iterator[ReadTurn]:
    speaker, waiting = "", None
    for index in range(first, len(lines)):
        line, head, text = lines[index], heads[index], lines[index].text.strip()
        if head is None and is_marker(text):
            told.markers.append(line.place)
            yield ReadTurn("", text, line.place, is_speech=False)
        elif head is not None:
            speaker = head.label
            yield _piece(speaker, head.text, line, _time_of(head, waiting))
            waiting = None
        elif _is_time(line) and not _is_answer(lines, heads, index):
            waiting = take_leading_stamp(text, may_be_bare=True)
        elif text:
            _tell_doubt(found[index], line, told)
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
    return _piece(speaker, stamp.after if stamp else line.text, line, (start, end))


def _piece(speaker: str, text: str, line: Line, times: tuple[int | None, int | None]) -> ReadTurn:
    words, closing_ms = split_closing_time(text.strip())
    start, end = times
    return ReadTurn(speaker, words, line.place, start, end if closing_ms is None else closing_ms)


def _tell_doubt(head: Head | None, line: Line, told: _Told) -> None:
    if head is not None and is_doubtful(head):
        told.doubtful.append(line.place)


def _notes(lines: Sequence[Line], first: int, told: _Told) -> Iterator[str]:
    heading = [line.place for line in lines[:first] if line.text.strip()]
    if heading:
        verb = "stand" if len(heading) > 1 else "stands"
        yield (
            f"{name_places(heading)} {verb} before the first speaker label: kept as a heading, "
            "not coded"
        )
    if told.markers:
        yield f"{name_places(told.markers)}: put in by the program, kept as a note, not coded"
    if told.singles:
        yield f"{name_places(told.singles)}: a label that occurs once was taken for a speaker: look"
    if told.doubtful:
        yield (
            f"{name_places(told.doubtful)}: begins like a speaker's label that occurs once; kept "
            "in the turn before it, look whether somebody else speaks there"
        )
