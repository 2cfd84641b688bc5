"""Finds what lies in the inbox unread, changed or waiting for an answer; reads no transcript."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.identifying.gazetteer import GAZETTEER
from pipeline.intake.inbox import InboxFile, is_settled, list_inbox
from pipeline.intake.interviews import FILE_NAME, read_interviews
from pipeline.work import Work
from study.errors import InputError
from study.folder import Study
from study.inbox_files import (
    SET_ASIDE,
    TAKEN,
    WAITING,
    FileNote,
    note_arrival,
    note_touched,
    read_file_notes,
)

INBOX = "inbox"
# Said of a file that could not be moved; it is looked at again when somebody changes it.
LEFT = "(left in the inbox)"
READ_BYTES = 1 << 20


@dataclass(frozen=True)
class Arrival:
    """A file that is to be looked at; note is where it stood before, None where it is new."""

    file: InboxFile
    note: FileNote | None


def find_arrived(work: Work) -> list[int]:
    """Note every file that is new, changed, or no longer waits for an answer; give their rows."""
    study = work.study
    _wait_until_settled(study)
    found = [(each, _hash_content(study, each.file)) for each in find_arrivals(study)]
    if not found:
        return []
    with study.database.write() as connection:
        rows = []
        for arrival, source_hash in found:
            if _is_taken(arrival.note, source_hash):
                assert arrival.note is not None
                note_touched(connection, arrival.note, mtime_ns=arrival.file.mtime_ns)
                continue
            rows.append(
                note_arrival(
                    connection,
                    name_hash=hash_name(study, arrival.file.name),
                    source_hash=source_hash,
                    n_bytes=arrival.file.n_bytes,
                    mtime_ns=arrival.file.mtime_ns,
                    now=work.clock(),
                )
            )
    return rows


def find_arrivals(study: Study) -> list[Arrival]:
    """Find the files that have been copied whole and are to be looked at; writes nothing."""
    files = list_inbox(study.folder / INBOX)
    if not files:
        return []
    with study.database.read() as connection:
        notes = read_file_notes(connection)
    answered_ns = max(_mtime_ns(study.folder / name) for name in (FILE_NAME, GAZETTEER))
    files = sorted(files, key=_rank_by_list(study))
    arrivals = [Arrival(file, notes.get(hash_name(study, file.name))) for file in files]
    settled = study.settings.settle_seconds
    return [
        arrival
        for arrival in arrivals
        if _is_due(arrival, answered_ns) and is_settled(arrival.file, seconds=settled)
    ]


def find_path(study: Study, name_hash: str) -> Path | None:
    """Find the file of the inbox whose name has this keyed hash."""
    for file in list_inbox(study.folder / INBOX):
        if hash_name(study, file.name) == name_hash:
            return study.folder / INBOX / file.name
    return None


def hash_name(study: Study, name: str) -> str:
    """Hash a file's name with the study's key: it may be a person's."""
    return study.keyed_hash(f"file\x1f{name}")


def _rank_by_list(study: Study) -> Callable[[InboxFile], tuple[int, str]]:
    """Rank files as a person listed them, so that interviews come in the order meant."""
    try:
        listed = read_interviews(study.folder / FILE_NAME).rows
    except InputError:
        listed = ()
    place = {row.file: number for number, row in enumerate(listed)}
    return lambda file: (place.get(file.name, len(place)), file.name)


def _is_due(arrival: Arrival, answered_ns: int) -> bool:
    note, file = arrival.note, arrival.file
    if note is None or (note.n_bytes, note.mtime_ns) != (file.n_bytes, file.mtime_ns):
        return True
    if note.state == WAITING:
        return answered_ns > note.noted_at.timestamp() * 1e9
    if note.state == SET_ASIDE:
        # Put back by somebody: tried again.
        return not (note.reason or "").endswith(LEFT)
    return note.state != TAKEN


def _is_taken(note: FileNote | None, source_hash: str) -> bool:
    return note is not None and note.state == TAKEN and note.source_hash == source_hash


def _wait_until_settled(study: Study) -> None:
    # A file that was put there a moment ago: whoever runs one command expects it to be taken.
    settled = study.settings.settle_seconds
    deadline = time.monotonic() + settled
    while time.monotonic() < deadline and _has_unsettled(study, settled):
        time.sleep(min(0.2, settled))


def _has_unsettled(study: Study, settled: float) -> bool:
    files = list_inbox(study.folder / INBOX)
    return any(not is_settled(file, seconds=settled) for file in files)


def _hash_content(study: Study, file: InboxFile) -> str:
    digest = hashlib.sha256()
    try:
        with (study.folder / INBOX / file.name).open("rb") as content:
            while block := content.read(READ_BYTES):
                digest.update(block)
    except OSError:
        # Not to be read: told as such when it is read.
        digest.update(f"{file.n_bytes}\x1f{file.mtime_ns}".encode())
    return study.keyed_hash(f"content\x1f{digest.hexdigest()}")


def _mtime_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
