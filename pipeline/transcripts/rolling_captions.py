"""Drops the lines that rolling captions, such as YouTube's, show a second time."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.transcripts.captions import Cue, plain

# Cues of rolling captions touch; anything further apart was said twice.
_APART_MS = 100
_SHORT_MS = 50
_FEWEST = 2


def drop_rolling_repeats(cues: Sequence[Cue]) -> tuple[list[Cue], int]:
    """Drop the first line of a cue where it repeats the last of the cue before.

    Only in files that roll: where lines are carried over into longer cues again and again, or
    where words carry times of their own.

    Returns:
        The cues, and how many lines were dropped.
    """
    shown = [_shown(cue) for cue in cues]
    pairs = list(pairwise(cues))
    carried = [
        _touch(a, b) and bool(shown[n] and shown[n + 1]) and shown[n][-1] == shown[n + 1][0]
        for n, (a, b) in enumerate(pairs)
    ]
    if not _rolls(cues, shown, carried):
        return list(cues), 0
    kept = [cues[0]]
    for index, cue in enumerate(cues[1:], start=1):
        repeated = carried[index - 1]
        kept.append(replace(cue, lines=tuple(_without_first(cue.lines))) if repeated else cue)
    return kept, sum(carried)


def _rolls(cues: Sequence[Cue], shown: Sequence[list[str]], carried: Sequence[bool]) -> bool:
    grown = sum(is_same and len(shown[n + 1]) > 1 for n, is_same in enumerate(carried))
    has_inline = any(cue.has_inline_times for cue in cues)
    flashes = sum(is_same and _is_flash(cues[n + 1]) for n, is_same in enumerate(carried))
    if has_inline:
        return grown + flashes > 0
    return grown >= _FEWEST and grown + flashes >= len(cues) // 4


def _is_flash(cue: Cue) -> bool:
    return cue.start_ms is not None and (cue.end_ms or 0) - cue.start_ms <= _SHORT_MS


def _touch(first: Cue, second: Cue) -> bool:
    if first.end_ms is None or second.start_ms is None:
        return False
    return abs(second.start_ms - first.end_ms) <= _APART_MS


def _shown(cue: Cue) -> list[str]:
    return [words for line in cue.lines if (words := " ".join(plain(line).split()))]


def _without_first(lines: Sequence[str]) -> list[str]:
    first = next(index for index, line in enumerate(lines) if plain(line))
    return [line for index, line in enumerate(lines) if index != first]
