"""Commands about a study as a whole: make one, check one."""

import shlex
from pathlib import Path
from typing import Any

import click

from pipeline.identifying.gazetteer import GAZETTEER, write_gazetteer
from pipeline.intake.interviews import FILE_NAME, InterviewList, write_interviews
from pipeline.names import find_fault
from study.clock import utc_now
from study.doctor import Finding, examine_study
from study.errors import StudyError
from study.fingerprint import fingerprint_study
from study.folder import SETTINGS_FILE, create_study, open_study
from study.name_key import make_identity
from study.settings import Settings, make_settings
from study.stance import describe_stance
from themeloop.asking import choose_stance
from themeloop.commands.codebook import keep_codebook, read_codebook_file
from themeloop.terminal import json_option, say, study_option


@click.command()
@study_option
@click.option("--name", help="What the study is called.")
@click.option("--language", help="Language of interviews that do not say theirs (nl, en, …).")
@click.option("--encoder", help="Sentence encoder; see 'encoder' in study.toml.")
@click.option("--coder", help="Name of the person who reviews on the page.")
@click.option(
    "--stance",
    "said_stance",
    metavar="STANCE",
    help='reflexive, codebook or "coding reliability"; asked for on a terminal.',
)
@click.option("--database-url", help="A PostgreSQL to use instead of a file in the folder.")
@click.option(
    "--codebook",
    "codebook_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The study's codebook (YAML).",
)
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write what opens the key to the pseudonyms (default: the folder's name with "
    "'.key', beside it).",
)
@click.option(
    "--no-key", is_flag=True, help="Keep no key: what was replaced can never be looked up."
)
@click.option(
    "--open-without-password",
    is_flag=True,
    help="For one person on this machine alone: the page opens without signing in.",
)
@json_option
def init(
    folder: Path,
    codebook_file: Path | None,
    key_file: Path | None,
    no_key: bool,
    said_stance: str | None,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - click's options
) -> None:
    """Make a new study in a folder."""
    settings = make_settings({name: value for name, value in given.items() if value is not None})
    path = folder.absolute()
    key_path = None if no_key else key_file or path.with_name(f"{path.name}.key")
    is_new = not (folder / SETTINGS_FILE).exists()
    if is_new and key_path is not None and key_path.exists():
        raise StudyError(f"{key_path} exists. Name another with --key-file, or move it away.")
    book = read_codebook_file(codebook_file) if codebook_file else None
    # Nobody is asked about a study that is there already: making it is refused.
    stance = choose_stance(said_stance) if is_new else ""
    settings = settings.model_copy(update={"stance": stance})
    study = create_study(folder, settings, now=utc_now())
    if key_path is not None:
        make_identity(study, key_path)
    if book is not None:
        keep_codebook(study, book)
    begin_lists(folder)
    study.database.close()
    if not settings.stance:
        click.echo(f"Stance: {describe_stance(settings.stance)}.", err=True)
    say(as_json, *describe_made(folder, settings, key_path, has_codebook=book is not None))


def describe_made(
    folder: Path, settings: Settings, key_path: Path | None, *, has_codebook: bool
) -> tuple[dict[str, Any], str]:
    """Say what was made and what comes next, as figures and as a line."""
    kept = (
        f" Whoever holds {key_path} can read the names behind the pseudonyms: keep it apart "
        "from the study."
        if key_path
        else ""
    )
    given_one = "" if has_codebook else "give it a codebook (themeloop codebook FILE.yaml), "
    password = (
        ""
        if settings.open_without_password
        else f"set a password (themeloop coder password {shlex.quote(settings.coder)}), "
    )
    figures = {
        "study": str(folder),
        "name": settings.name,
        "stance": settings.stance,
        "encoder": settings.encoder,
        "key_file": str(key_path) if key_path else None,
    }
    return figures, (
        f"Made the study '{settings.name}' in {folder}. Its settings are in study.toml.{kept} "
        f"Next: {password}{given_one}add transcripts (themeloop add FILE) or coded ones "
        "(themeloop import FILE.csv --codebook FILE.yaml)."
    )


def begin_lists(folder: Path) -> None:
    """Make the two lists that a team fills in, empty but for their headings."""
    if not (folder / FILE_NAME).exists():
        write_interviews(folder / FILE_NAME, InterviewList())
    if not (folder / GAZETTEER).exists():
        write_gazetteer(folder / GAZETTEER, [])


@click.command()
@study_option
@click.option("--fingerprint", is_flag=True, help="Print one hash over all the study holds.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, folder: Path, fingerprint: bool, as_json: bool) -> None:
    """Check a study, and mend what can be derived."""
    study = open_study(folder)
    if fingerprint:
        with study.database.read() as connection:
            value = fingerprint_study(connection)
        say(as_json, {"fingerprint": value}, value)
        return
    findings = examine_study(study)
    if fault := find_fault(study):
        findings.append(Finding("gazetteer", fault))
    lines = [f"{'mended' if f.is_mended else 'WRONG'}: {f.message}" for f in findings]
    say(
        as_json,
        {"findings": [vars(finding) for finding in findings]},
        "\n".join(lines) or "Everything is as it should be.",
    )
    if any(not finding.is_mended for finding in findings):
        ctx.exit(1)
