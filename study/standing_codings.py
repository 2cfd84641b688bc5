"""Which codings stand, asked of the database: what `replay` says, of all excerpts at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.records import Span

GIVING = ("accept", "add", "mark")
OUTSIDE = "mark"


@dataclass(frozen=True)
class Wanted:
    """Whose codings are wanted, and of which interviews.

    coder_id: None: everybody's.
    hidden: Interviews of which none may be seen.
    only: Of these interviews alone; None: of all others.
    into: The code that each merged code counts for, by row.
    codes: What counts for one of these; empty: every code.
    excerpts: What was decided on these alone; None: on all.
    """

    coder_id: int | None
    hidden: frozenset[int] = frozenset()
    only: frozenset[int] | None = None
    into: Mapping[int, int] = field(default_factory=dict)
    codes: frozenset[int] = frozenset()
    excerpts: frozenset[int] | None = None


@dataclass(frozen=True)
class StandingCoding:
    """Words that one coder gave one code; code_id: what it counts for."""

    version_id: int
    code_id: int
    span: Span


@dataclass(frozen=True)
class CodeCount:
    """How often a code stands: in so many excerpts, and by so many passages of their own."""

    n_excerpts: int = 0
    n_passages: int = 0


def list_standing(connection: sa.Connection, wanted: Wanted) -> list[StandingCoding]:
    """List the codings that stand, in transcript order."""
    coding = select_standing(wanted).subquery().c
    place = (coding.version_id, coding.start_char, coding.end_char)
    rows = connection.execute(sa.select(*place, coding.code_id).distinct().order_by(*place))
    return [
        StandingCoding(row.version_id, row.code_id, Span(row.start_char, row.end_char))
        for row in rows
    ]


def count_codes(connection: sa.Connection, wanted: Wanted) -> dict[int, CodeCount]:
    """Count for each code the excerpts and the passages that it stands in, by row."""
    coding = select_standing(wanted).subquery().c
    place = [sa.cast(each, sa.String) for each in (coding.version_id, coding.start_char)]
    place_name = place[0] + "-" + place[1] + "-" + sa.cast(coding.end_char, sa.String)
    is_in_excerpt, is_passage = coding.verdict != OUTSIDE, coding.is_whole == 0
    rows = connection.execute(
        sa.select(
            coding.code_id,
            sa.func.count(sa.distinct(sa.case((is_in_excerpt, coding.excerpt_id)))),
            sa.func.count(sa.distinct(sa.case((is_passage, place_name)))),
        ).group_by(coding.code_id)
    )
    return {code_id: CodeCount(n_excerpts, n_passages) for code_id, n_excerpts, n_passages in rows}


def select_standing(wanted: Wanted) -> sa.Select[Any]:
    """Select every coding that stands in a current transcript, at the words it is given to.

    Columns: coder_id, code_id (what it counts for), is_older (given as a code that was merged),
    excerpt_id, verdict, version_id, interview_id, is_of_cut (the excerpt is one of the cut that
    the study works with), is_whole (given to the excerpt as the coder bounds it), start_char,
    end_char.
    """
    given, words = t.decision.alias("given"), t.passage.alias("words")
    frame, version = t.excerpt.c, t.transcript_version.c
    bound = _select_bounds(wanted).subquery("bound")
    moved = t.passage.alias("moved")
    code_id = _count_for(given.c.code_id, wanted.into)
    query = (
        sa.select(
            given.c.coder_id,
            code_id.label("code_id"),
            (given.c.code_id != code_id).label("is_older"),
            given.c.excerpt_id,
            given.c.verdict,
            frame.transcript_version_id.label("version_id"),
            version.interview_id,
            (frame.segmentation_id == version.segmentation_id).label("is_of_cut"),
            sa.case((words.c.id.is_(None), 1), else_=0).label("is_whole"),
            _first(words.c.start_char, moved.c.start_char, frame.start_char).label("start_char"),
            _first(words.c.end_char, moved.c.end_char, frame.end_char).label("end_char"),
        )
        .select_from(given)
        .join(t.excerpt, frame.id == given.c.excerpt_id)
        .join(t.transcript_version, version.id == frame.transcript_version_id)
        .outerjoin(words, words.c.id == given.c.id)
        .outerjoin(
            bound,
            (bound.c.excerpt_id == given.c.excerpt_id) & (bound.c.coder_id == given.c.coder_id),
        )
        .outerjoin(moved, moved.c.id == bound.c.id)
        .where(given.c.verdict.in_(GIVING), version.is_current)
        .where(_counts(given, "given"), ~_is_taken_back(given, words))
    )
    return query.where(*_limit(wanted, given, version.interview_id))


def find_queued(connection: sa.Connection, coder_id: int | None = None) -> frozenset[int]:
    """Find the interviews of which anything was queued; before that nothing is drawn of them.

    Args:
        coder_id: Queued for this coder; None: for anybody.
    """
    query = sa.select(t.queue_item.c.interview_id).distinct()
    if coder_id is not None:
        query = query.where(t.queue_item.c.coder_id == coder_id)
    return frozenset(connection.scalars(query))


def _limit(
    wanted: Wanted, given: sa.FromClause, interview_id: sa.ColumnElement[int]
) -> list[sa.ColumnElement[bool]]:
    limits = _limit_decisions(wanted, given)
    if wanted.codes:
        old = {old for old, now in wanted.into.items() if now in wanted.codes}
        limits.append(given.c.code_id.in_(sorted(wanted.codes | old)))
    if wanted.hidden:
        limits.append(interview_id.not_in(sorted(wanted.hidden)))
    if wanted.only is not None:
        limits.append(interview_id.in_(sorted(wanted.only)))
    return limits


def _limit_decisions(wanted: Wanted, decision: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    limits = []
    if wanted.coder_id is not None:
        limits.append(decision.c.coder_id == wanted.coder_id)
    if wanted.excerpts is not None:
        limits.append(decision.c.excerpt_id.in_(sorted(wanted.excerpts)))
    return limits


def _select_bounds(wanted: Wanted) -> sa.Select[Any]:
    moving = t.decision.alias("moving")
    return (
        sa.select(moving.c.coder_id, moving.c.excerpt_id, sa.func.max(moving.c.id).label("id"))
        .where(moving.c.verdict == "bound", _counts(moving, "moving"))
        .where(*_limit_decisions(wanted, moving))
        .group_by(moving.c.coder_id, moving.c.excerpt_id)
    )


def _counts(decision: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    """Say that a decision was not undone; an undo of an undo is as far as anybody can go."""
    undo, redo = t.decision.alias(f"{name}_undo"), t.decision.alias(f"{name}_redo")
    is_redone = sa.exists().where(*_undoes(redo, undo))
    return ~sa.exists().where(*_undoes(undo, decision), ~is_redone)


def _undoes(later: sa.FromClause, earlier: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    return [*_is_of_same(later, earlier), later.c.undoes == earlier.c.action]


def _is_taken_back(given: sa.FromClause, words: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say that something later was said of the code there, or against it on the whole excerpt.

    What is said of the excerpt is not said of words outside it.
    """
    later, there = t.decision.alias("later"), t.passage.alias("there")
    is_same_place = sa.and_(
        there.c.start_char.is_not_distinct_from(words.c.start_char),
        there.c.end_char.is_not_distinct_from(words.c.end_char),
    )
    is_against_all = sa.and_(
        given.c.verdict != OUTSIDE, there.c.id.is_(None), later.c.verdict.not_in(GIVING)
    )
    return (
        sa.select(later.c.id)
        .outerjoin(there, there.c.id == later.c.id)
        .where(
            *_is_of_same(later, given),
            later.c.code_id == given.c.code_id,
            later.c.id > given.c.id,
            sa.or_(is_same_place, is_against_all),
            _counts(later, "later"),
        )
        .correlate(given, words)
        .exists()
    )


def _is_of_same(one: sa.FromClause, other: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    return [one.c.excerpt_id == other.c.excerpt_id, one.c.coder_id == other.c.coder_id]


def _first(*columns: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(*columns)


def _count_for(code_id: sa.ColumnElement[int], into: Mapping[int, int]) -> sa.ColumnElement[int]:
    return sa.case(dict(into), value=code_id, else_=code_id) if into else code_id
