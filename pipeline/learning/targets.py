"""Turns what coders said into what an excerpt's labels are, to learn from and to judge by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.agreement import BoolArray
from pipeline.evaluation.material import InterviewMaterial, list_units
from pipeline.evaluation.readings import rate_units
from pipeline.learning.coded import Coded
from pipeline.learning.missed import Floats
from study.coded_work import FinishedWork
from study.labels import match_spans
from study.records import Span

Choose = Callable[[InterviewMaterial, FinishedWork], bool]


@dataclass(frozen=True)
class Targets:
    """What is known of an interview's excerpts.

    targets, is_known: (n_excerpts, n_codes); weights: (n_excerpts,), 0 where nothing judges.
    """

    targets: Floats
    is_known: BoolArray
    weights: Floats

    def judged_by(self, judging: "Targets") -> "Targets":
        """Take over the excerpts that others judge: what was coded so is judged by that alone."""
        rows = (judging.weights > 0)[:, None]
        return Targets(
            np.where(rows, judging.targets, self.targets),
            np.where(rows, judging.is_known, self.is_known),
            judging.weights,
        )


def list_learning(coded: Coded, columns: dict[int, int], misses: Floats) -> Targets:
    """List what may be learnt: of each code the share of coders who gave it, among those who told.

    Of one coder's work on an excerpt what was done without suggestions counts, else what was
    finished with them, else what was said so far.

    Args:
        columns: The place of each code, by its row.
        misses: (n_codes,) the chance that a code is there which was neither proposed nor added.
    """
    coders = _list_coders(coded)
    units = list_units(coded.interview)
    work = coded.interview.work
    unassisted = [each for each in work if not each.is_assisted]
    layers = (
        _rate(units, coders, len(columns), _list_open(coded, columns)),
        _rate(units, coders, len(columns), _list_assisted(coded, columns, misses)),
        rate_units(units, unassisted, coders=coders, columns=columns)[0],
    )
    ratings = layers[0]
    for layer in layers[1:]:
        is_told = ~np.isnan(layer).all(axis=2, keepdims=True)
        ratings = np.where(is_told, layer, ratings)
    return Targets(*_share_given(ratings), np.zeros(len(units)))


def list_judging(coded: Coded, columns: dict[int, int], choose: Choose) -> Targets:
    """List what may judge: the share of coders who gave a code, by work that is chosen for it.

    Where one of several coders was sure to read an excerpt, it stands for itself only.

    Args:
        columns: The place of each code, by its row.
    """
    units = list_units(coded.interview)
    chosen = [each for each in coded.interview.work if choose(coded.interview, each)]
    ratings, each_weight = rate_units(units, chosen, coders=_list_coders(coded), columns=columns)
    targets, is_known = _share_given(ratings)
    is_read = ~np.isnan(ratings).all(axis=2)
    least = np.min(np.where(is_read, each_weight, np.inf), axis=0, initial=np.inf)
    return Targets(targets, is_known, np.where(np.isinf(least), 0.0, least))


@dataclass(frozen=True)
class _Told:
    """What one coder said of a stretch: by the place of a code, how likely it is there."""

    coder: str
    span: Span
    values: Mapping[int, float]


def _list_coders(coded: Coded) -> list[str]:
    return sorted({coder for coder, _ in coded.standing})


def _list_open(coded: Coded, columns: Mapping[int, int]) -> list[_Told]:
    # What is left off an excerpt that is not finished may yet be given.
    return [
        _Told(each.coder, each.span, _say(columns, {0.0: each.rejected, 1.0: each.given}))
        for each in coded.standing.values()
        if not each.is_done
    ]


def _list_assisted(coded: Coded, columns: Mapping[int, int], misses: Floats) -> list[_Told]:
    told = []
    for each in coded.interview.work:
        if not each.is_assisted:
            continue
        left_off = coded.standing[each.coder, each.excerpt_id].left_off
        seen = (left_off | (coded.list_shown(each) or frozenset())) & each.judged
        values = {columns[code_id]: float(misses[columns[code_id]]) for code_id in each.judged}
        values |= _say(columns, {0.0: seen, 1.0: each.given})
        told.append(_Told(each.coder, each.span, values))
    return told


def _say(columns: Mapping[int, int], said: Mapping[float, frozenset[int]]) -> dict[int, float]:
    return {columns[code_id]: value for value, codes in said.items() for code_id in codes}


def _rate(
    units: Sequence[Span], coders: Sequence[str], n_codes: int, told: Sequence[_Told]
) -> Floats:
    ratings = np.full((len(coders), len(units), n_codes), np.nan)
    places = {coder: place for place, coder in enumerate(coders)}
    for rows, each in zip(match_spans(units, [e.span for e in told]), told, strict=True):
        block = ratings[places[each.coder]]
        for row in rows:
            for column, value in each.values.items():
                # Where several stretches lie in one excerpt, one of them having the code is enough.
                block[row, column] = np.fmax(block[row, column], value)
    return ratings


def _share_given(ratings: Floats) -> tuple[Floats, BoolArray]:
    n_told = (~np.isnan(ratings)).sum(axis=0)
    return np.nansum(ratings, axis=0) / np.maximum(n_told, 1), n_told > 0
