"""The command that learns from what coders decided."""

from functools import partial
from pathlib import Path

import click

from pipeline.learning.keep import (
    KEPT_BACK,
    NOTHING_NEW,
    PROMOTED,
    TOO_LITTLE,
    LearnSummary,
    learn_if_free,
)
from pipeline.order import learn_in_order
from pipeline.run import BUSY
from pipeline.work import call_plainly
from study.folder import open_study
from study.stance import Stance, count_suggestions, may_show_agreement
from themeloop.terminal import json_option, progress, say, study_option


@click.command()
@study_option
@json_option
def train(folder: Path, as_json: bool) -> None:
    """Learn from all decisions so far, and propose by what was learnt where that is better."""
    study = open_study(folder)
    with progress():
        summary = learn_if_free(study.folder, partial(learn_in_order, call_plainly, is_asked=True))
    stance = study.settings.stance
    # Why nothing could be learnt is no figure; why a version was promoted or kept back is one.
    is_told = may_show_agreement(stance) or summary.model_id is None
    told = vars(summary) if is_told else {**vars(summary), "reason": ""}
    say(as_json, told, describe_learning(summary, stance))


def describe_learning(summary: LearnSummary, stance: Stance) -> str:
    """Say in a sentence or two what learning came to."""
    if summary.state == BUSY:
        return "Another run is at work on this study: nothing was learnt. Try again later."
    if summary.state == NOTHING_NEW:
        return "There is nothing new to learn from."
    if summary.state == TOO_LITTLE:
        return f"There is too little to learn from: {summary.reason}."
    trained = (
        f"Model version {summary.model_id} was trained, judged on {summary.n_judged} excerpts of "
        f"{summary.n_groups} participants"
    )
    if summary.state == KEPT_BACK:
        came = "kept back: what is in force stays"
    else:
        assert summary.state == PROMOTED
        made = count_suggestions(stance, summary.n_suggestions)
        came = f"is in force from now on: {made} for {summary.n_interviews} interviews made anew"
    return f"{trained}, and {came}.{_tell_reason(summary, stance)}"


def _tell_reason(summary: LearnSummary, stance: Stance) -> str:
    where = f" 'themeloop model show {summary.model_id}'"
    if not may_show_agreement(stance):
        return f"{where} says what proposes which code."
    return f" {summary.reason[:1].upper()}{summary.reason[1:]}.{where} has its figures."
