"""The coding screen in a real browser: what is in sight, the tools, parts; words are invented."""

from dataclasses import replace

import pytest

from codebook.records import Code
from study.codebooks import store_codebook
from study.records import Span
from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    BROWSER_TEST,
    chromium,
    context,
    open_excerpt,
    port,
    press,
    served,
    tab,
    wait_for,
    wait_saved,
)
from tests.review.conftest import CLICK, NOW, SHAME, TRUST

pytestmark = BROWSER_TEST
WHY = {"kind": "definition", "index": 0, "similarity": 0.5}
LONG = "Een verzonnen omschrijving die over vele regels loopt en toch te lezen moet zijn. " * 6
CARD_OF = ".suggestion:has([data-focus^='give-']:has-text('{name}'))"
INSIDE = """([inside, selector]) => {
  const place = document.getElementById(inside).getBoundingClientRect();
  return [...document.querySelectorAll(selector)].map((each) => {
    const { top, bottom } = each.getBoundingClientRect();
    return top >= place.top && bottom <= place.bottom;
  });
}"""


@pytest.fixture
def long_page(page, book, propose_anew):
    """The page with a choice of two and a third suggestion, all with long definitions."""

    def lengthen(code: Code) -> Code:
        wordings = {name: replace(each, definition=LONG) for name, each in code.wordings.items()}
        return replace(code, wordings=wordings)

    with page.study.database.write() as connection:
        store_codebook(connection, replace(book, codes=tuple(map(lengthen, book.codes))), now=NOW)
    choice = [(1, "trust", 2.2, {**WHY, "choice_with": CLICK})]
    choice += [(1, "click", -0.4, {**WHY, "choice_with": TRUST})]
    propose_anew(page.study, sha256="b" * 64, suggested={"D1": [*choice, (1, "shame", 1.3, WHY)]})
    page.client.get("/")
    return page


def bounds_of(page, excerpt_id):
    return page.screen(excerpt_id)["state"]["bounds"]


def test_three_suggestions_are_counted_and_their_keys_in_sight(long_page, served, tab):
    tab.set_viewport_size({"width": 1280, "height": 800})
    open_excerpt(tab, served, 2)

    assert tab.inner_text("#codes .hint") == "3 suggestions, strongest first"
    assert tab.evaluate(INSIDE, ["codes", ".suggestion .give kbd"]) == [True, True, True]


def test_a_long_definition_is_two_lines_until_it_is_opened(long_page, served, tab):
    open_excerpt(tab, served, 2)
    summary = tab.locator(".reason summary").first
    line = float(summary.evaluate("each => parseFloat(getComputedStyle(each).lineHeight)"))
    assert summary.bounding_box()["height"] < 2.6 * line

    summary.click()
    tab.wait_for_selector(".reason[open]")

    assert summary.bounding_box()["height"] > 4 * line
    assert LONG.strip() in summary.inner_text()


def test_a_reason_with_nothing_more_to_it_offers_no_more(page, served, tab):
    open_excerpt(tab, served, 2)

    # The definition is the whole reason of the third, and fits.
    tab.wait_for_selector(CARD_OF.format(name="Schaamte") + " .reason.is-short")
    assert tab.locator(".reason.is-short").count() == 1


def test_a_fade_tells_that_the_list_goes_on_below(long_page, served, tab):
    tab.set_viewport_size({"width": 1280, "height": 560})
    open_excerpt(tab, served, 2)
    tab.wait_for_selector("#codes.goes-on")

    tab.evaluate("document.getElementById('codes').scrollTo(0, 10000)")
    tab.wait_for_selector("#codes:not(.goes-on)")

    assert tab.evaluate(INSIDE, ["codes", "#codes .title"]) == [True]
    tab.set_viewport_size({"width": 1280, "height": 1400})
    tab.evaluate("document.getElementById('codes').scrollTo(0, 0)")
    tab.wait_for_selector("#codes:not(.goes-on)")


def test_what_was_given_stays_in_sight_and_is_taken_back_there(long_page, served, tab):
    tab.set_viewport_size({"width": 1280, "height": 560})
    open_excerpt(tab, served, 2)
    press(tab, "3")
    tab.evaluate("document.getElementById('codes').scrollTo(0, 10000)")

    given = tab.locator(".given-now li")
    assert given.locator(".chip").all_inner_texts() == ["Schaamte"]
    assert tab.evaluate(INSIDE, ["panel", ".given-now li"]) == [True]

    given.get_by_role("button").click()
    tab.wait_for_selector(".given-now", state="hidden")
    wait_saved(tab)
    assert long_page.verdicts(2) == ["accept", "remove"]


def test_below_what_is_usual_is_said_so(long_page, served, tab):
    open_excerpt(tab, served, 2)

    said = [each.get_attribute("title") for each in tab.locator(".strength").all()]

    assert "lies 2.2 standard deviations above what is usual" in said[0]
    assert "lies 0.4 standard deviations below what is usual" in said[1]
    assert tab.locator(".score").all_inner_texts() == ["+2.2", "\N{MINUS SIGN}0.4", "+1.3"]


def test_nothing_matches_what_is_less_like_than_usual(page, propose_anew):
    suggested = {"D1": [(1, "trust", -0.4, WHY), (1, "shame", 0.4, WHY)]}
    propose_anew(page.study, sha256="b" * 64, suggested=suggested)

    found = page.suggestions(2).values()

    leads = {each["score"]: each["reason"]["lead"] for each in found}
    assert leads == {-0.4: "nearest is the definition", 0.4: "matches the definition"}


