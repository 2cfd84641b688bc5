"""The coding screen's bar and tools in a real browser, wide and narrow; words are invented."""

import pytest

from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
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

pytestmark = BROWSER_TEST


def test_the_bar_leads_to_every_page_and_takes_no_height(served, tab):
    tab.set_viewport_size({"width": 1280, "height": 800})
    open_excerpt(tab, served, 2)
    assert tab.locator(".bar").bounding_box()["height"] <= 50
    assert tab.inner_text(".bar .coder").endswith("anna")

    tab.click("text=Pages")
    tab.wait_for_selector("#all-pages:popover-open")
    # What lies behind it hears no keys.
    tab.keyboard.press("1")
    assert tab.locator("[aria-pressed=true].give").count() == 0
    tab.click("#all-pages >> text=Codes")
    tab.wait_for_url("**/codes")


def test_the_language_is_chosen_on_the_coding_screen(served, tab):
    open_excerpt(tab, served, 2)

    tab.click(".bar [data-language=nl]")

    tab.wait_for_selector("html[lang=nl]")
    wait_for(tab, 2)
    assert tab.inner_text("#buttons .main span") == "Klaar, volgende"


@pytest.mark.parametrize("language", ["en-GB", "nl-NL"])
def test_the_tools_are_in_sight_on_two_lines(chromium, served, language):
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale=language)
    tab = context.new_page()
    open_excerpt(tab, served, 2)

    buttons = tab.locator("#tools button:visible")
    boxes = [each.bounding_box() for each in buttons.all()]

    assert len({round(box["y"]) for box in boxes}) == 2
    assert all(24 <= box["height"] < 40 for box in boxes)
    assert buttons.locator("kbd").all_inner_texts() == ["m", "n", "s", "b", "?", "h", "u"]
    cut = "each => each.scrollWidth > each.clientWidth"
    assert not any(each.evaluate(cut) for each in buttons.locator("span:first-child").all())
    context.close()


def test_where_there_is_little_room_the_tools_are_behind_a_button(page, served, tab):
    tab.set_viewport_size({"width": 768, "height": 1024})
    open_excerpt(tab, served, 2)
    assert tab.locator("#tools button:visible").count() == 2

    tools = tab.get_by_role("button", name="Tools")
    tools.click()
    assert tools.get_attribute("aria-expanded") == "true"
    tab.click("#tools >> text=Bounds")
    tab.click("#bounds >> text=Begin later")
    tab.wait_for_selector(".has-bounds")
    wait_saved(tab)

    assert page.verdicts(2) == ["bound"]
