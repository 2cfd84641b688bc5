"""Writes a file whole or not at all, for its owner only."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Write a text beside a file and put it in its place when it is whole and on the disk.

    Raises:
        OSError: It cannot be written; what was there before is untouched.
    """
    # A file made by mkstemp is its owner's alone.
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
