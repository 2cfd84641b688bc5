"""Labels follow from what coders said, in the order of what each tells."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluation.readings import is_blind
from pipeline.learning.material import is_unassisted
from pipeline.learning.targets import list_judging, list_learning
from tests.pipeline.evaluation.hand_made import KEYS, work
from tests.pipeline.learning.hand_coded import COLUMNS, coded, standing

NO_MISSES = np.zeros(3)
MISSES = np.array([0.1, 0.2, 0.3])
keys = st.lists(st.sampled_from(KEYS), unique=True).map(" ".join)


def learn(made, misses=NO_MISSES):
    """Give what may be learnt, rounded; None where nothing is known."""
    found = list_learning(made, COLUMNS, misses)
    return [
        [round(float(v), 4) if k else None for v, k in zip(*row, strict=True)]
        for row in zip(found.targets, found.is_known, strict=True)
    ]


def test_interview_that_nobody_touched_tells_nothing():
    made = coded()

    judged = list_judging(made, COLUMNS, is_blind)
    assert learn(made) == [[None] * 3] * 4
    assert (judged.weights.tolist(), judged.is_known.any()) == ([0.0] * 4, False)


def test_code_left_off_with_suggestions_is_absent_only_where_it_was_proposed():
    made = coded([work("anna", 0, "change", is_assisted=True, model=1)], shown={0: "trust change"})

    assert learn(made, MISSES)[0] == [0, 1, 0.3]


def test_code_left_off_away_from_the_page_keeps_its_chance_whatever_was_proposed():
    made = coded([work("anna", 0, "change", is_assisted=True)], shown={0: "trust"})

    assert learn(made, MISSES)[0] == [0.1, 1, 0.3]


def test_rejected_code_is_absent_though_no_page_is_known_that_proposed_it():
    made = coded([work("anna", 0, "", is_assisted=True)], [standing("anna", 0, rejected="sharing")])

    assert learn(made, MISSES)[0] == [0.1, 0.2, 0]


def test_work_without_suggestions_goes_before_the_same_coders_with_them():
    made = coded(
        [
            work("anna", 0, "trust", left_at=0.5),
            work("anna", 0, "change", is_assisted=True, model=1),
        ]
    )

    assert learn(made, MISSES)[0] == [1, 0, 0]


def test_coder_who_has_not_finished_counts_where_they_said_something():
    made = coded(
        [work("anna", 0, "trust", is_whole=True)],
        [standing("bram", 0, given="sharing", rejected="trust", is_done=False)],
    )

    assert learn(made)[0] == [0.5, 0, 0.5]


def test_judging_takes_over_what_it_judges_and_leaves_the_rest():
    made = coded(
        [
            work("anna", 0, "trust", judged="trust", is_whole=True),
            work("bram", 0, "change", is_assisted=True),
            work("bram", 1, "change", is_assisted=True),
        ]
    )

    found = list_learning(made, COLUMNS, NO_MISSES).judged_by(list_judging(made, COLUMNS, is_blind))

    assert found.targets[0, 0] == 1
    assert found.is_known.tolist() == [[True, False, False], [True] * 3, [False] * 3, [False] * 3]
    assert found.weights.tolist() == [1, 0, 0, 0]


@st.composite
def works(draw):
    """Draw what up to three coders finished of four excerpts, blind, assisted or both."""
    made = []
    for coder in ("anna", "bram", "cleo"):
        for place in range(4):
            judged = " ".join({*draw(keys).split(), "trust"})
            for is_assisted in draw(st.sampled_from([(), (False,), (True,), (False, True)])):
                is_drawn = draw(st.booleans())
                made.append(
                    work(
                        coder,
                        place,
                        draw(keys),
                        judged=judged,
                        is_assisted=is_assisted,
                        drawn_at=0.25 if is_drawn else None,
                        left_at=None if is_drawn else 0.25,
                        is_whole=draw(st.booleans()),
                        model=draw(st.sampled_from([None, 1])),
                    )
                )
    return made


@settings(deadline=None, derandomize=True, max_examples=60)
@given(works(), keys)
def test_assisted_work_never_changes_what_judges(made, proposed):
    with_all = coded(made, shown={0: proposed})
    without = coded([each for each in made if not each.is_assisted], shown={0: proposed})

    for choose in (is_blind, is_unassisted):
        one, other = (list_judging(each, COLUMNS, choose) for each in (with_all, without))
        learnt = list_learning(with_all, COLUMNS, MISSES).judged_by(one)

        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.targets, other.targets)
        np.testing.assert_array_equal(one.is_known, other.is_known)
        rows = one.weights > 0
        np.testing.assert_array_equal(learnt.targets[rows], other.targets[rows])


@settings(deadline=None, derandomize=True, max_examples=60)
@given(works(), keys)
def test_targets_are_shares_and_known_where_somebody_judged(made, proposed):
    found = list_learning(coded(made, shown={0: proposed}), COLUMNS, MISSES)

    assert ((found.targets >= 0) & (found.targets <= 1)).all()
    for place in range(4):
        told = [each.given | each.judged for each in made if each.excerpt_id == place + 1]
        judged = frozenset().union(*told)
        known = {code for code, column in COLUMNS.items() if found.is_known[place, column]}
        assert known <= judged
        assert bool(known) == bool(judged)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(works())
def test_weight_is_the_least_of_those_who_judge(made):
    found = list_judging(coded(made), COLUMNS, is_blind)

    for place in range(4):
        weights = [
            each.weight for each in made if each.excerpt_id == place + 1 and is_blind(None, each)
        ]
        assert found.weights[place] == min(weights, default=0)
