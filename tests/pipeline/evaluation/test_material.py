"""What people coded and what the machine would have shown are read whole, and told apart."""

import numpy as np
import pytest

from codebook.reader import parse_codebook
from pipeline.evaluation.material import (
    keep_work,
    list_given_units,
    list_units,
    mark_suggested,
    read_material,
)
from pipeline.evaluation.readings import rate_units
from study.codebooks import store_codebook
from study.errors import StudyError
from study.records import Span
from tests.pipeline.evaluation.hand_made import (
    NOW,
    interview,
    material,
    read_whole,
    span_of,
    work,
)


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


def use_book(made, *codes):
    """Give the study a codebook of codes, each "key" or "key=old,older"."""
    lines = [
        f"- {{key: {key}, name: {key}, definition: Synthetic., replaces: [{replaced}]}}"
        for key, _, replaced in (code.partition("=") for code in codes)
    ]
    made.book = parse_codebook("\n".join(["codes:", *lines]))
    with made.study.database.write() as connection:
        store_codebook(connection, made.book, now=NOW)


def rate(made, *coders):
    """Read the ratings of the first interview's excerpts by place, and what the machine marked."""
    read = read_material(made.study)
    one = read.interviews[0]
    given, _ = rate_units(list_units(one), one.work, coders=coders, columns=read.columns)
    machine = mark_suggested(one, one.headline, list_units(one), read.columns)
    return given, machine, read.list_known(one.headline)


def test_older_codings_of_a_merged_code_count_for_what_it_was_merged_into(made):
    use_book(made, "trust", "click", "shame")
    made.add("I1", {"anna": ["click", "trust", "shame", ""]}, texts=4)
    made.suggest({"I1": {0: "click", 2: "shame"}})

    use_book(made, "trust=click", "shame")

    given, machine, known = rate(made, "anna")
    assert given[0].tolist() == [[1, 0], [1, 0], [0, 1], [0, 0]]
    assert machine.tolist() == [[1, 0], [0, 0], [0, 1], [0, 0]]
    assert known == [True, True]


def test_merged_code_beside_what_it_was_merged_into_counts_once(made):
    use_book(made, "trust", "click")
    made.add("I1", {"anna": ["click trust", ""]}, texts=2)
    model = made.suggest({"I1": {0: "trust click"}})

    use_book(made, "trust=click")

    (one,) = read_material(made.study).interviews
    assert [len(each.given) for each in one.work] == [1, 0]
    assert len(one.suggested[model]) == 1
    given, machine, _ = rate(made, "anna")
    assert (given[0].tolist(), machine.tolist()) == ([[1], [0]], [[1], [0]])


def test_code_made_of_others_is_absent_where_none_of_them_was_given(made):
    use_book(made, "trust", "click", "shame")
    made.add("I1", {"anna": ["click", "", "shame"]}, texts=3)
    made.suggest({"I1": {1: "trust"}})

    use_book(made, "shame", "bond=trust,click")

    given, machine, known = rate(made, "anna")
    assert given[0].tolist() == [[0, 1], [0, 0], [1, 0]]
    assert machine.tolist() == [[0, 0], [0, 1], [0, 0]]
    assert known == [True, True]


def test_code_made_of_others_is_not_judged_where_one_of_them_was_not_there_yet(made):
    use_book(made, "trust", "shame")
    made.add("I1", {"anna": ["trust", ""]}, texts=2)
    made.suggest({"I1": {0: "trust"}})
    use_book(made, "trust", "shame", "click")

    use_book(made, "shame", "bond=trust,click")

    given, machine, known = rate(made, "anna")
    assert given[0][:, 0].tolist() == [0, 0]
    assert np.isnan(given[0][:, 1]).all()
    assert (machine.tolist(), known) == ([[0, 0], [0, 0]], [True, False])


def test_chain_of_mergers_counts_for_the_code_at_its_end(made):
    use_book(made, "trust", "click", "calm")
    made.add("I1", {"anna": ["click", "calm", ""]}, texts=3)
    made.suggest({"I1": {0: "click"}})
    use_book(made, "trust=click", "calm")

    use_book(made, "bond=trust,calm")

    given, machine, known = rate(made, "anna")
    assert given[0].tolist() == [[1], [1], [0]]
    assert (machine.tolist(), known) == ([[1], [0], [0]], [True])


def test_work_before_and_after_a_merger_is_compared(made):
    use_book(made, "trust", "click")
    made.add("I1", {"anna": ["click", "trust", ""]}, texts=3)
    use_book(made, "trust=click")
    made.suggest({"I1": {0: "trust"}})
    made.draw("I1", 0, 1, 2, rate=1.0)

    for place, keys in enumerate(("trust", "", "")):
        made.code("I1", place, keys)

    given, _, _ = rate(made, "anna", "coder")
    assert given[:, :, 0].tolist() == [[1, 1, 0], [1, 0, 0]]


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
