"""In whatever order excerpts come, each comes once, and those owed blind before the others."""

import math

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.order import suggest_in_order
from pipeline.ordering import order_excerpts, weigh_uncertainty
from pipeline.run import open_work
from pipeline.work import call_plainly
from study import tables as t
from study.decisions import Action, Verdict, record_action
from study.records import Excerpt, Span, Suggestion
from study.review_queue import find_coder, first_open, list_items, queue_excerpts
from study.settings import save_setting
from study.suggestions import read_suggestions
from study.transcripts import list_transcripts, read_excerpts
from tests.fakes import NOW
from tests.study.synthetic import import_coded, make_interview, rolled_back, set_desk

ORDERS = ("transcript", "useful", "code")
GUIDS = ("T", "C", "S")
TEXTS = tuple(f"Synthetic words, number {n}." for n in range(5))


def suggestion(excerpt_id, guid, score=2.0, rank=1, probability=None):
    return Suggestion(
        id=1,
        excerpt_id=excerpt_id,
        code_guid=guid,
        code_key=guid.lower(),
        score=score,
        rank=rank,
        method="similarity",
        evidence={},
        run_id=1,
        encoder="synthetic-encoder",
        model="a" * 64,
        codebook_version=1,
        probability=probability,
    )


def excerpt(row):
    return Excerpt(row, f"e{row}", row, Span(row, row + 1), "s", f"h{row}")


def ordered(order, suggestions, n_excerpts=6):
    """Give the excerpts, numbered from 1, as they come."""
    excerpts = [excerpt(row) for row in range(1, n_excerpts + 1)]
    places = order_excerpts(order, excerpts, suggestions, guids=GUIDS, min_score=1.0)
    return sorted(places, key=lambda row: (places[row], row))


def test_transcript_order_gives_every_excerpt_the_same_place():
    places = order_excerpts(
        "transcript", [excerpt(1), excerpt(2)], [suggestion(2, "T")], guids=GUIDS, min_score=1.0
    )

    assert places == {1: 0.0, 2: 0.0}


def test_useful_order_begins_where_probabilities_are_least_sure():
    made = [
        suggestion(2, "T", probability=0.95),
        suggestion(3, "T", probability=0.5),
        suggestion(5, "T", probability=0.9),
        suggestion(5, "C", probability=0.3, rank=2),
    ]

    assert ordered("useful", made) == [5, 3, 2, 1, 4, 6]


def test_useful_order_begins_at_the_threshold_where_there_are_scores_only():
    made = [suggestion(2, "T", 4.0), suggestion(4, "T", 1.1), suggestion(5, "T", 2.0)]

    assert ordered("useful", made) == [4, 5, 2, 1, 3, 6]


def test_score_at_the_threshold_weighs_as_much_as_a_probability_of_a_half():
    by_score = weigh_uncertainty([suggestion(1, "T", 1.5)], min_score=1.5)
    by_probability = weigh_uncertainty([suggestion(1, "T", probability=0.5)], min_score=1.5)

    assert by_score == by_probability == 0.25


def test_score_far_from_the_threshold_weighs_nothing():
    assert weigh_uncertainty([suggestion(1, "T", 5_000.0)], min_score=1.0) == 0.0


def test_one_code_at_a_time_comes_in_the_order_of_the_codebook_strongest_first():
    made = [
        suggestion(1, "S", 9.0),
        suggestion(2, "C", 2.0),
        suggestion(2, "T", 1.9, rank=2),
        suggestion(4, "T", 1.5),
        suggestion(5, "C", 3.0),
        suggestion(6, "T", 2.5),
    ]

    assert ordered("code", made) == [6, 4, 5, 2, 1, 3]


def test_one_code_at_a_time_goes_by_probability_where_there_is_one():
    made = [suggestion(1, "T", 9.0, probability=0.2), suggestion(2, "T", 1.0, probability=0.7)]

    assert ordered("code", made, 3) == [2, 1, 3]


def test_code_that_the_codebook_lost_comes_before_excerpts_without_suggestions():
    made = [suggestion(2, "gone"), suggestion(3, "S")]

    assert ordered("code", made, 3) == [3, 2, 1]


many_suggestions = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from([*GUIDS, "gone"]),
        st.floats(-5, 10),
        st.none() | st.floats(0, 1),
    ),
    unique_by=lambda made: made[:2],
)


def as_suggestions(drawn):
    ranks = {}
    for row, guid, score, probability in drawn:
        ranks[row] = ranks.get(row, 0) + 1
        yield suggestion(row, guid, score, ranks[row], probability)


@given(st.sampled_from(ORDERS), many_suggestions)
@settings(deadline=None, derandomize=True)
def test_every_excerpt_has_one_place_whoever_suggested_what(order, drawn):
    places = order_excerpts(
        order,
        [excerpt(row) for row in range(1, 7)],
        list(as_suggestions(drawn)),
        guids=GUIDS,
        min_score=1.0,
    )

    assert sorted(places) == [1, 2, 3, 4, 5, 6]
    assert all(math.isfinite(place) for place in places.values())


