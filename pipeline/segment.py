"""Cuts transcripts into excerpts, at sentence ends found by spaCy."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby

from pipeline.plan import SEGMENT, segment_input
from pipeline.work import Work
from study.ledger import is_done, record_done
from study.records import Span, Turn
from study.transcripts import publish_segmentation, read_transcript, read_turns, store_segmentation

METHOD = "sentences"
WORD = re.compile(r"\S+")
SplitSentences = Callable[[str], list[Span]]


def split_into_excerpts(work: Work, transcript_id: int) -> int:
    """Cut a transcript that came without excerpts; give the number of excerpts made."""
    study = work.study
    with study.database.read() as connection:
        transcript = read_transcript(connection, transcript_id)
        input_hash = segment_input(transcript, study.settings)
        turns = read_turns(connection, transcript_id)
        is_cut = is_done(connection, SEGMENT, transcript.interview, input_hash)
    if is_cut or transcript.segmentation_id is not None:
        return 0
    spans = cut_turns(
        transcript.text,
        turns,
        sentence_splitter(transcript.language or study.settings.language),
        min_words=study.settings.min_excerpt_words,
        max_words=study.settings.max_excerpt_words,
    )
    with study.database.write() as connection:
        store_segmentation(
            connection,
            transcript_id,
            method=METHOD,
            labels=[f"{transcript.interview}_s{number:04d}" for number in range(len(spans))],
            positions=range(len(spans)),
            spans=spans,
            now=work.clock(),
        )
        publish_segmentation(connection, transcript_id, METHOD)
        record_done(
            connection,
            SEGMENT,
            transcript.interview,
            input_hash,
            run_id=work.run_id,
            n_rows=len(spans),
            now=work.clock(),
        )
    return len(spans)


def cut_turns(
    text: str,
    turns: Sequence[Turn],
    split_sentences: SplitSentences,
    *,
    min_words: int,
    max_words: int,
) -> list[Span]:
    """Cut turns into excerpts that cover every word, in transcript order.

    Turns of one speaker that follow each other are taken together. An excerpt ends at a sentence
    end; a sentence longer than max_words is cut between words. A piece shorter than min_words
    joins its neighbour as long as both together stay within max_words.
    """
    spans: list[Span] = []
    for _, group in groupby(turns, key=lambda turn: turn.speaker):
        held = list(group)
        start, end = held[0].span.start_char, held[-1].span.end_char
        pieces = [
            Span(start + piece.start_char, start + piece.end_char)
            for sentence in split_sentences(text[start:end])
            for piece in _cut_long(text[start:end], sentence, max_words)
        ]
        spans += _join(text, pieces, min_words, max_words)
    return spans


@cache
def sentence_splitter(language: str) -> SplitSentences:
    """Load spaCy's rule-based sentence splitter for a language, or its one for any language."""
    import spacy  # noqa: PLC0415 - two seconds that an idle run must not spend

    try:
        pipeline = spacy.blank(language)
    except ImportError:
        pipeline = spacy.blank("xx")
    pipeline.add_pipe("sentencizer")

    def split(text: str) -> list[Span]:
        # spaCy refuses texts over a million characters unless told that memory is no matter;
        # rules need hardly any.
        pipeline.max_length = max(pipeline.max_length, len(text) + 1)
        sentences = (Span(s.start_char, s.end_char) for s in pipeline(text).sents)
        return [span for span in (_trim(text, s) for s in sentences) if span is not None]

    return split


def _trim(text: str, span: Span) -> Span | None:
    words = text[span.start_char : span.end_char]
    start = span.start_char + len(words) - len(words.lstrip())
    end = span.start_char + len(words.rstrip())
    return Span(start, end) if start < end else None


def _cut_long(text: str, sentence: Span, max_words: int) -> Iterator[Span]:
    words = list(WORD.finditer(text, sentence.start_char, sentence.end_char))
    for first in range(0, len(words), max_words):
        last = words[first : first + max_words][-1]
        yield Span(words[first].start(), last.end())


def _join(text: str, pieces: list[Span], min_words: int, max_words: int) -> list[Span]:
    joined: list[Span] = []
    for piece in pieces:
        whole = Span(joined[-1].start_char, piece.end_char) if joined else piece
        is_short = bool(joined) and min(_words(text, joined[-1]), _words(text, piece)) < min_words
        if is_short and _words(text, whole) <= max_words:
            joined[-1] = whole
        else:
            joined.append(piece)
    return joined


def _words(text: str, span: Span) -> int:
    return len(WORD.findall(text, span.start_char, span.end_char))
