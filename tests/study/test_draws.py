"""Facts about the blind draw; every word here is synthetic."""

import hashlib
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from study import tables as t
from study.decisions import Action, Verdict, record_action
from study.draws import draw_excerpts, drawn_excerpts, find_owed, store_draw
from study.ledger import record_done
from study.review_queue import find_coder, first_open, queue_excerpts, read_item
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import NOW, import_coded, make_interview, set_desk

TEXTS = tuple(f"Synthetic: excerpt {n}." for n in range(12))


def keyed(key):
    return lambda content: hashlib.sha256(f"{key}{content}".encode()).hexdigest()


@given(st.integers(0, 60), st.floats(0, 1), st.integers(1, 9), st.text(max_size=4))
def test_draw_is_made_of_whole_runs_of_consecutive_excerpts(n, rate, run_length, key):
    drawn = draw_excerpts(keyed(key), "cut", n, rate=rate, run_length=run_length)

    edges = [i for i in range(1, n) if drawn[i] != drawn[i - 1]]
    assert len({edge % run_length for edge in edges}) <= 1
    assert drawn == draw_excerpts(keyed(key), "cut", n, rate=rate, run_length=run_length)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_every_place_is_drawn_at_the_rate(rate):
    """Over 2,000 keys a share of .1 lies within .02 for all but a few in ten thousand."""
    draws = [draw_excerpts(keyed(k), "cut", 7, rate=rate, run_length=3) for k in range(2000)]

    for place in range(7):
        share = sum(draw[place] for draw in draws) / len(draws)
        assert share == pytest.approx(rate, abs=0.04)


def test_other_studies_and_other_interviews_draw_otherwise():
    draws = {
        tuple(draw_excerpts(keyed(key), cut, 40, rate=0.5, run_length=2))
        for key in "ab"
        for cut in ("one", "two")
    }

    assert len(draws) == 4


@pytest.fixture
def drawn_study(study):
    """Give a study with one interview that has suggestions and was never queued."""
    import_coded(study, make_interview(texts=TEXTS, coders=()))
    with study.database.write() as connection:
        set_desk(connection)
        connection.execute(sa.delete(t.queue_item))
    return study


def draw(study, rate):
    with study.database.write() as connection:
        (transcript,) = list_transcripts(connection)
        excerpts = read_excerpts(connection, transcript)
        n = store_draw(
            connection,
            transcript,
            excerpts,
            cut="cut",
            rate=rate,
            run_length=4,
            keyed_hash=study.keyed_hash,
            now=NOW,
        )
        model = connection.scalar(sa.select(t.model_version.c.id))
        queue_excerpts(connection, transcript, excerpts, model)
    return n


def test_draw_stores_its_rate_for_every_excerpt_drawn_or_not(drawn_study):
    n = draw(drawn_study, 0.4)

    with drawn_study.database.read() as connection:
        rows = connection.execute(sa.select(t.blind_draw)).all()
    assert len(rows) == 12
    assert {row.rate for row in rows} == {0.4}
    assert sum(row.is_drawn for row in rows) == n


def test_draw_never_changes(drawn_study):
    draw(drawn_study, 1.0)

    assert draw(drawn_study, 0.0) == 0

    with drawn_study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        assert len(drawn_excerpts(connection, transcript.interview_id)) == 12


def test_interview_that_was_queued_before_is_not_drawn_from(drawn_study):
    """Not even when its queue is gone, as that of a version that was replaced."""
    with drawn_study.database.write() as connection:
        (transcript,) = list_transcripts(connection)
        run = connection.scalar(sa.select(t.run.c.id))
        record_done(connection, "queue", transcript.interview, "h", run_id=run, n_rows=1, now=NOW)

    assert draw(drawn_study, 1.0) == 0


def decide(connection, coder, excerpt_id, verdict):
    action = Action(str(uuid4()), coder, excerpt_id, (Verdict(verdict),))
    record_action(connection, action, now=NOW)


def set_drawn(study, positions):
    draw(study, 0.0)
    with study.database.write() as connection:
        (transcript,) = list_transcripts(connection)
        ids = [e.id for e in read_excerpts(connection, transcript)]
        chosen = [ids[position] for position in positions]
        connection.execute(
            sa.update(t.blind_draw)
            .where(t.blind_draw.c.excerpt_id.in_(chosen))
            .values(is_drawn=True)
        )
    return transcript.interview_id, ids


def test_blind_excerpts_come_first_and_then_the_interview_from_its_beginning(drawn_study):
    _, ids = set_drawn(drawn_study, [4, 5])
    order = []

    with drawn_study.database.write() as connection:
        coder = find_coder(connection, "coder")
        after = None
        while (item := first_open(connection, coder, after=after)) is not None:
            order.append(ids.index(item.excerpt_id))
            decide(connection, coder, item.excerpt_id, "done")
            after = read_item(connection, coder, item.excerpt_id)

    assert order == [4, 5, 0, 1, 2, 3, 6, 7, 8, 9, 10, 11]


def test_finished_excerpt_is_owed_no_more_even_when_it_is_taken_up_again(drawn_study):
    interview_id, ids = set_drawn(drawn_study, [4, 5])

    with drawn_study.database.write() as connection:
        coder = find_coder(connection, "coder")
        before = find_owed(connection, coder, interview_id)
        decide(connection, coder, ids[4], "done")
        decide(connection, coder, ids[4], "reopen")
        after = find_owed(connection, coder, interview_id)

    assert before == {ids[4], ids[5]}
    assert after == {ids[5]}
