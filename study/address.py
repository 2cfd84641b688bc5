"""Where a study's database is: in its folder, or where study.toml and the environment say.

`study.toml` says which database is the study's. The environment variable only says how it is
reached, for an address may hold a password: it never puts another database in its place.
"""

import os
from pathlib import Path

import sqlalchemy as sa

from study.errors import StudyError
from study.postgresql import is_same_database, read_url, without_password
from study.settings import Settings

VARIABLE = "THEMELOOP_DATABASE_URL"


def find_address(file: Path, settings: Settings) -> sa.URL:
    """Give the address of a study's database.

    Args:
        file: Where it is if nothing says otherwise.

    Raises:
        StudyError: The environment names another one than the study does.
    """
    given = read_environment()
    if settings.database_url is None:
        if given is None or not file.is_file():
            return given or file_address(file)
        raise StudyError(
            f"{VARIABLE} is set, and this study is in its folder's {file.name}. Unset it, or "
            "move the study into that database: themeloop copy."
        )
    named = read_url(settings.database_url)
    if given is not None and not is_same_database(named, given):
        raise StudyError(
            f"{VARIABLE} names another database than 'database_url' in study.toml. Unset it, or "
            "mend one of the two."
        )
    return given or named


def read_environment() -> sa.URL | None:
    """Read the address that the environment gives, if it gives one.

    Raises:
        StudyError: It is no address.
    """
    given = os.environ.get(VARIABLE)
    return read_url(given) if given else None


def note_environment(settings: Settings) -> Settings:
    """Give settings that name the database of the environment, but not its password."""
    given = read_environment()
    if given is None or settings.database_url is not None:
        return settings
    return settings.model_copy(update={"database_url": write_url(without_password(given))})


def file_address(path: Path) -> sa.URL:
    """Give the address of a database in a file."""
    # Not written as text: a folder's name may hold what an address gives a meaning to.
    return sa.URL.create("sqlite", database=str(path.absolute()))


def write_url(url: sa.URL) -> str:
    """Write an address as study.toml keeps it."""
    return url.render_as_string(hide_password=False)
