"""A coded file's interviews, and the ways to cut them that are compared."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from bench.vectors import TextVectors
from models.topics import PieceSize, cost_of_size, find_cheapest, make_size
from models.vectors import FloatArray
from pipeline.linguistics import SplitSentences
from pipeline.segment import ChooseEnds, choose_by_topic, choose_evenly, cut_stretches
from study.records import CodedInterview, Span, Turn
from study.transcripts import INTERVIEWER, join_excerpts
from study.turns import WORD, find_stretches, has_words

TARGETS = (20, 30, 45, 60, 90, 120)
# The best of 0.5, 1, 2 and 4 on the coded sets of docs/segmenting.md.
SPREAD_WEIGHT = 2.0


Cut = Callable[["Material", PieceSize], list[Span]]


@dataclass(frozen=True)
class Material:
    """One interview: its words, what is to be cut of them, and what people marked in them."""

    text: str
    stretches: list[list[Turn]]
    spans: list[Span]
    split: SplitSentences
    word_starts: NDArray[np.int64]

    def count(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count the words between places in the text, pair by pair."""
        return np.searchsorted(self.word_starts, ends) - np.searchsorted(self.word_starts, starts)


def read_material(
    interview: CodedInterview, roles: Mapping[str, str], split: SplitSentences
) -> Material:
    """Build an interview's transcript, and find the spans that people marked where it is cut."""
    text, places = join_excerpts(interview.excerpts)
    speakers = [excerpt.speaker for excerpt in interview.excerpts]
    # Rows of one speaker are one turn: spans end where rows do, and no method may be told where.
    turns = []
    for speaker, group in groupby(zip(speakers, places, strict=True), lambda row: row[0]):
        spans = [place for _, place in group]
        whole = Span(spans[0].start_char, spans[-1].end_char)
        turns.append(Turn(speaker, whole, roles.get(speaker)))
    asked = {place for place, name in enumerate(speakers) if roles.get(name) == INTERVIEWER}
    marked = [
        Span(places[run[0]].start_char, places[run[-1]].end_char)
        for run in find_runs(interview)
        if asked.isdisjoint(run)
    ]
    return Material(
        text=text,
        stretches=find_stretches(text, turns),
        spans=[span for span in marked if has_words(text, span)],
        split=split,
        word_starts=np.array([match.start() for match in WORD.finditer(text)], dtype=np.int64),
    )


def find_runs(interview: CodedInterview) -> list[range]:
    """Find the maximal runs of consecutive excerpts that one coder gave the same code."""
    place_of = {excerpt.label: place for place, excerpt in enumerate(interview.excerpts)}
    marks = sorted(
        (coding.coder, key, place_of[coding.excerpt_label])
        for coding in interview.codings
        for key in coding.keys
    )
    runs = []
    for _, group in groupby(enumerate(marks), lambda item: (item[1][:2], item[1][2] - item[0])):
        places = [place for _, (_, _, place) in group]
        runs.append(range(places[0], places[-1] + 1))
    return runs


def size_of(target: int) -> PieceSize:
    """Give a target the bounds that the settings' defaults have in relation to theirs."""
    return make_size(min_words=target // 5, target_words=target, max_words=2 * target)


def list_methods(vectors: TextVectors) -> dict[str, Cut]:
    """Give the methods that cut at a size; "shuffled" is topic with the vectors of other places."""
    rng = np.random.default_rng(0)

    def shuffle(texts: list[str]) -> FloatArray:
        return rng.permutation(vectors.of(texts))

    return {
        "fixed": cut_fixed,
        "sentences": _cut_with(choose_evenly),
        "topic": _cut_with(choose_by_topic(vectors.of)),
        "spread": _cut_with(choose_by_topic(vectors.of, cut=cut_by_spread)),
        "shuffled": _cut_with(choose_by_topic(shuffle)),
    }


def list_sentences(materials: Collection[Material]) -> list[str]:
    """List the distinct sentences that any target size asks the vectors of."""
    found: dict[str, None] = {}

    def note(text: str, stretches: list[list[Span]], size: PieceSize) -> list[list[int]]:
        found.update(
            (text[span.start_char : span.end_char], None) for each in stretches for span in each
        )
        return choose_evenly(text, stretches, size)

    for material in materials:
        for target in TARGETS:
            _cut_with(note)(material, size_of(target))
    return list(found)


def cut_turns(material: Material) -> list[Span]:
    """Leave every stretch whole."""
    found = []
    for turns in material.stretches:
        start, end = turns[0].span.start_char, turns[-1].span.end_char
        words = material.text[start:end]
        found.append(Span(end - len(words.lstrip()), start + len(words.rstrip())))
    return found


def cut_fixed(material: Material, size: PieceSize) -> list[Span]:
    """Cut every stretch after so many words, whatever they say."""
    found = []
    for span in cut_turns(material):
        words = list(WORD.finditer(material.text, span.start_char, span.end_char))
        for first in range(0, len(words), size.target_words):
            last = words[first : first + size.target_words][-1]
            found.append(Span(words[first].start(), last.end()))
    return found


def cut_by_spread(vectors: FloatArray, n_words: Sequence[int], size: PieceSize) -> list[int]:
    """Cut sentences into pieces that each keep to one direction; give the index after each's last.

    Args:
        vectors: (n_sentences, dim) rows of length 1, centred on what is usual in the interview.
        n_words: Words of each sentence.

    Source: the objective of Alemi and Ginsparg 2015, arXiv:1503.05543, with a prior on the size.
    """
    weighted = vectors.astype(np.float64) * np.asarray(n_words, dtype=np.float64)[:, None]
    sums = np.vstack([np.zeros((1, weighted.shape[1])), np.cumsum(weighted, axis=0)])

    def cost(words: NDArray[np.float64], starts: NDArray[np.intp], end: int) -> NDArray[np.float64]:
        spread = words - np.linalg.norm(sums[end] - sums[starts], axis=1)
        total: NDArray[np.float64] = cost_of_size(words, size) + SPREAD_WEIGHT * spread
        return total

    return find_cheapest(n_words, size, cost)


def _cut_with(choose: ChooseEnds) -> Cut:
    return lambda material, size: cut_stretches(
        material.text, material.stretches, split=material.split, size=size, choose=choose
    )
