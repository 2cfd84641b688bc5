"""What coders decided, as immutable rows: stored once, read back in order."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row, newest_version
from study.errors import StudyError
from study.excerpt_state import Decision, ExcerptState, replay
from study.records import Span

PAGE, FILE = "page", "file"
N_LATEST = 50


@dataclass(frozen=True)
class Verdict:
    """One part of an action: what is said about which code or suggestion.

    span: The words that it is about, where they are others than the excerpt's.
    excerpt_id, is_assisted: Where they are others than the action's.

    """

    verdict: str
    code_id: int | None = None
    suggestion_id: int | None = None
    span: Span | None = None
    memo_id: int | None = None
    excerpt_id: int | None = None
    is_assisted: bool | None = None


@dataclass(frozen=True)
class Action:
    """What one key press decides; id is made where the key was pressed.

    excerpt_id: The excerpt in hand; the first verdict is about it.
    shown_ms: How long it had been on the screen.
    """

    id: str
    coder_id: int
    excerpt_id: int
    verdicts: tuple[Verdict, ...]
    undoes: str | None = None
    is_assisted: bool = True
    shown_ms: int | None = None


def record_action(connection: sa.Connection, action: Action, *, now: datetime) -> bool:
    """Store an action and bring the queue item in line; False where it was stored before.

    Raises:
        StudyError: The action's id was used for another excerpt, or what it undoes was elsewhere.
    """
    known = find_action(connection, action.coder_id, action.id)
    if known is not None:
        if known != action.excerpt_id:
            raise StudyError("Action {id} was used before, for another excerpt.", id=action.id)
        return False
    touched = {action.excerpt_id} | {v.excerpt_id for v in action.verdicts if v.excerpt_id}
    if action.undoes is not None:
        undone = find_action(connection, action.coder_id, action.undoes)
        if undone != action.excerpt_id:
            raise StudyError(
                "Action {id} is not this coder's on excerpt {n}, so it cannot be undone there.",
                id=action.undoes,
                n=action.excerpt_id,
            )
        touched |= excerpts_of(connection, action.coder_id, action.undoes)
    for row in _list_rows(action, touched, newest_version(connection), now):
        _store_row(connection, *row)
    for excerpt_id in sorted(touched):
        refresh_queue_item(connection, action.coder_id, excerpt_id)
    return True


def _list_rows(
    action: Action, touched: Collection[int], version_id: int, now: datetime
) -> Iterator[tuple[Verdict, dict[str, Any]]]:
    verdicts = list(action.verdicts)
    if action.undoes is not None:
        # Of every excerpt that was touched: each one's state follows from its own rows.
        told = {action.excerpt_id, *(verdict.excerpt_id for verdict in verdicts)}
        others = sorted(set(touched) - told)
        verdicts += [Verdict("undo", excerpt_id=excerpt_id) for excerpt_id in others]
    for part, verdict in enumerate(verdicts):
        said = verdict.is_assisted
        yield (
            verdict,
            {
                "action": action.id,
                "part": part,
                "coder_id": action.coder_id,
                "excerpt_id": verdict.excerpt_id or action.excerpt_id,
                "verdict": verdict.verdict,
                "code_id": verdict.code_id,
                "suggestion_id": verdict.suggestion_id,
                "memo_id": verdict.memo_id,
                "codebook_version_id": version_id,
                "origin": PAGE,
                "undoes": action.undoes,
                "is_assisted": action.is_assisted if said is None else said,
                "shown_ms": action.shown_ms,
                "made_at": now,
            },
        )


def _store_row(connection: sa.Connection, verdict: Verdict, values: dict[str, Any]) -> None:
    decision_id = insert_row(connection, t.decision, **values)
    is_coding = verdict.verdict in ("accept", "add", "mark")
    if not is_coding and verdict.span is None:
        return
    frame = connection.execute(
        sa.select(t.excerpt).where(t.excerpt.c.id == values["excerpt_id"])
    ).one()
    span = verdict.span or read_state(connection, values["coder_id"], frame.id).bounds
    span = span or Span(frame.start_char, frame.end_char)
    place = {
        "transcript_version_id": frame.transcript_version_id,
        "start_char": span.start_char,
        "end_char": span.end_char,
    }
    if verdict.span is not None:
        connection.execute(sa.insert(t.passage).values(id=decision_id, **place))
    if is_coding:
        coder = {"coder_id": values["coder_id"], "code_id": values["code_id"]}
        connection.execute(sa.insert(t.coding).values(decision_id=decision_id, **coder, **place))


def excerpts_of(connection: sa.Connection, coder_id: int, action: str) -> set[int]:
    """Give every excerpt that a coder's action was about."""
    return set(
        connection.scalars(
            sa.select(t.decision.c.excerpt_id).where(
                t.decision.c.coder_id == coder_id, t.decision.c.action == action
            )
        )
    )


