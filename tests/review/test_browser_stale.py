"""A page that was open during a redaction, in a real browser; every word is made up."""

from tests.review.browser import (  # noqa: F401 - fixtures
    BROWSER_TEST,
    chromium,
    context,
    open_excerpt,
    port,
    served,
    tab,
    wait_for,
    wait_saved,
)
from tests.review.test_browser_passages import select
from tests.review.test_stale_words import redact_word

pytestmark = BROWSER_TEST


def test_words_chosen_before_a_redaction_are_refused_and_the_page_shows_what_stands(
    page, served, tab
):
    open_excerpt(tab, served, 2)
    select(tab, "haar kan")
    redact_word(page)

    tab.keyboard.press("/")
    tab.locator("#picker-list [role=option]").first.wait_for()
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")

    tab.get_by_text("Not stored: 409: the words around excerpt 2 have changed.").wait_for()
    tab.get_by_text("[CHILD_1]").first.wait_for()
    assert page.verdicts(2) == []

    wait_for(tab, 2)
    select(tab, "haar kan")
    tab.keyboard.press("/")
    tab.locator("#picker-list [role=option]").first.wait_for()
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")
    tab.locator(".stripe").first.wait_for()
    wait_saved(tab)
    (passage,) = page.screen(2)["state"]["passages"]
    text = "".join(part["text"] for turn in page.screen(2)["turns"] for part in turn["parts"])
    assert "haar kan" in text
    assert passage["end_char"] - passage["start_char"] == len("haar kan")
