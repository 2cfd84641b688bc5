"""Measures how well people agree with each other and with the machine; the ruler of a study."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from models.intervals import N_RESAMPLES, SEED
from pipeline.evaluation.compared import compare_in_place, compare_with_machine
from pipeline.evaluation.effect import measure_effect, shown_model
from pipeline.evaluation.material import Material, keep_work, read_material
from pipeline.evaluation.misses import (
    count_group_errors,
    count_mixups,
    count_uses,
    label_units,
    list_disagreements,
    mark_by_machine,
    measure_misses,
    mix_up_people,
)
from pipeline.evaluation.parts import measure_baselines, measure_parts
from pipeline.evaluation.readings import LaidOut, is_assisted, is_blind, lay_out
from pipeline.evaluation.records import Agreement, Evaluation
from pipeline.evaluation.spans import measure_end_to_end
from pipeline.work import WATCHER
from study.coded_work import FinishedWork
from study.errors import StudyError
from study.folder import Study

NOT_SUGGESTED = "There are no suggestions to evaluate. Run 'themeloop suggest' first."
NOT_CODED = (
    "No excerpt was coded without suggestions, so there is nothing to compare with. Import "
    "codings, or code the excerpts that were drawn to be coded blind."
)
NOT_HELD_OUT = (
    "Every model version that scored an interview has learnt from codings of its participant or "
    "family, so none can be judged. Code interviews of other participants."
)


class NothingToCompareError(StudyError):
    """There are no suggestions yet, or no codings made without them."""


def evaluate_agreement(study: Study, *, now: datetime, with_quotes: bool = False) -> Evaluation:
    """Evaluate suggestions, and coders with one another.

    Only excerpts count that a coder finished without suggestions on the screen, against what a
    model version suggested that had learnt from no coding of their participants.

    Args:
        study: Read only.
        now: Goes into the result.
        with_quotes: Keep the words of excerpts that are disagreed on.

    Raises:
        NothingToCompareError: There are no suggestions, or no codings to compare them with.
    """
    material = read_material(study)
    blind = keep_work(material, is_blind)
    laid_out = lay_out(blind)
    if not laid_out.units:
        raise NothingToCompareError(_say_what_lacks(blind))
    return Evaluation(
        made_at=now,
        seed=SEED,
        n_resamples=N_RESAMPLES,
        n_waiting=material.n_waiting,
        n_learnt=material.n_learnt,
        n_drawn=sum(interview.n_drawn for interview in material.interviews),
        n_owed=_count_owed(material),
        n_from_draw=_count_read(blind, lambda work: not work.is_whole),
        n_from_file=_count_read(blind, lambda work: work.is_whole),
        **_describe_study(study, material, laid_out),
        **_measure(material, blind, laid_out, with_quotes=with_quotes),
    )


def _say_what_lacks(blind: Material) -> str:
    read = [interview for interview in blind.interviews if interview.work] or blind.interviews
    if any(interview.headline is not None for interview in read):
        return NOT_CODED
    return NOT_HELD_OUT if any(interview.suggested for interview in read) else NOT_SUGGESTED


def _describe_study(study: Study, material: Material, laid_out: LaidOut) -> dict[str, Any]:
    book, settings = material.codebook, study.settings
    used = {material.interviews[unit.interview].headline for unit in laid_out.units}
    return {
        "stance": settings.stance,
        "is_synthetic": settings.is_synthetic,
        "keys": material.keys,
        "names": tuple(code.wording(settings.language).name for code in book.codebook.codes),
        "model": next(model for model in reversed(material.models) if model.id in used),
        "codebook_version": book.number,
    }


def _measure(
    material: Material, blind: Material, laid_out: LaidOut, *, with_quotes: bool
) -> dict[str, Any]:
    headline, in_place = compare_with_machine(laid_out), compare_in_place(laid_out)
    people = in_place.people if in_place else None
    theirs = people.comparison if people else None
    measures: dict[str, Callable[[], Any]] = {
        "uses": lambda: tuple(count_uses(laid_out)),
        "effect": lambda: measure_effect(material),
        "assisted": lambda: _compare_assisted(material),
        "misses": lambda: measure_misses(laid_out),
        "groups": lambda: tuple(count_group_errors(blind, laid_out)),
        "parts": lambda: tuple(measure_parts(blind, laid_out)),
        "machine_mixups": lambda: tuple(
            count_mixups(blind, label_units(laid_out), mark_by_machine(laid_out))
        ),
        "people_mixups": lambda: tuple(mix_up_people(blind, laid_out)),
        "disagreements": lambda: tuple(
            list_disagreements(blind, laid_out, with_quotes=with_quotes)
        ),
        "end_to_end": lambda: measure_end_to_end(blind, headline.comparison, theirs),
        # The only one that takes long.
        "baselines": lambda: tuple(measure_baselines(blind, laid_out)),
    }
    measured = {"headline": headline, "people": people, "in_place": in_place}
    watcher = WATCHER.get()
    for n_done, (name, measure) in enumerate(measures.items(), start=1):
        measured[name] = measure()
        if watcher is not None:
            watcher("evaluate_agreement", n_done, len(measures))
    return measured


def _compare_assisted(material: Material) -> Agreement | None:
    """Compare assisted work with what was on the screen; the headline's where that is unknown."""
    laid_out = lay_out(
        keep_work(material, is_assisted), model_of=lambda each: shown_model(each) or each.headline
    )
    return compare_with_machine(laid_out) if laid_out.units else None


def _count_read(blind: Material, choose: Callable[[FinishedWork], bool]) -> int:
    """Count the excerpts of the headline that somebody read in a way."""
    return len(lay_out(keep_work(blind, lambda _, work: choose(work))).units)


def _count_owed(material: Material) -> int:
    """Count drawn excerpts, of the cut as it is now, that no coder has finished blind yet."""
    finished = {
        work.excerpt_id
        for interview in material.interviews
        for work in interview.work
        if work.is_drawn and not work.is_assisted
    }
    return sum(
        interview.n_drawn - len(finished & {excerpt.id for excerpt in interview.excerpts})
        for interview in material.interviews
    )
