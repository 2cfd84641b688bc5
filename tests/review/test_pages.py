"""What the coder sees."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from codebook.records import Code, Wording
from review.app import create_app
from study import tables as t
from study.codebooks import store_codebook
from study.cuts import publish_segmentation, store_segmentation
from study.folder import create_study
from study.records import Span
from study.settings import Settings
from study.transcripts import list_transcripts, read_excerpts

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_an_empty_study_says_what_to_do(empty_study):
    client = TestClient(create_app(empty_study, hosts=("testserver",)))

    text = client.get("/").text

    assert "themeloop import" in text
    assert "themeloop suggest" in text


def test_the_front_page_counts_what_is_done_and_leads_on(page):
    page.send(1, "done")

    text = page.client.get("/").text

    assert "1 of 7 excerpts done" in text
    assert 'href="/excerpts/2"' in text
    assert "1/5" in text


def test_the_front_page_says_when_everything_is_done(page):
    for excerpt_id in range(1, 8):
        page.send(excerpt_id, "done")

    assert "Every excerpt is done" in page.client.get("/").text


@pytest.mark.parametrize("address", ["/", "/excerpts/2"])
def test_a_synthetic_study_is_stamped(page, address):
    assert 'class="stamp"' in page.client.get(address).text


@pytest.mark.parametrize("address", ["/", "/excerpts/2"])
def test_names_are_shown_as_text_not_as_markup(page, address):
    assert "Mothers &lt;b&gt;&amp; fathers" in page.client.get(address).text


def test_a_real_study_is_not_stamped(tmp_path):
    study = create_study(tmp_path / "real", Settings(open_without_password=True), now=NOW)
    client = TestClient(create_app(study, hosts=("testserver",)))

    assert 'class="stamp"' not in client.get("/").text
    study.database.close()


def test_a_coder_who_does_not_review_is_told_that_nothing_is_queued(filled_study):
    settings = filled_study.settings.model_copy(update={"coder": "nobody"})
    study = type(filled_study)(filled_study.folder, settings, filled_study.database)

    answer = TestClient(create_app(study, hosts=("testserver",))).get("/")

    assert answer.status_code == 404
    assert "themeloop suggest" in answer.json()["error"]


def test_an_interview_is_entered_at_its_first_open_excerpt(page):
    page.send(1, "done")

    answer = page.client.get("/interviews/1", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/excerpts/2")


def test_an_interview_is_entered_where_its_order_begins(page):
    with page.study.database.write() as connection:
        third = t.queue_item.c.excerpt_id == 3
        connection.execute(sa.update(t.queue_item).where(third).values(priority=-1.0))

    answer = page.client.get("/interviews/1", follow_redirects=False)

    assert answer.headers["location"] == "/excerpts/3"


def test_a_finished_interview_is_entered_at_its_beginning(page):
    page.send(6, "done")
    page.send(7, "done")

    answer = page.client.get("/interviews/2", follow_redirects=False)

    assert answer.headers["location"] == "/excerpts/6"


def test_the_question_stands_above_the_answer(page):
    turns = page.screen(2)["turns"]

    assert [turn["speaker"] for turn in turns[:2]] == ["interviewer", "participant"]
    assert [turn["is_question"] for turn in turns[:2]] == [True, False]
    assert turns[1]["parts"] == [
        {
            "excerpt_id": 2,
            "number": 2,
            "text": "Ik wist meteen: haar kan ik geloven.",
            "offset": 0,
            "start_char": 29,
        }
    ]


def test_names_and_reasons_are_in_the_language_of_the_interview(page):
    dutch, english = page.screen(2), page.screen(7)

    assert dutch["language"] == "nl"
    assert [code["name"] for code in dutch["codes"].values()] == ["Klik", "Schaamte", "Vertrouwen"]
    assert [group["theme"] for group in english["groups"]] == ["Other codes"]
    reason = english["groups"][0]["suggestions"][0]["reason"]
    assert reason["text"] == "Shame: what it means (en)."


def test_suggestions_stand_under_one_theme_strongest_first_and_are_numbered_as_shown(page):
    groups = page.screen(2)["groups"]

    assert [group["theme"] for group in groups] == ["Band", "Overige codes"]
    assert [[s["key"] for s in group["suggestions"]] for group in groups] == [[1, 2], [3]]
    assert [[s["score"] for s in group["suggestions"]] for group in groups] == [[2.2, 1.1], [1.3]]


def test_a_reason_quotes_the_nearest_text_of_the_codebook(page):
    suggestions = page.suggestions(2)

    assert [suggestions[key]["reason"]["lead"] for key in (1, 2, 3)] == [
        "resembles the example",
        "matches a rule",
        "matches the definition",
    ]
    assert suggestions[1]["reason"]["text"] == "Vertrouwen: an example (nl)."


def test_evidence_that_the_codebook_does_not_hold_gives_no_reason(page):
    assert page.suggestions(3)[1]["reason"] is None


def test_a_changed_codebook_gives_no_reason_from_another_text(page, book):
    with page.study.database.write() as connection:
        store_codebook(connection, replace(book, note="Changed."), now=NOW)
    page.client.get("/")

    assert page.suggestions(2)[1]["reason"] is None


def test_nothing_is_ticked_beforehand(page):
    state = page.screen(2)["state"]

    assert state == {
        "given": [],
        "whole": [],
        "rejected": [],
        "passed_over": [],
        "is_done": False,
        "is_unsure": False,
        "passages": [],
        "bounds": None,
        "earlier": [],
        "memo": "",
        "last_action": "",
    }


def test_finished_excerpts_carry_their_codes_in_the_transcript(page):
    shame = "641D4567-9454-4CA9-AE34-1A40EF73C060"
    page.send(1, {"verdict": "add", "code_guid": shame}, "done")

    screen = page.screen(2)

    assert screen["marks"]["1"]["given"] == [shame]
    assert screen["codes"][shame]["name"] == "Schaamte"
    assert (screen["n_done"], screen["n_excerpts"]) == (1, 5)


def test_neighbours_are_those_of_the_interview(page):
    assert (page.screen(1)["previous_id"], page.screen(1)["following_id"]) == (None, 2)
    assert (page.screen(5)["previous_id"], page.screen(5)["following_id"]) == (4, None)


def test_the_page_holds_its_screen_and_needs_no_second_question(page):
    text = page.client.get("/excerpts/2").text

    assert "data-screen='{" in text
    assert "haar kan ik geloven" in text
    assert '<script type="module" src="/static/page.js"></script>' in text


def test_the_picker_gets_every_code_in_every_language(page):
    codes = page.client.get("/api/codebook").json()

    assert [code["key"] for code in codes] == ["trust", "click", "shame"]
    assert {name: w["name"] for name, w in codes[0]["wordings"].items()} == {
        "en": "Trust",
        "nl": "Vertrouwen",
    }
    themes = [code["wordings"]["nl"]["theme"] for code in codes]
    assert themes == ["Band", "Band", ""]


def test_the_coding_screen_says_who_is_signed_in_and_leads_to_other_pages(page):
    text = page.client.get("/excerpts/2").text

    assert '<span class="coder" title="anna">' in text
    assert 'href="/codes"' in text
    assert 'data-language="nl"' in text
    # Without accounts there is nothing to sign out of.
    assert "/sign-out" not in text


def test_an_excerpt_of_an_earlier_cut_says_so(page):
    with page.study.database.write() as connection:
        version_id = list_transcripts(connection)[0].id
        store_segmentation(
            connection,
            version_id,
            method="sentences",
            labels=["D1_s0"],
            positions=[0],
            spans=[Span(0, 28)],
            now=NOW,
        )
        publish_segmentation(connection, version_id, "sentences")

    answer = page.client.get("/api/excerpts/2")

    assert answer.status_code == 409
    assert answer.json()["error"] == "409: excerpt 2 is of an earlier cut of its interview."


def test_a_code_that_left_the_codebook_is_named_as_such(page, book):
    shame = "641D4567-9454-4CA9-AE34-1A40EF73C060"
    page.send(1, {"verdict": "add", "code_guid": shame})
    with page.study.database.write() as connection:
        store_codebook(connection, replace(book, codes=book.codes[:2]), now=NOW)
    page.client.get("/")

    screen = page.screen(1)

    (given,) = screen["state"]["given"]
    assert screen["codes"][given]["name"] == "A code of an earlier codebook"
    assert page.suggestions(2)[3]["definition"] == ""


def test_a_code_that_came_after_the_page_was_opened_can_be_given(page, book):
    page.client.get("/api/codebook")
    new = {"en": Wording("New", "What is new."), "nl": Wording("Nieuw", "Wat er nieuw is.")}
    added = Code("EC1A591B-59E5-4E91-8D68-188FAAB4A69A", "new", new)
    with page.study.database.write() as connection:
        store_codebook(connection, replace(book, codes=(*book.codes, added)), now=NOW)

    answer = page.send(1, {"verdict": "add", "code_guid": added.guid})

    assert answer.json()["state"]["given"] == [added.guid]


def test_question_that_an_excerpt_answers_is_named(page):
    with page.study.database.read() as connection:
        transcript = next(e for e in list_transcripts(connection) if e.interview == "D1")
        excerpts = [excerpt.id for excerpt in read_excerpts(connection, transcript)]

    asked = [page.screen(excerpt_id)["asked"] for excerpt_id in excerpts]

    # The first and the fourth turn are the interviewer's.
    assert asked == [[], [0], [0], [0], [3]]
