"""Tells what in a transcript nobody says: its heading, markers of a program, a machine's notes."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.transcripts.heads import Head
from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import is_code, is_metadata, looks_like_name

_STARTED = re.compile(
    r"(?P<who>.{1,80}?)\s+(?:(?:started|stopped) (?:the )?(?:transcription|recording)"
    r"|(?:heeft )?(?:de )?(?:transcriptie|opname) (?:is )?(?:gestart|gestopt))\.?",
    re.IGNORECASE,
)
_MARKERS = re.compile(
    r"transcribed by https?://otter\.ai.{0,40}"
    r"|transcription ended after [\d:]{4,9}\.?"
    r"|transcriptie (?:be)?eindigde? na [\d:]{4,9}\.?"
    r"|this editable transcript was computer generated.{0,120}"
    r"|(?:deze|dit) bewerkbare transcript(?:ie)? .{0,160}",
    re.IGNORECASE,
)
_NOTES_TAB = re.compile(r"(?:📝\s*)?(?:notes|notities|aantekeningen)\s*|📝.{0,40}", re.IGNORECASE)
_TRANSCRIPT_TAB = re.compile(r"(?:📖\s*)?(?:transcript|transcriptie)\s*|📖.{0,40}", re.IGNORECASE)
_SUMMARY = re.compile(r"(?:summary|samenvatting|details|suggested next steps)\s*", re.IGNORECASE)
_NAMES_MACHINE = re.compile(r"notes by gemini|gemini'?s notes|notities van gemini", re.IGNORECASE)
_LONGEST_FACT_WORDS = 6
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


def count_heading_lines(lines: Sequence[Line], heads: Sequence[Head | None]) -> int:
    """Count the lines at the top that tell about the conversation and are no part of it.

    Args:
        heads: The head of each line, None where no turn begins there; labels of facts included.
    """
    counts = Counter(head.label for head in heads if head is not None)
    seen: set[str] = set()
    end = n_facts = 0
    has_metadata = False
    for index, (line, head) in enumerate(zip(lines, heads, strict=True)):
        if head is None:
            continue
        is_fact = is_metadata(head.label)
        if not is_fact and (head.label in seen or not _is_fact(head, line)):
            break
        alone = counts[head.label] == 1 and max(counts.values()) > 1 and _names_somebody(head)
        if not is_fact and not (_touches(lines, end, index) and has_metadata) and not alone:
            break
        seen.add(head.label)
        has_metadata = has_metadata or is_fact
        n_facts += 1
        end = index + 1
    return end if has_metadata or n_facts > 1 else 0


def _is_fact(head: Head, line: Line) -> bool:
    text = head.text.strip()
    if line.label is not None or not text or head.start_ms is not None:
        return False
    words = text.split()
    has_number = any(char.isdigit() for char in text) and not text[0].islower()
    is_named = looks_like_name(text) or has_number
    return len(words) <= _LONGEST_FACT_WORDS and text[-1] not in ".?!…" and is_named


def _names_somebody(head: Head) -> bool:
    # "Respondent: P7", where the talk itself has other labels.
    text = head.text.strip()
    return not is_code(head.label) and (is_code(text) or looks_like_name(text))


def _touches(lines: Sequence[Line], start: int, end: int) -> bool:
    return all(line.text.strip() for line in lines[start:end])
