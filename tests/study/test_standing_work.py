"""Where coders stand is told code by code; every word here is synthetic."""

import pytest

from study.decisions import Action, Verdict, record_action
from study.records import Span
from study.standing_work import read_standing_work
from study.transcripts import list_transcripts
from tests.study.synthetic import LATER, import_coded, make_interview, set_desk

TEXTS = ("Synthetic one.", "Synthetic two.")


@pytest.fixture
def page(study):
    import_coded(study, make_interview(texts=TEXTS, keys=("trust",)))
    with study.database.write() as connection:
        yield connection, set_desk(connection)


def press(page, number, *verdicts, undoes=None):
    connection, desk = page
    said = [each.split() for each in verdicts]
    action = Action(
        f"action {number}",
        desk.coder_id,
        desk.excerpt_ids[0],
        tuple(Verdict(v, desk.code_ids[int(code[0])] if code else None) for v, *code in said),
        undoes,
    )
    record_action(connection, action, now=LATER)
    return action.id


def stand(page, coder="coder"):
    """Say where a coder stands: places of codes given, rejected and left off, and whether done."""
    connection, desk = page
    (transcript,) = list_transcripts(connection)
    return [
        (
            *(
                sorted(desk.code_ids.index(code) for code in codes)
                for codes in (each.given, each.rejected, each.left_off)
            ),
            each.is_done,
        )
        for each in read_standing_work(connection, transcript)
        if each.coder == coder
    ]


def test_work_of_a_file_stands_with_its_stretch(page):
    connection, desk = page
    (transcript,) = list_transcripts(connection)

    found = read_standing_work(connection, transcript)

    assert [(each.excerpt_id, each.span) for each in found] == [
        (desk.excerpt_ids[0], Span(0, 14)),
        (desk.excerpt_ids[1], Span(15, 29)),
    ]
    assert stand(page, "anna") == [([0], [], [], True)] * 2


def test_who_decided_nothing_stands_nowhere(page):
    assert stand(page) == []


def test_rejected_passed_over_and_removed_codes_are_left_off(page):
    press(page, 1, "accept 0", "reject 1")
    press(page, 2, "add 2")
    press(page, 3, "remove 2", "pass_over 0", "done")

    assert stand(page) == [([], [1], [0, 1, 2], True)]


def test_undone_action_leaves_nothing_off(page):
    action = press(page, 1, "reject 1")
    press(page, 2, "undo", undoes=action)

    assert stand(page) == [([], [], [], False)]


def test_excerpt_taken_up_again_is_open(page):
    press(page, 1, "accept 0", "done")
    press(page, 2, "reopen")

    assert stand(page) == [([0], [], [], False)]
