"""The user's cache of converted encoders: whole folders or none, readable by their owner only."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from models.errors import ModelError

MANIFEST = "manifest.json"
PARTIAL_PREFIX = ".partial-"
# Longer than any conversion takes: an older partial folder belongs to a process that died.
PARTIAL_LIFETIME_SECONDS = 3600


def default_cache() -> Path:
    """Return `$XDG_CACHE_HOME/themeloop`, or `~/.cache/themeloop`; nothing is created."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG base directory specification says a relative path must be ignored.
    return (base if base.is_absolute() else Path.home() / ".cache") / "themeloop"


def is_complete(folder: Path) -> bool:
    """Say whether a folder was published whole and none of its files has changed in size."""
    try:
        sizes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def publish_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Have `fill` write a folder beside `target`, then put it there in one rename.

    A process killed in the middle leaves no `target`; of two that publish at once, the first wins.

    Raises:
        ModelError: The cache cannot be written.
    """
    try:
        _make_private(target.parent)
        _sweep_partials(target.parent)
        with tempfile.TemporaryDirectory(
            prefix=PARTIAL_PREFIX, dir=target.parent, ignore_cleanup_errors=True
        ) as scratch:
            partial = Path(scratch) / "folder"
            partial.mkdir(mode=0o700)
            fill(partial)
            _seal(partial)
            _put_in_place(partial, target)
    except OSError as error:
        raise ModelError(
            f"The encoder cache '{target.parent}' cannot be written ({error.strerror}). Expected "
            "a folder of yours with 1 GB free: make room, or set XDG_CACHE_HOME to another place."
        ) from error


def _make_private(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def _sweep_partials(parent: Path) -> None:
    oldest = time.time() - PARTIAL_LIFETIME_SECONDS
    for partial in parent.glob(f"{PARTIAL_PREFIX}*"):
        if partial.stat().st_mtime < oldest:
            shutil.rmtree(partial, ignore_errors=True)


def _seal(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(sizes, indent=1), encoding="utf-8")
    # Without this a power cut could leave the rename but not the contents.
    for path in (*files, manifest):
        with path.open("rb") as handle:
            os.fsync(handle.fileno())


def _put_in_place(partial: Path, target: Path) -> None:
    if target.exists() and not is_complete(target):
        target.rename(partial.with_name("damaged"))
    try:
        partial.rename(target)
    except OSError:
        # Another process published the same content first; anything else is a real failure.
        if not is_complete(target):
            raise
