"""Every excerpt of every interview waits for each reviewing coder, in the order wanted."""

import pytest
import sqlalchemy as sa

from study import tables as t
from study.decisions import Action, Verdict, record_action
from study.errors import StudyError
from study.excerpt_state import ExcerptState
from study.review_queue import (
    InterviewProgress,
    derive_states,
    find_coder,
    first_open,
    list_items,
    list_progress,
    queue_excerpts,
    read_item,
    reviewing_coders,
)
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import (
    LATER,
    NOW,
    activate_model,
    import_coded,
    make_interview,
    set_desk,
    suggest_all,
)


@pytest.fixture
def desk(study):
    import_coded(study, make_interview("S2", ("One.", "Two.", "Three.")))
    import_coded(study, make_interview("S1", ("Four.", "Five.")))
    with study.database.write() as connection:
        return set_desk(connection)


def finish(connection, desk, *places):
    for place in places:
        excerpt_id = desk.excerpt_ids[place]
        action = Action(f"finish-{place}", desk.coder_id, excerpt_id, (Verdict("done"),))
        record_action(connection, action, now=LATER)


def test_every_excerpt_waits_in_transcript_order(study, desk):
    with study.database.read() as connection:
        transcripts = list_transcripts(connection)
        items = [
            item
            for transcript in transcripts
            for item in list_items(connection, desk.coder_id, transcript.interview_id)
        ]

    assert tuple(item.excerpt_id for item in items) == desk.excerpt_ids
    assert [item.position for item in items] == [0, 1, 2, 0, 1]
    assert {item.model_version_id for item in items} == {desk.model.id}
    assert not any(item.is_done or item.is_unsure or item.n_given for item in items)


def test_queueing_the_same_again_changes_nothing(study, desk):
    with study.database.write() as connection:
        for transcript in list_transcripts(connection):
            excerpts = read_excerpts(connection, transcript)

            assert queue_excerpts(connection, transcript, excerpts, desk.model.id) == 0


def test_excerpts_are_queued_for_every_reviewing_coder(study, desk):
    with study.database.write() as connection:
        connection.execute(
            sa.insert(t.coder).values(name="Zoë", role="coder", is_reviewing=True, added_at=NOW)
        )
        transcript = list_transcripts(connection)[0]

        n_new = queue_excerpts(
            connection, transcript, read_excerpts(connection, transcript), desk.model.id
        )

        zoe = find_coder(connection, "Zoë")
        assert n_new == len(list_items(connection, zoe, transcript.interview_id)) == 3
        assert reviewing_coders(connection) == ["Zoë", "coder"]


def test_coder_who_does_not_review_is_not_found(study, desk):
    with study.database.read() as connection:
        with pytest.raises(StudyError, match=r"'anna'.*themeloop suggest"):
            find_coder(connection, "anna")

        assert read_item(connection, 4711, desk.excerpt_ids[0]) is None


def test_decided_excerpts_keep_the_suggestions_that_were_on_the_screen(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, 1)
        newer = activate_model(connection, "b" * 64)

        n_changed = suggest_all(connection, newer)

        items = [read_item(connection, desk.coder_id, excerpt) for excerpt in desk.excerpt_ids]
    expected = [newer.id, desk.model.id, newer.id, newer.id, newer.id]
    assert [item.model_version_id for item in items] == expected
    assert n_changed == 4


def test_excerpt_whose_decision_was_undone_still_keeps_its_suggestions(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, 0)
        undo = Action("undo", desk.coder_id, desk.excerpt_ids[0], (Verdict("undo"),), "finish-0")
        record_action(connection, undo, now=LATER)

        suggest_all(connection, activate_model(connection, "b" * 64))

        item = read_item(connection, desk.coder_id, desk.excerpt_ids[0])
    assert (item.model_version_id, item.is_done) == (desk.model.id, False)


def test_decision_of_another_coder_leaves_an_excerpt_untouched(study, desk):
    with study.database.write() as connection:
        newer = activate_model(connection, "b" * 64)

        suggest_all(connection, newer)

        # Anna's file decided on every excerpt.
        item = read_item(connection, desk.coder_id, desk.excerpt_ids[0])
    assert item.model_version_id == newer.id


def test_first_open_excerpt_follows_the_one_just_left(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, 0, 2)
        items = [read_item(connection, desk.coder_id, excerpt) for excerpt in desk.excerpt_ids]

        def next_after(item):
            return first_open(connection, desk.coder_id, after=item).excerpt_id

        assert first_open(connection, desk.coder_id).excerpt_id == desk.excerpt_ids[1]
        assert next_after(items[0]) == desk.excerpt_ids[1]
        assert next_after(items[1]) == desk.excerpt_ids[3]
        assert next_after(items[3]) == desk.excerpt_ids[4]


