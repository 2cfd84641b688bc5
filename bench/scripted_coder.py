"""Codes on the page in a real browser as a person would, key by key, and times what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from playwright.sync_api import Page

Json: TypeAlias = dict[str, Any]
CHROMIUM = Path(shutil.which("chromium") or "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
SIZE = {"width": 1280, "height": 900}
TIMES = "name => performance.getEntriesByName(name).map((mark) => mark.startTime)"
AFTER_A_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
SAVED = "() => document.getElementById('saving').textContent.startsWith('Saved')"
SHOWN = """() => new Set([...document.querySelectorAll("#codes [data-suggestion]")]
    .map((each) => each.dataset.suggestion)).size"""
# What the picker lists first for every beginning of a name, by the page's own rule.
FIRST_FOUND = """async (guid) => {
    const { findCodes } = await import("/static/picker.js");
    const codes = await (await fetch("/api/codebook")).json();
    const names = Object.values(codes.find((code) => code.guid === guid).wordings)
        .map(({ name }) => name.toLowerCase());
    const typed = names.flatMap((name) => [...name].map((_, n) => name.slice(0, n + 1)));
    const rankOf = (text) => findCodes(codes, text).findIndex((code) => code.guid === guid);
    return typed.map((text) => [text, rankOf(text)]).filter(([, rank]) => rank >= 0)
        .sort(([a, i], [b, j]) => a.length + i - b.length - j)[0];
}"""


@dataclass(frozen=True)
class Coded:
    """What coding one excerpt took; by_digit and by_picker are codes.

    is_bare: Nothing was suggested for it, or nothing was shown of that.
    """

    keys: int
    seconds: float
    by_digit: int = 0
    by_picker: int = 0
    is_bare: bool = False


@contextmanager
def open_tab() -> Iterator[Page]:
    """Open a tab of a real Chromium."""
    # Only the benchmarks of the page need a browser.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield browser.new_page(viewport=SIZE)  # type: ignore[arg-type]  # a plain dictionary
        finally:
            browser.close()


class ScriptedCoder:
    """A coder at a browser's tab who never thinks.

    The page marks when it heard a key and when the next excerpt was on the screen.
    """

    def __init__(self, tab: Page, address: str) -> None:
        self.tab = tab
        self.address = address
        self.n_keys = 0
        self._typed: dict[str, tuple[str, int]] = {}

    def begin(self) -> None:
        """Go from the first page to the excerpt that waits."""
        self.tab.goto(self.address)
        self.tab.click("a.continue")
        self._wait_painted(0)

    @property
    def excerpt_id(self) -> int:
        """Tell which excerpt is in hand."""
        return int(self.tab.url.rpartition("/")[2])

    @property
    def token(self) -> str:
        """Give what the page sends along with whatever it writes."""
        return str(self.tab.get_attribute('meta[name="csrf-token"]', "content"))

    @property
    def n_shown(self) -> int:
        """Count the suggestions on the screen."""
        return int(self.tab.evaluate(SHOWN))

    def screen(self) -> Json:
        """Ask the server for the excerpt in hand, as it was shown."""
        found: Json = self.tab.evaluate(
            "number => fetch(`/api/excerpts/${number}`).then((answer) => answer.json())",
            self.excerpt_id,
        )
        return found

    def press(self, key: str) -> None:
        """Press one key, or a chord of them."""
        self.n_keys += 1
        self.tab.keyboard.press(key)

    def finish(self) -> float:
        """Press Enter; give the milliseconds until the next excerpt was on the screen."""
        n_before = len(self._times("painted"))
        self.press("Enter")
        self._wait_painted(n_before)
        return float(self._times("painted")[n_before] - self._times("pressed")[-1])

    def pick(self, guid: str) -> None:
        """Give a code that is not suggested: its fewest letters, and Enter."""
        typed, n_down = self._typed[guid]
        self.press("/")
        self.tab.wait_for_selector("dialog[open] input")
        for letter in typed:
            self.press(letter)
        for _ in range(n_down):
            self.press("ArrowDown")
        self.press("Enter")
        # Nobody's next key comes in the moment in which the picker is closing.
        self.tab.evaluate(AFTER_A_FRAME)

    def learn_names(self, guids: Sequence[str]) -> None:
        """Find out beforehand what to type for each code."""
        for guid in guids:
            self._typed[guid] = self.tab.evaluate(FIRST_FOUND, guid)

    def code(self, wanted: Sequence[str]) -> Coded:
        """Code the excerpt in hand with these codes, by digit where they are suggested."""
        digits = find_digits(self.screen())
        suggested = [guid for guid in wanted if guid in digits]
        others = [guid for guid in wanted if guid not in digits]
        n_before, started = self.n_keys, self._now()
        for guid in suggested:
            self.press(str(digits[guid]))
        for guid in others:
            self.pick(guid)
        self.finish()
        seconds = (self._times("painted")[-1] - started) / 1000
        keys = self.n_keys - n_before
        return Coded(keys, seconds, len(suggested), len(others), not digits)

    def wait_saved(self) -> None:
        """Wait until the server has stored whatever was decided."""
        self.tab.wait_for_function(SAVED)

    def _now(self) -> float:
        return float(self.tab.evaluate("() => performance.now()"))

    def _times(self, mark: str) -> list[float]:
        times: list[float] = self.tab.evaluate(TIMES, mark)
        return times

    def _wait_painted(self, n_before: int) -> None:
        self.tab.wait_for_function(
            "n => performance.getEntriesByName('painted').length > n", arg=n_before
        )


def list_suggestions(screen: Mapping[str, Any]) -> list[Json]:
    """List what is suggested on a screen, in the order shown."""
    return [each for group in screen["groups"] for each in group["suggestions"]]


def find_digits(screen: Mapping[str, Any]) -> dict[str, int]:
    """Give the digit of every code that is suggested, by GUID."""
    # Of more than nine the others have none.
    return {s["guid"]: s["key"] for s in list_suggestions(screen) if s["key"] is not None}
