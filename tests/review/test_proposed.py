"""Facts about making provisional codes and deciding on them; every word here is made up."""

from uuid import uuid4

import pytest

from study.codebooks import current_codebook, store_codebook
from study.proposed_codes import DECLINED, list_proposed
from tests.review.conftest import NOW, TRUST
from tests.review.lists import AS, let_bram_code_beside_the_lead, open_lists, owe

BRAM = {AS: "bram"}


@pytest.fixture
def page(filled_study):
    """The page of a lead, anna, beside whom bram codes; both have everything queued."""
    page = open_lists(filled_study.folder)
    let_bram_code_beside_the_lead(page)
    yield page
    page.client.close()
    page.study.database.close()


def propose(page, excerpt_id=2, *, headers=None, **told):
    body = {"id": str(uuid4()), "excerpt_id": excerpt_id, "name": "Bus", "memo": "Synthetic memo."}
    return page.client.post("/api/proposed-codes", json={**body, **told}, headers=headers)


def judge(page, act, guid, *, headers=None, **told):
    address = f"/api/proposed-codes/{act}"
    return page.client.post(address, json={"guid": guid, **told}, headers=headers)


def accept(page, guid, *, headers=None, **told):
    wording = {"key": "bus", "name": "Bus", "definition": "Synthetic.", "theme": None}
    return judge(page, "accept", guid, headers=headers, **{**wording, **told})


def names(page, headers=None):
    return {
        wording["name"]
        for code in page.client.get("/api/codebook", headers=headers).json()
        for wording in code["wordings"].values()
    }


def shown(page, headers=None):
    answer = page.client.get("/proposed", headers=headers)
    assert answer.status_code == 200
    return answer.text


def test_code_is_made_of_an_excerpt_and_given_there_at_once(page):
    answer = propose(page)

    told = answer.json()
    assert answer.status_code == 200
    assert told["code"]["name"] == "Bus"
    assert told["state"]["given"] == [told["code"]["guid"]]
    assert (told["is_new"], told["next"], told["next_id"]) == (True, None, None)
    assert page.verdicts(2) == ["add"]
    assert page.screen(2)["codes"][told["code"]["guid"]]["name"] == "Bus (provisional)"


def test_code_is_made_of_words_within_an_excerpt(page):
    screen = page.screen(2)
    start = screen["frame"]["start_char"]
    words = {"start_char": start, "end_char": start + 5, "version_id": screen["version_id"]}

    told = propose(page, **words).json()

    (passage,) = told["state"]["passages"]
    assert passage == {
        "guid": told["code"]["guid"],
        "start_char": start,
        "end_char": start + 5,
        "is_outside": False,
    }


def test_same_press_sent_twice_makes_one_code(page):
    action = str(uuid4())

    first, second = propose(page, id=action), propose(page, id=action)

    assert second.json() == {**first.json(), "is_new": False}
    assert page.verdicts(2) == ["add"]
    with page.study.database.read() as connection:
        assert len(list_proposed(connection)) == 1


def test_id_of_another_action_makes_no_code(page):
    action = str(uuid4())
    page.send(2, "unsure", action=action)

    answer = propose(page, id=action)

    assert answer.status_code == 409
    assert "for something else" in answer.json()["error"]


