"""Why a classifier proposes a code: the coded excerpts nearest in meaning, the words that count."""

import re
from dataclasses import dataclass

import numpy as np

from models.features import Features
from models.passages import IntArray
from models.stored import StoredClassifier

# As scikit-learn cuts words.
TOKEN = re.compile(r"(?u)\b\w\w+\b")
N_NEAREST, N_TERMS = 2, 3
ITSELF = 0.9999


@dataclass(frozen=True)
class NearExcerpt:
    """A coded excerpt that lies near: its row in the study, its centred cosine."""

    excerpt_id: int
    similarity: float
    is_same_group: bool


@dataclass(frozen=True)
class WordSpan:
    """A stretch of an excerpt, in code points from its beginning."""

    start_char: int
    end_char: int


def find_near_excerpts(
    stored: StoredClassifier, features: Features, row: int, code: int, *, groups: IntArray
) -> list[NearExcerpt]:
    """Find the nearest excerpts that people gave a code, those of other participants first.

    Args:
        features: Of the interview asked about; `row` is one of its excerpts.
        groups: Numbers of the groups that its participant belongs to.
    """
    labels = stored.labels
    has_code = stored.is_learnt & labels.has_code[:, code]
    rows = np.flatnonzero(has_code)
    if not len(rows):
        return []
    cosines = stored.features.meaning[rows] @ features.meaning[row]
    is_same = np.isin(labels.groups[rows], groups)
    # An excerpt that was learnt from is no reason for itself.
    is_other = ~(is_same & (cosines > ITSELF))
    rows, cosines, is_same = rows[is_other], cosines[is_other], is_same[is_other]
    order = np.lexsort((-cosines, is_same))[:N_NEAREST]
    return [
        NearExcerpt(
            int(stored.excerpt_ids[rows[place]]),
            round(float(cosines[place]), 4),
            bool(is_same[place]),
        )
        for place in order
    ]


def find_telling_words(
    stored: StoredClassifier, features: Features, row: int, code: int, text: str
) -> list[WordSpan]:
    """Find the words of an excerpt that speak most for a code, in their order; none is an answer.

    Of the words' own share of the score only: what they mean and what stands around them counts
    as well, and has no place in the text.
    """
    counted = features.words[[row]].tocsr()
    weights = counted.data * stored.word_weights[counted.indices, code]
    order = np.argsort(-weights, kind="stable")[:N_TERMS]
    terms = {str(stored.space.words.terms[counted.indices[i]]) for i in order if weights[i] > 0}
    tokens = list(TOKEN.finditer(text))
    found: list[WordSpan] = []
    for place, token in enumerate(tokens):
        for end in (place + 1, place):
            if end >= len(tokens):
                continue
            said = " ".join(each.group().lower() for each in tokens[place : end + 1])
            if said in terms:
                found.append(WordSpan(token.start(), tokens[end].end()))
                break
    return _join_overlapping(found)


def _join_overlapping(spans: list[WordSpan]) -> list[WordSpan]:
    joined: list[WordSpan] = []
    for span in spans:
        if joined and span.start_char <= joined[-1].end_char:
            end = max(span.end_char, joined[-1].end_char)
            joined[-1] = WordSpan(joined[-1].start_char, end)
        else:
            joined.append(span)
    return joined
