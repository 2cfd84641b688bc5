"""One run over a study with a made encoder, its steps timed: `bench.scale` starts it."""

import json
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from bench.recorder import MadeEncoder, encode_with
from bench.terminal import one_line_errors, progress_bars
from models.vectors import FloatArray
from pipeline.order import suggest_in_order
from pipeline.run import run_if_free
from pipeline.work import WATCHER, PlainCalls
from study.errors import StudyError

STATUS = Path("/proc/self/status")
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


class StepClock(PlainCalls):
    """Runs steps by plain calls; notes how long each took and the most memory until its end."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.peak_mb: dict[str, float] = {}

    def __call__(self, step: Callable[..., Any], /, *arguments: Any) -> Any:  # noqa: ANN401 - any step
        """Run a step and give what it returns."""
        started = time.perf_counter()
        try:
            return step(*arguments)
        finally:
            self.seconds[step.__name__] += time.perf_counter() - started
            self.peak_mb[step.__name__] = round(peak_mb(), 1)


class CountingEncoder(MadeEncoder):
    """A made encoder that counts; it keeps no text, for that would be memory of the run's."""

    def __init__(self) -> None:
        self.n_texts, self.n_words, self.seconds = 0, 0, 0.0

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return (n, 384) float32 rows of length 1, the same for the same text."""
        started = time.perf_counter()
        vectors = super().encode(texts)
        self.seconds += time.perf_counter() - started
        self.n_texts += len(texts)
        self.n_words += sum(text.count(" ") + 1 for text in texts)
        return vectors


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Run over the study in FOLDER and print what it took."""
    with one_line_errors(), progress_bars() as report:
        WATCHER.set(report)
        click.echo(json.dumps(run_timed(folder)))


def run_timed(folder: Path) -> dict[str, Any]:
    """Run over a study with a made encoder; give seconds and memory, step by step."""
    clock, encoder, before = StepClock(), CountingEncoder(), peak_mb()
    started, used = time.perf_counter(), time.process_time()
    with encode_with(encoder):
        summary = run_if_free(folder, partial(suggest_in_order, clock))
    return {
        "state": summary.state,
        "n_interviews": summary.n_interviews,
        "n_set_aside": summary.n_set_aside,
        "n_suggestions": summary.n_suggestions,
        "seconds": time.perf_counter() - started,
        # The processor's own time: what a run costs however busy the machine is.
        "cpu_s": round(time.process_time() - used, 2),
        "texts_encoded": encoder.n_texts,
        "words_encoded": encoder.n_words,
        "made_encoder_s": round(encoder.seconds, 2),
        "steps_s": {name: round(seconds, 2) for name, seconds in clock.seconds.items()},
        "peak_mb_by_step": clock.peak_mb,
        "start_mb": round(before, 1),
        "peak_mb": round(peak_mb(), 1),
    }


def run_in_a_process(folder: Path) -> dict[str, Any]:
    """Run over a study in a process of its own, so that its memory is its own.

    Raises:
        StudyError: It failed; the process has said why.
    """
    command = [sys.executable, "-m", "bench.scale_run", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise StudyError(f"The run ended with {done.returncode}: its process has said why.")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def peak_mb() -> float:
    """Give the most memory that this process has held so far, in MB."""
    # What getrusage gives is on Linux at least what the process that started this one held.
    found = PEAK.search(STATUS.read_text(encoding="ascii")) if STATUS.exists() else None
    kilobytes = int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / 1024


if __name__ == "__main__":
    main()
