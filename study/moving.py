"""Moves a study's database to PostgreSQL or back into its folder, or copies the whole folder."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa

from study.address import VARIABLE, file_address, find_address, read_environment, write_url
from study.copying import Copied, Report, copy_database
from study.database import Database
from study.errors import StudyError
from study.folder import DATABASE_FILE, FOLDERS, LOCK, SETTINGS_FILE, Study, open_at
from study.locks import hold_lock
from study.postgresql import is_same_database, read_url, without_password
from study.settings import Settings, read_settings, save_setting

# A database on a server by its address, or a folder.
Destination: TypeAlias = sa.URL | Path
DRAFT = "copying"
# What is a folder's own: its database, its lock, its service's records, its backups.
LEFT = (f"{DATABASE_FILE}*", f".{DATABASE_FILE}*", LOCK, ".prefect", "backups")


def read_destination(to: str | None) -> Destination:
    """Read where a study is to go; what nobody says the environment may.

    Raises:
        StudyError: Nobody says, or what is said is no address of a PostgreSQL.
    """
    if to is not None and "://" not in to:
        return Path(to)
    url = read_url(to) if to is not None else read_environment()
    if url is None:
        raise StudyError(
            f"Say where to: --to with the address of a PostgreSQL database or with a folder; or "
            f"set {VARIABLE}."
        )
    if url.get_backend_name() != "postgresql":
        raise StudyError("--to takes the address of a PostgreSQL database, or a folder.")
    return url


@contextmanager
def open_source(folder: Path, destination: Destination) -> Iterator[Study]:
    """Open the study that is to be copied, and keep runs from it.

    Raises:
        StudyError: There is none, its database is there already, or a run holds it.
    """
    if not (folder / SETTINGS_FILE).is_file():
        raise StudyError(f"{folder} is not a study (it has no {SETTINGS_FILE}). Name one.")
    settings = read_settings(folder / SETTINGS_FILE)
    if isinstance(destination, Path):
        address = find_address(folder / DATABASE_FILE, settings)
    else:
        address = _find_other(folder, settings, destination)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise StudyError(
            f"{folder} has no {DATABASE_FILE} to copy. Is the study in a PostgreSQL already?"
        )
    study = open_at(folder, settings, address)
    with closing(study.database), study.lock():
        yield study


def move_to_server(study: Study, target: sa.URL, report: Report) -> Copied:
    """Move a study's database to a PostgreSQL; its folder stays, its settings name the new one.

    Raises:
        StudyError: It could not be copied; the study is as it was.
    """
    _require_alone(study)
    given = read_environment()
    # What the environment says stays there; what a person wrote on the command line is kept.
    is_given = given is not None and is_same_database(given, target)
    named = write_url(without_password(target) if is_given else target)
    # Nobody may decide anything between the last row's being copied and the settings' naming it.
    with closing(Database(target)) as new, study.database.write() as source:
        copied = copy_database(source, new, report)
        save_setting(study.folder / SETTINGS_FILE, "database_url", named)
    return copied


def move_to_file(study: Study, report: Report) -> Copied:
    """Move a study's database from a server into the study's own folder.

    Raises:
        StudyError: There is one already, or it could not be copied; the study is as it was.
    """
    file = study.folder / DATABASE_FILE
    if study.database.url == file_address(file):
        raise StudyError(f"The study's database is {file} already. Nothing was copied.")
    if file.exists():
        raise StudyError(
            f"{file} exists, from before the study was moved to a PostgreSQL. Delete it, or move "
            "it away, and try again."
        )
    _require_alone(study)
    draft = file.with_name(f".{file.name}-{DRAFT}")
    with _removed_on_error(draft), study.database.write() as source:
        _remove(draft)
        with closing(Database(file_address(draft))) as new:
            copied = copy_database(source, new, report)
        draft.rename(file)
        save_setting(study.folder / SETTINGS_FILE, "database_url", None)
    return copied


def copy_folder(study: Study, target: Path, report: Report) -> Copied:
    """Copy a study into a new folder, with its database in a file; coders may go on meanwhile.

    Raises:
        StudyError: The folder is in use, or the study could not be copied.
    """
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StudyError(f"{target} is not empty. Name a folder that is new.")
    if study.folder.resolve() in target.resolve().parents:
        raise StudyError(f"{target} lies in the study itself. Name a folder outside of it.")
    draft = target.with_name(f".{target.name}-{DRAFT}")
    message = f"Another copy is at work on {draft}. Wait until it has finished."
    try:
        draft.mkdir(mode=0o700, parents=True, exist_ok=True)
        with hold_lock(draft / LOCK, message), _removed_on_error(draft):
            copied = _fill(study, draft, report)
            # Last, so that a copy that was killed never looks like a study.
            draft.rename(target)
    except OSError as error:
        raise StudyError(f"{target} cannot be made: {error.strerror}. Choose another.") from error
    return copied


def _fill(study: Study, draft: Path, report: Report) -> Copied:
    for left in draft.iterdir():
        # Of a copy that was killed.
        if left.name != LOCK:
            _remove(left)
    new = Database(file_address(draft / DATABASE_FILE))
    with closing(new), study.database.read() as source:
        copied = copy_database(source, new, report)
    for path in study.folder.iterdir():
        if not any(path.match(pattern) for pattern in LEFT):
            _copy(path, draft / path.name)
    for name in FOLDERS:
        (draft / name).mkdir(mode=0o700, exist_ok=True)
    save_setting(draft / SETTINGS_FILE, "database_url", None)
    return copied


def _copy(path: Path, target: Path) -> None:
    # With the times: by them a file of the inbox is known to have been read.
    if path.is_dir() and not path.is_symlink():
        shutil.copytree(path, target, symlinks=True)
    else:
        shutil.copy2(path, target, follow_symlinks=False)


@contextmanager
def _removed_on_error(draft: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _remove(draft)
        raise


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return
    # A database's journal goes with it.
    for each in (path, *(path.with_name(f"{path.name}-{kind}") for kind in ("wal", "shm"))):
        each.unlink(missing_ok=True)


def _find_other(folder: Path, settings: Settings, target: sa.URL) -> sa.URL:
    file, given = folder / DATABASE_FILE, read_environment()
    if given is None or not is_same_database(given, target):
        address = find_address(file, settings)
    else:
        # The environment says where the study goes, not where it is.
        address = read_url(settings.database_url) if settings.database_url else file_address(file)
    # study.toml may name the new one already, by hand.
    return file_address(file) if is_same_database(address, target) else address


def _require_alone(study: Study) -> None:
    if n_others := study.database.count_other_programs():
        raise StudyError(
            f"{n_others} connections of other themeloop processes use the study's database, "
            "perhaps on other machines. Stop them first: what they wrote would stay behind."
        )
