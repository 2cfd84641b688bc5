"""A reader who is signed out while something is on its way, in a real browser; synthetic."""

import pytest

from study.accounts import end_all, set_password
from study.clock import utc_now
from study.coders import find_named
from tests.review.browser import (  # noqa: F401 - fixtures
    BROWSER_TEST,
    chromium,
    context,
    open_tab,
    port,
    served,
    tab,
)
from tests.review.conftest import NOW

pytestmark = BROWSER_TEST
PASSWORD = "four words in row"
EXCERPT = 3


@pytest.fixture
def guarded(page, served):
    with page.study.database.write() as connection:
        set_password(connection, "anna", PASSWORD, now=NOW)
    return served


def sign_in(tab, address):
    tab.goto(f"{address}/sign-in")
    tab.get_by_label("Name").fill("anna")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{address}/")


def sign_out(page):
    """As the command does it, while a page is open."""
    with page.study.database.write() as connection:
        end_all(connection, find_named(connection, "anna").id, now=utc_now())


def test_words_coded_while_signed_out_are_stored_after_signing_in_in_another_tab(
    page, guarded, context, tab
):
    sign_in(tab, guarded)
    tab.goto(f"{guarded}/search")
    tab.fill("#text", "alles")
    tab.keyboard.press("Enter")
    tab.locator(".hit .actions button").first.click()
    tab.locator("#picker-list [role=option]").first.wait_for()
    sign_out(page)

    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")

    tab.get_by_text("Not saved yet: you are signed out.").wait_for()
    assert page.verdicts(EXCERPT) == []
    sign_in(open_tab(context), guarded)
    tab.get_by_text("Saved", exact=True).wait_for()
    assert page.verdicts(EXCERPT) == ["add"]
