"""Runs the steps as Prefect tasks: one by one, on threads, or by Dask's workers."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from pipeline.at_worker import do_step
from pipeline.engines import describe_cluster, require_engine
from pipeline.work import Outcome, RunStep, Step, StepError, Work, call_redacted, in_turn
from study.folder import Study
from study.running_settings import DASK, ONE_BY_ONE, THREADS

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

Result = TypeVar("Result")
Submit = Callable[[Step, Work, int], PrefectFuture[int]]
# A worker that a cluster manager is asked for may take so long to come.
WORKER_SECONDS = 120
# Dask would tell of its workers and their logs on a port that everybody on this machine may read.
NO_PAGES: dict[str, list[str]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


def run_as_tasks(order: Callable[[RunStep, Work], Result], work: Work) -> Result:
    """Run an order of steps as Prefect tasks, with the runner that the study's settings name.

    Raises:
        StepError: That runner is not to be had.
    """
    require_engine(work.study)
    # Closed before the study's lock is: nobody works on for a run that has ended.
    with RUNNERS[work.study.settings.task_runner](work.study) as run_step:
        return order(run_step, work)


class StepsAsTasks:
    """Runs each step as a task in this process."""

    def __call__(self, step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
        """Run a step as a Prefect task."""
        return _as_task(step)(step, *arguments)

    def over(self, step: Step, work: Work, transcripts: Sequence[int]) -> Iterable[Outcome]:
        """Run a step for every transcript in turn."""
        return in_turn(self, step, work, transcripts)


class SpreadTasks(StepsAsTasks):
    """Runs a step for several transcripts at once."""

    def __init__(self, submit: Submit) -> None:
        self._submit = submit

    def over(self, step: Step, work: Work, transcripts: Sequence[int]) -> Iterable[Outcome]:
        """Run a step for every transcript; one alone has this process and all its cores."""
        if len(transcripts) == 1:
            return super().over(step, work, transcripts)
        return self._spread(step, work, transcripts)

    def _spread(self, step: Step, work: Work, transcripts: Sequence[int]) -> Iterator[Outcome]:
        sent = {self._submit(step, work, each): each for each in transcripts}
        for future in as_completed(list(sent)):
            yield Outcome(sent[future], _error_of(future))


@contextmanager
def _open_none(_study: Study) -> Iterator[RunStep]:
    yield StepsAsTasks()


@contextmanager
def _open_threads(study: Study) -> Iterator[RunStep]:
    with ThreadPoolTaskRunner[int](max_workers=study.settings.task_workers) as runner:

        def submit(step: Step, work: Work, transcript_id: int) -> PrefectFuture[int]:
            given = {"step": step, "arguments": (work, transcript_id)}
            return runner.submit(_as_task(step), given)

        yield SpreadTasks(submit)


@contextmanager
def _open_dask(study: Study) -> Iterator[RunStep]:
    with ExitStack() as opened:
        # Not before there is something to spread: a run that finds nothing new need not wait.
        open_runner = cache(lambda: opened.enter_context(_make_dask_runner(study)))

        def submit(step: Step, work: Work, transcript_id: int) -> PrefectFuture[int]:
            # Ids alone: what is sent is pickled, and may go to another machine.
            given = (step, str(study.folder.absolute()), work.run_id, transcript_id)
            named = {"step": do_step, "arguments": given}
            future: PrefectFuture[int] = open_runner().submit(_as_task(step), named)
            return future

        yield SpreadTasks(submit)


def _make_dask_runner(study: Study) -> "DaskTaskRunner":
    import dask  # noqa: PLC0415 - an extra, and a second to import
    from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - see dask

    # Else each worker's coming and going fills the log.
    logging.getLogger("distributed").setLevel(logging.WARNING)
    address = study.settings.dask_address
    where = {"address": address} if address else {"cluster_kwargs": describe_cluster(study)}
    runner = DaskTaskRunner(**where)
    try:
        # It starts the workers, or connects, when its client is first asked for.
        with dask.config.set(NO_PAGES):
            runner.client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except OSError as error:
        raise StepError(
            f"No Dask worker answers; dask_address = '{address}'. Start a scheduler and a worker "
            "there; where it is empty, each run starts its own on this machine."
        ) from error
    return runner


RUNNERS: dict[str, Callable[[Study], AbstractContextManager[RunStep]]] = {
    ONE_BY_ONE: _open_none,
    THREADS: _open_threads,
    DASK: _open_dask,
}


def _error_of(future: PrefectFuture[int]) -> Exception | None:
    try:
        future.result()
    except Exception as error:
        return error
    return None


@cache
def _as_task(step: Callable[..., Any]) -> Task[..., Any]:
    # Nothing is cached or persisted: the study's own tables are the record, and Prefect would
    # pickle what a step returns.
    as_task = task(name=step.__name__, cache_policy=NO_CACHE, persist_result=False)
    return as_task(call_redacted)
