"""What is learnt from is what people said, and no more; every word here is synthetic."""

from dataclasses import replace

import numpy as np
import pytest
import sqlalchemy as sa

from models.passages import NOBODY
from pipeline.learning.material import ENOUGH_EXCERPTS, read_material
from study import tables as t
from study.codebooks import store_codebook
from study.errors import StudyError
from study.records import Span
from study.vectors import store_encoder
from tests.pipeline.evaluation.hand_made import NOW
from tests.pipeline.learning.learnt import embed, learn

ALL = "trust change sharing"


def test_study_without_a_codebook_cannot_be_learnt_from(made_here):
    with pytest.raises(StudyError, match="no codebook"):
        read_material(made_here.study, 1)


def test_study_without_interviews_gives_empty_material(made_here):
    made_here.use_codebook("trust", "change")

    material = learn(made_here).material

    assert len(material.passages) == 0
    assert material.labels.targets.shape == (0, 2)
    assert (material.n_blind, material.judged_by) == (0, "unassisted")


def test_excerpts_of_whole_interviews_are_read_coded_or_not(made):
    made.add("I1", {"anna": ["trust", None, ""]}, texts=["one .", "two .", "three ."])
    made.add("I2", texts=["four .", "five ."])

    learnt = learn(made)

    passages, material = learnt.material.passages, learnt.material
    assert passages.texts == ("one .", "two .", "three .", "four .", "five .")
    assert passages.interviews.tolist() == [0, 0, 0, 1, 1]
    assert passages.vectors.shape == (5, 4)
    np.testing.assert_allclose(np.linalg.norm(passages.vectors, axis=1), 1, rtol=1e-5)
    assert material.interview_ids.tolist() == [made.row_of("I1")] * 3 + [made.row_of("I2")] * 2
    assert len(set(material.excerpt_ids.tolist())) == 5
    assert len(set(material.segmentation_ids.tolist())) == 2
    assert passages.roles.tolist() == [1] * 5
    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0, "sharing": 0}
    assert learnt.targets("I1", 1) == {"trust": None, "change": None, "sharing": None}
    assert learnt.targets("I1", 2) == {"trust": 0, "change": 0, "sharing": 0}


def test_interview_that_is_not_wholly_embedded_is_left_out(made_here):
    made_here.add("I1", texts=["one .", "two ."])
    encoder_id = embed(made_here)
    made_here.add("I2", texts=["one .", "three ."])

    material = read_material(made_here.study, encoder_id)

    assert material.passages.texts == ("one .", "two .")


def test_other_encoder_knows_none_of_the_interviews(made_here):
    made_here.add("I1")
    embed(made_here)
    with made_here.study.database.write() as connection:
        other = store_encoder(connection, "another", "1")

    assert len(read_material(made_here.study, other).passages) == 0


def test_interview_that_is_not_cut_yet_is_left_out(made_here):
    made_here.add("I1", is_segmenting=True)

    assert len(learn(made_here).material.passages) == 0


def test_target_is_the_share_of_coders_who_gave_the_code(made_here):
    made_here.add(
        "I1", {"anna": ["trust change"], "bram": ["trust"], "cleo": ["change trust"]}, texts=1
    )

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0.6667, "sharing": 0}
    assert learnt.material.labels.has_code.tolist() == [[True, True, False]]


def test_half_of_two_coders_who_differ_is_enough_to_judge_by(made_here):
    made_here.add("I1", {"anna": ["trust"], "bram": [""]}, texts=1)

    learnt = learn(made_here)

    assert learnt.target("I1", 0, "trust") == 0.5
    assert learnt.material.labels.has_code[0, 0]


def test_work_on_other_stretches_labels_the_excerpts_that_share_half(made_here):
    made_here.add("I1", {"anna": ["trust", "change"]}, texts=["ab .", "cd ."])
    made_here.cut("I1", Span(0, 9))

    assert learn(made_here).targets("I1", 0) == {"trust": 1, "change": 1, "sharing": 0}


def test_code_that_was_added_later_is_not_known_of_earlier_work(made_here):
    made_here.use_codebook("trust", "change")
    made_here.add("I1", {"anna": ["trust"]}, texts=1)
    made_here.use_codebook("trust", "change", "sharing")
    made_here.add("I2", {"anna": ["trust"]}, texts=1)

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0, "sharing": None}
    assert learnt.targets("I2", 0) == {"trust": 1, "change": 0, "sharing": 0}


def test_code_that_left_the_codebook_has_no_column(made_here):
    made_here.add("I1", {"anna": ["trust sharing"]}, texts=1)
    made_here.use_codebook("change", "trust")

    learnt = learn(made_here)

    assert set(learnt.targets("I1", 0).values()) == {0, 1}
    assert learnt.material.labels.targets.shape == (1, 2)


def merge(made, key, into):
    """Merge a code into another."""
    codes = made.book.codes
    merged = [replace(c, replaces=(key,)) if c.key == into else c for c in codes if c.key != key]
    made.book = replace(made.book, codes=tuple(merged))
    with made.study.database.write() as connection:
        store_codebook(connection, made.book, now=NOW)


