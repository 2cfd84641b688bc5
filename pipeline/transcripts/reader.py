"""Reads a transcript file of any known format: chosen by its content as well as its name."""

from dataclasses import replace
from pathlib import Path

from pipeline.transcripts.caption_turns import read_captions
from pipeline.transcripts.captions import TIMING
from pipeline.transcripts.plain_text import read_plain_text
from pipeline.transcripts.records import ReadTranscript
from pipeline.transcripts.table_columns import find_columns
from pipeline.transcripts.text_file import decode_text
from pipeline.transcripts.turn_table import read_csv_turns, read_xlsx_turns
from pipeline.transcripts.turns import set_remarks_apart
from pipeline.transcripts.whisper_json import looks_like_segments, read_whisper_json
from pipeline.transcripts.word_file import read_word_file
from study.errors import InputError

SUFFIXES = (".txt", ".docx", ".vtt", ".srt", ".json", ".csv", ".tsv", ".xlsx")
MOST_BYTES = 100_000_000
_ZIP, _ZIP_EMPTY = b"PK\x03\x04", b"PK\x05\x06"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"\xd0\xcf\x11\xe0", "an office file of before 2007, or one locked with a password"),
    (b"\xff\xfb", "sound"),
    (b"ID3", "sound"),
    (b"RIFF", "sound or a film"),
    (b"OggS", "sound"),
)
_LOOK_AT = 4000
_LINES_BEFORE_TIMING = 4


def read_transcript(path: Path) -> ReadTranscript:
    """Read a transcript file.

    Raises:
        InputError: One line says what is wrong with it; never with words of the transcript.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError([f"{path.name}: '{suffix}' is no format that is read. {_advice()}"])
    try:
        content = _read_bytes(path)
        transcript = _read_content(content, path, suffix)
        return replace(transcript, turns=set_remarks_apart(transcript.turns))
    except InputError:
        raise
    except MemoryError:
        raise InputError([f"{path.name}: too big for the memory. Split it."]) from None
    except Exception as error:  # the edge: parsers raise anything, and their messages quote text
        kind = type(error).__name__
        raise InputError(
            [f"{path.name}: it could not be read ({kind}). Save it again, or as .txt (UTF-8)."]
        ) from None


def _advice() -> str:
    known = ", ".join(SUFFIXES)
    return f"Read are {known}; open it in its program and save it as .docx or .txt."


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError([f"{path.name}: this is a folder, expected a file."])
        if not path.is_file():
            raise InputError([f"{path.name}: there is no such file."])
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise InputError(
                [
                    f"{path.name}: {size // 1_000_000} MB, expected at most "
                    f"{MOST_BYTES // 1_000_000} MB. Split it, or save it without pictures."
                ]
            )
        return path.read_bytes()
    except PermissionError:
        raise InputError(
            [f"{path.name}: no permission to read it. Give yourself access."]
        ) from None
    except OSError as error:
        raise InputError([f"{path.name}: it cannot be read: {error.strerror}."]) from None


def _read_content(content: bytes, path: Path, suffix: str) -> ReadTranscript:
    name = path.name
    if not content:
        raise InputError([f"{name}: the file is empty. Export the transcript again."])
    if content.startswith((_ZIP, _ZIP_EMPTY)):
        return _read_office(content, path, suffix)
    for mark, what in _OTHERS:
        if content.startswith(mark):
            raise InputError([f"{name}: by its content this is {what}. {_advice()}"])
    if suffix in (".docx", ".xlsx"):
        raise InputError([f"{name}: it is no {suffix} file, or damaged. {_advice()}"])
    decoded = decode_text(content, name)
    read = _read_text(decoded.text, name, suffix)
    return ReadTranscript(read.format, read.turns, (*decoded.notes, *read.notes))


def _read_office(content: bytes, path: Path, suffix: str) -> ReadTranscript:
    is_book = b"xl/workbook" in content and b"word/document.xml" not in content
    if is_book or (suffix == ".xlsx" and b"word/document.xml" not in content):
        return read_xlsx_turns(path)
    return read_word_file(path)


def _read_text(text: str, name: str, suffix: str) -> ReadTranscript:
    head = text[:_LOOK_AT].lstrip("\ufeff \t\r\n")
    if suffix in (".vtt", ".srt") or head.startswith("WEBVTT") or _begins_with_timing(head):
        return read_captions(text, name)
    if suffix == ".json" or (suffix == ".txt" and _is_json(head, text)):
        return read_whisper_json(text, name)
    if suffix in (".csv", ".tsv") or _is_tabbed_table(head):
        return read_csv_turns(text, name)
    return read_plain_text(text, name)


def _is_json(head: str, text: str) -> bool:
    return head[:1] in "{[" and head[1:].lstrip()[:1] in '{"' and looks_like_segments(text)


def _is_tabbed_table(head: str) -> bool:
    # NVivo exports a table as .txt: "Timespan<tab>Content<tab>Speaker".
    columns = find_columns(head.partition("\n")[0].split("\t"))
    return columns is not None and columns.speaker is not None


def _begins_with_timing(head: str) -> bool:
    lines = [line for line in head.splitlines() if line.strip()][:_LINES_BEFORE_TIMING]
    # A range within brackets begins a line of text; a cue's stands alone.
    timings = (TIMING.fullmatch(line.strip()) for line in lines)
    return any(match and not match.group("settings").strip() for match in timings)