@pytest.mark.parametrize(
    ("told", "status", "said"),
    [
        ({"name": "trust"}, 409, "has a code of this name, 'trust'. Give that one."),
        ({"name": " "}, 409, "needs a name"),
        ({"excerpt_id": 99}, 404, "not in your queue"),
        ({"after": "an-action-that-was-not"}, 409, "changed in another tab"),
        ({"start_char": 0, "end_char": 4, "version_id": 99}, 409, "words around"),
        ({"name": "b" * 301}, 422, "not one that this page sends"),
        ({"start_char": 4, "end_char": 4}, 422, "not one that this page sends"),
        ({"start_char": 4}, 422, "not one that this page sends"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_line_and_leaves_nothing(page, told, status, said):
    answer = propose(page, **told)

    assert answer.status_code == status
    assert said in answer.json()["error"]
    assert page.verdicts(2) == []
    with page.study.database.read() as connection:
        assert list_proposed(connection) == []


def test_name_that_the_coder_gave_to_a_provisional_code_is_refused(page):
    propose(page)

    assert "Give that one" in propose(page, 3, name=" bus").json()["error"]


def test_undo_of_its_making_withdraws_the_code_until_the_undo_is_undone(page):
    propose(page)
    undo = str(uuid4())

    page.undo(undo)
    withdrawn = shown(page)
    page.client.post("/api/undo", json={"id": str(uuid4()), "action": undo})

    assert "Bus" not in withdrawn
    assert "Nobody has made a code from a passage yet." in withdrawn
    assert "Bus" in shown(page)
    assert page.screen(2)["state"]["given"] != []


def test_withdrawn_code_is_offered_no_more_and_the_lead_is_told_why_it_cannot_be_decided_on(page):
    guid = propose(page, headers=BRAM).json()["code"]["guid"]
    page.client.post("/api/undo", json={"id": str(uuid4())}, headers=BRAM)

    answer = accept(page, guid)

    assert answer.status_code == 409
    assert "has taken it back" in answer.json()["error"]
    assert "Bus" not in names(page, BRAM)
    assert propose(page, headers=BRAM).status_code == 200


def test_declined_code_that_its_maker_took_back_is_not_restored(page):
    guid = propose(page, headers=BRAM).json()["code"]["guid"]
    judge(page, "decline", guid, reason="Synthetic.")
    page.client.post("/api/undo", json={"id": str(uuid4())}, headers=BRAM)

    answer = judge(page, "restore", guid)

    assert answer.status_code == 409
    assert "has taken it back" in answer.json()["error"]
    with page.study.database.read() as connection:
        assert [each.state for each in list_proposed(connection)] == [DECLINED]


def test_code_that_is_taken_off_where_it_was_made_is_not_used_and_stays(page):
    guid = propose(page).json()["code"]["guid"]

    page.send(2, {"verdict": "remove", "code_guid": guid})

    assert "not used" in shown(page)
    assert page.send(3, {"verdict": "add", "code_guid": guid}).status_code == 200


def test_what_a_coder_made_is_theirs_and_the_leads_alone(page):
    propose(page, headers=BRAM)
    propose(page, name="Lead’s own")

    assert "Bus" in names(page, BRAM)
    assert "Lead’s own" not in names(page, BRAM)
    assert {"Bus", "Lead’s own"} <= names(page)
    assert "Lead’s own" not in shown(page, BRAM)


def test_another_coder_cannot_give_it_by_its_guid(page):
    guid = propose(page, name="Lead’s own").json()["code"]["guid"]
    body = {
        "id": str(uuid4()),
        "excerpt_id": 3,
        "verdicts": [{"verdict": "add", "code_guid": guid}],
    }

    assert page.client.post("/api/actions", json=body, headers=BRAM).status_code == 404


def test_lead_reads_who_made_it_of_which_words_and_how_often_it_is_given(page):
    propose(page, headers=BRAM)

    text = shown(page)

    assert "made by bram" in text
    assert "Synthetic memo." in text
    assert "given once" in text
    assert "haar kan ik geloven" in text


def test_quotes_of_an_interview_that_the_lead_owes_wait(page):
    guid = propose(page, 7, headers=BRAM).json()["code"]["guid"]
    given = [{"verdict": "add", "code_guid": guid}]
    body = {"id": str(uuid4()), "excerpt_id": 2, "verdicts": given}
    page.client.post("/api/actions", json=body, headers=BRAM)
    assert "haar kan ik geloven" in shown(page)
    owe(page, "D1")

    text = shown(page)

    assert "haar kan ik geloven" not in text
    assert "ashamed at the door" in text
    assert "given once" in text
    assert "One quote waits" not in text


def test_maker_reads_what_became_of_it_and_decides_nothing(page):
    guid = propose(page, headers=BRAM).json()["code"]["guid"]
    judge(page, "decline", guid, reason="Synthetic: too narrow.")

    text = shown(page, BRAM)

    assert "Declined: it counts for nothing" in text
    assert "Synthetic: too narrow." in text
    assert "<s>Bus</s>" in text
    assert "<s>Ik wist meteen" in text
    assert "<form" not in text
    assert "proposed.js" not in text


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("accept", {"key": "bus", "name": "Bus", "definition": "Synthetic."}),
        ("merge", {"into": TRUST}),
        ("decline", {"reason": "Synthetic."}),
        ("restore", {}),
    ],
)
def test_only_a_lead_decides(page, act, told):
    guid = propose(page, headers=BRAM).json()["code"]["guid"]

    answer = judge(page, act, guid, headers=BRAM, **told)

    assert answer.status_code == 403
    with page.study.database.read() as connection:
        assert [each.state for each in list_proposed(connection)] == ["provisional"]
        assert current_codebook(connection).number == 1


def test_accepted_code_is_everybodys_under_the_same_guid(page):
    guid = propose(page, headers=BRAM).json()["code"]["guid"]

    answer = accept(page, guid)

    assert answer.json()["version"] == 2
    assert "Bus" in names(page, BRAM)
    assert guid in {code["guid"] for code in page.client.get("/api/codebook").json()}
    assert "Accepted as “Bus”" in shown(page, BRAM)


def test_merged_code_is_offered_no_more(page):
    guid = propose(page).json()["code"]["guid"]

    assert judge(page, "merge", guid, into=TRUST).json()["version"] == 2

    assert "Bus" not in names(page)
    assert "Merged into “Trust”" in shown(page)


def test_declined_code_is_offered_no_more_until_it_is_restored(page):
    guid = propose(page).json()["code"]["guid"]

    judge(page, "decline", guid, reason="Synthetic.")
    assert "Bus" not in names(page)

    judge(page, "restore", guid)
    assert "Bus" in names(page)


def test_what_the_codebook_cannot_have_is_refused_in_a_line(page):
    guid = propose(page).json()["code"]["guid"]

    answer = accept(page, guid, key="trust")

    assert answer.status_code == 409
    assert "has a code 'trust' already" in answer.json()["error"]


def test_answer_to_a_decision_shows_the_code_as_it_stands_then(page):
    guid = propose(page, name="<b>bus</b>").json()["code"]["guid"]
    propose(page, 3, name="Late")

    told = judge(page, "decline", guid, reason="Synthetic: <i>too</i> narrow.").json()

    assert "Declined: it counts for nothing" in told["card"]
    assert "&lt;i&gt;too&lt;/i&gt; narrow" in told["card"]
    assert "&lt;b&gt;bus&lt;/b&gt;" in told["card"]
    assert 'data-to="restore"' in told["card"]
    assert told["card"].count("<section") == 1
    assert ["Trust", TRUST] in told["codes"]


def test_quotes_lead_to_their_excerpts_as_people_number_them(page):
    propose(page)

    assert '<a href="/excerpts/2">D1, excerpt 2</a>' in shown(page)


def test_lead_who_still_reads_an_interview_blind_decides_on_no_code_made_of_it(page):
    guid = propose(page, headers=BRAM).json()["code"]["guid"]
    owe(page, "D1")

    answer = accept(page, guid)

    assert answer.status_code == 409
    assert "Bus" not in answer.text
    with page.study.database.read() as connection:
        assert current_codebook(connection).number == 1


def test_code_that_the_codebook_lost_again_is_said_to_be_gone(page, book):
    guid = propose(page).json()["code"]["guid"]
    accept(page, guid)
    with page.study.database.write() as connection:
        store_codebook(connection, book, now=NOW)

    assert "Was accepted; the codebook has it no longer" in shown(page)


def test_markup_in_what_people_wrote_is_shown_as_text(page):
    propose(page, name="<b>bus</b>", memo="<script>alert(1)</script>")

    text = shown(page)

    assert "&lt;b&gt;bus&lt;/b&gt;" in text
    assert "<script>alert" not in text


def test_page_runs_no_inline_script_and_is_kept_nowhere(page):
    propose(page)
    answer = page.client.get("/proposed")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("<script") == answer.text.count('<script type="module" src=')
    assert " style=" not in answer.text
