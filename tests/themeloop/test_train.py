"""Facts about the command that learns from decisions; every word here is synthetic."""

import json

import pytest
from click.testing import CliRunner
from threadpoolctl import threadpool_limits

from pipeline.learning.keep import BUSY, KEPT_BACK, NOTHING_NEW, LearnSummary
from pipeline.run import open_work
from study.registry import list_registered
from tests.pipeline.learning.taught import CANARY, add, fill, make_interview
from themeloop.cli import main
from themeloop.commands.train import describe_learning

KEPT = LearnSummary(
    KEPT_BACK, 4, 3, n_judged=210, n_groups=7, reason="'Trust' would lose 0.060 of AP"
)


@pytest.fixture
def new(sqlite, tmp_path, themeloop):
    """Make a study of a stance in the folder s; give it, filled with so many coded interviews."""
    opened = []

    def make(stance="codebook", n_interviews=6, **how):
        lent = sqlite.new_study(tmp_path / "s", stance=stance)
        opened.append(lent)
        study = lent.__enter__()
        if n_interviews:
            fill(study, n_interviews, **how)
        return study

    with threadpool_limits(1):
        yield make
    for lent in opened:
        lent.__exit__(None, None, None)


@pytest.fixture
def train(themeloop):
    def run(*options):
        return themeloop("train", "--study", "s", *options).stdout

    return run


def test_training_is_told_in_a_sentence_with_what_it_was_judged_by(new, train):
    new()

    said = train()

    assert said.startswith(
        "Model version 2 was trained, judged on 108 excerpts of 6 participants, and is in force "
        "from now on: "
    )
    assert "suggestions for 6 interviews made anew. Mean average precision differs by +" in said
    assert said.endswith("'themeloop model show 2' has its figures.\n")
    assert CANARY not in said


def test_json_holds_counts_and_the_reason(new, train):
    new()

    said = json.loads(train("--json"))

    assert (said["state"], said["model_id"]) == ("promoted", 2)
    assert (said["n_judged"], said["n_groups"], said["n_interviews"]) == (108, 6, 6)
    assert said["reason"].startswith("mean average precision differs by +")


def test_reflexive_study_is_told_of_second_readings_and_no_figures(new, train):
    study = new("reflexive")

    said = train()

    assert "second readings for 6 interviews" in said
    assert "suggestion" not in said
    assert "precision" not in said
    assert "figures" not in said
    assert json.loads(train("--json"))["reason"] == ""
    with study.database.read() as connection:
        assert len(list_registered(connection)) == 2


@pytest.mark.parametrize("stance", ["codebook", "reflexive"])
def test_study_with_too_little_says_what_is_missing(new, train, stance):
    new(stance, n_interviews=2, is_assisted=True)

    said, as_json = train(), json.loads(train("--json"))

    assert said.startswith(
        "There is too little to learn from: nothing was coded without suggestions in view"
    )
    assert said == f"There is too little to learn from: {as_json['reason']}.\n"


def test_coded_interviews_that_no_run_has_read_yet_are_to_be_read_first(new, train):
    add(new(n_interviews=0), make_interview(1), make_interview(2))

    assert train() == (
        "There is too little to learn from: no interview has been read with this encoder yet: run "
        "'themeloop suggest' first.\n"
    )


def test_study_that_is_at_work_is_left_alone(new, train):
    study = new(n_interviews=2)

    with open_work(study.folder):
        said, as_json = train(), json.loads(train("--json"))

    assert said == ("Another run is at work on this study: nothing was learnt. Try again later.\n")
    assert (as_json["state"], as_json["model_id"]) == (BUSY, None)


def test_study_that_is_not_there_is_one_line(themeloop):
    result = CliRunner().invoke(main, ["train", "--study", "nowhere"])

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_candidate_that_was_kept_back_is_told_with_the_reason():
    said = describe_learning(KEPT, "codebook")

    assert said == (
        "Model version 3 was trained, judged on 210 excerpts of 7 participants, and kept back: "
        "what is in force stays. 'Trust' would lose 0.060 of AP. 'themeloop model show 3' has its "
        "figures."
    )


def test_candidate_that_was_kept_back_in_a_reflexive_study_is_told_without():
    said = describe_learning(KEPT, "reflexive")

    assert said.endswith(
        "what is in force stays. 'themeloop model show 3' says what proposes which code."
    )


def test_nothing_new_is_told():
    assert describe_learning(LearnSummary(NOTHING_NEW), "") == "There is nothing new to learn from."