@pytest.fixture
def queued_study(sqlite, tmp_path):
    """Give a study of two interviews of five excerpts; on SQLite only, every example writes."""
    with sqlite.new_study(tmp_path / "queued", is_synthetic=True) as study:
        import_coded(study, *(make_interview(label, TEXTS, coders=()) for label in ("S1", "S2")))
        with study.database.write() as connection:
            set_desk(connection)
        yield study


def draw(connection, excerpts, drawn):
    for place, each in enumerate(excerpts):
        row = {"excerpt_id": each.id, "rate": 0.5, "is_drawn": place in drawn, "drawn_at": NOW}
        connection.execute(sa.insert(t.blind_draw).values(row))


def finish_all(connection, coder):
    """Finish whatever comes next until nothing does; give the items as they came."""
    came, after = [], None
    while (item := first_open(connection, coder, after=after)) is not None:
        action = Action(f"finish {len(came)}", coder, item.excerpt_id, (Verdict("done"),))
        record_action(connection, action, now=NOW)
        came.append(item)
        after = item
    return came


places = st.sets(st.integers(0, 4))


@given(
    st.sampled_from(ORDERS), st.tuples(many_suggestions, many_suggestions), places, places, places
)
@settings(deadline=None, derandomize=True, max_examples=40)
def test_each_open_excerpt_comes_once_and_those_owed_blind_first(
    queued_study, order, made, first_drawn, other_drawn, done
):
    with rolled_back(queued_study) as connection:
        coder = find_coder(connection, "coder")
        interviews, owed = [], set()
        for transcript, drawn, chosen in zip(
            list_transcripts(connection), (first_drawn, other_drawn), made, strict=True
        ):
            excerpts = read_excerpts(connection, transcript)
            draw(connection, excerpts, drawn)
            rows = [one for one in as_suggestions(chosen) if one.excerpt_id <= len(excerpts)]
            numbered = [excerpt(place) for place in range(1, len(excerpts) + 1)]
            found = order_excerpts(order, numbered, rows, guids=GUIDS, min_score=1.0)
            by_row = {each.id: found[n] for n, each in enumerate(excerpts, start=1)}
            queue_excerpts(connection, transcript, excerpts, 1, by_row)
            interviews.append(transcript.interview_id)
            owed |= {excerpts[place].id for place in drawn}
        first = list_items(connection, coder, interviews[0])
        for place in done:
            row = first[place].excerpt_id
            owed.discard(row)
            action = Action(f"early {row}", coder, row, (Verdict("done"),))
            record_action(connection, action, now=NOW)

        came = finish_all(connection, coder)

    assert len({item.excerpt_id for item in came}) == len(came) == 10 - len(done)
    keys = [
        (
            interviews.index(item.interview_id),
            item.excerpt_id not in owed,
            0 if item.excerpt_id in owed else item.priority,
            item.position,
        )
        for item in came
    ]
    assert keys == sorted(keys)


def run_with(folder, order):
    save_setting(folder / "study.toml", "queue_order", order)
    with open_work(folder) as work:
        return suggest_in_order(call_plainly, work).state


def read_places(study):
    with study.database.read() as connection:
        return connection.execute(
            sa.select(t.queue_item).order_by(t.queue_item.c.interview_id, t.queue_item.c.position)
        ).all()


def test_another_order_in_the_settings_changes_places_and_nothing_else(coded_study):
    with open_work(coded_study.folder) as work:
        suggest_in_order(call_plainly, work)
    before = read_places(coded_study)
    with coded_study.database.write() as connection:
        done = Action("done", before[0].coder_id, before[0].excerpt_id, (Verdict("done"),))
        record_action(connection, done, now=NOW)

    run_with(coded_study.folder, "code")

    after = read_places(coded_study)
    assert {row.priority for row in before} == {0.0}
    assert len({row.priority for row in after}) > 1
    assert [row.is_done for row in after] == [True] + [False] * (len(after) - 1)
    assert [row[:5] for row in after] == [row[:5] for row in before]
    with coded_study.database.read() as connection:
        suggested = {each.excerpt_id for each in read_suggestions(connection, model_id=1)}
    last = [row for row in after if row.excerpt_id not in suggested]
    for row in last:
        mine = [each.priority for each in after if each.interview_id == row.interview_id]
        assert row.priority == max(mine)


def test_order_that_stands_already_is_not_queued_again(coded_study):
    states = [run_with(coded_study.folder, order) for order in ("useful", "useful", "transcript")]

    assert states[1] == "nothing new"
    assert {row.priority for row in read_places(coded_study)} == {0.0}
