"""What a run with nothing new costs, as a user starts it: `python -m bench.idle`."""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bench.made_talk import DRAWN, fill_inbox, make_talk_study
from bench.processor import describe_processor
from bench.recorder import MadeEncoder, encode_with
from bench.terminal import Report, one_line_errors, progress_bars
from pipeline.order import suggest_in_order
from pipeline.run import run_if_free
from pipeline.server import find_free_port, prefect_server
from pipeline.work import WATCHER, call_plainly
from study.errors import StudyError
from study.folder import open_study

N_INTERVIEWS, N_WORDS, N_ROUNDS = 22, 9_000, 5
MODELS = ("openvino", "sentence_transformers", "spacy", "torch", "transformers")
# Named beside them because it takes as long to import as all the rest.
ALSO = ("prefect", "sklearn", "scipy")
NOTE = (
    f"{DRAWN} Their suggestions are of a made encoder; then 'themeloop suggest' was started anew "
    "each time, with nothing to do. The modules are those of one more run, which is not timed."
)
# Runs the command as the console script does, and then says what is loaded.
PROBE = """
import sys
from themeloop.cli import main
try:
    main(sys.argv[1:])
finally:
    print("\\n" + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@click.command()
@click.option("--interviews", type=click.IntRange(min=1), default=N_INTERVIEWS, show_default=True)
@click.option("--words", type=click.IntRange(min=200), default=N_WORDS, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=N_ROUNDS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(interviews: int, words: int, rounds: int, as_json: bool) -> None:
    """Time runs with nothing new on a study of drawn interviews, with a server up and without."""
    with (
        one_line_errors(),
        progress_bars() as report,
        TemporaryDirectory(prefix="themeloop-bench-") as folder,
    ):
        place = Path(folder) / "study"
        make_queued_study(place, n_interviews=interviews, n_words=words, report=report)
        figures = measure_idle(place, n_rounds=rounds, report=report)
    figures |= {
        "interviews": interviews,
        "words_each": words,
        "rounds": rounds,
        "processor": describe_processor(),
        "note": NOTE,
    }
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def make_queued_study(place: Path, *, n_interviews: int, n_words: int, report: Report) -> None:
    """Make a study of drawn interviews that are all in the queue, by a made encoder."""
    make_talk_study(place).database.close()
    fill_inbox(
        place, n_interviews=n_interviews, n_words=n_words, seed=0, prefix="talk", report=report
    )
    watcher = WATCHER.set(report)
    with encode_with(MadeEncoder()):
        run_if_free(place, partial(suggest_in_order, call_plainly))
    WATCHER.reset(watcher)


def measure_idle(place: Path, *, n_rounds: int, report: Report) -> dict[str, Any]:
    """Run with nothing new, with the study's server up and without, and see what is loaded."""
    study = open_study(place)
    port = find_free_port(study.settings.prefect_port)
    study.database.close()
    plain, _ = time_runs(place, n_rounds=n_rounds, what="Idle runs", report=report)
    with prefect_server(study, port):
        served, cpu = time_runs(
            place, n_rounds=n_rounds, what="Idle runs, server up", report=report
        )
        modules = list_modules(place)
    return {
        "wall_s": round(statistics.median(served), 2),
        "wall_range_s": [round(min(served), 2), round(max(served), 2)],
        "plain_wall_s": round(statistics.median(plain), 2),
        # The processor's own time: what the run costs however busy the machine is.
        "cpu_s": round(statistics.median(cpu), 2),
        "torch_imported": "torch" in modules,
        "models_loaded": [name for name in MODELS if name in modules],
        "also_loaded": [name for name in ALSO if name in modules],
    }


def time_runs(
    place: Path, *, n_rounds: int, what: str, report: Report
) -> tuple[list[float], list[float]]:
    """Time the command on a study to which nothing was added: by the clock, and processor time.

    Raises:
        StudyError: Something was new.
    """
    # Once before: the first one reads the packages from the disk.
    _run(_command(place))
    wall, cpu = [], []
    for number in range(n_rounds):
        report(what, number, n_rounds)
        started, used = time.perf_counter(), _cpu_of_children()
        printed = _run(_command(place))
        wall.append(time.perf_counter() - started)
        cpu.append(_cpu_of_children() - used)
        state = json.loads(printed)["state"]
        if state != "nothing new":
            raise StudyError(f"The run was not idle but '{state}'. Nothing may wait in the study.")
    report(what, n_rounds, n_rounds)
    return wall, cpu


def list_modules(place: Path) -> set[str]:
    """List the packages that a run with nothing new imports."""
    printed = _run([sys.executable, "-c", PROBE, *_arguments(place)])
    return set(printed.splitlines()[-1].split())


def draw_table(figures: dict[str, Any]) -> str:
    """Draw the figures for people."""
    return "\n".join(f"{name:<16}{value}" for name, value in figures.items())


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _command(place: Path) -> list[str]:
    script = shutil.which("themeloop", path=str(Path(sys.executable).parent))
    start = [script] if script else [sys.executable, "-m", "themeloop"]
    return [*start, *_arguments(place)]


def _arguments(place: Path) -> list[str]:
    return ["suggest", "--study", str(place), "--json"]


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StudyError(f"The run ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


if __name__ == "__main__":
    main()
