"""Facts about the lists that are decided on in a row; every word here is made up."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from review.bulk import ON_A_PAGE, PendingList
from study import tables as t
from tests.review.conftest import CLICK, NOW, SHAME, TRUST, propose
from tests.review.lists import AS, open_lists, owe

TABLE = [(1, "trust", 2.2, {"kind": "example", "index": 0, "similarity": 0.6})]


@pytest.fixture
def page(filled_study):
    page = open_lists(filled_study.folder)
    yield page
    page.client.close()
    page.study.database.close()


@pytest.fixture
def page_with(filled_study):
    """Open the page of the same study under other settings."""
    opened = []

    def make(line):
        file = filled_study.folder / "study.toml"
        file.write_text(f"{file.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
        opened.append(open_lists(filled_study.folder))
        return opened[-1]

    yield make
    for page in opened:
        page.client.close()
        page.study.database.close()


def show(page, guid="", **how):
    answer = page.client.get(f"/pending/{guid}" if guid else "/pending", **how)
    assert answer.status_code == 200, answer.text
    return answer.text


def take_back(page, action, **told):
    body = {"id": str(uuid4()), "action": action, **told}
    return page.client.post("/api/undo", json=body)


def test_codes_are_listed_by_theme_with_how_many_wait(page):
    text = show(page)

    assert f'<a href="/pending/{TRUST}"><span class="name">Trust</span>' in text
    assert '<span class="count">2</span>' in text
    assert "<h2>Bond</h2>" in text
    assert "<h2>Other codes</h2>" in text


def test_code_is_listed_strongest_first_with_words_participant_and_place(page):
    text = show(page, TRUST)

    assert text.index("haar kan ik geloven") < text.index("haar alles verteld")
    assert '<a href="/excerpts/2">D1, excerpt 2</a>' in text
    assert "Trust: what it means (en)." in text


def test_nothing_is_ticked_beforehand_and_nothing_can_be_sent_yet(page):
    text = show(page, TRUST)

    assert " checked" not in text
    assert text.count('data-verdict="') == text.count(" disabled>") - 1 == 2


def test_probability_is_told_in_tenths(page):
    propose(page.study, "b" * 64, {"D1": TABLE}, probability=0.68)

    text = show(page, TRUST)

    assert '<span class="chance" title="7 of 10 such suggestions are right">7 in 10</span>' in text


def test_score_of_descriptions_is_told_in_steps(page):
    assert 'aria-label="Strength 4 of 5"' in show(page, TRUST)


def test_reflexive_study_reads_no_figure(page_with):
    page = page_with('stance = "reflexive"')
    propose(page.study, "b" * 64, {"D1": TABLE}, probability=0.68)

    text = show(page, TRUST)

    assert "in 10" not in text
    assert "strength" not in text
    assert "strongest" not in text
    assert "second readings" in show(page)


def test_each_is_decided_as_on_its_own_page_and_waits_no_more(page):
    suggestion = next(s for s in iter_suggestions(page, 2) if s["guid"] == TRUST)
    page.send(2, {"verdict": "accept", "suggestion_id": suggestion["id"]})

    text = show(page, TRUST)

    assert "haar kan ik geloven" not in text
    assert "1 waiting" in text


def iter_suggestions(page, excerpt_id):
    return [s for group in page.screen(excerpt_id)["groups"] for s in group["suggestions"]]


def test_interviews_with_excerpts_to_code_blind_are_not_listed(page):
    owe(page, "D1")

    assert "Nothing is waiting for you under this code." in show(page, TRUST)
    text = show(page)
    assert f"/pending/{TRUST}" not in text
    assert f"/pending/{SHAME}" in text
    assert "One interview is not listed yet" in text


def test_where_own_codes_come_first_only_finished_excerpts_are_listed(page_with):
    page = page_with('suggestions_shown = "after commit"')
    assert "Nothing waits for you." in show(page)

    page.send(2, "done")

    assert f"/pending/{TRUST}" in show(page)
    assert "1 waiting" in show(page, TRUST)


def test_code_of_which_nothing_waits_says_so_and_an_unknown_one_is_refused(page):
    page.send(2, "done")

    assert "Nothing is waiting for you under this code." in show(page, CLICK)
    assert page.client.get(f"/pending/{uuid4()}").status_code == 404


def test_list_is_given_in_pages_and_the_last_one_where_there_are_not_so_many(page, monkeypatch):
    monkeypatch.setattr("review.bulk.ON_A_PAGE", 1)

    first, second = show(page, TRUST), show(page, f"{TRUST}?first=2")

    assert "1 to 1 of 2" in first
    assert f'rel="next" href="/pending/{TRUST}?first=2"' in first
    assert "2 to 2 of 2" in second
    assert show(page, f"{TRUST}?first=9") == second


@pytest.mark.parametrize(
    ("first", "n", "before", "after"),
    [
        (1, 2, None, None),
        (1, 3, None, 3),
        (3, 4, 1, None),
        (ON_A_PAGE + 3, ON_A_PAGE + 9, 3, ON_A_PAGE + 5),
    ],
)
def test_pages_begin_where_those_beside_them_end(first, n, before, after):
    listed = PendingList((None, None), n, 0, first)

    assert (listed.before, listed.after) == (before, after)


def test_another_coder_has_a_list_of_their_own(page):
    with page.study.database.write() as connection:
        connection.execute(
            sa.insert(t.coder).values(name="bram", role="coder", is_reviewing=True, added_at=NOW)
        )

    assert "Nothing waits for you." in show(page, headers={AS: "bram"})


def test_page_runs_no_inline_script_and_is_kept_nowhere(page):
    answer = page.client.get(f"/pending/{TRUST}")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("<script") == answer.text.count('<script type="module" src=')
    assert " style=" not in answer.text


def test_any_of_ones_actions_is_undone_by_its_id_whatever_came_after(page):
    first, second = str(uuid4()), str(uuid4())
    page.send(2, {"verdict": "add", "code_guid": SHAME}, action=first)
    page.send(3, "unsure", action=second)

    answer = take_back(page, first)

    told = answer.json()
    assert (told["excerpt_id"], told["verdict"], told["is_new"]) == (2, "add", True)
    assert page.screen(2)["state"]["given"] == []
    assert page.screen(3)["state"]["is_unsure"]


def test_action_that_was_undone_is_not_undone_again(page):
    action, undo = str(uuid4()), str(uuid4())
    page.send(2, "unsure", action=action)

    answers = [take_back(page, action, id=each).json() for each in (undo, undo, str(uuid4()))]

    assert [answer["is_new"] for answer in answers] == [True, False, False]
    assert page.verdicts(2) == ["unsure", "undo"]


def test_action_of_nobody_or_of_another_coder_is_not_undone(page):
    answer = take_back(page, str(uuid4()))

    assert answer.status_code == 404
    assert "is not one of yours" in answer.json()["error"]
