"""Which coded excerpts may be shown as evidence, and to whom; every word here is synthetic."""

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from study import tables as t
from study.cuts import publish_segmentation, store_segmentation
from study.decisions import Action, Verdict, record_action
from study.draws import find_owed
from study.shown_evidence import have_words_moved, read_quotes
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import LATER, TEXTS, import_coded, make_interview, rolled_back, set_desk


@pytest.fixture
def page(study):
    """Two interviews, coded by anna as trust throughout, and queued for the page's coder."""
    interviews = [make_interview(label, keys=("trust",)) for label in ("S1", "S2")]
    import_coded(study, *interviews)
    with study.database.write() as connection:
        yield connection, set_desk(connection)


def quote(page, *excerpt_ids):
    connection, desk = page
    return read_quotes(connection, excerpt_ids, coder_id=desk.coder_id)


def draw(connection, excerpt_ids):
    made_at = connection.scalar(sa.select(t.study.c.made_at))
    for excerpt_id in excerpt_ids:
        row = {"excerpt_id": excerpt_id, "rate": 0.1, "is_drawn": True, "drawn_at": made_at}
        connection.execute(sa.insert(t.blind_draw).values(row))


def decide(page, excerpt_id, *verdicts, name="action", undoes=None, coder_id=None):
    connection, desk = page
    coder = desk.coder_id if coder_id is None else coder_id
    record_action(connection, Action(name, coder, excerpt_id, verdicts, undoes), now=LATER)


def coder_called(connection, name):
    return connection.scalar(sa.select(t.coder.c.id).where(t.coder.c.name == name))


def test_excerpt_is_quoted_as_it_stands_with_the_codes_that_anybody_gives_it(page):
    _, desk = page
    trust, other, _ = desk.code_ids
    second = desk.excerpt_ids[1]
    decide(page, second, Verdict("add", other))

    found = quote(page, second)

    assert {each: (q.interview, q.language, q.text) for each, q in found.items()} == {
        second: ("S1", "nl", TEXTS[1])
    }
    assert found[second].given == {trust, other}


def test_nothing_asked_is_nothing_read(page):
    assert quote(page) == {}


def test_excerpts_that_are_not_there_or_hold_no_words_are_left_out(page):
    _, desk = page

    assert quote(page, desk.excerpt_ids[4], 999_999) == {}


def test_code_that_was_taken_back_is_given_no_more(page):
    connection, desk = page
    trust, excerpt_id = desk.code_ids[0], desk.excerpt_ids[0]
    anna = coder_called(connection, "anna")

    decide(page, excerpt_id, Verdict("remove", trust), coder_id=anna)
    assert quote(page, excerpt_id)[excerpt_id].given == set()

    decide(page, excerpt_id, Verdict("undo"), name="back", undoes="action", coder_id=anna)
    assert quote(page, excerpt_id)[excerpt_id].given == {trust}


def test_code_stays_as_long_as_one_of_two_coders_gives_it(page):
    _, desk = page
    trust, excerpt_id = desk.code_ids[0], desk.excerpt_ids[0]

    decide(page, excerpt_id, Verdict("reject", trust))

    assert quote(page, excerpt_id)[excerpt_id].given == {trust}


def test_excerpts_of_an_interview_that_the_coder_owes_are_left_out(page):
    connection, desk = page
    mine, others = desk.excerpt_ids[:6], desk.excerpt_ids[6:]
    draw(connection, [mine[2]])

    assert set(quote(page, mine[0], others[0])) == {others[0]}

    decide(page, mine[2], Verdict("done"))
    assert set(quote(page, mine[0], others[0])) == {mine[0], others[0]}


def test_excerpts_of_an_interview_that_was_not_queued_are_left_out(page):
    connection, desk = page
    unqueued = t.queue_item.c.excerpt_id.in_(desk.excerpt_ids[6:])
    connection.execute(sa.delete(t.queue_item).where(unqueued))

    assert set(quote(page, desk.excerpt_ids[0], desk.excerpt_ids[6])) == {desk.excerpt_ids[0]}


def test_excerpts_of_an_earlier_cut_are_left_out_and_their_codes_count_in_the_new_one(page):
    connection, desk = page
    transcript = list_transcripts(connection)[0]
    old = read_excerpts(connection, transcript)
    cut = store_segmentation(
        connection,
        transcript.id,
        method="synthetic",
        labels=["n1", "n2"],
        positions=[0, 1],
        spans=[old[0].span, old[1].span],
        now=LATER,
    )
    publish_segmentation(connection, transcript.id, "synthetic")

    found = quote(page, old[0].id, *cut)

    assert {each: q.given for each, q in found.items()} == dict.fromkeys(
        cut, frozenset(desk.code_ids[:1])
    )


def test_words_of_an_earlier_version_are_left_out(page):
    connection, desk = page
    connection.execute(sa.update(t.transcript_version).values(is_current=False))

    assert quote(page, *desk.excerpt_ids) == {}


def test_words_have_moved_after_a_redaction_only(page):
    connection, desk = page
    assert not have_words_moved(connection, desk.model.id)

    connection.execute(sa.update(t.model_version).values(state="redacted"))

    assert have_words_moved(connection, desk.model.id)


def test_one_screen_asks_the_database_equally_often_for_any_number_of_excerpts(page):
    connection, desk = page
    counted = []
    sa.event.listen(connection, "before_cursor_execute", lambda *_: counted.append(1))

    quote(page, desk.excerpt_ids[0])
    for_one = len(counted)
    quote(page, *desk.excerpt_ids)

    assert len(counted) == 2 * for_one


@settings(deadline=None, derandomize=True, max_examples=25)
@given(drawn=st.sets(st.integers(0, 11)), finished=st.sets(st.integers(0, 11)))
def test_owed_here_is_what_is_owed_everywhere(owing_study, drawn, finished):
    study, desk = owing_study
    with rolled_back(study) as connection:
        draw(connection, [desk.excerpt_ids[place] for place in drawn])
        for place in finished:
            done = Verdict("done")
            decide((connection, desk), desk.excerpt_ids[place], done, name=f"action {place}")
        shown = read_quotes(connection, desk.excerpt_ids, coder_id=desk.coder_id)
        owed = {
            transcript.interview
            for transcript in list_transcripts(connection)
            if find_owed(connection, desk.coder_id, transcript.interview_id)
        }

    assert {quoted.interview for quoted in shown.values()} == {"S1", "S2"} - owed


@pytest.fixture
def owing_study(study):
    import_coded(study, *(make_interview(label, keys=("trust",)) for label in ("S1", "S2")))
    with study.database.write() as connection:
        desk = set_desk(connection)
    return study, desk
