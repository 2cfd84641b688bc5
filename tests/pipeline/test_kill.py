"""A run killed anywhere is finished by the next one, with the same content."""

import os
import signal
import sys

import pytest
import sqlalchemy as sa

from pipeline.order import suggest_in_order
from pipeline.run import open_work
from pipeline.work import call_plainly
from study.fingerprint import fingerprint_study
from study.folder import open_study


def suggest(folder):
    with open_work(folder) as work:
        return suggest_in_order(call_plainly, work)


def suggest_and_die_at(folder, commit):
    """Run in a child that kills itself right before a commit; tell whether it came that far."""
    child = os.fork()
    if child == 0:
        left = [commit]

        def count_down(_connection):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(sa.Engine, "commit", count_down)
        try:
            suggest(folder)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def fingerprint(folder):
    study = open_study(folder)
    with study.database.read() as connection:
        value = fingerprint_study(connection)
    study.database.close()
    return value


@pytest.mark.skipif(sys.platform != "linux", reason="the child is forked and killed")
def test_run_killed_before_any_commit_ends_as_if_undisturbed(copy_of_coded_study):
    undisturbed = copy_of_coded_study()
    suggest(undisturbed)
    wanted = fingerprint(undisturbed)

    commit, was_killed = 0, True
    while was_killed:
        commit += 1
        folder = copy_of_coded_study()
        was_killed = suggest_and_die_at(folder, commit)
        suggest(folder)
        assert fingerprint(folder) == wanted, f"killed before commit {commit}"

    # Three interviews: each is embedded, proposed for and queued; the run opens, fits and closes.
    assert commit > 3 * 3 + 3
