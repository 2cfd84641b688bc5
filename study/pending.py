"""What is suggested to a coder, code by code, and waits for what they make of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.coded_work import read_cases
from study.decisions import decisions_on
from study.draws import list_owing
from study.excerpt_state import ExcerptState, replay
from study.records import Span

QUEUED, SUGGESTED = t.queue_item.c, t.suggestion.c


@dataclass(frozen=True)
class PendingSuggestion:
    """One suggestion as it waits, with the words that it is about.

    number: The excerpt's place in its interview, from 1.
    last_action: What a decision on the excerpt is to be made after; empty: nothing was decided.
    probability: How often such a one is right; None where only a score can be told.
    """

    suggestion_id: int
    excerpt_id: int
    model_version_id: int
    interview: str
    number: int
    participant: str
    language: str | None
    text: str
    score: float
    probability: float | None
    method: str
    last_action: str


@dataclass(frozen=True)
class PendingPage:
    """Some of the pending suggestions of a code, the strongest first, and how many there are.

    n_waiting: Interviews left out because the coder has still to read excerpts of them blind.
    """

    n: int
    suggestions: tuple[PendingSuggestion, ...]
    n_waiting: int


@dataclass(frozen=True)
class Pending:
    """What one coder may be shown.

    touched: Where they stand with the open excerpts that they decided anything on.
    is_commit_first: Nothing is shown of an excerpt that the coder never finished.
    """

    coder_id: int
    waiting: frozenset[int]
    touched: Mapping[int, ExcerptState]
    is_commit_first: bool

    def is_pending(self, excerpt_id: int, code_id: int) -> bool:
        """Tell whether a suggestion for an open excerpt waits and may be shown."""
        state = self.touched.get(excerpt_id)
        if state is None:
            return not self.is_commit_first
        said = (*state.given, *state.rejected, *state.passed_over)
        return code_id not in said and (state.was_done or not self.is_commit_first)


def open_pending(connection: sa.Connection, coder_id: int, *, is_commit_first: bool) -> Pending:
    """Read what decides which suggestions wait for a coder."""
    histories = decisions_on(connection, _select_touched(coder_id))
    return Pending(
        coder_id=coder_id,
        waiting=list_owing(connection, coder_id),
        touched={
            excerpt_id: replay(history)
            for (excerpt_id, coder), history in histories.items()
            if coder == coder_id
        },
        is_commit_first=is_commit_first,
    )


def count_pending(connection: sa.Connection, pending: Pending) -> dict[int, int]:
    """Count the pending suggestions of each code, by row."""
    is_touched = QUEUED.excerpt_id.in_(_select_touched(pending.coder_id))
    counts: Counter[int] = Counter()
    if not pending.is_commit_first:
        # Excerpts that nothing was ever decided on are counted where they lie.
        counted = _select_open(pending, SUGGESTED.code_id, sa.func.count().label("n"))
        rows = connection.execute(counted.where(~is_touched).group_by(SUGGESTED.code_id))
        counts.update({row.code_id: row.n for row in rows})
    touched = _select_open(pending, SUGGESTED.code_id, QUEUED.excerpt_id).where(is_touched)
    counts.update(
        row.code_id
        for row in connection.execute(touched)
        if pending.is_pending(row.excerpt_id, row.code_id)
    )
    return dict(counts)


def list_pending(
    connection: sa.Connection, pending: Pending, code_id: int, *, first: int, n: int
) -> PendingPage:
    """List the pending suggestions of a code, the strongest first.

    Args:
        first: How many to leave out.
        n: How many to give at most.
    """
    ordered = (
        _select_open(pending, SUGGESTED.id, QUEUED.excerpt_id)
        .where(SUGGESTED.code_id == code_id)
        # What has a probability was told by a model that knows more than what has only a score.
        .order_by(
            SUGGESTED.probability.is_(None),
            SUGGESTED.probability.desc(),
            SUGGESTED.score.desc(),
            SUGGESTED.id,
        )
    )
    found = [
        row.id for row in connection.execute(ordered) if pending.is_pending(row.excerpt_id, code_id)
    ]
    suggestions = _read_suggestions(connection, pending, found[first : first + n])
    return PendingPage(len(found), tuple(suggestions), len(pending.waiting))


def _select_touched(coder_id: int) -> sa.Select[tuple[int]]:
    is_decided = sa.exists().where(
        t.decision.c.excerpt_id == QUEUED.excerpt_id, t.decision.c.coder_id == coder_id
    )
    return sa.select(QUEUED.excerpt_id).where(
        QUEUED.coder_id == coder_id, QUEUED.is_done.is_(False), is_decided
    )


def _select_open(pending: Pending, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(t.queue_item)
        .join(
            t.suggestion,
            sa.and_(
                SUGGESTED.excerpt_id == QUEUED.excerpt_id,
                SUGGESTED.model_version_id == QUEUED.model_version_id,
            ),
        )
        .join(t.excerpt, t.excerpt.c.id == QUEUED.excerpt_id)
        .join(
            t.transcript_version,
            sa.and_(
                t.transcript_version.c.id == t.excerpt.c.transcript_version_id,
                # What is of an earlier cut is shown nowhere.
                t.transcript_version.c.segmentation_id == t.excerpt.c.segmentation_id,
            ),
        )
        .where(
            QUEUED.coder_id == pending.coder_id,
            QUEUED.is_done.is_(False),
            t.transcript_version.c.is_current,
            QUEUED.interview_id.not_in(sorted(pending.waiting)),
        )
    )


def _read_suggestions(
    connection: sa.Connection, pending: Pending, ids: list[int]
) -> Iterable[PendingSuggestion]:
    if not ids:
        return []
    cases = read_cases(connection)
    rows = connection.execute(
        sa.select(
            t.suggestion,
            t.excerpt.c.position,
            t.excerpt.c.transcript_version_id,
            t.excerpt.c.start_char,
            t.excerpt.c.end_char,
            t.interview.c.id.label("interview_id"),
            t.interview.c.label.label("interview"),
            t.interview.c.language,
        )
        .join(t.excerpt, t.excerpt.c.id == SUGGESTED.excerpt_id)
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
        .join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id)
        .where(SUGGESTED.id.in_(ids))
    )
    read = {}
    for row in rows:
        state = pending.touched.get(row.excerpt_id, ExcerptState())
        span = state.bounds or Span(row.start_char, row.end_char)
        read[row.id] = PendingSuggestion(
            suggestion_id=row.id,
            excerpt_id=row.excerpt_id,
            model_version_id=row.model_version_id,
            interview=row.interview,
            number=row.position + 1,
            participant=cases[row.interview_id].participant,
            language=row.language,
            text=_read_words(connection, row.transcript_version_id, span),
            score=row.score,
            probability=row.probability,
            method=row.method,
            last_action=state.last_action or "",
        )
    return [read[suggestion_id] for suggestion_id in ids]


def _read_words(connection: sa.Connection, version_id: int, span: Span) -> str:
    # Counted in code points by either database; a whole transcript stays where it is.
    length = span.end_char - span.start_char
    words = sa.func.substr(t.transcript_version.c.text, span.start_char + 1, length)
    return str(connection.scalar(sa.select(words).where(t.transcript_version.c.id == version_id)))
