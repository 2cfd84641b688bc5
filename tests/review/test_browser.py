"""The page in a real browser: keys, picker, reload, lost connection."""

import re
from datetime import UTC, datetime

import sqlalchemy as sa

from study import tables as t
from study.ledger import finish_run, note_progress
from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    BROWSER_TEST,
    chromium,
    context,
    open_excerpt,
    port,
    serve,
    served,
    tab,
    wait_for,
    wait_saved,
)

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
pytestmark = BROWSER_TEST


def test_front_page_follows_a_run_without_a_reload(page, served, tab):
    with page.study.lock():
        tab.goto(served)
        with page.study.database.write() as connection:
            note_progress(connection, 1, step="embed_excerpts", n_done=3, n_all=22)
        tab.wait_for_selector("text=At work: embedding excerpts, 3 of 22")
        counts = {"n_suggestions": 5, "n_interviews": 2}
        with page.study.database.write() as connection:
            finish_run(connection, 1, state="finished", counts=counts, now=NOW)

    tab.wait_for_selector("text=5 suggestions for 2 interviews.")
    tab.click("text=Show what is new")
    tab.wait_for_selector("text=A run has ended", state="hidden")

    assert tab.problems == []


def test_keys_give_reject_finish_and_undo(page, served, tab):
    open_excerpt(tab, served, 2)

    tab.keyboard.press("1")
    tab.keyboard.press("Shift+Digit2")
    tab.keyboard.press("Enter")
    wait_for(tab, 3)
    wait_saved(tab)

    assert page.verdicts(2) == ["accept", "reject", "pass_over", "done"]

    tab.keyboard.press("u")
    wait_for(tab, 2)

    assert page.verdicts(2)[-1] == "undo"
    assert tab.problems == []


def test_opposite_codes_are_one_card_and_each_keeps_its_key(page, propose_anew, served, tab):
    trust, click = (page.suggestions(2)[key]["guid"] for key in (1, 2))
    why = {"kind": "example", "index": 0, "similarity": 0.5}
    poles = [(1, "trust", 2.2, {**why, "choice_with": click})]
    poles += [(1, "click", 2.1, {**why, "kind": "definition", "choice_with": trust})]
    suggested = {"D1": [*poles, (1, "shame", 1.3, why)]}
    propose_anew(page.study, sha256="b" * 64, suggested=suggested)
    open_excerpt(tab, served, 2)

    assert tab.locator(".choice").count() == 1
    assert tab.locator(".choice .suggestion").count() == 2
    said = " ".join(tab.inner_text(".choice").split())
    assert said.startswith("Opposite codes: you decide which fits, if any.")
    assert "Definition: Vertrouwen: what it means (nl)." in said
    assert "matches the definition: Klik: what it means (nl)." in said
    tab.keyboard.press("d")
    tab.wait_for_selector(".choice .reason[open]")
    assert "resembles the example: Vertrouwen: an example" in tab.inner_text(".choice")

    tab.keyboard.press("2")
    wait_saved(tab)
    assert page.verdicts(2) == ["accept"]

    tab.keyboard.press("Enter")
    wait_for(tab, 3)
    wait_saved(tab)
    assert page.verdicts(2) == ["accept", "pass_over", "pass_over", "done"]
    assert tab.problems == []


def test_keys_typed_in_the_picker_decide_nothing_but_the_pick(page, served, tab):
    open_excerpt(tab, served, 2)

    tab.keyboard.press("/")
    tab.wait_for_selector("#picker[open]")
    tab.keyboard.type("1xu?h schaam")
    tab.keyboard.press("Escape")
    tab.wait_for_selector("#picker:not([open])", state="attached")
    tab.keyboard.press("c")
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")
    wait_saved(tab)

    assert page.verdicts(2) == ["accept"]
    assert tab.inner_text(".suggestion.is-given .chip") == "Schaamte"