def test_each_part_of_a_split_excerpt_shows_its_own_codes(page, served, tab):
    open_excerpt(tab, served, 2)
    press(tab, "3", "s", "1")
    trust, shame = (CARD_OF.format(name=name) for name in ("Vertrouwen", "Schaamte"))
    assert tab.locator(".given-now li .chip").all_inner_texts() == ["Schaamte", "Vertrouwen"]

    press(tab, "s")
    tab.wait_for_selector(f"{trust}.is-open")
    assert "Other words of the excerpt have it." in tab.inner_text(trust)
    assert tab.locator(f"{shame}.is-given").count() == 1
    assert "The whole excerpt has it." in tab.inner_text(shame)
    assert tab.locator(".given-now li .chip").all_inner_texts() == ["Schaamte"]

    press(tab, "s")
    tab.wait_for_selector(f"{trust}.is-given")
    assert tab.inner_text(".given-now li:has-text('Vertrouwen') .extent") == "3 words"
    assert page.verdicts(2) == ["accept", "accept"]
    assert tab.problems == []


def test_parting_after_a_reload_gives_the_boundaries_before_the_join(page, served, tab):
    open_excerpt(tab, served, 2)
    press(tab, "}", "{")
    moved = bounds_of(page, 2)
    press(tab, "b")
    joined = bounds_of(page, 2)
    assert joined["end_char"] > moved["end_char"]

    tab.reload()
    wait_for(tab, 2)
    press(tab, "b")
    assert bounds_of(page, 2) == moved
    assert bounds_of(page, 3) is None

    painted = "performance.getEntriesByName('painted').length"
    before = tab.evaluate(painted)
    press(tab, "u")
    tab.wait_for_function(f"n => {painted} > n", arg=before)
    wait_saved(tab)
    assert bounds_of(page, 2) == joined
    press(tab, "b")
    assert bounds_of(page, 2) == moved


def test_words_with_a_code_are_marked_counted_and_named(page, served, tab):
    body = {"verdict": "add", "code_guid": SHAME, "start_char": 45, "end_char": 60}
    version = page.screen(2)["version_id"]
    sent = {"id": "00000000-0000-4000-8000-000000000001", "excerpt_id": 2, "version_id": version}
    answer = page.client.post("/api/actions", json={**sent, "verdicts": [body]})
    assert answer.status_code == 200, answer.text
    open_excerpt(tab, served, 2)

    words = "[...CSS.highlights.get('own-0')].map(range => range.toString())"
    assert tab.evaluate(words) == ["haar kan ik gel"]
    assert tab.inner_text(".is-current .marks .extent") == "4 words"
    rule = "[...document.adoptedStyleSheets[0].cssRules].map(rule => rule.cssText).join()"
    assert "underline" in tab.evaluate(rule)

    box = tab.evaluate(
        "[...CSS.highlights.get('own-0')][0].getBoundingClientRect().toJSON()",
    )
    tab.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2)
    tab.wait_for_selector(".stripe.is-pointed")
    named = tab.locator(".is-current .words").get_attribute("title")
    assert named == tab.locator(".stripe").get_attribute("aria-label")

    tab.mouse.move(5, 5)
    press(tab, "u")
    tab.wait_for_selector(".stripe", state="detached")
    assert tab.evaluate("CSS.highlights.has('own-0')") is False
    assert tab.problems == []


def test_the_picker_tells_themes_and_makes_what_it_does_not_find(page, served, tab):
    open_excerpt(tab, served, 2)
    tab.keyboard.press("/")
    tab.wait_for_selector("#picker li")
    assert tab.inner_text("#picker h2") == "Another code"
    assert tab.locator("#picker .theme-of").all_inner_texts() == ["Band", "Band"]

    tab.keyboard.type("Hoop & uitzicht")
    tab.wait_for_selector("#picker .makes")
    assert tab.inner_text("#picker .makes") == "Make a new code “Hoop & uitzicht”"
    tab.keyboard.press("Enter")

    tab.wait_for_selector("#writing[open]")
    assert tab.input_value("#writing input") == "Hoop & uitzicht"
    tab.click("#writing button[type=submit]")
    tab.wait_for_selector("#writing:not([open])", state="attached")
    wait_saved(tab)
    tab.wait_for_selector(".given-now >> text=Hoop & uitzicht")
    assert tab.problems == []


def test_a_new_code_that_was_looked_for_words_is_given_to_these_words(page, served, tab):
    open_excerpt(tab, served, 2)
    tab.evaluate(
        """() => {
          const words = document.querySelector(".is-current .words").firstChild;
          getSelection().setBaseAndExtent(words, 0, words, 7);
        }"""
    )
    tab.keyboard.press("/")
    tab.wait_for_selector("#picker[open]")
    tab.keyboard.type("Hoop")
    tab.wait_for_selector("#picker .makes")
    tab.click("#picker .makes")
    tab.wait_for_selector("#writing[open]")
    assert tab.inner_text("#writing blockquote") == "Ik wist"
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#writing:not([open])", state="attached")
    wait_saved(tab)

    (passage,) = page.screen(2)["state"]["passages"]
    assert Span(passage["start_char"], passage["end_char"]) == Span(29, 36)
