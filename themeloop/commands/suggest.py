"""The command that runs the pipeline once."""

import asyncio
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import click

from pipeline import embed
from pipeline.engines import require_engine
from pipeline.intake.arrivals import find_arrivals
from pipeline.intake.set_aside import STEP as TAKE_IN
from pipeline.order import suggest_in_order
from pipeline.plan import find_waiting
from pipeline.run import BUSY, BusyError, RunSummary, hold_study, run_if_free
from pipeline.server import Server, find_server, prefect_environment, use_environment
from pipeline.work import Work, call_plainly
from study.folder import Study, open_study
from study.ledger import list_failures
from study.running_settings import ONE_BY_ONE
from study.stance import Stance, count_suggestions
from study.suggestions import count_current
from study.transcripts import list_transcripts
from themeloop.terminal import json_option, progress, say, study_option
from themeloop.waiting import Intake, list_known, read_intake


@click.command()
@study_option
@json_option
@click.pass_context
def suggest(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Propose codes for every new interview and queue its excerpts for review."""
    study = open_study(folder)
    server = find_server(study)
    if server is None and study.settings.task_runner != ONE_BY_ONE:
        click.echo(
            "Interviews are taken one by one: 'task_runner' in study.toml is for runs of the "
            "service ('themeloop up').",
            err=True,
        )
    with progress():
        summary = run_on_server(study, server) if server else run_here(study)
    with study.database.read() as connection:
        n_suggestions, n_excerpts = count_current(connection)
    tell_failures(study, summary)
    intake = read_intake(study)
    tell_waiting(intake)
    figures = {
        **vars(summary),
        "n_current_suggestions": n_suggestions,
        "n_excerpts_with_suggestions": n_excerpts,
        "prefect": server.address if server else None,
        "inbox": asdict(intake),
    }
    say(as_json, figures, describe_run(summary, n_suggestions, study.settings.stance))
    if intake.fault:
        ctx.exit(1)


def run_here(study: Study) -> RunSummary:
    """Run the steps in this process, without Prefect."""
    return run_if_free(study.folder, partial(suggest_in_order, call_plainly))


def run_on_server(study: Study, server: Server) -> RunSummary:
    """Run the flow, recorded by the study's Prefect server, if there is anything to do."""
    # Where nothing waits there is nothing to record, and Prefect takes two seconds to say so.
    if not find_waiting(Work(study)) and not find_arrivals(study):
        return run_here(study)
    # What a person can mend is told here in its own words; Prefect would be told kind and place.
    require_engine(study)
    try:
        with hold_study(study):
            embed.the_encoder(study.settings.encoder)
    except BusyError:
        return RunSummary(BUSY)
    use_environment(prefect_environment(study, server.port))
    # After the environment is set, which Prefect reads when it is imported.
    from pipeline.flow import suggest_themes  # noqa: PLC0415

    return asyncio.run(suggest_themes(str(study.folder.absolute())))


def tell_failures(study: Study, summary: RunSummary) -> None:
    """Say of each interview that was set aside why it was."""
    if not summary.n_set_aside or summary.run_id is None:
        return
    for failure in read_failures(study, summary.run_id):
        after = "It lies in set-aside" if failure.is_file else "The next run tries it again"
        click.echo(f"Set aside: {failure.line}. {after}.", err=True)


def tell_waiting(intake: Intake) -> None:
    """Say what a person has to do something about; what was set aside is told where it was."""
    for line in (*intake.wrong, *intake.asked):
        click.echo(line, err=True)


@dataclass(frozen=True)
class ToldFailure:
    """What a run set aside, said with its name, for who may read names."""

    line: str
    is_file: bool


def read_failures(study: Study, run_id: int) -> list[ToldFailure]:
    """Read what a run set aside, each with its name and the reason."""
    files = {str(note.id): name for _, name, note in list_known(study) if note}
    with study.database.read() as connection:
        failures = list_failures(connection, run_id)
        ids = [int(failure.subject) for failure in failures if failure.step != TAKE_IN]
        names = {str(t.id): t.interview for t in list_transcripts(connection, ids)}
    return [
        ToldFailure(f"file '{files.get(failure.subject, failure.subject)}': {failure.reason}", True)
        if failure.step == TAKE_IN
        else ToldFailure(
            f"interview '{names.get(failure.subject, failure.subject)}' at {failure.step}: "
            f"{failure.reason}",
            False,
        )
        for failure in failures
    ]


def describe_run(summary: RunSummary, n_current: int, stance: Stance) -> str:
    """Say what a run did in a line."""
    if summary.state == BUSY:
        return "Another run is at work on this study; this one left it alone."
    if summary.run_id is None:
        return (
            "Nothing new: every interview is in the queue already "
            f"({count_suggestions(stance, n_current)} in all)."
            if n_current
            else "Nothing new: no interview is here yet. Put transcripts into the inbox."
        )
    aside = f" {summary.n_set_aside} set aside." if summary.n_set_aside else ""
    if not summary.n_interviews:
        return f"Nothing could be queued yet (run {summary.run_id}).{aside}"
    return (
        f"Made {count_suggestions(stance, summary.n_suggestions)} for {summary.n_interviews} "
        f"interviews; every excerpt is queued for review (run {summary.run_id}).{aside}"
    )