def test_after_the_last_excerpt_the_first_open_one_comes(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, 0)
        last = read_item(connection, desk.coder_id, desk.excerpt_ids[-1])

        assert first_open(connection, desk.coder_id, after=last).excerpt_id == desk.excerpt_ids[1]


def test_nothing_is_open_once_everything_is_done(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, *range(5))
        last = read_item(connection, desk.coder_id, desk.excerpt_ids[-1])

        assert first_open(connection, desk.coder_id) is None
        assert first_open(connection, desk.coder_id, after=last) is None


def place_excerpts(connection, desk, *places):
    """Queue everything again, the first interview's excerpts in these places."""
    by_excerpt = dict(zip(desk.excerpt_ids, places, strict=False))
    return sum(
        queue_excerpts(connection, each, read_excerpts(connection, each), desk.model.id, by_excerpt)
        for each in list_transcripts(connection)
    )


def test_excerpt_in_a_lower_place_comes_first_within_its_interview(study, desk):
    with study.database.write() as connection:
        place_excerpts(connection, desk, 2.0, 0.0, 1.0)
        came = []
        while (item := first_open(connection, desk.coder_id)) is not None:
            came.append(desk.excerpt_ids.index(item.excerpt_id))
            finish(connection, desk, came[-1])

    assert came == [1, 2, 0, 3, 4]


def test_excerpt_that_is_left_open_is_followed_by_the_one_in_the_next_place(study, desk):
    with study.database.write() as connection:
        place_excerpts(connection, desk, 2.0, 0.0, 1.0)
        items = [read_item(connection, desk.coder_id, excerpt) for excerpt in desk.excerpt_ids]

        following = [first_open(connection, desk.coder_id, after=item) for item in items]

    came = [desk.excerpt_ids.index(item.excerpt_id) for item in following]
    assert came == [3, 2, 0, 4, 1]


def test_items_of_an_interview_are_listed_as_they_were_said_whatever_their_places(study, desk):
    with study.database.write() as connection:
        place_excerpts(connection, desk, 2.0, 0.0, 1.0)
        first = list_transcripts(connection)[0].interview_id

        items = list_items(connection, desk.coder_id, first)

    assert [item.position for item in items] == [0, 1, 2]
    assert [item.priority for item in items] == [2.0, 0.0, 1.0]


def test_only_places_that_changed_are_counted_and_what_was_done_stays(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, 0)

        changed = [place_excerpts(connection, desk, 1.0, 0.0, 1.0) for _ in range(2)]

        item = read_item(connection, desk.coder_id, desk.excerpt_ids[0])
    assert changed == [2, 0]
    assert (item.is_done, item.model_version_id, item.priority) == (True, desk.model.id, 1.0)


def test_next_excerpt_is_found_by_the_index_alone(sqlite, tmp_path):
    with sqlite.new_study(tmp_path / "indexed") as study:
        import_coded(study, make_interview("S1", ("One.", "Two.")))
        with study.database.write() as connection:
            desk = set_desk(connection)
            item = read_item(connection, desk.coder_id, desk.excerpt_ids[0])
            asked = []

            def note(_connection, _cursor, statement, parameters, *_):
                asked.append((statement, parameters))

            sa.event.listen(connection, "before_cursor_execute", note)
            first_open(connection, desk.coder_id)
            first_open(connection, desk.coder_id, after=item)
            sa.event.remove(connection, "before_cursor_execute", note)
            plans = [
                [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
                for sql, values in asked
                if "ORDER BY queue_item" in sql
            ]

    index = "ix_queue_item_coder_id_is_done_interview_id_priority_position"
    assert len(plans) >= 2
    assert all(len(plan) == 1 and f"USING INDEX {index}" in plan[0] for plan in plans)


def test_progress_counts_by_interview_in_the_order_they_were_added(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, 0, 1, 4)
        first, second = (item.interview_id for item in list_transcripts(connection))

        progress = list_progress(connection, desk.coder_id)

    assert progress == [
        InterviewProgress(first, "S2", n_excerpts=3, n_done=2),
        InterviewProgress(second, "S1", n_excerpts=2, n_done=1),
    ]


def test_states_are_derived_for_every_coder_who_decided(study, desk):
    with study.database.write() as connection:
        finish(connection, desk, 0)
        transcript = list_transcripts(connection)[0]

        states = derive_states(connection, transcript.id)

    assert states[desk.excerpt_ids[0], desk.coder_id] == ExcerptState(
        is_done=True, is_assisted=True
    )
    assert len(states) == 1 + 3
