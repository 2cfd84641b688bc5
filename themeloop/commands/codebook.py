"""The command that gives a study its codebook."""

from pathlib import Path

import click

from codebook.reader import read_codebook
from codebook.records import Codebook
from codebook.shipped import shipped_codebook_path
from study.clock import utc_now
from study.codebooks import current_codebook, store_codebook
from study.errors import StudyError
from study.folder import Study, open_study
from themeloop.terminal import json_option, say, study_option


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--shipped", is_flag=True, help="Use the codebook of the working alliance.")
@study_option
@json_option
def codebook(file: Path | None, shipped: bool, folder: Path, as_json: bool) -> None:
    """Give the study a codebook, or a changed one; without a file, say which it has."""
    if file is not None and shipped:
        raise click.UsageError("Give a file or --shipped, not both.")
    study = open_study(folder)
    if file is not None or shipped:
        keep_codebook(study, read_codebook_file(file or shipped_codebook_path()))
    with study.database.read() as connection:
        version = current_codebook(connection)
    book = version.codebook
    say(
        as_json,
        {"name": book.name, "version": version.number, "n_codes": len(book.codes)},
        f"Codebook '{book.name}', version {version.number}: {len(book.codes)} codes, "
        f"{len(book.themes)} themes.",
    )


def read_codebook_file(file: Path) -> Codebook:
    """Read a codebook that a person named.

    Raises:
        StudyError: There is no such file.
        CodebookError: Lists what is wrong with it.
    """
    if not file.is_file():
        raise StudyError(f"{file} is not there. Give a codebook (YAML).")
    return read_codebook(file)


def keep_codebook(study: Study, book: Codebook) -> None:
    """Store a codebook as the study's newest version, where it is another."""
    with study.database.write() as connection:
        store_codebook(connection, book, now=utc_now())
