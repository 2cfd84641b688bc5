"""Finds coded excerpts in a transcript that came from a file, where names have been replaced."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from study.errors import InputError
from study.records import CodedInterview, Span, Transcript

WORD = re.compile(r"\[[A-Z][A-Z_]*_\d+\]|\w+")
# A name, or a word that a reader writes otherwise, is no reason to miss an excerpt; another
# interview's excerpt shares hardly a third of its words in order.
LEAST_SHARED = 0.6
# What a pseudonym may stand for: a first name and a surname.
WORDS_OF_NAME = 2


def place_excerpts(transcript: Transcript, interview: CodedInterview) -> list[Span]:
    """Give where each excerpt of a coded file lies in a transcript, by the words they share.

    Raises:
        InputError: Lists the excerpts that are not found, by their ids.
    """
    spans = align(transcript.text, [excerpt.text for excerpt in interview.excerpts])
    missing = [
        f"excerpt '{excerpt.label}' is not found in interview '{interview.label}', which came "
        "from a file. Give the words as the file has them."
        for excerpt, span in zip(interview.excerpts, spans, strict=True)
        if span is None
    ]
    if missing:
        raise InputError(missing)
    return [span for span in spans if span is not None]


def align(text: str, pieces: Sequence[str]) -> list[Span | None]:
    """Give where each piece lies in a text, in order; None where most of its words are not there.

    A piece that begins or ends in a name begins or ends in the name's pseudonym.
    """
    found = list(WORD.finditer(text))
    words = [match.group().casefold() for match in found]
    spoken = [[word.casefold() for word in WORD.findall(piece)] for piece in pieces]
    flat = [word for piece in spoken for word in piece]
    there: dict[int, int] = {}
    for block in SequenceMatcher(
        None, flat, words, autojunk=len(flat) > 2_000
    ).get_matching_blocks():
        there |= {block.a + step: block.b + step for step in range(block.size)}
    spans: list[Span | None] = []
    start = 0
    for piece in spoken:
        places = [there[n] for n in range(start, start + len(piece)) if n in there]
        start += len(piece)
        if not places:
            spans.append(None)
            continue
        first = _widen(words, places[0], -1, is_name=start - len(piece) not in there)
        last = _widen(words, places[-1], 1, is_name=start - 1 not in there)
        names = sum(word.startswith("[") for word in words[first : last + 1])
        is_found = len(places) + WORDS_OF_NAME * names >= LEAST_SHARED * len(piece)
        end = found[last].end()
        is_closed = not pieces[len(spans)].rstrip()[-1:].isalnum()
        span = Span(found[first].start(), _with_mark(text, end) if is_closed else end)
        spans.append(span if is_found else None)
    return spans


def _widen(words: Sequence[str], place: int, step: int, *, is_name: bool) -> int:
    beside = place + step
    is_there = 0 <= beside < len(words) and words[beside].startswith("[")
    return beside if is_name and is_there else place


def _with_mark(text: str, end: int) -> int:
    # The full stop, the quote or the bracket that closes it.
    while end < len(text) and not (text[end].isspace() or text[end].isalnum() or text[end] == "["):
        end += 1
    return end
