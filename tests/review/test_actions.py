"""What a key press leaves in the study."""

from uuid import uuid4

import pytest

from review.desk import Desk
from review.errors import RequestError

TRUST = "68AFCAF8-D3A9-4521-B14B-87D9076580F7"
SHAME = "641D4567-9454-4CA9-AE34-1A40EF73C060"


def _about(suggestion, verdict):
    return {"verdict": verdict, "suggestion_id": suggestion["id"]}


def test_accepting_is_a_row_of_its_own_and_is_there_after_a_restart(page):
    answer = page.send(2, _about(page.suggestions(2)[1], "accept"))

    assert answer.json()["state"]["given"] == [TRUST]
    assert page.rows(2) == [("accept", True, True)]
    assert page.reopened().screen(2)["state"]["given"] == [TRUST]


@pytest.mark.parametrize(
    ("verdict", "bucket"),
    [("accept", "given"), ("reject", "rejected"), ("pass_over", "passed_over")],
)
def test_accepted_rejected_and_passed_over_are_told_apart(page, verdict, bucket):
    state = page.send(2, _about(page.suggestions(2)[1], verdict)).json()["state"]

    assert {name: state[name] for name in ("given", "rejected", "passed_over") if state[name]} == {
        bucket: [TRUST]
    }


def test_rejected_is_told_apart_from_never_suggested(page):
    page.send(2, _about(page.suggestions(2)[1], "reject"))

    assert page.screen(2)["state"]["rejected"] == [TRUST]
    assert page.screen(1)["state"]["rejected"] == []
    assert page.screen(1)["groups"] == []


def test_another_code_is_added_where_nothing_was_suggested(page):
    answer = page.send(1, {"verdict": "add", "code_guid": SHAME})

    assert answer.json()["state"]["given"] == [SHAME]
    assert page.rows(1) == [("add", True, True)]
    assert page.screen(1)["codes"][SHAME] == {"name": "Schaamte", "colour": "#802020"}


def test_a_code_taken_back_is_no_longer_given(page):
    page.send(1, {"verdict": "add", "code_guid": SHAME})
    state = page.send(1, {"verdict": "remove", "code_guid": SHAME}).json()["state"]

    assert state["given"] == []
    assert page.verdicts(1) == ["add", "remove"]


def test_done_and_what_it_passes_over_are_one_action_with_a_row_each(page):
    suggestions = page.suggestions(2)
    page.send(2, _about(suggestions[1], "accept"))

    passed = [_about(suggestions[key], "pass_over") for key in (2, 3)]
    answer = page.send(2, *passed, "done").json()

    assert page.verdicts(2) == ["accept", "pass_over", "pass_over", "done"]
    assert answer["state"]["is_done"]
    assert len(answer["state"]["passed_over"]) == 2


def test_done_without_any_code_says_that_none_fits(page):
    state = page.send(1, "done").json()["state"]

    assert state["is_done"]
    assert state["given"] == []
    assert page.rows(1) == [("done", False, True)]


def test_done_names_the_next_open_excerpt_over_the_end_of_an_interview(page):
    assert page.send(2, "done").json()["next_id"] == 3
    assert page.send(5, "done").json()["next_id"] == 6


def test_the_next_excerpt_comes_along_with_done(page):
    following = page.send(2, "done").json()["next"]

    assert following == page.screen(3)
    assert page.send(3, "unsure").json()["next"] is None


def test_done_is_stored_even_where_the_next_excerpt_cannot_be_shown(page, monkeypatch):
    def refuse(_desk, excerpt_id):
        raise RequestError(409, f"excerpt {excerpt_id} is of an earlier cut.")

    monkeypatch.setattr(Desk, "read_excerpt", refuse)

    answer = page.send(2, "done").json()

    assert (answer["next_id"], answer["next"]) == (3, None)
    assert page.verdicts(2) == ["done"]


def test_the_last_open_excerpt_has_none_after_it_but_the_first_that_was_left_open(page):
    assert page.send(7, "done").json()["next_id"] == 1

    answers = [page.send(excerpt_id, "done").json() for excerpt_id in range(1, 7)]

    assert answers[-1]["next_id"] is None


def test_what_does_not_finish_an_excerpt_names_no_next_one(page):
    assert page.send(2, "unsure").json()["next_id"] is None
    assert page.screen(2)["state"]["is_unsure"]


def test_deciding_twice_with_one_id_is_deciding_once(page):
    action = str(uuid4())
    verdict = _about(page.suggestions(2)[1], "accept")

    first = page.send(2, verdict, "done", action=action)
    again = page.send(2, verdict, "done", action=action)

    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    assert first.json() | {"is_new": False} == again.json()
    assert page.verdicts(2) == ["accept", "done"]


def test_an_id_that_was_used_for_another_excerpt_is_refused(page):
    action = str(uuid4())
    page.send(1, "done", action=action)

    answer = page.send(2, "done", action=action)

    assert answer.status_code == 409
    assert action in answer.json()["error"]
    assert page.verdicts(2) == []


def test_what_was_decided_on_the_page_is_assisted_even_where_nothing_was_suggested(page):
    page.send(2, "done")
    page.send(4, "done")

    assert page.rows(2) == [("done", False, True)]
    assert page.rows(4) == [("done", False, True)]


def test_a_suggestion_of_another_excerpt_is_refused(page):
    foreign = page.suggestions(3)[1]

    answer = page.send(2, _about(foreign, "accept"))

    assert answer.status_code == 404
    assert answer.json()["error"] == f"404: suggestion_id {foreign['id']} is not one of excerpt 2."
    assert page.verdicts(2) == []


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ({"verdict": "add", "code_guid": "no-such-code"}, 404),
        ({"verdict": "add"}, 422),
        ({"verdict": "accept", "code_guid": TRUST}, 422),
        ({"verdict": "done", "code_guid": TRUST}, 422),
        ({"verdict": "undo"}, 422),
        ({"verdict": "accept", "suggestion_id": 10**30}, 422),
        ({"verdict": "done", "more": 1}, 422),
    ],
)
def test_a_verdict_that_no_key_sends_is_refused_and_nothing_is_stored(page, verdict, status):
    answer = page.send(2, verdict)

    assert answer.status_code == status
    assert answer.json()["error"].startswith(f"{status}: ")
    assert page.verdicts(2) == []


def test_a_suggestion_sent_as_another_code_is_refused(page):
    verdict = _about(page.suggestions(2)[1], "accept") | {"code_guid": SHAME}

    assert page.send(2, verdict).status_code == 422


def test_an_excerpt_that_is_not_in_the_queue_is_refused(page):
    answer = page.send(99, "done")

    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "404: excerpt 99 is not in your queue.", "code": "not_found"},
    )


def test_keys_pressed_on_suggestions_that_were_renewed_are_refused(page, propose_anew):
    seen = page.screen(2)["model_version_id"]
    propose_anew(page.study, sha256="b" * 64, suggested={})

    body = {"id": str(uuid4()), "excerpt_id": 2, "model_version_id": seen}
    answer = page.client.post("/api/actions", json=body | {"verdicts": [{"verdict": "done"}]})

    assert answer.status_code == 409
    assert page.verdicts(2) == []
