"""The commands that say how well people agree with each other and with the machine."""

from pathlib import Path

import click

from pipeline.evaluate import evaluate_agreement
from pipeline.evaluation.as_json import lay_out_json
from pipeline.evaluation.report import write_report
from study.clock import utc_now
from study.folder import Study, open_study
from study.reports import FOLDER
from study.stance import may_show_agreement
from themeloop.commands.agreement_table import draw_table
from themeloop.terminal import json_option, progress, say, study_option

WITHHELD = (
    "This study is reflexive: agreement says nothing of the quality of its reading, so none is "
    "measured. 'stance' in study.toml says what a study's stance is."
)


@click.command()
@study_option
@json_option
def evaluate(folder: Path, as_json: bool) -> None:
    """Compare suggestions with what people coded without seeing them, and people among them."""
    study = open_study(folder)
    if not may_show_agreement(study.settings.stance):
        _withhold(study, as_json)
        return
    with progress():
        evaluation = evaluate_agreement(study, now=utc_now())
    say(as_json, lay_out_json(evaluation), draw_table(evaluation))


@click.command()
@study_option
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into (default: 'reports' in the study).",
)
@click.option(
    "--with-quotes",
    is_flag=True,
    help="Put the words of excerpts that are disagreed on into the files.",
)
@json_option
def report(folder: Path, target: Path | None, with_quotes: bool, as_json: bool) -> None:
    """Write the figures of 'evaluate' as a page to read (HTML), as JSON and as CSV."""
    study = open_study(folder)
    if not may_show_agreement(study.settings.stance):
        _withhold(study, as_json)
        return
    with progress():
        evaluation = evaluate_agreement(study, now=utc_now(), with_quotes=with_quotes)
    files = write_report(
        evaluation, target or study.folder / FOLDER, study_name=study.settings.name
    )
    quotes = " They hold interview text: keep them as you keep the study." if with_quotes else ""
    say(
        as_json,
        {"html": str(files.html), "json": str(files.json), "csv": str(files.csv)},
        f"Wrote {files.html}, and the same figures beside it as JSON and CSV.{quotes}",
    )


def _withhold(study: Study, as_json: bool) -> None:
    say(as_json, {"stance": study.settings.stance, "withheld": WITHHELD}, WITHHELD)
