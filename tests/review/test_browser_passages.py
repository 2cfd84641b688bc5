"""Any words coded, stripes, boundaries, times and recordings in a real browser; words synthetic."""

import math
import struct
import wave

import pytest
import sqlalchemy as sa

from study import tables as t
from study.coded_file import take_in
from study.folder import create_study
from study.records import CodedInterview, GivenExcerpt, Span
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
from tests.review.conftest import NOW, SETTINGS, make_page, propose

pytestmark = BROWSER_TEST
TRUST = "68AFCAF8-D3A9-4521-B14B-87D9076580F7"
CLICK = "47C6CD58-9A1A-4030-8B20-B7A566705398"
SHAME = "641D4567-9454-4CA9-AE34-1A40EF73C060"
TURNS = (
    ("interviewer", "Hoe ging dat eerste gesprek? 🙂"),
    (
        "participant",
        "Ik wist 👩‍👧 meteen: haar kan ik geloven. Dat zag ik aan alles, hoe ze zat.",
    ),
    ("participant", "En daarna 🏠 heb ik haar alles verteld."),
    ("interviewer", "Wat maakte dat?"),
    ("participant", "Geen idee eigenlijk."),
)
TEXT = "\n".join(text for _, text in TURNS)
MARKED = (
    """name => [...(CSS.highlights.get(name) ?? [])].map(range => range.toString()).join("|")"""
)


def span(first, last=None):
    return Span(TEXT.index(first), TEXT.index(last or first) + len(last or first))


@pytest.fixture
def page(book, tmp_path):
    """The page of an interview with times; its participant's words hold signs of all kinds."""
    study = create_study(tmp_path / "study", SETTINGS, now=NOW)
    excerpts = tuple(GivenExcerpt(f"e{n}", n, *turn) for n, turn in enumerate(TURNS))
    interview = CodedInterview("D1", "made-up", "nl", None, excerpts, ())
    take_in(study, [interview], book, is_segmenting=False, now=NOW)
    propose(study)
    with study.database.write() as connection:
        connection.execute(sa.update(t.turn).values(start_ms=t.turn.c.position * 2000))
    study.database.close()
    page = make_page(study.folder)
    yield page
    page.client.close()
    page.study.database.close()


@pytest.fixture
def code(page):
    def send(excerpt_id, guid, words, verdict="add"):
        place = {"start_char": words.start_char, "end_char": words.end_char} if words else {}
        about = {} if guid is None else {"code_guid": guid}
        body = {"verdict": verdict, **about, **place}
        answer = page.client.post(
            "/api/actions",
            json={
                "id": f"00000000-0000-4000-8000-{next(numbers):012}",
                "excerpt_id": excerpt_id,
                "version_id": page.screen(excerpt_id)["version_id"],
                "verdicts": [body],
            },
        )
        assert answer.status_code == 200, answer.text

    numbers = iter(range(1, 1000))
    return send


@pytest.fixture
def passages(page):
    def read(excerpt_id):
        found = page.screen(excerpt_id)["state"]["passages"]
        return [(each["guid"], Span(each["start_char"], each["end_char"])) for each in found]

    return read


