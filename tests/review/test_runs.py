"""What the front page tells of runs."""

import pytest

from study.inbox_files import SET_ASIDE, WAITING, note_arrival, note_outcome
from study.ledger import finish_run, newest_run, note_progress

NAME = "mother-of-tim.txt"


@pytest.fixture
def running(page, now):
    """The run that made the study, still on, and holding the study."""
    with page.study.lock():
        yield page


@pytest.fixture
def now(page):
    with page.study.database.read() as connection:
        return newest_run(connection, is_open=True).started_at


def tell(page):
    answer = page.client.get("/api/run")
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def test_run_that_is_on_says_what_it_is_doing_and_how_far_it_is(running):
    beginning = tell(running)
    with running.study.database.write() as connection:
        note_progress(connection, 1, step="embed_excerpts", n_done=3, n_all=22)

    told = tell(running)

    assert beginning["now"] == "At work: beginning"
    assert told["now"] == "At work: embedding excerpts, 3 of 22"
    assert (told["n_done"], told["n_all"]) == (3, 22)
    assert "At work: embedding excerpts, 3 of 22" in running.client.get("/").text


def test_run_that_was_killed_is_not_at_work(page):
    assert tell(page)["now"] == ""


def test_run_that_has_ended_says_when_and_what_it_did(page, now):
    counts = {"n_suggestions": 5, "n_interviews": 2, "n_set_aside": 1}
    with page.study.database.write() as connection:
        finish_run(connection, 1, state="finished", counts=counts, now=now)

    told = tell(page)

    here = now.astimezone()
    assert told["last"] == (
        f"Last run: {here.day} {here:%b, %H:%M}, 5 suggestions for 2 interviews, 1 set aside."
    )
    assert told["last_run_id"] == 1
    assert 'data-last-run="1"' in page.client.get("/").text


def test_run_that_failed_says_so(page, now):
    with page.study.database.write() as connection:
        finish_run(connection, 1, state="failed", counts={}, now=now)

    assert tell(page)["last"].endswith(", failed.")


def test_files_that_wait_are_counted_and_not_named(page, now):
    with page.study.database.write() as connection:
        for number, state in enumerate((WAITING, WAITING, SET_ASIDE)):
            file_id = note_arrival(
                connection,
                name_hash=f"{number}",
                source_hash="s",
                n_bytes=1,
                mtime_ns=1,
                now=now,
            )
            note_outcome(connection, file_id, state, reason=f"{NAME}: blank", now=now)

    told, shown = tell(page), page.client.get("/").text

    waits = "Files: 2 waiting for an answer in interviews.csv, 1 set aside."
    assert told["waits"] == waits
    assert waits in shown
    assert NAME not in str(told) + shown


def test_nothing_but_counts_ids_and_lines_is_told(page):
    assert set(tell(page)) == {"last_run_id", "n_done", "n_all", "now", "last", "waits"}
