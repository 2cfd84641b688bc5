"""Facts about how far coders are; the excerpts' words are synthetic."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from study import tables as t
from study.decisions import Action, Verdict, record_action
from study.draws import find_owed, list_owing
from study.progress import list_queued_coders, list_standing, list_unsure
from tests.study.synthetic import LATER, NOW, import_coded, make_interview, set_desk


@pytest.fixture
def desk(study):
    import_coded(study, make_interview("S1", ("One.", "Two.", "Three.")))
    import_coded(study, make_interview("S2", ("Four.", "Five.")))
    with study.database.write() as connection:
        zoe = {"name": "Zoë", "role": "coder", "is_reviewing": True, "added_at": NOW}
        connection.execute(sa.insert(t.coder).values(zoe))
        return set_desk(connection)


def decide(connection, desk, place, verdict, *, now=LATER, coder_id=None):
    coder_id, excerpt_id = coder_id or desk.coder_id, desk.excerpt_ids[place]
    action = Action(f"{verdict}-{place}-{coder_id}", coder_id, excerpt_id, (Verdict(verdict),))
    record_action(connection, action, now=now)


def other_than(connection, desk):
    (other,) = set(list_queued_coders(connection)) - {desk.coder_id}
    return other


def draw(connection, *excerpt_ids):
    connection.execute(
        sa.insert(t.blind_draw),
        [{"excerpt_id": e, "rate": 0.1, "is_drawn": True, "drawn_at": NOW} for e in excerpt_ids],
    )


def test_done_unsure_and_the_last_time_are_told_for_each_interview(study, desk):
    with study.database.write() as connection:
        decide(connection, desk, 0, "done", now=LATER)
        decide(connection, desk, 2, "unsure", now=LATER + timedelta(days=1))

        first, second = list_standing(connection, [desk.coder_id])

    assert (first.interview, first.n_excerpts, first.n_done, first.n_unsure) == ("S1", 3, 1, 1)
    assert first.last_at == LATER + timedelta(days=1)
    assert (second.interview, second.n_excerpts, second.n_done) == ("S2", 2, 0)
    assert second.last_at is None


def test_each_coder_stands_by_themselves(study, desk):
    with study.database.write() as connection:
        other = other_than(connection, desk)
        decide(connection, desk, 0, "done", coder_id=other)

        found = list_standing(connection, list_queued_coders(connection))

    assert [(each.interview, each.coder_id, each.n_done) for each in found] == [
        ("S1", *pair) for pair in sorted([(desk.coder_id, 0), (other, 1)])
    ] + [("S2", *pair) for pair in sorted([(desk.coder_id, 0), (other, 0)])]


def test_what_came_with_a_file_is_not_when_somebody_last_worked(study):
    import_coded(study, make_interview("S3", ("One.", "Two."), coders=("coder",)))
    with study.database.write() as connection:
        desk = set_desk(connection)

        (found,) = list_standing(connection, [desk.coder_id])

    assert (found.n_done, found.last_at) == (2, None)


def test_only_who_has_a_queue_is_listed(study, desk):
    with study.database.write() as connection:
        idle = {"name": "Idle", "role": "lead", "is_reviewing": False, "added_at": NOW}
        connection.execute(sa.insert(t.coder).values(idle))

        assert len(list_queued_coders(connection)) == 2


def test_unsure_excerpts_are_numbered_by_their_place_whatever_their_positions(study, desk):
    with study.database.write() as connection:
        item = t.queue_item.c
        connection.execute(sa.update(t.queue_item).values(position=item.position * 7 + 3))
        for place in (1, 2, 4):
            decide(connection, desk, place, "unsure")
        decide(connection, desk, 1, "done")

        found = list_unsure(connection, desk.coder_id)

    assert [(each.interview, each.number) for each in found] == [("S1", 3), ("S2", 2)]
    assert [each.excerpt_id for each in found] == [desk.excerpt_ids[2], desk.excerpt_ids[4]]


def test_an_interview_is_owing_exactly_as_long_as_excerpts_of_it_are_owed(study, desk):
    with study.database.write() as connection:
        draw(connection, desk.excerpt_ids[0], desk.excerpt_ids[1], desk.excerpt_ids[3])
        interviews = [each.interview_id for each in list_standing(connection, [desk.coder_id])]
        for place in (None, 0, 3, 1):
            if place is not None:
                decide(connection, desk, place, "done")

            assert list_owing(connection, desk.coder_id) == {
                each for each in interviews if find_owed(connection, desk.coder_id, each)
            }

        assert list_owing(connection, desk.coder_id) == frozenset()
        # What one coder finished is still owed by the other.
        assert list_owing(connection, other_than(connection, desk)) == set(interviews)


def test_who_has_no_queue_owes_nothing(study, desk):
    with study.database.write() as connection:
        draw(connection, *desk.excerpt_ids)
        connection.execute(sa.delete(t.queue_item).where(t.queue_item.c.coder_id == desk.coder_id))

        assert list_owing(connection, desk.coder_id) == frozenset()
