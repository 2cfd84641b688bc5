"""Everything under one code, in a real browser; every word was invented."""

from tests.review.browser import (  # noqa: F401 - fixtures
    BROWSER_TEST,
    chromium,
    context,
    port,
    served,
    tab,
)
from tests.review.codings import (
    FIRST,
    SECOND,
    give,
    give_words,
)
from tests.review.conftest import TRUST

pytestmark = BROWSER_TEST


def open_code(tab, served):
    tab.goto(f"{served}/codes/{TRUST}")
    tab.locator(".coded").first.wait_for()


def test_coding_is_changed_and_changed_back(page, served, tab):
    give(page, FIRST)
    open_code(tab, served)

    tab.get_by_role("button", name="Change code of excerpt 2").click()
    tab.keyboard.type("klik")
    tab.keyboard.press("Enter")
    tab.get_by_text("Now “Click”").wait_for()
    assert page.verdicts(FIRST) == ["add", "remove", "add"]

    tab.keyboard.press("Enter")
    tab.get_by_text("Undone").wait_for()
    tab.get_by_role("button", name="Take the code off excerpt 2").click()
    tab.get_by_text("Taken off").wait_for()

    assert page.verdicts(FIRST) == ["add", "remove", "add", "undo", "remove"]
    assert tab.problems == []


def test_what_is_typed_before_the_codes_have_come_waits_for_them(page, served, tab):
    give(page, FIRST)
    held = []

    def hold(route):
        held.append(route)

    tab.route("**/api/codebook", hold)
    open_code(tab, served)

    tab.get_by_role("button", name="Change code of excerpt 2").click()
    tab.keyboard.type("klik")
    tab.keyboard.press("Enter")
    tab.get_by_text("Fetching the codes…").wait_for()
    assert page.verdicts(FIRST) == ["add"]
    held[0].continue_()
    tab.get_by_text("Now “Click”").wait_for()

    assert page.verdicts(FIRST) == ["add", "remove", "add"]
    assert tab.problems == []


def test_picker_closes_and_says_so_where_the_codes_do_not_come(page, served, tab):
    give(page, FIRST)
    tab.route("**/api/codebook", lambda route: route.abort())
    open_code(tab, served)

    tab.get_by_role("button", name="Change code of excerpt 2").click()
    tab.get_by_text("The study cannot be reached. Try again.").wait_for()

    assert tab.locator("#picker[open]").count() == 0


def test_excerpt_that_loses_a_code_loses_its_passages_too(page, served, tab):
    give(page, FIRST)
    give_words(page, FIRST, 3, 7)
    open_code(tab, served)

    tab.locator(".coded").first.get_by_text("Take it off").click()
    tab.locator(".coded.is-off").nth(1).wait_for()
    tab.get_by_role("button", name="Undo").click()
    tab.get_by_text("Undone").wait_for()

    assert tab.locator(".is-off").count() == 0
    assert tab.problems == []


def test_change_made_elsewhere_is_shown_and_not_written_over(page, served, tab):
    give(page, FIRST)
    give(page, SECOND)
    open_code(tab, served)
    page.send(FIRST, {"verdict": "remove", "code_guid": TRUST})

    tab.get_by_role("button", name="Take the code off excerpt 2").click()
    tab.get_by_text("One coding.").wait_for()

    assert page.verdicts(FIRST) == ["add", "remove"]


def test_memo_and_note_are_written_with_the_keyboard(page, served, tab):
    give(page, FIRST)
    open_code(tab, served)
    tab.get_by_role("button", name="Memo on excerpt 2").press("Enter")
    tab.keyboard.type("synthetic memo")
    tab.keyboard.press("Control+Enter")
    tab.get_by_text("synthetic memo").wait_for()
    assert page.screen(FIRST)["state"]["memo"] == "synthetic memo"

    tab.get_by_role("button", name="Write a note").press("Enter")
    tab.keyboard.type("thrown away")
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Write a note").press("Enter")
    tab.keyboard.type("synthetic note")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("button", name="Change the note").wait_for()

    tab.reload()
    tab.get_by_text("synthetic note").wait_for()
    tab.get_by_text("synthetic memo").wait_for()
    assert tab.get_by_text("thrown away").count() == 0
    assert tab.problems == []


def test_everybodys_codings_are_read_only(page, served, tab):
    give(page, FIRST)
    open_code(tab, served)
    assert tab.locator(".coded button").count() == 3

    tab.get_by_label("Everybody’s, to read only").check()
    tab.locator(".coded .where").get_by_text("anna").wait_for()

    assert tab.locator(".coded button").count() == 0
    assert tab.problems == []
