"""Facts about notes on codes, participants and the study; every word was invented."""

import pytest
import sqlalchemy as sa

from study import tables as t
from study.draws import list_owing
from tests.review.codings import (  # noqa: F401 - a fixture
    ENGLISH,
    FIRST,
    add_participant,
    as_coder,
    give,
    note,
    read,
    shared,
)
from tests.review.conftest import CLICK, TRUST
from tests.review.lists import owe


def test_note_keeps_every_wording_and_the_newest_stands(page):
    note(page, subject="code", guid=TRUST, text="synthetic first")
    note(page, subject="code", guid=TRUST, text="synthetic first ")
    answer = note(page, subject="code", guid=TRUST, text="synthetic second").json()

    assert answer["text"] == "synthetic second"
    assert [each["text"] for each in answer["earlier"]] == ["synthetic first"]
    assert answer["earlier"][0]["day"] == "2026-03-01 09:00 UTC"
    assert "synthetic second" in page.client.get(f"/codes/{TRUST}").text
    assert "synthetic second" not in page.client.get(f"/codes/{CLICK}").text


def test_note_on_the_study_stands_with_the_codes_and_a_blank_one_is_none(page):
    note(page, subject="study", text="synthetic <b>thought</b>")
    text = page.client.get("/codes").text
    assert "synthetic" in text
    assert "<b>thought" not in text

    answer = note(page, subject="study", text=" ").json()

    assert answer["text"] == ""
    assert len(answer["earlier"]) == 1


def test_what_is_owed_is_looked_up_once_for_the_notes_on_all_participants(page, monkeypatch):
    asked = []

    def count(connection, coder_id):
        asked.append(coder_id)
        return list_owing(connection, coder_id)

    monkeypatch.setattr("review.memo_notes.list_owing", count)
    for interview, excerpt_id in (("D1", FIRST), ("E1", ENGLISH)):
        add_participant(page, interview, f"P{interview}")
        give(page, excerpt_id)

    assert len(read(page)["participants"]) == 2
    assert len(asked) == 1


def test_note_on_a_participant_stands_beside_the_name(page):
    person = add_participant(page, "D1", "P1")
    give(page, FIRST)

    assert note(page, subject="participant", subject_id=person, text="synthetic").status_code == 200

    answer = read(page)
    assert answer["participants"][str(person)]["label"] == "P1"
    assert answer["participants"][str(person)]["note"]["text"] == "synthetic"
    assert answer["people"] == {str(answer["readings"][0]["interview_id"]): [person]}


def test_notes_of_others_are_read_by_a_lead_who_owes_nothing_blind(shared):
    note(as_coder(shared, "bram"), subject="code", guid=TRUST, text="synthetic by bram")
    own = note(as_coder(shared, "anna"), subject="code", guid=TRUST, text="by anna").json()
    assert [(each["coder"], each["text"]) for each in own["others"]] == [
        ("bram", "synthetic by bram")
    ]

    assert "by anna" not in as_coder(shared, "bram").client.get(f"/codes/{TRUST}").text
    owe(shared, "D1")
    assert "by bram" not in as_coder(shared, "anna").client.get(f"/codes/{TRUST}").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"subject": "code"}, 422),
        ({"subject": "study", "guid": TRUST}, 422),
        ({"subject": "participant", "guid": TRUST}, 422),
        ({"subject": "excerpt"}, 422),
        ({"subject": "code", "guid": "nothing"}, 404),
        ({"subject": "participant", "subject_id": 999}, 404),
    ],
)
def test_note_on_nothing_known_is_refused(page, sent, status):
    assert note(page, text="synthetic", **sent).status_code == status


def test_note_on_a_participant_of_no_interview_of_theirs_is_refused(shared):
    person = add_participant(shared, "D1", "P1")
    with shared.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item).where(t.queue_item.c.excerpt_id <= 5))

    refused = note(as_coder(shared, "bram"), subject="participant", subject_id=person, text="x")

    assert refused.status_code == 404
