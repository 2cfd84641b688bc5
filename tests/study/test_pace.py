"""Facts about how fast suggestions were accepted; the excerpts' words are synthetic."""

from datetime import timedelta
from itertools import count

import pytest

from study.decisions import Action, Verdict, record_action
from study.pace import Pace, note_pace_seen, read_pace_seen, read_paces, reading_ms
from tests.study.synthetic import LATER, import_coded, make_interview, set_desk

# 45 words: six seconds at 450 a minute.
TEXT = " ".join(["word"] * 45)
SIX_SECONDS = 6_000
AFTER = LATER + timedelta(days=9)
numbers = count()


@pytest.fixture
def desk(study):
    import_coded(study, make_interview("S1", (TEXT, TEXT, TEXT)))
    with study.database.write() as connection:
        return set_desk(connection)


def accept(
    connection, desk, place=0, *, shown_ms=None, now=LATER, rank=0, verdict="accept", **facts
):
    excerpt_id = desk.excerpt_ids[place]
    suggestion = [s for s in desk.suggestions if s.excerpt_id == excerpt_id][rank]
    said = Verdict(verdict, desk.code_ids[suggestion.rank - 1], suggestion.id)
    action = Action(
        f"a{next(numbers)}", desk.coder_id, excerpt_id, (said,), shown_ms=shown_ms, **facts
    )
    record_action(connection, action, now=now)
    return action.id


def pace_of(connection, desk, until=AFTER):
    return read_paces(connection, {desk.coder_id: until})[desk.coder_id]


def test_forty_five_words_take_a_very_fast_reader_six_seconds():
    assert reading_ms(45) == SIX_SECONDS


def test_what_came_sooner_than_the_passage_can_be_read_is_counted(study, desk):
    with study.database.write() as connection:
        accept(connection, desk, 0, shown_ms=SIX_SECONDS - 1)
        accept(connection, desk, 1, shown_ms=SIX_SECONDS)
        accept(connection, desk, 2, shown_ms=0)

        assert pace_of(connection, desk) == Pace(n=3, n_fast=2, last_at=LATER)


def test_what_is_not_known_is_left_out_and_said(study, desk):
    with study.database.write() as connection:
        accept(connection, desk, 0)
        accept(connection, desk, 1, shown_ms=10)

        assert pace_of(connection, desk) == Pace(n=1, n_fast=1, n_unknown=1, last_at=LATER)


def test_what_was_rejected_undone_or_decided_blind_is_no_acceptance(study, desk):
    with study.database.write() as connection:
        accept(connection, desk, 0, shown_ms=10, verdict="reject")
        accept(connection, desk, 1, shown_ms=10, is_assisted=False)
        action = accept(connection, desk, 2, shown_ms=10)
        undo = Action("u", desk.coder_id, desk.excerpt_ids[2], (Verdict("undo"),), undoes=action)
        record_action(connection, undo, now=LATER)

        assert pace_of(connection, desk) == Pace()


def test_an_undo_that_was_undone_lets_an_acceptance_count(study, desk):
    with study.database.write() as connection:
        undone = accept(connection, desk, 0, shown_ms=10)
        for name in ("u1", "u2"):
            excerpt_id, said = desk.excerpt_ids[0], (Verdict("undo"),)
            undo = Action(name, desk.coder_id, excerpt_id, said, undoes=undone)
            record_action(connection, undo, now=LATER)
            undone = name

        assert pace_of(connection, desk).n == 1


def test_a_second_acceptance_while_the_excerpt_is_on_the_screen_counts(study, desk):
    with study.database.write() as connection:
        accept(connection, desk, shown_ms=8_000)
        accept(connection, desk, rank=1, shown_ms=9_000, now=LATER + timedelta(seconds=1))

        pace = pace_of(connection, desk)

    assert (pace.n, pace.n_fast, pace.n_again) == (2, 0, 0)


def test_an_excerpt_that_was_worked_on_before_was_read_before(study, desk):
    with study.database.write() as connection:
        accept(connection, desk, shown_ms=8_000)
        accept(connection, desk, rank=1, shown_ms=500, now=LATER + timedelta(minutes=5))

        pace = pace_of(connection, desk)

    assert (pace.n, pace.n_fast, pace.n_again) == (1, 0, 1)


def test_only_what_came_before_the_moment_asked_for_counts(study, desk):
    with study.database.write() as connection:
        accept(connection, desk, 0, shown_ms=10)
        accept(connection, desk, 1, shown_ms=10, now=LATER + timedelta(days=1))

        assert pace_of(connection, desk, until=LATER + timedelta(hours=1)).n == 1
        assert pace_of(connection, desk, until=LATER).n == 0


def test_nothing_is_told_of_a_few():
    assert not Pace(n=19, n_fast=19).is_told
    assert Pace(n=20).is_told


def test_who_was_shown_their_pace_is_remembered(study, desk):
    with study.database.write() as connection:
        before = read_pace_seen(connection)
        note_pace_seen(connection, desk.coder_id, now=LATER)

        assert before == {}
        assert read_pace_seen(connection) == {desk.coder_id: LATER}


def test_words_of_many_transcripts_are_counted(study):
    import_coded(study, *(make_interview(f"M{n}", (TEXT,)) for n in range(55)))
    with study.database.write() as connection:
        desk = set_desk(connection)
        for place in range(55):
            accept(connection, desk, place, shown_ms=SIX_SECONDS - 1)

        assert pace_of(connection, desk).n_fast == 55
