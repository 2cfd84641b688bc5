"""How often codes are missed is told from blind readings, and only from those."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.learning.missed import ENOUGH_READINGS, MOST, estimate_misses
from tests.pipeline.evaluation.hand_made import ids_of, work
from tests.pipeline.learning.hand_coded import COLUMNS, coded

TRUST, CHANGE, SHARING = range(3)


def read(n, given="", *, first=0, model=1, **how):
    """Make n readings of excerpts, one each."""
    return [work("anna", place, given, model=model, **how) for place in range(first, first + n)]


def blind(n, given="", **where):
    return read(n, given, drawn_at=0.25, **where)


def assisted(n, given="", **where):
    return read(n, given, left_at=0.25, is_assisted=True, **where)


def estimate(*work, shown=None, n_excerpts=100, other=None):
    """Estimate from one interview.

    Args:
        shown: By place, the keys that model version 1 proposes; other: the same for version 2.
    """
    made = coded([each for part in work for each in part], shown=shown, n_excerpts=n_excerpts)
    by_other = {(2, place + 1): ids_of((other or {}).get(place, "")) for place in range(n_excerpts)}
    return estimate_misses([replace(made, shown={**made.shown, **by_other})], COLUMNS)


@pytest.mark.parametrize("readings", [(), (blind(9, "trust"),), (assisted(9, "trust"),)])
def test_without_readings_of_both_kinds_no_rate_is_known(readings):
    found = estimate(*readings)

    assert (found.is_known, found.rates.tolist()) == (False, [0, 0, 0])


def test_rate_is_what_is_given_more_often_blind_held_towards_all_codes():
    found = estimate(
        blind(10, "trust"), blind(30, first=10), assisted(10, "change", first=40),
        assisted(40, first=50),
    )  # fmt: skip

    overall = 10 / 120 - 10 / 150
    held = ENOUGH_READINGS * overall
    assert found.is_known
    assert found.rates[TRUST] == pytest.approx((40 * 0.25 + held) / (40 + ENOUGH_READINGS))
    assert found.rates[SHARING] == pytest.approx(held / (40 + ENOUGH_READINGS))
    assert found.rates[CHANGE] == pytest.approx(max(0, (-40 * 0.2 + held) / (40 + ENOUGH_READINGS)))


def test_what_was_proposed_was_not_missed():
    found = estimate(
        blind(10, "trust"),
        assisted(10, "trust", first=10),
        shown=dict.fromkeys(range(20), "trust"),
    )

    assert found.rates.tolist() == [0, 0, 0]


def test_work_away_from_a_page_tells_nothing_of_misses():
    away = [work("anna", 0, "trust", is_whole=True)]

    assert not estimate(away, assisted(1, first=1)).is_known


def test_excerpts_that_a_coder_chose_to_read_blind_tell_nothing_of_misses():
    chosen = read(5, "trust", left_at=0.25)

    assert not estimate(chosen, assisted(1, first=5)).is_known


def test_what_was_first_read_blind_tells_nothing_of_coding_with_suggestions():
    again = read(5, "trust", drawn_at=0.25, is_assisted=True)

    assert not estimate(blind(5), again).is_known


def test_version_read_in_one_way_only_tells_nothing_of_misses():
    found = estimate(blind(5, "trust"), assisted(5, first=5, model=2))

    assert (found.is_known, found.rates.tolist()) == (False, [0, 0, 0])


def test_better_version_on_the_pages_with_suggestions_is_no_miss():
    """The coder gives trust to one excerpt in five, whatever the page holds."""
    found = estimate(
        blind(8, "trust"), blind(32, first=8),
        assisted(1, "trust", first=40), assisted(4, first=41),
        blind(1, "trust", first=45, model=2), blind(4, first=46, model=2),
        assisted(8, "trust", first=50, model=2), assisted(32, first=58, model=2),
        other=dict.fromkeys((45, *range(50, 58)), "trust"),
    )  # fmt: skip

    assert found.is_known
    assert found.rates.tolist() == [0, 0, 0]


def test_versions_are_pooled_by_how_much_both_ways_of_reading_tell():
    found = estimate(
        blind(10, "trust"), blind(10, first=10), assisted(20, first=20),
        blind(4, first=40, model=2), assisted(8, first=44, model=2),
    )  # fmt: skip

    # A blind reading of one in four stands for 4 excerpts, one of the others for 4/3.
    first, second = (
        blind * other / (blind + other) for blind, other in ((80, 80 / 3), (16, 32 / 3))
    )
    share = first / (first + second)
    own, overall = share * 0.5, share * 0.5 / 3
    expected = (24 * own + ENOUGH_READINGS * overall) / (24 + ENOUGH_READINGS)
    assert found.rates[TRUST] == pytest.approx(expected)


def test_reading_counts_for_as_many_excerpts_as_it_stands_for():
    often = [work("bram", 0, "trust", model=1, is_whole=True)]

    found = estimate(often, blind(1, first=1), assisted(1, first=2))

    # One reading of weight 1 that has it, one of weight 4 that has not.
    overall = 1 / 15
    expected = (2 * 0.2 + ENOUGH_READINGS * overall) / (2 + ENOUGH_READINGS)
    assert found.rates[TRUST] == pytest.approx(expected)


def test_code_that_was_always_proposed_to_coders_with_suggestions_takes_the_rate_of_all():
    found = estimate(
        blind(4, "trust"), assisted(4, first=4), shown={4 + n: "trust" for n in range(4)}
    )

    assert found.rates[TRUST] == pytest.approx(min(MOST, 4 / 12))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(*(st.integers(0, 20) for _ in range(4)))
def test_rates_are_chances_and_never_make_an_absent_code_likelier_than_not(a, b, c, d):
    found = estimate(
        blind(a, "trust sharing"), blind(b, first=a), assisted(c, "change", first=a + b),
        assisted(d, first=a + b + c),
    )  # fmt: skip

    assert ((found.rates >= 0) & (found.rates < 0.5)).all()
    assert found.is_known == bool(a + b and c + d)
    assert np.isfinite(found.rates).all()
