"""Decisions are rows that stay; where a coder stands is replayed from them."""

from dataclasses import replace
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from study import tables as t
from study.decisions import (
    Action,
    Verdict,
    decisions_of,
    find_action,
    last_action,
    read_state,
    record_action,
)
from study.doctor import find_drift
from study.errors import StudyError
from study.excerpt_state import Decision, ExcerptState, replay
from study.review_queue import read_item
from tests.study.synthetic import LATER, import_coded, make_interview, rolled_back, set_desk

TRUST, CHANGE, SHARING = 1, 2, 3


class History:
    """Decisions of one coder on one excerpt, made up row by row."""

    def __init__(self):
        self.rows = []

    def say(self, verdict, code_id=None, *, action=None, undoes=None, is_assisted=True):
        number = len(self.rows) + 1
        self.rows.append(
            Decision(
                id=number,
                action=action or f"action-{number}",
                coder_id=1,
                excerpt_id=1,
                verdict=verdict,
                code_id=code_id,
                suggestion_id=None,
                undoes=undoes,
                is_assisted=is_assisted,
            )
        )
        return self

    @property
    def state(self):
        return replay(self.rows)


def test_excerpt_without_decisions_is_untouched():
    assert History().state == ExcerptState()


def test_rejected_passed_over_and_never_suggested_are_three_different_things():
    rejected = History().say("reject", TRUST).say("done").state
    passed_over = History().say("pass_over", TRUST).say("done").state
    never_suggested = History().say("done").state

    assert (rejected.rejected, rejected.passed_over) == ((TRUST,), ())
    assert (passed_over.rejected, passed_over.passed_over) == ((), (TRUST,))
    assert (never_suggested.rejected, never_suggested.passed_over) == ((), ())
    assert rejected.given == passed_over.given == never_suggested.given == ()


def test_latest_verdict_on_a_code_counts():
    history = History().say("accept", TRUST)
    assert history.state.given == (TRUST,)

    assert (history.say("reject", TRUST).state.given, history.state.rejected) == ((), (TRUST,))

    assert (history.say("accept", TRUST).state.given, history.state.rejected) == ((TRUST,), ())


def test_code_given_again_counts_from_its_latest_giving():
    history = History().say("accept", TRUST).say("add", SHARING).say("reject", TRUST)

    assert history.say("accept", TRUST).state.given == (SHARING, TRUST)


def test_removed_code_is_neither_given_nor_rejected():
    state = History().say("add", TRUST).say("remove", TRUST).state

    assert (state.given, state.rejected, state.passed_over) == ((), (), ())


def test_done_excerpt_can_be_reopened_and_finished_again():
    history = History().say("done")
    assert history.state.is_done

    assert not history.say("reopen").state.is_done
    assert history.say("done").state.is_done


def test_unsure_stays_until_the_excerpt_is_done():
    history = History().say("unsure").say("add", TRUST)
    assert history.state.is_unsure

    assert not history.say("done").state.is_unsure


def test_undo_takes_back_every_part_of_an_action():
    history = History().say("accept", TRUST, action="a")
    history.say("pass_over", SHARING, action="b").say("done", action="b")

    history.say("undo", undoes="b")

    assert history.state == ExcerptState(given=(TRUST,), is_assisted=True)


def test_undone_undo_lets_its_action_count_again():
    history = History().say("add", TRUST, action="a").say("undo", action="b", undoes="a")
    assert history.state.given == ()

    assert history.say("undo", action="c", undoes="b").state.given == (TRUST,)
    assert history.say("undo", action="d", undoes="c").state.given == ()


def test_state_is_assisted_once_suggestions_were_on_the_screen():
    history = History().say("add", TRUST, is_assisted=False)
    assert not history.state.is_assisted

    assert history.say("done", is_assisted=True).state.is_assisted


@pytest.fixture
def desk(study):
    import_coded(study, make_interview(texts=("Synthetic one.", "Synthetic two.", "Three.")))
    with study.database.write() as connection:
        return set_desk(connection)


def decide(connection, desk, action, *verdicts, excerpt=0, undoes=None):
    made = Action(action, desk.coder_id, desk.excerpt_ids[excerpt], verdicts, undoes)
    return record_action(connection, made, now=LATER)


def state_of(connection, desk, excerpt=0):
    return read_state(connection, desk.coder_id, desk.excerpt_ids[excerpt])


