"""Cuts what participants say into excerpts: long turns where the topic moves, none too long."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from models.encoder import fits_window, identify_encoder
from models.topics import PieceSize, cut_by_topic, make_size, pack_evenly
from models.vectors import FloatArray, unit_rows
from pipeline import embed
from pipeline.linguistics import SplitSentences, sentence_splitter
from pipeline.plan import SEGMENT, segment_input
from pipeline.work import Work
from study.cuts import publish_segmentation, store_segmentation
from study.errors import StudyError
from study.ledger import is_done, record_done
from study.records import Span, Transcript, Turn
from study.settings import Settings
from study.transcripts import read_transcript, read_turns
from study.turns import WORD, count_words, find_stretches
from study.vectors import find_encoder, hash_text, read_vectors

TURN, SENTENCES, TOPIC = "turn", "sentences", "topic"

# The sentences of each long stretch of a text -> for each, the index after each excerpt's last.
ChooseEnds = Callable[[str, list[list[Span]], PieceSize], list[list[int]]]
CutByVectors = Callable[[FloatArray, Sequence[int], PieceSize], list[int]]
Fits = Callable[[list[str]], list[bool]]


def split_into_excerpts(work: Work, transcript_id: int) -> int:
    """Cut a transcript that has no excerpts yet; give the number of excerpts made.

    Raises:
        StudyError: Nobody in it may be a participant, or the settings name no sentence pipeline.
    """
    study = work.study
    encoder = identify_encoder(study.settings.encoder)
    with study.database.read() as connection:
        transcript = read_transcript(connection, transcript_id)
        input_hash = segment_input(transcript, study.settings, encoder)
        turns = read_turns(connection, transcript_id)
        is_cut = is_done(connection, SEGMENT, transcript.interview, input_hash)
    # A cut that is there stays, whatever the settings say now: coders' work hangs on it.
    if is_cut or transcript.segmentation_id is not None:
        return 0
    spans = cut_transcript(work, transcript, turns)
    method = study.settings.unit
    with study.database.write() as connection:
        if is_done(connection, SEGMENT, transcript.interview, input_hash):
            # By a worker that was taken for dead.
            return 0
        store_segmentation(
            connection,
            transcript_id,
            method=method,
            labels=[f"{transcript.interview}_s{number:04d}" for number in range(len(spans))],
            positions=range(len(spans)),
            spans=spans,
            now=work.clock(),
        )
        publish_segmentation(connection, transcript_id, method)
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


def cut_transcript(work: Work, transcript: Transcript, turns: Sequence[Turn]) -> list[Span]:
    """Cut a transcript as the study's settings ask."""
    settings = work.study.settings
    stretches = find_stretches(transcript.text, turns)
    if not stretches:
        raise StudyError(
            f"Interview '{transcript.interview}' has no word of anybody but interviewers. Expected "
            "a participant's: mend who the interviewer is."
        )
    splitter = sentence_splitter(
        transcript.language or settings.language, settings.sentence_pipeline
    )
    choose = choose_by_topic(partial(_embed, work)) if settings.unit == TOPIC else choose_evenly
    spans = cut_stretches(
        transcript.text, stretches, split=splitter, size=read_size(settings), choose=choose
    )
    fits = partial(fits_window, embed.the_encoder(settings.encoder))
    return fit_window(transcript.text, spans, fits=fits, split=splitter)


def read_size(settings: Settings) -> PieceSize:
    """Read how long an excerpt is to be; a turn may be of any length."""
    if settings.unit == TURN:
        return make_size(min_words=1, target_words=sys.maxsize, max_words=sys.maxsize)
    return make_size(
        min_words=settings.min_excerpt_words,
        target_words=settings.target_excerpt_words,
        max_words=settings.max_excerpt_words,
    )


def cut_stretches(
    text: str,
    stretches: Sequence[Sequence[Turn]],
    *,
    split: SplitSentences,
    size: PieceSize,
    choose: ChooseEnds,
) -> list[Span]:
    """Cut stretches into excerpts that hold every word of their turns, in transcript order.

    A stretch that is hardly longer than the target is one excerpt. A longer one is cut between
    sentences; a sentence longer than the most is cut between words.
    """
    whole = [_trim(text, turns[0].span.start_char, turns[-1].span.end_char) for turns in stretches]
    long = [
        place for place, span in enumerate(whole) if count_words(text, span) > size.longest_whole
    ]
    sentences = [_find_sentences(text, stretches[place], split, size) for place in long]
    cut = {
        place: _join(pieces, ends)
        for place, pieces, ends in zip(long, sentences, choose(text, sentences, size), strict=True)
    }
    return [span for place, one in enumerate(whole) for span in cut.get(place, [one])]


