"""Every key of the coder's page, in a real browser; words are synthetic."""

import pytest
import sqlalchemy as sa

from study import tables as t
from study.decisions import read_state
from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    BROWSER_TEST,
    chromium,
    context,
    open_excerpt,
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
TWO = "Ik wist meteen: haar kan ik geloven."


@pytest.fixture
def state(page):
    def read(excerpt_id):
        with page.study.database.read() as connection:
            return read_state(connection, 1, excerpt_id)

    return read


def words(page, span):
    with page.study.database.read() as connection:
        text = connection.scalar(sa.select(t.transcript_version.c.text))
    return text[span.start_char : span.end_char]


def test_a_digit_gives_and_once_more_takes_back(page, served, tab):
    open_excerpt(tab, served, 2)

    press(tab, "1", "2", "1")

    assert page.verdicts(2) == ["accept", "accept", "remove"]


def test_shift_and_a_digit_rejects_and_x_rejects_the_rest(page, served, tab):
    open_excerpt(tab, served, 2)

    press(tab, "Shift+Digit3", "x")

    assert page.verdicts(2) == ["reject", "reject", "reject"]


def test_enter_passes_over_what_is_open_and_goes_on(page, served, tab):
    open_excerpt(tab, served, 2)

    tab.keyboard.press("1")
    tab.keyboard.press("Enter")
    wait_for(tab, 3)
    wait_saved(tab)

    assert page.verdicts(2) == ["accept", "pass_over", "pass_over", "done"]


def test_enter_with_nothing_given_says_that_no_code_fits(page, served, tab, state):
    open_excerpt(tab, served, 4)

    tab.keyboard.press("Enter")
    wait_for(tab, 5)
    wait_saved(tab)

    assert state(4).is_done
    assert state(4).given == ()
    tab.keyboard.press("ArrowUp")
    wait_for(tab, 4)
    assert "no code fits" in tab.inner_text("#codes")


def test_slash_finds_a_code_by_its_definition_and_gives_it(page, served, tab):
    open_excerpt(tab, served, 4)

    tab.keyboard.press("/")
    tab.wait_for_selector("#picker[open]")
    tab.keyboard.type("schaamte: what")
    tab.keyboard.press("Enter")
    wait_saved(tab)

    assert page.verdicts(4) == ["add"]


def test_question_mark_marks_unsure_and_leaves_it_open(page, served, tab, state):
    open_excerpt(tab, served, 2)

    press(tab, "?")

    assert state(2).is_unsure
    assert "Unsure" in tab.inner_text("#codes")


def test_u_takes_back_step_by_step(page, served, tab, state):
    open_excerpt(tab, served, 2)
    press(tab, "1", "2", "?")

    for n in (1, 2, 3):
        press(tab, "u")
        # Each one brings its excerpt anew, and the next key waits for that.
        for _ in range(100):
            if page.verdicts(2).count("undo") == n:
                break
            tab.wait_for_timeout(20)
        wait_for(tab, 2)

    assert (state(2).given, state(2).is_unsure) == ((), False)
    assert page.verdicts(2)[-3:] == ["undo", "undo", "undo"]
    tab.keyboard.press("u")
    tab.wait_for_selector("text=There is nothing left to undo.")


@pytest.mark.parametrize(("forth", "back"), [("ArrowDown", "ArrowUp"), ("j", "k")])
def test_arrows_move_and_decide_nothing(page, served, tab, forth, back):
    open_excerpt(tab, served, 2)

    tab.keyboard.press(forth)
    wait_for(tab, 3)
    tab.keyboard.press(back)
    wait_for(tab, 2)

    assert page.rows(2) == page.rows(3) == []


def test_brackets_move_the_boundaries_by_a_word_and_the_codes_go_with_them(
    page, served, tab, state
):
    open_excerpt(tab, served, 2)
    press(tab, "1", "}", "}", "{")

    assert words(page, state(2).bounds) == "wist meteen: haar kan"

    press(tab, "]", "[")
    assert words(page, state(2).bounds) == "Ik wist meteen: haar kan ik"
    press(tab, "u")
    assert words(page, state(2).bounds) == "wist meteen: haar kan ik"
    assert len(state(2).given) == 1


def test_brackets_with_alt_move_by_a_sentence(page, served, tab, state):
    open_excerpt(tab, served, 2)

    press(tab, "Alt+BracketRight")

    assert words(page, state(2).bounds).endswith("haar alles verteld.")


def test_s_splits_and_each_part_has_its_own_code(page, served, tab, state):
    open_excerpt(tab, served, 2)

    tab.keyboard.press("s")
    press(tab, "1")
    tab.keyboard.press("s")
    press(tab, "2")

    first, second = (words(page, passage.span) for passage in state(2).passages)
    assert f"{first} {second}" == TWO
    assert len(state(2).given) == 2