def n_decisions(connection, desk):
    query = sa.select(sa.func.count()).select_from(t.decision)
    return connection.scalar(query.where(t.decision.c.coder_id == desk.coder_id))


def test_same_action_twice_decides_once(study, desk):
    accept = Verdict("accept", desk.code_ids[0], desk.suggestions[0].id)
    with study.database.write() as connection:
        assert decide(connection, desk, "a", accept, Verdict("done"))

    with study.database.write() as connection:
        assert not decide(connection, desk, "a", accept, Verdict("done"))

        assert n_decisions(connection, desk) == 2
        assert state_of(connection, desk).given == desk.code_ids[:1]


def test_action_id_of_another_excerpt_is_refused(study, desk):
    with study.database.write() as connection:
        decide(connection, desk, "a", Verdict("done"))

    with (
        study.database.write() as connection,
        pytest.raises(StudyError, match="Action a was used before, for another excerpt"),
    ):
        decide(connection, desk, "a", Verdict("done"), excerpt=1)


def test_two_coders_may_use_the_same_action_id(study, desk):
    with study.database.write() as connection:
        anna = connection.scalar(sa.select(t.coder.c.id).where(t.coder.c.name == "anna"))
        decide(connection, desk, "a", Verdict("done"))

        assert decide(connection, replace(desk, coder_id=anna), "a", Verdict("reopen"))

        assert find_action(connection, desk.coder_id, "a") == desk.excerpt_ids[0]
        assert find_action(connection, anna, "b") is None


def test_decision_names_the_suggestion_it_answers(study, desk):
    suggestion = desk.suggestions[0]
    with study.database.write() as connection:
        decide(connection, desk, "a", Verdict("accept", desk.code_ids[0], suggestion.id))

        row = connection.execute(sa.select(t.decision).where(t.decision.c.action == "a")).one()

    assert (row.suggestion_id, row.excerpt_id, row.is_assisted, row.made_at) == (
        suggestion.id,
        suggestion.excerpt_id,
        True,
        LATER,
    )


def test_given_code_is_coded_on_the_excerpts_span(study, desk):
    with study.database.write() as connection:
        verdicts = (Verdict("accept", desk.code_ids[0]), Verdict("reject", desk.code_ids[1]))
        decide(connection, desk, "a", *verdicts, excerpt=1)

        rows = connection.execute(sa.select(t.coding).where(t.coding.c.coder_id == desk.coder_id))

        spans = [(row.start_char, row.end_char, row.code_id) for row in rows]
    assert spans == [(15, 29, desk.code_ids[0])]


def test_last_action_is_the_latest_that_still_counts(study, desk):
    with study.database.write() as connection:
        assert last_action(connection, desk.coder_id) is None
        decide(connection, desk, "a", Verdict("done"))
        decide(connection, desk, "b", Verdict("unsure"), excerpt=1)
        assert last_action(connection, desk.coder_id).action == "b"

        decide(connection, desk, "c", Verdict("undo"), excerpt=1, undoes="b")

        assert last_action(connection, desk.coder_id).action == "a"


def test_histories_are_read_by_excerpt_and_coder_in_order(study, desk):
    with study.database.write() as connection:
        decide(connection, desk, "a", Verdict("unsure"))
        decide(connection, desk, "b", Verdict("unsure"), excerpt=1)
        decide(connection, desk, "c", Verdict("done"))
        version_id = connection.scalar(sa.select(t.transcript_version.c.id))

        histories = decisions_of(connection, version_id)

    mine = histories[desk.excerpt_ids[0], desk.coder_id]
    assert [decision.action for decision in mine] == ["a", "c"]
    assert len(histories) == 2 + 3


# Which excerpt, what is done to it, and to which of its codes or earlier actions.
steps = st.tuples(
    st.integers(0, 2),
    st.sampled_from(
        ["accept", "reject", "add", "remove", "finish", "reopen", "unsure", "undo", "undo"]
    ),
    st.integers(0, 20),
)


def verdicts_of(kind, number, desk, state):
    code_id = desk.code_ids[number % len(desk.code_ids)]
    if kind in ("reopen", "unsure"):
        return (Verdict(kind),)
    if kind == "finish":
        settled = (*state.given, *state.rejected)
        left = (code for code in desk.code_ids[:2] if code not in settled)
        return (*(Verdict("pass_over", code) for code in left), Verdict("done"))
    return (Verdict(kind, code_id),)


