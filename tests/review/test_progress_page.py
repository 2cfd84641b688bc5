"""Facts about the page that says where the work stands; words are synthetic."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from review.gate import Admitted, Gate
from study import tables as t
from study.codebooks import store_codebook
from study.coders import CODER, LEAD, list_coders
from study.decisions import Action, Verdict, record_action
from study.pace import read_pace_seen
from tests.review.browser import BROWSER_TEST, chromium, context, port, served, tab  # noqa: F401 - fixtures
from tests.review.conftest import NOW, TRUST

# Trust is suggested for the first of these, shame for the second; they are D1's and E1's.
IN_DUTCH, IN_ENGLISH = 2, 7
ZOE = 70
EARLIER = NOW - timedelta(days=3)
numbers = count()


class FakeGate(Gate):
    """Lets in whom it is told to, in a role."""

    def __init__(self, study, coder_id, role):
        super().__init__(study)
        with study.database.read() as connection:
            found = next(each for each in list_coders(connection) if each.id == coder_id)
            self.coder = replace(found, role=role)

    def find(self, _request):
        return Admitted(self.coder, "synthetic")


def sit_down(page, coder_id, role):
    """Let this coder be who asks."""
    state = page.client.app.state
    state.room = replace(state.room, gate=FakeGate(page.study, coder_id, role))


@pytest.fixture
def anna(page):
    with page.study.database.read() as connection:
        return connection.scalar(sa.select(t.coder.c.id).where(t.coder.c.name == "anna"))


@pytest.fixture
def zoe(page, anna):
    """Another coder, with the same excerpts to code."""
    with page.study.database.write() as connection:
        connection.execute(
            sa.insert(t.coder).values(
                id=ZOE, name="Zoë <i>", role=CODER, is_reviewing=True, added_at=NOW
            )
        )
        items = connection.execute(
            sa.select(t.queue_item).where(t.queue_item.c.coder_id == anna)
        ).mappings()
        connection.execute(
            sa.insert(t.queue_item), [{**item, "coder_id": ZOE} for item in items.all()]
        )
    return ZOE


def owe(page, excerpt_id):
    """Draw an excerpt to be coded blind."""
    with page.study.database.write() as connection:
        connection.execute(
            sa.insert(t.blind_draw).values(
                excerpt_id=excerpt_id, rate=0.1, is_drawn=True, drawn_at=NOW
            )
        )


def decide(page, coder_id, excerpt_id, verdict="accept", *, now=EARLIER, shown_ms=None):
    """Decide on the strongest suggestion of an excerpt, as if a key had been pressed."""
    with page.study.database.write() as connection:
        suggestion = connection.execute(
            sa.select(t.suggestion)
            .where(t.suggestion.c.excerpt_id == excerpt_id)
            .order_by(t.suggestion.c.rank)
        ).first()
        is_on = verdict in ("accept", "reject", "pass_over")
        said = Verdict(verdict, suggestion.code_id, suggestion.id) if is_on else Verdict(verdict)
        action = Action(f"a{next(numbers)}", coder_id, excerpt_id, (said,), shown_ms=shown_ms)
        record_action(connection, action, now=now)


def accept_often(page, coder_id, n=20, *, now=EARLIER, shown_ms=1):
    """Accept the same suggestion so often that a pace can be told."""
    for _ in range(n):
        decide(page, coder_id, IN_DUTCH, now=now, shown_ms=shown_ms)


def tell(page, everybody=0):
    answer = page.client.get(f"/api/progress?everybody={everybody}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def read(page, address="/progress"):
    answer = page.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_progress_is_told_for_each_interview_with_links_to_what_was_unsure(page, anna):
    decide(page, anna, IN_DUTCH, "done")
    decide(page, anna, 3, "unsure")

    text = read(page)

    assert "1 of 7 excerpts done" in text
    assert 'href="/excerpts/3" aria-label="D1, excerpt 3"' in text
    assert "3 days ago" in text


def test_days_are_told_in_words_and_what_is_long_ago_by_its_date(page, anna, zoe):
    decide(page, anna, IN_DUTCH, now=NOW)
    decide(page, anna, IN_ENGLISH, now=NOW - timedelta(days=1))
    decide(page, zoe, IN_DUTCH, now=NOW - timedelta(days=40))

    text = read(page, "/progress?everybody=1")

    assert "today" in text
    assert "yesterday" in text
    assert (NOW - timedelta(days=40)).date().isoformat() + "</time>" in text


def test_what_is_to_be_coded_blind_is_not_told_apart(page, anna):
    before = tell(page)
    owe(page, 1)
    after = tell(page)

    assert before["standing"] == after["standing"]
    assert "blind" not in read(page).casefold()


def test_acceptance_is_drawn_and_told_as_a_table(page, anna):
    decide(page, anna, IN_DUTCH, "accept")
    decide(page, anna, 3, "reject")

    text = read(page)

    assert "1 of 2 accepted" in text
    assert "<svg" in text
    assert (
        '<th scope="row">Trust</th><td>2026-W09</td><td>1</td><td>1</td><td>0</td><td>2</td>'
        in (text)
    )


def test_codes_beyond_the_first_twelve_are_folded_away(page, anna, monkeypatch):
    monkeypatch.setattr("review.progress.N_CHARTS", 1)
    decide(page, anna, IN_DUTCH)
    decide(page, anna, IN_ENGLISH)

    assert "More codes, with fewer suggestions: 1" in read(page)


def test_a_code_that_is_mostly_not_taken_is_named_with_what_helps(page, anna, monkeypatch):
    monkeypatch.setattr("study.acceptance.LEAST_TOLD", 2)
    decide(page, anna, IN_DUTCH, "reject")
    decide(page, anna, 3, "pass_over")

    text = read(page)

    assert "1 rejected and 1 passed over, of 2" in text
    assert "100%, likely between 34% and 100%" in text
    assert f"/codes/{TRUST}" in text
    assert "sharpen its definition" in text


def test_what_became_of_codes_that_are_gone_is_counted_by_itself(page, anna, book):
    decide(page, anna, IN_ENGLISH)
    smaller = replace(book, codes=book.codes[:2])
    with page.study.database.write() as connection:
        store_codebook(connection, smaller, now=NOW)

    assert (tell(page)["codes"], tell(page)["n_elsewhere"]) == ([], 1)
    assert "codes that the codebook has no longer: 1." in read(page)


def test_a_coder_sees_their_own_work_only(page, anna, zoe):
    sit_down(page, anna, CODER)
    decide(page, zoe, IN_DUTCH)

    text = read(page)

    assert set(tell(page)["coders"]) == {str(anna)}
    assert tell(page)["codes"] == []
    assert "Zoë" not in text
    assert "everybody=1" not in text
    for address in ("/progress?everybody=1", "/api/progress?everybody=1"):
        assert page.client.get(address).status_code == 403


def test_a_lead_sees_everybody_in_a_matrix(page, anna, zoe):
    decide(page, zoe, IN_DUTCH)
    decide(page, zoe, IN_DUTCH, "done")
    decide(page, zoe, 3, "unsure")
    sit_down(page, anna, LEAD)

    text = read(page, "/progress?everybody=1")

    assert '<th scope="col">Zoë &lt;i&gt;</th>' in text
    assert "1 unsure" in text
    assert "1 of 1 accepted" in text
    # Another coder's excerpts are nothing to click on.
    assert "/excerpts/" not in text


@pytest.mark.parametrize("whose", ["", "everybody=1&"])
def test_many_interviews_come_in_pages_and_the_sums_are_over_all(
    page, anna, zoe, monkeypatch, whose
):
    sit_down(page, anna, LEAD)
    monkeypatch.setattr("review.progress.ON_A_PAGE", 1)

    first, second, beyond = (
        page.client.get(f"/progress?{whose}page={number}").text for number in (1, 2, 9)
    )

    shown = [(">D1<" in text, ">E1<" in text) for text in (first, second)]
    assert shown == [(True, False), (False, True)]
    assert beyond == second
    assert all("0/7" in text or "0 of 7" in text for text in (first, second))
    assert f'rel="next" href="/progress?{whose.replace("&", "&amp;")}page=2"' in first
    assert "Interviews 2 to 2 of 2" in second


def test_a_lead_who_codes_nothing_sees_everybody_at_once(page, anna, zoe):
    with page.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item).where(t.queue_item.c.coder_id == anna))
    sit_down(page, anna, LEAD)

    answer = page.client.get("/progress", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/progress?everybody=1")


def test_what_others_made_of_an_interview_that_is_owed_is_not_told(page, anna, zoe):
    decide(page, zoe, IN_DUTCH)
    decide(page, zoe, IN_ENGLISH)
    owe(page, 1)
    sit_down(page, anna, LEAD)

    told = tell(page, everybody=1)

    assert [code["name"] for code in told["codes"]] == ["Shame"]
    assert told["n_hidden"] == 1
    assert "before suggestions are shown: 1." in read(page, "/progress?everybody=1")


def test_a_coder_sees_their_pace_first(page, anna, zoe):
    accept_often(page, zoe)
    sit_down(page, anna, LEAD)
    before = tell(page, everybody=1)
    hidden = read(page, "/progress?everybody=1")

    sit_down(page, zoe, CODER)
    own = read(page)
    accept_often(page, zoe, 5, now=NOW + timedelta(days=1))
    sit_down(page, anna, LEAD)
    after = read(page, "/progress?everybody=1")

    assert before["paces"] == {}
    assert "has not opened this page yet" in hidden
    assert "20 of 20 acceptances came sooner than a very fast reader (450 words" in own
    # Five more came since: these are the coder's alone until they look again.
    assert "20 of 20" in after
    assert "25 of 25" not in after


def test_a_script_that_asks_is_no_coder_who_looks(page, anna):
    accept_often(page, anna)

    assert tell(page)["paces"][str(anna)]["n_fast"] == 20
    assert seen_at(page) == {}


def test_only_a_page_with_something_new_to_tell_is_noted(page, anna):
    read(page)
    before = seen_at(page)
    accept_often(page, anna)
    read(page)
    first = seen_at(page)
    page.client.app.state.room = replace(
        page.client.app.state.room, clock=lambda: NOW + timedelta(days=1)
    )
    read(page)

    assert (before, first) == ({}, {anna: NOW})
    assert seen_at(page) == first


def seen_at(page):
    with page.study.database.read() as connection:
        return read_pace_seen(connection)


def test_of_a_few_acceptances_nothing_is_told_and_what_is_left_out_is_said(page, anna, zoe):
    decide(page, anna, IN_DUTCH, shown_ms=1)
    decide(page, anna, 3)
    decide(page, anna, IN_DUTCH, now=NOW - timedelta(hours=1), shown_ms=1)

    text = read(page)

    assert "Nothing can be said yet" in text
    assert "nobody knows how long the excerpt had been on the screen: 1." in text
    assert "as you had worked on the excerpt before: 1." in text
    assert "too few acceptances to tell" in read(page, "/progress?everybody=1")


def test_a_reflexive_study_counts_what_was_read_and_nobody_elses_pace(page_of, filled_study):
    page = page_of("reflexive")
    with page.study.database.read() as connection:
        anna = connection.scalar(sa.select(t.coder.c.id).where(t.coder.c.name == "anna"))
    accept_often(page, anna)
    decide(page, anna, IN_DUTCH, "done")
    own, everybody = read(page), read(page, "/progress?everybody=1")

    assert "1 of 7 excerpts done" in own
    assert "how many second readings were taken says nothing" in own
    assert "accepted" not in own.replace("Whatever you accepted can be undone", "")
    assert "Nobody but you sees this." in own
    assert "very fast reader" not in everybody
    told = tell(page, everybody=1)
    assert (told["codes"], told["paces"]) == ([], {})


def test_before_anything_is_queued_the_page_says_so(page, anna):
    with page.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item))

    text = read(page)

    assert "Nothing is queued yet." in text
    assert "No suggestion was decided on yet." in text


def test_names_and_labels_are_shown_as_text(page, anna, zoe):
    with page.study.database.write() as connection:
        connection.execute(sa.update(t.interview).values(label=t.interview.c.label + "<b>"))
    decide(page, anna, 3, "unsure")

    for address in ("/progress", "/progress?everybody=1"):
        text = read(page, address)
        assert "D1&lt;b&gt;" in text
        assert "<b>" not in text
        assert "<i>" not in text


@BROWSER_TEST[0]
@BROWSER_TEST[1]
@pytest.mark.parametrize("width", [1280, 768])
@pytest.mark.parametrize("address", ["/progress", "/progress?everybody=1"])
def test_the_page_fits_its_window_and_loads_nothing_that_is_refused(
    page,
    anna,
    zoe,
    served,
    tab,
    width,
    address,
):
    decide(page, anna, IN_DUTCH, now=NOW - timedelta(days=7))
    decide(page, anna, 3, "reject", now=NOW)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(served + address)

    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.locator("svg .point").count() == 2
    assert tab.problems == []
