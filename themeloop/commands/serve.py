"""The commands that serve: `up` a study of one's own, `demo` the synthetic sample."""

import signal
from pathlib import Path

import click

import themeloop
from codebook.reader import read_codebook
from codebook.shipped import shipped_codebook_path
from pipeline.serve import HOST, find_free_port, prefect_server
from pipeline.transcripts.coded_csv import read_coded_csv
from study.clock import utc_now
from study.coded_file import take_in
from study.errors import StudyError
from study.folder import SETTINGS_FILE, Study, create_study, open_study
from study.settings import make_settings
from study.suggestions import count_current
from study.transcripts import list_transcripts
from themeloop.commands.suggest import describe_run, run_on_server, tell_failures
from themeloop.terminal import progress, study_option

no_serve_option = click.option(
    "--no-serve", is_flag=True, help="End after the run, without serving the page."
)


@click.command()
@study_option
@no_serve_option
def up(folder: Path, no_serve: bool) -> None:
    """Start the study's Prefect server, run the flow once, and serve the review page."""
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
    run_and_serve(study, no_serve=no_serve)


def run_and_serve(study: Study, *, no_serve: bool) -> None:
    """Run the flow on the study's own Prefect server, then serve the page until stopped."""
    # Ended like Ctrl-C, so that everything that was started is stopped.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with prefect_server(study, find_free_port(study.settings.prefect_port)) as server:
            with progress():
                summary = run_on_server(study, server)
            tell_failures(study, summary)
            with study.database.read() as connection:
                n_suggestions, n_excerpts = count_current(connection)
            click.echo(describe_run(summary, n_suggestions))
            click.echo(f"{n_suggestions} suggestions for {n_excerpts} excerpts wait for a coder.")
            if not no_serve:
                click.echo(f"Prefect: {server.address} (password: {study.folder}/secrets)")
                serve_page(study)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        study.database.close()


def open_sample(folder: Path) -> Study:
    """Open the sample study in a folder, made there if there is none.

    Raises:
        StudyError: The folder holds another study.
    """
    codebook = read_codebook(shipped_codebook_path())
    interviews = read_coded_csv(sample_path(), codebook.by_key)
    if (folder / SETTINGS_FILE).exists():
        study = open_study(folder)
        with study.database.read() as connection:
            held = {transcript.interview for transcript in list_transcripts(connection)}
        if not study.settings.is_synthetic or held - {i.label for i in interviews}:
            raise StudyError(f"{folder} is a study of its own: themeloop up --study {folder}")
    else:
        settings = make_settings({"name": "Sample study (synthetic)", "is_synthetic": True})
        study = create_study(folder, settings, now=utc_now())
    take_in(study, interviews, codebook, is_segmenting=False, now=utc_now())
    return study


def sample_path() -> Path:
    """Find the sample study: inside the installed package, or beside it in a checkout."""
    package = Path(themeloop.__file__).parent
    packed = package / "sample" / "sample.csv"
    return packed if packed.exists() else package.parent / "data" / "sample.csv"


def serve_page(study: Study) -> None:
    """Serve the review page on loopback until it is stopped."""
    import uvicorn  # noqa: PLC0415 - only who serves needs it

    from review.app import create_app  # noqa: PLC0415

    port = find_free_port(study.settings.page_port)
    click.echo(f"Review page: http://{HOST}:{port} (Ctrl-C stops everything)")
    # No access log: a path is an id, but a log that nobody asked for is one more place to guard.
    uvicorn.run(create_app(study), host=HOST, port=port, log_level="warning", access_log=False)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
