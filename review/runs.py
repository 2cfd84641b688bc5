"""What the front page tells of runs: what one is doing, what the last one did, what waits."""

from dataclasses import asdict, dataclass

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from review.desk import AtDesk
from review.languages import ENGLISH_SPEAKER, Speaker
from study.folder import Study
from study.inbox_files import NEW, SET_ASIDE, WAITING, count_files
from study.ledger import RecordedRun, name_step, newest_run
from study.stance import Stance, name_suggestions

ENDS = {
    "interrupted": "Last run: {when}, interrupted.",
    "failed": "Last run: {when}, failed.",
}
FILES = {
    NEW: "{n} to be read",
    WAITING: "{n} waiting for an answer in interviews.csv",
    SET_ASIDE: "{n} set aside",
}


@dataclass(frozen=True)
class RunState:
    """Counts and ids, and lines that say them; a line is empty where nothing is to be said."""

    last_run_id: int | None
    n_done: int
    n_all: int
    now: str
    last: str
    waits: str


def make_run_routes() -> APIRouter:
    """Make the route that the front page asks again and again."""
    router = APIRouter()

    @router.get("/api/run")
    def tell_run(desk: AtDesk) -> JSONResponse:
        return JSONResponse(asdict(read_run_state(desk.study, desk.say)))

    return router


def read_run_state(study: Study, say: Speaker = ENGLISH_SPEAKER) -> RunState:
    """Read what is to be told of runs at this moment, in the reader's language."""
    with study.database.read() as connection:
        last = newest_run(connection, is_open=False)
        running = newest_run(connection, is_open=True)
        files = count_files(connection)
    if running is not None and not study.is_at_work():
        # It was killed; the next run closes it.
        running = None
    counts = running.counts if running else {}
    return RunState(
        last_run_id=last.id if last else None,
        n_done=counts.get("n_done", 0),
        n_all=counts.get("n_all", 0),
        now=_tell_running(running, say) if running else "",
        last=_tell_last(last, study.settings.stance, say) if last else "",
        waits=_tell_waiting(files, say),
    )


def _tell_running(run: RecordedRun, say: Speaker) -> str:
    counts = run.counts
    if "step" not in counts:
        return say("At work: beginning")
    step = say(name_step(counts["step"]))
    return say("At work: {step}, {n} of {all}", step=step, n=counts["n_done"], all=counts["n_all"])


def _tell_last(run: RecordedRun, stance: Stance, say: Speaker) -> str:
    # The times are the server's; mostly it is the machine in front of the reader.
    when = say.tell_time(run.finished_at or run.started_at)
    if run.state in ENDS:
        return say(ENDS[run.state], when=when)
    n, n_interviews = run.counts.get("n_suggestions", 0), run.counts.get("n_interviews", 0)
    many = name_suggestions(stance, n, language=say.language)
    of_one, of_all = "{n} {many} for one interview", "{n} {many} for {interviews} interviews"
    told = say(of_one if n_interviews == 1 else of_all, n=n, many=many, interviews=n_interviews)
    if n_aside := run.counts.get("n_set_aside"):
        told = say("{told}, {n} set aside", told=told, n=n_aside)
    return say("Last run: {when}, {told}.", when=when, told=told)


def _tell_waiting(files: dict[str, int], say: Speaker) -> str:
    parts = [say(FILES[state], n=files[state]) for state in FILES if files.get(state)]
    return say("Files: {parts}.", parts=", ".join(parts)) if parts else ""
