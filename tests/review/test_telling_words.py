"""A card's reasons in a real browser, and the words that it marks; every word is synthetic."""

import pytest

from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    CHROMIUM,
    chromium,
    context,
    open_excerpt,
    port,
    served,
    tab,
    wait_for,
)
from tests.review.evidence import PART, give_trust, rest_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium on this machine"),
]


def test_card_tells_a_chance_and_the_nearest_excerpt_and_marks_the_words_when_pointed_at(
    page, propose_anew, served, tab
):
    give_trust(page.study, 7)
    why = rest_on(7, words=[(8, 14), (28, 35)])
    suggested = {"D1": [(1, "trust", 0.7, why), (1, "shame", 0.4, PART)]}
    propose_anew(page.study, "b" * 64, suggested, probability=0.7)
    open_excerpt(tab, served, 2)
    card = tab.locator("[data-telling]").first

    assert card.locator(".chance").inner_text() == "7 in 10"
    assert card.locator(".chance").get_attribute("title") == "7 of 10 such suggestions are right"
    assert tab.locator(".strength").count() == 0
    assert card.locator("summary").inner_text() == "like E1: Being ashamed at the door."
    assert _marked(tab) == []

    card.locator("summary").hover()
    assert _marked(tab) == ["meteen", "geloven"]

    tab.locator("[data-telling]").nth(1).hover()
    assert _marked(tab) == []

    tab.mouse.move(5, 5)
    card.locator("summary").focus()
    assert _marked(tab) == ["meteen", "geloven"]

    tab.keyboard.press("d")
    said = " ".join(card.locator(".reason").inner_text().split())
    # The colon after a lead is the style sheet's.
    assert "Words that speak for itmeteen · geloven" in said
    assert "resembles the example: Vertrouwen: an example (nl)." in said

    tab.keyboard.press("ArrowDown")
    wait_for(tab, 3)
    assert _marked(tab) == []
    assert tab.problems == []


def _marked(tab):
    """Read which words are underlined in the transcript."""
    return tab.evaluate("() => [...(CSS.highlights.get('telling') ?? [])].map(String)")
