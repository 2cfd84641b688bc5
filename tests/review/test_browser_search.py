"""Searching and coding what is found, in a real browser; every word was invented."""

import sqlalchemy as sa

from study import tables as t
from tests.review.browser import (  # noqa: F401 - fixtures
    BROWSER_TEST,
    chromium,
    context,
    port,
    served,
    tab,
)

pytestmark = BROWSER_TEST
# The excerpt of the small study that the word is in.
EXCERPT = 3


def test_words_are_found_coded_and_uncoded_without_a_reload(page, served, tab):
    tab.goto(f"{served}/search")
    tab.keyboard.type("ALLES")
    tab.keyboard.press("Enter")
    tab.get_by_text("Found once.").wait_for()
    assert tab.inner_text(".hit mark") == "alles"

    tab.get_by_role("button", name="Code “alles”").click()
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")
    tab.get_by_text("Saved", exact=True).wait_for()
    assert page.verdicts(EXCERPT) == ["add"]
    assert tab.inner_text(".given") == "Shame"

    tab.get_by_role("button", name="Undo").click()
    tab.get_by_text("Undone").wait_for()
    assert page.verdicts(EXCERPT) == ["add", "undo"]
    assert tab.locator(".given .chip").count() == 0
    assert tab.url == f"{served}/search"
    assert tab.problems == []


def test_half_a_word_is_coded_whole_and_shown_so_before(page, served, tab):
    tab.goto(f"{served}/search")
    tab.fill("#text", "loven")
    tab.keyboard.press("Enter")
    tab.get_by_text("Found once.").wait_for()
    assert tab.inner_text(".hit mark") == "loven"
    assert tab.inner_text(".hit .to-code") == "geloven"

    tab.get_by_role("button", name="Code “geloven”").click()
    tab.get_by_role("heading", name="Code “geloven”").wait_for()
    tab.keyboard.type("trust")
    tab.keyboard.press("Enter")
    tab.get_by_text("Saved", exact=True).wait_for()

    with page.study.database.read() as connection:
        (coded,) = connection.execute(sa.select(t.passage)).all()
        text = connection.scalar(
            sa.select(t.transcript_version.c.text).where(
                t.transcript_version.c.id == coded.transcript_version_id
            )
        )
    assert text[coded.start_char : coded.end_char] == "geloven"
    assert tab.problems == []


def test_undo_is_offered_for_what_was_done_last_only(page, served, tab):
    tab.goto(f"{served}/search")
    tab.fill("#text", "haar")
    tab.keyboard.press("Enter")
    for number in (0, 1):
        tab.locator(".hit").nth(number).get_by_role("button", name="Code").click()
        tab.keyboard.type("trust")
        tab.keyboard.press("Enter")
        tab.locator(".hit").nth(number).get_by_text("Saved").wait_for()
    assert [tab.locator(".hit").nth(n).get_by_text("Undo").is_visible() for n in (0, 1)] == [
        False,
        True,
    ]

    tab.locator(".hit").nth(1).get_by_text("Undo").click()
    tab.get_by_text("Undone").wait_for()

    assert tab.locator(".hit").nth(0).get_by_text("Undo").is_visible()
    assert page.verdicts(3)[-1] == "undo"


def test_markup_in_a_transcript_is_text(page, served, tab):
    words = "<img src=x onerror=alert(1)> zee"
    with page.study.database.write() as connection:
        connection.execute(sa.update(t.transcript_version).values(text=words))
        connection.execute(sa.update(t.turn).values(start_char=0, end_char=len(words)))
    tab.goto(f"{served}/search")
    tab.fill("#text", "zee")
    tab.keyboard.press("Enter")
    tab.locator(".hit").first.wait_for()

    assert tab.locator(".hit img").count() == 0
    assert tab.inner_text(".hit .quote >> nth=0") == words
    assert tab.problems == []
