"""Does one step for one interview in a worker's process, which is told ids and no text."""

import atexit
from pathlib import Path
from threading import Lock

from pipeline.work import Step, Work
from study.folder import Study
from study.of_run import open_study_of_run

_OPENING = Lock()
_OPEN: dict[tuple[str, int], Study] = {}


def do_step(step: Step, folder: str, run_id: int, transcript_id: int) -> int:
    """Do a step of a run for a transcript."""
    return step(Work(open_once(folder, run_id), run_id), transcript_id)


def open_once(folder: str, run_id: int) -> Study:
    """Open a study once for a run; another run's, whose settings may be others, is closed."""
    with _OPENING:
        if (folder, run_id) not in _OPEN:
            close_studies()
            atexit.register(close_studies)
            _OPEN[folder, run_id] = open_study_of_run(Path(folder), run_id)
        return _OPEN[folder, run_id]


def close_studies() -> None:
    """Close what this process has opened."""
    atexit.unregister(close_studies)
    while _OPEN:
        _, study = _OPEN.popitem()
        study.database.close()
