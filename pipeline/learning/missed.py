"""Estimates how often a code is there that nobody proposed and its coder did not add."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.material import InterviewMaterial
from pipeline.evaluation.readings import is_assisted, is_blind
from pipeline.learning.coded import Coded
from study.coded_work import FinishedWork

Floats = NDArray[np.float64]
# Of a code given to one excerpt in a hundred, 200 readings hold two: fewer tell next to nothing of
# one code, and all codes together stand in.
ENOUGH_READINGS = 200
# Whatever few readings say, a code that somebody left off stays likelier absent than there.
MOST = 0.4


@dataclass(frozen=True)
class Misses:
    """By code, the chance that it is there where it was neither proposed nor added.

    rates: (n_codes,), in the order of the codebook; all 0 where is_known is False.
    """

    rates: Floats
    is_known: bool


@dataclass(frozen=True)
class _Tally:
    """Readings of codes that the page did not propose, and how often they were given.

    n, weight, given: (n_versions, n_codes); the last two weighed by how many excerpts each reading
        stands for.
    """

    n: Floats
    weight: Floats
    given: Floats

    @property
    def shares(self) -> Floats:
        return self.given / np.where(self.weight > 0, self.weight, 1)

    def of_all_codes(self) -> "_Tally":
        n, weight, given = (
            part.sum(axis=1, keepdims=True) for part in (self.n, self.weight, self.given)
        )
        return _Tally(n, weight, given)


def estimate_misses(coded: Sequence[Coded], columns: Mapping[int, int]) -> Misses:
    """Estimate by code how often it was missed where it was not proposed.

    Over the readings of excerpts for which the page's model version did not propose the code, each
    weighed by how many excerpts it stands for: the share given by coders who saw no suggestions,
    minus the share given by coders who saw them. What coders give alike in both ways is not
    missed. The difference is taken within each version, because one that proposes more leaves
    fewer codes to give; over versions it is the mean, weighed as Mantel and Haenszel do: by blind ×
    assisted / (blind + assisted), so that a version read in one way only tells nothing. With n
    blind readings of a code in versions that tell something of it, its rate is (n × its own
    difference + 200 × that of all codes together) / (n + 200), at least 0. Where no version was
    read in both ways, no rate is known and all are 0.

    Args:
        columns: The place of each code, by its row.
    """
    blind, assisted = (_tally(coded, choose, columns) for choose in (is_blind, is_assisted))
    of_all = blind.of_all_codes(), assisted.of_all_codes()
    if not _weigh_versions(*of_all).any():
        return Misses(np.zeros(len(columns)), is_known=False)
    overall = np.maximum(0, _mean_difference(*of_all))
    n = np.where(assisted.weight > 0, blind.n, 0).sum(axis=0)
    rates = (n * _mean_difference(blind, assisted) + ENOUGH_READINGS * overall) / (
        n + ENOUGH_READINGS
    )
    return Misses(np.clip(rates, 0, MOST), is_known=True)


def _mean_difference(blind: _Tally, assisted: _Tally) -> Floats:
    weights = _weigh_versions(blind, assisted)
    total = weights.sum(axis=0)
    difference: Floats = (weights * (blind.shares - assisted.shares)).sum(axis=0)
    return difference / np.where(total > 0, total, 1)


def _weigh_versions(blind: _Tally, assisted: _Tally) -> Floats:
    total = blind.weight + assisted.weight
    return blind.weight * assisted.weight / np.where(total > 0, total, 1)


def _tally(
    coded: Sequence[Coded],
    choose: Callable[[InterviewMaterial, FinishedWork], bool],
    columns: Mapping[int, int],
) -> _Tally:
    rows = _number_versions(coded)
    n, weight, given = np.zeros((3, len(rows), len(columns)))
    for each in coded:
        for work in each.interview.work:
            shown = each.list_shown(work)
            if shown is None or not choose(each.interview, work):
                continue
            row = rows[work.model_id]
            left = [columns[code_id] for code_id in work.judged - shown]
            n[row, left] += 1
            weight[row, left] += work.weight
            given[row, [columns[code_id] for code_id in (work.given & work.judged) - shown]] += (
                work.weight
            )
    return _Tally(n, weight, given)


def _number_versions(coded: Sequence[Coded]) -> dict[int | None, int]:
    model_ids = (work.model_id for each in coded for work in each.interview.work)
    return {model_id: row for row, model_id in enumerate(dict.fromkeys(model_ids))}
