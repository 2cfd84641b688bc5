"""Runs and what they did."""

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from study import tables as t
from study.ledger import (
    close_open_runs,
    count_failures,
    done_inputs,
    finish_run,
    hash_parts,
    is_done,
    list_failures,
    record_done,
    record_failure,
    start_run,
)
from study.records import Failure
from tests.study.synthetic import LATER, NOW


def start(connection, kind="suggest", now=NOW):
    return start_run(connection, kind, {"n_suggestions": 3}, flow_run_id=None, now=now)


def runs_of(connection):
    rows = connection.execute(sa.select(t.run).order_by(t.run.c.id))
    return {row.id: (row.state, row.finished_at) for row in rows}


def test_run_that_a_killed_process_left_open_is_closed_at_the_next_start(study):
    with study.database.write() as connection:
        killed, other = start(connection), start(connection, "train")

        started = start(connection, now=LATER)

        assert runs_of(connection) == {
            killed: ("interrupted", LATER),
            other: ("running", None),
            started: ("running", None),
        }


def test_finished_run_keeps_its_state_and_its_counts(study):
    with study.database.write() as connection:
        run_id = start(connection)
        finish_run(connection, run_id, state="done", counts={"excerpts": 3}, now=LATER)

        close_open_runs(connection, "suggest", state="interrupted", now=LATER)

        row = connection.execute(sa.select(t.run).where(t.run.c.id == run_id)).one()
    assert (row.state, row.counts, row.settings) == ("done", {"excerpts": 3}, {"n_suggestions": 3})
    assert (row.started_at, row.finished_at) == (NOW, LATER)


def test_open_runs_of_a_kind_can_be_closed_as_failed(study):
    with study.database.write() as connection:
        run_id = start(connection)

        close_open_runs(connection, "suggest", state="failed", now=LATER)

        assert runs_of(connection) == {run_id: ("failed", LATER)}


def test_step_is_done_on_exactly_the_input_it_was_done_on(study):
    with study.database.write() as connection:
        run_id = start(connection)

        record_done(connection, "embed", "S1", "abc", run_id=run_id, n_rows=3, now=NOW)

        assert is_done(connection, "embed", "S1", "abc")
        assert not is_done(connection, "embed", "S1", "abd")
        assert not is_done(connection, "embed", "S2", "abc")
        assert not is_done(connection, "segment", "S1", "abc")
        assert done_inputs(connection, "embed") == {("S1", "abc")}
        assert done_inputs(connection, "segment") == set()


def test_what_a_run_set_aside_is_kept_with_the_reason(study):
    failures = [Failure("embed", "S2", "no words"), Failure("embed", "S1", "too long é")]
    with study.database.write() as connection:
        run_id = start(connection)
        for failure in failures:
            record_failure(connection, failure, run_id=run_id, now=NOW)

        assert list_failures(connection, run_id) == failures
        assert count_failures(connection, run_id) == 2
        assert count_failures(connection, run_id + 1) == 0


words = st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), max_size=4)


@given(words, words)
def test_hashes_of_parts_are_equal_only_where_the_parts_are(one, other):
    assert (hash_parts(*one) == hash_parts(*other)) == (one == other or [one, other] in HOLLOW)


# No part at all and one empty part are one: no step's input is empty.
HOLLOW = ([[], [""]], [[""], []])
