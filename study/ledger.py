"""Runs and the step ledger: what was done, in the same transaction as what it made."""

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from study.records import Failure


def hash_parts(*parts: object) -> str:
    """Hash what a step's output depends on, so that a change in any of it is new work."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def start_run(
    connection: sa.Connection,
    kind: str,
    settings: dict[str, Any],
    *,
    flow_run_id: str | None,
    now: datetime,
) -> int:
    """Open a run; runs left open by a killed process are closed as interrupted."""
    close_open_runs(connection, kind, state="interrupted", now=now)
    return insert_row(
        connection,
        t.run,
        kind=kind,
        state="running",
        flow_run_id=flow_run_id,
        settings=settings,
        counts={},
        started_at=now,
    )


def close_open_runs(connection: sa.Connection, kind: str, *, state: str, now: datetime) -> None:
    """Close what is still open of a kind of run; call it while the study is locked."""
    connection.execute(
        sa.update(t.run)
        .where(t.run.c.state == "running", t.run.c.kind == kind)
        .values(state=state, finished_at=now)
    )


def finish_run(
    connection: sa.Connection, run_id: int, *, state: str, counts: dict[str, Any], now: datetime
) -> None:
    """Close a run with its counts."""
    connection.execute(
        sa.update(t.run)
        .where(t.run.c.id == run_id)
        .values(state=state, counts=counts, finished_at=now)
    )


def is_done(connection: sa.Connection, step: str, subject: str, input_hash: str) -> bool:
    """Tell whether a step was done on exactly this input."""
    found = connection.scalar(
        sa.select(t.step_ledger.c.id).where(
            t.step_ledger.c.step == step,
            t.step_ledger.c.subject == subject,
            t.step_ledger.c.input_hash == input_hash,
        )
    )
    return found is not None


def done_inputs(connection: sa.Connection, step: str) -> set[tuple[str, str]]:
    """Give every (subject, input hash) that a step was done on."""
    rows = connection.execute(
        sa.select(t.step_ledger.c.subject, t.step_ledger.c.input_hash).where(
            t.step_ledger.c.step == step
        )
    )
    return {(subject, input_hash) for subject, input_hash in rows}


def record_done(
    connection: sa.Connection,
    step: str,
    subject: str,
    input_hash: str,
    *,
    run_id: int,
    n_rows: int,
    now: datetime,
) -> None:
    """Note that a step is done; belongs in the transaction that wrote its output."""
    connection.execute(
        sa.insert(t.step_ledger).values(
            step=step,
            subject=subject,
            input_hash=input_hash,
            run_id=run_id,
            n_rows=n_rows,
            finished_at=now,
        )
    )


def record_failure(
    connection: sa.Connection, failure: Failure, *, run_id: int, now: datetime
) -> None:
    """Note that a step failed for one subject; the next run tries it again."""
    connection.execute(
        sa.insert(t.step_failure).values(
            step=failure.step,
            subject=failure.subject,
            reason=failure.reason,
            run_id=run_id,
            failed_at=now,
        )
    )


def count_failures(connection: sa.Connection, run_id: int) -> int:
    """Count what a run set aside."""
    n = connection.scalar(
        sa.select(sa.func.count())
        .select_from(t.step_failure)
        .where(t.step_failure.c.run_id == run_id)
    )
    return int(n or 0)


def list_failures(connection: sa.Connection, run_id: int) -> list[Failure]:
    """Read what a run set aside, and why."""
    rows = connection.execute(
        sa.select(t.step_failure)
        .where(t.step_failure.c.run_id == run_id)
        .order_by(t.step_failure.c.id)
    )
    return [Failure(row.step, row.subject, row.reason) for row in rows]
