"""Finds what lies in the inbox unread, changed or waiting for an answer; reads no transcript."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.identifying.gazetteer import GAZETTEER
from pipeline.intake.inbox import InboxFile, is_settled, list_inbox
from pipeline.intake.interviews import (
    FILE_NAME,
    InterviewList,
    InterviewRow,
    read_interviews,
)
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
    said = read_said(study)
    with study.database.write() as connection:
        rows = []
        for arrival, source_hash in found:
            if _is_as_taken(arrival, source_hash, said):
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
    said = read_said(study)
    arrivals = [
        Arrival(file, notes.get(hash_name(study, file.name)))
        for file in sorted(files, key=said.rank)
    ]
    settled = study.settings.settle_seconds
    return [
        arrival
        for arrival in arrivals
        if _is_due(arrival, said) and is_settled(arrival.file, seconds=settled)
    ]


def find_path(study: Study, note: FileNote) -> Path | None:
    """Find the file of the inbox that a note is of."""

    def looks_other(file: InboxFile) -> bool:
        return (file.n_bytes, file.mtime_ns) != (note.n_bytes, note.mtime_ns)

    # Those that look alike first: hashing every name for every file is slow in a full inbox.
    for file in sorted(list_inbox(study.folder / INBOX), key=looks_other):
        if hash_name(study, file.name) == note.name_hash:
            return study.folder / INBOX / file.name
    return None


def hash_name(study: Study, name: str) -> str:
    """Hash a file's name with the study's key: it may be a person's."""
    return study.keyed_hash(f"file\x1f{name}")


@dataclass(frozen=True)
class Said:
    """What people say of files at this moment.

    Attributes:
        interviews: interviews.csv; None where it cannot be read.
        faults: Why it cannot be.
        gazetteer: The content hash of gazetteer.csv.
    """

    study: Study
    interviews: InterviewList | None
    gazetteer: str
    faults: tuple[str, ...] = ()

    def rank(self, file: InboxFile) -> tuple[int, str]:
        """Rank files as a person listed them, so that interviews come in the order meant."""
        places = self.interviews.places if self.interviews else {}
        return places.get(file.name, len(places)), file.name

    def hash_row(self, row: InterviewRow) -> str:
        """Hash what is said of a file."""
        return self.study.keyed_hash(f"row\x1f{row.said}")

    def hash_answer(self, row: InterviewRow) -> str:
        """Hash what a waiting file waits for: its row, and a gazetteer that can be read."""
        return self.study.keyed_hash(f"answer\x1f{row.said}\x1f{self.gazetteer}")

    def find(self, file: str) -> InterviewRow:
        """Give what is said of a file, which may be nothing."""
        found = self.interviews.find(file) if self.interviews else None
        return found or InterviewRow(file)


def read_said(study: Study) -> Said:
    """Read what people say of files."""
    try:
        gazetteer = hashlib.sha256((study.folder / GAZETTEER).read_bytes()).hexdigest()
    except OSError:
        gazetteer = ""
    try:
        interviews = read_interviews(study.folder / FILE_NAME)
    except InputError as error:
        return Said(study, None, gazetteer, error.offenders)
    return Said(study, interviews, gazetteer)


def _is_due(arrival: Arrival, said: Said) -> bool:
    note, file = arrival.note, arrival.file
    if note is None or (note.n_bytes, note.mtime_ns) != (file.n_bytes, file.mtime_ns):
        return True
    if note.state == WAITING:
        answer = said.hash_answer(said.find(file.name))
        return said.interviews is not None and answer != note.row_hash
    if note.state == TAKEN:
        # Somebody corrected what is said of it.
        row_hash = said.hash_row(said.find(file.name))
        return said.interviews is not None and row_hash != note.row_hash
    if note.state == SET_ASIDE:
        # Put back by somebody: tried again.
        return not (note.reason or "").endswith(LEFT)
    return True


def _is_as_taken(arrival: Arrival, source_hash: str, said: Said) -> bool:
    note = arrival.note
    if note is None or note.state != TAKEN or note.source_hash != source_hash:
        return False
    return said.interviews is None or said.hash_row(said.find(arrival.file.name)) == note.row_hash


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
