"""What was given a code is read across participants; every word here was invented."""

import pytest
import sqlalchemy as sa

from study import tables as t
from study.code_readings import (
    find_number,
    list_participants,
    list_pieces,
    read_code,
)
from study.codebooks import insert_row
from study.decisions import Action, Verdict, record_action
from study.memos import EXCERPT, store_memo
from study.records import Span, Transcript, Turn
from study.standing_codings import Wanted
from tests.study.synthetic import LATER, import_coded, make_interview, rolled_back, set_desk

SAID = ("Synthetic: how was it?", "Synthetic: it was calm.", "Synthetic: and then?", "Calm again.")


@pytest.fixture
def desk(study):
    people = {"S1": "P2", "S2": "P1", "S3": "P2"}
    interviews = [make_interview(label, SAID, participant=p) for label, p in people.items()]
    import_coded(study, *interviews)
    with study.database.write() as connection:
        return set_desk(connection)


def give(connection, desk, name, excerpt, *verdicts):
    action = Action(name, desk.coder_id, desk.excerpt_ids[excerpt], verdicts)
    record_action(connection, action, now=LATER)


def wanted(desk, **chosen):
    return Wanted(desk.coder_id, codes=frozenset({desk.code_ids[0]}), **chosen)


def test_codings_are_read_by_participant_in_transcript_order(study, desk):
    code = desk.code_ids[0]
    with rolled_back(study) as connection:
        for name, excerpt in (("a", 9), ("b", 5), ("c", 3), ("d", 1)):
            give(connection, desk, name, excerpt, Verdict("add", code))

        readings = read_code(connection, wanted(desk), start=0, n=10)

    places = [(reading.interview, reading.number) for reading in readings.found]
    assert readings.n_all == 4
    assert places == [("S1", 2), ("S1", 4), ("S3", 2), ("S2", 2)]


def test_some_are_read_with_their_words_and_all_are_counted(study, desk):
    with rolled_back(study) as connection:
        for excerpt in range(4):
            give(connection, desk, f"a{excerpt}", excerpt, Verdict("add", desk.code_ids[0]))

        readings = read_code(connection, wanted(desk), start=1, n=2)
        beyond = read_code(connection, wanted(desk), start=9, n=2)

    assert (readings.n_all, [each.number for each in readings.found]) == (4, [2, 3])
    assert (beyond.n_all, beyond.found) == (4, ())


def test_quote_has_its_speaker_and_the_question_before_it(study, desk):
    with rolled_back(study) as connection:
        give(connection, desk, "a", 1, Verdict("add", desk.code_ids[0]))

        (reading,) = read_code(connection, wanted(desk), start=0, n=10).found

    assert [(piece.speaker, piece.text) for piece in reading.pieces] == [("participant", SAID[1])]
    assert reading.question == SAID[0]
    assert reading.excerpt_id == desk.excerpt_ids[1]


def test_giver_is_told_with_memo_last_action_and_how_it_was_given(study, desk):
    code, excerpt_id = desk.code_ids[0], desk.excerpt_ids[1]
    with rolled_back(study) as connection:
        start = connection.scalar(
            sa.select(t.excerpt.c.start_char).where(t.excerpt.c.id == excerpt_id)
        )
        give(connection, desk, "a", 1, Verdict("add", code, span=Span(start + 2, start + 9)))
        memo_id = store_memo(
            connection,
            coder_id=desk.coder_id,
            subject=EXCERPT,
            subject_id=excerpt_id,
            text="synthetic memo",
            now=LATER,
        )
        give(connection, desk, "b", 1, Verdict("memo", memo_id=memo_id))

        (reading,) = read_code(connection, wanted(desk), start=0, n=10).found

    (giver,) = reading.givers
    assert (giver.memo, giver.last_action) == ("synthetic memo", "b")
    assert (giver.is_whole, giver.is_outside, giver.is_older) == (False, False, False)
    assert giver.is_in_queue
    assert reading.pieces[0].text == SAID[1][2:9]


def test_words_that_several_gave_are_one_reading_with_all_of_them(study, desk):
    code = desk.code_ids[0]
    with rolled_back(study) as connection:
        bram = insert_row(
            connection, t.coder, name="bram", role="coder", is_reviewing=False, added_at=LATER
        )
        give(connection, desk, "a", 1, Verdict("add", code))
        other = Action("x", bram, desk.excerpt_ids[1], (Verdict("add", code),))
        record_action(connection, other, now=LATER)

        everybody = Wanted(None, codes=frozenset({code}))
        (reading,) = read_code(connection, everybody, start=0, n=10).found

    assert [giver.coder for giver in reading.givers] == ["coder", "bram"]
    assert [giver.is_in_queue for giver in reading.givers] == [True, False]


def test_participants_are_named_with_their_attributes(study, desk):
    with rolled_back(study) as connection:
        person = connection.scalar(
            sa.select(t.participant.c.id).where(t.participant.c.label == "P1")
        )
        insert_row(
            connection, t.participant_attribute, participant_id=person, name="group", value="a"
        )

        people = list_participants(connection)

    told = {p.label: dict(p.attributes) for persons in people.values() for p in persons}
    assert told == {"P1": {"group": "a"}, "P2": {}}


def test_words_of_several_turns_are_parted_by_who_says_them():
    text = "how was it?\ncalm.\n\nand?"
    spans = [Span(0, 11), Span(12, 17), Span(18, 18), Span(19, 23)]
    turns = [
        Turn(name, span, None, ms)
        for name, span, ms in zip(("Interviewer", "P", "P", "I"), spans, (0, 9, 9, 20), strict=True)
    ]
    transcript = Transcript(1, 1, "S1", "en", "", 1, text=text)

    pieces = list(list_pieces(transcript, turns, Span(4, 21)))

    assert [(p.speaker, p.text, p.is_question) for p in pieces] == [
        ("Interviewer", "was it?", True),
        ("P", "calm.", False),
        ("I", "an", False),
    ]


def test_without_excerpts_words_have_no_number():
    assert find_number([], Span(0, 1)) is None
