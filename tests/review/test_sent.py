"""Facts about what the page takes in: nothing that cannot be stored; every word is made up."""

import json
from uuid import uuid4

import pytest
from pydantic import BaseModel

from review.errors import CANNOT_STORE
from review.sent import Sent

JSON = {"Content-Type": "application/json"}
HALF, EMPTY = "half of one \ud83d", "an empty one \0"


def memo(text):
    return "/api/memos", {"id": str(uuid4()), "excerpt_id": 2, "text": text}


def after(text):
    body = {"id": str(uuid4()), "excerpt_id": 2, "after": [text], "verdicts": [{"verdict": "done"}]}
    return "/api/actions", body


def unknown_field(text):
    return "/api/undo", {"id": str(uuid4()), text: 1}


@pytest.mark.parametrize("text", [HALF, EMPTY])
@pytest.mark.parametrize("make", [memo, after, unknown_field])
def test_a_sign_that_cannot_be_stored_is_refused_in_a_line_of_its_own(page, make, text):
    address, body = make(text)

    # As a browser writes it: whatever is no character as an escape.
    answer = page.client.post(address, content=json.dumps(body), headers=JSON)

    assert (answer.status_code, answer.json()["error"]) == (422, f"422: {CANNOT_STORE}")
    assert "half of one" not in answer.text
    assert "an empty one" not in answer.text
    assert page.verdicts(2) == []


def test_what_is_nested_without_end_is_refused_and_breaks_nothing(page):
    depth = 400
    body = f'{{"id": {"[" * depth}"\\u0000"{"]" * depth}}}'

    answer = page.client.post("/api/undo", content=body, headers=JSON)

    assert answer.status_code == 422


@pytest.mark.parametrize("text", ["🙂", "e\u0301", "tab\tand\nline", "ﷺ"])
def test_every_sign_that_is_one_is_stored_as_it_is(page, text):
    address, body = memo(text)

    answer = page.client.post(address, json=body)

    assert answer.json()["state"]["memo"] == text


@pytest.mark.parametrize("name", ["an\0na", "anna\0"])
def test_nobody_signs_in_under_a_name_that_cannot_be_stored(page, name):
    answer = page.client.post("/sign-in", data={"name": name, "password": "a synthetic password"})

    assert answer.status_code == 401


def test_whatever_a_page_sends_is_checked_for_such_signs(page):
    assert page.client.app.routes, "every model is known once the routes are made"

    def below(kind):
        return {kind, *(each for child in kind.__subclasses__() for each in below(child))}

    ours = {kind for kind in below(BaseModel) if kind.__module__.startswith("review.")}
    assert [kind.__name__ for kind in ours if not issubclass(kind, Sent)] == []


def test_an_answer_names_what_went_wrong_for_scripts_which_read_no_sentences(page):
    dutch = {"Accept-Language": "nl"}
    other = {"X-Themeloop-Reader": "somebody else", **dutch}
    answers = [
        page.client.get("/api/excerpts/99", headers=dutch),
        page.client.get("/nowhere", headers=dutch),
        page.client.post("/api/undo", json={}, headers=dutch),
        page.client.get("/api/codebook", headers=other),
        page.client.post("/api/undo", json={}, headers={**dutch, "X-CSRF-Token": "another"}),
        page.client.post("/api/undo", json={}, headers={**dutch, "Origin": "http://elsewhere"}),
        page.client.get("/", headers={"Host": "elsewhere"}),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (404, "not_found"),
        (404, "not_found"),
        (422, "unprocessable_entity"),
        (403, "other_reader"),
        (403, "other_reader"),
        (403, "forbidden"),
        (400, "bad_request"),
    ]