def test_merged_code_counts_for_the_one_that_replaced_it(made):
    made.add("I1", {"anna": ["trust", "change", "sharing"]}, texts=3)
    merge(made, "sharing", into="trust")

    learnt = learn(made)

    assert [learnt.target("I1", place, "trust") for place in range(3)] == [1, 0, 1]
    assert learnt.columns == {"trust": 0, "change": 1}


def test_rejected_suggestion_of_a_merged_code_is_absent_unless_the_other_was_given(made_here):
    made_here.add("I1", texts=2)
    made_here.suggest({"I1": {0: "sharing", 1: "sharing"}})
    made_here.decide("I1", 0, "reject sharing")
    made_here.decide("I1", 1, "reject sharing", "add trust")
    merge(made_here, "sharing", into="trust")

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 0, "change": None}
    assert learnt.targets("I1", 1) == {"trust": 1, "change": None}


def test_code_that_nobody_uses_and_code_that_is_everywhere_are_known(made_here):
    made_here.add("I1", {"anna": ["trust"] * 4}, texts=4)

    labels = learn(made_here).material.labels

    assert labels.targets.tolist() == [[1, 0, 0]] * 4
    assert labels.is_known.all()


def test_open_excerpt_tells_only_what_was_given_and_rejected(made_here):
    made_here.add("I1", texts=2)
    made_here.suggest({"I1": {0: "trust change", 1: "trust"}})
    made_here.decide("I1", 0, "accept trust", "reject change")

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0, "sharing": None}
    assert not learnt.material.labels.is_known[1].any()
    assert learnt.weight("I1", 0) == 0


def test_undone_decision_tells_nothing(made_here):
    made_here.add("I1", texts=1)
    made_here.suggest({"I1": {0: "trust"}})
    action = made_here.decide("I1", 0, "accept trust")
    made_here.undo("I1", 0, action)

    assert not learn(made_here).material.labels.is_known.any()


def test_excerpt_taken_up_again_tells_no_more_what_was_left_off(made_here):
    made_here.add("I1", texts=1)
    made_here.suggest({"I1": {0: "change"}})
    made_here.decide("I1", 0, "add trust", "pass_over change", "done")
    made_here.decide("I1", 0, "reopen")

    assert learn(made_here).targets("I1", 0) == {"trust": 1, "change": None, "sharing": None}


def test_assisted_work_may_train_and_never_judge(made_here):
    made_here.add("I1", texts=2)
    made_here.suggest({"I1": {0: "trust change", 1: "trust"}})
    made_here.decide("I1", 0, "accept trust", "pass_over change", "done")
    made_here.decide("I1", 1, "reject trust", "add sharing", "done")

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0, "sharing": 0}
    assert learnt.targets("I1", 1) == {"trust": 0, "change": 0, "sharing": 1}
    assert not learnt.material.labels.weights.any()
    assert (learnt.material.n_unassisted, learnt.material.miss_rate_known) == (0, False)


def test_file_that_was_coded_with_suggestions_may_train_and_never_judge(made_here):
    made_here.add("I1", {"anna": ["trust"]}, texts=1, assisted=("anna",))

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0, "sharing": 0}
    assert learnt.weight("I1", 0) == 0


def make_missed(made):
    """Make a study whose model never proposes sharing, which is there on half the excerpts."""
    made.add("I1", texts=8)
    made.draw("I1", 0, 1, 2, 3, rate=0.5)
    made.suggest({"I1": dict.fromkeys(range(8), "trust")})
    for place in range(4):
        made.code("I1", place, "trust sharing" if place % 2 else "trust")
    for place in range(4, 8):
        made.decide("I1", place, "accept trust", "done")


def test_code_that_was_never_proposed_keeps_a_chance_to_be_there(made):
    make_missed(made)

    learnt = learn(made)

    assert learnt.material.miss_rate_known
    rates = dict(zip(learnt.columns, learnt.material.miss_rates, strict=True))
    # Of 8 blind readings of the two codes 2 found one; with 4 of its own, sharing's rate is
    # (4 × 1/2 + 200 × 1/4) / 204.
    assert rates["sharing"] == pytest.approx((4 * 0.5 + 200 * 0.25) / 204)
    assert rates["change"] == pytest.approx(200 * 0.25 / 204)
    assert learnt.target("I1", 5, "sharing") == round(rates["sharing"], 4)
    assert learnt.target("I1", 5, "trust") == 1
    assert learnt.target("I1", 0, "sharing") == 0
    assert not learnt.material.labels.has_code[learnt.rows["I1", 5], 2]


def test_code_that_was_taken_away_again_was_left_off_on_purpose(made_here):
    make_missed(made_here)
    made_here.decide("I1", 6, "reopen", "add sharing")
    made_here.decide("I1", 6, "remove sharing", "done")

    learnt = learn(made_here)

    assert learnt.target("I1", 6, "sharing") == 0
    assert learnt.target("I1", 7, "sharing") > 0


