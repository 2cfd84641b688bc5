"""What a reader makes of a transcript file, before anything of it is stored."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadTurn:
    """What one speaker says until another does, as a file has it.

    Attributes:
        speaker: The file's own label; "" where it gives none.
        text: The words, with pauses, overlaps and [inaudible] as they stand; NFC, never empty.
        place: Where it begins in the file: "line 12", "paragraph 3", "cue 7", "row 4".
        start_ms: When it begins, in milliseconds from the start; None where the file does not say.
        end_ms: When it ends.
        is_speech: False for a heading or a note of the transcriber, which nobody says.
    """

    speaker: str
    text: str
    place: str
    start_ms: int | None = None
    end_ms: int | None = None
    is_speech: bool = True


@dataclass(frozen=True)
class ReadTranscript:
    """A transcript file, read.

    Attributes:
        format: What it was read as, as docs/formats.md names it: "Teams captions (.vtt)".
        turns: In the file's order; consecutive turns have different speakers, but for the
            paragraphs of a text that names none.
        notes: What a person should know: lines that could not be placed, what was left out, the
            encoding that was detected; places and counts, never words of the transcript.
    """

    format: str
    turns: tuple[ReadTurn, ...]
    notes: tuple[str, ...] = ()
