"""The lists in a real browser: ticking, deciding in a row, undoing one; provisional codes."""

import threading
import time

import pytest
import sqlalchemy as sa
import uvicorn

from study import tables as t
from tests.review.browser import BROWSER_TEST, chromium, context, port, tab  # noqa: F401 - fixtures
from tests.review.conftest import NOW, TRUST, Page, propose
from tests.review.lists import make_app

pytestmark = BROWSER_TEST
WHY = {"kind": "definition", "index": 0, "similarity": 0.4}
ALL = {"D1": [(place, "trust", 2.5 - place / 10, WHY) for place in range(5)]}


@pytest.fixture
def served(filled_study, port):
    """Serve the page of a lead for whom trust is suggested for five excerpts."""
    propose(filled_study, "b" * 64, ALL)
    with filled_study.database.write() as connection:
        connection.execute(sa.update(t.coder).values(role="lead"))
    app = make_app(filled_study, clock=lambda: NOW)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def rows(filled_study):
    """Read what is stored of an excerpt."""
    return Page(filled_study, None).verdicts


def open_list(tab, served, height=900):
    tab.set_viewport_size({"width": 1280, "height": height})
    tab.goto(f"{served}/pending/{TRUST}")
    return tab.locator(".pending input")


def ticked(tab):
    return tab.eval_on_selector_all(".pending input", "boxes => boxes.map(box => box.checked)")


def press(tab, label):
    tab.get_by_role("button", name=label, exact=True).click()


def test_space_ticks_and_each_excerpt_gets_its_own_decision(served, tab, filled_study, rows):
    boxes = open_list(tab, served)
    assert ticked(tab) == [False] * 5

    boxes.nth(0).focus()
    tab.keyboard.press("Space")
    boxes.nth(2).check()
    tab.get_by_text("2 ticked. Reading them takes about").wait_for()
    press(tab, "Accept ticked")
    tab.get_by_text("All stored.").wait_for()

    assert [rows(excerpt_id) for excerpt_id in (1, 2, 3)] == [["accept"], [], ["accept"]]
    with filled_study.database.read() as connection:
        actions = set(connection.scalars(sa.select(t.decision.c.action)))
        shown = list(connection.scalars(sa.select(t.decision.c.shown_ms)))
    assert len(actions) == 2
    assert all(isinstance(ms, int) for ms in shown)
    assert tab.problems == []


def test_one_of_several_is_undone_by_itself_and_can_be_decided_again(served, tab, rows):
    boxes = open_list(tab, served)
    for place in range(3):
        boxes.nth(place).check()
    press(tab, "Reject ticked")
    tab.get_by_text("All stored.").wait_for()

    tab.locator(".pending").nth(0).get_by_role("button", name="Undo").click()
    tab.get_by_text("Taken back: it waits again").wait_for()
    assert [rows(each) for each in (1, 2, 3)] == [["reject", "undo"], ["reject"], ["reject"]]

    boxes.nth(0).check()
    press(tab, "Accept ticked")
    tab.get_by_text("Stored: accepted").wait_for()
    assert rows(1) == ["reject", "undo", "accept"]
    assert tab.problems == []


def test_what_was_changed_elsewhere_is_said_on_its_row_and_stops_nothing(served, tab, rows):
    boxes = open_list(tab, served)
    for place in range(3):
        boxes.nth(place).check()
    body = (
        "() => fetch('/api/actions', { method: 'POST', headers: { 'Content-Type': "
        "'application/json', 'X-Themeloop': '1' }, body: JSON.stringify({ id: "
        "crypto.randomUUID(), excerpt_id: 2, verdicts: [{ verdict: 'unsure' }] }) })"
    )
    tab.evaluate(body)

    press(tab, "Accept ticked")
    tab.get_by_text("2 stored, 1 not: see below.").wait_for()

    assert "changed in another tab" in tab.locator(".pending").nth(1).inner_text()
    assert [rows(each) for each in (1, 2, 3)] == [["accept"], ["unsure"], ["accept"]]


def test_answer_that_was_lost_is_asked_for_again_and_decides_once(served, tab, rows):
    boxes = open_list(tab, served)
    boxes.nth(0).check()
    lost = []

    def lose_first(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    tab.route("**/api/actions", lose_first)
    press(tab, "Accept ticked")
    tab.get_by_text("Stored: accepted").wait_for()

    assert len(lost) == 1
    assert rows(1) == ["accept"]


def test_all_asks_first_and_leaves_out_what_was_not_on_the_screen(served, tab):
    open_list(tab, served, height=560)
    press(tab, "Tick all on this page")
    tab.get_by_text("None of them was on your screen for a second yet.").wait_for()
    press(tab, "Cancel")

    tab.wait_for_timeout(1200)
    press(tab, "Tick all on this page")
    tab.get_by_text("were not, and are left out. Read them first.").wait_for()
    assert ticked(tab) == [False] * 5
    press(tab, "Tick them")

    seen = ticked(tab)
    assert 0 < sum(seen) < 5
    assert seen == sorted(seen, reverse=True)
    press(tab, "Untick all")
    assert ticked(tab) == [False] * 5


def test_shift_and_a_click_tick_what_lies_between(served, tab):
    boxes = open_list(tab, served, height=1400)
    tab.wait_for_timeout(1200)

    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])

    assert ticked(tab) == [False, True, True, True, False]