def test_blind_work_stands_where_suggestions_were_seen_later(made_here):
    made_here.add("I1", texts=1)
    made_here.draw("I1", 0)
    made_here.suggest({"I1": {0: "change"}})
    made_here.code("I1", 0, "trust")
    made_here.decide("I1", 0, "accept change", "remove trust", "done", is_assisted=True)

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0, "sharing": 0}
    assert learnt.weight("I1", 0) == 1


def test_judged_excerpt_has_the_label_of_the_work_that_judges_alone(made_here):
    made_here.add("I1", {"anna": ["trust"]}, texts=1)
    made_here.suggest({"I1": {0: "change"}})
    made_here.decide("I1", 0, "accept change", "done")

    learnt = learn(made_here)

    assert learnt.targets("I1", 0) == {"trust": 1, "change": 0, "sharing": 0}
    assert learnt.weight("I1", 0) == 1


def test_all_unassisted_work_judges_alike_where_little_was_coded_blind(made_here):
    made_here.add("I1", texts=4)
    made_here.draw("I1", 0, rate=0.25)
    made_here.suggest()
    made_here.code("I1", 0, "trust")
    made_here.code("I1", 1, "change", is_assisted=False)

    learnt = learn(made_here)

    assert learnt.material.judged_by == "unassisted"
    assert (learnt.material.n_blind, learnt.material.n_unassisted) == (1, 2)
    assert [learnt.weight("I1", place) for place in range(4)] == [1, 1, 0, 0]


def make_drawn(made, n_interviews, n_blind):
    """Make interviews with two chosen excerpts each, beside the drawn ones, all coded blind."""
    for number in range(n_interviews):
        label, places = f"I{number}", range(n_blind)
        made.add(label, texts=n_blind + 2)
        made.draw(label, *places, rate=0.5)
    made.suggest()
    for number in range(n_interviews):
        for place in range(n_blind + 2):
            made.code(f"I{number}", place, "trust", is_assisted=False)


def test_blind_excerpts_judge_by_their_weight_where_there_are_enough(made_here, monkeypatch):
    monkeypatch.setattr("pipeline.learning.material.ENOUGH_EXCERPTS", 10)
    make_drawn(made_here, 5, 2)

    learnt = learn(made_here)

    assert learnt.material.judged_by == "blind"
    assert (learnt.material.n_blind, learnt.material.n_unassisted) == (10, 20)
    assert [learnt.weight("I3", place) for place in range(4)] == [2, 2, 0, 0]
    # What a coder chose to read blind may still train.
    assert learnt.target("I3", 3, "trust") == 1
    assert ENOUGH_EXCERPTS == 200


@pytest.mark.parametrize(("n_interviews", "n_blind"), [(4, 3), (5, 1)])
def test_few_blind_excerpts_or_groups_are_not_enough(made_here, monkeypatch, n_interviews, n_blind):
    monkeypatch.setattr("pipeline.learning.material.ENOUGH_EXCERPTS", 10)
    make_drawn(made_here, n_interviews, n_blind)

    assert learn(made_here).material.judged_by == "unassisted"


def test_coder_who_read_all_makes_a_drawn_excerpt_stand_for_itself(made_here, monkeypatch):
    monkeypatch.setattr("pipeline.learning.material.ENOUGH_EXCERPTS", 1)
    monkeypatch.setattr("pipeline.learning.material.ENOUGH_GROUPS", 1)
    made_here.add("I1", {"anna": ["trust", "trust"]}, texts=4)
    made_here.draw("I1", 0, 2, rate=0.25)
    made_here.suggest()
    made_here.code("I1", 0, "change")
    made_here.code("I1", 2, "change")

    learnt = learn(made_here)

    assert [learnt.weight("I1", place) for place in range(4)] == [1, 1, 4, 0]
    assert learnt.targets("I1", 0) == {"trust": 0.5, "change": 0.5, "sharing": 0}


def test_families_and_participants_are_one_group(made_here):
    made_here.describe("P1", family="F1")
    made_here.describe("P2", family="F1")
    for label, participant in (("I1", "P1"), ("I2", "P2"), ("I3", "P3"), ("I4", "P3")):
        made_here.add(label, texts=1, participant=participant)

    assert learn(made_here).material.labels.groups.tolist() == [0, 0, 1, 1]


def test_withdrawn_interview_is_not_learnt_from(made_here):
    made_here.add("I1", {"anna": ["trust"]}, texts=["one ."])
    made_here.add("I2", {"anna": ["change"]}, texts=["two ."])
    withdrawn = made_here.row_of("I1")
    with made_here.study.database.write() as connection:
        connection.execute(
            sa.update(t.transcript_version)
            .where(t.transcript_version.c.interview_id == withdrawn)
            .values(is_current=False)
        )

    material = learn(made_here).material

    assert material.passages.texts == ("two .",)
    assert material.labels.targets.tolist() == [[0, 1, 0]]


def test_turns_without_roles_are_nobodys(made_here):
    made_here.add("I1", texts=2)
    with made_here.study.database.write() as connection:
        connection.execute(sa.update(t.speaker).values(role=None))

    assert learn(made_here).material.passages.roles.tolist() == [NOBODY, NOBODY]
