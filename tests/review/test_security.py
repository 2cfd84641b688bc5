"""Nobody else's page reaches the study, and no answer carries away what it holds."""

import logging

import pytest
from fastapi.testclient import TestClient

from review.app import create_app
from review.desk import Desk
from review.security import Guard
from study.errors import StudyError

WORDS = "haar kan ik geloven"


def test_health_is_told_in_one_word(page):
    assert page.client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("address", ["/", "/excerpts/2", "/api/excerpts/2", "/api/codebook", "/no"])
def test_answers_are_not_stored_and_load_nothing_from_elsewhere(page, address):
    headers = page.client.get(address).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "form-action 'self'" in policy
    assert "media-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_scripts_may_be_kept_but_are_asked_for_anew(page):
    assert page.client.get("/static/keys.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("address", ["/", "/excerpts/2"])
def test_pages_hold_no_inline_script_or_style(page, address):
    text = page.client.get(address).text

    assert text.count("<script") == text.count('<script type="module" src=')
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick" not in text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8640", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8640", 200),
        ("[::1]", 200),
        ("testserver", 400),
        ("themeloop.evil.example:8640", 400),
        ("127.0.0.1.evil.example", 400),
        ("", 400),
    ],
)
def test_only_this_machine_is_a_host(filled_study, host, status):
    client = TestClient(create_app(filled_study), headers={"Host": host})

    answer = client.get("/api/excerpts/2")

    assert answer.status_code == status
    assert (WORDS in answer.text) == (status == 200)


@pytest.mark.parametrize("address", ["/api/actions", "/api/undo"])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "é".encode()},
        {"X-CSRF-Token": "0" * 64},
        {"Origin": "http://evil.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "https://testserver"},
        {"Origin": "null"},
    ],
)
def test_a_write_from_another_site_is_refused(page, address, headers):
    body = {"id": "6f3b1f5e-7d0a-4c53-9a7b-0d7c1f1b2a3c", "excerpt_id": 1, "verdicts": []}

    answer = page.client.post(address, json=body, headers=headers)

    assert answer.status_code == 403
    assert page.verdicts(1) == []


def test_a_write_from_the_page_itself_is_taken(page):
    page.client.headers["Origin"] = "http://testserver"

    assert page.send(1, "done").status_code == 200


def test_what_was_sent_wrongly_is_not_repeated(page):
    answer = page.client.post("/api/actions", json={"id": WORDS, WORDS: WORDS})

    assert answer.status_code == 422
    assert WORDS not in answer.text


def test_a_missing_address_is_one_line(page):
    answer = page.client.get(f"/{WORDS}")

    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "404: there is nothing at this address.", "code": "not_found"},
    )


@pytest.mark.parametrize("address", ["/docs", "/redoc", "/openapi.json"])
def test_the_framework_s_own_pages_are_off(page, address):
    assert page.client.get(address).status_code == 404


def test_a_missing_excerpt_is_a_page_with_a_way_back_in_a_browser(page):
    answer = page.client.get("/excerpts/99", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "404: excerpt 99 is not in your queue." in answer.text
    assert 'href="/"' in answer.text


def test_a_missing_interview_is_one_line(page):
    answer = page.client.get("/interviews/9")

    assert answer.json()["error"] == "404: interview 9 is not in your queue."


def test_a_crash_gives_a_number_and_logs_kind_and_place_only(page, monkeypatch, caplog):
    def crash(_desk, _excerpt_id):
        raise ValueError(WORDS)

    monkeypatch.setattr(Desk, "read_excerpt", crash)
    with caplog.at_level(logging.DEBUG):
        answer = page.client.get("/api/excerpts/2")

    assert answer.status_code == 500
    assert WORDS not in answer.text
    assert WORDS not in caplog.text
    (line,) = [record.getMessage() for record in caplog.records if record.name == "review"]
    assert "ValueError in test_security.py:" in line
    assert line.split()[1].rstrip(":") in answer.json()["error"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_busy_study_is_said_without_naming_anybody(page, monkeypatch):
    def busy(_desk, _excerpt_id):
        raise StudyError("anna is busy")

    monkeypatch.setattr(Desk, "read_excerpt", busy)

    answer = page.client.get("/api/excerpts/2")

    assert answer.status_code == 503
    assert "anna" not in answer.text


def test_the_page_starts_and_stops_with_its_server(filled_study):
    with TestClient(create_app(filled_study, hosts=("testserver",))) as client:
        assert client.get("/health").status_code == 200


def test_a_crash_in_the_middle_of_an_answer_ends_it_quietly(caplog):
    async def half_an_answer(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError(WORDS)

    client = TestClient(Guard(half_an_answer, hosts=("testserver",)))

    assert client.get("/").text == "half"
    assert WORDS not in caplog.text
