"""What a classifier sees of an excerpt: its words and meaning, what stands around it, its place."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.agreement import BoolArray
from models.passages import IntArray, Passages
from models.vectors import FloatArray
from models.vocabulary import (
    LETTERS,
    WORDS,
    SparseRows,
    Vocabulary,
    fit_vocabulary,
    weigh_terms,
)

# How fast what was said fades: a conversation's subject over some ten excerpts, a speaker's own
# line over some three.
SUBJECT_DECAY, LINE_DECAY = 0.8, 0.6
# A role that fewer excerpts have is taken for nobody's.
LEAST_ROLE_SHARE = 0.02
MOST_ROLES = 4


@dataclass(frozen=True)
class FeatureSpace:
    """What is usual in a study's excerpts, learnt without any label.

    centre, around_centre: (dim,) mean vectors, taken off: encoders put all texts into one cone.
    roles: (n_roles,) the role numbers told apart, NOBODY's perhaps among them.
    role_centres: (n_roles, dim).
    """

    centre: FloatArray
    around_centre: FloatArray
    roles: IntArray
    role_centres: FloatArray
    words: Vocabulary
    letters: Vocabulary


@dataclass(frozen=True)
class Wordings:
    """What excerpts say, without what stands around them.

    meaning: (n, dim) centred vectors of length 1.
    words, letters: (n, n_terms) sparse TF-IDF.
    """

    meaning: FloatArray
    words: SparseRows
    letters: SparseRows


@dataclass(frozen=True)
class Features(Wordings):
    """The feature families of excerpts, each a block of its own.

    around: (n, dim) the subject at that place: fading means of what comes before and after.
    by_role: (n_roles, n, dim) what each role had said last, fading.
    speakers: (n, 3 * n_roles) role of the excerpt, of the one before and of the one after.
    position: (n,) 0 at the beginning of the interview, 1 at its end.
    interviews, roles: (n,) as in `Passages`.
    """

    around: FloatArray
    by_role: FloatArray
    speakers: FloatArray
    position: FloatArray
    interviews: IntArray
    roles: IntArray

    def __len__(self) -> int:
        return len(self.meaning)

    def take(self, rows: IntArray) -> "Features":
        """Take the excerpts of some interviews, all of each."""
        return Features(
            meaning=self.meaning[rows],
            around=self.around[rows],
            by_role=self.by_role[:, rows],
            words=self.words[rows],
            letters=self.letters[rows],
            speakers=self.speakers[rows],
            position=self.position[rows],
            interviews=self.interviews[rows],
            roles=self.roles[rows],
        )


@dataclass(frozen=True)
class _Talk:
    """Who speaks in which order."""

    interviews: IntArray
    roles: IntArray


def fit_features(passages: Passages) -> FeatureSpace:
    """Learn what is usual among excerpts."""
    roles = _common_roles(passages.roles)
    centre = passages.vectors.mean(axis=0)
    meaning = _centred(passages.vectors, centre)
    talk = _Talk(passages.interviews, passages.roles)
    return FeatureSpace(
        centre=centre,
        around_centre=_unit(_mean_around(talk, meaning)).mean(axis=0),
        roles=roles,
        role_centres=np.stack([_unit(line).mean(axis=0) for line in _lines(talk, meaning, roles)]),
        words=fit_vocabulary(passages.texts, WORDS, min_texts=2),
        letters=fit_vocabulary(passages.texts, LETTERS, min_texts=3),
    )


def make_features(space: FeatureSpace, passages: Passages) -> Features:
    """Describe excerpts as a space learnt it."""
    return place_in_talk(
        space,
        Wordings(
            meaning=_centred(passages.vectors, space.centre),
            words=weigh_terms(passages.texts, space.words, WORDS),
            letters=weigh_terms(passages.texts, space.letters, LETTERS),
        ),
        passages.interviews,
        passages.roles,
    )


def place_in_talk(
    space: FeatureSpace, wordings: Wordings, interviews: IntArray, roles: IntArray
) -> Features:
    """Add to what excerpts say what stands around them; both (n,), as in `Passages`."""
    talk = _Talk(interviews, roles)
    lines = _lines(talk, wordings.meaning, space.roles)
    return Features(
        **vars(wordings),
        around=_centred(_unit(_mean_around(talk, wordings.meaning)), space.around_centre),
        by_role=np.stack(
            [
                _centred(_unit(line), centre)
                for line, centre in zip(lines, space.role_centres, strict=True)
            ]
        ),
        speakers=_speakers(talk, space.roles),
        position=_positions(interviews),
        interviews=interviews,
        roles=roles,
    )


def _common_roles(roles: IntArray) -> IntArray:
    values, counts = np.unique(roles, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_ROLES]
    # Of many that are all rare, the commonest: without any, nobody's line could be followed.
    least = min(LEAST_ROLE_SHARE * len(roles), counts[order[0]])
    common: IntArray = values[order][counts[order] >= least]
    return np.sort(common)


def _centred(vectors: FloatArray, centre: FloatArray) -> FloatArray:
    return _unit(vectors - centre)


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # A row of zeros, as before anything was said, stays one and is like nothing else.
    unit: FloatArray = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _mean_around(talk: _Talk, meaning: FloatArray) -> FloatArray:
    around = meaning * np.float32(1 - SUBJECT_DECAY)
    for rows in _interview_rows(talk.interviews):
        for ordered in (rows, rows[::-1]):
            said = np.zeros(meaning.shape[1], dtype=np.float32)
            for row in ordered:
                around[row] += said
                said = SUBJECT_DECAY * said + (1 - SUBJECT_DECAY) * meaning[row]
    return around


def _lines(talk: _Talk, meaning: FloatArray, roles: IntArray) -> Iterator[FloatArray]:
    for is_role in _is_role(talk.roles, roles).T:
        line = np.zeros_like(meaning)
        for rows in _interview_rows(talk.interviews):
            said = np.zeros(meaning.shape[1], dtype=np.float32)
            for row in rows:
                if is_role[row]:
                    said = LINE_DECAY * said + (1 - LINE_DECAY) * meaning[row]
                line[row] = said
        yield line


def _is_role(of_rows: IntArray, roles: IntArray) -> BoolArray:
    is_role: BoolArray = of_rows[:, None] == roles[None]
    return is_role


def _speakers(talk: _Talk, roles: IntArray) -> FloatArray:
    here = _is_role(talk.roles, roles).astype(np.float32)
    before, after = np.zeros_like(here), np.zeros_like(here)
    goes_on = (talk.interviews[1:] == talk.interviews[:-1])[:, None]
    before[1:] = here[:-1] * goes_on
    after[:-1] = here[1:] * goes_on
    beside = np.float32(np.sqrt(0.5))
    return np.concatenate([here, before * beside, after * beside], axis=1)


def _positions(interviews: IntArray) -> FloatArray:
    position = np.zeros(len(interviews), dtype=np.float32)
    for rows in _interview_rows(interviews):
        position[rows] = np.linspace(0, 1, len(rows))
    return position


def _interview_rows(interviews: IntArray) -> list[IntArray]:
    starts = np.flatnonzero(np.r_[True, interviews[1:] != interviews[:-1]])
    return np.split(np.arange(len(interviews)), starts[1:]) if len(interviews) else []
