"""Sets a file of the inbox aside, with the reason; the others go on."""

import os
from pathlib import Path

from pipeline.intake.arrivals import LEFT
from pipeline.transcripts.csv_text import write_csv
from pipeline.work import Work
from study.folder import Study
from study.inbox_files import SET_ASIDE, FileNote, note_outcome
from study.ledger import record_failure
from study.records import Failure

ASIDE, REASONS = "set-aside", "reasons.csv"
STEP = "take_in_transcript"


def set_aside(work: Work, note: FileNote, path: Path, reason: str) -> int:
    """Move a file out of the inbox and say why; give the number of turns stored, which is none."""
    # The name may be a person's, and the database holds no names.
    told = reason.replace(f"{path.name}: ", "").replace(path.name, "the file").rstrip(".")
    told = told if _move_aside(work.study, path, told) else f"{told} {LEFT}"
    with work.study.database.write() as connection:
        note_outcome(connection, note.id, SET_ASIDE, reason=told, now=work.clock())
        if work.run_id:
            failure = Failure(STEP, str(note.id), told)
            record_failure(connection, failure, run_id=work.run_id, now=work.clock())
    return 0


def _move_aside(study: Study, path: Path, reason: str) -> bool:
    folder = study.folder / ASIDE
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    try:
        with (folder / REASONS).open("a", encoding="utf-8", newline="") as reasons:
            if not reasons.tell():
                reasons.write(write_csv([["file", "reason"]]))
            reasons.write(write_csv([[target.name, reason]]))
        os.rename(path, target)
    except OSError:
        return False
    return True
