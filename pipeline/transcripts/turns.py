"""Joins what one speaker says in a row into turns."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.transcripts.records import ReadTurn
from pipeline.transcripts.speaker_labels import strip_unseen

# Half a character, which JSON may hold and no file can be written with.
_SURROGATE = re.compile("[\ud800-\udfff]")
REMARKS = re.compile(r"(?:[(\[][^()\[\]]{1,200}[)\]]\s*){1,9}")


def join_pieces(pieces: Iterable[ReadTurn], *, separator: str) -> tuple[ReadTurn, ...]:
    """Join neighbouring pieces of one speaker; a piece without words gives its time and place.

    The first place and start and the last end are kept; turns without any words are dropped.
    """
    groups: list[list[ReadTurn]] = []
    for _, found in groupby(map(_mend, pieces), key=_speaker):
        group = list(found)
        if not any(clean(piece.text) for piece in group):
            continue
        if groups and _speaker(groups[-1][0]) == _speaker(group[0]):
            groups[-1].extend(group)
        else:
            groups.append(group)
    return tuple(_join(group, separator) for group in groups)


def clean(text: str) -> str:
    """Normalise to NFC, without space or marks of the encoding at either end."""
    return unicodedata.normalize("NFC", text.replace("\ufeff", "")).strip()


def _mend(piece: ReadTurn) -> ReadTurn:
    speaker = strip_unseen(_SURROGATE.sub("\ufffd", piece.speaker))
    return replace(piece, speaker=speaker, text=_SURROGATE.sub("\ufffd", piece.text))


def set_remarks_apart(turns: Sequence[ReadTurn]) -> tuple[ReadTurn, ...]:
    """Set "(3 seconds pause)" and the like apart from speech, where it has no speaker's label."""
    if not any(turn.speaker for turn in turns):
        return tuple(turns)
    return tuple(
        replace(turn, is_speech=False)
        if turn.is_speech and not turn.speaker and REMARKS.fullmatch(turn.text)
        else turn
        for turn in turns
    )


def drop_clock_of_day(
    turns: Sequence[ReadTurn], *, first_ms: int
) -> tuple[tuple[ReadTurn, ...], tuple[str, ...]]:
    """Drop times that are those of a clock, not counted from the start of a recording.

    Args:
        first_ms: From where on the first time of a file is taken for a clock's.
    """
    first = next((turn.start_ms for turn in turns if turn.start_ms is not None), None)
    if first is None or first < first_ms:
        return tuple(turns), ()
    bare = tuple(
        ReadTurn(turn.speaker, turn.text, turn.place, None, None, turn.is_speech) for turn in turns
    )
    return bare, ("the times are those of a clock, not counted from the start: left out",)


def _speaker(turn: ReadTurn) -> tuple[str, bool]:
    return turn.speaker, turn.is_speech


def _join(group: Sequence[ReadTurn], separator: str) -> ReadTurn:
    first = group[0]
    ends = [piece.end_ms for piece in group if piece.end_ms is not None]
    return ReadTurn(
        speaker=first.speaker,
        text=separator.join(text for piece in group if (text := clean(piece.text))),
        place=first.place,
        start_ms=next((piece.start_ms for piece in group if piece.start_ms is not None), None),
        end_ms=max(ends, default=None),
        is_speech=first.is_speech,
    )
