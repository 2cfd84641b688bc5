"""Where the marks of small charts stand, in the charts' own units; templates draw them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from study.acceptance import WeekCount

WEEK = timedelta(days=7)
MOST_WEEKS = 12
# Of fewer the share jumps about; their points are drawn hollow.
FEW = 5


@dataclass(frozen=True)
class Frame:
    """A chart's size, and the part of it in which shares from 0 to 1 are drawn."""

    width: int = 264
    height: int = 116
    left: int = 34
    right: int = 250
    top: int = 12
    bottom: int = 78

    def place(self, share: float) -> float:
        """Give how far down a share stands."""
        return round(self.bottom - share * (self.bottom - self.top), 1)


FRAME = Frame()


@dataclass(frozen=True)
class Point:
    """The share of one week's suggestions that was accepted, and of how many it is."""

    x: float
    y: float
    monday: date
    n: int
    n_accepted: int

    @property
    def is_few(self) -> bool:
        """Tell whether it is of too few to rest much on."""
        return self.n < FEW


@dataclass(frozen=True)
class Lines:
    """One code's line: its points, and what joins those of weeks that follow one another.

    faint: What joins points one of which is of few.
    """

    points: tuple[Point, ...]
    path: str
    faint: str


def choose_weeks(codes: Sequence[Sequence[WeekCount]]) -> tuple[date, ...]:
    """Choose the weeks that every chart shows: the latest in which any was decided on, and before.

    Returns:
        Mondays, each a week after the one before; none where nothing was decided on.
    """
    mondays = {week.monday for weeks in codes for week in weeks}
    if not mondays:
        return ()
    first, last = min(mondays), max(mondays)
    n_weeks = min(MOST_WEEKS, (last - first) // WEEK + 1)
    return tuple(last - WEEK * back for back in reversed(range(n_weeks)))


def draw_lines(weeks: Sequence[WeekCount], shown: Sequence[date]) -> Lines:
    """Place one code's weeks on the weeks that are shown; a week with nothing decided is a gap."""
    places = {monday: _across(number, len(shown)) for number, monday in enumerate(shown)}
    points = [
        Point(
            x=places[week.monday],
            y=FRAME.place(week.n_accepted / week.n),
            monday=week.monday,
            n=week.n,
            n_accepted=week.n_accepted,
        )
        for week in weeks
        if week.monday in places
    ]
    pairs = [pair for pair in pairwise(points) if pair[1].monday - pair[0].monday == WEEK]
    return Lines(
        points=tuple(points),
        path=_join(pair for pair in pairs if not _has_few(pair)),
        faint=_join(pair for pair in pairs if _has_few(pair)),
    )


def _across(number: int, n: int) -> float:
    if n == 1:
        return (FRAME.left + FRAME.right) / 2
    # The first and the last stand off the edges: their counts are written under them.
    first, last = FRAME.left + 10, FRAME.right - 10
    return round(first + number * (last - first) / (n - 1), 1)


def _has_few(pair: tuple[Point, Point]) -> bool:
    return pair[0].is_few or pair[1].is_few


def _join(pairs: Iterable[tuple[Point, Point]]) -> str:
    return "".join(f"M{one.x} {one.y}L{other.x} {other.y}" for one, other in pairs)
