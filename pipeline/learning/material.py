"""Reads a study as what proposers learn from and are judged by; learning begins here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.labels import Labels
from models.passages import IntArray, Passages
from pipeline.evaluation.material import InterviewMaterial
from pipeline.evaluation.readings import is_blind
from pipeline.learning.coded import Coded, read_coded
from pipeline.learning.missed import estimate_misses
from pipeline.learning.roles import RoleNames, Spoken, name_roles, number_by_names
from pipeline.learning.targets import Targets, list_judging, list_learning
from study.coded_work import FinishedWork
from study.folder import Study

Judges = Literal["blind", "unassisted"]
# Of a code on one excerpt in twenty, 200 excerpts hold ten, the least by which agreement tells a
# code; and figures over fewer than five groups hang on who was interviewed.
ENOUGH_EXCERPTS, ENOUGH_GROUPS = 200, 5


@dataclass(frozen=True)
class LearningMaterial:
    """The excerpts of whole interviews with their labels, in the order that these were added.

    excerpt_ids, segmentation_ids, interview_ids: (n_excerpts,) rows in the database.
    codes: Rows of the codes, in the order of the current codebook, as the labels' columns are.
    n_blind, n_unassisted: Excerpts finished blind, as the headline counts them; and excerpts
        finished without suggestions at all, those included that a coder chose.
    judged_by: Which of the two has weights: blind ones where there are enough of them.
    miss_rates: (n_codes,) the chance that a code is there which was neither proposed nor added;
        all 0 where miss_rate_known is False.
    """

    passages: Passages
    labels: Labels
    excerpt_ids: IntArray
    segmentation_ids: IntArray
    interview_ids: IntArray
    codes: tuple[int, ...]
    n_blind: int
    n_unassisted: int
    judged_by: Judges
    miss_rates: tuple[float, ...]
    miss_rate_known: bool
    roles: RoleNames

    def take(self, rows: IntArray) -> "LearningMaterial":
        """Take the excerpts of some interviews, all of each."""
        return replace(
            self,
            passages=self.passages.take(rows),
            labels=self.labels.take(rows),
            excerpt_ids=self.excerpt_ids[rows],
            segmentation_ids=self.segmentation_ids[rows],
            interview_ids=self.interview_ids[rows],
        )


def read_material(study: Study, encoder_id: int) -> LearningMaterial:
    """Read what may be learnt from the interviews that an encoder has encoded.

    Judged are the blind excerpts where there are at least 200 from at least 5 groups, else all
    that was finished without suggestions. Their labels come from that work alone.

    Raises:
        StudyError: The study has no codebook.
    """
    codes, coded = read_coded(study, encoder_id)
    columns = codes.columns
    groups = _number(each.interview.case.group for each in coded)
    misses = estimate_misses(coded, columns)
    blind = [list_judging(each, columns, is_blind) for each in coded]
    unassisted = [_weigh_alike(list_judging(each, columns, is_unassisted)) for each in coded]
    is_enough = _is_enough(blind, groups)
    learning = [
        list_learning(each, columns, misses.rates).judged_by(judging)
        for each, judging in zip(coded, blind if is_enough else unassisted, strict=True)
    ]
    counts = [len(each.interview.excerpts) for each in coded]
    spoken = [Spoken(each.turns, each.interview.excerpts) for each in coded]
    roles = name_roles(spoken)
    return LearningMaterial(
        passages=_list_passages(coded, [number_by_names(each, roles) for each in spoken]),
        labels=_join(learning, np.repeat(groups, counts), len(columns)),
        excerpt_ids=_as_ints(e.id for each in coded for e in each.interview.excerpts),
        segmentation_ids=np.repeat(
            _as_ints(each.interview.transcript.segmentation_id or 0 for each in coded), counts
        ),
        interview_ids=np.repeat(
            _as_ints(each.interview.transcript.interview_id for each in coded), counts
        ),
        codes=codes.rows,
        n_blind=_count(blind),
        n_unassisted=_count(unassisted),
        judged_by="blind" if is_enough else "unassisted",
        miss_rates=tuple(misses.rates.tolist()),
        miss_rate_known=misses.is_known,
        roles=roles,
    )


def is_unassisted(_: InterviewMaterial, work: FinishedWork) -> bool:
    """Tell whether work was done without suggestions, drawn or chosen."""
    return not work.is_assisted


def _weigh_alike(targets: Targets) -> Targets:
    # Chosen excerpts were not drawn with any chance: no weight would make them stand for others.
    return Targets(targets.targets, targets.is_known, (targets.weights > 0).astype(np.float64))


def _is_enough(blind: Sequence[Targets], groups: IntArray) -> bool:
    with_any = {
        group for group, each in zip(groups.tolist(), blind, strict=True) if each.weights.any()
    }
    return _count(blind) >= ENOUGH_EXCERPTS and len(with_any) >= ENOUGH_GROUPS


def _count(judging: Sequence[Targets]) -> int:
    return sum(int((each.weights > 0).sum()) for each in judging)


def _list_passages(coded: Sequence[Coded], roles: Sequence[IntArray]) -> Passages:
    interviews = [each.interview for each in coded]
    return Passages(
        texts=tuple(excerpt.text for each in interviews for excerpt in each.excerpts),
        vectors=np.concatenate([each.vectors for each in coded])
        if coded
        else np.zeros((0, 0), dtype=np.float32),
        interviews=np.repeat(np.arange(len(coded)), [len(each.excerpts) for each in interviews]),
        roles=np.concatenate([_as_ints(()), *roles]),
    )


def _join(targets: Sequence[Targets], groups: IntArray, n_codes: int) -> Labels:
    empty = np.zeros((0, n_codes))
    return Labels(
        np.concatenate([empty, *(each.targets for each in targets)]).astype(np.float32),
        np.concatenate([empty.astype(np.bool_), *(each.is_known for each in targets)]),
        np.concatenate([np.zeros(0), *(each.weights for each in targets)]),
        groups,
    )


def _number(names: Iterable[str]) -> IntArray:
    numbers: dict[str, int] = {}
    return _as_ints(numbers.setdefault(name, len(numbers)) for name in names)


def _as_ints(numbers: Iterable[int]) -> IntArray:
    return np.array(list(numbers), dtype=np.int64)
