"""What became of suggestions that coders had on the screen: counted by code and week."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import sqlalchemy as sa

from study import tables as t
from study.codebooks import read_merging
from study.decisions import decisions_on
from study.excerpt_state import Decision, find_undone, replay

ON_SUGGESTION = ("accept", "reject", "pass_over")
# A suggested code that was added by hand in the end counts as accepted.
ENDS = ("accept", "add", "reject", "pass_over")
ACCEPTED, REJECTED, PASSED_OVER = range(3)
OUTCOMES = {"accept": ACCEPTED, "add": ACCEPTED, "reject": REJECTED, "pass_over": PASSED_OVER}
# Where a coder took something back, the last row on a code does not say how it stands.
TAKEN_BACK = t.decision.c.undoes.is_not(None) | (t.decision.c.verdict == "remove")
LEAST_TOLD = 10
CONFIDENCE = 0.95

# Code, Monday of the week, which of the three.
Tally: TypeAlias = Counter[tuple[int, date, int]]


@dataclass(frozen=True)
class WeekCount:
    """What became of one code's suggestions that were decided on in one week, from its Monday."""

    monday: date
    n_accepted: int
    n_rejected: int
    n_passed_over: int

    @property
    def n(self) -> int:
        """How many were decided on."""
        return self.n_accepted + self.n_rejected + self.n_passed_over

    @property
    def n_not_taken(self) -> int:
        """How many were rejected or passed over."""
        return self.n_rejected + self.n_passed_over


def count_decided(
    connection: sa.Connection, coder_ids: Collection[int], *, hidden: Collection[int] = ()
) -> dict[int, tuple[WeekCount, ...]]:
    """Count what became of suggestions, by the row of their code, each week in turn.

    A suggestion counts once for each coder who had it on the screen and decided on it: as it
    stands now, in the week in which that was last said. Codes count as what they were merged into.

    Args:
        hidden: Interviews of which nothing may be told.
    """
    seen = _but_hidden(hidden)
    tally = _count_plain(connection, coder_ids, seen)
    tally.update(_list_replayed(connection, coder_ids, seen))
    into = read_merging(connection).into
    merged: Tally = Counter()
    for (code_id, monday, outcome), n in tally.items():
        merged[into.get(code_id, code_id), monday, outcome] += n
    return _by_code(merged)


def tell_mostly_not_taken(weeks: Iterable[WeekCount]) -> tuple[float, float] | None:
    """Give Wilson's interval of 95% for the share not taken where it is over half; else None.

    Of fewer than ten that were decided on nothing is told.
    Source: Wilson 1927, doi:10.2307/2276774.
    """
    counts = list(weeks)
    n, n_not_taken = sum(each.n for each in counts), sum(each.n_not_taken for each in counts)
    if n < LEAST_TOLD or n_not_taken * 2 <= n:
        return None
    from scipy.stats import binomtest  # noqa: PLC0415  a second that a page seldom needs

    interval = binomtest(n_not_taken, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def _but_hidden(hidden: Collection[int]) -> sa.ColumnElement[bool]:
    if not hidden:
        return sa.true()
    excerpts = (
        sa.select(t.excerpt.c.id)
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
        .where(t.transcript_version.c.interview_id.in_(hidden))
    )
    return t.decision.c.excerpt_id.not_in(excerpts)


def _count_plain(
    connection: sa.Connection, coder_ids: Collection[int], seen: sa.ColumnElement[bool]
) -> Tally:
    """Count where nothing was taken back: there the last row on a code says how it stands."""
    marked = _mark_taken_back(coder_ids, seen)
    m, d = marked.c, t.decision.c
    last = (
        sa.select(sa.func.max(m.id).label("id"))
        .where(m.is_taken_back == 0, m.verdict.in_(ENDS), m.code_id.is_not(None))
        .group_by(m.excerpt_id, m.coder_id, m.code_id)
        .having(sa.func.max(m.is_shown) == 1)
        .subquery()
    )
    day = sa.func.date(d.made_at)
    rows = connection.execute(
        sa.select(d.code_id, d.verdict, day.label("day"), sa.func.count().label("n"))
        .join(last, last.c.id == d.id)
        .group_by(d.code_id, d.verdict, day)
    )
    tally: Tally = Counter()
    for row in rows:
        tally[row.code_id, _monday(row.day), OUTCOMES[row.verdict]] += row.n
    return tally


def _mark_taken_back(coder_ids: Collection[int], seen: sa.ColumnElement[bool]) -> sa.Subquery:
    # In one pass: SQLite would look through all the excerpts concerned for each row.
    d = t.decision.c
    taken_back = sa.func.max(sa.case((TAKEN_BACK, 1), else_=0))
    is_shown = d.is_assisted & d.suggestion_id.is_not(None)
    return (
        sa.select(
            *(d.id, d.excerpt_id, d.coder_id, d.code_id, d.verdict),
            sa.case((is_shown, 1), else_=0).label("is_shown"),
            taken_back.over(partition_by=(d.excerpt_id, d.coder_id)).label("is_taken_back"),
        )
        .where(d.coder_id.in_(coder_ids), seen)
        .subquery()
    )


def _list_replayed(
    connection: sa.Connection, coder_ids: Collection[int], seen: sa.ColumnElement[bool]
) -> Iterator[tuple[int, date, int]]:
    d = t.decision.c
    is_chosen = d.coder_id.in_(coder_ids) & TAKEN_BACK
    rows = connection.execute(sa.select(d.excerpt_id, d.coder_id).where(is_chosen).distinct())
    pairs = {(row.excerpt_id, row.coder_id) for row in rows}
    excerpts = sa.select(d.excerpt_id).where(is_chosen)
    days = {
        row.id: row.day
        for row in connection.execute(
            sa.select(d.id, sa.func.date(d.made_at).label("day")).where(
                d.coder_id.in_(coder_ids), d.excerpt_id.in_(excerpts), seen
            )
        )
    }
    for pair, history in decisions_on(connection, excerpts).items():
        if pair in pairs and history[0].id in days:
            yield from _find_outcomes(history, days)


def _find_outcomes(
    history: Sequence[Decision], days: Mapping[int, object]
) -> Iterator[tuple[int, date, int]]:
    state, undone = replay(history), find_undone(history)
    live = [d for d in history if d.action not in undone and d.code_id is not None]
    shown = {
        d.code_id
        for d in live
        if d.verdict in ON_SUGGESTION and d.is_assisted and d.suggestion_id is not None
    }
    last = {d.code_id: d.id for d in live if d.verdict != "mark"}
    for code_id in sorted(code for code in shown if code is not None):
        if code_id in state.given:
            outcome = ACCEPTED
        elif code_id in state.rejected:
            outcome = REJECTED
        elif code_id in state.passed_over or state.is_done:
            outcome = PASSED_OVER
        else:
            # Taken off again, and the excerpt is still open.
            continue
        yield code_id, _monday(days[last[code_id]]), outcome


def _monday(day: object) -> date:
    # PostgreSQL gives a day, SQLite how it is written.
    found = date.fromisoformat(str(day))
    return found - timedelta(days=found.weekday())


def _by_code(tally: Tally) -> dict[int, tuple[WeekCount, ...]]:
    weeks = sorted({(code_id, monday) for code_id, monday, _ in tally})
    found: dict[int, list[WeekCount]] = {}
    for code_id, monday in weeks:
        counts = [tally[code_id, monday, each] for each in (ACCEPTED, REJECTED, PASSED_OVER)]
        found.setdefault(code_id, []).append(WeekCount(monday, *counts))
    return {code_id: tuple(each) for code_id, each in found.items()}
