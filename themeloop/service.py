"""The running service: Prefect's server, a first run, the runner and the page, stopped together."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import IO

import click

from pipeline.children import Child
from pipeline.run import BUSY, RunSummary
from pipeline.server import Server, api_of, find_free_port, flow_runner, prefect_server
from pipeline.watch import InboxWatch, list_settled
from pipeline.work import StepError
from study.errors import StudyError
from study.folder import Study
from study.ledger import describe_counts, newest_run
from study.locks import hold_lock, is_locked
from study.review_queue import find_coder, list_progress, reviewing_coders
from study.stance import count_suggestions
from study.suggestions import count_current
from themeloop.commands.suggest import describe_run, run_on_server, tell_failures, tell_waiting
from themeloop.page import require_guarded, serve_page
from themeloop.terminal import progress
from themeloop.waiting import read_intake

LOCK = "up.lock"
LOOK_SECONDS = 2


AfterRun = Callable[[Study], None]


def run_and_serve(study: Study, *, no_serve: bool, after_run: AfterRun | None = None) -> None:
    """Run the flow on the study's own Prefect server, then serve the study until stopped.

    Args:
        after_run: What is done once, after the first run.

    Raises:
        StudyError: Other machines would reach the page unguarded.
    """
    if not no_serve:
        require_guarded(study)
    # Ended like Ctrl-C, so that everything that was started is stopped.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        port = find_free_port(study.settings.prefect_port)
        with hold_service(study) as note, prefect_server(study, port) as server:
            if no_serve:
                run_once(study, server, after_run)
            else:
                serve(study, server, note, after_run)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        study.database.close()


@contextmanager
def hold_service(study: Study) -> Iterator[IO[str]]:
    """Hold the study's service; gives the file in which to note where the page is.

    Raises:
        LockedError: Another 'up' serves the study.
    """
    path = study.folder / ".prefect" / LOCK
    message = "Another 'themeloop up' serves this study. Use that one, or stop it first."
    with hold_lock(path, message) as note:
        yield note


def find_page(study: Study) -> str | None:
    """Give the address of the study's page, where a service is up and serves it."""
    path = study.folder / ".prefect" / LOCK
    if not is_locked(path):
        return None
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["page"])
    except (OSError, ValueError, KeyError):
        return None


def serve(study: Study, server: Server, note: IO[str], after_run: AfterRun | None = None) -> None:
    """Run once, then serve the page and run on, until stopped or a child process ends.

    Raises:
        StudyError: A child process has ended, or the study has no codebook.
        ModelError: The encoder that the settings name is not to be had.
    """
    with ExitStack() as up:
        page = None
        if is_queue_filled(study):
            # After a restart coders go on at once, whatever the first run has to do.
            page = up.enter_context(serve_page(study, note))
        settled = list_settled(study)
        # What the first run did not come to is asked for again.
        seen = settled if try_once(study, server, after_run) else frozenset()
        watch = InboxWatch(study, api_of(study, server), seen=seen)
        runner = up.enter_context(flow_runner(study, server))
        page = page or up.enter_context(serve_page(study, note))
        click.echo(
            f"Prefect: {server.address}/v2 (sign in with 'themeloop:' and what stands in "
            f"{study.folder}/secrets/prefect-password)"
        )
        click.echo("New files in the inbox are taken by themselves. Ctrl-C stops everything.")
        told = newest_run_id(study)
        while True:
            require_alive("Prefect server", server.child)
            require_alive("runner", runner)
            if not page.thread.is_alive():
                raise StudyError("The review page ended. All else was stopped.")
            watch.look()
            told = tell_news(study, told)
            time.sleep(LOOK_SECONDS)


def newest_run_id(study: Study) -> int:
    """Give the newest run that has ended; 0 where there is none."""
    with study.database.read() as connection:
        run = newest_run(connection, is_open=False)
    return run.id if run else 0


def tell_news(study: Study, told: int) -> int:
    """Say what the runner's latest run did and what waits, once; give the run that was told."""
    with study.database.read() as connection:
        run = newest_run(connection, is_open=False)
    if run is None or run.id == told:
        return told
    click.echo(
        f"{datetime.now():%H:%M} run {run.id}: {describe_counts(run, study.settings.stance)}"
    )
    tell_files(study)
    return run.id


def tell_files(study: Study) -> None:
    """Say what waits: by name to a person at a terminal, in counts where a log may keep it."""
    intake = read_intake(study)
    if sys.stderr.isatty():
        tell_waiting(intake)
    elif n := len(intake.lines):
        click.echo(f"{n} things want a person: 'themeloop status' says which.", err=True)


def try_once(study: Study, server: Server, after_run: AfterRun | None = None) -> bool:
    """Run the flow once, and tell whether it came to its end; a failure is said in a line."""
    try:
        return run_once(study, server, after_run).state != BUSY
    except StepError as error:
        click.echo(f"The first run failed: {error}. The next run tries again.", err=True)
        return False


def run_once(study: Study, server: Server, after_run: AfterRun | None = None) -> RunSummary:
    """Run the flow once in this process, and say what it did and what waits.

    Raises:
        StepError: Everything failed.
    """
    with progress():
        summary = run_on_server(study, server)
    if after_run is not None:
        after_run(study)
    if sys.stderr.isatty():
        tell_failures(study, summary)
    tell_files(study)
    with study.database.read() as connection:
        n_suggestions, n_excerpts = count_current(connection)
    stance = study.settings.stance
    click.echo(describe_run(summary, n_suggestions, stance))
    told = count_suggestions(stance, n_suggestions)
    click.echo(f"{told} for {n_excerpts} excerpts wait for a coder.")
    return summary


def is_queue_filled(study: Study) -> bool:
    """Tell whether there is anything that a coder could do on the page."""
    with study.database.read() as connection:
        names = reviewing_coders(connection)
        # A coder whom the settings name anew is made known by the first run.
        if study.settings.open_without_password and study.settings.coder not in names:
            return False
        return any(list_progress(connection, find_coder(connection, name)) for name in names)


def require_alive(name: str, child: Child | None) -> None:
    """Check that a child process has not ended.

    Raises:
        StudyError: It has.
    """
    code = None if child is None else child.poll()
    if code is not None:
        raise StudyError(
            f"The {name} ended by itself (exit code {code}). All else was stopped. Its log is "
            "in .prefect in the study; 'themeloop up' starts it again."
        )


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
