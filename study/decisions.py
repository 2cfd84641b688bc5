"""What coders decided: immutable rows, and the state of an excerpt that follows from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row, newest_version
from study.errors import StudyError

PAGE, FILE = "page", "file"


@dataclass(frozen=True)
class Decision:
    """One row of a coder's history; rows of one key press share their action."""

    id: int
    action: str
    coder_id: int
    excerpt_id: int
    verdict: str
    code_id: int | None
    suggestion_id: int | None
    undoes: str | None
    is_assisted: bool
    codebook_version_id: int = 0
    origin: str = "page"
    round_id: int | None = None


@dataclass(frozen=True)
class ExcerptState:
    """Where one coder stands with one excerpt."""

    given: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()
    passed_over: tuple[int, ...] = ()
    is_done: bool = False
    is_unsure: bool = False
    is_assisted: bool = False


@dataclass(frozen=True)
class Verdict:
    """One part of an action: what is said about which code or suggestion."""

    verdict: str
    code_id: int | None = None
    suggestion_id: int | None = None


@dataclass(frozen=True)
class Action:
    """What one key press decides about one excerpt; id is made where the key was pressed."""

    id: str
    coder_id: int
    excerpt_id: int
    verdicts: tuple[Verdict, ...]
    undoes: str | None = None
    is_assisted: bool = True


def replay(decisions: Iterable[Decision]) -> ExcerptState:
    """Derive the present state of an excerpt from one coder's decisions on it, in order."""
    history = list(decisions)
    undone = find_undone(history)
    codes: dict[int, str] = {}
    is_done = is_unsure = is_assisted = False
    for decision in history:
        # Undone or not: what was once seen with suggestions can never become blind.
        is_assisted |= decision.is_assisted
        if decision.action in undone or decision.verdict == "undo":
            continue
        if decision.code_id is not None:
            # Taken out first, so that a code given again counts from its latest giving.
            codes.pop(decision.code_id, None)
            codes[decision.code_id] = decision.verdict
        elif decision.verdict in ("done", "reopen"):
            is_done = decision.verdict == "done"
            is_unsure = is_unsure and not is_done
        elif decision.verdict == "unsure":
            is_unsure = True
    return ExcerptState(
        given=_codes(codes, "accept", "add"),
        rejected=_codes(codes, "reject"),
        passed_over=_codes(codes, "pass_over"),
        is_done=is_done,
        is_unsure=is_unsure,
        is_assisted=is_assisted,
    )


def find_undone(history: Sequence[Decision]) -> set[str]:
    """Find the actions that do not count; an undone undo lets its action count again."""
    undone: set[str] = set()
    for decision in reversed(history):
        if decision.undoes is not None and decision.action not in undone:
            undone.add(decision.undoes)
    return undone


def record_action(connection: sa.Connection, action: Action, *, now: datetime) -> bool:
    """Store an action and bring the queue item in line; False where it was stored before.

    Raises:
        StudyError: The action's id was used for another excerpt, or what it undoes was elsewhere.
    """
    known = find_action(connection, action.coder_id, action.id)
    if known is not None:
        if known != action.excerpt_id:
            raise StudyError(f"Action {action.id} was used before, for another excerpt.")
        return False
    if action.undoes is not None:
        undone = find_action(connection, action.coder_id, action.undoes)
        if undone != action.excerpt_id:
            raise StudyError(
                f"Action {action.undoes} is not this coder's on excerpt {action.excerpt_id}, so "
                "it cannot be undone there."
            )
    for part, verdict in enumerate(action.verdicts):
        _record_part(connection, action, part, verdict, now)
    refresh_queue_item(connection, action.coder_id, action.excerpt_id)
    return True


def _record_part(
    connection: sa.Connection, action: Action, part: int, verdict: Verdict, now: datetime
) -> None:
    decision_id = insert_row(
        connection,
        t.decision,
        action=action.id,
        part=part,
        coder_id=action.coder_id,
        excerpt_id=action.excerpt_id,
        verdict=verdict.verdict,
        code_id=verdict.code_id,
        suggestion_id=verdict.suggestion_id,
        codebook_version_id=newest_version(connection),
        origin=PAGE,
        undoes=action.undoes,
        is_assisted=action.is_assisted,
        made_at=now,
    )
    if verdict.verdict not in ("accept", "add"):
        return
    frame = connection.execute(
        sa.select(t.excerpt).where(t.excerpt.c.id == action.excerpt_id)
    ).one()
    connection.execute(
        sa.insert(t.coding).values(
            transcript_version_id=frame.transcript_version_id,
            start_char=frame.start_char,
            end_char=frame.end_char,
            code_id=verdict.code_id,
            coder_id=action.coder_id,
            decision_id=decision_id,
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
    history = _read(connection, t.decision.c.coder_id == coder_id, t.decision.c.origin == PAGE)
    undone = find_undone(history)
    live = (d for d in reversed(history) if d.verdict != "undo" and d.action not in undone)
    return next(live, None)


def find_action(connection: sa.Connection, coder_id: int, action: str) -> int | None:
    """Give the excerpt that a coder's action was about, or None where there is no such action."""
    found = connection.scalar(
        sa.select(t.decision.c.excerpt_id)
        .where(t.decision.c.coder_id == coder_id, t.decision.c.action == action)
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
    rows = connection.execute(sa.select(t.decision).where(*where).order_by(t.decision.c.id))
    return [
        Decision(
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
        )
        for row in rows
    ]


def _codes(codes: dict[int, str], *verdicts: str) -> tuple[int, ...]:
    return tuple(code_id for code_id, verdict in codes.items() if verdict in verdicts)
