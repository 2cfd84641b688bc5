"""The Prefect flows: a thin shell around the order of the steps; read this first, then order.py."""

from collections.abc import Callable, Coroutine
from dataclasses import asdict
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any, TypeVar

from prefect import Task, flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from pipeline.children import end_with_runner
from pipeline.evaluation.keep import REPORTED, EvaluationSummary
from pipeline.learning.keep import LearnSummary, count_only, learn_if_free
from pipeline.order import evaluate_in_order, learn_in_order, suggest_in_order
from pipeline.run import RunSummary, evaluate_study, run_if_free
from pipeline.work import redacted

Summary = TypeVar("Summary", RunSummary, EvaluationSummary, LearnSummary)
Flow = Callable[[str], Coroutine[Any, Any, Summary]]


def tell_no_text(run: Flow[Summary]) -> Flow[Summary]:
    """Let a flow fail without a word of what it held: Prefect stores a failed flow's error."""

    @wraps(run)
    async def run_redacted(study_folder: str) -> Summary:
        with redacted():
            return await run(study_folder)

    return run_redacted


@flow(name="suggest_themes", persist_result=False)
@tell_no_text
async def suggest_themes(study_folder: str) -> RunSummary:
    """Propose codes for every new interview and queue its excerpts for the coders."""
    end_with_runner()
    steps = partial(suggest_in_order, run_as_task)
    summary = run_if_free(Path(study_folder), steps, flow_run_id=flow_run.get_id())
    if summary.run_id is not None:
        await show_counts("run-summary", summary)
    return summary


@flow(name="evaluate_agreement", persist_result=False)
@tell_no_text
async def evaluate_agreement(study_folder: str) -> EvaluationSummary:
    """Report how well people agree with each other and with the machine."""
    end_with_runner()
    steps = partial(evaluate_in_order, run_as_task)
    summary = evaluate_study(Path(study_folder), steps)
    if summary.state == REPORTED:
        await show_counts("evaluation-summary", summary)
    return summary


@flow(name="learn_from_decisions", persist_result=False)
@tell_no_text
async def learn_from_decisions(study_folder: str) -> LearnSummary:
    """Train a candidate on what coders decided, and propose by it where it is better."""
    end_with_runner()
    steps = partial(learn_in_order, run_as_task)
    summary = learn_if_free(Path(study_folder), steps, flow_run_id=flow_run.get_id())
    if summary.run_id is not None:
        await show_counts("learning-summary", summary)
    return summary


def run_as_task(step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
    """Run a step as a Prefect task."""
    return _as_task(step)(*arguments)


async def show_counts(key: str, summary: RunSummary | EvaluationSummary | LearnSummary) -> None:
    """Show in Prefect what a run did, in counts."""
    counts = count_only(summary) if isinstance(summary, LearnSummary) else asdict(summary)
    await acreate_table_artifact([counts], key=key)


@cache
def _as_task(step: Callable[..., Any]) -> Task[..., Any]:
    @wraps(step)
    def run_redacted(*arguments: Any) -> Any:  # noqa: ANN401 - any step
        with redacted():
            return step(*arguments)

    # Nothing is cached or persisted: the study's own tables are the record, and Prefect would
    # pickle what a step returns.
    as_task = task(name=step.__name__, cache_policy=NO_CACHE, persist_result=False)
    return as_task(run_redacted)
