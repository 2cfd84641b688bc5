"""Every page by axe's rules, light and dark, wide and narrow; the words shown are invented."""

from functools import partial

import pytest

from review.app import create_app
from study.accounts import set_password
from tests.review import browser
from tests.review.axe import find_violations
from tests.review.browser import BROWSER_TEST, chromium, open_tab, port  # noqa: F401 - fixtures
from tests.review.conftest import NOW, TRUST
from tests.review.test_gaps_page import FakeFinder

pytestmark = BROWSER_TEST
NOWHERE = "/nowhere"
# Where, and the keys that open what else can be on the screen.
PAGES = {
    "interviews": ("/", ()),
    "excerpt": ("/excerpts/2", ()),
    "excerpt decided": ("/excerpts/2", ("1", "Shift+Digit2", "d")),
    "excerpt with picker": ("/excerpts/2", ("/",)),
    "excerpt with help": ("/excerpts/2", ("h",)),
    "excerpt with memo": ("/excerpts/2", ("m",)),
    "excerpt with a new code": ("/excerpts/2", ("n",)),
    "excerpt without suggestions": ("/excerpts/4", ()),
    "search": ("/search", ()),
    "codes": ("/codes", ()),
    "one code": (f"/codes/{TRUST}", ()),
    "pending codes": ("/pending", ()),
    "pending": (f"/pending/{TRUST}", ()),
    "progress": ("/progress", ()),
    "proposed": ("/proposed", ()),
    "gaps": ("/gaps", ()),
    "agreement": ("/agreement", ()),
    "nothing there": (NOWHERE, ()),
}


@pytest.fixture
def served(page, port, monkeypatch):
    monkeypatch.setattr(browser, "create_app", partial(create_app, find_gaps=FakeFinder()))
    # Something decided, so that what is shown of decisions is on the pages.
    first = page.suggestions(2)[1]["id"]
    page.send(2, {"verdict": "accept", "suggestion_id": first})
    with browser.serve(page.study, port) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def tab(chromium, request):
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900},
        color_scheme=request.param,
        reduced_motion="reduce",
        locale="en-GB",
    )
    yield open_tab(context)
    context.close()


def show(tab, served, name):
    address, keys = PAGES[name]
    answer = tab.goto(f"{served}{address}", wait_until="networkidle")
    assert answer.status == (404 if address == NOWHERE else 200), address
    if "/excerpts/" in address:
        tab.wait_for_function("() => performance.getEntriesByName('painted').length > 0")
    for key in keys:
        tab.keyboard.press(key)
        tab.wait_for_timeout(50)
    if name.startswith("excerpt with "):
        tab.wait_for_selector("dialog[open]")


def test_no_page_breaks_a_rule_of_wcag(served, tab):
    found = {}
    for name in PAGES:
        show(tab, served, name)
        found[name] = find_violations(tab)

    assert {name: each for name, each in found.items() if each} == {}


def test_signing_in_breaks_no_rule_of_wcag(page, served, tab):
    with page.study.database.write() as connection:
        set_password(connection, "anna", "a made-up password", now=NOW)
    tab.goto(f"{served}/codes")

    assert tab.locator("input[type=password]").count() == 1
    assert find_violations(tab) == []

    tab.fill("input[name=name]", "anna")
    tab.fill("input[type=password]", "another one")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[role=alert]")

    assert find_violations(tab) == []


def test_no_page_scrolls_sideways(served, chromium):
    wide = {}
    for width in (1280, 768):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        tab = open_tab(context)
        for name in PAGES:
            show(tab, served, name)
            wide[name, width] = tab.evaluate("document.documentElement.scrollWidth")
        context.close()

    assert {place: each for place, each in wide.items() if each > place[1]} == {}
