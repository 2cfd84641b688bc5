"""Facts about which disagreements are put before people; every name here is synthetic."""

import pytest

from pipeline.evaluation.disputes import (
    KINDS,
    NOT_SUGGESTED,
    ONLY_SUGGESTED,
    PEOPLE_DIFFER,
    choose_disputes,
    count_disputes,
    tell_kind,
)
from pipeline.evaluation.records import Disagreement


def differ(code="trust", given=1, of=2, *, suggested=False, who="P1", excerpt=1):
    return Disagreement(f"I of {who}", who, excerpt, f"e{excerpt}", code, given, of, suggested)


@pytest.mark.parametrize(
    ("given", "of", "suggested", "kind"),
    [
        (1, 2, True, PEOPLE_DIFFER),
        (2, 3, False, PEOPLE_DIFFER),
        (2, 2, False, NOT_SUGGESTED),
        (1, 1, False, NOT_SUGGESTED),
        (0, 2, True, ONLY_SUGGESTED),
    ],
)
def test_kind_says_who_differs(given, of, suggested, kind):
    assert tell_kind(differ(given=given, of=of, suggested=suggested)) == kind


def test_each_excerpt_of_a_code_is_counted_as_one_kind():
    rows = [differ(), differ(given=2), differ(given=0, suggested=True), differ("change")]

    counts = count_disputes(rows)

    assert counts == {
        "trust": dict.fromkeys(KINDS, 1),
        "change": {PEOPLE_DIFFER: 1, NOT_SUGGESTED: 0, ONLY_SUGGESTED: 0},
    }


def test_code_on_which_people_differ_most_comes_first_then_that_with_most():
    rows = [
        *[differ("often", given=0, suggested=True)] * 9,
        differ("seldom", given=0, suggested=True),
        *[differ("split")] * 2,
    ]

    assert [one.code for one in choose_disputes(rows, n_each=3)] == ["split", "often", "seldom"]


def test_kinds_are_taken_in_turn():
    rows = [
        *[differ(given=0, suggested=True, who=f"P{n}") for n in range(9)],
        *[differ(given=2, who=f"Q{n}") for n in range(9)],
        differ(who="R"),
    ]

    (dispute,) = choose_disputes(rows, n_each=5)

    assert [tell_kind(row) for row in dispute.chosen] == [
        PEOPLE_DIFFER,
        NOT_SUGGESTED,
        ONLY_SUGGESTED,
        NOT_SUGGESTED,
        ONLY_SUGGESTED,
    ]
    assert dispute.n_excerpts == 19


def test_nobody_is_quoted_twice_as_long_as_others_have_not_been():
    rows = [differ(who="P1", excerpt=n) for n in range(9)] + [differ(who="P2"), differ(who="P3")]

    (dispute,) = choose_disputes(rows, n_each=4)

    assert [row.participant for row in dispute.chosen] == ["P1", "P2", "P3", "P1"]


def test_most_evenly_split_comes_first():
    rows = [differ(given=1, of=6, excerpt=1), differ(given=3, of=6, excerpt=2)]

    (dispute,) = choose_disputes(rows, n_each=1)

    assert [row.excerpt_id for row in dispute.chosen] == [2]


def test_fewer_than_asked_for_are_all_there():
    (dispute,) = choose_disputes([differ(), differ(given=2)], n_each=9)

    assert len(dispute.chosen) == 2
