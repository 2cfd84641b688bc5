"""The sides that bench.flow compares, each timed in a process of its own from its first import."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.terminal import one_line_errors
from study.errors import StudyError

if TYPE_CHECKING:
    from pipeline.run import RunSummary

# Every import below is late: what a side needs to be imported is part of its time.
LANGUAGE = "nl"


@click.group()
def main() -> None:
    """Run one side and print its seconds; `bench.flow` calls this."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("record_file", type=click.Path(path_type=Path))
def plain(folder: Path, record_file: Path) -> None:
    """Run suggest_themes' steps over a study by plain calls; write what was split and encoded."""
    started = time.perf_counter()
    from pipeline.order import suggest_in_order  # noqa: PLC0415 - timed
    from pipeline.run import run_if_free  # noqa: PLC0415 - timed
    from pipeline.work import call_plainly  # noqa: PLC0415 - timed

    steps = partial(suggest_in_order, call_plainly)
    _run(started, folder, record_file, lambda: run_if_free(folder, steps))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("record_file", type=click.Path(path_type=Path))
def flow(folder: Path, record_file: Path) -> None:
    """Run the flow suggest_themes; the environment says which Prefect server records it."""
    started = time.perf_counter()
    from pipeline.flow import suggest_themes  # noqa: PLC0415 - timed

    _run(started, folder, record_file, lambda: asyncio.run(suggest_themes(str(folder))))


@main.command()
@click.argument("record_file", type=click.Path(exists=True, path_type=Path))
def bare(record_file: Path) -> None:
    """Split and encode what was noted, in the same batches, and nothing else."""
    from bench.recorder import read_record  # noqa: PLC0415 - not timed: a script has its texts
    from study.settings import make_settings  # noqa: PLC0415 - not timed

    record, name = read_record(record_file), make_settings({}).encoder
    started = time.perf_counter()
    from models.encoder import load_encoder  # noqa: PLC0415 - timed
    from pipeline.linguistics import sentence_splitter  # noqa: PLC0415 - timed

    split, encoder = sentence_splitter(LANGUAGE), load_encoder(name)
    loaded = time.perf_counter()
    n_sentences = sum(len(split(text)) for text in record.split)
    for call in record.encoded:
        encoder.encode(call.texts)
    _tell(started, loaded, n_sentences=n_sentences)


@main.command()
def empty() -> None:
    """Run a flow that does nothing: what Prefect costs whatever is done."""
    started = time.perf_counter()
    from prefect import flow as as_flow  # noqa: PLC0415 - timed

    @as_flow(name="empty", persist_result=False)
    async def do_nothing() -> None:
        pass

    loaded = time.perf_counter()
    asyncio.run(do_nothing())
    _tell(started, loaded)


def run_side(*arguments: str | Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """Run one side in a fresh process; give what it printed.

    Raises:
        StudyError: It failed.
    """
    command = [sys.executable, "-m", "bench.sides", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StudyError(
            f"The side '{arguments[0]}' ended with {done.returncode}: {done.stderr.strip()[-300:]}"
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _run(started: float, folder: Path, record_file: Path, run: Callable[[], "RunSummary"]) -> None:
    from bench.recorder import recording  # noqa: PLC0415 - timed: it imports what a run needs
    from pipeline import embed  # noqa: PLC0415 - timed
    from pipeline.linguistics import sentence_splitter  # noqa: PLC0415 - timed
    from study.folder import open_study  # noqa: PLC0415 - timed

    study = open_study(folder)
    study.database.close()
    # A run loads them at its first transcript; here before, so that loading is told apart.
    sentence_splitter(study.settings.language)
    encoder = embed.the_encoder(study.settings.encoder)
    loaded = time.perf_counter()
    with recording(encoder) as record:
        summary = run()
    _tell(started, loaded, n_interviews=summary.n_interviews, n_set_aside=summary.n_set_aside)
    record.write(record_file)


def _tell(started: float, loaded: float, **more: Any) -> None:  # noqa: ANN401 - any figure
    ended = time.perf_counter()
    figures = {"seconds": ended - started, "run_s": ended - loaded, **more}
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    with one_line_errors():
        main()
