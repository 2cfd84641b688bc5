"""Signing in with a real browser, and markup that runs nowhere in it; words are made up."""

import pytest

from study.accounts import set_password
from tests.review.browser import (  # noqa: F401 - fixtures
    BROWSER_TEST,
    chromium,
    context,
    port,
    serve,
    served,
    tab,
)
from tests.review.conftest import NOW
from tests.review.test_markup import marked, payload  # noqa: F401 - fixtures

pytestmark = BROWSER_TEST
PASSWORD = "four words in row"


@pytest.fixture
def guarded(page, served):
    with page.study.database.write() as connection:
        set_password(connection, "anna", PASSWORD, now=NOW)
    return served


def sign_in(tab, password):
    tab.get_by_label("Name").fill("anna")
    tab.get_by_label("Password").fill(password)
    tab.keyboard.press("Enter")


def test_a_coder_signs_in_and_comes_where_they_were_going(guarded, tab):
    tab.goto(f"{guarded}/excerpts/2")
    assert tab.url == f"{guarded}/sign-in?next=%2Fexcerpts%2F2"
    assert tab.evaluate("document.activeElement.id") == "name"

    sign_in(tab, PASSWORD)

    tab.wait_for_url(f"{guarded}/excerpts/2")
    assert tab.evaluate("document.cookie") == ""
    assert tab.evaluate("document.querySelector('meta[name=csrf-token]').content.length") >= 43


def test_a_wrong_password_is_said_and_the_name_is_kept(guarded, tab):
    tab.goto(guarded)

    sign_in(tab, "wrong wrong wrong")

    tab.get_by_role("alert").get_by_text("do not go together").wait_for()
    assert tab.get_by_label("Name").input_value() == "anna"
    tab.wait_for_function("document.activeElement.id === 'password'")
    assert tab.get_by_label("Password").input_value() == ""


@pytest.mark.parametrize("address", ["/", "/excerpts/2"])
def test_what_was_written_runs_nowhere(marked, tab, port, address):
    ran = []
    tab.on("dialog", lambda dialog: ran.append(dialog.message) or dialog.dismiss())
    with serve(marked.study, port) as here:
        tab.goto(f"{here}{address}")
        tab.wait_for_load_state("networkidle")

        assert ran == []
        assert tab.evaluate("document.querySelectorAll('img, svg[onload], iframe').length") == 0
        assert tab.problems == []


def test_a_form_for_signing_out_is_taken_and_ends_it(guarded, tab):
    tab.goto(guarded)
    sign_in(tab, PASSWORD)
    tab.wait_for_url(f"{guarded}/")

    tab.evaluate(
        "() => { const form = document.createElement('form'); form.method = 'post'; "
        "form.action = '/sign-out'; document.body.append(form); form.submit(); }"
    )

    tab.wait_for_url(f"{guarded}/sign-in")
    assert tab.context.cookies() == []
