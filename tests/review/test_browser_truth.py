"""What is decided in a real browser is stored once, whatever happens; words are synthetic."""

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from study.decisions import read_state
from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    BROWSER_TEST,
    chromium,
    context,
    open_excerpt,
    open_tab,
    port,
    press,
    serve,
    served,
    tab,
    wait_for,
    wait_saved,
)
from tests.review.conftest import make_page

pytestmark = BROWSER_TEST
HERE = Path(__file__).parent
SLOW = """() => {
  const ask = globalThis.fetch;
  globalThis.fetch = async (...what) => {
    if (String(what[0]).endsWith("/actions")) await new Promise((done) => setTimeout(done, 500));
    return ask(...what);
  };
}"""
TEN_KEYS = """async () => {
  const send = (key, code) => document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key, code, bubbles: true }));
  for (let n = 0; n < 5; n += 1) {
    for (const [key, code] of [["1", "Digit1"], ["Enter", "Enter"]]) {
      send(key, code);
      await new Promise((done) => setTimeout(done, 30));
    }
  }
}"""


def test_ten_keys_in_three_hundred_milliseconds_hit_what_was_meant(page, served, tab):
    open_excerpt(tab, served, 1)

    tab.evaluate(TEN_KEYS)
    wait_for(tab, 6)
    wait_saved(tab)

    # A digit where nothing is suggested gives nothing; each Enter finishes the next excerpt.
    done = {n: page.verdicts(n) for n in range(1, 6)}
    assert [verdicts.count("done") for verdicts in done.values()] == [1, 1, 1, 1, 1]
    assert [verdicts.count("accept") for verdicts in done.values()] == [0, 1, 1, 0, 0]
    assert page.rows(6) == []
    assert tab.problems == []


def test_the_next_excerpt_is_painted_before_the_server_has_answered(page, served, tab):
    open_excerpt(tab, served, 2)
    tab.wait_for_timeout(200)
    tab.evaluate(SLOW)

    tab.keyboard.press("Enter")
    wait_for(tab, 3)

    assert tab.inner_text("#saving") == "Saving…"
    assert page.rows(2) == []
    wait_saved(tab)
    assert page.verdicts(2)[-1] == "done"


def test_two_tabs_neither_lose_nor_double(page, served, tab, context):
    other = open_tab(context)
    open_excerpt(tab, served, 2)
    open_excerpt(other, served, 2)

    press(tab, "1")
    other.keyboard.press("1")
    other.wait_for_selector("text=was changed in another tab")
    wait_for(other, 2)

    assert page.verdicts(2) == ["accept"]
    assert other.inner_text(".suggestion.is-given .chip") == "Vertrouwen"
    press(other, "2")
    assert page.verdicts(2) == ["accept", "accept"]


def test_a_double_click_gives_and_takes_back_and_stores_both(page, served, tab):
    open_excerpt(tab, served, 2)

    tab.dblclick(".give >> nth=0")
    wait_saved(tab)

    assert page.verdicts(2) == ["accept", "remove"]


def test_undo_goes_on_after_a_reload_and_over_several_excerpts(page, served, tab):
    open_excerpt(tab, served, 2)
    press(tab, "1")
    for excerpt_id in (3, 4):
        tab.keyboard.press("Enter")
        wait_for(tab, excerpt_id)
    wait_saved(tab)
    tab.reload()
    wait_for(tab, 4)

    for excerpt_id in (3, 2, 2):
        tab.keyboard.press("u")
        wait_for(tab, excerpt_id)
        wait_saved(tab)

    with page.study.database.read() as connection:
        states = [read_state(connection, 1, excerpt_id) for excerpt_id in (2, 3)]
    assert [state.is_done for state in states] == [False, False]
    assert states[0].given == ()
    assert page.verdicts(2)[-2:] == ["undo", "undo"]


