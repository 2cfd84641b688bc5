"""Facts about the page that asks what the codebook may miss; words are synthetic."""

import re
import threading
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
import uvicorn
from fastapi.testclient import TestClient

from review.app import create_app
from study import tables as t
from study.codebooks import current_codebook
from study.folder import open_study
from study.gaps import Gap, Gaps, LooseExcerpt
from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    CHROMIUM,
    chromium,
    context,
    port,
    tab,
)
from tests.review.conftest import NOW, Page
from tests.review.test_agreement_page import owe

SENT = {"key": "bus", "name": "Bus", "definition": "What is told of the bus."}


def loose(number, participant="P1", text="synthetic: the bus was late"):
    return LooseExcerpt(
        number, f"D1_e{number}", "D1", participant, "nl", text, is_coded=True, number=number
    )


GAP = Gap(1, (loose(2), loose(3, "P2", "synthetic <b>words</b>")), 2, ("bus", "late"), 0.4)
FOUND = Gaps(has_model=True, gaps=(GAP,), n_finished=5, n_coded=41, n_unsuggested=52)


class FakeFinder:
    """Finds what it was given, and remembers which interviews it was to look at."""

    def __init__(self, found=FOUND):
        self.found = found
        self.asked = []

    def __call__(self, _study, interviews):
        self.asked.append(set(interviews))
        return self.found


@pytest.fixture
def finder():
    return FakeFinder()


@pytest.fixture
def open_page(filled_study, finder):
    """Open the page over what the finder finds, under a stance."""
    opened = []

    def make(stance=""):
        file = filled_study.folder / "study.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(f'{text}stance = "{stance}"\n' if stance else text, encoding="utf-8")
        study = open_study(filled_study.folder)
        app = create_app(study, clock=lambda: NOW, hosts=("testserver",), find_gaps=finder)
        token = {"X-CSRF-Token": study.keyed_hash("csrf")}
        opened.append(Page(study, TestClient(app, headers=token)))
        return opened[-1]

    yield make
    for page in opened:
        page.client.close()
        page.study.database.close()


def send(page, **changes):
    return page.client.post("/api/gaps", json={"gap_id": GAP.id, **SENT, **changes})


def test_group_is_shown_as_a_question_with_quotes_that_lead_to_their_interviews(open_page):
    text = open_page().client.get("/gaps").text

    assert "A new code?" in text
    assert "2 excerpts of 2 participants" in text
    assert '<span class="word">bus</span>' in text
    assert "synthetic: the bus was late" in text
    assert '<a href="/excerpts/2">D1, excerpt 2</a>' in text
    assert "41 excerpts that coders finished without a code, and 52 unfinished" in text


def test_code_of_a_group_can_be_drawn_on_by_a_theme(open_page, book):
    page = open_page()
    assert "<option value=" + f'"{book.themes[0].guid}">Bond' in page.client.get("/gaps").text

    answer = send(page, theme=book.themes[0].guid)

    guid = answer.json()["guid"]
    with page.study.database.read() as connection:
        assert guid in current_codebook(connection).codebook.themes[0].codes


def test_words_of_an_interview_are_text_and_no_markup(open_page):
    text = open_page().client.get("/gaps").text

    assert "synthetic &lt;b&gt;words&lt;/b&gt;" in text
    assert "<b>words" not in text


def test_page_runs_no_inline_script_and_is_kept_nowhere(open_page):
    answer = open_page().client.get("/gaps")

    assert answer.headers["cache-control"] == "no-store"
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert answer.text.count("<script") == answer.text.count('<script type="module" src=')
    assert " style=" not in answer.text
    assert " onsubmit" not in answer.text


def test_front_page_leads_to_it_only_where_there_is_one(open_page, page):
    assert '<a href="/gaps">' in open_page().client.get("/").text
    assert "/gaps" not in page.client.get("/").text
    assert page.client.get("/gaps").status_code == 404


