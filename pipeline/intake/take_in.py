"""Takes one file of the inbox in: read, pseudonymised, stored; or set aside with the reason."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.identifying.gazetteer import GAZETTEER, read_gazetteer
from pipeline.intake.arrivals import Said, find_path, read_said
from pipeline.intake.interviews import (
    FILE_NAME,
    InterviewRow,
    complete_interviews,
)
from pipeline.intake.prepare import Prepared, as_added, describe_file, prepare_transcript
from pipeline.intake.set_aside import set_aside
from pipeline.transcripts.reader import read_transcript
from pipeline.transcripts.records import ReadTranscript
from pipeline.work import Work, describe_error
from study.added import (
    AddedInterview,
    ensure_participant,
    find_interview,
    find_source_of,
    find_twin,
    is_coded,
    is_said_otherwise,
    store_added,
    update_facts,
)
from study.errors import InputError, ThemeloopError
from study.folder import Study
from study.inbox_files import TAKEN, WAITING, FileNote, note_outcome, read_file_note
from study.name_key import KeyRecord, append_to_key
from study.pseudonyms import Pseudonym, find_participant, read_pseudonyms, store_pseudonyms
from study.transcripts import label_of, list_interviews, transcript_of

# Thirty hours of talk: a longer file is no interview, and would hold up the others.
MOST_CHARACTERS = 2_000_000


class ListError(InputError):
    """interviews.csv or gazetteer.csv cannot be read; the transcripts wait until it can."""


@dataclass(frozen=True)
class Looked:
    """A file as it was looked at, and what people said at that moment."""

    prepared: Prepared
    said: Said


def take_in_transcript(work: Work, file_id: int) -> int:
    """Take a file in; give the number of turns stored, none where it waits or is set aside."""
    with work.study.database.read() as connection:
        note = read_file_note(connection, file_id)
    path = find_path(work.study, note)
    if path is None:
        # Taken away since it was seen; when it comes back it is seen again.
        return 0
    said = read_said(work.study)
    try:
        looked = look_at_file(path, said, note)
        if looked.prepared.blanks:
            return _ask(work, note, looked)
        return _store(work, note, looked)
    except ListError as error:
        answer = said.hash_answer(said.find(path.name)) if said.interviews else None
        return _wait(work, note, "; ".join(error.offenders), answer)
    except InputError as error:
        return set_aside(work, note, path, "; ".join(error.offenders))
    except ThemeloopError:
        raise
    except Exception as error:
        return set_aside(work, note, path, f"cannot be read ({describe_error(error)})")


def look_at_file(
    path: Path,
    said: Said,
    note: FileNote | None = None,
    *,
    answers: Mapping[str, str] = MappingProxyType({}),
) -> Looked:
    """Read a file and prepare it as it would be stored; writes nothing.

    Args:
        said: What people say of the study's files.
        note: What the study knows of the file.
        answers: What is said of it beside interviews.csv, by its columns.

    Raises:
        InputError: The file cannot be read.
        ListError: interviews.csv or gazetteer.csv cannot be read.
    """
    transcript = read_transcript(path)
    _check_length(path, transcript)
    study, interviews = said.study, said.interviews
    if interviews is None:
        raise ListError(list(said.faults))
    try:
        gazetteer = read_gazetteer(study.folder / GAZETTEER)
    except InputError as error:
        raise ListError(list(error.offenders)) from error
    with study.database.read() as connection:
        taken = list_interviews(connection)
        known = note and note.interview_id and label_of(connection, note.interview_id)
    told = describe_file(path.name, transcript, interviews, taken=taken, known=known or None)
    row = told.saying(answers)
    prepared = prepare_transcript(
        study,
        transcript,
        row,
        interviews=interviews,
        gazetteer=gazetteer,
        known=known_pseudonyms(study, row),
    )
    return Looked(prepared, said)


def known_pseudonyms(study: Study, row: InterviewRow) -> list[Pseudonym]:
    """Read the pseudonyms that the participant of a row has already."""
    label = next(iter(row.owners), "")
    with study.database.read() as connection:
        return read_pseudonyms(connection, find_participant(connection, label))


def _check_length(path: Path, transcript: ReadTranscript) -> None:
    n_characters = sum(len(turn.text) for turn in transcript.turns)
    if n_characters > MOST_CHARACTERS:
        raise InputError(
            [
                f"{path.name}: {n_characters:,} characters of talk, and one interview may have "
                f"{MOST_CHARACTERS:,}. Split it."
            ]
        )


def _ask(work: Work, note: FileNote, looked: Looked) -> int:
    row, reason = looked.prepared.row, f"{FILE_NAME}: {looked.prepared.blanks}"
    if _is_stored(work.study, note):
        # It stays the interview that it is, whatever somebody took out of its row.
        return _keep(work, note, looked, reason)
    complete_interviews(work.study.folder / FILE_NAME, row, is_known=False)
    return _wait(work, note, reason, looked.said.hash_answer(row))


def _wait(work: Work, note: FileNote, reason: str, answer: str | None) -> int:
    with work.study.database.write() as connection:
        note_outcome(connection, note.id, WAITING, reason=reason, row_hash=answer, now=work.clock())
    return 0


def _keep(work: Work, note: FileNote, looked: Looked, reason: str | None) -> int:
    row_hash = looked.said.hash_row(looked.said.find(looked.prepared.row.file))
    with work.study.database.write() as connection:
        note_outcome(connection, note.id, TAKEN, reason=reason, row_hash=row_hash, now=work.clock())
    return 0


def _is_stored(study: Study, note: FileNote) -> bool:
    if note.interview_id is None:
        return False
    with study.database.read() as connection:
        return find_source_of(connection, note.interview_id) == note.source_hash


def _reads_the_same(study: Study, note: FileNote, added: AddedInterview) -> bool:
    if note.interview_id is None:
        return False
    with study.database.read() as connection:
        return transcript_of(connection, note.interview_id).text == added.text


def _store(work: Work, note: FileNote, looked: Looked) -> int:
    study, row = work.study, looked.prepared.row
    added = as_added(study, looked.prepared, note.source_hash)
    if _reads_the_same(study, note, added):
        done = _correct(work, note, looked, added)
        if done is not None:
            return done
    with study.database.read() as connection:
        _refuse(connection, note, row.interview)
    owner = row.owners[0]
    names = looked.prepared.result.names
    # Before the transaction: a name without a pseudonym in the key is harmless, not so the reverse.
    append_to_key(study, [KeyRecord(owner, text, name) for text, name in names.items()])
    with study.database.write() as connection:
        _refuse(connection, note, row.interview)
        participants = {
            each.label: ensure_participant(connection, each) for each in added.participants
        }
        pseudonyms = looked.prepared.result.pseudonyms
        store_pseudonyms(connection, participants[owner], pseudonyms, now=work.clock())
        interview_id, _ = store_added(connection, added, participants, now=work.clock())
        note_outcome(
            connection,
            note.id,
            TAKEN,
            interview_id=interview_id,
            row_hash=looked.said.hash_row(row),
            now=work.clock(),
        )
    # It is stored; a list that is being written to is completed by a later run.
    with suppress(InputError):
        complete_interviews(study.folder / FILE_NAME, row, is_known=True)
    return len(added.turns)


def _correct(work: Work, note: FileNote, looked: Looked, added: AddedInterview) -> int | None:
    """Take a correction of what is said up; None where the interview is to be stored anew."""
    assert note.interview_id is not None
    reason = None
    with work.study.database.write() as connection:
        is_other = is_said_otherwise(connection, note.interview_id, added)
        if is_other and not is_coded(connection, note.interview_id):
            return None
        if is_other:
            reason = f"{FILE_NAME}: who speaks, or the language, was changed after it was coded"
        update_facts(connection, note.interview_id, added)
    return _keep(work, note, looked, reason)


def _refuse(connection: Any, note: FileNote, interview: str) -> None:  # noqa: ANN401 - the study's own
    twin = find_twin(connection, note.source_hash)
    if twin not in (None, interview):
        raise InputError([f"the file holds the same as interview {twin}"])
    known = find_interview(connection, interview)
    if known is not None and known != note.interview_id:
        raise InputError([f"interview {interview} came from another file"])
    if known is not None and is_coded(connection, known):
        raise InputError(
            [
                f"interview {interview} was coded as it stood before; its text stays. Give the "
                "changed file another name to take it in as an interview of its own"
            ]
        )
