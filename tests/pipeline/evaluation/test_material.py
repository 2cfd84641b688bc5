"""What people coded and what the machine would have shown are read whole, and told apart."""

import numpy as np
import pytest

from pipeline.evaluation.material import (
    keep_work,
    list_given_units,
    list_units,
    mark_suggested,
    read_material,
)
from study.errors import StudyError
from study.records import Span
from tests.pipeline.evaluation.hand_made import interview, material, read_whole, span_of, work


def headline_of(made, label):
    return next(
        each.headline
        for each in read_material(made.study).interviews
        if each.transcript.interview == label
    )


def test_study_without_a_codebook_says_so(made):
    with pytest.raises(StudyError, match="no codebook yet"):
        read_material(made.study)


def test_study_with_a_codebook_and_nothing_else_is_empty(made):
    made.use_codebook("trust")

    read = read_material(made.study)

    assert (read.interviews, read.models, read.coders, read.n_waiting) == ((), (), (), 0)
    assert read.versions == {1: 1}


def test_everything_is_read_interview_by_interview(made):
    made.use_codebook("trust", "change")
    made.add("I1", {"anna": ["trust", ""]}, texts=2, participant="P1")
    made.add("I2", texts=3)
    model = made.suggest({"I1": {1: "change"}})
    made.draw("I2", 0, 2)
    made.code("I2", 0, "trust")

    read = read_material(made.study)

    one, other = read.interviews
    assert (one.transcript.interview, other.transcript.interview) == ("I1", "I2")
    assert [excerpt.label for excerpt in one.excerpts] == ["I1_e0", "I1_e1"]
    assert (one.case.participant, other.case.participant) == ("P1", "I2")
    assert (one.n_drawn, other.n_drawn) == (0, 2)
    trust, change = read.codebook.code_ids.values()
    assert read.columns == {trust: 0, change: 1}
    assert one.suggested == {model: [(one.excerpts[1].id, change)]}
    assert other.suggested == {model: []}
    assert [(each.coder, each.given, each.weight) for each in other.work] == [("coder", {trust}, 4)]
    assert read.coders == ("anna", "coder")


def test_headline_is_the_current_model(made):
    made.add("I1")
    made.suggest({"I1": {0: "trust"}})
    second = made.suggest({"I1": {1: "trust"}})

    assert headline_of(made, "I1") == second


def test_model_that_has_learnt_from_an_interview_does_not_judge_it(made):
    made.add("I1")
    made.add("I2")
    first = made.suggest()
    second = made.suggest(trained_on=["I1"], method="trained")

    assert (headline_of(made, "I1"), headline_of(made, "I2")) == (first, second)


def test_model_that_has_learnt_from_another_interview_of_the_participant_does_not_either(made):
    made.add("I1", participant="P1")
    made.add("I2", participant="P1")
    made.add("I3", participant="P3")
    first = made.suggest()
    second = made.suggest(trained_on=["I1"], method="trained")

    assert [headline_of(made, label) for label in ("I1", "I2", "I3")] == [first, first, second]


def test_model_that_has_learnt_from_a_sibling_does_not_either(made):
    made.add("I1", participant="P1")
    made.add("I2", participant="P2")
    made.add("I3", participant="P3")
    made.describe("P1", family="F1")
    made.describe("P2", family="F1")
    first = made.suggest()
    second = made.suggest(trained_on=["I2"], method="trained")

    assert [headline_of(made, label) for label in ("I1", "I2", "I3")] == [first, first, second]


def test_newest_of_the_models_that_may_judge_an_interview_does(made):
    made.add("I1", participant="P1")
    made.suggest()
    second = made.suggest()
    third = made.suggest(trained_on=["I1"])

    assert headline_of(made, "I1") == second
    read = read_material(made.study)
    assert read.interviews[0].fit_models == {second - 1, second}
    assert third in read.interviews[0].suggested


def test_current_model_goes_before_a_newer_one_that_was_retired(made):
    made.add("I1")
    first, second = made.suggest(), made.suggest()
    made.set_state(second, "retired")
    made.set_state(first, "current")

    assert headline_of(made, "I1") == first


def test_interview_whose_models_have_all_learnt_from_its_group_is_left_out_and_counted(made):
    made.add("I1")
    made.add("I2")
    model = made.suggest(trained_on=["I1"])

    read = read_material(made.study)

    assert [each.headline for each in read.interviews] == [None, model]
    assert (read.n_waiting, read.n_learnt) == (0, 1)


def test_interview_that_no_model_has_scored_waits(made):
    made.add("I1")
    made.add("I2")
    model = made.suggest(scored=["I2"])

    read = read_material(made.study)

    assert (read.n_waiting, read.n_learnt) == (1, 0)
    assert [each.headline for each in read.interviews] == [None, model]


def test_interview_that_waits_to_be_cut_has_no_excerpts_and_waits(made):
    made.add("I1", {"anna": ["trust"] * 8}, is_segmenting=True)

    read = read_material(made.study)

    (waiting,) = read.interviews
    assert (read.n_waiting, waiting.excerpts, waiting.headline) == (1, (), None)
    assert len(waiting.work) == 8


def test_kept_work_leaves_interviews_and_coders_as_they_are():
    whole = material(
        interview("A", [work("anna", 0, "trust"), work("ben", 1)]), interview("B", [work("ben", 0)])
    )

    kept = keep_work(
        whole, lambda one, each: one.transcript.interview == "A" and each.coder == "ben"
    )

    assert [[each.coder for each in one.work] for one in kept.interviews] == [["ben"], []]
    assert kept.coders == ("anna", "ben")
    assert len(whole.interviews[0].work) == 2


def test_units_are_the_studys_excerpts_or_the_stretches_that_coders_had():
    long = [work("anna", 0, span=Span(0, 29)), work("anna", 3, span=Span(30, 59))]
    one = interview("A", [*long, work("ben", 0, span=Span(0, 29))], n_excerpts=6)

    assert list_units(one) == [span_of(place) for place in range(6)]
    assert list_given_units(one) == [Span(0, 29), Span(30, 59)]


def test_given_units_do_not_overlap_one_another():
    spans = [Span(0, 20), Span(10, 30), Span(20, 25), Span(25, 25)]
    one = interview("A", [work("anna", place, span=span) for place, span in enumerate(spans)])

    assert list_given_units(one) == [Span(0, 20), Span(20, 25), Span(25, 25)]


def test_suggestion_labels_the_units_that_share_half_of_the_shorter():
    one = interview("A", read_whole("anna", *[""] * 4), {0: "trust", 2: "change"}, n_excerpts=4)
    columns = material(one).columns

    own = mark_suggested(one, 1, list_units(one), columns)
    longer = mark_suggested(one, 1, [Span(0, 19), Span(20, 39)], columns)

    assert own.tolist() == [
        [True, False, False],
        [False, False, False],
        [False, True, False],
        [False, False, False],
    ]
    assert longer.tolist() == [[True, False, False], [False, True, False]]


def test_suggestion_of_a_code_that_the_codebook_no_longer_has_is_left_out():
    one = interview("A", [], {0: "sharing trust"}, n_excerpts=1)
    columns = material(one, keys=("trust",)).columns

    assert mark_suggested(one, 1, list_units(one), columns).tolist() == [[True]]


def test_model_that_suggested_nothing_marks_nothing():
    one = interview("A", [], {0: "trust"})
    columns = material(one).columns

    assert not np.any(mark_suggested(one, 9, list_units(one), columns))