def test_list_needs_no_scrolling_to_the_side(served, tab):
    for width in (1280, 768):
        tab.set_viewport_size({"width": width, "height": 900})
        for address in ("/pending", f"/pending/{TRUST}", "/proposed"):
            tab.goto(served + address)
            assert tab.evaluate("document.documentElement.scrollWidth") == width


def make_proposals(tab, served, *names):
    """Make codes of one excerpt after another, and open the page that lists them."""
    tab.goto(f"{served}/proposed")
    for excerpt_id, name in enumerate(names, 2):
        tab.evaluate(
            "([excerpt_id, name]) => fetch('/api/proposed-codes', { method: 'POST', headers: { "
            "'Content-Type': 'application/json', 'X-Themeloop': '1' }, body: JSON.stringify({ id: "
            "crypto.randomUUID(), excerpt_id, name, memo: 'Synthetic memo.' }) })",
            [excerpt_id, name],
        )
    tab.reload()


def test_lead_takes_a_code_into_the_codebook_and_reads_why_one_cannot_be(served, tab):
    make_proposals(tab, served, "Bus")
    tab.get_by_text("Accept", exact=True).click()
    assert tab.input_value("textarea[name=definition]") == "Synthetic memo."
    tab.fill("input[name=key]", "trust")
    tab.get_by_role("button", name="Take it into the codebook").click()
    tab.get_by_text("has a code 'trust' already").wait_for()

    tab.fill("input[name=key]", "bus")
    tab.get_by_role("button", name="Take it into the codebook").click()
    tab.get_by_text("Accepted: the codebook is now version 2.").wait_for()

    tab.get_by_text("Accepted as “Bus”").wait_for()
    assert tab.evaluate("document.activeElement.textContent") == "Bus"
    assert tab.locator("form[data-to]").count() == 0


def test_card_stands_anew_after_each_decision_and_others_keep_what_was_typed(served, tab):
    make_proposals(tab, served, "Bus", "Late")
    bus, late = (tab.locator(".proposal").nth(place) for place in (0, 1))
    late.get_by_text("Decline", exact=True).click()
    late.locator("textarea[name=reason]").fill("Synthetic: half a reason")

    bus.get_by_text("Decline", exact=True).click()
    bus.locator("textarea[name=reason]").fill("Synthetic: too narrow.")
    bus.get_by_role("button", name="Decline it").click()
    bus.get_by_text("Declined: it counts for nothing").wait_for()
    assert bus.get_by_role("status").inner_text() == "Declined."
    assert late.locator("textarea[name=reason]").input_value() == "Synthetic: half a reason"

    bus.get_by_role("button", name="Make it provisional again").click()
    bus.get_by_text("Waits for the lead").wait_for()
    bus.get_by_text("Accept", exact=True).click()
    bus.get_by_role("button", name="Take it into the codebook").click()
    bus.get_by_text("Accepted as “Bus”").wait_for()

    late.get_by_text("Merge", exact=True).click()
    late.locator("select[name=into]").select_option(label="Bus")
    late.get_by_role("button", name="Merge it").click()
    late.get_by_text("Merged into “Bus”").wait_for()
    assert tab.problems == []


def test_key_follows_the_name_until_one_is_written(served, tab):
    make_proposals(tab, served, "Bus")
    tab.get_by_text("Accept", exact=True).click()

    tab.fill("input[name=name]", "Échange libre!")
    assert tab.input_value("input[name=key]") == "echange_libre"
    tab.fill("input[name=key]", "free")
    tab.fill("input[name=name]", "Something else")

    assert tab.input_value("input[name=key]") == "free"


def test_count_of_what_waits_moves_with_each_decision_and_undo(served, tab, monkeypatch):
    monkeypatch.setattr("review.bulk.ON_A_PAGE", 2)
    boxes = open_list(tab, served)
    tab.get_by_text("5 waiting").wait_for()
    boxes.nth(0).check()
    press(tab, "Accept ticked")
    tab.get_by_text("4 waiting").wait_for()
    assert tab.get_attribute("a[rel=next]", "href").endswith("?first=2")

    tab.locator(".pending").nth(0).get_by_role("button", name="Undo").click()
    tab.get_by_text("5 waiting").wait_for()
    for place in (0, 1):
        boxes.nth(place).check()
    press(tab, "Accept ticked")
    tab.get_by_text("3 waiting").wait_for()
    press(tab, "Show those that still wait")
    tab.get_by_text("1 to 2 of 3").wait_for()

    assert tab.problems == []
