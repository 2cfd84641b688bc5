"""The command that runs the pipeline once."""

import asyncio
from pathlib import Path

import click

from pipeline.embed import the_encoder
from pipeline.order import suggest_in_order
from pipeline.plan import find_waiting
from pipeline.run import RunSummary, open_work
from pipeline.serve import Server, find_server, prefect_environment, use_environment
from pipeline.work import Work, call_plainly
from study.folder import Study, open_study
from study.ledger import list_failures
from study.suggestions import count_current
from study.transcripts import list_transcripts
from themeloop.terminal import json_option, progress, say, study_option


@click.command()
@study_option
@json_option
def suggest(folder: Path, as_json: bool) -> None:
    """Propose codes for every new interview and queue its excerpts for review."""
    study = open_study(folder)
    server = find_server(study)
    with progress():
        summary = run_on_server(study, server) if server else run_here(study)
    with study.database.read() as connection:
        n_suggestions, n_excerpts = count_current(connection)
    tell_failures(study, summary)
    figures = {
        **vars(summary),
        "n_current_suggestions": n_suggestions,
        "n_excerpts_with_suggestions": n_excerpts,
        "prefect": server.address if server else None,
    }
    say(as_json, figures, describe_run(summary, n_suggestions))


def run_here(study: Study) -> RunSummary:
    """Run the steps in this process, without Prefect."""
    with open_work(study.folder) as work:
        return suggest_in_order(call_plainly, work)


def run_on_server(study: Study, server: Server) -> RunSummary:
    """Run the flow, recorded by the study's Prefect server, if there is anything to do."""
    # Where nothing waits there is nothing to record, and Prefect takes two seconds to say so.
    if not find_waiting(Work(study)):
        return run_here(study)
    # What a person can mend is told here in its own words; Prefect would be told kind and place.
    with study.lock():
        the_encoder(study.settings.encoder)
    use_environment(prefect_environment(study, server.port))
    # After the environment is set, which Prefect reads when it is imported.
    from pipeline.flow import suggest_themes  # noqa: PLC0415

    return asyncio.run(suggest_themes(str(study.folder.absolute())))


def tell_failures(study: Study, summary: RunSummary) -> None:
    """Say of each interview that was set aside why it was."""
    if not summary.n_set_aside or summary.run_id is None:
        return
    with study.database.read() as connection:
        names = {str(t.id): t.interview for t in list_transcripts(connection)}
        failures = list_failures(connection, summary.run_id)
    for failure in failures:
        click.echo(
            f"Set aside: interview '{names[failure.subject]}' at {failure.step}: {failure.reason}. "
            "The next run tries it again.",
            err=True,
        )


def describe_run(summary: RunSummary, n_current: int) -> str:
    """Say what a run did in a line."""
    if summary.run_id is None:
        return (
            f"Nothing new: every interview is in the queue already ({n_current} suggestions stand)."
        )
    aside = f" {summary.n_set_aside} set aside." if summary.n_set_aside else ""
    return (
        f"Made {summary.n_suggestions} suggestions for {summary.n_interviews} interviews; every "
        f"excerpt is queued for review (run {summary.run_id}).{aside}"
    )
