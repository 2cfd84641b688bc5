"""Facts about comparing suggestions with people; every word here is synthetic."""

import numpy as np
import pytest

from pipeline.evaluate import evaluate_suggestions, rate_excerpts
from pipeline.order import suggest_in_order
from pipeline.work import Work, call_plainly
from study.codings import CoderSpans
from study.decisions import Action, Verdict, record_action
from study.errors import StudyError
from study.records import CodedInterview, Excerpt, Span
from study.review_queue import find_coder, list_items

CODES = frozenset([7, 8])


def run(study):
    return suggest_in_order(call_plainly, Work(study))


def frame(start, end):
    return Excerpt(id=start, label="", position=start, span=Span(start, end), text="", text_hash="")


def test_study_without_suggestions_says_what_to_do(coded_study):
    with pytest.raises(StudyError, match="Run 'themeloop suggest' first"):
        evaluate_suggestions(coded_study)


def test_study_without_codings_says_that_there_is_nothing_to_compare_with(study, add, encoder):
    uncoded = CodedInterview("I1", "synthetic", "en", None, _excerpts("she was there"), ())
    add(uncoded)
    run(study)

    with pytest.raises(StudyError, match="nothing to compare with"):
        evaluate_suggestions(study)


def _excerpts(*texts):
    from study.records import GivenExcerpt  # noqa: PLC0415 - used here only

    return tuple(GivenExcerpt(f"e{n}", n, "p", text) for n, text in enumerate(texts))


def test_figures_count_people_and_machine_code_by_code(study, add, encoder, interview):
    add(
        interview("I1", ["I could count on her", "relying on the worker"], keys=["trust"]),
        interview("I2", ["the dog barked", "things at home became different"]),
    )
    run(study)

    evaluation = evaluate_suggestions(study)

    trust, change = evaluation.codes
    assert evaluation.keys == ("trust", "change")
    assert (evaluation.n_interviews, evaluation.n_excerpts, evaluation.n_coders) == (2, 4, 1)
    assert (trust.n_human, change.n_human) == (2, 0)
    assert trust.n == change.n == 4
    assert trust.prevalence == pytest.approx(0.5)
    assert evaluation.human is None


def test_mean_leaves_out_codes_with_fewer_than_fifteen_positives(study, add, encoder, interview):
    add(interview("I1", ["I could count on her", "the dog barked"] * 8, keys=["trust"]))
    run(study)

    evaluation = evaluate_suggestions(study)

    assert [code.n_human for code in evaluation.measured] == [16]
    assert evaluation.mean("prevalence") == 1.0
    assert evaluation.mean("precision") is None


def test_several_coders_are_compared_with_each_other(study, add, encoder, interview):
    add(interview("I1", ["I could count on her", "the dog"], keys=["trust"], coders=["a", "b"]))
    run(study)

    evaluation = evaluate_suggestions(study)

    assert evaluation.n_coders == 2
    assert evaluation.human.n_excerpts == 2


def test_what_was_decided_with_suggestions_on_the_screen_never_counts(coded_study, now):
    run(coded_study)
    before = evaluate_suggestions(coded_study)
    with coded_study.database.write() as connection:
        coder = find_coder(connection, "coder")
        for item in list_items(connection, coder, 1):
            verdicts = (Verdict("add", code_id=1), Verdict("done"))
            action = Action(f"a-{item.excerpt_id}", coder, item.excerpt_id, verdicts)
            record_action(connection, action, now=now)

    assert evaluate_suggestions(coded_study) == before


def test_excerpt_is_rated_by_who_finished_it_and_unseen_by_the_others():
    work = [CoderSpans("a", ((Span(0, 10), CODES),), ((Span(0, 10), 7),)), CoderSpans("b", (), ())]

    ratings = rate_excerpts(
        [frame(0, 10), frame(11, 20)], work, coders=["a", "b"], columns={7: 0, 8: 1}
    )

    assert ratings[0, 0].tolist() == [1, 0]
    assert ratings[0, 1, 0] != ratings[0, 1, 0]
    assert ratings[1, 0, 0] != ratings[1, 0, 0]


def test_coded_span_labels_the_excerpts_that_share_half_of_the_shorter():
    coded = ((Span(8, 40), 7),)
    work = [CoderSpans("a", ((Span(0, 60), CODES),), coded)]

    ratings = rate_excerpts(
        [frame(0, 10), frame(11, 30), frame(31, 60)], work, coders=["a"], columns={7: 0}
    )

    assert ratings[0, :, 0].tolist() == [0, 1, 0]


def test_code_that_the_codebook_no_longer_has_is_left_out():
    work = [CoderSpans("a", ((Span(0, 10), CODES),), ((Span(0, 10), 99),))]

    ratings = rate_excerpts([frame(0, 10)], work, coders=["a"], columns={7: 0})

    assert ratings.tolist() == [[[0.0]]]


def test_code_that_came_into_the_codebook_later_was_not_judged_absent():
    work = [CoderSpans("a", ((Span(0, 10), frozenset([7])),), ())]

    ratings = rate_excerpts([frame(0, 10)], work, coders=["a"], columns={7: 0, 8: 1})

    assert ratings[0, 0, 0] == 0
    assert np.isnan(ratings[0, 0, 1])


def test_interview_that_was_not_proposed_for_yet_is_left_out(coded_study, add, interview):
    run(coded_study)
    before = evaluate_suggestions(coded_study)
    add(interview("I9", ["Go on .", "relying on the worker"], keys=["trust"]))

    after = evaluate_suggestions(coded_study)

    assert (before.n_waiting, after.n_waiting) == (0, 1)
    assert after.codes == before.codes
