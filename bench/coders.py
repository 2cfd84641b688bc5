"""Fifty coders at once on one study while the pipeline runs: `python -m bench.coders`."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
import sqlalchemy as sa

from bench.made_up import MADE_UP, draw_interviews, make_codebook
from bench.processor import describe_processor
from bench.review_study import made_up_settings
from bench.scripted_coder import Json
from bench.serve import serve_in_a_process
from bench.server_times import summarise
from bench.simulated_coder import DECISION, SCREEN, Logbook, SimulatedCoder
from bench.terminal import Report, one_line_errors, progress_bars
from pipeline.order import suggest_in_order
from pipeline.run import run_if_free
from pipeline.work import call_plainly
from study import tables as t
from study.accounts import set_password
from study.clock import utc_now
from study.coded_file import take_in
from study.folder import Study, create_study, open_study
from study.review_queue import ensure_coder
from study.settings import make_settings

# Nobody outside of the benchmark's own folder can be reached with it.
PASSWORD = "made up for a benchmark"
# What is coded, and what is added while it is.
N_EXCERPTS, N_ADDED = 1_000, 200
DECISIONS_PER_SECOND = 100
Prepare = Callable[[Path], None]


@dataclass
class Runs:
    """The runs of the pipeline that went on meanwhile."""

    n_runs: int = 0
    n_added: int = 0
    errors: list[str] = field(default_factory=list)


@click.command()
@click.option("--coders", "n_coders", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--seconds", type=click.IntRange(min=1), default=60, show_default=True)
@click.option(
    "--decisions-per-second",
    "pace",
    type=click.FloatRange(min=0.1),
    default=DECISIONS_PER_SECOND,
    show_default=True,
    help="How many all coders together try to make.",
)
@click.option("--database-url", help="An empty PostgreSQL to use; SQLite where none is given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seed", type=int, default=0, show_default=True)
def main(
    n_coders: int, seconds: int, pace: float, database_url: str | None, as_json: bool, seed: int
) -> None:
    """Let coders decide on made-up interviews over HTTP while 'suggest' runs, and count rows."""
    with (
        one_line_errors(),
        progress_bars() as report,
        TemporaryDirectory(prefix="themeloop-bench-") as folder,
    ):
        place = Path(folder) / "study"
        names = [f"coder-{number:02d}" for number in range(n_coders)]
        report("Making the study", 0, 1)
        make_crowded_study(place, names, database_url=database_url, seed=seed)
        report("Making the study", 1, 1)
        figures = run_crowd(place, names, seconds=seconds, pace=pace, seed=seed, report=report)
    figures |= {"processor": describe_processor(), "note": MADE_UP}
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def make_crowded_study(
    folder: Path,
    names: Sequence[str],
    *,
    database_url: str | None = None,
    seed: int = 0,
    n_excerpts: int = N_EXCERPTS,
    fill: Prepare | None = None,
) -> None:
    """Make a study of made-up interviews that wait for coders, each with a password.

    Args:
        fill: What fills the queue; a run of the pipeline unless told.
    """
    rng = np.random.default_rng(seed)
    settings = made_up_settings(coder=names[0], database_url=database_url)
    study = create_study(folder, make_settings(settings), now=utc_now())
    interviews = draw_interviews(rng, n_excerpts=n_excerpts)
    take_in(study, interviews, make_codebook(seed), is_segmenting=False, now=utc_now())
    with study.database.write() as connection:
        for name in names:
            ensure_coder(connection, name, now=utc_now())
            set_password(connection, name, PASSWORD, now=utc_now())
    study.database.close()
    (fill or suggest_here)(folder)


def suggest_here(folder: Path) -> None:
    """Run the pipeline once in this process."""
    run_if_free(folder, partial(suggest_in_order, call_plainly))


def run_crowd(
    folder: Path, names: Sequence[str], *, seconds: float, pace: float, seed: int, report: Report
) -> Json:
    """Let coders decide for so long while the pipeline runs, and count what is stored."""
    with serve_in_a_process(folder) as address:
        coders = [
            SimulatedCoder(address, name, seconds_each=len(names) / pace, seed=seed + number)
            for number, name in enumerate(names)
        ]
        for number, coder in enumerate(coders):
            report("Signing in", number, len(coders))
            coder.sign_in(PASSWORD)
        report("Signing in", len(coders), len(coders))
        with keep_suggesting(folder, seed=seed) as runs:
            logs = code_at_once(coders, seconds, report)
    study = open_study(folder)
    counted = count_rows(study, logs)
    study.database.close()
    return describe_crowd(logs, runs, counted, seconds)


def code_at_once(coders: Sequence[SimulatedCoder], seconds: float, report: Report) -> list[Logbook]:
    """Let all coders decide at once, each in a thread."""
    started = time.monotonic()
    with ThreadPoolExecutor(len(coders)) as pool:
        going = [pool.submit(coder.code_until, started + seconds) for coder in coders]
        while (passed := time.monotonic() - started) < seconds:
            report("Coding, seconds", int(passed), int(seconds))
            time.sleep(0.2)
        return [each.result() for each in going]


@contextmanager
def keep_suggesting(folder: Path, *, seed: int) -> Iterator[Runs]:
    """Add interviews and run `themeloop suggest` in a process, again and again until left."""
    runs, is_over = Runs(), threading.Event()

    def go() -> None:
        while not is_over.is_set():
            _add(folder, seed=seed, number=runs.n_runs)
            _suggest(folder, runs)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield runs
    finally:
        is_over.set()
        thread.join()


def _add(folder: Path, *, seed: int, number: int) -> None:
    rng = np.random.default_rng([seed, number])
    interviews = draw_interviews(rng, n_excerpts=N_ADDED, prefix=f"added{number}")
    study = open_study(folder)
    take_in(study, interviews, make_codebook(seed), is_segmenting=False, now=utc_now())
    study.database.close()


def _suggest(folder: Path, runs: Runs) -> None:
    command = [sys.executable, "-m", "themeloop", "suggest", "--study", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        runs.errors.append(f"suggest ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        return
    runs.n_runs += 1
    runs.n_added += json.loads(done.stdout)["n_interviews"]


def count_rows(study: Study, logs: Sequence[Logbook]) -> Json:
    """Compare the rows of decisions with what was sent and what was answered."""
    with study.database.read() as connection:
        stored = Counter(connection.scalars(sa.select(t.decision.c.action)))
    sent = {action: n for log in logs for action, n in log.rows.items()}
    answered = {action for log in logs for action in log.answered}
    return {
        "actions_answered": len(answered),
        "rows_stored": sum(stored.values()),
        "rows_answered": sum(sent[action] for action in answered),
        "lost": sum(stored.get(action, 0) < sent[action] for action in answered),
        "doubled": sum(stored[action] > sent.get(action, 0) for action in stored),
        # Stored, but the answer never came: the page would send it again under the same id.
        "unanswered": len(stored.keys() - answered),
    }


def describe_crowd(logs: Sequence[Logbook], runs: Runs, counted: Json, seconds: float) -> Json:
    """Put the figures of a crowd together."""
    times = {
        kind: [each for log in logs for each in log.milliseconds[kind]]
        for kind in (DECISION, SCREEN)
    }
    errors = Counter(error for log in logs for error in log.errors)
    return {
        "coders": len(logs),
        "seconds": seconds,
        "decisions": summarise(times[DECISION]),
        "screens": summarise(times[SCREEN]),
        "decisions_per_second": round(len(times[DECISION]) / seconds, 1),
        "errors": sum(errors.values()) + len(runs.errors),
        "what_went_wrong": [*errors.most_common(), *runs.errors],
        "retried": sum(log.n_retried for log in logs),
        "undone": sum(log.n_undone for log in logs),
        "renewed": sum(log.n_renewed for log in logs),
        **counted,
        "suggest_runs": runs.n_runs,
        "interviews_added": runs.n_added,
    }


def draw_table(figures: Json) -> str:
    """Draw the figures for people."""
    return "\n".join(f"{name:<22}{value}" for name, value in figures.items())


if __name__ == "__main__":
    main()
