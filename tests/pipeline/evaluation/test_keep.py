"""Facts about keeping a report in the study; every word here is synthetic."""

import json

import pytest

from pipeline.evaluation.keep import REPORTED, find_new_evidence
from pipeline.names import redact_marked_names
from pipeline.order import evaluate_in_order, suggest_in_order
from pipeline.work import Work, call_plainly
from study.reports import FOLDER, delete_reports, latest_report, read_latest_evidence


@pytest.fixture
def work(coded_study):
    suggest_in_order(call_plainly, Work(coded_study))
    return Work(coded_study)


def test_report_is_made_once_for_the_same_evidence(work):
    first, second = (evaluate_in_order(call_plainly, work) for _ in range(2))

    assert (first.state, second.state) == (REPORTED, "nothing new")
    assert len(list((work.study.folder / FOLDER).glob("*.html"))) == 1


def test_report_names_its_evidence(work):
    evidence = find_new_evidence(work)

    evaluate_in_order(call_plainly, work)

    assert read_latest_evidence(work.study) == evidence


def test_new_coding_is_new_evidence(work, add, interview):
    evaluate_in_order(call_plainly, work)
    add(interview("I9", ["Go on .", "relying on the worker"], keys=["trust"]))

    assert find_new_evidence(work) is not None


def test_study_without_codings_gets_no_report(study, add, encoder, interview):
    add(interview("I1", ["Go on .", "she was there"], coders=()))
    suggest_in_order(call_plainly, Work(study))

    summary = evaluate_in_order(call_plainly, Work(study))

    assert summary.state == "nothing to compare"
    assert latest_report(study) is None


def test_report_whose_figures_cannot_be_read_is_made_anew(work):
    evaluate_in_order(call_plainly, work)
    latest_report(work.study).with_suffix(".json").write_text("{")

    assert find_new_evidence(work) is not None


def test_redaction_deletes_reports_which_may_quote_what_was_redacted(work):
    evaluate_in_order(call_plainly, work)
    folder = work.study.folder / FOLDER
    (folder / "mine.txt").write_text("A note of the lead.")
    (work.study.folder / "gazetteer.csv").write_text(
        "name,category,participant,also\nworker,WORKER,,\n"
    )

    redact_marked_names(work)

    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_deleting_reports_where_there_are_none_deletes_nothing(study):
    assert delete_reports(study) == 0


def test_kept_figures_are_those_of_the_evaluation(work):
    summary = evaluate_in_order(call_plainly, work)

    figures = json.loads(latest_report(work.study).with_suffix(".json").read_text())
    assert figures["excerpts"] == summary.n_excerpts
