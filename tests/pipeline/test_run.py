"""Facts about keeping two runs apart, and about what is told of a run while it is on."""

import pytest

from pipeline import work as work_room
from pipeline.order import suggest_in_order
from pipeline.run import BusyError, hold_study, open_run, open_work, run_if_free
from pipeline.work import WATCHER, StepError, Work, call_plainly, for_each
from study.errors import StudyError
from study.ledger import describe_counts, describe_progress, newest_run, note_progress
from study.locks import hold_lock, is_locked


def read_run(study, *, is_open):
    with study.database.read() as connection:
        return newest_run(connection, is_open=is_open)


def test_second_run_is_busy_and_records_nothing(coded_study):
    with open_work(coded_study.folder):
        summary = run_if_free(coded_study.folder, lambda _work: pytest.fail("it ran"))

    assert (summary.state, summary.run_id) == ("busy", None)
    assert read_run(coded_study, is_open=False) is None


def test_who_holds_the_study_for_longer_is_told_to_who_asks(coded_study):
    with (
        hold_study(coded_study),
        pytest.raises(BusyError, match="Another themeloop run is at work"),
        hold_study(coded_study),
    ):
        pass


def test_study_that_is_looked_at_for_a_moment_is_not_busy(coded_study, monkeypatch):
    refusals = [StudyError("looked at"), StudyError("looked at")]
    lock = type(coded_study).lock

    def lock_late(study):
        if refusals:
            raise refusals.pop()
        return lock(study)

    monkeypatch.setattr(type(coded_study), "lock", lock_late)

    with hold_study(coded_study):
        assert is_locked(coded_study.folder / ".lock")


def test_run_that_was_killed_is_closed_by_the_next_even_if_nothing_is_new(coded_study):
    with open_work(coded_study.folder) as work:
        suggest_in_order(call_plainly, work)
    open_run(Work(coded_study))
    assert read_run(coded_study, is_open=True) is not None

    summary = run_if_free(coded_study.folder, lambda work: suggest_in_order(call_plainly, work))

    assert summary.state == "nothing new"
    assert read_run(coded_study, is_open=True) is None
    assert describe_counts(read_run(coded_study, is_open=False)) == "interrupted"


@pytest.mark.parametrize(
    ("error", "state"), [(StepError("at work.py:1"), "failed"), (KeyboardInterrupt, "interrupted")]
)
def test_run_that_ends_early_says_how(coded_study, error, state):
    def fail(work):
        open_run(work)
        raise error

    with pytest.raises((StepError, KeyboardInterrupt)):
        run_if_free(coded_study.folder, fail)

    assert read_run(coded_study, is_open=False).state == state


def test_run_tells_how_far_it_is_while_it_is_on(coded_study):
    told = []

    def look(step, n_done, n_all):
        run = read_run(coded_study, is_open=True)
        told.append((step, n_done, describe_progress(run)))

    token = WATCHER.set(look)
    run_if_free(coded_study.folder, lambda work: suggest_in_order(call_plainly, work))
    WATCHER.reset(token)

    # Who watches is told before it is noted.
    assert told[0] == ("split_into_excerpts", 0, "beginning")
    assert ("embed_excerpts", 1, "embedding excerpts, 0 of 3") in told
    assert ("queue_for_review", 3, "queueing for review, 0 of 3") in told
    counts = describe_counts(read_run(coded_study, is_open=False))
    assert counts.endswith("suggestions for 3 interviews")


def test_progress_is_noted_seldom_and_a_busy_database_does_not_stop_the_run(
    coded_study, monkeypatch
):
    noted = []

    def note(*_arguments, **counts):
        noted.append(counts["n_done"])
        raise StudyError("busy")

    monkeypatch.setattr(work_room, "note_progress", note)
    work = open_run(Work(coded_study))

    done = for_each(call_plainly, lambda _work, number: number, work, list(range(500)))

    assert len(done) == 500
    assert noted[0] == 0
    assert len(noted) < 250


def test_run_that_has_ended_keeps_its_counts(coded_study):
    run_if_free(coded_study.folder, lambda work: suggest_in_order(call_plainly, work))
    before = read_run(coded_study, is_open=False)

    with coded_study.database.write() as connection:
        note_progress(connection, before.id, step="late", n_done=1, n_all=1)

    assert read_run(coded_study, is_open=False) == before


def test_lock_of_a_file_that_is_not_there_is_free(tmp_path):
    assert not is_locked(tmp_path / "none")


def test_lock_tells_who_holds_it_and_is_free_after(tmp_path):
    path = tmp_path / "lock"

    with hold_lock(path, "taken") as note:
        note.write("by me")
        note.flush()
        assert is_locked(path)
        assert path.read_text() == "by me"
    with hold_lock(path, "taken"):
        assert path.read_text() == ""
