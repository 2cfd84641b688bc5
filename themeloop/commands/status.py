"""The command that tells how a study stands: its service, its runs, and what waits."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from models.encoder import explain_slowness
from models.errors import ModelError
from pipeline.server import Server, api_of, find_server
from study.folder import Study, open_study
from study.ledger import RecordedRun, describe_counts, describe_progress, newest_run
from study.review_queue import find_coder, list_progress, reviewing_coders
from study.stance import Stance, describe_stance
from themeloop.commands.suggest import read_failures
from themeloop.service import find_page
from themeloop.terminal import json_option, say, study_option
from themeloop.waiting import Intake, read_intake

MOST_REASONS = 3  # lines, the one that says how many more there are among them


@dataclass(frozen=True)
class Service:
    """Where the service answers; empty where it is not up."""

    page: str | None = None
    prefect: str | None = None
    next_run_at: datetime | None = None

    def link(self, run: RecordedRun) -> str | None:
        """Give the address of a run's own page in Prefect."""
        if self.prefect is None or run.flow_run_id is None:
            return None
        return f"{self.prefect}/v2/runs/flow-run/{run.flow_run_id}"


@dataclass(frozen=True)
class Standing:
    """How a study stands at one moment."""

    service: Service
    running: RecordedRun | None
    last: RecordedRun | None
    intake: Intake
    n_excerpts: int
    n_open: int
    set_aside: tuple[str, ...]
    encoder_note: str = ""


@click.command()
@study_option
@json_option
def status(folder: Path, as_json: bool) -> None:
    """Tell whether the service is up, what a run is doing or did, and what waits."""
    study = open_study(folder)
    standing = read_standing(study)
    study.database.close()
    say(as_json, list_figures(study, standing), "\n".join(list_lines(study, standing)))


def read_standing(study: Study) -> Standing:
    """Read all that is told of a study."""
    is_at_work = study.is_at_work()
    coder = study.settings.coder
    with study.database.read() as connection:
        last = newest_run(connection, is_open=False)
        running = newest_run(connection, is_open=True) if is_at_work else None
        # A coder whom the settings name anew is made known by the next run.
        is_known = coder in reviewing_coders(connection)
        progress = list_progress(connection, find_coder(connection, coder)) if is_known else []
    n_excerpts = sum(row.n_excerpts for row in progress)
    # A file that is still set aside is told with the inbox, whichever run it was.
    failures = read_failures(study, last.id) if last else []
    return Standing(
        service=read_service(study),
        running=running,
        last=last,
        intake=read_intake(study),
        n_excerpts=n_excerpts,
        n_open=n_excerpts - sum(row.n_done for row in progress),
        set_aside=tuple(failure.line for failure in failures if not failure.is_file),
        encoder_note=_note_encoder(study),
    )


def read_service(study: Study) -> Service:
    """Ask where the study's service answers."""
    server, page = find_server(study), find_page(study)
    return Service(page, server.address if server else None, _next_run_at(study, server))


def list_lines(study: Study, standing: Standing) -> list[str]:
    """Say in at most ten lines how a study stands."""
    stance = study.settings.stance
    return [
        *_service_lines(study, standing),
        f"Stance: {describe_stance(stance)}",
        *([f"Encoder: {standing.encoder_note}"] if standing.encoder_note else []),
        *_run_lines(standing, stance),
        *_waiting_lines(standing),
    ]


def list_figures(study: Study, standing: Standing) -> dict[str, Any]:
    """Give the same as figures."""
    service = standing.service
    return {
        "stance": study.settings.stance,
        "encoder_note": standing.encoder_note,
        "page": service.page,
        "prefect": service.prefect,
        "next_run_at": service.next_run_at.isoformat() if service.next_run_at else None,
        "running": _run_figures(service, standing.running),
        "last_run": _run_figures(service, standing.last),
        "inbox": asdict(standing.intake),
        "n_excerpts": standing.n_excerpts,
        "n_open": standing.n_open,
        "set_aside_by_last_run": list(standing.set_aside),
    }


def _service_lines(study: Study, standing: Standing) -> Iterator[str]:
    service = standing.service
    stamp = " SYNTHETIC: the interviews are invented." if study.settings.is_synthetic else ""
    if service.prefect is None:
        yield f"Service: not up. Start it: themeloop up --study {study.folder}{stamp}"
        return
    page = f"page {service.page}" if service.page else "page not served"
    yield f"Service: up; {page}, Prefect {service.prefect}{'.' if stamp else ''}{stamp}"
    if service.next_run_at is not None:
        yield f"Next run by the clock: {_tell_time(service.next_run_at)}"


def _note_encoder(study: Study) -> str:
    """Say why the encoder is slow, or not to be had; empty where there is nothing to say."""
    try:
        return explain_slowness(study.settings.encoder)
    except ModelError as error:
        return str(error)


def _run_lines(standing: Standing, stance: Stance) -> Iterator[str]:
    running, last = standing.running, standing.last
    if running is not None:
        yield f"Running now: {describe_progress(running)} (run {running.id})"
    if last is None:
        yield "Last run: none yet"
        return
    ended = last.finished_at or last.started_at
    yield f"Last run: {_tell_time(ended)}, {describe_counts(last, stance)} (run {last.id})"
    link = standing.service.link(running or last)
    if link is not None:
        yield f"In Prefect: {link}"


def _waiting_lines(standing: Standing) -> Iterator[str]:
    intake = standing.intake
    yield (
        f"Waiting: {len(intake.new)} new files in the inbox; {len(intake.waiting)} wait for "
        f"interviews.csv; {len(intake.set_aside)} set aside; {standing.n_open} of "
        f"{standing.n_excerpts} excerpts are open"
    )
    reasons = [*(f"Failed: {line}" for line in standing.set_aside), *intake.lines]
    n_told = len(reasons) if len(reasons) <= MOST_REASONS else MOST_REASONS - 1
    yield from reasons[:n_told]
    if len(reasons) > n_told:
        yield f"and {len(reasons) - n_told} more, see --json"


def _next_run_at(study: Study, server: Server | None) -> datetime | None:
    try:
        return api_of(study, server).next_run_at() if server else None
    except OSError:
        return None


def _run_figures(service: Service, run: RecordedRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "run_id": run.id,
        "state": run.state,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "counts": run.counts,
        "prefect": service.link(run),
    }


def _tell_time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
