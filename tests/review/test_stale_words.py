"""Facts about pages that were open while words were redacted; every word here is invented."""

from uuid import uuid4

import pytest

from study.records import Span
from study.redaction import Searched, redact
from study.stored_names import Marked
from tests.review.codings import give, give_words, read
from tests.review.conftest import NOW, SHAME, TRUST

NAMED = "eerste"


def redact_word(page):
    def find(_stored, text):
        at = text.find(NAMED)
        return [] if at < 0 else [Marked(Span(at, at + len(NAMED)), NAMED, "CHILD")]

    redact(page.study, find, searched=Searched("g", 1), actor="anna", now=NOW)


def code(page, excerpt_id, version_id, start, end):
    verdict = {"verdict": "add", "code_guid": SHAME, "start_char": start, "end_char": end}
    body = {"id": str(uuid4()), "excerpt_id": excerpt_id, "version_id": version_id}
    return page.client.post("/api/actions", json={**body, "verdicts": [verdict]})


def search(page, text):
    (group,) = page.client.post("/api/search", json={"text": text}).json()["groups"]
    return group


def test_words_told_as_they_stood_before_a_redaction_are_refused_and_nothing_is_stored(page):
    seen = page.screen(2)
    redact_word(page)

    answer = code(page, 2, seen["version_id"], *seen["frame"].values())

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "have changed" in answer.json()["error"]
    assert page.verdicts(2) == []


def test_words_told_as_they_stand_are_coded(page):
    redact_word(page)
    seen = page.screen(2)

    assert code(page, 2, seen["version_id"], *seen["frame"].values()).status_code == 200


def test_what_is_said_of_a_whole_excerpt_holds_whatever_words_were_redacted(page):
    seen = page.screen(2)
    redact_word(page)
    body = {"id": str(uuid4()), "excerpt_id": 2, "version_id": seen["version_id"]}

    answer = page.client.post("/api/actions", json={**body, "verdicts": [{"verdict": "done"}]})

    assert answer.status_code == 200


def test_a_new_code_is_not_made_of_words_that_have_moved(page):
    seen = page.screen(2)
    redact_word(page)
    body = {"id": str(uuid4()), "excerpt_id": 2, "name": "Synthetic", **seen["frame"]}

    answer = page.client.post(
        "/api/proposed-codes", json={**body, "version_id": seen["version_id"]}
    )

    assert answer.status_code == 409


def test_a_hit_that_was_found_before_a_redaction_is_not_coded(page):
    group = search(page, "haar kan")
    (hit,) = group["hits"]
    redact_word(page)

    place = hit["excerpt_id"], group["version_id"], hit["start_char"], hit["end_char"]
    assert code(page, *place).status_code == 409
    group = search(page, "haar kan")
    (hit,) = group["hits"]
    place = hit["excerpt_id"], group["version_id"], hit["start_char"], hit["end_char"]
    assert code(page, *place).status_code == 200


def test_words_in_a_list_of_codings_are_changed_only_as_they_stand(page):
    give_words(page, 2, 0, 5)
    (before,) = read(page, TRUST)["readings"]
    redact_word(page)
    (after,) = read(page, TRUST)["readings"]

    for reading, status in ((before, 409), (after, 200)):
        place = reading["span"]["start_char"], reading["span"]["end_char"]
        assert code(page, 2, reading["version_id"], *place).status_code == status


def test_a_redaction_elsewhere_leaves_an_interview_as_it_was_told(page):
    give(page, 7)
    seen = page.screen(7)
    redact_word(page)

    assert page.screen(7)["version_id"] == seen["version_id"]


@pytest.mark.parametrize("excerpt_id", [2, 7])
def test_the_name_of_a_version_is_not_what_its_words_hash_to(page, excerpt_id):
    other = page.screen(excerpt_id)["version_id"]

    assert len(other) < 30
    assert other.partition("-")[0].isdigit()
