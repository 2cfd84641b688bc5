"""The Prefect flows: a thin shell around the order of the steps; read this first, then order.py."""

from collections.abc import Callable, Coroutine
from dataclasses import asdict
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.runtime import flow_run

from pipeline.children import end_with_runner
from pipeline.evaluation.keep import REPORTED, EvaluationSummary
from pipeline.learning.keep import LearnSummary, count_only, learn_if_free
from pipeline.order import evaluate_in_order, learn_in_order, suggest_in_order
from pipeline.run import RunSummary, evaluate_study, run_if_free
from pipeline.runners import run_as_tasks
from pipeline.work import StepError, tell_error

Summary = TypeVar("Summary", RunSummary, EvaluationSummary, LearnSummary)
Flow = Callable[[str], Coroutine[Any, Any, Summary]]


def tell_no_text(run: Flow[Summary]) -> Flow[Summary]:
    """Let a flow fail without a word of what it held: Prefect stores a failed flow's error."""

    @wraps(run)
    async def run_redacted(study_folder: str) -> Summary:
        try:
            return await run(study_folder)
        except Exception as error:
            reason = tell_error(error)
        # Out of the handler: with Dask loaded, what stands behind an error is pickled with it.
        raise StepError(reason)

    return run_redacted


@flow(name="suggest_themes", persist_result=False)
@tell_no_text
async def suggest_themes(study_folder: str) -> RunSummary:
    """Propose codes for every new interview and queue its excerpts for the coders."""
    end_with_runner()
    steps = partial(run_as_tasks, suggest_in_order)
    summary = run_if_free(Path(study_folder), steps, flow_run_id=flow_run.get_id())
    if summary.run_id is not None:
        await show_counts("run-summary", summary)
    return summary


@flow(name="evaluate_agreement", persist_result=False)
@tell_no_text
async def evaluate_agreement(study_folder: str) -> EvaluationSummary:
    """Report how well people agree with each other and with the machine."""
    end_with_runner()
    steps = partial(run_as_tasks, evaluate_in_order)
    summary = evaluate_study(Path(study_folder), steps)
    if summary.state == REPORTED:
        await show_counts("evaluation-summary", summary)
    return summary


@flow(name="learn_from_decisions", persist_result=False)
@tell_no_text
async def learn_from_decisions(study_folder: str) -> LearnSummary:
    """Train a candidate on what coders decided, and propose by it where it is better."""
    end_with_runner()
    steps = partial(run_as_tasks, learn_in_order)
    summary = learn_if_free(Path(study_folder), steps, flow_run_id=flow_run.get_id())
    if summary.run_id is not None:
        await show_counts("learning-summary", summary)
    return summary


async def show_counts(key: str, summary: RunSummary | EvaluationSummary | LearnSummary) -> None:
    """Show in Prefect what a run did, in counts."""
    counts = count_only(summary) if isinstance(summary, LearnSummary) else asdict(summary)
    await acreate_table_artifact([counts], key=key)
