"""Pictures of every page for the docs, light and dark: `python -m bench.screens`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from bench.sample_work import decide_some, finish_owed, list_owed
from bench.scripted_coder import CHROMIUM, FLAGS
from bench.serve import serve_in_a_process
from bench.terminal import Report, one_line_errors, progress_bars
from study.accounts import set_password
from study.clock import utc_now
from study.errors import StudyError
from study.folder import open_study

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

SIZE: ViewportSize = {"width": 1280, "height": 760}
SETTLED_MS = 400
Look: TypeAlias = Literal["light", "dark"]
LOOKS: tuple[Look, ...] = ("light", "dark")
PASSWORD = "made up for a picture"


@dataclass(frozen=True)
class Shot:
    """A page to take a picture of; types goes into the field that has the focus, then a key."""

    name: str
    address: str
    keys: tuple[str, ...] = ()
    types: str = ""
    then: str = "Shift"


# In braces what is only known once the study is there.
SHOTS = (
    Shot("interviews", "/"),
    Shot("excerpt", "/excerpts/{open}"),
    Shot("excerpt-decided", "/excerpts/{decided}"),
    Shot("excerpt-definitions", "/excerpts/{open}", ("d",)),
    Shot("excerpt-picker", "/excerpts/{open}", ("/",), "tr"),
    Shot("excerpt-keys", "/excerpts/{open}", ("h",)),
    Shot("excerpt-blind", "/interviews/{owing}"),
    Shot("search", "/search", (), "people", "Enter"),
    Shot("codes", "/codes"),
    Shot("code", "/codes/{guid}"),
    Shot("pending", "/pending/{guid}"),
    Shot("progress", "/progress"),
    Shot("proposed", "/proposed"),
    Shot("gaps", "/gaps"),
)
AGREEMENT = Shot("agreement", "/agreement")
SIGN_IN = Shot("sign-in", "/sign-in")


@click.command()
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs/pages"),
    show_default=True,
)
@click.option(
    "--study",
    "demo",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A sample study that is there already; it is copied. Without it one is made.",
)
def main(folder: Path, demo: Path | None) -> None:
    """Take a picture of every page of the SYNTHETIC sample study."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        one_line_errors(),
        progress_bars() as report,
        TemporaryDirectory(prefix="themeloop-bench-") as place,
    ):
        study = Path(place) / "study"
        _make_demo(study, demo)
        _run("report", study)
        with serve_in_a_process(study) as address:
            facts = decide_some(address, report)
            # Of the first one some may be done.
            facts["owing"] = str(max(list_owed(study)))
            take_all(SHOTS, address, facts, folder, report)
            finish_owed(address, study)
            take_all([AGREEMENT], address, facts, folder, report)
            _close(study)
            take_all([SIGN_IN], address, facts, folder, report)


def take_all(
    shots: Sequence[Shot], address: str, facts: Mapping[str, str], folder: Path, report: Report
) -> None:
    """Take a picture of every page that there is, in every look."""
    for tab, look in each_look():
        for number, shot in enumerate(shots):
            report(f"Pictures, {look}", number, len(shots))
            path = folder / f"{shot.name}-{look}.png"
            _take(tab, shot, address + shot.address.format(**facts), path)
        report(f"Pictures, {look}", len(shots), len(shots))


def each_look() -> Iterator[tuple[Page, Look]]:
    """Open a tab in light, then one in dark."""
    # Only the benchmarks of the page need a browser.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for look in LOOKS:
            context = browser.new_context(viewport=SIZE, color_scheme=look, locale="en-GB")
            yield context.new_page(), look
            context.close()
        browser.close()


def _make_demo(study: Path, demo: Path | None) -> None:
    if demo is not None:
        shutil.copytree(demo, study)
        return
    _run("demo", study, "--no-serve")


def _run(command: str, study: Path, *options: str) -> None:
    arguments = [sys.executable, "-m", "themeloop", command, "--study", str(study), *options]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StudyError(f"'themeloop {command}' failed: {done.stderr.strip()}")


def _close(folder: Path) -> None:
    """Let nobody in without a password any more."""
    study = open_study(folder)
    with study.database.write() as connection:
        set_password(connection, study.settings.coder, PASSWORD, now=utc_now())
    study.database.close()


def _take(tab: Page, shot: Shot, address: str, path: Path) -> None:
    answer = tab.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200:
        click.echo(f"Left out {shot.name}: there is no such page.", err=True)
        return
    for key in shot.keys:
        tab.keyboard.press(key)
    if shot.types:
        tab.wait_for_timeout(SETTLED_MS)
        tab.keyboard.type(shot.types)
        tab.keyboard.press(shot.then)
    tab.wait_for_timeout(SETTLED_MS)
    tab.screenshot(path=path)


if __name__ == "__main__":
    main()
