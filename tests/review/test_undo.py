"""Undo: any number of steps, across restarts, once for each press."""

from uuid import uuid4

SHAME = "641D4567-9454-4CA9-AE34-1A40EF73C060"
ADD = {"verdict": "add", "code_guid": SHAME}


def test_undo_adds_a_row_and_takes_nothing_away(page):
    page.send(1, ADD)

    answer = page.undo().json()

    assert (answer["excerpt_id"], answer["verdict"], answer["is_new"]) == (1, "add", True)
    assert answer["touched"]["1"]["given"] == []
    assert page.verdicts(1) == ["add", "undo"]
    assert page.screen(1)["state"]["given"] == []


def test_undo_of_done_takes_back_what_it_passed_over(page):
    suggestion = page.suggestions(3)[1]["id"]
    page.send(3, {"verdict": "pass_over", "suggestion_id": suggestion}, "done")

    assert page.undo().json()["verdict"] == "done"

    state = page.screen(3)["state"]
    assert (state["passed_over"], state["is_done"]) == ([], False)


def test_several_undos_go_back_step_by_step_and_name_each_excerpt(page):
    page.send(1, ADD)
    page.send(1, "done")
    page.send(4, "done")

    steps = [page.undo().json() for _ in range(4)]

    assert [step["excerpt_id"] for step in steps] == [4, 1, 1, None]
    assert [step["verdict"] for step in steps] == ["done", "done", "add", None]


def test_undo_reaches_over_a_restart(page):
    page.send(1, ADD)
    page.send(4, "done")
    page.undo()

    after = page.reopened()

    assert after.undo().json()["excerpt_id"] == 1
    assert after.undo().json()["excerpt_id"] is None


def test_a_resent_undo_undoes_once_on_the_same_excerpt(page):
    page.send(1, ADD)
    page.send(1, "done")
    action = str(uuid4())

    answers = [page.undo(action).json() for _ in range(2)]

    assert [answer["is_new"] for answer in answers] == [True, False]
    assert page.screen(1)["state"]["given"] == [SHAME]


def test_a_resent_undo_undoes_once_where_the_step_before_was_elsewhere(page):
    page.send(1, ADD)
    page.send(4, "done")
    action = str(uuid4())

    answers = [page.undo(action).json() for _ in range(2)]

    assert [answer["excerpt_id"] for answer in answers] == [4, 4]
    assert page.screen(1)["state"]["given"] == [SHAME]


def test_a_resent_undo_of_the_only_step_still_names_its_excerpt(page):
    page.send(6, ADD)
    action = str(uuid4())

    answers = [page.undo(action).json() for _ in range(2)]

    assert [answer["excerpt_id"] for answer in answers] == [6, 6]


def test_with_nothing_decided_there_is_nothing_to_undo(page):
    answer = page.undo().json()
    assert (answer["excerpt_id"], answer["verdict"], answer["is_new"]) == (None, None, False)


def test_what_was_undone_can_be_decided_anew(page):
    page.send(4, "done")
    page.undo()

    assert page.send(4, "done").json()["state"]["is_done"]
    assert page.verdicts(4) == ["done", "undo", "done"]
