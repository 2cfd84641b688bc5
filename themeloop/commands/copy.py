"""The command that moves a study's database to PostgreSQL and back, or copies a study."""

from pathlib import Path

import click

from pipeline.work import WATCHER
from study.address import VARIABLE, read_environment
from study.copying import Copied, Report
from study.folder import Study
from study.moving import (
    Destination,
    copy_folder,
    move_to_file,
    move_to_server,
    open_source,
    read_destination,
)
from themeloop.service import hold_service
from themeloop.terminal import json_option, progress, say, study_option

STALE = "when you are sure: names that are redacted from now on stay in it."
KEPT_FILE = f"study.db stays as it was. Delete it {STALE}"
KEPT_SERVER = f"The PostgreSQL database it was in stays as it was. Drop it {STALE}"


@click.command()
@study_option
@click.option(
    "--to",
    metavar="URL|DIR",
    help="A PostgreSQL database (postgresql://user@host/name) that the study's database moves to; "
    "the study's own folder, to which it moves back; or a new folder, for a copy of the study. "
    f"Default: {VARIABLE}.",
)
@json_option
def copy(folder: Path, to: str | None, as_json: bool) -> None:
    """Move a study's database to PostgreSQL or back, or copy a study, with every row."""
    destination = read_destination(to)
    with progress(), open_source(folder, destination) as study:
        copied = copy_study(study, destination, WATCHER.get() or _tell_nobody)
        steps = list_steps(study, destination)
    line = (
        f"Copied {copied.n_rows:,} rows of {copied.n_tables} tables and compared each "
        f"(fingerprint {copied.fingerprint[:12]}…, the same on both sides)."
    )
    say(as_json, {**vars(copied), "next": steps}, "\n".join([line, *steps]))


def copy_study(study: Study, destination: Destination, report: Report) -> Copied:
    """Copy a study to where it is to go.

    Raises:
        StudyError: It could not be copied, or is being served; it is as it was.
    """
    if isinstance(destination, Path) and not _is_own(study, destination):
        return copy_folder(study, destination, report)
    # A page that is up would go on writing to what is left behind.
    with hold_service(study):
        if isinstance(destination, Path):
            return move_to_file(study, report)
        return move_to_server(study, destination, report)


def list_steps(study: Study, destination: Destination) -> list[str]:
    """Say where the study is now, and what is left to do."""
    is_given = read_environment() is not None
    unset = [f"Unset {VARIABLE}, which names the other database."] if is_given else []
    if isinstance(destination, Path) and not _is_own(study, destination):
        return [
            f"{destination} is a study of its own now; {study.folder} stays as it is. Code in one "
            "of the two: what is decided in the other never gets there. Backups and the service's "
            "records were left out.",
            *unset,
        ]
    if isinstance(destination, Path):
        return ["The study is in study.db again, as study.toml says.", KEPT_SERVER, *unset]
    keep = [f"Keep {VARIABLE} set: its password is stored nowhere else."] if is_given else []
    kept = KEPT_FILE if study.database.is_file else KEPT_SERVER
    return ["study.toml names the PostgreSQL database now.", kept, *keep]


def _is_own(study: Study, folder: Path) -> bool:
    return folder.resolve() == study.folder.resolve()


def _tell_nobody(_step: str, _n_done: int, _n_all: int) -> None:
    pass
