"""Facts about searching all transcripts and coding what is found; every word was invented."""

import logging
from uuid import uuid4

import pytest
import sqlalchemy as sa

from review.search import MOST_SHOWN
from study import tables as t
from tests.review.conftest import CLICK, SHAME, TRUST
from tests.review.lists import owe

# Of the small study: its Dutch interview has excerpts 1 to 5, its English one 6 and 7.
EXCERPT, OTHER = 3, 7


def search(page, text, **more):
    return page.client.post("/api/search", json={"text": text, **more})


def found(page, text, **more):
    answer = search(page, text, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def hits(page, text, **more):
    return [hit for group in found(page, text, **more)["groups"] for hit in group["hits"]]


def code_words(page, hit, version_id, guid):
    verdict = {"verdict": "add", "code_guid": guid}
    verdict |= {"start_char": hit["start_char"], "end_char": hit["end_char"]}
    body = {"id": str(uuid4()), "excerpt_id": hit["excerpt_id"], "version_id": version_id}
    return page.client.post("/api/actions", json={**body, "verdicts": [verdict]})


def test_hits_are_grouped_by_interview_with_context_speaker_and_excerpt(page):
    answer = found(page, "HAAR")

    assert (answer["n_hits"], answer["n_shown"], answer["n_interviews"]) == (2, 2, 1)
    (group,) = answer["groups"]
    assert (group["interview"], group["language"], group["n_hits"]) == ("D1", "nl", 2)
    hit = group["hits"][0]
    assert (hit["before"], hit["words"], hit["after"]) == (
        "Ik wist meteen: ",
        "haar",
        " kan ik geloven.",
    )
    assert (hit["excerpt_id"], hit["number"], hit["speaker"]) == (2, 2, "participant")
    assert hit["is_outside"] is False


def test_code_of_an_excerpt_stands_beside_its_hits_in_the_readers_language(page):
    page.send(EXCERPT, {"verdict": "add", "code_guid": TRUST})

    answer = found(page, "verteld")

    assert answer["groups"][0]["hits"][0]["codes"] == [TRUST]
    assert answer["codes"][TRUST] == {
        "guid": TRUST,
        "name": "Trust",
        "colour": "#008060",
        "is_provisional": False,
    }


def test_words_are_coded_in_place_and_only_these(page):
    (hit,) = hits(page, "alles")
    version_id = found(page, "alles")["groups"][0]["version_id"]

    assert code_words(page, hit, version_id, SHAME).status_code == 200

    assert hits(page, "alles")[0]["codes"] == [SHAME]
    assert hits(page, "verteld")[0]["codes"] == []


def test_search_can_be_limited_to_what_has_a_code(page):
    page.send(EXCERPT, {"verdict": "add", "code_guid": TRUST})

    assert [hit["excerpt_id"] for hit in hits(page, "haar", code_guid=TRUST)] == [EXCERPT]
    assert hits(page, "haar", code_guid=CLICK) == []
    assert search(page, "haar", code_guid=str(uuid4())).status_code == 404


def test_whole_words_alone_are_found_where_they_are_asked_for(page):
    assert len(hits(page, "me")) > len(hits(page, "me", is_whole_words=True))


def test_while_excerpts_are_owed_blind_hits_come_without_any_code(page):
    page.send(EXCERPT, {"verdict": "add", "code_guid": TRUST})
    owe(page, "D1")

    answer = found(page, "verteld")

    assert answer["groups"][0]["shows_codes"] is False
    assert answer["groups"][0]["hits"][0]["codes"] == []
    assert answer["codes"] == {}


def test_while_excerpts_are_owed_blind_no_code_of_the_interview_is_searched(page):
    page.send(EXCERPT, {"verdict": "add", "code_guid": TRUST})
    owe(page, "D1")

    answer = found(page, "verteld", code_guid=TRUST)

    assert (answer["n_hits"], answer["n_waiting"], answer["groups"]) == (0, 1, [])


def test_nothing_suggested_reaches_the_page(page):
    said = search(page, "geloven").text

    assert "score" not in said
    assert "suggest" not in said


def test_interviews_outside_the_queue_are_not_searched(page):
    with page.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item).where(t.queue_item.c.excerpt_id <= 5))

    assert hits(page, "haar") == []
    assert len(hits(page, "ashamed")) == 1


def test_more_hits_than_are_shown_are_counted(page):
    with page.study.database.write() as connection:
        words = "zee " * (MOST_SHOWN + 20)
        connection.execute(sa.update(t.transcript_version).values(text=words))

    answer = found(page, "zee")

    assert answer["n_hits"] == 2 * (MOST_SHOWN + 20)
    assert answer["n_shown"] == MOST_SHOWN
    assert len(answer["groups"]) == 1
    assert answer["n_interviews"] == 2


def test_words_outside_every_excerpt_lead_to_the_nearest(page):
    with page.study.database.write() as connection:
        connection.execute(sa.update(t.excerpt).where(t.excerpt.c.id == 4).values(end_char=0))
        connection.execute(sa.update(t.excerpt).where(t.excerpt.c.id == 4).values(start_char=0))

    (hit,) = hits(page, "maakte")

    assert hit["is_outside"] is True


def test_long_turns_are_cut_at_words(page):
    with page.study.database.write() as connection:
        text = "woord " * 60 + "haring " + "woord " * 60
        connection.execute(sa.update(t.transcript_version).values(text=text))
        connection.execute(sa.update(t.turn).values(start_char=0, end_char=len(text)))
        connection.execute(sa.update(t.excerpt).values(start_char=0, end_char=len(text)))

    hit = hits(page, "haring")[0]

    assert hit["before"].startswith("… woord")
    assert hit["after"].endswith("woord …")


@pytest.mark.parametrize("text", ["", " ", "\u0301", "x" * 201])
def test_nothing_or_too_much_to_search_for_is_refused(page, text):
    assert search(page, text).status_code == 422


def test_search_words_reach_no_log_no_address_and_no_error(page, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = search(page, "geheimpje", code_guid=str(uuid4()))
        search(page, "geheimpje")

    assert "geheimpje" not in caplog.text
    assert "geheimpje" not in answer.text
    assert page.client.get("/api/search").status_code == 405


def test_page_has_no_name_on_its_field_and_is_kept_nowhere(page):
    answer = page.client.get("/search")

    assert answer.headers["cache-control"] == "no-store"
    assert 'id="text"' in answer.text
    assert " name=" not in answer.text.partition("<form")[2].partition("</form>")[0]
    assert f'<option value="{SHAME}">Shame</option>' in answer.text
    assert " style=" not in answer.text
