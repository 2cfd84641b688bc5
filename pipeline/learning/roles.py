"""Numbers the roles, or else the speakers, in which excerpts were said."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.passages import NOBODY, IntArray
from study.records import Excerpt, Span, Turn
from study.transcripts import INTERVIEWER, PARTICIPANT

NUMBERED = (INTERVIEWER, PARTICIPANT)
# "Speaker 1" of most interviews may be the interviewer; a label of a few is somebody's own.
SHARED = 0.5


@dataclass(frozen=True)
class Spoken:
    """An interview's turns in order, and its excerpts."""

    turns: Sequence[Turn]
    excerpts: Sequence[Excerpt]


@dataclass(frozen=True)
class RoleNames:
    """By what speakers are told apart: their roles, or else their labels; and their numbers."""

    is_by_role: bool
    numbers: Mapping[str, int]


def number_roles(interviews: Sequence[Spoken]) -> list[IntArray]:
    """Number for each interview the role that most of each excerpt was said in.

    Returns:
        (n_excerpts,) for each interview; NOBODY where the turns tell nothing.
    """
    names = name_roles(interviews)
    return [number_by_names(each, names) for each in interviews]


def name_roles(interviews: Sequence[Spoken]) -> RoleNames:
    """Choose by what a study's speakers are told apart.

    0 is the interviewer and 1 the participant. Where no turn of any interview has a role, the
    speakers' labels that at least half of the interviews share are numbered by the alphabet.
    """
    turns = [turn for interview in interviews for turn in interview.turns]
    if any(turn.role in NUMBERED for turn in turns):
        return RoleNames(True, {role: number for number, role in enumerate(NUMBERED)})
    said = [[turn.speaker for turn in each.turns] for each in interviews]
    return RoleNames(False, _number_shared(said))


def number_by_names(interview: Spoken, names: RoleNames) -> IntArray:
    """Number the role that most of each excerpt was said in, (n_excerpts,)."""
    said = [(turn.role or "") if names.is_by_role else turn.speaker for turn in interview.turns]
    return _number(interview, [names.numbers.get(name, NOBODY) for name in said])


def _number_shared(said: Sequence[Sequence[str]]) -> dict[str, int]:
    n_with = Counter(label for labels in said for label in set(labels) if label)
    shared = sorted(label for label, n in n_with.items() if n >= SHARED * len(said))
    # One label alone tells no excerpt from another.
    return {label: number for number, label in enumerate(shared)} if len(shared) > 1 else {}


def _number(interview: Spoken, numbers: Sequence[int]) -> IntArray:
    ends = [turn.span.end_char for turn in interview.turns]
    found = [
        _choose(interview.turns, numbers, bisect_right(ends, excerpt.span.start_char), excerpt.span)
        for excerpt in interview.excerpts
    ]
    return np.array(found, dtype=np.int64)


def _choose(turns: Sequence[Turn], numbers: Sequence[int], first: int, span: Span) -> int:
    n_chars: Counter[int] = Counter()
    for place in range(first, len(turns)):
        turn = turns[place].span
        if turn.start_char >= span.end_char:
            break
        shared = min(turn.end_char, span.end_char) - max(turn.start_char, span.start_char)
        n_chars[numbers[place]] += shared
    return n_chars.most_common(1)[0][0] if n_chars else NOBODY
