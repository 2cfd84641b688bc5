"""A real browser on a page that is served by a thread of its own; words are synthetic."""

import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from review.app import create_app

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
BROWSER_TEST = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium on this machine"),
]


@contextmanager
def serve(study, port):
    config = uvicorn.Config(create_app(study), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def served(page, port):
    with serve(page.study, port) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def tab(context):
    return open_tab(context)


def open_tab(context):
    tab = context.new_page()
    problems = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    tab.problems = problems
    return tab


def open_excerpt(tab, address, excerpt_id):
    tab.goto(f"{address}/excerpts/{excerpt_id}")
    wait_for(tab, excerpt_id)


def wait_for(tab, excerpt_id):
    tab.wait_for_selector(f'.is-current[data-excerpt="{excerpt_id}"]')
    tab.wait_for_url(f"**/excerpts/{excerpt_id}")
    tab.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))")


def wait_saved(tab):
    tab.wait_for_function("() => document.getElementById('saving').textContent === 'Saved'")


def press(tab, *keys):
    """Press keys one after another, each after what the one before it led to is stored."""
    for key in keys:
        tab.keyboard.press(key)
        tab.wait_for_timeout(30)
        wait_saved(tab)
