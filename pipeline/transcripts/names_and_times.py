"""Joins the time on one line with the name on the next, or the other way, as programs do."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import is_role, looks_like_name
from pipeline.transcripts.timecodes import is_time_only, take_leading_stamp

Heads = tuple[Head, ...]


def pair_names_with_times(lines: Sequence[Line], heads: Sequence[Heads]) -> list[Heads]:
    """Give names on a line of their own the time above or below them.

    Where a time stands above "Name: words" instead, those labels are as sure as one beside a time.
    """
    paired = list(heads)
    spoken = [index for index, line in enumerate(lines) if line.text.strip()]
    shown = [heads[index] for index in spoken]
    times = [n for n, index in enumerate(spoken) if is_time_only(lines[index].text.strip())]
    above = [n for n in times if n > 0 and _name_in(shown[n - 1])]
    below = [n for n in times if n + 1 < len(spoken) and _name_in(shown[n + 1])]
    labelled = [n for n in times if n + 1 < len(spoken) and _labelled_in(shown[n + 1])]
    step, named = (-1, above) if len(above) >= len(below) else (1, below)
    if len(labelled) >= len(named):
        for n in labelled:
            paired[spoken[n + 1]] = _surer(shown[n + 1])
        named = [n for n in named if n not in labelled]
    # A name beside each time is a program's way; beside some of them it is chance unless it recurs.
    kind = Kind.SURE if len(named) == len(times) else Kind.PLAIN
    for n in named:
        head = _name_in(shown[n + step])
        stamp = take_leading_stamp(lines[spoken[n]].text.strip(), may_be_bare=True)
        if head is not None:
            start = None if stamp is None else stamp.start_ms
            paired[spoken[n + step]] = (replace(head, kind=kind, start_ms=start),)
    return paired


def _name_in(heads: Heads) -> Head | None:
    return next((head for head in heads if head.kind is Kind.WEAK and not head.text), None)


def _labelled_in(heads: Heads) -> bool:
    return any(
        head.kind is not Kind.WEAK and (looks_like_name(head.label) or is_role(head.label))
        for head in heads
    )


def _surer(heads: Heads) -> Heads:
    return tuple(
        replace(head, kind=Kind.SURE) if head.kind is Kind.PLAIN and _labelled_in((head,)) else head
        for head in heads
    )
