"""The one rule by which coded spans label excerpts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.labels import covers, match_spans
from study.records import Span


@st.composite
def excerpt_spans(draw):
    """Draw excerpts in order, with gaps, that do not overlap; some are empty."""
    cuts = sorted(draw(st.lists(st.integers(0, 40), max_size=12)))
    spans = [Span(start, end) for start, end in pairwise(cuts)]
    return draw(st.lists(st.sampled_from(spans), unique=True).map(sorted_spans)) if spans else []


def sorted_spans(spans):
    return sorted(spans, key=lambda span: (span.start_char, span.end_char))


any_span = st.tuples(st.integers(0, 45), st.integers(0, 45)).map(lambda pair: Span(*sorted(pair)))


@given(excerpt_spans(), st.lists(any_span, max_size=6))
def test_matches_are_those_found_by_comparing_everything_with_everything(excerpts, spans):
    found = match_spans(excerpts, spans)

    assert found == [
        [index for index, excerpt in enumerate(excerpts) if covers(excerpt, span)] for span in spans
    ]


@given(excerpt_spans())
def test_excerpt_is_labelled_by_a_coding_of_exactly_its_own_span(excerpts):
    found = match_spans(excerpts, excerpts)

    assert all(index in matches for index, matches in enumerate(found))


@pytest.mark.parametrize(
    ("one", "other", "is_covered"),
    [
        (Span(0, 10), Span(5, 15), True),
        (Span(0, 10), Span(6, 16), False),
        (Span(0, 100), Span(40, 44), True),
        (Span(0, 4), Span(4, 8), False),
        (Span(3, 3), Span(3, 3), True),
        (Span(0, 5), Span(3, 3), False),
    ],
)
def test_two_spans_meet_when_they_share_half_of_the_shorter(one, other, is_covered):
    assert covers(one, other) is is_covered
    assert covers(other, one) is is_covered
