"""The commands that serve: `up` a study of one's own, `demo` the synthetic sample."""

from pathlib import Path

import click

from study.folder import open_study
from themeloop.sample_study import import_sample_codings, open_sample
from themeloop.service import run_and_serve
from themeloop.terminal import study_option

no_serve_option = click.option(
    "--no-serve", is_flag=True, help="End after the run, without serving the page."
)


@click.command()
@study_option
@no_serve_option
def up(folder: Path, no_serve: bool) -> None:
    """Serve a study: Prefect, the flow by the clock and for each new file, the review page."""
    run_and_serve(open_study(folder), no_serve=no_serve)


@click.command()
@click.option(
    "--study",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-study"),
    help="Where to make the sample study (default: demo-study).",
)
@no_serve_option
def demo(folder: Path, no_serve: bool) -> None:
    """Run the pipeline on a SYNTHETIC sample study and serve its review page."""
    study = open_sample(folder)
    click.echo(f"SYNTHETIC sample study in {folder}: invented interviews, invented codings.")
    run_and_serve(study, no_serve=no_serve, after_run=import_sample_codings)
