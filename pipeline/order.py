"""The order in which the steps take an interview, written once and without Prefect."""

from pipeline.embed import embed_excerpts
from pipeline.enqueue import queue_for_review
from pipeline.evaluation.keep import EvaluationSummary, find_new_evidence, write_evaluation
from pipeline.fit import fit_codes
from pipeline.intake.arrivals import find_arrived
from pipeline.intake.take_in import take_in_transcript
from pipeline.learning.keep import (
    NOTHING_NEW,
    LearnSummary,
    close_learning,
    find_new_decisions,
    train_and_judge,
)
from pipeline.names import redact_marked_names
from pipeline.plan import find_unproposed, find_waiting
from pipeline.propose import propose_codes
from pipeline.run import RunSummary, close_run, open_run, report_nothing_new
from pipeline.segment import split_into_excerpts
from pipeline.work import RunStep, Work, for_each, one_by_one


def learn_in_order(run_step: RunStep, work: Work, *, is_asked: bool = False) -> LearnSummary:
    """Learn from what coders decided; where what came of it is better, propose by it from now on.

    Args:
        is_asked: A person asked for it, however few decisions are new.
    """
    if not run_step(find_new_decisions, work) and not is_asked:
        return LearnSummary(NOTHING_NEW)
    work = run_step(open_run, work)
    learnt = run_step(train_and_judge, work)
    waiting = run_step(find_waiting, work) if learnt.is_promoted else []
    queued = queue_in_order(run_step, work, waiting) if waiting else []
    summary: LearnSummary = run_step(close_learning, work, learnt, queued)
    return summary


def suggest_in_order(run_step: RunStep, work: Work) -> RunSummary:
    """Take every file and interview that waits through the steps, in the order data takes."""
    run_step(redact_marked_names, work)
    arrived = run_step(find_arrived, work)
    if not arrived and not run_step(find_waiting, work):
        return report_nothing_new(work)
    work = run_step(open_run, work)
    # In turn: names get their pseudonyms' numbers in the order of the files.
    one_by_one(run_step, take_in_transcript, work, arrived)
    waiting = run_step(find_waiting, work)
    queued = queue_in_order(run_step, work, waiting) if waiting else []
    summary: RunSummary = run_step(close_run, work, queued)
    return summary


def queue_in_order(run_step: RunStep, work: Work, waiting: list[int]) -> list[int]:
    """Take transcripts that are not in the queue as the settings ask there; give those queued."""
    cut = for_each(run_step, split_into_excerpts, work, waiting)
    for_each(run_step, embed_excerpts, work, cut)
    run_step(fit_codes, work)
    unproposed = run_step(find_unproposed, work)
    proposed = for_each(run_step, propose_codes, work, unproposed)
    return one_by_one(run_step, queue_for_review, work, proposed)


def evaluate_in_order(run_step: RunStep, work: Work) -> EvaluationSummary:
    """Report how well people and machine agree, if anything has changed since the last report."""
    evidence = run_step(find_new_evidence, work)
    if evidence is None:
        return EvaluationSummary("nothing new")
    summary: EvaluationSummary = run_step(write_evaluation, work, evidence)
    return summary
