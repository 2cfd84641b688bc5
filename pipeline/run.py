"""Opens, closes and counts a run over a study, and keeps two runs apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.work import Work
from study.folder import open_study
from study.ledger import close_open_runs, count_failures, finish_run, start_run
from study.review_queue import ensure_coder
from study.suggestions import count_of_run

KIND = "suggest"


@dataclass(frozen=True)
class RunSummary:
    """What a run did, in counts: safe to log and to show in Prefect."""

    state: str
    run_id: int | None = None
    n_interviews: int = 0
    n_suggestions: int = 0
    n_set_aside: int = 0


@contextmanager
def open_work(folder: Path, *, flow_run_id: str | None = None) -> Iterator[Work]:
    """Hold a study for one run; a run that ends in an error is closed as failed.

    Raises:
        StudyError: There is no study, or another run holds it.
    """
    study = open_study(folder)
    with study.lock():
        work = Work(study, flow_run_id=flow_run_id)
        with study.database.write() as connection:
            ensure_coder(connection, study.settings.coder, now=work.clock())
        try:
            yield work
        except BaseException:
            with study.database.write() as connection:
                close_open_runs(connection, KIND, state="failed", now=work.clock())
            raise
        finally:
            study.database.close()


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