def act(connection, desk, name, step, earlier):
    excerpt, kind, number = step
    if kind != "undo":
        verdicts = verdicts_of(kind, number, desk, state_of(connection, desk, excerpt))
        return decide(connection, desk, name, *verdicts, excerpt=excerpt)
    if not earlier[excerpt]:
        return False
    undone = earlier[excerpt][number % len(earlier[excerpt])]
    return decide(connection, desk, name, Verdict("undo"), excerpt=excerpt, undoes=undone)


def expected_item(connection, desk, excerpt):
    state = state_of(connection, desk, excerpt)
    return (state.is_done, state.is_unsure, len(state.given))


def found_item(connection, desk, excerpt):
    item = read_item(connection, desk.coder_id, desk.excerpt_ids[excerpt])
    return (item.is_done, item.is_unsure, item.n_given)


@settings(max_examples=30)
@given(st.lists(steps, max_size=14))
def test_queue_is_what_the_decisions_say_after_every_action(study, desk, taken):
    with rolled_back(study) as connection:
        earlier = ([], [], [])
        for number, step in enumerate(taken):
            if act(connection, desk, f"action-{number}", step, earlier):
                earlier[step[0]].append(f"action-{number}")

            for excerpt in range(3):
                assert found_item(connection, desk, excerpt) == expected_item(
                    connection, desk, excerpt
                )

        assert find_drift(connection) == []


@settings(max_examples=30)
@given(st.lists(steps, max_size=10))
def test_undoing_the_latest_action_gives_the_state_before_it(study, desk, taken):
    with rolled_back(study) as connection:
        earlier = ([], [], [])
        for number, step in enumerate(taken):
            excerpt, before = step[0], state_of(connection, desk, step[0])
            if not act(connection, desk, f"action-{number}", step, earlier):
                continue
            decide(
                connection,
                desk,
                f"undo-{number}",
                Verdict("undo"),
                excerpt=excerpt,
                undoes=f"action-{number}",
            )
            after = state_of(connection, desk, excerpt)
            # Whoever saw a suggestion once has seen it.
            assert replace(after, is_assisted=before.is_assisted) == before
            decide(
                connection,
                desk,
                f"redo-{number}",
                Verdict("undo"),
                excerpt=excerpt,
                undoes=f"undo-{number}",
            )
            earlier[excerpt].append(f"action-{number}")


@settings(max_examples=30)
@given(st.lists(steps, max_size=10))
def test_undoing_everything_in_reverse_leaves_an_untouched_queue(study, desk, taken):
    with rolled_back(study) as connection:
        earlier, names = ([], [], []), count()
        for step in taken:
            name = f"action-{next(names)}"
            if act(connection, desk, name, step, earlier):
                earlier[step[0]].append(name)
        n_before = n_decisions(connection, desk)

        n_undone = 0
        while (latest := last_action(connection, desk.coder_id)) is not None:
            excerpt = desk.excerpt_ids.index(latest.excerpt_id)
            undo = Verdict("undo")
            decide(connection, desk, f"u{next(names)}", undo, excerpt=excerpt, undoes=latest.action)
            n_undone += 1

        assert n_decisions(connection, desk) == n_before + n_undone
        for excerpt in range(3):
            state = state_of(connection, desk, excerpt)
            assert replace(state, is_assisted=False) == ExcerptState()
            assert found_item(connection, desk, excerpt) == (False, False, 0)


def test_excerpt_seen_with_suggestions_stays_assisted_when_that_is_undone():
    history = History().say("accept", TRUST, action="seen").say("undo", undoes="seen")

    state = history.say("done", is_assisted=False).state

    assert state.is_assisted
    assert state.given == ()


def test_action_cannot_be_undone_from_another_excerpt(study, desk):
    one, other = desk.excerpt_ids[:2]
    with study.database.write() as connection:
        record_action(connection, Action("a", desk.coder_id, one, (Verdict("done"),)), now=LATER)

        with pytest.raises(StudyError, match="cannot be undone there"):
            record_action(
                connection,
                Action("b", desk.coder_id, other, (Verdict("undo"),), undoes="a"),
                now=LATER,
            )
