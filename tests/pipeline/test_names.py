"""Facts about names in text that is stored already; every name and word is synthetic."""

import pytest

from pipeline.names import find_fault, list_names, redact_marked_names
from pipeline.order import suggest_in_order
from pipeline.run import open_work
from pipeline.work import Work, call_plainly
from study.redaction import Redaction
from study.transcripts import list_transcripts


@pytest.fixture
def named(study, add, interview):
    add(interview("I1", ["Synthetic .", "I could count on Bente", "mm", "Bente knew , so did Bo"]))
    return study


def write(study, rows):
    (study.folder / "gazetteer.csv").write_text(f"name,category,participant,also\n{rows}")


def text_of(study, place=0):
    with study.database.read() as connection:
        return list_transcripts(connection)[place].text


def test_imported_text_is_searched_for_the_gazetteers_names(named):
    write(named, "Bente,WORKER,,\n")

    redaction = redact_marked_names(Work(named))

    assert redaction.n_replaced == 2
    assert "Bente" not in text_of(named)
    assert "[WORKER_1] knew , so did Bo" in text_of(named)


def test_nothing_is_searched_twice(named, monkeypatch):
    write(named, "Bente,WORKER,,\n")
    redact_marked_names(Work(named))

    monkeypatch.setattr("pipeline.names.redact", None)

    assert redact_marked_names(Work(named)) == Redaction()


def test_text_that_came_since_is_searched_for_the_same_names(named, add, interview):
    write(named, "Bente,WORKER,,\n")
    redact_marked_names(Work(named))
    add(interview("I2", ["Synthetic .", "Bente again"]))

    assert redact_marked_names(Work(named)).n_replaced == 1
    assert "[WORKER_1] again" in text_of(named, 1)


def test_gazetteer_that_cannot_be_read_changes_nothing_and_is_tried_again(named):
    (named.folder / "gazetteer.csv").write_text("nonsense\nBente\n")
    assert redact_marked_names(Work(named)) == Redaction()

    write(named, "Bente,WORKER,,\n")

    assert redact_marked_names(Work(named)).n_replaced == 2


def test_name_of_one_participant_is_left_in_anothers_interviews(named):
    write(named, "Bente,WORKER,P99,\n")

    assert redact_marked_names(Work(named)).n_replaced == 0


def test_list_tells_what_stands_for_names_and_what_may_be_one(named):
    write(named, "Bo,CHILD,,\n")
    redact_marked_names(Work(named))

    listed = list_names(named)

    assert listed.pseudonyms == (("CHILD", 1, 1),)
    assert ("Bente", 2, ("I1",)) in listed.possible
    assert len(listed.limits) == 1


def test_name_that_only_the_interviewer_says_is_redacted_and_the_interview_goes_on(
    study, add, interview, encoder
):
    add(
        interview("I1", ["And Bente then ?", "Synthetic , it became different"]),
        interview("I2", ["And ?", "I could count on her"]),
        is_segmenting=True,
    )
    with open_work(study.folder) as work:
        suggest_in_order(call_plainly, work)

    write(study, "Bente,CHILD,,\n")
    with open_work(study.folder) as work:
        summary = suggest_in_order(call_plainly, work)

    assert "[CHILD_1] then" in text_of(study)
    assert (summary.state, summary.n_set_aside) == ("finished", 0)
    with open_work(study.folder) as work:
        assert suggest_in_order(call_plainly, work).state == "nothing new"


def test_name_within_an_address_or_a_link_is_redacted_too(study, add, interview):
    add(interview("I1", ["Synthetic .", "Mail bente@voorbeeld.nl or https://x.nl/bente , ok ?"]))
    write(study, "Bente,CHILD,,\n")

    redact_marked_names(Work(study))

    assert "bente" not in text_of(study).lower()


def test_gazetteer_that_cannot_be_read_is_told_in_a_line(named):
    assert find_fault(named) is None

    (named.folder / "gazetteer.csv").write_text("nonsense\nBente\n")

    assert find_fault(named).startswith("gazetteer.csv:1: missing columns")
