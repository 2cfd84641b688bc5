"""Reads a text that names no speakers: every paragraph becomes a turn."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.transcripts.headings import is_marker
from pipeline.transcripts.lines import Line, name_places
from pipeline.transcripts.records import ReadTurn
from pipeline.transcripts.timecodes import is_time_only, split_closing_time, take_leading_stamp
from pipeline.transcripts.turns import clean, join_pieces

_NEARLY_ALL = 0.8


def read_paragraphs(lines: Sequence[Line]) -> tuple[tuple[ReadTurn, ...], list[str]]:
    """Make a turn without a speaker of every paragraph; blank lines part paragraphs."""
    worded = [line for line in lines if line.text.strip()]
    n_timed = sum(take_leading_stamp(line.text.strip(), may_be_bare=True) is not None
                  for line in worded)  # fmt: skip
    is_timed = n_timed >= _NEARLY_ALL * len(worded)
    has_blanks = len(worded) < _last(lines, worded)
    turns: list[ReadTurn] = []
    waiting: ReadTurn | None = None
    for paragraph in _paragraphs(lines, has_blanks=has_blanks):
        pieces = [_piece(line, is_timed=is_timed) for line in paragraph]
        if waiting is not None:
            pieces.insert(0, waiting)
        joined = join_pieces(pieces, separator="\n")
        waiting = None if joined else pieces[0]
        turns += joined
    markers = [turn.place for turn in turns if not turn.is_speech]
    notes = ["no speaker labels were found: every paragraph is a turn without a speaker"]
    if markers:
        notes.append(f"{name_places(markers)}: put in by the program, kept as a note, not coded")
    return tuple(turns), notes


def _last(lines: Sequence[Line], worded: Sequence[Line]) -> int:
    if not worded:
        return 0
    first, last = lines.index(worded[0]), len(lines) - 1
    while not lines[last].text.strip():
        last -= 1
    return last - first + 1


def _paragraphs(lines: Sequence[Line], *, has_blanks: bool) -> Iterator[list[Line]]:
    for is_worded, group in groupby(lines, key=lambda line: bool(line.text.strip())):
        if is_worded and has_blanks:
            yield list(group)
        elif is_worded:
            yield from ([line] for line in group)


def _piece(line: Line, *, is_timed: bool) -> ReadTurn:
    text = line.text.strip()
    if is_marker(text):
        return ReadTurn("", text, line.place, is_speech=False)
    stamp = take_leading_stamp(text, may_be_bare=is_timed or is_time_only(text))
    words, end = split_closing_time(stamp.after if stamp else text)
    start, stop = (stamp.start_ms, stamp.end_ms) if stamp else (None, None)
    return ReadTurn("", clean(words), line.place, start, stop if end is None else end)
