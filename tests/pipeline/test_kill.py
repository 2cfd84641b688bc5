"""A run killed anywhere is finished by the next one, with the same content."""

import os
import shutil
import signal
import sys
from itertools import count

import pytest
import sqlalchemy as sa

from pipeline.order import suggest_in_order
from pipeline.run import open_work
from pipeline.work import call_plainly
from study.codebooks import store_codebook
from study.fingerprint import fingerprint_study
from study.folder import create_study, open_study
from study.settings import Settings
from tests.fakes import NOW


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


def end_as_undisturbed_after_any_kill(copy):
    """Kill a run before each of its commits, and finish it; give how many commits there were."""
    undisturbed = copy()
    suggest(undisturbed)
    wanted = fingerprint(undisturbed)

    commit, was_killed = 0, True
    while was_killed:
        commit += 1
        folder = copy()
        was_killed = suggest_and_die_at(folder, commit)
        suggest(folder)
        assert fingerprint(folder) == wanted, f"killed before commit {commit}"
    return commit


@pytest.mark.skipif(sys.platform != "linux", reason="the child is forked and killed")
def test_run_killed_before_any_commit_ends_as_if_undisturbed(copy_of_coded_study):
    commit = end_as_undisturbed_after_any_kill(copy_of_coded_study)

    # Three interviews: each is embedded, proposed for and queued; the run opens, fits and closes.
    assert commit > 3 * 3 + 3


TRANSCRIPT = """Interviewer: Synthetic, was it? And Sanne?
Mother: Sanne was there. Things at home became different.
Interviewer: Why?
Mother: I could count on Bente, she came back every week and listened.
"""


@pytest.fixture
def copy_of_fed_study(tmp_path, book, encoder):
    """Give fresh copies of a study with two files in its inbox and a name to mark, on SQLite."""
    original = create_study(tmp_path / "fed", Settings(language="nl"), now=NOW)
    with original.database.write() as connection:
        store_codebook(connection, book, now=NOW)
    original.database.close()
    header = "file,interview,participant,family,language,date,interviewer\n"
    rows = "a.txt,I01,P01,,nl,,\nb.txt,I02,P02,,nl,,\n"
    (original.folder / "interviews.csv").write_text(header + rows)
    gazetteer = "name,category,participant,also\nSanne,WORKER,,\n"
    (original.folder / "gazetteer.csv").write_text(gazetteer)
    for name in ("a.txt", "b.txt"):
        path = original.folder / "inbox" / name
        path.write_text(f"{TRANSCRIPT}Mother: That was {name[0]}.\n")
        os.utime(path, (1_000_000_000, 1_000_000_000))
    suggest(original.folder)
    # What the next run has to do: a third file, and a name that was missed.
    (original.folder / "gazetteer.csv").write_text(f"{gazetteer}Bente,WORKER,,\n")
    third = original.folder / "inbox" / "c.txt"
    third.write_text(f"{TRANSCRIPT}Mother: That was c.\n")
    os.utime(third, (1_000_000_000, 1_000_000_000))
    (original.folder / "interviews.csv").write_text(f"{header}{rows}c.txt,I03,P01,,nl,,\n")
    numbers = count()

    def copy():
        return shutil.copytree(original.folder, tmp_path / f"fed-{next(numbers)}")

    return copy


@pytest.mark.skipif(sys.platform != "linux", reason="the child is forked and killed")
def test_redaction_and_intake_killed_before_any_commit_end_as_if_undisturbed(copy_of_fed_study):
    commit = end_as_undisturbed_after_any_kill(copy_of_fed_study)

    # Redaction, arrival, run, intake; two interviews embedded anew and three queued; fit, close.
    assert commit > 10
