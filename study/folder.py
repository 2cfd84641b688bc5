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
from study.address import find_address, note_environment
from study.coders import LEAD
from study.database import Database
from study.errors import StudyError
from study.locks import hold_lock, is_locked
from study.settings import Settings, read_settings, write_settings

SETTINGS_FILE = "study.toml"
DATABASE_FILE = "study.db"
LOCK = ".lock"
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
        with hold_lock(self.folder / LOCK, message), self.database.hold_run(message):
            yield

    def is_at_work(self) -> bool:
        """Tell whether a run holds the study, on this machine or, on PostgreSQL, on another."""
        return is_locked(self.folder / LOCK) or self.database.is_run_held()


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
    settings = note_environment(settings)
    study = Study(folder, settings, Database(find_address(folder / DATABASE_FILE, settings)))
    with _closed_on_error(study):
        study.database.require_fit()
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
    address = find_address(folder / DATABASE_FILE, settings)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise StudyError(
            f"{folder} has lost its {DATABASE_FILE}. Restore a copy of it; or, if the study is "
            "in a PostgreSQL, name that as 'database_url' in study.toml."
        )
    return open_at(folder, settings, address)


def open_at(folder: Path, settings: Settings, address: sa.URL) -> Study:
    """Open a study whose database is at an address.

    Raises:
        StudyError: It cannot be opened, or holds no study or another one.
    """
    study = Study(folder, settings, Database(address))
    with _closed_on_error(study):
        if not study.database.is_file:
            _require_own(study)
        _check_schema(study)
    return study


@contextmanager
def _closed_on_error(study: Study) -> Iterator[None]:
    try:
        yield
    except BaseException:
        study.database.close()
        raise


def _check_schema(study: Study) -> None:
    if not study.database.is_current():
        study.database.migrate()


def _require_own(study: Study) -> None:
    # Before anything is written: an address is quickly another one's.
    with study.database.read() as connection:
        is_there = sa.inspect(connection).has_table(t.study.name)
        known = connection.scalar(sa.select(t.study.c.guid)) if is_there else None
    if known is None:
        raise StudyError(
            "The PostgreSQL database holds no study yet. Move this one there with 'themeloop "
            "copy', or mend its address ('database_url' in study.toml, or THEMELOOP_DATABASE_URL)."
        )
    if known != _own_guid(study):
        raise StudyError(
            "The PostgreSQL database holds another study than this folder's (by "
            "secrets/hash-key). Mend its address ('database_url' in study.toml, or "
            "THEMELOOP_DATABASE_URL)."
        )


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


def _own_guid(study: Study) -> str:
    # Made of the folder's own secret: an init that was killed before it wrote the settings is
    # told from another folder's study in the same database.
    return str(uuid5(NAMESPACE_URL, study.secret("hash-key"))).upper()


def _record_study(connection: sa.Connection, study: Study, now: datetime) -> None:
    settings, guid = study.settings, _own_guid(study)
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
