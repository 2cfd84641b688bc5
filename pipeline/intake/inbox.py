"""Looks into the inbox: which files lie there, and whether they have been copied whole."""

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from study.errors import StudyError

# What copying programs, browsers and office programs call a file that is not finished.
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp")


@dataclass(frozen=True)
class InboxFile:
    """A file in the inbox as it was seen; equal as long as nobody writes to it."""

    name: str
    n_bytes: int
    mtime_ns: int


def list_inbox(folder: Path) -> list[InboxFile]:
    """List the files that somebody put into a folder, by name; one that is gone is made anew.

    Raises:
        StudyError: It cannot be looked into.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with os.scandir(folder) as entries:
            found = [_look_at(entry) for entry in entries]
    except OSError as error:
        raise StudyError(
            f"The folder {folder.name}/ of the study cannot be looked into ({error.strerror}). "
            "Give yourself the right to read it."
        ) from error
    return sorted((each for each in found if each is not None), key=lambda each: each.name)


def is_settled(file: InboxFile, *, seconds: float) -> bool:
    """Tell whether nobody has written to a file for some seconds.

    A time in the future, as some archives give, tells nothing: such a file is taken as it is.
    """
    age = time.time() - file.mtime_ns / 1e9
    return age >= seconds or age < -1


def _look_at(entry: "os.DirEntry[str]") -> InboxFile | None:
    name = entry.name.lower()
    if name.startswith((".", "~$")) or name.endswith(UNFINISHED):
        return None
    try:
        facts = entry.stat()
    except OSError:
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return InboxFile(entry.name, facts.st_size, facts.st_mtime_ns)
