"""A study's folder: made once, opened by every command, locked by the one that runs."""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from study import tables as t
from study.coders import LEAD
from study.database import Database
from study.errors import StudyError
from study.locks import hold_lock
from study.settings import Settings, read_settings, write_settings

SETTINGS_FILE = "study.toml"
DATABASE_FILE = "study.db"
FOLDERS = ("inbox", "set-aside", "models", "backups", "secrets", ".prefect")


@dataclass(frozen=True)
class Study:
    """An open study: its folder, its settings and its database."""

    folder: Path
    settings: Settings
    database: Database

    def secret(self, name: str) -> str:
        """Give the study's secret of that name; made at first use, readable by its owner only."""
        path = self.folder / "secrets" / name
        if not path.exists():
            _make_secret(path)
        return path.read_text(encoding="ascii")

    def keyed_hash(self, content: str) -> str:
        """Hash content so that only this study can tell that it has seen it before."""
        key = bytes.fromhex(self.secret("hash-key"))
        return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the study for one run; the lock goes with the process, however it ends.

        Raises:
            StudyError: Another run holds it.
        """
        message = "Another themeloop run is at work on this study. Wait until it has finished."
        with hold_lock(self.folder / ".lock", message):
            yield


def create_study(folder: Path, settings: Settings, *, now: datetime) -> Study:
    """Make the study's folder and database.

    Raises:
        StudyError: The folder is a study already, or cannot be made.
    """
    if (folder / SETTINGS_FILE).exists():
        raise StudyError(f"{folder} is a study already. Choose another folder with --study.")
    try:
        _make_folders(folder)
    except OSError as error:
        raise StudyError(f"{folder} cannot be made: {error.strerror}. Choose another.") from error
    study = Study(folder, settings, Database(_database_url(folder, settings)))
    _check_schema(study)
    with study.database.write() as connection:
        _record_study(connection, study, now)
    # Last, because this file is what makes the folder a study.
    (folder / SETTINGS_FILE).write_text(write_settings(settings), encoding="utf-8")
    return study


def open_study(folder: Path) -> Study:
    """Open the study in a folder.

    Raises:
        StudyError: There is none, or its settings or database cannot be read.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise StudyError(
            f"{folder} is not a study (it has no {SETTINGS_FILE}). "
            "Make one with 'themeloop init', or name one with --study."
        )
    settings = read_settings(path)
    if settings.database_url is None and not (folder / DATABASE_FILE).is_file():
        raise StudyError(f"{folder} has lost its {DATABASE_FILE}. Restore a copy of it.")
    study = Study(folder, settings, Database(_database_url(folder, settings)))
    _check_schema(study)
    return study


def _check_schema(study: Study) -> None:
    try:
        if not study.database.is_current():
            study.database.migrate()
    except StudyError:
        study.database.close()
        raise


def _make_folders(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700, exist_ok=True)


def _make_secret(path: Path) -> None:
    value = secrets.token_hex(32)
    # Written beside and linked, so that a killed run leaves no empty secret under its name.
    with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=path.parent) as draft:
        draft.write(value)
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)


def _database_url(folder: Path, settings: Settings) -> str | sa.URL:
    # Not written as text: a folder's name may hold what an address gives a meaning to.
    here = sa.URL.create("sqlite", database=str((folder / DATABASE_FILE).absolute()))
    return settings.database_url or here


def _record_study(connection: sa.Connection, study: Study, now: datetime) -> None:
    settings = study.settings
    # Made of the folder's own secret: an init that was killed before it wrote the settings is
    # told from another folder's study in the same database.
    guid = str(uuid5(NAMESPACE_URL, study.secret("hash-key"))).upper()
    known = connection.scalar(sa.select(t.study.c.guid))
    if known == guid:
        return
    if known is not None:
        raise StudyError("The database holds another study. Give each study its own.")
    connection.execute(
        sa.insert(t.study).values(
            guid=guid,
            name=settings.name,
            is_synthetic=settings.is_synthetic,
            made_at=now,
        )
    )
    connection.execute(
        sa.insert(t.coder).values(name=settings.coder, role=LEAD, is_reviewing=True, added_at=now)
    )