def choose_evenly(text: str, stretches: list[list[Span]], size: PieceSize) -> list[list[int]]:
    """Choose ends that make excerpts of about the same size."""
    return [pack_evenly(_weigh(text, sentences), size) for sentences in stretches]


def choose_by_topic(
    vectors_of: Callable[[list[str]], FloatArray], *, cut: CutByVectors = cut_by_topic
) -> ChooseEnds:
    """Choose ends where the topic moves, by the vectors of sentences."""

    def choose(text: str, stretches: list[list[Span]], size: PieceSize) -> list[list[int]]:
        texts = [_words(text, span) for sentences in stretches for span in sentences]
        if not texts:
            return []
        vectors = vectors_of(texts)
        # Without what all sentences of the interview share, every two of them are alike.
        centred = unit_rows(vectors - vectors.mean(axis=0))
        starts = [0]
        for sentences in stretches:
            starts.append(starts[-1] + len(sentences))
        return [
            cut(centred[start:end], _weigh(text, sentences), size)
            for sentences, (start, end) in zip(stretches, pairwise(starts), strict=True)
        ]

    return choose


def fit_window(text: str, spans: list[Span], *, fits: Fits, split: SplitSentences) -> list[Span]:
    """Halve excerpts until each is heard at once: between sentences, else words, else letters."""
    fitting = dict(zip(spans, fits([_words(text, span) for span in spans]), strict=True))
    if all(is_fitting or _length(span) < 2 for span, is_fitting in fitting.items()):
        return spans
    found: list[Span] = []
    for span in spans:
        if fitting[span] or _length(span) < 2:
            found.append(span)
        else:
            found += fit_window(text, _halve(text, span, split), fits=fits, split=split)
    return found


def _embed(work: Work, texts: list[str]) -> FloatArray:
    # One call an interview, always in transcript order: vectors come out bit-equal only in equal
    # company, and a run that goes on after a kill must cut at the same places.
    embed.embed_texts(work, texts)
    identity = identify_encoder(work.study.settings.encoder)
    with work.study.database.read() as connection:
        encoder_id = find_encoder(connection, identity.name, identity.revision)
        return read_vectors(connection, encoder_id or 0, [hash_text(text) for text in texts])


def _find_sentences(
    text: str, turns: Sequence[Turn], split: SplitSentences, size: PieceSize
) -> list[Span]:
    return [
        piece
        for turn in turns
        for sentence in _split_between_words(text, turn.span, split)
        for piece in _cut_long(text, sentence, size.max_words)
    ]


def _split_between_words(text: str, span: Span, split: SplitSentences) -> list[Span]:
    found: list[Span] = []
    for sentence in split(_words(text, span)):
        start, end = span.start_char + sentence.start_char, span.start_char + sentence.end_char
        # "Home.Then": an end of a sentence inside of a word is a slip, and no place to cut.
        if found and found[-1].end_char == start:
            start = found.pop().start_char
        found.append(Span(start, end))
    return found


def _cut_long(text: str, sentence: Span, max_words: int) -> list[Span]:
    words = list(WORD.finditer(text, sentence.start_char, sentence.end_char))
    n_pieces = -(-len(words) // max_words)
    bounds = [len(words) * number // n_pieces for number in range(n_pieces + 1)]
    return [Span(words[first].start(), words[last - 1].end()) for first, last in pairwise(bounds)]


def _weigh(text: str, sentences: list[Span]) -> list[int]:
    # Up to the next sentence, so that a back-channel between two counts: an excerpt may hold it.
    starts = [sentence.start_char for sentence in sentences]
    ends = [*starts[1:], sentences[-1].end_char]
    return [count_words(text, Span(start, end)) for start, end in zip(starts, ends, strict=True)]


def _join(pieces: list[Span], ends: list[int]) -> list[Span]:
    return [
        Span(pieces[start].start_char, pieces[end - 1].end_char)
        for start, end in pairwise([0, *ends])
    ]


def _halve(text: str, span: Span, split: SplitSentences) -> list[Span]:
    sentences = _split_between_words(text, span, split)
    parts = sentences if len(sentences) > 1 else _cut_long(text, span, 1)
    middle = (span.start_char + span.end_char) // 2
    if len(parts) == 1:
        return [Span(span.start_char, middle), Span(middle, span.end_char)]
    place = min(range(1, len(parts)), key=lambda i: abs(parts[i].start_char - middle))
    halves = parts[:place], parts[place:]
    return [Span(half[0].start_char, half[-1].end_char) for half in halves]


def _trim(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return Span(end - len(words.lstrip()), start + len(words.rstrip()))


def _words(text: str, span: Span) -> str:
    return text[span.start_char : span.end_char]


def _length(span: Span) -> int:
    return span.end_char - span.start_char
