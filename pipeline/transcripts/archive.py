"""Opens .docx and .xlsx files, which are zip archives, within bounds."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from study.errors import InputError

MOST_BYTES = 200_000_000
MOST_MEMBERS = 10_000
# XML packs well, 20 to 1 and more; a bomb packs 1000 to 1.
MOST_RATIO = 250
_SMALL = 5_000_000
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_CHUNK = 1 << 20
_ENCRYPTED = 0x1


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an office file whose parts are neither too big, nor locked, nor hold entities.

    Raises:
        InputError: It is broken or must not be opened.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        raise InputError([broken(path.name)]) from None
    with archive:
        _check_size(archive, path.name)
        _check_xml(archive, path.name)
        yield archive


def broken(name: str) -> str:
    """Say that an office file cannot be opened."""
    return f"{name}: the file is damaged or cut short. Open it in its program and save it again."


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise InputError([f"{name}: it is locked with a password. Save it without one."])
    if size > MOST_BYTES or len(members) > MOST_MEMBERS:
        raise InputError(
            [
                f"{name}: unpacked it is {size // 1_000_000} MB in {len(members)} parts, expected "
                f"at most {MOST_BYTES // 1_000_000} MB. Save it without pictures, or as .txt."
            ]
        )
    if size > _SMALL and size > MOST_RATIO * max(packed, 1):
        raise InputError(
            [f"{name}: it unpacks to {size // max(packed, 1)} times its size. Save it as .txt."]
        )


def _check_xml(archive: zipfile.ZipFile, name: str) -> None:
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_member(archive, member, name)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    try:
        with archive.open(member) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                # Office programs declare no entities; expanding them can fill the memory.
                if any(mark in tail + chunk for mark in _DOCTYPES):
                    raise InputError(
                        [f"{name}: it declares XML entities, which no office program does."]
                    )
                tail = chunk[-32:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise InputError([broken(name)]) from None
