"""What every step is given, and how steps are run over many transcripts."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
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


class RunStep(Protocol):
    """How a step is run: a plain call, or a Prefect task around it."""

    def __call__(self, step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
        """Run a step and give what it returns."""
        ...


def call_plainly(step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
    """Run a step without a server."""
    return step(*arguments)


@contextmanager
def redacted() -> Iterator[None]:
    """Let an error tell its kind and place only.

    An error's own message, and the values in its traceback, may hold an interview's words; what
    is raised here goes to Prefect and its logs.
    """
    try:
        yield
    except StepError:
        raise
    except Exception as error:
        raise StepError(describe_error(error)) from None


def describe_error(error: BaseException) -> str:
    """Name an error's kind and the innermost line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} at {file}:{trace.tb_lineno}"


def for_each(
    run_step: RunStep, step: Callable[[Work, int], int], work: Work, transcripts: Sequence[int]
) -> list[int]:
    """Run a step for every transcript; give those it worked for. A failure is set aside.

    Raises:
        StepError: It failed for every one of them.
    """
    done: list[int] = []
    failures: list[Failure] = []
    report = _report_of(work, step.__name__, len(transcripts))
    for number, transcript_id in enumerate(transcripts, start=1):
        try:
            run_step(step, work, transcript_id)
        except Exception as error:
            failures.append(Failure(step.__name__, str(transcript_id), _reason(error)))
        else:
            done.append(transcript_id)
        report(number)
    _set_aside(work, failures)
    if failures and not done:
        raise StepError(f"{step.__name__} failed for all {len(failures)}: {failures[0].reason}")
    return done


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
