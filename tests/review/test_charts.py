"""Facts about where the marks of the small charts stand."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from review.charts import FRAME, MOST_WEEKS, WEEK, choose_weeks, draw_lines
from study.acceptance import WeekCount

MONDAY = date(2026, 3, 2)


def week(number, n_accepted=3, n_rejected=3):
    return WeekCount(MONDAY + number * WEEK, n_accepted, n_rejected, 0)


def test_every_chart_shows_the_same_weeks_to_the_latest():
    shown = choose_weeks([[week(0)], [week(2), week(3)]])

    assert shown == tuple(MONDAY + number * WEEK for number in range(4))


def test_of_a_long_study_the_latest_weeks_are_shown():
    shown = choose_weeks([[week(0), week(40)]])

    assert len(shown) == MOST_WEEKS
    assert shown[-1] == MONDAY + 40 * WEEK


def test_without_decisions_no_week_is_shown():
    assert choose_weeks([]) == ()


def test_all_accepted_stands_at_the_top_and_none_at_the_bottom():
    weeks = [week(0, 6, 0), week(1, 0, 6)]

    first, second = draw_lines(weeks, choose_weeks([weeks])).points

    assert (first.y, second.y) == (FRAME.top, FRAME.bottom)


def test_a_single_week_stands_in_the_middle():
    (point,) = draw_lines([week(0)], (MONDAY,)).points

    assert point.x == (FRAME.left + FRAME.right) / 2


def test_a_week_with_nothing_decided_is_a_gap_in_the_line():
    weeks = [week(0), week(1), week(3)]

    lines = draw_lines(weeks, choose_weeks([weeks]))

    assert lines.path.count("L") == 1
    assert lines.faint == ""


def test_what_joins_points_of_few_is_faint():
    weeks = [week(0), week(1), week(2, 1, 1)]

    lines = draw_lines(weeks, choose_weeks([weeks]))

    assert [point.is_few for point in lines.points] == [False, False, True]
    assert (lines.path.count("L"), lines.faint.count("L")) == (1, 1)


counts = st.tuples(st.integers(0, 200), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(counts.filter(lambda each: sum(each[1:])), unique_by=lambda each: each[0]))
def test_points_stand_in_the_frame_and_in_the_order_of_their_weeks(drawn):
    weeks = [WeekCount(MONDAY + number * WEEK, *rest) for number, *rest in sorted(drawn)]
    shown = choose_weeks([weeks])

    points = draw_lines(weeks, shown).points

    assert all(FRAME.left < point.x < FRAME.right for point in points)
    assert all(FRAME.top <= point.y <= FRAME.bottom for point in points)
    assert all(one.x < other.x for one, other in pairwise(points))
    assert all(other - one == timedelta(days=7) for one, other in pairwise(shown))