def test_interviews_with_excerpts_to_code_blind_are_not_looked_at(open_page, finder):
    page = open_page()
    page.client.get("/gaps")
    owe(page, "D1")

    page.client.get("/gaps")
    send(page)

    assert finder.asked == [{"D1", "E1"}, {"E1"}, {"E1"}]


def test_interviews_out_of_the_coders_queue_are_not_looked_at(open_page, finder):
    page = open_page()
    with page.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item))

    page.client.get("/gaps")

    assert finder.asked == [set()]


def test_reflexive_study_reads_of_second_readings_and_of_no_counts(open_page):
    text = open_page("reflexive").client.get("/gaps").text

    assert "second readings" in text
    assert "suggestion" not in text
    assert "participants" not in text
    assert not re.search(r"\b41\b", text)


def test_where_there_is_no_group_a_sentence_says_why(open_page, finder):
    finder.found = replace(FOUND, gaps=(), n_participants=1)

    text = open_page().client.get("/gaps").text

    assert "of one participant alone" in text
    assert "<form" not in text


def test_groups_beyond_what_is_shown_are_counted(open_page, finder):
    finder.found = replace(FOUND, gaps=tuple(replace(GAP, number=n) for n in range(1, 15)))

    assert "2 more groups" in open_page().client.get("/gaps").text


def test_code_is_made_and_offered_at_once(open_page):
    page = open_page()

    answer = send(page)

    assert answer.status_code == 200
    assert (answer.json()["key"], answer.json()["version"]) == ("bus", 2)
    assert "bus" in {code["key"] for code in page.client.get("/api/codebook").json()}


def test_group_that_changed_since_makes_no_code(open_page):
    page = open_page()

    answer = send(page, gap_id="0" * 16)

    assert answer.status_code == 409
    assert "the groups have changed" in answer.json()["error"]
    with page.study.database.read() as connection:
        assert current_codebook(connection).number == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"key": "trust"}, "has a code 'trust' already"), ({"definition": " "}, "is blank")],
)
def test_code_that_cannot_be_is_refused_in_a_line(open_page, changes, said):
    answer = send(open_page(), **changes)

    assert answer.status_code == 409
    assert said in answer.json()["error"]


@pytest.mark.parametrize("changes", [{"gap_id": ""}, {"examples": ["x"]}, {"key": "k" * 101}])
def test_what_the_page_never_sends_is_refused_without_repeating_it(open_page, changes):
    answer = send(open_page(), **changes)

    assert answer.status_code == 422
    assert "kkk" not in answer.text


@pytest.mark.parametrize("headers", [{"X-CSRF-Token": ""}, {"Origin": "http://evil.example"}])
def test_no_other_page_makes_a_code(open_page, headers):
    page = open_page()

    answer = page.client.post("/api/gaps", json={"gap_id": GAP.id, **SENT}, headers=headers)

    assert answer.status_code == 403
    with page.study.database.read() as connection:
        assert current_codebook(connection).number == 1


@pytest.fixture
def served(filled_study, finder, port):
    app = create_app(filled_study, find_gaps=finder)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium on this machine")
def test_browser_makes_a_code_and_says_why_one_cannot_be(served, tab):
    tab.goto(f"{served}/gaps")
    tab.get_by_text("Make a code of it").click()
    tab.fill("input[name=key]", "trust")
    tab.fill("input[name=name]", "Bus")
    tab.fill("textarea", "Synthetic: what is told of the bus.")
    tab.click("button[type=submit]")
    tab.get_by_text("has a code 'trust' already").wait_for()
    # Chromium notes every refused request.
    refused = tab.problems.copy()

    tab.fill("input[name=key]", "bus")
    tab.click("button[type=submit]")
    tab.get_by_text("Added as “bus”: the codebook is now version 2").wait_for()

    assert tab.locator("form[data-to=gap]").count() == 0
    tab.get_by_role("link", name="Show the code").wait_for()
    assert tab.evaluate("document.activeElement.textContent") == "Show the code"
    assert tab.problems == refused
    assert len(refused) == 1
