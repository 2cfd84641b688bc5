"""What people coded is read back as it stands now."""

import pytest
import sqlalchemy as sa

from study import tables as t
from study.codings import read_coded_rows, read_names, read_standing
from study.cuts import publish_segmentation, store_segmentation
from study.decisions import Action, Verdict, record_action
from study.records import Span
from study.transcripts import list_transcripts, read_excerpts, read_transcript
from tests.study.synthetic import LATER, NOW, import_coded, make_interview, set_desk


@pytest.fixture
def desk(study):
    interview = make_interview(texts=("One.", "Two."), coders=("anna", "ben"), keys=("trust",))
    import_coded(study, interview)
    with study.database.write() as connection:
        return set_desk(connection)


def decide(connection, desk, action, *verdicts, excerpt=0, undoes=None, is_assisted=True):
    made = Action(action, desk.coder_id, desk.excerpt_ids[excerpt], verdicts, undoes, is_assisted)
    return record_action(connection, made, now=LATER)


def rows_of_page(connection):
    return [row for row in read_coded_rows(connection) if row.coder == "coder"]


def test_excerpt_is_a_row_once_it_is_finished_and_as_long_as_it_is(study, desk):
    _, change, sharing = desk.code_ids
    with study.database.write() as connection:
        decide(connection, desk, "a", Verdict("add", sharing), Verdict("add", change))
        assert rows_of_page(connection) == []

        decide(connection, desk, "b", Verdict("done"))
        (row,) = rows_of_page(connection)
        decide(connection, desk, "c", Verdict("reopen"))

        assert (row.excerpt, row.keys) == ("S1-e0", ("sharing", "verandering"))
        assert rows_of_page(connection) == []


def test_rows_stay_where_they_were_first_finished(study, desk):
    with study.database.write() as connection:
        decide(connection, desk, "a", Verdict("done"), excerpt=1)
        decide(connection, desk, "b", Verdict("done"), excerpt=0)
        decide(connection, desk, "c", Verdict("reopen"), excerpt=1)
        decide(connection, desk, "d", Verdict("done"), excerpt=1)

        assert [row.excerpt for row in rows_of_page(connection)] == ["S1-e1", "S1-e0"]


def test_keys_that_stand_are_those_given_and_not_taken_back(study, desk):
    trust, change, _ = desk.code_ids
    with study.database.write() as connection:
        decide(connection, desk, "a", Verdict("accept", trust), Verdict("add", change))
        decide(connection, desk, "b", Verdict("remove", trust))
        (transcript,) = list_transcripts(connection)
        begun = read_standing(connection, transcript.id)
        decide(connection, desk, "c", Verdict("done"))

        standing = read_standing(connection, transcript.id)

    assert (desk.excerpt_ids[0], "coder") not in begun
    assert standing[desk.excerpt_ids[0], "coder"] == {"verandering"}
    assert standing[desk.excerpt_ids[0], "anna"] == {"trust"}
    assert (desk.excerpt_ids[1], "coder") not in standing


def test_excerpt_cut_anew_is_spoken_by_whoever_speaks_where_it_begins(study):
    import_coded(study, make_interview(texts=("One.", "Two.")), is_segmenting=True)
    with study.database.write() as connection:
        (waiting,) = list_transcripts(connection)
        store_segmentation(
            connection,
            waiting.id,
            method="sentences",
            labels=["s0", "s1"],
            positions=[0, 1],
            spans=[Span(0, 6), Span(6, 9)],
            now=NOW,
        )
        publish_segmentation(connection, waiting.id, "sentences")
        desk = set_desk(connection)
        for place in (0, 1):
            decide(connection, desk, f"a{place}", Verdict("done"), excerpt=place)

        rows = rows_of_page(connection)

        excerpts = read_excerpts(connection, read_transcript(connection, waiting.id))
    assert [(row.speaker, row.text) for row in rows] == [
        ("interviewer", "One.\nT"),
        ("participant", "wo."),
    ]
    assert tuple(excerpt.id for excerpt in excerpts) == desk.excerpt_ids


def test_names_are_given_by_row(study, desk):
    with study.database.read() as connection:
        names = read_names(connection, t.coder, "name")

        ids = connection.scalars(sa.select(t.coder.c.id)).all()
    assert sorted(names) == sorted(ids)
    assert names[desk.coder_id] == "coder"