def test_offline_and_back(page, served, tab, context):
    open_excerpt(tab, served, 1)
    tab.wait_for_timeout(300)
    context.set_offline(True)

    tab.keyboard.press("Enter")
    wait_for(tab, 2)
    tab.keyboard.press("1")
    tab.keyboard.press("Enter")
    wait_for(tab, 3)
    tab.wait_for_selector(".saving.is-late")
    said = tab.inner_text("#saving")
    kept = tab.evaluate("() => JSON.stringify(localStorage)")
    assert page.rows(1) == page.rows(2) == []
    context.set_offline(False)
    wait_saved(tab)

    assert said.startswith("Offline: 3 decisions are kept here")
    assert "geloven" not in kept
    assert "Vertrouwen" not in kept
    assert page.verdicts(1) == ["done"]
    assert page.verdicts(2) == ["accept", "pass_over", "pass_over", "done"]
    assert tab.evaluate("() => localStorage.length") == 0


def test_what_a_closed_tab_had_left_is_sent_by_the_next_one(page, served, tab, context):
    open_excerpt(tab, served, 2)
    tab.route("**/api/actions", lambda route: route.abort())
    tab.keyboard.press("1")
    tab.wait_for_selector(".saving.is-late")
    tab.close()

    later = open_tab(context)
    open_excerpt(later, served, 2)
    wait_saved(later)
    later.wait_for_selector(".suggestion.is-given")

    assert page.verdicts(2) == ["accept"]


def test_words_are_never_kept_by_the_browser(page, served, tab):
    open_excerpt(tab, served, 2)
    press(tab, "1")

    stored = tab.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length]"
    )
    answer = tab.request.get(f"{served}/api/excerpts/2")

    assert stored == [0, 0, 0]
    assert answer.headers["cache-control"] == "no-store"


@contextmanager
def serve_doomed(folder, port):
    command = [sys.executable, str(HERE / "doomed_server.py"), str(folder), str(port)]
    server = subprocess.Popen(command, cwd=HERE.parents[1])
    try:
        for _ in range(600):
            try:
                urlopen(f"http://127.0.0.1:{port}/health", timeout=1).read()
                break
            except (URLError, OSError):
                time.sleep(0.05)
        yield server
    finally:
        server.kill()
        server.wait()


def test_a_server_killed_between_key_and_commit_loses_and_doubles_nothing(filled_study, port, tab):
    filled_study.database.close()
    folder = filled_study.folder
    with serve_doomed(folder, port) as server:
        open_excerpt(tab, f"http://127.0.0.1:{port}", 2)
        press(tab, "2")
        (folder / "doom").touch()
        tab.keyboard.press("1")
        server.wait(timeout=20)
        tab.wait_for_selector(".saving.is-late")
    with serve_doomed(folder, port):
        wait_saved(tab)
        press(tab, "3")

    page = make_page(folder)
    assert page.verdicts(2) == ["accept", "accept", "accept"]
    page.study.database.close()


@pytest.fixture
def committing(filled_study, port):
    file = filled_study.folder / "study.toml"
    changed = 'suggestions_shown = "after commit"\n'
    file.write_text(file.read_text(encoding="utf-8") + changed, encoding="utf-8")
    page = make_page(filled_study.folder)
    with serve(page.study, port) as address:
        yield page, address
    page.study.database.close()


def test_own_codes_come_first_then_what_is_suggested_then_the_final_answer(committing, tab):
    page, address = committing
    open_excerpt(tab, address, 2)
    assert tab.locator(".suggestion").count() == 0
    assert "First your own codes" in tab.inner_text("#codes")

    tab.keyboard.press("/")
    tab.keyboard.type("klik")
    tab.keyboard.press("Enter")
    wait_saved(tab)
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".suggestion .standing:has-text('Given')")
    wait_saved(tab)
    press(tab, "1")
    tab.keyboard.press("Enter")
    wait_for(tab, 3)
    wait_saved(tab)

    assert page.rows(2) == [
        ("add", True, False),
        ("done", False, False),
        ("reopen", False, True),
        ("accept", True, True),
        ("pass_over", True, True),
        ("done", False, True),
    ]
    assert tab.problems == []


def test_where_nothing_is_suggested_own_codes_lead_straight_on(committing, tab):
    page, address = committing
    open_excerpt(tab, address, 4)

    tab.keyboard.press("Enter")
    wait_for(tab, 5)
    wait_saved(tab)

    assert page.rows(4) == [("done", False, False)]
