"""Which files wait and what for, said by name: for the person at the terminal alone."""

from dataclasses import dataclass

from pipeline.intake.arrivals import INBOX, hash_name
from pipeline.intake.inbox import list_inbox
from pipeline.intake.set_aside import ASIDE
from pipeline.names import find_fault
from study.folder import Study
from study.inbox_files import SET_ASIDE, TAKEN, WAITING, FileNote, read_file_notes


@dataclass(frozen=True)
class Intake:
    """Files by name: not read yet, waiting with what for, set aside with the reason.

    Attributes:
        told: What is wrong with files that are interviews, as that a correction came too late.
        fault: Why the gazetteer cannot be read; None where it can.
    """

    new: tuple[str, ...]
    waiting: tuple[str, ...]
    set_aside: tuple[str, ...]
    told: tuple[str, ...] = ()
    fault: str | None = None

    @property
    def wrong(self) -> list[str]:
        """Say what is wrong with the gazetteer."""
        return [f"WRONG: {self.fault} Names in stored text wait for it."] if self.fault else []

    @property
    def asked(self) -> list[str]:
        """Say what files wait for, and what is to be known of those that are interviews."""
        return [
            *(f"Waits: {line}" for line in self.waiting),
            *(f"Told: {line}" for line in self.told),
        ]

    @property
    def lines(self) -> list[str]:
        """Say what a person has to do something about, the most pressing first."""
        return [*self.wrong, *(f"Set aside: {line}" for line in self.set_aside), *self.asked]


def list_known(study: Study) -> list[tuple[str, str, FileNote | None]]:
    """List the files in the inbox and in set-aside: folder, name, and what is noted of each."""
    with study.database.read() as connection:
        notes = read_file_notes(connection)
    return [
        (folder, file.name, notes.get(hash_name(study, file.name)))
        for folder in (INBOX, ASIDE)
        for file in list_inbox(study.folder / folder)
    ]


def read_intake(study: Study) -> Intake:
    """Read where each file in the inbox stands, and why a file lies in set-aside."""
    found: dict[str, list[str]] = {TAKEN: [], WAITING: [], SET_ASIDE: [], "": []}
    for folder, name, note in list_known(study):
        state = note.state if note and note.state in found else ""
        is_told = state == TAKEN and note is not None and note.reason
        if (state and state != TAKEN) or is_told or (folder == INBOX and not state):
            reason = f": {note.reason}" if note and note.reason else ""
            found[state].append(f"{name}{reason}")
    return Intake(
        new=tuple(found[""]),
        waiting=tuple(found[WAITING]),
        set_aside=tuple(found[SET_ASIDE]),
        told=tuple(found[TAKEN]),
        fault=find_fault(study),
    )
