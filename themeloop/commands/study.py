"""Commands about a study as a whole: make one, check one."""

from pathlib import Path
from typing import Any

import click

from study.clock import utc_now
from study.doctor import examine_study
from study.fingerprint import fingerprint_study
from study.folder import create_study, open_study
from study.settings import make_settings
from themeloop.terminal import json_option, say, study_option


@click.command()
@study_option
@click.option("--name", help="What the study is called.")
@click.option("--language", help="Language of interviews that do not say theirs (nl, en, …).")
@click.option("--encoder", help="Sentence encoder; see 'encoder' in study.toml.")
@click.option("--coder", help="Name of the person who reviews on the page.")
@click.option("--database-url", help="A PostgreSQL to use instead of a file in the folder.")
@json_option
def init(folder: Path, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Make a new study in a folder."""
    settings = make_settings({name: value for name, value in given.items() if value is not None})
    create_study(folder, settings, now=utc_now()).database.close()
    say(
        as_json,
        {"study": str(folder), "name": settings.name, "encoder": settings.encoder},
        f"Made the study '{settings.name}' in {folder}. Its settings are in study.toml. "
        "Next: themeloop import FILE.csv --codebook FILE.yaml",
    )


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
    lines = [f"{'mended' if f.is_mended else 'WRONG'}: {f.message}" for f in findings]
    say(
        as_json,
        {"findings": [vars(finding) for finding in findings]},
        "\n".join(lines) or "Everything is as it should be.",
    )
    if any(not finding.is_mended for finding in findings):
        ctx.exit(1)
