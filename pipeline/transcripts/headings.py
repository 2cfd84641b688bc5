"""Tells what in a transcript nobody says: its heading, markers of a program, a machine's notes."""

import re
from collections.abc import Sequence

from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import looks_like_name

_STARTED = re.compile(
    r"(?P<who>.{1,80}?)\s+(?:(?:started|stopped) (?:the )?(?:transcription|recording)"
    r"|(?:heeft )?(?:de )?(?:transcriptie|opname) (?:is )?(?:gestart|gestopt))\.?",
    re.IGNORECASE,
)
_MARKERS = re.compile(
    r"transcribed by https?://otter\.ai.{0,40}"
    r"|(?:transcription|meeting) ended after [\d:]{4,9}\.?.{0,4}"
    r"|(?:pagina|page|blz\.?|p\.) ?\d{1,4}(?: ?(?:van|of|/) ?\d{1,4})?"
    r"|transcriptie (?:be)?eindigde? na [\d:]{4,9}\.?"
    r"|this editable transcript was computer generated.{0,120}"
    r"|(?:deze|dit) bewerkbare transcript(?:ie)? .{0,160}",
    re.IGNORECASE,
)
_NOTES_TAB = re.compile(r"(?:📝\s*)?(?:notes|notities|aantekeningen)\s*|📝.{0,40}", re.IGNORECASE)
_TRANSCRIPT_TAB = re.compile(r"(?:📖\s*)?(?:transcript|transcriptie)\s*|📖.{0,40}", re.IGNORECASE)
_SUMMARY = re.compile(r"(?:summary|samenvatting|details|suggested next steps)\s*", re.IGNORECASE)
_NAMES_MACHINE = re.compile(r"notes by gemini|gemini'?s notes|notities van gemini", re.IGNORECASE)
_LONGEST_MARKER = 300


def is_marker(text: str) -> bool:
    """Tell whether a line was put in by a program: "Anna started transcription"."""
    if len(text) > _LONGEST_MARKER:
        return False
    started = _STARTED.fullmatch(text.strip())
    # "And then she started recording" is told by a person.
    is_by_name = started is not None and looks_like_name(started.group("who").replace(",", ""))
    return is_by_name or bool(_MARKERS.fullmatch(text.strip()))


def find_machine_notes(lines: Sequence[Line]) -> set[int]:
    """Find the lines of Google Meet's notes, a machine's words about the conversation.

    Returns:
        Indices; every line of a Notes tab until the Transcript tab.
    """
    texts = [line.text.strip("\ufeff \t")[:_LONGEST_MARKER] for line in lines]
    if not _has_notes(texts):
        return set()
    found: set[int] = set()
    is_inside = not any(map(_TRANSCRIPT_TAB.fullmatch, texts[:1]))
    for index, text in enumerate(texts):
        if _TRANSCRIPT_TAB.fullmatch(text):
            is_inside = False
        elif _is_notes_tab(text) and not is_inside:
            is_inside = text.startswith("📝")
        if is_inside:
            found.add(index)
    return found


def _has_notes(texts: Sequence[str]) -> bool:
    if not any(map(_TRANSCRIPT_TAB.fullmatch, texts)):
        return any(text.startswith("📝") for text in texts) and any(
            map(_NAMES_MACHINE.search, texts)
        )
    first = next(index for index, text in enumerate(texts) if _TRANSCRIPT_TAB.fullmatch(text))
    before = texts[:first] or texts
    named = [text for text in before if _is_notes_tab(text) or _NAMES_MACHINE.search(text)]
    return bool(named) or any(map(_SUMMARY.fullmatch, before))


def _is_notes_tab(text: str) -> bool:
    return bool(_NOTES_TAB.fullmatch(text))
