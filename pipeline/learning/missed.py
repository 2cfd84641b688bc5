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
    """Readings of codes that the page did not propose, and how often they were given: (n_codes,).

    weight, given: Weighed by how many excerpts each reading stands for.
    """

    n: Floats
    weight: Floats
    given: Floats

    @property
    def share(self) -> float:
        return float(self.given.sum() / self.weight.sum())

    @property
    def shares(self) -> Floats:
        return self.given / np.where(self.weight > 0, self.weight, 1)


def estimate_misses(coded: Sequence[Coded], columns: Mapping[int, int]) -> Misses:
    """Estimate by code how often it was missed where it was not proposed.

    Over the readings of excerpts for which the page's model version did not propose the code, each
    weighed by how many excerpts it stands for: the share given by coders who saw no suggestions,
    minus the share given by coders who saw them. What coders give alike in both ways is not
    missed. With n blind readings of a code, its rate is (n × its own difference + 200 × that of
    all codes together) / (n + 200), at least 0. Where nothing was read blind, or nothing with
    suggestions, no rate is known and all are 0.

    Args:
        columns: The place of each code, by its row.
    """
    blind, assisted = (_tally(coded, choose, columns) for choose in (is_blind, is_assisted))
    if not blind.weight.sum() or not assisted.weight.sum():
        return Misses(np.zeros(len(columns)), is_known=False)
    overall = max(0.0, blind.share - assisted.share)
    n = np.where(assisted.weight > 0, blind.n, 0)
    rates = (n * (blind.shares - assisted.shares) + ENOUGH_READINGS * overall) / (
        n + ENOUGH_READINGS
    )
    return Misses(np.clip(rates, 0, MOST), is_known=True)


def _tally(
    coded: Sequence[Coded],
    choose: Callable[[InterviewMaterial, FinishedWork], bool],
    columns: Mapping[int, int],
) -> _Tally:
    n, weight, given = np.zeros((3, len(columns)))
    for each in coded:
        for work in each.interview.work:
            shown = each.list_shown(work)
            if shown is None or not choose(each.interview, work):
                continue
            left = [columns[code_id] for code_id in work.judged - shown]
            n[left] += 1
            weight[left] += work.weight
            given[[columns[code_id] for code_id in (work.given & work.judged) - shown]] += (
                work.weight
            )
    return _Tally(n, weight, given)
