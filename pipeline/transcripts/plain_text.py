"""Reads transcripts in plain text, in the styles that people and programs label speakers."""

import re

from pipeline.transcripts.lined_text import read_lines
from pipeline.transcripts.lines import Line, split_lines
from pipeline.transcripts.records import ReadTranscript
from study.errors import InputError

_PROGRAMS = (
    (re.compile(r"otter\.ai|^\s*SUMMARY KEYWORDS", re.MULTILINE), "Otter"),
    (re.compile(r"transcribed with noScribe", re.IGNORECASE), "noScribe"),
    (re.compile(r"(?:started|stopped) transcription|transcriptie gest"), "Teams"),
    (re.compile("\N{OPEN BOOK}|^.{0,80}Notes by Gemini", re.MULTILINE), "Google Meet"),
)
_LOOK_AT = 5000


def read_plain_text(text: str, name: str) -> ReadTranscript:
    """Read a transcript in plain text.

    Raises:
        InputError: It holds no words.
    """
    read = read_lines(list(split_lines(text)))
    if not any(turn.is_speech for turn in read.turns):
        raise no_speech(name)
    format_name = name_format(name_program(text), has_speakers=read.has_speakers)
    return ReadTranscript(f"{format_name} (.txt)", read.turns, read.notes)


def name_format(program: str, *, has_speakers: bool) -> str:
    """Name a format as docs/formats.md does, without the extension."""
    if not has_speakers:
        return "Text without speakers"
    return f"{program} text" if program else "Text with speakers"


def name_program(text: str) -> str:
    """Name the program that wrote a transcript, where it says so at its beginning or end."""
    ends = text[:_LOOK_AT] + "\n" + text[-500:]
    return next((program for pattern, program in _PROGRAMS if pattern.search(ends)), "")


def text_of(lines: list[Line]) -> str:
    """Join lines to look for what a program writes."""
    ends = [*lines[:60], *lines[-5:]]
    return "\n".join(line.text[:300] for line in ends)


def no_speech(name: str) -> InputError:
    """Say that nothing in a file is speech."""
    return InputError(
        [f"{name}: no speech was found in it. Check that it is the transcript, not its notes."]
    )