def refresh_queue_item(connection: sa.Connection, coder_id: int, excerpt_id: int) -> None:
    """Derive one queue item anew from the decisions on it."""
    state = read_state(connection, coder_id, excerpt_id)
    connection.execute(
        sa.update(t.queue_item)
        .where(t.queue_item.c.coder_id == coder_id, t.queue_item.c.excerpt_id == excerpt_id)
        .values(is_done=state.is_done, is_unsure=state.is_unsure, n_given=len(state.given))
    )


def read_state(connection: sa.Connection, coder_id: int, excerpt_id: int) -> ExcerptState:
    """Derive where a coder stands with an excerpt."""
    return replay(
        _read(
            connection,
            t.decision.c.coder_id == coder_id,
            t.decision.c.excerpt_id == excerpt_id,
        )
    )


def last_action(connection: sa.Connection, coder_id: int) -> Decision | None:
    """Find a coder's latest action on the page that still counts; what undo takes back."""
    undone: set[str] = set()
    before = None
    # From the newest backwards: what undoes an action stands after it.
    while rows := _read_latest(connection, coder_id, before):
        for decision in rows:
            if decision.action in undone:
                continue
            if decision.undoes is None:
                return decision
            undone.add(decision.undoes)
        before = rows[-1].id
    return None


def _read_latest(connection: sa.Connection, coder_id: int, before: int | None) -> list[Decision]:
    query = _select(t.decision.c.coder_id == coder_id, t.decision.c.origin == PAGE)
    if before is not None:
        query = query.where(t.decision.c.id < before)
    rows = connection.execute(query.order_by(t.decision.c.id.desc()).limit(N_LATEST))
    return [_decision(row) for row in rows]


def find_action(connection: sa.Connection, coder_id: int, action: str) -> int | None:
    """Give the excerpt that a coder's action was about, or None where there is no such action."""
    found = connection.scalar(
        sa.select(t.decision.c.excerpt_id)
        .where(t.decision.c.coder_id == coder_id, t.decision.c.action == action)
        .order_by(t.decision.c.part)
        .limit(1)
    )
    return None if found is None else int(found)


def decisions_of(
    connection: sa.Connection, version_id: int
) -> dict[tuple[int, int], list[Decision]]:
    """Read all decisions in a transcript version, by (excerpt, coder), each in order."""
    excerpts = sa.select(t.excerpt.c.id).where(t.excerpt.c.transcript_version_id == version_id)
    return decisions_on(connection, excerpts)


def decisions_on(
    connection: sa.Connection, excerpt_ids: Collection[int] | sa.Select[tuple[int]]
) -> dict[tuple[int, int], list[Decision]]:
    """Read all decisions on some excerpts, by (excerpt, coder), each in order."""
    groups: dict[tuple[int, int], list[Decision]] = defaultdict(list)
    for decision in _read(connection, t.decision.c.excerpt_id.in_(excerpt_ids)):
        groups[decision.excerpt_id, decision.coder_id].append(decision)
    return dict(groups)


def _read(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Decision]:
    return [_decision(row) for row in connection.execute(_select(*where).order_by(t.decision.c.id))]


def _select(*where: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(t.decision, t.passage.c.start_char, t.passage.c.end_char)
        .outerjoin(t.passage, t.passage.c.id == t.decision.c.id)
        .where(*where)
    )


def _decision(row: sa.Row[tuple[object, ...]]) -> Decision:
    return Decision(
        id=row.id,
        action=row.action,
        coder_id=row.coder_id,
        excerpt_id=row.excerpt_id,
        verdict=row.verdict,
        code_id=row.code_id,
        suggestion_id=row.suggestion_id,
        undoes=row.undoes,
        is_assisted=row.is_assisted,
        codebook_version_id=row.codebook_version_id,
        origin=row.origin,
        round_id=row.round_id,
        span=None if row.start_char is None else Span(row.start_char, row.end_char),
        memo_id=row.memo_id,
    )
