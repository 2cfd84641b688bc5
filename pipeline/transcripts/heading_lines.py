"""Counts the lines above the talk that tell about it, though they look like turns."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.transcripts.head_record import Head, Kind
from pipeline.transcripts.lines import Line
from pipeline.transcripts.speaker_labels import (
    is_code,
    is_metadata,
    is_role,
    is_spoken,
    looks_like_name,
)

_LONGEST_FACT_WORDS = 8


def count_heading_lines(
    lines: Sequence[Line], found: Sequence[tuple[Head, ...]], speaking: Sequence[Head | None]
) -> int:
    """Count the lines at the top that tell about the conversation and are no part of it.

    Args:
        found: What may be the heads of each line.
        speaking: The one that was chosen, None where no turn begins.
    """
    counts = Counter(head.label for head in speaking if head is not None)
    heads = [
        chosen or next((head for head in each if is_metadata(head.label)), None)
        for each, chosen in zip(found, speaking, strict=True)
    ]
    base = _blanks_between(lines)
    facts = _count_facts(lines, heads, counts, base)
    return max(facts, _count_block(lines, found, heads, counts, base))


def _count_facts(
    lines: Sequence[Line], heads: Sequence[Head | None], counts: Counter[str], base: int
) -> int:
    seen: set[str] = set()
    end = n_facts = 0
    has_metadata = False
    for index, (line, head) in enumerate(zip(lines, heads, strict=True)):
        if head is None:
            continue
        is_fact = _is_metadata_of_talk(head, counts)
        if not is_fact and (head.label in seen or not _is_fact(head, line)):
            break
        alone = counts[head.label] == 1 and max(counts.values()) > 1 and _names_somebody(head)
        if not is_fact and not has_metadata and not alone:
            break
        if not is_fact and has_metadata and _n_words(lines, end, index) and not alone:
            break
        seen.add(head.label)
        has_metadata = has_metadata or is_fact
        n_facts += 1
        end = index + 1
    return end if has_metadata or n_facts > 1 else 0


def _count_block(
    lines: Sequence[Line],
    found: Sequence[tuple[Head, ...]],
    heads: Sequence[Head | None],
    counts: Counter[str],
    base: int,
) -> int:
    """Count the lines of a first block of facts that blank lines part from the talk."""
    first = next((index for index, head in enumerate(heads) if head is not None), None)
    if first is None or lines[first].label is not None:
        return 0
    end = _end_of_block(lines, first, base)
    block = [index for index in range(first, end) if lines[index].text.strip()]
    labelled = [head for index in block if (head := heads[index]) is not None]
    after = [head for head in heads[end:] if head is not None]
    labels = Counter(head.label for head in labelled)
    is_told = all(heads[i] is not None or _is_legend(lines[i], found[i]) for i in block)
    if not after or len(block) < 2 or not is_told or max(labels.values()) > 1:
        return 0
    is_heading = all(_is_fact_of_block(heads[i], lines[i], counts) for i in block)
    return end if is_heading and max(counts.values(), default=0) > 1 else 0


def _end_of_block(lines: Sequence[Line], first: int, base: int) -> int:
    n_blanks = 0
    for index in range(first, len(lines)):
        n_blanks = 0 if lines[index].text.strip() else n_blanks + 1
        if n_blanks > base:
            return index
    return len(lines)


def _blanks_between(lines: Sequence[Line]) -> int:
    """Count the blank lines that part every two lines: Word's paragraphs have one each."""
    worded = [(index, line) for index, line in enumerate(lines) if line.text.strip()]
    gaps = [
        index - before - 1
        for (before, _), (index, _) in pairwise(worded)
    ]  # fmt: skip
    return min(gaps, default=0)


def _is_fact_of_block(head: Head | None, line: Line, counts: Counter[str]) -> bool:
    if head is None or _is_metadata_of_talk(head, counts) or _is_fact(head, line):
        return True
    comes_back = counts[head.label] > 1 or is_role(head.label) or is_code(head.label)
    return head.kind is Kind.PLAIN and not comes_back


def _is_legend(line: Line, heads: Sequence[Head]) -> bool:
    text = line.text.strip()
    return bool(heads) or "=" in text or not text[0].isalnum()


def _is_metadata_of_talk(head: Head, counts: Counter[str]) -> bool:
    return is_metadata(head.label) and counts[head.label] < 2


def _is_fact(head: Head, line: Line) -> bool:
    text = head.text.strip()
    if line.label is not None or not text or head.start_ms is not None:
        return False
    return is_fact_text(text)


def is_fact_text(text: str) -> bool:
    """Tell whether it names somebody or something, rather than being said: "moeder, 34 jaar"."""
    words = text.split()
    if len(words) > _LONGEST_FACT_WORDS or text[-1] in ".?!…":
        return False
    has_number = any(char.isdigit() for char in text) and not text[0].islower()
    is_part = is_role(words[0].rstrip(",;")) and not is_spoken(words[0])
    return looks_like_name(text) or has_number or is_part or text.startswith("=")


def _names_somebody(head: Head) -> bool:
    # "Respondent: P7", where the talk itself has other labels.
    text = head.text.strip()
    is_named = is_code(text) or looks_like_name(text) or is_role(text)
    return is_named and not is_code(head.label)


def _n_words(lines: Sequence[Line], start: int, end: int) -> int:
    return sum(bool(line.text.strip()) for line in lines[start:end])
