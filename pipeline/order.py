"""The order in which the steps take an interview, written once and without Prefect."""

from pipeline.embed import embed_excerpts
from pipeline.enqueue import queue_for_review
from pipeline.plan import find_unproposed, find_waiting
from pipeline.propose import fit_codes, propose_codes
from pipeline.run import RunSummary, close_run, open_run, report_nothing_new
from pipeline.segment import split_into_excerpts
from pipeline.work import RunStep, Work, for_each


def suggest_in_order(run_step: RunStep, work: Work) -> RunSummary:
    """Take every interview that waits through the steps, in the order that the data takes."""
    waiting = run_step(find_waiting, work)
    if not waiting:
        return report_nothing_new(work)
    work = run_step(open_run, work)
    cut = for_each(run_step, split_into_excerpts, work, waiting)
    for_each(run_step, embed_excerpts, work, cut)
    run_step(fit_codes, work)
    unproposed = run_step(find_unproposed, work)
    proposed = for_each(run_step, propose_codes, work, unproposed)
    queued = for_each(run_step, queue_for_review, work, proposed)
    summary: RunSummary = run_step(close_run, work, queued)
    return summary
