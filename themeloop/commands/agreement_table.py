"""Draws an evaluation as a table for a terminal; the report says the same at length."""

from collections.abc import Iterator

from models.agreement import CodeFigures
from models.intervals import Estimate
from pipeline.evaluation.records import Evaluation
from study.stance import describe_stance

FIGURES = ("prevalence", "precision", "recall", "f1", "kappa", "ac1", "alpha")
HEADINGS = ("prev.", "prec.", "recall", "F1", "κ", "AC1", "α")
TWICE = 15


def draw_table(evaluation: Evaluation) -> str:
    """Draw the headline code by code, people beside it, and say in lines what else there is."""
    return "\n".join([*_draw_codes(evaluation), "", *_notes(evaluation)])


def _draw_codes(evaluation: Evaluation) -> Iterator[str]:
    width = max(len(key) for key in (*evaluation.keys, "mean over 99 codes"))
    people = evaluation.people.comparison if evaluation.people else None
    head = "".join(f"{heading:>8}" for heading in HEADINGS)
    yield f"{'code':<{width}} {'people':>7} {'machine':>8}{head}{'κ 95%':>{TWICE}}{'people κ':>10}"
    rows = zip(evaluation.keys, evaluation.uses, evaluation.headline.comparison.codes, strict=True)
    for place, (key, use, code) in enumerate(rows):
        row = f"{key:<{width}} {use.n_people:>7} {use.n_machine:>8}"
        theirs = people.codes[place].figures["kappa"].value if people else None
        yield row + _draw_code(code) + f"{_figure(theirs):>10}"
    pooled = evaluation.headline.comparison.pooled
    theirs = people.pooled.figures["kappa"].value if people else None
    cells = "".join(f"{_figure(pooled.figures[name].value):>8}" for name in FIGURES)
    interval = f"{_interval(pooled.figures['kappa']):>{TWICE}}"
    label = f"mean over {say_count(pooled.n_codes, 'code')}"
    mean = f"{label:<{width}} {'':>7} {'':>8}"
    yield mean + cells + interval + f"{_figure(theirs):>10}"


def _draw_code(code: CodeFigures) -> str:
    if not code.is_told:
        return f"{'too few to tell':>{8 * len(FIGURES)}}{'':>{TWICE}}"
    cells = "".join(f"{_figure(code.figures[name].value):>8}" for name in FIGURES)
    return cells + f"{_interval(code.figures['kappa']):>{TWICE}}"


def _notes(evaluation: Evaluation) -> Iterator[str]:
    headline, model = evaluation.headline, evaluation.model
    yield (
        f"{say_count(headline.n_excerpts, 'excerpt')} of "
        f"{say_count(headline.n_interviews, 'interview')} in "
        f"{say_count(headline.n_groups, 'group')} (families, else participants), coded by "
        f"{say_count(headline.n_coders, 'coder')} without suggestions on the screen."
    )
    yield (
        f"Suggestions by {model.method} ({model.encoder}), model {model.sha256[:12]}, made for "
        f"codebook version {model.codebook_version}; the codebook is at version "
        f"{evaluation.codebook_version}."
    )
    yield (
        "A code is told where either side gave it to 10 excerpts of 5 participants; means are over "
        "those. Intervals: each participant or family left out in turn (jackknife, Student's t)."
    )
    yield from _note_people(evaluation)
    yield from _note_effect(evaluation)
    misses = evaluation.misses
    yield (
        f"Not suggested of what people gave: {misses.n_missed} of {misses.n_given} codes"
        f"{_share(misses.missed)}. Read with a code where nothing was suggested: "
        f"{misses.n_silent_coded} of {misses.n_silent} readings{_share(misses.elusion)}."
    )
    simple = ", ".join(
        f"{baseline.name} {_figure(baseline.figures.figures['kappa'].value)}"
        for baseline in evaluation.baselines
    )
    yield f"Mean κ of simpler ways on the same excerpts: {simple}."
    yield from _note_gaps(evaluation)