def select(tab, first, last=None):
    """Select words as a person would, and let the page see it."""
    tab.evaluate(
        """([first, last]) => {
          const nodes = [...document.querySelectorAll(".words")].map(words => words.firstChild);
          const find = text => nodes.find(node => node.data.includes(text));
          const [from, to] = [find(first), find(last)];
          const range = new Range();
          range.setStart(from, from.data.indexOf(first));
          range.setEnd(to, to.data.indexOf(last) + last.length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [first, last or first],
    )


def names(tab):
    return [each.get_attribute("aria-label") for each in tab.locator(".stripe").all()]


def test_words_drawn_with_the_mouse_are_coded_whole(page, passages, served, tab):
    open_excerpt(tab, served, 2)
    box = tab.locator(".is-current .words").bounding_box()
    tab.mouse.move(box["x"] + 1, box["y"] + 12)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 60, box["y"] + 12, steps=4)
    tab.mouse.up()

    tab.click(".code-words")
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")
    wait_saved(tab)

    ((guid, words),) = passages(2)
    assert guid == SHAME
    assert TEXT[words.start_char : words.end_char] in ("Ik wist", "Ik wist 👩‍👧")
    assert tab.locator(".code-words").is_hidden()
    assert tab.problems == []


def test_slash_codes_the_selected_words_and_not_the_excerpt(page, passages, served, tab):
    open_excerpt(tab, served, 2)
    select(tab, "teen: haar", "gelo")

    tab.keyboard.press("/")
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")
    wait_saved(tab)

    assert passages(2) == [(SHAME, span("meteen", "geloven"))]
    assert names(tab) == ["Schaamte: words 4 to 8 of excerpt 2"]


def test_words_over_two_turns_are_one_stripe_and_codes_of_both(page, passages, served, tab):
    open_excerpt(tab, served, 2)
    select(tab, "haar kan", "alles verteld")

    tab.click(".code-words")
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")
    wait_saved(tab)

    words = span("haar kan", "alles verteld")
    assert (passages(2), passages(3)) == ([(SHAME, words)], [(SHAME, words)])
    assert names(tab) == ["Schaamte: words in excerpts 2 to 3"]


def test_the_button_stands_beside_the_words_and_goes_with_them(served, tab):
    open_excerpt(tab, served, 2)
    select(tab, "haar kan ik")
    tab.wait_for_selector(".code-words", state="visible")
    button = tab.locator(".code-words").bounding_box()
    words = tab.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")

    assert button["y"] + button["height"] <= words["top"] or button["y"] >= words["bottom"]
    assert button["height"] >= 24

    tab.evaluate("getSelection().removeAllRanges()")
    tab.wait_for_selector(".code-words", state="hidden")


def test_words_under_a_finger_have_the_button_below_its_handles(chromium, served):
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    tab = open_tab(context)
    open_excerpt(tab, served, 2)
    tab.touchscreen.tap(200, 200)
    select(tab, "haar kan ik")

    tab.wait_for_selector(".code-words", state="visible")
    bottom = tab.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().bottom")
    assert tab.locator(".code-words").bounding_box()["y"] >= bottom + 24

    tab.locator(".code-words").tap()
    tab.wait_for_selector("#picker[open]")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.problems == []
    context.close()


def test_a_selection_that_begins_outside_the_words_counts_from_the_first(served, tab):
    open_excerpt(tab, served, 2)

    found = tab.evaluate(
        """async () => {
          const { selectedSpan } = await import("/static/selection.js");
          const place = document.getElementById("transcript");
          const pick = (from, to) => {
            getSelection().setBaseAndExtent(...from, ...to);
            return selectedSpan(place);
          };
          const words = [...place.querySelectorAll(".words")].map(each => each.firstChild);
          const label = place.querySelector("#turn-1 .speaker");
          return [
            pick([label, 0], [words[1], 7]),
            pick([words[1], 7], [label, 0]),
            pick([words[2], 0], [words[3], 0]),
            pick([label, 0], [label, 1]),
            pick([document.body, 0], [document.body, 0]),
            pick([document.getElementById("panel"), 0], [document.getElementById("panel"), 1]),
          ];
        }"""
    )

    first, backwards, turn, *none = [Span(**each) if each else None for each in found]
    assert (first, backwards) == (span("Ik wist"), span("Ik wist"))
    assert turn == span("En daarna", "alles verteld.")
    assert none == [None, None, None]


def test_stripes_stand_beside_each_other_and_mark_just_their_words(code, served, tab):
    code(2, TRUST, None)
    code(2, SHAME, span("haar kan ik"))
    code(3, CLICK, span("heb ik"))
    open_excerpt(tab, served, 2)

    assert names(tab) == [
        "Vertrouwen: excerpt 2",
        "Schaamte: words 5 to 7 of excerpt 2",
        "Klik: words 4 to 5 of excerpt 3",
    ]
    boxes = [each.bounding_box() for each in tab.locator(".stripe").all()]
    assert all(box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    assert boxes[0]["x"] + 24 <= boxes[1]["x"]
    assert boxes[0]["x"] == boxes[2]["x"]

    for stripe, words in enumerate([TURNS[1][1], "haar kan ik", "heb ik"]):
        tab.locator(".stripe").nth(stripe).hover()
        assert tab.evaluate(MARKED, "coded") == words
    tab.mouse.move(5, 5)
    assert tab.evaluate(MARKED, "coded") == ""


def test_a_stripe_follows_its_words_when_the_lines_break_elsewhere(code, served, tab):
    code(4, SHAME, span("Wat maakte"))
    open_excerpt(tab, served, 2)
    tab.set_viewport_size({"width": 768, "height": 900})
    tab.wait_for_timeout(150)

    stripe = tab.locator(".stripe").bounding_box()
    words = tab.locator("#turn-3 .words").bounding_box()

    assert abs(stripe["y"] - words["y"]) < 12


def test_clicking_a_stripe_removes_its_coding_and_undo_brings_it_back(
    page, code, passages, served, tab
):
    code(2, TRUST, span("haar kan ik"))
    open_excerpt(tab, served, 2)

    tab.click(".stripe")
    dialog = tab.locator("#passage")
    assert dialog.locator("h2").inner_text() == "Vertrouwen"
    assert "haar kan ik" in dialog.locator("blockquote").inner_text()
    assert "what it means" in dialog.inner_text()
    assert tab.evaluate(MARKED, "opened") == "haar kan ik"
    dialog.get_by_text("Remove").click()
    wait_saved(tab)

    assert passages(2) == []
    assert names(tab) == []
    assert tab.evaluate(MARKED, "opened") == ""

    tab.keyboard.press("u")
    tab.wait_for_selector(".stripe")
    assert passages(2) == [(TRUST, span("haar kan ik"))]
    assert tab.problems == []


def test_a_coding_is_changed_into_another_code_in_one_step(page, code, passages, served, tab):
    code(3, TRUST, span("haar alles"))
    open_excerpt(tab, served, 2)

    tab.click(".stripe")
    tab.locator("#passage").get_by_text("Change code").click()
    tab.wait_for_selector("#picker[open]")
    assert tab.inner_text("#picker h2") == "Change code"
    tab.keyboard.type("schaam")
    tab.keyboard.press("Enter")
    wait_saved(tab)

    assert passages(3) == [(SHAME, span("haar alles"))]
    page.undo()
    assert passages(3) == [(TRUST, span("haar alles"))]


def test_stripes_are_reached_and_opened_with_keys(code, served, tab):
    code(2, TRUST, None)
    code(3, SHAME, span("haar alles"))
    open_excerpt(tab, served, 2)
    tab.locator('.stripe[tabindex="0"]').focus()
    assert tab.evaluate(MARKED, "coded") == TURNS[1][1]

    tab.keyboard.press("ArrowDown")
    assert tab.evaluate(MARKED, "coded") == "haar alles"
    assert tab.url.endswith("/excerpts/2")

    tab.keyboard.press("Enter")
    assert tab.locator("#passage h2").inner_text() == "Schaamte"
    tab.keyboard.press("Escape")
    assert tab.locator("#passage").is_hidden()
    assert tab.evaluate("document.activeElement.className") == "stripe"
    assert tab.locator('.stripe[tabindex="0"]').count() == 1


def test_many_codes_on_the_same_words_stand_behind_one_sign(code, passages, served, tab):
    code(2, TRUST, None)
    code(2, CLICK, None)
    code(2, SHAME, span("meteen: haar kan"))
    code(2, SHAME, span("haar kan ik"))
    open_excerpt(tab, served, 2)
    assert names(tab)[-1] == "2 more codes here"

    tab.click(".stripe.is-more")
    rows = tab.locator(".more-codes button")
    assert rows.count() == 2
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert tab.locator("#passage .place").text_content() == "words 5 to 7 of excerpt 2"
    tab.locator("#passage").get_by_text("Remove").click()
    wait_saved(tab)

    assert passages(2) == [(SHAME, span("meteen: haar kan"))]
    assert len(names(tab)) == 3
    assert tab.locator(".more-codes").count() == 0


def test_moved_boundaries_are_what_is_shaded(code, served, tab):
    code(2, TRUST, None)
    code(2, None, span("meteen", "En daarna"), verdict="bound")
    open_excerpt(tab, served, 2)

    moved = TEXT[span("meteen").start_char : span("En daarna").end_char]
    assert tab.evaluate(MARKED, "bounds") == moved.replace("\n", "|")
    colour = "getComputedStyle(document.querySelector('.is-current')).backgroundColor"
    assert tab.evaluate(colour) == "rgba(0, 0, 0, 0)"
    tab.locator(".stripe").first.hover()
    assert tab.evaluate(MARKED, "coded") == moved.replace("\n", "|")

    tab.keyboard.press("ArrowDown")
    wait_for(tab, 3)
    assert tab.evaluate(MARKED, "bounds") == ""
    assert tab.evaluate(colour) != "rgba(0, 0, 0, 0)"


def test_times_are_words_without_a_recording(served, tab):
    open_excerpt(tab, served, 2)

    assert tab.locator(".time").all_inner_texts() == ["0:00", "0:02", "0:06", "0:08"]
    assert tab.locator("button.time, .player").count() == 0


@pytest.fixture
def recording(page):
    folder = page.study.folder / "audio"
    folder.mkdir()
    with wave.open(str(folder / "D1.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        tone = (struct.pack("<h", int(200 * math.sin(n / 9))) for n in range(8000 * 12))
        sound.writeframes(b"".join(tone))


def test_a_recording_plays_from_a_time_and_goes_on_over_excerpts(recording, served, tab):
    open_excerpt(tab, served, 2)
    heard = "document.querySelector('audio').currentTime"

    tab.click("button.time >> text=0:06")
    tab.wait_for_function(f"() => {heard} > 6")
    assert tab.evaluate("document.querySelector('audio').paused") is False

    tab.keyboard.press("ArrowDown")
    wait_for(tab, 3)
    assert tab.evaluate(f"{heard} > 6 && !document.querySelector('audio').paused")

    box = tab.locator(".player").bounding_box()
    assert box["y"] + box["height"] <= tab.locator(".is-current").bounding_box()["y"]
    assert tab.problems == []


def test_the_play_key_starts_where_the_excerpt_in_hand_begins(recording, served, tab):
    open_excerpt(tab, served, 5)

    found = tab.evaluate(
        """async () => {
          const { playPause } = await import("/static/audio.js");
          const audio = document.querySelector("audio");
          playPause();
          await new Promise(done => audio.addEventListener("timeupdate", done, { once: true }));
          const at = audio.currentTime;
          playPause();
          return [at >= 8, audio.paused];
        }"""
    )

    assert found == [True, True]


def test_a_memo_is_a_small_sign_that_says_it(page, served, tab):
    body = {
        "id": "00000000-0000-4000-8000-00000000abcd",
        "excerpt_id": 3,
        "text": "Kijk <b>hier</b>",
    }
    assert page.client.post("/api/memos", json=body).status_code == 200

    open_excerpt(tab, served, 2)

    assert tab.locator(".memo-mark").get_attribute("title") == "Memo: Kijk <b>hier</b>"
