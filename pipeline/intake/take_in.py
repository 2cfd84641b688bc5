"""Takes one file of the inbox in: read, pseudonymised, stored; or set aside with the reason."""

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.identifying.gazetteer import GAZETTEER, read_gazetteer
from pipeline.intake.arrivals import LEFT, find_path
from pipeline.intake.interviews import (
    FILE_NAME,
    InterviewList,
    InterviewRow,
    read_interviews,
    write_interviews,
)
from pipeline.intake.prepare import Prepared, as_added, describe_file, prepare_transcript
from pipeline.transcripts.csv_text import write_csv
from pipeline.transcripts.reader import read_transcript
from pipeline.work import Work, describe_error
from study.added import ensure_participant, find_interview, find_twin, is_coded, store_added
from study.errors import InputError, ThemeloopError
from study.folder import Study
from study.inbox_files import SET_ASIDE, TAKEN, WAITING, FileNote, note_outcome, read_file_note
from study.ledger import record_failure
from study.name_key import KeyRecord, append_to_key
from study.pseudonyms import Pseudonym, find_participant, read_pseudonyms, store_pseudonyms
from study.records import Failure
from study.transcripts import list_interviews

ASIDE, REASONS = "set-aside", "reasons.csv"
STEP = "take_in_transcript"
# Thirty hours of talk: a longer file is no interview, and would hold up the others.
MOST_CHARACTERS = 2_000_000


class ListError(InputError):
    """interviews.csv or gazetteer.csv cannot be read; the transcripts wait until it can."""


@dataclass(frozen=True)
class Looked:
    """A file as it was looked at, and the interviews.csv that it was looked at with."""

    prepared: Prepared
    interviews: InterviewList


def take_in_transcript(work: Work, file_id: int) -> int:
    """Take a file in; give the number of turns stored, none where it waits or is set aside."""
    with work.study.database.read() as connection:
        note = read_file_note(connection, file_id)
    path = find_path(work.study, note.name_hash)
    if path is None:
        # Taken away since it was seen; when it comes back it is seen again.
        return 0
    try:
        looked = look_at_file(work.study, path)
        if looked.prepared.blanks:
            return _ask(work, note, looked)
        return _store(work, note, looked.prepared)
    except ListError as error:
        return _wait(work, note, "; ".join(error.offenders))
    except InputError as error:
        return _set_aside(work, note, path, "; ".join(error.offenders))
    except ThemeloopError:
        raise
    except Exception as error:
        return _set_aside(work, note, path, f"cannot be read ({describe_error(error)})")


def look_at_file(study: Study, path: Path) -> Looked:
    """Read a file and prepare it as it would be stored; writes nothing.

    Raises:
        InputError: The file cannot be read.
        ListError: interviews.csv or gazetteer.csv cannot be read.
    """
    transcript = read_transcript(path)
    n_characters = sum(len(turn.text) for turn in transcript.turns)
    if n_characters > MOST_CHARACTERS:
        raise InputError(
            [
                f"{path.name}: {n_characters:,} characters of talk, and one interview may have "
                f"{MOST_CHARACTERS:,}. Split it."
            ]
        )
    try:
        interviews = read_interviews(study.folder / FILE_NAME)
        gazetteer = read_gazetteer(study.folder / GAZETTEER)
    except InputError as error:
        raise ListError(list(error.offenders)) from error
    with study.database.read() as connection:
        taken = list_interviews(connection)
    row = describe_file(path.name, transcript, interviews, taken=taken)
    prepared = prepare_transcript(
        study,
        transcript,
        row,
        interviews=interviews,
        gazetteer=gazetteer,
        known=known_pseudonyms(study, row),
    )
    return Looked(prepared, interviews)


def known_pseudonyms(study: Study, row: InterviewRow) -> list[Pseudonym]:
    """Read the pseudonyms that the participant of a row has already."""
    label = next(iter(row.participants.values()), "")
    with study.database.read() as connection:
        return read_pseudonyms(connection, find_participant(connection, label))


def _ask(work: Work, note: FileNote, looked: Looked) -> int:
    row = looked.prepared.row
    if looked.interviews.find(row.file) != row:
        write_interviews(work.study.folder / FILE_NAME, looked.interviews.with_row(row))
    return _wait(work, note, f"{FILE_NAME}: {looked.prepared.blanks}")


def _wait(work: Work, note: FileNote, reason: str) -> int:
    with work.study.database.write() as connection:
        note_outcome(connection, note.id, WAITING, reason=reason, now=work.clock())
    return 0


def _store(work: Work, note: FileNote, prepared: Prepared) -> int:
    study, row = work.study, prepared.row
    added = as_added(study, prepared, note.source_hash)
    owner = added.participants[0].label
    names = prepared.result.names
    # Before the transaction: a name without a pseudonym in the key is harmless, not so the reverse.
    append_to_key(study, [KeyRecord(owner, text, name) for text, name in names.items()])
    with study.database.write() as connection:
        twin = find_twin(connection, note.source_hash)
        if twin not in (None, row.interview):
            raise InputError([f"the file holds the same as interview {twin}"])
        known = find_interview(connection, row.interview)
        if known is not None and known != note.interview_id:
            raise InputError([f"interview {row.interview} came from another file"])
        if known is not None and is_coded(connection, known):
            raise InputError(
                [
                    f"interview {row.interview} was coded as it stood before; its text stays. "
                    "Give the changed file another name to take it in as an interview of its own"
                ]
            )
        participants = {
            each.label: ensure_participant(connection, each) for each in added.participants
        }
        store_pseudonyms(
            connection, participants[owner], prepared.result.pseudonyms, now=work.clock()
        )
        interview_id, _ = store_added(connection, added, participants, now=work.clock())
        note_outcome(connection, note.id, TAKEN, interview_id=interview_id, now=work.clock())
    _complete_row(study, row)
    return len(added.turns)


def _complete_row(study: Study, row: InterviewRow) -> None:
    # What could be told is written down beside what a person said.
    interviews = read_interviews(study.folder / FILE_NAME)
    if interviews.find(row.file) != row:
        write_interviews(study.folder / FILE_NAME, interviews.with_row(row))


def _set_aside(work: Work, note: FileNote, path: Path, reason: str) -> int:
    # The name may be a person's, and the database holds no names.
    told = reason.replace(path.name, "the file")
    told = told if _move_aside(work.study, path, told) else f"{told} {LEFT}"
    with work.study.database.write() as connection:
        note_outcome(connection, note.id, SET_ASIDE, reason=told, now=work.clock())
        if work.run_id:
            failure = Failure(STEP, f"file {note.id}", told)
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