def _note_people(evaluation: Evaluation) -> Iterator[str]:
    people, in_place = evaluation.people, evaluation.in_place
    if people is None or in_place is None:
        yield "No excerpt was read blind by two coders: nothing is known of people's agreement."
        return
    figures = people.comparison.pooled.figures
    yield (
        f"People with each other, {people.n_coders} coders on "
        f"{say_count(people.n_excerpts, 'excerpt')} in {say_count(people.n_groups, 'group')}: "
        f"mean κ {_with_interval(figures['kappa'])}, α {_with_interval(figures['alpha'])} over "
        f"{say_count(people.comparison.pooled.n_codes, 'code')}."
    )
    yield (
        "The machine in each coder's place, against the same others: κ over all pairs "
        f"{_with_interval(in_place.machine_kappa)}, people's "
        f"{_with_interval(in_place.people_kappa)}; difference "
        f"{_with_interval(in_place.difference)}."
    )


def _note_effect(evaluation: Evaluation) -> Iterator[str]:
    effect = evaluation.effect
    if effect is None:
        return
    yield (
        f"Effect of showing suggestions on agreement with them: κ "
        f"{_signed(effect.figures['kappa'])} (assisted minus blind, {effect.n_codes} codes, "
        f"{effect.assisted.n_excerpts} and {effect.blind.n_excerpts} excerpts)."
    )
    if effect.split is None:
        yield effect.note
        return
    split = effect.split.figures
    yield (
        "Of suggestions that an independent coder gave blind as well, so much more was given when "
        f"they were shown (help): {_signed(split['help_by_suggesting'])}; of those that coder left "
        f"off (sway): {_signed(split['sway_by_suggesting'])}."
    )


def _note_gaps(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.n_owed:
        yield (
            f"{evaluation.n_owed} of {evaluation.n_drawn} excerpts that were drawn to be coded "
            "blind are still to be coded."
        )
    if evaluation.n_waiting:
        yield (
            f"{evaluation.n_waiting} interviews have no suggestions yet and were left out. Run "
            "'themeloop suggest'."
        )
    if evaluation.n_learnt:
        yield (
            f"{evaluation.n_learnt} interviews were left out: every model version that scored them "
            "has learnt from codings of their participants or families."
        )
    if evaluation.is_synthetic:
        yield "SYNTHETIC: these interviews and codings are invented; the figures show form."
    if not evaluation.stance:
        yield f"Stance: {describe_stance('')}."
    yield "The figures say nothing about other interviews. 'themeloop report' says all of them."


def say_count(n: int, noun: str) -> str:
    """Say how many there are, in the singular where there is one."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _figure(value: float | None) -> str:
    # Adding 0 takes the sign off what is rounded to nothing.
    return "–" if value is None else f"{round(value, 2) + 0:.2f}"


def _interval(estimate: Estimate) -> str:
    # Of the two the one that holds the truth more often: docs/intervals.md.
    if estimate.jackknife_t is None:
        return "–"
    return f"{_figure(estimate.jackknife_t.low)} to {_figure(estimate.jackknife_t.high)}"


def _with_interval(estimate: Estimate) -> str:
    if estimate.value is None or estimate.jackknife_t is None:
        return f"{_figure(estimate.value)} ({estimate.note})"
    return f"{_figure(estimate.value)} ({_interval(estimate)})"


def _signed(estimate: Estimate) -> str:
    if estimate.value is None:
        return estimate.note
    bounds = estimate.jackknife_t
    if bounds is None:
        return f"{estimate.value:+.3f} ({estimate.note})"
    return f"{estimate.value:+.3f} ({bounds.low:+.3f} to {bounds.high:+.3f})"


def _share(estimate: Estimate) -> str:
    return "" if estimate.value is None else f", {_with_interval(estimate)}"
