"""The page in a Dutch browser, and the switch between its languages; words are synthetic."""

import pytest

from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    BROWSER_TEST,
    chromium,
    port,
    serve,
    served,
)
from tests.review.sentences import find_english

pytestmark = BROWSER_TEST


@pytest.fixture
def dutch_tab(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL")
    tab = context.new_page()
    problems = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.problems = problems
    yield tab
    context.close()


SAID = """() => [document.title, ...[...document.querySelectorAll("*")].flatMap((each) => [
  each.title, each.ariaLabel, each.placeholder,
  ...(each.tagName === "CODE" ? [] : [...each.childNodes])
    .filter((node) => node.nodeType === 3).map((node) => node.data),
])].filter((text) => text?.trim()).map((text) => text.trim().replace(/\\s+/g, " "))"""


def test_coders_page_in_a_dutch_browser_says_nothing_in_english(page, port, dutch_tab):
    tab, said = dutch_tab, set()
    with serve(page.study, port) as address:
        for excerpt_id, keys in ((2, ("1", "Shift+2", "d", "x", "h")), (4, ("9", "?", "?", "u"))):
            tab.goto(f"{address}/excerpts/{excerpt_id}")
            tab.wait_for_selector(f'.is-current[data-excerpt="{excerpt_id}"]')
            for key in ("", *keys):
                if key:
                    tab.keyboard.press(key)
                tab.wait_for_timeout(150)
                said |= set(tab.evaluate(SAID))
        for key, dialog in (("c", "#picker"), ("m", "#writing"), ("n", "#writing")):
            tab.keyboard.press(key)
            tab.wait_for_selector(f"{dialog}[open]")
            said |= set(tab.evaluate(SAID))
            tab.keyboard.press("Escape")
            tab.wait_for_selector(f"{dialog}:not([open])", state="attached")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 1280

    assert {"Klaar, volgende", "Afgewezen", "Toon alle toetsen", "past bij een regel:"} <= said
    assert find_english(said) == set()
    assert tab.problems == []


def test_switch_changes_the_language_and_the_browser_remembers_it(served, dutch_tab):
    dutch_tab.goto(f"{served}/codes")
    assert dutch_tab.get_attribute("html", "lang") == "nl"
    assert dutch_tab.get_attribute("[data-language=nl]", "aria-pressed") == "true"

    dutch_tab.click("[data-language=en]")
    dutch_tab.wait_for_selector("html[lang=en]")
    dutch_tab.goto(f"{served}/search")

    assert dutch_tab.get_attribute("html", "lang") == "en"
    assert dutch_tab.inner_text("h1") == "Search all transcripts"
    assert dutch_tab.problems == []


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_way_around_fits_in_dutch_and_is_one_line_where_there_is_room(served, dutch_tab, width):
    dutch_tab.set_viewport_size({"width": width, "height": 800})
    dutch_tab.goto(served)

    assert dutch_tab.evaluate("document.documentElement.scrollWidth") <= width
    height = dutch_tab.locator(".site-nav").bounding_box()["height"]
    assert (height < 50) == (width == 1280)
    sizes = dutch_tab.evaluate(
        "() => [...document.querySelectorAll('.site-nav :is(a, button)')]"
        ".map((each) => each.getBoundingClientRect())"
        ".map(({ width, height }) => Math.min(width, height))"
    )
    assert min(sizes) >= 24


def test_continue_has_the_focus_and_paper_has_no_way_around(served, dutch_tab):
    dutch_tab.goto(served)

    assert dutch_tab.evaluate("document.activeElement.className") == "continue"
    dutch_tab.emulate_media(media="print")
    assert not dutch_tab.is_visible(".site-nav")
