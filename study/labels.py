"""The one rule that turns coded spans into labels of excerpts."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from study.records import Span

OVERLAP = 0.5


def covers(span: Span, other: Span) -> bool:
    """Tell whether two spans share at least half of the shorter one.

    Empty spans, which a file may give, meet only themselves.
    """
    shorter = min(span.end_char - span.start_char, other.end_char - other.start_char)
    if shorter == 0:
        return span == other
    shared = min(span.end_char, other.end_char) - max(span.start_char, other.start_char)
    return shared >= OVERLAP * shorter


def match_spans(excerpts: Sequence[Span], spans: Iterable[Span]) -> list[list[int]]:
    """Find for each span the excerpts that it labels, as positions in `excerpts`.

    Excerpts are in transcript order and do not overlap one another.
    """
    starts = [excerpt.start_char for excerpt in excerpts]
    return [_matches(excerpts, starts, span) for span in spans]


def _matches(excerpts: Sequence[Span], starts: list[int], span: Span) -> list[int]:
    first = max(0, bisect_right(starts, span.start_char) - 1)
    # An empty excerpt may begin where the one before it does.
    while first > 0 and starts[first - 1] == starts[first]:
        first -= 1
    last = max(bisect_left(starts, span.end_char), bisect_right(starts, span.start_char))
    return [index for index in range(first, last) if covers(excerpts[index], span)]
