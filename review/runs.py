"""What the front page tells of runs: what one is doing, what the last one did, what waits."""

from dataclasses import asdict, dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from study.folder import Study
from study.inbox_files import NEW, SET_ASIDE, WAITING, count_files
from study.ledger import RecordedRun, describe_counts, describe_progress, newest_run
from study.locks import is_locked
from study.stance import Stance


@dataclass(frozen=True)
class RunState:
    """Counts and ids, and lines that say them; a line is empty where nothing is to be said."""

    last_run_id: int | None
    n_done: int
    n_all: int
    now: str
    last: str
    waits: str


def make_run_routes(study: Study) -> APIRouter:
    """Make the route that the front page asks again and again."""
    router = APIRouter()

    @router.get("/api/run")
    def tell_run() -> JSONResponse:
        return JSONResponse(asdict(read_run_state(study)))

    return router


def read_run_state(study: Study) -> RunState:
    """Read what is to be told of runs at this moment."""
    with study.database.read() as connection:
        last = newest_run(connection, is_open=False)
        running = newest_run(connection, is_open=True)
        files = count_files(connection)
    if running is not None and not is_locked(study.folder / ".lock"):
        # It was killed; the next run closes it.
        running = None
    counts = running.counts if running else {}
    return RunState(
        last_run_id=last.id if last else None,
        n_done=counts.get("n_done", 0),
        n_all=counts.get("n_all", 0),
        now=f"At work: {describe_progress(running)}" if running else "",
        last=_tell_last(last, study.settings.stance) if last else "",
        waits=_tell_waiting(files),
    )


def _tell_last(run: RecordedRun, stance: Stance) -> str:
    ended = _tell_time(run.finished_at or run.started_at)
    return f"Last run: {ended}, {describe_counts(run, stance)}."


def _tell_waiting(files: dict[str, int]) -> str:
    told = {
        NEW: "to be read",
        WAITING: "waiting for an answer in interviews.csv",
        SET_ASIDE: "set aside",
    }
    parts = [f"{files[state]} {words}" for state, words in told.items() if files.get(state)]
    return f"Files: {', '.join(parts)}." if parts else ""


def _tell_time(moment: datetime) -> str:
    # The page is on this machine, so its clock is the coder's.
    here = moment.astimezone()
    return f"{here.day} {here:%b, %H:%M}"
