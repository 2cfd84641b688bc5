"""A small crowd of coders at once while a run writes: nothing is lost or doubled; made-up words."""

import threading
from contextlib import contextmanager

import pytest

from bench.coders import PASSWORD, code_at_once, count_rows, make_crowded_study
from bench.review_study import propose_made_up
from bench.serve import serve_in_a_process
from bench.simulated_coder import SimulatedCoder
from study.folder import open_study

NAMES = [f"coder-{number}" for number in range(8)]
SECONDS = 4


def silent(*_):
    pass


def propose_in(folder, seed=1):
    study = open_study(folder)
    propose_made_up(study, seed=seed, report=silent)
    study.database.close()


@contextmanager
def keep_writing(folder):
    """Suggest anew, again and again, as run after run would."""
    is_over, written = threading.Event(), []

    def go():
        while not is_over.is_set():
            propose_in(folder, seed=2 + len(written))
            written.append(True)
            # Whatever a run renews while it is on the screen has to be decided anew.
            is_over.wait(1)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield written
    finally:
        is_over.set()
        thread.join()


@pytest.fixture
def crowded(tmp_path):
    folder = tmp_path / "study"
    make_crowded_study(folder, NAMES, n_excerpts=300, fill=propose_in)
    return folder


def test_coders_at_once_lose_nothing_and_double_nothing_while_a_run_writes(crowded):
    with serve_in_a_process(crowded) as address:
        coders = [
            SimulatedCoder(address, name, seconds_each=0.05, seed=number)
            for number, name in enumerate(NAMES)
        ]
        for coder in coders:
            coder.sign_in(PASSWORD)
        with keep_writing(crowded) as written:
            logs = code_at_once(coders, SECONDS, silent)

    study = open_study(crowded)
    counted = count_rows(study, logs)
    study.database.close()
    assert [error for log in logs for error in log.errors] == []
    assert (counted["lost"], counted["doubled"], counted["unanswered"]) == (0, 0, 0)
    assert counted["rows_stored"] == counted["rows_answered"]
    assert all(log.answered for log in logs)
    assert sum(log.n_retried for log in logs) > 0
    assert written
