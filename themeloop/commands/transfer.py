"""Commands that take codings and suggestions in and out."""

from dataclasses import dataclass
from pathlib import Path

import click

from codebook.reader import read_codebook
from pipeline.intake.place_excerpts import place_excerpts
from pipeline.transcripts.coded_csv import read_coded_csv, write_coded_csv
from pipeline.transcripts.suggestions_csv import write_suggestions_csv
from study.awaiting import count_awaiting
from study.clock import utc_now
from study.coded_file import take_in
from study.codings import read_coded_rows
from study.database import Connection
from study.errors import StudyError
from study.folder import open_study
from study.stance import name_suggestions
from study.suggestions import read_current_suggestions
from themeloop.terminal import json_option, say, study_option

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=existing_file)
@click.option("--codebook", "codebook_file", type=existing_file, required=True)
@click.option(
    "--segment",
    is_flag=True,
    help="Cut the transcripts anew instead of taking the excerpts as given; codings keep their "
    "place.",
)
@study_option
@json_option
def import_(file: Path, codebook_file: Path, segment: bool, folder: Path, as_json: bool) -> None:
    """Take coded transcripts (one row per excerpt and coder) into the study."""
    study = open_study(folder)
    codebook = read_codebook(codebook_file)
    interviews = read_coded_csv(file, codebook.by_key)
    taken = take_in(
        study,
        interviews,
        codebook,
        is_segmenting=segment,
        now=utc_now(),
        place=place_excerpts,
    )
    known = f" {taken.n_known} interviews were known already." if taken.n_known else ""
    if taken.codebook_version > 1:
        known += f" The codebook is version {taken.codebook_version} now."
    if taken.codes_gone:
        known += f" It no longer has: {', '.join(taken.codes_gone)}."
    say(
        as_json,
        {**vars(taken), "n_codes": len(codebook.codes)},
        f"Imported {taken.n_interviews} interviews, {taken.n_excerpts} excerpts and "
        f"{taken.n_codings} codings by {taken.n_coders} coders; {len(codebook.codes)} codes."
        f"{known} Next: themeloop suggest",
    )


@click.command()
@click.option(
    "--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The CSV."
)
@click.option("--suggestions", is_flag=True, help="Export suggestions instead of codings.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@study_option
@json_option
def export(file: Path, suggestions: bool, force: bool, folder: Path, as_json: bool) -> None:
    """Write codings, or suggestions, to a CSV file; the file holds interview text."""
    study = open_study(folder)
    if file.absolute().parent == folder.absolute():
        raise StudyError(f"{file} lies among the study's own files. Name another folder.")
    if file.exists() and not force:
        raise StudyError(f"{file} exists. Name another file, or add --force to overwrite it.")
    with study.database.read() as connection:
        made = _make_suggestions(connection) if suggestions else _make_codings(connection)
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.write_text(made.content, encoding="utf-8", newline="")
        draft.replace(file)
    except OSError as error:
        raise StudyError(f"{file} cannot be written: {error.strerror}.") from error
    what = "rows of codings"
    if suggestions:
        what = name_suggestions(study.settings.stance, made.n_rows)
    figures = {"file": str(file), "n_rows": made.n_rows, "n_awaiting": made.n_awaiting}
    say(as_json, figures, f"Wrote {made.n_rows} {what} to {file}.{_tell_awaiting(made)}")


@dataclass(frozen=True)
class _Export:
    content: str
    n_rows: int
    n_awaiting: int = 0


def _make_codings(connection: Connection) -> _Export:
    rows = read_coded_rows(connection)
    return _Export(write_coded_csv(rows), len(rows), count_awaiting(connection))


def _make_suggestions(connection: Connection) -> _Export:
    found = read_current_suggestions(connection)
    return _Export(write_suggestions_csv(found), len(found))


def _tell_awaiting(made: _Export) -> str:
    if not made.n_awaiting:
        return ""
    have = "One excerpt has" if made.n_awaiting == 1 else f"{made.n_awaiting} excerpts have"
    return (
        f" {have} provisional codes, which wait for the lead and are not in the file: let the lead "
        "decide on them on the page, then export again."
    )
