"""The database finds the same codings as replay does; every word here was invented."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.decisions import Action, Verdict, decisions_on, excerpts_of, find_action, record_action
from study.excerpt_state import replay
from study.records import Span
from study.standing_codings import (
    CodeCount,
    Wanted,
    count_codes,
    find_queued,
    select_standing,
)
from tests.study.synthetic import LATER, import_coded, make_interview, rolled_back, set_desk

SPANS = (None, Span(3, 9), Span(5, 20))


@pytest.fixture
def desk(study):
    import_coded(study, make_interview())
    with study.database.write() as connection:
        return set_desk(connection)


def decide(connection, desk, name, excerpt, *verdicts, undoes=None):
    action = Action(name, desk.coder_id, desk.excerpt_ids[excerpt], verdicts, undoes=undoes)
    record_action(connection, action, now=LATER)


def found(connection, desk, **wanted):
    rows = connection.execute(select_standing(Wanted(desk.coder_id, **wanted)))
    return {
        (
            row.excerpt_id,
            row.code_id,
            None if row.is_whole else Span(row.start_char, row.end_char),
            row.verdict == "mark",
        )
        for row in rows
    }


def replayed(connection, desk):
    codings = set()
    for (excerpt_id, coder_id), history in decisions_on(connection, desk.excerpt_ids).items():
        state = replay(history)
        if coder_id != desk.coder_id:
            continue
        by_words = {
            (excerpt_id, each.code_id, each.span, each.is_outside) for each in state.passages
        }
        codings |= by_words
        codings |= {(excerpt_id, code_id, None, False) for code_id in state.whole}
    return codings


verdicts = st.one_of(
    st.tuples(st.sampled_from(["accept", "reject", "pass_over"]), st.just(None)),
    st.tuples(st.sampled_from(["add", "remove"]), st.sampled_from(SPANS)),
    st.tuples(st.just("mark"), st.sampled_from(SPANS[1:])),
)
steps = st.one_of(
    st.tuples(st.integers(0, 1), verdicts, st.integers(0, 1)),
    st.tuples(st.integers(0, 1), st.just(("undo", None)), st.integers(0, 9)),
)


@given(st.lists(steps, max_size=12))
def test_database_finds_the_codings_that_replay_finds(study, desk, taken):
    with rolled_back(study) as connection:
        numbers, earlier = count(), ([], [])
        for excerpt, (verdict, span), which in taken:
            name = f"action-{next(numbers)}"
            if verdict == "undo":
                # Also undos are undone here, which the page never does.
                if not earlier[excerpt] or which >= len(earlier[excerpt]):
                    continue
                undoes = earlier[excerpt][which]
                if undoes.startswith("undo undo"):
                    continue
                name = f"undo {undoes}" if undoes.startswith("undo") else f"undo {name}"
                if find_action(connection, desk.coder_id, name) is not None:
                    continue
                decide(connection, desk, name, excerpt, Verdict("undo"), undoes=undoes)
            else:
                code = desk.code_ids[which]
                decide(connection, desk, name, excerpt, Verdict(verdict, code, span=span))
            earlier[excerpt].append(name)

        assert found(connection, desk) == replayed(connection, desk)


def test_undo_takes_back_what_an_action_gave_in_every_excerpt(study, desk):
    first, second = desk.excerpt_ids[:2]
    code, span = desk.code_ids[0], Span(3, 60)
    with rolled_back(study) as connection:
        both = (
            Verdict("add", code, span=span),
            Verdict("add", code, span=span, excerpt_id=second),
        )
        decide(connection, desk, "both", 0, *both)
        assert excerpts_of(connection, desk.coder_id, "both") == {first, second}
        assert len(found(connection, desk)) == 2

        decide(connection, desk, "undo", 0, Verdict("undo"), undoes="both")

        assert found(connection, desk) == set()


def test_code_of_a_whole_excerpt_lies_where_the_coder_bounds_it(study, desk):
    with rolled_back(study) as connection:
        decide(connection, desk, "give", 0, Verdict("add", desk.code_ids[0]))
        decide(connection, desk, "move", 0, Verdict("bound", span=Span(2, 30)))

        (row,) = connection.execute(select_standing(Wanted(desk.coder_id)))

    assert (row.start_char, row.end_char, row.is_whole) == (2, 30, 1)


def test_words_across_excerpts_are_one_passage_and_count_for_each_excerpt(study, desk):
    code, span = desk.code_ids[0], Span(3, 60)
    with rolled_back(study) as connection:
        second = Verdict("add", code, span=span, excerpt_id=desk.excerpt_ids[1])
        decide(connection, desk, "both", 0, Verdict("add", code, span=span), second)
        decide(connection, desk, "outside", 2, Verdict("mark", code, span=Span(1, 2)))

        assert count_codes(connection, Wanted(desk.coder_id)) == {code: CodeCount(2, 2)}


def test_merged_codes_count_for_what_they_were_merged_into(study, desk):
    old, new = desk.code_ids[:2]
    with rolled_back(study) as connection:
        for name, code in (("old", old), ("new", new)):
            decide(connection, desk, name, 0, Verdict("add", code))
        decide(connection, desk, "other", 1, Verdict("add", old))
        wanted = Wanted(desk.coder_id, into={old: new}, codes=frozenset({new}))

        assert count_codes(connection, wanted) == {new: CodeCount(2, 0)}
        rows = connection.execute(select_standing(wanted)).all()

    assert sorted(bool(row.is_older) for row in rows) == [False, True, True]


def test_interviews_that_are_hidden_or_not_wanted_are_left_out(study, desk):
    with rolled_back(study) as connection:
        decide(connection, desk, "give", 0, Verdict("add", desk.code_ids[0]))
        (queued,) = find_queued(connection)

        assert found(connection, desk, hidden=frozenset({queued})) == set()
        assert found(connection, desk, only=frozenset()) == set()
        assert len(found(connection, desk, only=frozenset({queued}))) == 1


def test_interviews_are_queued_for_somebody_or_for_one_coder(study, desk):
    with study.database.read() as connection:
        assert len(find_queued(connection)) == 1
        assert find_queued(connection, desk.coder_id) == find_queued(connection)
        assert find_queued(connection, desk.coder_id + 99) == frozenset()
