"""Facts about the pages on codes; every word was invented."""

from uuid import uuid4

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from tests.review.codings import (  # noqa: F401 - a fixture
    ENGLISH,
    FIRST,
    SECOND,
    add_participant,
    as_coder,
    ask,
    counts,
    give,
    give_words,
    quotes,
    read,
    shared,
)
from tests.review.conftest import CLICK, NOW, SHAME, TRUST
from tests.review.lists import owe


def test_codes_are_listed_by_theme_with_how_often_they_were_given(page):
    give(page, FIRST)
    give_words(page, SECOND, 0, 5)
    give(page, ENGLISH, SHAME)

    text = page.client.get("/codes").text

    assert text.index("Bond") < text.index("Later") < text.index("Codes of no theme")
    assert text.count(f'href="/codes/{TRUST}"') == 2
    assert counts(page, TRUST)[:2] == [2, 1]
    assert counts(page, SHAME)[:2] == [1, 0]
    assert counts(page, CLICK)[:2] == [0, 0]


def test_interviews_with_excerpts_owed_blind_are_left_out_and_counted(page):
    give(page, FIRST)
    owe(page, "D1")

    assert counts(page, TRUST) == [0, 0, 0, 0]
    assert "One interview is left out" in page.client.get("/codes").text
    answer = read(page)
    assert (answer["n_all"], answer["readings"], answer["n_waiting"]) == (0, [], 1)
    everybody = read(page, whose="everybody")
    assert (everybody["n_all"], everybody["n_waiting"]) == (0, 1)


def test_lead_sees_what_everybody_gave_and_a_coder_only_their_own(shared):
    give(as_coder(shared, "bram"), FIRST)
    assert counts(shared, TRUST) == [1, 0]
    assert ask(shared, whose="everybody").status_code == 403

    give(as_coder(shared, "anna"), SECOND)

    assert counts(shared, TRUST) == [1, 0, 2, 0]
    assert len(read(shared)["readings"]) == 1
    givers = [r["givers"][0]["coder"] for r in read(shared, whose="everybody")["readings"]]
    assert givers == ["bram", "anna"]


def test_what_others_gave_is_hidden_from_a_lead_who_still_codes_blind(shared):
    give(as_coder(shared, "bram"), FIRST)
    owe(shared, "D1")

    assert counts(as_coder(shared, "anna"), TRUST) == [0, 0, 0, 0]
    assert read(shared, whose="everybody")["readings"] == []


def test_what_others_gave_before_anything_was_queued_is_hidden(shared):
    give(as_coder(shared, "bram"), FIRST)
    with shared.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item))

    assert read(as_coder(shared, "anna"), whose="everybody")["readings"] == []


def test_provisional_codes_are_marked_and_have_a_page(page):
    with page.study.database.write() as connection:
        guid = str(uuid4())
        row = insert_row(connection, t.code, guid=guid, key="proposed;x")
        coder_id = connection.scalar(sa.select(t.coder.c.id).where(t.coder.c.name == "anna"))
        insert_row(
            connection,
            t.proposed_code,
            code_id=row,
            coder_id=coder_id,
            name="Bus",
            memo="What is told of the bus.",
            state="provisional",
            made_at=NOW,
        )

    listed = page.client.get("/codes").text
    shown = page.client.get(f"/codes/{guid}").text

    assert "New codes that wait for the lead" in listed
    assert "Provisional" in listed.partition(guid)[2]
    assert "What is told of the bus." in shown
    assert "Provisional: it waits for the lead." in shown


def test_code_page_tells_what_the_code_means_in_the_readers_language(page):
    english = page.client.get(f"/codes/{TRUST}").text
    dutch = page.client.get(f"/codes/{TRUST}", headers={"Accept-Language": "nl"}).text

    assert "Trust: what it means (en)." in english
    assert "Trust: a rule (en)." in english
    assert "Trust: an example (en)." in english
    assert "Vertrouwen: what it means (nl)." in dutch
    assert page.client.get(f"/codes/{uuid4()}").status_code == 404


