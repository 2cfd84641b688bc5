"""How long the page takes to answer while runs go on beside it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.made_talk import fill_inbox
from bench.scale_run import run_in_a_process
from bench.serve import serve_in_a_process
from bench.server_times import Line, time_answers
from study.errors import StudyError

N_WORDS = 11_500


@dataclass
class Runs:
    """The runs that went on meanwhile; spans are when each began and ended."""

    n_interviews: int = 0
    spans: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def time_page(folder: Path, *, n_added: int, n_runs: int, seed: int) -> dict[str, Any]:
    """Time the queue page, excerpts and decisions, while runs take in interviews again and again.

    Args:
        n_added: How many interviews are put into the inbox before each run.
        n_runs: The most runs; then the rest is timed without one.

    Raises:
        StudyError: A run failed.
    """
    with serve_in_a_process(folder) as address:
        line = Line(address)
        excerpt_id = line.enter()
        line.close()
        with keep_running(folder, n_added=n_added, n_runs=n_runs, seed=seed) as runs:
            started = time.monotonic()
            answers = time_answers(address, line.headers["X-CSRF-Token"], excerpt_id)
            ended = time.monotonic()
    if runs.errors:
        raise StudyError(runs.errors[0])
    busy = sum(max(0.0, min(end, ended) - max(begin, started)) for begin, end in runs.spans)
    return {
        "page_p95_ms": answers["GET /"]["p95_ms"],
        "decision_p95_ms": answers["POST /api/actions"]["p95_ms"],
        "answers_ms": answers,
        "runs_meanwhile": len(runs.spans),
        "interviews_meanwhile": runs.n_interviews,
        # Between two runs the next one's files are made and its process starts.
        "share_of_time_in_a_run": round(busy / (ended - started), 2),
    }


@contextmanager
def keep_running(folder: Path, *, n_added: int, n_runs: int, seed: int) -> Iterator[Runs]:
    """Add interviews and run, so often or until left; the first run has begun inside."""
    runs, is_over, has_begun = Runs(), threading.Event(), threading.Event()

    def go() -> None:
        try:
            while not is_over.is_set() and len(runs.spans) < n_runs:
                _run_once(folder, runs, has_begun, n_added=n_added, seed=seed)
        except StudyError as error:
            runs.errors.append(str(error))
        finally:
            has_begun.set()

    thread = threading.Thread(target=go)
    thread.start()
    try:
        has_begun.wait()
        yield runs
    finally:
        is_over.set()
        thread.join()


def _run_once(
    folder: Path, runs: Runs, has_begun: threading.Event, *, n_added: int, seed: int
) -> None:
    number = len(runs.spans)
    fill_inbox(
        folder,
        n_interviews=n_added,
        n_words=N_WORDS,
        seed=seed + 1 + number,
        prefix=f"more{number}",
        report=lambda *_: None,
    )
    has_begun.set()
    found = run_in_a_process(folder)
    ended = time.monotonic()
    # Without the start of its process, in which it writes nothing.
    runs.spans.append((ended - found["seconds"], ended))
    runs.n_interviews += found["n_interviews"]
