"""The command that takes transcript files in, or shows what it would take."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.intake.arrivals import INBOX, find_arrived, hash_name, read_said
from pipeline.intake.interviews import (
    FILE_NAME,
    InterviewRow,
    read_interviews,
    write_interviews,
)
from pipeline.intake.prepare import UNKNOWN, Prepared, speaker_of
from pipeline.intake.take_in import look_at_file, take_in_transcript
from pipeline.run import BusyError, open_work
from pipeline.work import call_plainly, for_each
from study.errors import InputError, StudyError
from study.folder import Study, open_study
from study.inbox_files import SET_ASIDE, TAKEN, FileNote, read_file_notes
from study.transcripts import label_of
from themeloop.terminal import json_option, progress, say, study_option


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--dry-run", is_flag=True, help="Show the turns as they would be stored; store nothing."
)
@click.option("--participant", help="Whose interviews these are, as in interviews.csv.")
@click.option("--interviewer", help="The files' labels of who asks, as in interviews.csv.")
@click.option("--language", help="The language of these interviews (nl, en, …).")
@study_option
@json_option
@click.pass_context
def add(
    ctx: click.Context,
    files: tuple[Path, ...],
    dry_run: bool,
    participant: str | None,
    interviewer: str | None,
    language: str | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Take transcripts in: read, ask what cannot be told, pseudonymise, store."""
    study = open_study(folder)
    found = list_files(files)
    said = {"participant": participant, "interviewer": interviewer, "language": language}
    answers = {name: value for name, value in said.items() if value is not None}
    outcomes = show_files(study, found, answers) if dry_run else add_files(study, found, answers)
    lines = "\n".join(str(outcome.pop("line")) for outcome in outcomes)
    say(as_json, {"files": outcomes}, lines)
    if any(outcome["state"] == SET_ASIDE for outcome in outcomes):
        ctx.exit(1)


def list_files(paths: Sequence[Path]) -> list[Path]:
    """List the files named, and those in the folders named.

    Raises:
        StudyError: Two of them have the same name.
    """
    files: list[Path] = []
    for path in paths:
        files += _list_folder(path) if path.is_dir() else [path]
    twice = [name for name, n in Counter(file.name for file in files).items() if n > 1]
    if twice:
        raise StudyError(f"Two files are called {twice[0]}. Give each a name of its own.")
    return files


def _list_folder(folder: Path) -> list[Path]:
    try:
        inside = sorted(each for each in folder.iterdir() if each.is_file())
    except OSError as error:
        raise StudyError(f"{folder} cannot be looked into: {error.strerror}.") from error
    return [each for each in inside if not each.name.startswith((".", "~$"))]