def test_codings_are_quotes_with_speaker_question_and_place(page):
    give(page, ENGLISH)
    give(page, FIRST)
    give_words(page, SECOND, 3, 9)

    answer = read(page)

    first, second, third = answer["readings"]
    assert first["pieces"][0]["text"] == "Ik wist meteen: haar kan ik geloven."
    assert first["pieces"][0]["speaker"] == "participant"
    assert first["question"] == "Hoe ging dat eerste gesprek?"
    assert (first["excerpt_id"], first["number"]) == (FIRST, 2)
    assert second["pieces"][0]["text"] == "daarna"
    assert second["givers"][0]["is_whole"] is False
    assert third["interview"] == "E1"
    assert (answer["n_all"], answer["next"]) == (3, None)


def test_moved_boundaries_are_where_the_quote_ends(page):
    give(page, FIRST)
    screen = page.screen(FIRST)
    verdict = {"verdict": "bound", "start_char": screen["frame"]["start_char"]}
    verdict["end_char"] = screen["frame"]["start_char"] + 14
    body = {"id": str(uuid4()), "excerpt_id": FIRST, "version_id": screen["version_id"]}
    page.client.post("/api/actions", json={**body, "verdicts": [verdict]})

    assert quotes(page) == ["Ik wist meteen"]


def test_code_is_changed_in_place_in_one_action_that_undo_takes_back(page):
    give_words(page, SECOND, 3, 9)
    (reading,) = read(page)["readings"]
    span, giver = reading["span"], reading["givers"][0]
    body = {
        "id": str(uuid4()),
        "excerpt_id": giver["excerpt_id"],
        "version_id": reading["version_id"],
        "after": giver["last_action"],
        "verdicts": [
            {"verdict": "remove", "code_guid": TRUST, **span},
            {"verdict": "add", "code_guid": CLICK, **span},
        ],
    }

    assert page.client.post("/api/actions", json=body).status_code == 200
    assert (quotes(page), quotes(page, CLICK)) == ([], ["daarna"])

    page.undo()
    assert (quotes(page), quotes(page, CLICK)) == (["daarna"], [])

    again = page.client.post("/api/actions", json={**body, "id": str(uuid4())})
    assert again.status_code == 409


def test_only_participants_of_a_group_are_read_where_one_is_chosen(page):
    add_participant(page, "D1", "P1", setting="home")
    add_participant(page, "E1", "P2", setting="clinic")
    give(page, FIRST)
    give(page, ENGLISH)

    assert "setting: clinic" in page.client.get(f"/codes/{TRUST}").text
    shown = read(page, attribute="setting", value="clinic")
    assert [each["interview"] for each in shown["readings"]] == ["E1"]
    assert read(page, attribute="setting", value="other")["readings"] == []
    everybody = read(page, whose="everybody", attribute="setting", value="home")
    assert [each["interview"] for each in everybody["readings"]] == ["D1"]


def test_more_codings_than_one_page_holds_follow(page, monkeypatch):
    monkeypatch.setattr("review.code_pages.MOST_READ", 2)
    for excerpt_id in (FIRST, SECOND, ENGLISH):
        give(page, excerpt_id)

    first = read(page)
    rest = read(page, start=first["next"])

    assert (len(first["readings"]), first["next"], first["n_all"]) == (2, 2, 3)
    assert (len(rest["readings"]), rest["next"]) == (1, None)


def test_pages_run_no_inline_script_and_are_kept_nowhere(page):
    for address in ("/codes", f"/codes/{TRUST}"):
        answer = page.client.get(address)

        assert answer.headers["cache-control"] == "no-store"
        assert answer.text.count("<script") == answer.text.count('<script type="module" src=')
        assert " style=" not in answer.text
