"""What showing suggestions changed: assisted agreement beside blind, and help apart from sway."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from models.agreement import (
    WITH_MACHINE,
    BoolArray,
    Choices,
    Readings,
    ShownEffect,
    measure_shown_effect,
    tabulate_machine,
)
from models.agreement.figures import pool_paired
from pipeline.evaluation.compared import DIFFERENCE, compare_with_machine, subtract, told_of_both
from pipeline.evaluation.material import (
    InterviewMaterial,
    Material,
    keep_work,
    list_units,
    mark_suggested,
)
from pipeline.evaluation.readings import (
    LaidOut,
    lay_out,
    number_groups,
    rate_units,
)
from pipeline.evaluation.records import Effect
from study.coded_work import FinishedWork

COMPARED = ("kappa", "positive_agreement", "agreement")
NO_INDEPENDENT = (
    "Help and sway cannot be told apart: nobody else coded such excerpts blind. Let a second "
    "coder code whole interviews without suggestions."
)


def measure_effect(material: Material) -> Effect | None:
    """Compare what coders did with suggestions on the screen with what they did without.

    Only interviews of which part was drawn to be coded blind count, and only a coder's own: which
    part was shown was left to chance there.
    """
    assisted, blind = lay_out_shown(material), lay_out_unshown(material)
    if not assisted.units or not blind.units:
        return None
    shown, unshown = compare_with_machine(assisted), compare_with_machine(blind)
    codes = told_of_both(shown.comparison, unshown.comparison)
    one, other = (tabulate_machine(side.judged_by_both, side.machine) for side in (assisted, blind))
    figures = {
        name: pool_paired(one, other, codes, WITH_MACHINE[name], subtract, bounds=DIFFERENCE)
        for name in COMPARED
    }
    split = split_effect(material)
    return Effect(shown, unshown, len(codes), figures, split, "" if split else NO_INDEPENDENT)


def split_effect(material: Material) -> ShownEffect | None:
    """Split the effect where an independent coder read the same excerpts blind; None where none."""
    parts = list(_choices(material))
    if not any(len(part.groups) for part in parts):
        return None
    columns = (np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0]))
    return measure_shown_effect(Choices(*columns))


def lay_out_shown(material: Material) -> LaidOut:
    """Lay out what coders did with suggestions on the screen, in interviews with a draw."""
    return _lay_out_side(material, _is_left_assisted)


def lay_out_unshown(material: Material) -> LaidOut:
    """Lay out what the same coders did blind in the same interviews."""
    return _lay_out_side(material, _is_drawn_blind)


def shown_model(interview: InterviewMaterial) -> int | None:
    """Give the model version that was on the screen for most of an interview.

    None where it did not score this cut, or has learnt from the interview's group: it would know
    what was coded blind there.
    """
    shown = Counter(work.model_id for work in interview.work if _is_left_assisted(work))
    model_id = max(shown, key=lambda each: shown[each], default=None)
    return model_id if model_id in interview.fit_models else None


def _lay_out_side(material: Material, is_side: Callable[[FinishedWork], bool]) -> LaidOut:
    # Of all work: both sides are the same coders', held against the same suggestions.
    both_ways = {each.transcript.id: _coded_both_ways(each) for each in material.interviews}
    shown = {each.transcript.id: shown_model(each) for each in material.interviews}

    def is_of_side(interview: InterviewMaterial, work: FinishedWork) -> bool:
        return is_side(work) and work.coder in both_ways[interview.transcript.id]

    return lay_out(keep_work(material, is_of_side), model_of=lambda each: shown[each.transcript.id])


def _is_drawn_blind(work: FinishedWork) -> bool:
    return work.is_drawn and not work.is_assisted and not work.is_whole


def _is_left_assisted(work: FinishedWork) -> bool:
    is_left = work.draw_rate is not None and not work.is_drawn
    return is_left and work.is_assisted and not work.is_whole


def _coded_both_ways(interview: InterviewMaterial) -> set[str]:
    blind = {work.coder for work in interview.work if _is_drawn_blind(work)}
    shown = {work.coder for work in interview.work if _is_left_assisted(work)}
    return blind & shown


def _choices(material: Material) -> Iterator[Choices]:
    """Pair each coder who coded both ways with each other who read the whole interview blind."""
    groups = number_groups(material)
    for place, interview in enumerate(material.interviews):
        model_id = shown_model(interview)
        whole = {work.coder for work in interview.work if work.is_whole and not work.is_assisted}
        if model_id is None:
            continue
        suggested = mark_suggested(interview, model_id, list_units(interview), material.columns)
        is_known = np.array(material.list_known(model_id), dtype=np.bool_)
        for coder in sorted(_coded_both_ways(interview)):
            others = [
                other
                for other in sorted(whole - {coder})
                if _has_read_all(interview, coder, other, material.columns)
            ]
            for other in others:
                for is_shown in (True, False):
                    part = _pair_up(interview, coder, other, is_shown, material.columns)
                    choices = _as_choices(part, is_shown, suggested, groups[place], len(others))
                    yield replace(choices, is_judged=choices.is_judged & is_known)


def _has_read_all(
    interview: InterviewMaterial, coder: str, other: str, columns: dict[int, int]
) -> bool:
    """Tell whether the other read, blind, whatever the coder finished of an interview."""
    units = list_units(interview)
    theirs = [work for work in interview.work if work.coder == other and not work.is_assisted]
    mine = [work for work in interview.work if work.coder == coder]
    given, _ = rate_units(units, mine + theirs, coders=[coder, other], columns=columns)
    is_read: BoolArray = np.any(~np.isnan(given), axis=2)
    return not (is_read[0] & ~is_read[1]).any()


def _pair_up(
    interview: InterviewMaterial,
    coder: str,
    other: str,
    is_shown: bool,
    columns: dict[int, int],
) -> Readings:
    mine = [
        work
        for work in interview.work
        if work.coder == coder and (_is_left_assisted(work) if is_shown else _is_drawn_blind(work))
    ]
    theirs = [work for work in interview.work if work.coder == other and not work.is_assisted]
    units = list_units(interview)
    given, weights = rate_units(units, mine + theirs, coders=[coder, other], columns=columns)
    nobody = np.zeros(len(units), dtype=np.int64)
    return Readings(given, weights, nobody, nobody)


def _as_choices(
    readings: Readings, is_shown: bool, suggested: BoolArray, group: int, n_others: int
) -> Choices:
    rows = np.flatnonzero(readings.is_read.all(axis=0))
    mine, theirs = readings.given[:, rows]
    return Choices(
        is_shown=np.full(len(rows), is_shown),
        weights=readings.weights[0, rows] / n_others,
        groups=np.full(len(rows), group),
        suggested=suggested[rows],
        independent=theirs > 0,
        given=mine > 0,
        is_judged=~np.isnan(mine) & ~np.isnan(theirs),
    )
