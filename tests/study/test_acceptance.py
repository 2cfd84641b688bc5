"""Facts about what became of suggestions; the excerpts' words are synthetic."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from study import tables as t
from study.acceptance import WeekCount, count_decided, tell_mostly_not_taken
from study.decisions import Action, Verdict, decisions_on, record_action
from study.excerpt_state import find_undone, replay
from study.progress import list_queued_coders
from study.records import Span
from tests.study.synthetic import NOW, import_coded, make_interview, rolled_back, set_desk

SUNDAY = datetime(2026, 3, 1, 9, tzinfo=UTC)
MONDAY = SUNDAY + timedelta(days=1)
WEEK_9, WEEK_10 = date(2026, 2, 23), date(2026, 3, 2)
numbers = count()


@pytest.fixture
def desk(study):
    import_coded(study, make_interview("S1", ("One two three.", "Four five six.")))
    import_coded(study, make_interview("S2", ("Seven.",)))
    with study.database.write() as connection:
        zoe = {"name": "Zoë", "role": "coder", "is_reviewing": True, "added_at": NOW}
        connection.execute(sa.insert(t.coder).values(zoe))
        return set_desk(connection)


def find_suggestion(desk, place, code):
    # The first two codes are suggested for every excerpt, in this order.
    wanted = (desk.excerpt_ids[place], code + 1)
    return next(s.id for s in desk.suggestions if (s.excerpt_id, s.rank) == wanted)


def say(connection, desk, verdict, code=None, *, place=0, now=SUNDAY, coder_id=None, **facts):
    is_on = verdict in ("accept", "reject", "pass_over") and facts.pop("is_on", True)
    verdicts = (
        Verdict(
            verdict,
            None if code is None else desk.code_ids[code],
            find_suggestion(desk, place, code) if is_on else None,
            facts.pop("span", None),
        ),
    )
    coder_id = coder_id or desk.coder_id
    action = Action(f"a{next(numbers)}", coder_id, desk.excerpt_ids[place], verdicts, **facts)
    record_action(connection, action, now=now)
    return action.id


def told(connection, desk, code=0, **facts):
    weeks = count_decided(connection, [desk.coder_id], **facts).get(desk.code_ids[code], ())
    return [(w.monday, w.n_accepted, w.n_rejected, w.n_passed_over) for w in weeks]


def test_suggestions_are_counted_by_code_week_and_what_became_of_them(study, desk):
    with study.database.write() as connection:
        say(connection, desk, "accept", 0)
        say(connection, desk, "reject", 0, place=1, now=MONDAY)
        say(connection, desk, "pass_over", 0, place=2, now=MONDAY)
        say(connection, desk, "accept", 1, now=MONDAY)

        assert told(connection, desk) == [(WEEK_9, 1, 0, 0), (WEEK_10, 0, 1, 1)]
        assert told(connection, desk, 1) == [(WEEK_10, 1, 0, 0)]


def test_what_was_changed_counts_as_it_stands_now_and_once(study, desk):
    with study.database.write() as connection:
        say(connection, desk, "accept", 0)
        say(connection, desk, "reject", 0, now=MONDAY)

        assert told(connection, desk) == [(WEEK_10, 0, 1, 0)]


def test_a_suggestion_that_was_rejected_and_then_added_by_hand_is_accepted(study, desk):
    with study.database.write() as connection:
        say(connection, desk, "reject", 0)
        say(connection, desk, "add", 0)

        assert told(connection, desk) == [(WEEK_9, 1, 0, 0)]


def test_what_was_undone_counts_as_before_it(study, desk):
    with study.database.write() as connection:
        say(connection, desk, "accept", 0)
        reject = say(connection, desk, "reject", 0, now=MONDAY)
        say(connection, desk, "undo", now=MONDAY, undoes=reject)
        accept = say(connection, desk, "accept", 1)
        say(connection, desk, "undo", undoes=accept)

        assert told(connection, desk) == [(WEEK_9, 1, 0, 0)]
        assert told(connection, desk, 1) == []


def test_a_code_that_was_taken_off_again_is_passed_over_once_the_excerpt_is_done(study, desk):
    with study.database.write() as connection:
        say(connection, desk, "accept", 0)
        say(connection, desk, "remove", 0)
        before = told(connection, desk)
        say(connection, desk, "done")

        assert before == []
        assert told(connection, desk) == [(WEEK_9, 0, 0, 1)]


def test_only_what_was_on_the_screen_as_a_suggestion_counts(study, desk):
    with study.database.write() as connection:
        say(connection, desk, "add", 0)
        say(connection, desk, "accept", 0, place=1, is_assisted=False)
        say(connection, desk, "accept", 0, place=2, is_on=False)

        assert told(connection, desk) == []


def test_other_coders_and_hidden_interviews_are_not_counted(study, desk):
    with study.database.write() as connection:
        (other,) = set(list_queued_coders(connection)) - {desk.coder_id}
        say(connection, desk, "accept", 0, coder_id=other)
        say(connection, desk, "accept", 0, place=2)
        say(connection, desk, "accept", 0, place=0)
        reject = say(connection, desk, "reject", 0, place=2)
        say(connection, desk, "undo", place=2, undoes=reject)
        interview = connection.scalar(
            sa.select(t.queue_item.c.interview_id).where(
                t.queue_item.c.excerpt_id == desk.excerpt_ids[2]
            )
        )

        assert told(connection, desk) == [(WEEK_9, 2, 0, 0)]
        assert told(connection, desk, hidden=[interview]) == [(WEEK_9, 1, 0, 0)]


VERDICTS = ("accept", "add", "reject", "pass_over", "remove", "mark", "done", "reopen", "undo")
presses = st.lists(
    st.tuples(
        st.sampled_from(VERDICTS),
        st.integers(0, 1),
        st.integers(0, 1),
        st.booleans(),
        st.booleans(),
    ),
    max_size=14,
)


@given(presses)
@settings(max_examples=40)
def test_counting_in_the_database_gives_what_replaying_every_excerpt_gives(study, desk, pressed):
    with rolled_back(study) as connection:
        press_all(connection, desk, pressed)

        found = count_decided(connection, [desk.coder_id])

        counted = Counter()
        for code_id, weeks in found.items():
            counted[code_id, "given"] += sum(week.n_accepted for week in weeks)
            counted[code_id, "rejected"] += sum(week.n_rejected for week in weeks)
            counted[code_id, "passed over"] += sum(week.n_passed_over for week in weeks)
        assert +counted == replay_all(connection, desk)


def press_all(connection, desk, pressed):
    for verdict, place, code, has_span, is_assisted in pressed:
        facts = {"place": place, "is_assisted": is_assisted}
        history = decisions_on(connection, [desk.excerpt_ids[place]])
        made = [d.action for d in history.get((desk.excerpt_ids[place], desk.coder_id), [])]
        if verdict == "undo":
            if made:
                # Any of them, undos too.
                say(connection, desk, "undo", undoes=made[-1 - code % len(made)], **facts)
        elif verdict in ("done", "reopen"):
            say(connection, desk, verdict, **facts)
        else:
            may_have_span = verdict in ("accept", "add", "remove", "mark")
            span = Span(1, 5) if may_have_span and (has_span or verdict == "mark") else None
            say(connection, desk, verdict, code, span=span, **facts)


def replay_all(connection, desk):
    told = Counter()
    for history in decisions_on(connection, list(desk.excerpt_ids)).values():
        if history[0].coder_id != desk.coder_id:
            continue
        state, undone = replay(history), find_undone(history)
        shown = {
            d.code_id
            for d in history
            if d.suggestion_id and d.is_assisted and d.action not in undone
        }
        for code_id in shown:
            if code_id in state.given:
                told[code_id, "given"] += 1
            elif code_id in state.rejected:
                told[code_id, "rejected"] += 1
            elif code_id in state.passed_over or state.is_done:
                told[code_id, "passed over"] += 1
    return told


@pytest.mark.parametrize(
    ("counts", "is_told"),
    [((4, 3, 3), True), ((5, 3, 2), False), ((0, 9, 0), False), ((0, 0, 10), True)],
)
def test_a_code_is_told_where_more_than_half_of_at_least_ten_were_not_taken(counts, is_told):
    half = [WeekCount(WEEK_9, *counts)]

    assert (tell_mostly_not_taken(half) is not None) == is_told


def test_the_interval_is_wilsons_over_all_weeks():
    weeks = [WeekCount(WEEK_9, 1, 4, 0), WeekCount(WEEK_10, 1, 0, 4)]

    low, high = tell_mostly_not_taken(weeks)

    # Wilson 1927, for 8 of 10.
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