def add_files(
    study: Study, files: Sequence[Path], answers: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Copy files to the inbox and take them in; say of each what became of it.

    Args:
        answers: What is said of all of them, by column of interviews.csv.
    """
    if answers:
        _write_answers(study, files, answers)
    for file in files:
        _copy_whole(study, file)
    try:
        return _take_in(study, files)
    except BusyError as error:
        raise StudyError(
            "The files are in the inbox. Another run is at work; it or the next one takes them in."
        ) from error


def _take_in(study: Study, files: Sequence[Path]) -> list[dict[str, Any]]:
    with open_work(study.folder) as work, progress():
        for_each(call_plainly, take_in_transcript, work, find_arrived(work))
        with work.study.database.read() as connection:
            notes = read_file_notes(connection)
            labels = {
                note.id: label_of(connection, note.interview_id)
                for note in notes.values()
                if note.interview_id is not None
            }
    return [_describe_note(file, notes.get(hash_name(study, file.name)), labels) for file in files]


def show_files(
    study: Study, files: Sequence[Path], answers: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Read files and say how they would be stored."""
    return [_show_file(study, file, answers) for file in files]


def _write_answers(study: Study, files: Sequence[Path], answers: Mapping[str, str]) -> None:
    path = study.folder / FILE_NAME
    interviews = read_interviews(path)
    for file in files:
        row = interviews.find(file.name) or InterviewRow(file.name)
        interviews = interviews.with_row(row.saying(answers))
    write_interviews(path, interviews)


def _copy_whole(study: Study, file: Path) -> None:
    target = study.folder / INBOX / file.name
    if file.absolute() == target.absolute():
        return
    draft = target.with_name(f".{file.name}.part")
    try:
        shutil.copyfile(file, draft)
        # It is whole, and need not be waited for.
        settled = time.time() - study.settings.settle_seconds - 1
        os.utime(draft, (settled, min(settled, file.stat().st_mtime)))
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StudyError(f"{file} cannot be copied to the inbox: {error.strerror}.") from error


def _describe_note(file: Path, note: FileNote | None, labels: dict[int, str]) -> dict[str, Any]:
    if note is None:
        line = f"{file.name}: is still being written; the next run takes it in."
        return {"file": file.name, "state": "new", "reason": None, "interview": None, "line": line}
    interview = labels.get(note.id) if note.state == TAKEN else None
    said = f"is interview {interview}" if interview else f"{note.state.replace('_', ' ')}"
    line = f"{file.name}: {said}. Next: themeloop suggest"
    if note.state != TAKEN:
        where = " It lies in set-aside/." if note.state == SET_ASIDE else ""
        line = f"{file.name}: {said}: {note.reason}.{where}"
    return {
        "file": file.name,
        "state": note.state,
        "reason": note.reason,
        "interview": interview,
        "line": line,
    }


def _show_file(study: Study, file: Path, answers: Mapping[str, str]) -> dict[str, Any]:
    try:
        prepared = look_at_file(file, read_said(study), answers=answers).prepared
    except InputError as error:
        reason = "; ".join(error.offenders)
        line = reason if file.name in reason else f"{file.name}: {reason}"
        return {"file": file.name, "state": SET_ASIDE, "reason": reason, "line": line}
    turns = list(_list_turns(prepared))
    lines = [*_list_facts(file, prepared), "", *(_line_of(turn) for turn in turns)]
    return {
        "file": file.name,
        "state": "waiting" if prepared.blanks else "ready",
        "reason": prepared.blanks or None,
        "format": prepared.transcript.format,
        "notes": list(prepared.transcript.notes),
        "language": prepared.row.language or study.settings.language,
        "n_replaced": dict(prepared.result.n_replaced),
        "turns": turns,
        "line": "\n".join(lines),
    }


def _list_facts(file: Path, prepared: Prepared) -> list[str]:
    spoken = [turn for turn in prepared.transcript.turns if turn.is_speech]
    n_turns = Counter(turn.speaker or UNKNOWN for turn in spoken)
    facts = [f"{file.name}: {prepared.transcript.format}, {len(spoken)} turns"]
    for label, speaker in prepared.speakers.items():
        n = n_turns[label or UNKNOWN]
        name = label or "(nobody is named)"
        facts.append(f"  {name}: {speaker.role or 'not said who this is'}, {n} turns")
    replaced = ", ".join(f"{n} by {source}" for source, n in prepared.result.n_replaced.items())
    facts.append(f"  names and numbers replaced: {replaced or 'none'}")
    facts += [f"  {note}" for note in prepared.transcript.notes]
    if prepared.blanks:
        facts.append(f"  it would wait: interviews.csv: {prepared.blanks}")
    return facts


def _list_turns(prepared: Prepared) -> list[dict[str, Any]]:
    result = prepared.result
    return [
        {
            "place": turn.place,
            "speaker": turn.speaker if turn.is_speech else "note",
            "role": speaker_of(prepared, turn).role,
            "start_ms": turn.start_ms,
            "end_ms": turn.end_ms,
            "text": result.text[span.start_char : span.end_char],
        }
        for turn, span in zip(prepared.transcript.turns, result.turns, strict=True)
    ]


def _line_of(turn: dict[str, Any]) -> str:
    at = turn["start_ms"]
    clock = (
        "" if at is None else f" {at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1000 % 60:02}"
    )
    return f"[{turn['speaker'] or UNKNOWN}{clock}] {turn['text']}"
