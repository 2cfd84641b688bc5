"""What every step is given, and how steps are run over many transcripts."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from models.errors import ModelError
from study.clock import utc_now
from study.errors import StudyError, ThemeloopError
from study.folder import Study
from study.ledger import note_progress, record_failure
from study.records import Failure

Report = Callable[[str, int, int], None]
# A flow's parameters are stored by Prefect, so whoever watches a run is found here instead.
WATCHER: ContextVar[Report | None] = ContextVar("watcher", default=None)
SECONDS_BETWEEN_NOTES = 1.0


@dataclass(frozen=True)
class Work:
    """A run over a study, at the time that its clock tells."""

    study: Study
    run_id: int = 0
    flow_run_id: str | None = None
    clock: Callable[[], datetime] = utc_now

    def as_run(self, run_id: int) -> "Work":
        """Give the same work under a run."""
        return replace(self, run_id=run_id)


class StepError(ThemeloopError):
    """A step failed; the message names the kind of error and its place, nothing that it held."""


@dataclass(frozen=True)
class Outcome:
    """How a step ended for one transcript."""

    transcript_id: int
    error: Exception | None = None


Step = Callable[[Work, int], int]


class RunStep(Protocol):
    """How a step is run: by a plain call, or as a Prefect task."""

    def __call__(self, step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
        """Run a step and give what it returns."""
        ...

    def over(self, step: Step, work: Work, transcripts: Sequence[int]) -> Iterable[Outcome]:
        """Run a step for every transcript, perhaps for several at once; outcomes as they come."""
        ...


class PlainCalls:
    """Runs steps in this process and without a server, one transcript after another."""

    def __call__(self, step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
        """Run a step."""
        return step(*arguments)

    def over(self, step: Step, work: Work, transcripts: Sequence[int]) -> Iterable[Outcome]:
        """Run a step for every transcript in turn."""
        return in_turn(self, step, work, transcripts)


call_plainly = PlainCalls()


def in_turn(
    run_step: RunStep, step: Step, work: Work, transcripts: Sequence[int]
) -> Iterator[Outcome]:
    """Run a step for one transcript after another."""
    for transcript_id in transcripts:
        try:
            run_step(step, work, transcript_id)
        except Exception as error:
            yield Outcome(transcript_id, error)
        else:
            yield Outcome(transcript_id)


def call_redacted(step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
    """Call a step, and let what it raises tell its kind and place only.

    An error's own message, and the values in its traceback, may hold an interview's words; what
    is raised here goes to Prefect, its logs and Dask.

    Raises:
        StepError: The step failed.
    """
    try:
        return step(*arguments)
    except Exception as error:
        reason = tell_error(error)
    # Out of the handler, so that the error is not kept behind this one: Dask has every error
    # pickled with those behind it.
    raise StepError(reason)


def tell_error(error: Exception) -> str:
    """Say what went wrong in words that may be logged."""
    return str(error) if isinstance(error, StepError) else describe_error(error)


def describe_error(error: BaseException) -> str:
    """Name an error's kind and the innermost line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} at {file}:{trace.tb_lineno}"


def for_each(run_step: RunStep, step: Step, work: Work, transcripts: Sequence[int]) -> list[int]:
    """Run a step for every transcript, for several at once where the settings say so.

    Returns:
        The transcripts it worked for, in their order. A failure is set aside.

    Raises:
        StepError: It failed for every one of them.
    """
    return _gather(step, work, transcripts, run_step.over(step, work, transcripts))


def one_by_one(run_step: RunStep, step: Step, work: Work, transcripts: Sequence[int]) -> list[int]:
    """Run a step whose outcome hangs on the order, or that is too short to be sent elsewhere.

    Returns:
        The transcripts it worked for. A failure is set aside.

    Raises:
        StepError: It failed for every one of them.
    """
    return _gather(step, work, transcripts, in_turn(run_step, step, work, transcripts))


def _gather(
    step: Step, work: Work, transcripts: Sequence[int], outcomes: Iterable[Outcome]
) -> list[int]:
    errors: dict[int, Exception] = {}
    report = _report_of(work, step.__name__, len(transcripts))
    for number, outcome in enumerate(outcomes, start=1):
        if outcome.error is not None:
            errors[outcome.transcript_id] = outcome.error
        report(number)
    # In their order, which is not the one in which they ended.
    failures = [
        Failure(step.__name__, str(each), _reason(errors[each]))
        for each in transcripts
        if each in errors
    ]
    _set_aside(work, failures)
    if failures and len(failures) == len(transcripts):
        raise StepError(f"{step.__name__} failed for all {len(failures)}: {failures[0].reason}")
    return [each for each in transcripts if each not in errors]


def _report_of(work: Work, step: str, n_all: int) -> Callable[[int], None]:
    noted_at = float("-inf")

    def report(n_done: int) -> None:
        nonlocal noted_at
        if (watcher := WATCHER.get()) is not None:
            watcher(step, n_done, n_all)
        if time.monotonic() - noted_at >= SECONDS_BETWEEN_NOTES:
            _note(work, step, n_done, n_all)
            noted_at = time.monotonic()

    if n_all:
        report(0)
    return report


def _note(work: Work, step: str, n_done: int, n_all: int) -> None:
    if not work.run_id:
        return
    # Who watches from another process may miss a number; the run goes on.
    with suppress(StudyError), work.study.database.write() as connection:
        note_progress(connection, work.run_id, step=step, n_done=n_done, n_all=n_all)


def _reason(error: Exception) -> str:
    # Our own messages never hold an interview's words; any other error's may.
    if isinstance(error, ThemeloopError | ModelError):
        return str(error)
    return describe_error(error)


def _set_aside(work: Work, failures: list[Failure]) -> None:
    if not failures:
        return
    with work.study.database.write() as connection:
        for failure in failures:
            record_failure(connection, failure, run_id=work.run_id, now=work.clock())