def test_nothing_is_ticked_and_a_reload_shows_what_was_decided(page, served, tab):
    open_excerpt(tab, served, 2)
    assert tab.locator(".give[aria-pressed=true]").count() == 0

    tab.click(".give >> nth=0")
    wait_saved(tab)
    tab.reload()
    wait_for(tab, 2)

    assert tab.locator(".give[aria-pressed=true]").count() == 1
    assert page.verdicts(2) == ["accept"]


def test_enter_after_a_click_finishes_and_does_not_click_again(page, served, tab):
    open_excerpt(tab, served, 2)

    tab.click(".give >> nth=0")
    tab.keyboard.press("Enter")
    wait_for(tab, 3)
    wait_saved(tab)

    assert page.verdicts(2) == ["accept", "pass_over", "pass_over", "done"]


def test_an_excerpt_without_suggestions_says_so_and_passes(page, served, tab):
    open_excerpt(tab, served, 4)
    assert "No suggestions here" in tab.inner_text("#codes")

    tab.keyboard.press("Enter")
    wait_for(tab, 5)
    wait_saved(tab)

    assert page.verdicts(4) == ["done"]


def test_a_save_that_fails_is_kept_said_and_sent_again(page, served, tab):
    open_excerpt(tab, served, 2)
    tab.context.set_offline(True)

    tab.keyboard.press("1")
    tab.wait_for_selector(".saving.is-late")
    assert page.verdicts(2) == []
    tab.context.set_offline(False)
    wait_saved(tab)

    assert page.verdicts(2) == ["accept"]


# Also what is only said aloud, shown under the pointer, or folded away.
EVERYTHING_SAID = """() => [document.body.innerText, document.title,
    ...[...document.querySelectorAll("[title], [aria-label], [placeholder], .codes *")].flatMap(
    (each) => [each.title, each.ariaLabel, each.placeholder, each.textContent])].join("\\n")"""


def _draw(study, places):
    """Draw excerpts of the Dutch interview to be coded blind."""
    with study.database.write() as connection:
        for excerpt_id in range(1, 6):
            connection.execute(
                sa.insert(t.blind_draw).values(
                    excerpt_id=excerpt_id, rate=0.1, is_drawn=excerpt_id in places, drawn_at=NOW
                )
            )


def _hear(tab, excerpt_id, *keys):
    """Press keys one after another; give all that the page said meanwhile."""
    said = [tab.evaluate(EVERYTHING_SAID)]
    for key in keys:
        tab.keyboard.press(key)
        # The dialog that a key closed tells of it a moment later.
        wait_for(tab, excerpt_id)
        said.append(tab.evaluate(EVERYTHING_SAID))
    return said


def test_nothing_a_coder_can_reach_in_a_reflexive_study_says_suggest(page_of, port, tab):
    page = page_of("reflexive")
    address = f"http://127.0.0.1:{port}"
    with serve(page.study, port):
        open_excerpt(tab, address, 4)
        said = _hear(tab, 4, "9", "x", "d", "h", "h")
        # In Dutch, and in English.
        for excerpt_id in (2, 7):
            open_excerpt(tab, address, excerpt_id)
            said += _hear(tab, excerpt_id, "9", "x", "x", "d", "h", "h")
            wait_saved(tab)
        tab.keyboard.press("c")
        tab.wait_for_selector("#picker[open]")
        tab.keyboard.type("click")
        with tab.expect_response("**/api/actions"):
            tab.keyboard.press("Enter")
        said += _hear(tab, 7)
        _draw(page.study, {3, 4})
        open_excerpt(tab, address, 3)
        said += _hear(tab, 3)

    text = "\n".join(said)
    for sentence in (
        "3 second readings, strongest first",
        "No second readings here.",
        "There is no second reading 9 here.",
        "No second reading is still open.",
        "Reject every second reading that is still open",
        "Some excerpts come without second readings",
        "so that your own reading comes first.",
        "does not say whether the code fits",
    ):
        assert sentence in text
    assert not re.search("suggest|agree|measured", text, re.IGNORECASE)
    assert tab.problems == []


def test_the_page_fits_a_phone(served, tab):
    tab.set_viewport_size({"width": 390, "height": 800})
    open_excerpt(tab, served, 2)

    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
