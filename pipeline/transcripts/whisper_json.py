"""Reads the JSON of Whisper, faster-whisper, whisper.cpp and WhisperX."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.transcripts.lines import count_of, name_places
from pipeline.transcripts.records import ReadTranscript, ReadTurn
from pipeline.transcripts.timecodes import read_ms
from pipeline.transcripts.turns import join_pieces
from study.errors import InputError

_EXPECTED = (
    'expected Whisper\'s {"segments": [{"start", "end", "text"}]} or whisper.cpp\'s '
    '{"transcription": [{"offsets", "text"}]}'
)
_SPEAKER_KEYS = ("speaker", "speaker_label", "speaker_id", "speaker_name")
_MOST_OFFENDERS = 20


def read_whisper_json(text: str, name: str) -> ReadTranscript:
    """Read the segments of a speech recogniser.

    Raises:
        InputError: It is no JSON, no such JSON, or holds no words.
    """
    segments, kind = _find_segments(_parse(text, name), name)
    _check(segments, name)
    pieces = [_piece(segment, number) for number, segment in enumerate(segments, start=1)]
    turns = join_pieces(pieces, separator=" ")
    if not turns:
        raise InputError([f"{name}: {count_of(len(segments), 'segment')} and no words in them."])
    return ReadTranscript(kind, turns, tuple(_notes(pieces)))


def looks_like_segments(text: str) -> bool:
    """Tell whether a text may be a speech recogniser's JSON."""
    head = text[:4000].lstrip("\ufeff \t\r\n")
    keys = ('"segments"', '"transcription"', '"text"', '"start"')
    return head[:1] in ("{", "[") and any(key in text for key in keys)


def _parse(text: str, name: str) -> object:
    try:
        content: object = json.loads(text.lstrip("\ufeff"), parse_int=_whole)
        return content
    except json.JSONDecodeError as error:
        raise InputError(
            [f"{name}: line {error.lineno}: this is not JSON. Export the transcript again."]
        ) from None
    except RecursionError:
        raise InputError([f"{name}: its JSON is nested too deeply; {_EXPECTED}."]) from None


def _whole(digits: str) -> int | float:
    # Python refuses to read a number of thousands of digits.
    return int(digits) if len(digits) < 300 else math.inf


def _find_segments(content: object, name: str) -> tuple[list[Any], str]:
    result = content.get("result") if isinstance(content, dict) else None
    if isinstance(result, dict) and "segments" in result:
        content = result
    if isinstance(content, list) and content and _is_segment(content[0]):
        return content, "Whisper segments (.json)"
    if isinstance(content, dict):
        if isinstance(content.get("segments"), list):
            return content["segments"], "Whisper segments (.json)"
        if isinstance(content.get("transcription"), list):
            return content["transcription"], "whisper.cpp segments (.json)"
    raise InputError([f"{name}: no transcript was found in this JSON, {_EXPECTED}."])


def _is_segment(value: object) -> bool:
    return isinstance(value, dict) and "text" in value


def _check(segments: Sequence[Any], name: str) -> None:
    wrong = [
        f"segment {number}"
        for number, segment in enumerate(segments, start=1)
        if not isinstance(segment, dict) or not isinstance(_text(segment), str)
    ]
    if wrong:
        raise InputError([f"{name}: {name_places(wrong)}: no text; {_EXPECTED}."])
    if not segments:
        raise InputError([f"{name}: its list of segments is empty. Export the transcript again."])


def _text(segment: dict[str, Any]) -> object:
    if "text" in segment:
        return segment["text"]
    words = segment.get("words")
    if not isinstance(words, list):
        return None
    found = [word.get("word", word.get("text")) for word in words if isinstance(word, dict)]
    # Whisper's words carry their own space, WhisperX's do not.
    return " ".join(str(word).strip() for word in found if word is not None)


def _piece(segment: dict[str, Any], number: int) -> ReadTurn:
    start, end = _times(segment)
    speaker = next((segment[key] for key in _SPEAKER_KEYS if segment.get(key) is not None), "")
    label = " ".join(str(speaker).split()) if isinstance(speaker, str | int) else ""
    return ReadTurn(label, str(_text(segment)), f"segment {number}", start, end)


def _times(segment: dict[str, Any]) -> tuple[int | None, int | None]:
    offsets = segment.get("offsets")
    if isinstance(offsets, dict):
        return _ms(offsets.get("from"), 1), _ms(offsets.get("to"), 1)
    stamps = segment.get("timestamps")
    if isinstance(stamps, dict):
        return _ms(stamps.get("from"), 1000), _ms(stamps.get("to"), 1000)
    start, end = _ms(segment.get("start"), 1000), _ms(segment.get("end"), 1000)
    words = [word for word in _list(segment.get("words")) if isinstance(word, dict)]
    if start is None and words:
        # Amberscript's segments have none of their own.
        return _ms(words[0].get("start"), 1000), _ms(words[-1].get("end"), 1000)
    return start, end


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _ms(value: object, factor: int) -> int | None:
    if isinstance(value, str):
        return read_ms(value) if ":" in value else _ms(_number(value), factor)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # NaN and infinity are JSON to Python, and no time.
    is_time = math.isfinite(value) and 0 <= value < 1e9
    return round(value * factor) if is_time else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _notes(pieces: Sequence[ReadTurn]) -> Iterator[str]:
    silent = [piece.place for piece in pieces if not piece.speaker and piece.text.strip()]
    if len(silent) == sum(bool(piece.text.strip()) for piece in pieces):
        yield "no speakers are named: all of it is one turn without a speaker"
    elif silent:
        yield f"{name_places(silent)}: no speaker is named there; say who speaks"
    timeless = [piece.place for piece in pieces if piece.start_ms is None]
    if timeless:
        yield f"{name_places(timeless)}: no time could be read"
