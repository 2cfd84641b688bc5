"""Locks on files: held by one process at a time, and gone with it however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from study.errors import StudyError


class LockedError(StudyError):
    """Another process holds the lock."""


@contextmanager
def hold_lock(path: Path, message: str) -> Iterator[IO[str]]:
    """Hold a file's lock; what is written into the file tells others who holds it.

    Raises:
        LockedError: Another process holds it; says the message.
    """
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(message) from error
        file.truncate(0)
        yield file


def is_locked(path: Path) -> bool:
    """Tell whether a process holds a file's lock; whoever wants it meanwhile tries once more."""
    try:
        with path.open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False
