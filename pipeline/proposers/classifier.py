"""Proposes codes by what was learnt from coders' decisions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codebook.records import Codebook
from models.explaining import find_near_excerpts, find_telling_words
from models.levels import CHILDREN, NO_PARENT, drop_parents, lift_parents
from models.packing import unpack_classifier
from models.passages import IntArray
from models.similarity import Scores
from models.stored import Proposed, StoredClassifier
from models.stored import propose as propose_learnt
from pipeline.choices import list_contrasts
from pipeline.proposers.protocol import Answer, ModelParts, Question
from pipeline.proposers.similarity import NAME as SIMILARITY
from pipeline.proposers.similarity import find_part, list_parts, score_described

Floats = NDArray[np.float64]

NAME = "classifier"
NEAREST = "nearest"
SEPARABLE = "separable"
# A group that was not there in training.
NO_GROUP = -1


class ClassifierProposer:
    """Proposes each code by the method that ranked its excerpts best when held out."""

    def __init__(self, parts: ModelParts) -> None:
        self._parts = parts
        self._stored = unpack_classifier(parts.arrays, parts.facts)

    def propose(self, question: Question) -> Answer:
        """Give the chance of each code for each excerpt of an interview, and what it rests on."""
        stored = self._stored
        described = score_described(self._parts.arrays, self._parts.facts, question)
        groups = find_groups(stored, question.linked)
        group = int(groups[0]) if len(groups) else NO_GROUP
        proposed = propose_learnt(stored, question.passages, described.values, group=group)
        codes = stored.choices.codes
        parents = list_parents(question.codebook)
        grouping = frozenset(n for n, choice in enumerate(codes) if choice.method == CHILDREN)
        said = as_held_out(stored, question.excerpt_ids, proposed.chances)
        chances = lift_parents(said, parents, grouping)
        reached = [np.flatnonzero(row).tolist() for row in chances >= stored.thresholds]
        proposes = np.zeros(chances.shape, dtype=np.bool_)
        for row, kept in enumerate(drop_parents(reached, parents, grouping)):
            proposes[row, kept] = True
        reasons = _Reasons(stored, proposed, described, question, groups)
        return Answer(
            values=chances,
            proposes=proposes,
            is_probability=True,
            methods=tuple(choice.method for choice in codes),
            explain=reasons.explain,
            inseparable=_list_inseparable(question.codebook, self._parts.facts),
        )


def find_groups(stored: StoredClassifier, linked: frozenset[int]) -> IntArray:
    """Find the groups of what was learnt from in these interviews."""
    rows = np.isin(stored.features.interviews, sorted(linked))
    groups: IntArray = np.unique(stored.labels.groups[rows])
    return groups


def as_held_out(stored: StoredClassifier, excerpt_ids: Sequence[int], chances: Floats) -> Floats:
    """Put what was said without an excerpt's own labels in the place of what was learnt from them.

    Else whoever codes it next would be shown what others coded, as if it were a guess.
    """
    known = {int(excerpt): row for row, excerpt in enumerate(stored.excerpt_ids)}
    rows = [(place, known[each]) for place, each in enumerate(excerpt_ids) if each in known]
    said = chances.copy()
    for place, row in rows:
        held_out = stored.held_out[row]
        said[place] = np.where(np.isnan(held_out), chances[place], held_out)
    return said


def list_parents(codebook: Codebook) -> IntArray:
    """Give the place of each code's parent, (n_codes,); NO_PARENT where it has none."""
    place_of = {code.guid: place for place, code in enumerate(codebook.codes)}
    parents = [place_of[code.parent] if code.parent else NO_PARENT for code in codebook.codes]
    return np.array(parents, dtype=np.int64)


def _list_inseparable(codebook: Codebook, facts: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    separable = {frozenset(pair) for pair in facts[SEPARABLE]}
    guids = [code.guid for code in codebook.codes]
    return tuple(
        (one, other)
        for one, other in list_contrasts(codebook)
        if frozenset((guids[one], guids[other])) not in separable
    )


class _Reasons:
    def __init__(
        self,
        stored: StoredClassifier,
        proposed: Proposed,
        described: Scores,
        question: Question,
        groups: IntArray,
    ) -> None:
        self._stored, self._proposed, self._described = stored, proposed, described
        self._texts, self._groups = question.passages.texts, groups
        self._parts = list_parts(question.codebook, question.language)

    def explain(self, row: int, code: int) -> dict[str, Any]:
        part = find_part(self._parts, self._described, row, code)
        if self._stored.choices.codes[code].method in (SIMILARITY, CHILDREN):
            return part
        features = self._proposed.features
        near = find_near_excerpts(self._stored, features, row, code, groups=self._groups)
        words = find_telling_words(self._stored, features, row, code, self._texts[row])
        return {
            "kind": NEAREST,
            "nearest": [
                {
                    "excerpt": each.excerpt_id,
                    "similarity": each.similarity,
                    "is_same_participant": each.is_same_group,
                }
                for each in near
            ],
            "words": [[span.start_char, span.end_char] for span in words],
            "part": part,
        }