def test_b_joins_with_the_next_and_both_are_finished_together(page, served, tab, state):
    open_excerpt(tab, served, 2)
    press(tab, "b", "1")

    tab.keyboard.press("Enter")
    wait_for(tab, 4)
    wait_saved(tab)

    assert state(2).is_done
    assert state(3).is_done
    assert state(3).given == state(2).given


def test_m_writes_a_memo_that_can_be_taken_back(page, served, tab):
    open_excerpt(tab, served, 2)

    tab.keyboard.press("m")
    tab.wait_for_selector("#writing[open]")
    tab.keyboard.type("Is dit vertrouwen? <b>nee</b>")
    tab.keyboard.press("Control+Enter")
    wait_saved(tab)

    assert tab.inner_text(".memo") == "Is dit vertrouwen? <b>nee</b>"
    tab.reload()
    wait_for(tab, 2)
    assert tab.inner_text(".memo") == "Is dit vertrouwen? <b>nee</b>"
    press(tab, "u")
    tab.wait_for_selector(".memo", state="detached")


def test_n_makes_a_provisional_code_that_can_be_given_at_once(page, served, tab, state):
    open_excerpt(tab, served, 4)

    tab.keyboard.press("n")
    tab.wait_for_selector("#writing[open]")
    tab.keyboard.type("Zwijgen")
    tab.keyboard.press("Control+Enter")
    tab.wait_for_selector("#writing:not([open])", state="attached")
    wait_saved(tab)

    assert len(state(4).given) == 1
    assert "Zwijgen" in tab.inner_text("#given")
    tab.keyboard.press("ArrowDown")
    wait_for(tab, 5)
    tab.keyboard.press("/")
    tab.keyboard.type("zwij")
    tab.keyboard.press("Enter")
    wait_saved(tab)
    assert state(5).given == state(4).given


def test_a_provisional_code_that_there_is_already_is_refused_in_the_dialog(page, served, tab):
    open_excerpt(tab, served, 4)

    tab.keyboard.press("n")
    tab.keyboard.type("vertrouwen")
    tab.keyboard.press("Control+Enter")
    tab.wait_for_selector("#writing .answer:not(:empty)")

    assert tab.input_value("#writing input") == "vertrouwen"
    assert page.rows(4) == []


def test_d_shows_definitions_and_h_all_keys(served, tab):
    open_excerpt(tab, served, 2)

    tab.keyboard.press("d")
    tab.wait_for_selector("details.reason[open]")
    tab.keyboard.press("h")
    tab.wait_for_selector("#help[open]")
    tab.keyboard.press("h")
    tab.wait_for_selector("#help:not([open])", state="attached")

    assert tab.problems == []


def test_f_goes_to_the_search(served, tab):
    open_excerpt(tab, served, 2)

    tab.keyboard.press("f")

    tab.wait_for_url("**/search")


def test_keys_are_those_that_the_study_sets(filled_study, port, tab):
    file = filled_study.folder / "study.toml"
    changed = 'page_keys = "unsure = o, undo = z Backspace"\n'
    file.write_text(file.read_text(encoding="utf-8") + changed, encoding="utf-8")
    page = make_page(filled_study.folder)
    with serve(page.study, port) as address:
        open_excerpt(tab, address, 2)

        press(tab, "o", "z", "o", "Backspace")
        tab.keyboard.press("?")
        tab.keyboard.press("u")
        tab.wait_for_timeout(100)

    assert page.verdicts(2) == ["unsure", "undo", "unsure", "undo"]
    page.study.database.close()


def test_everything_has_a_button(page, served, tab, state):
    open_excerpt(tab, served, 2)

    tab.click("#tools >> text=Bounds")
    for name in ("Split", "Begin later", "Split", "Split", "Join", "Unsure"):
        tab.click(f"#panel button:has-text('{name}')")
        tab.wait_for_timeout(50)
    wait_saved(tab)
    tab.click(".reject >> nth=1")
    wait_saved(tab)
    tab.click("#tools button:has-text('Undo')")
    wait_saved(tab)

    assert page.verdicts(2) == ["bound", "unsure", "reject", "undo"]
    assert state(2).is_unsure


def test_a_touch_decides_like_a_click(page, served, chromium):
    context = chromium.new_context(has_touch=True, viewport={"width": 768, "height": 1024})
    tab = context.new_page()
    open_excerpt(tab, served, 2)

    tab.tap(".give >> nth=0")
    wait_saved(tab)
    tab.tap("#buttons button:has-text('Done')")
    wait_for(tab, 3)
    wait_saved(tab)

    assert page.verdicts(2) == ["accept", "pass_over", "pass_over", "done"]
    context.close()
