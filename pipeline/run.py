"""Opens, closes and counts a run over a study, and keeps two runs apart."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.evaluation.keep import EvaluationSummary
from pipeline.work import Work
from study.errors import StudyError
from study.folder import Study, open_study
from study.ledger import close_open_runs, count_failures, finish_run, start_run
from study.review_queue import ensure_coder
from study.suggestions import count_of_run

KIND = "suggest"
BUSY = "busy"
# Who looks whether a run is on holds the lock for some microseconds.
LOCK_TRIES, LOCK_PAUSE_SECONDS = 3, 0.05


class BusyError(StudyError):
    """Another run holds the study."""


@dataclass(frozen=True)
class RunSummary:
    """What a run did, in counts: safe to log and to show in Prefect."""

    state: str
    run_id: int | None = None
    n_interviews: int = 0
    n_suggestions: int = 0
    n_set_aside: int = 0


def evaluate_study(
    folder: Path, evaluate: Callable[[Work], EvaluationSummary]
) -> EvaluationSummary:
    """Evaluate a study; nothing is held meanwhile, for coders and runs go on.

    Raises:
        StudyError: There is no study.
    """
    study = open_study(folder)
    try:
        return evaluate(Work(study))
    finally:
        study.database.close()


def run_if_free(
    folder: Path, run: Callable[[Work], RunSummary], *, flow_run_id: str | None = None
) -> RunSummary:
    """Run over a study; where another run holds it, nothing is done and nothing is wrong."""
    try:
        with open_work(folder, flow_run_id=flow_run_id) as work:
            return run(work)
    except BusyError:
        return RunSummary(BUSY)


@contextmanager
def open_work(folder: Path, *, flow_run_id: str | None = None) -> Iterator[Work]:
    """Hold a study for one run; a run that ends in an error is closed as failed.

    Raises:
        BusyError: Another run holds it.
        StudyError: There is no study.
    """
    study = open_study(folder)
    try:
        with hold_study(study):
            work = Work(study, flow_run_id=flow_run_id)
            with study.database.write() as connection:
                ensure_coder(connection, study.settings.coder, now=work.clock())
                # Who was killed in a run left it open; we hold the study, so it is over.
                close_open_runs(connection, KIND, state="interrupted", now=work.clock())
            try:
                yield work
            except BaseException as error:
                state = "failed" if isinstance(error, Exception) else "interrupted"
                with study.database.write() as connection:
                    close_open_runs(connection, KIND, state=state, now=work.clock())
                raise
    finally:
        study.database.close()


@contextmanager
def hold_study(study: Study) -> Iterator[None]:
    """Hold a study, so that no run can begin.

    Raises:
        BusyError: Another run holds it.
    """
    with ExitStack() as held:
        for tries_left in reversed(range(LOCK_TRIES)):
            try:
                held.enter_context(study.lock())
                break
            except StudyError as error:
                if not tries_left:
                    raise BusyError(str(error)) from error
            time.sleep(LOCK_PAUSE_SECONDS)
        yield


def open_run(work: Work) -> Work:
    """Open a run, with the settings that it works under."""
    settings = work.study.settings.model_dump(mode="json", exclude={"database_url"})
    with work.study.database.write() as connection:
        run_id = start_run(
            connection, KIND, settings, flow_run_id=work.flow_run_id, now=work.clock()
        )
    return work.as_run(run_id)


def close_run(work: Work, queued: list[int]) -> RunSummary:
    """Close the run with its counts."""
    with work.study.database.write() as connection:
        summary = RunSummary(
            state="finished",
            run_id=work.run_id,
            n_interviews=len(queued),
            n_suggestions=count_of_run(connection, work.run_id),
            n_set_aside=count_failures(connection, work.run_id),
        )
        finish_run(
            connection, work.run_id, state="finished", counts=asdict(summary), now=work.clock()
        )
    return summary


def report_nothing_new(work: Work) -> RunSummary:
    """Say that there was nothing to do; no run is recorded."""
    return RunSummary("nothing new")
