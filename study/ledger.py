"""Runs and the step ledger: what was done, in the same transaction as what it made."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from study.records import Failure
from study.stance import Stance, count_suggestions

RUNNING = "running"
STEP_NAMES = {
    "take_in_transcript": "taking files in",
    "split_into_excerpts": "cutting transcripts",
    "embed_excerpts": "embedding excerpts",
    "propose_codes": "proposing codes",
    "queue_for_review": "queueing for review",
    "evaluate_agreement": "measuring agreement",
}


@dataclass(frozen=True)
class RecordedRun:
    """A run as the study recorded it; its counts tell how far it is, and at its end what it did."""

    id: int
    state: str
    flow_run_id: str | None
    counts: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None


# The step that puts an interview before the coders.
QUEUE = "queue"


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
        state=RUNNING,
        flow_run_id=flow_run_id,
        settings=settings,
        counts={},
        started_at=now,
    )


def close_open_runs(connection: sa.Connection, kind: str, *, state: str, now: datetime) -> None:
    """Close what is still open of a kind of run; call it while the study is locked."""
    connection.execute(
        sa.update(t.run)
        .where(t.run.c.state == RUNNING, t.run.c.kind == kind)
        .values(state=state, finished_at=now)
    )


def note_progress(
    connection: sa.Connection, run_id: int, *, step: str, n_done: int, n_all: int
) -> None:
    """Note how far a run is, for whoever looks from another process."""
    counts = {"step": step, "n_done": n_done, "n_all": n_all}
    connection.execute(
        sa.update(t.run).where(t.run.c.id == run_id, t.run.c.state == RUNNING).values(counts=counts)
    )


def name_step(step: str) -> str:
    """Say in words what a step is doing."""
    return STEP_NAMES.get(step, step.replace("_", " "))


def describe_counts(run: RecordedRun, stance: Stance = "") -> str:
    """Say in counts what a run did, or how it ended."""
    if run.state != "finished":
        return run.state
    counts = run.counts
    aside = f", {counts['n_set_aside']} set aside" if counts.get("n_set_aside") else ""
    return (
        f"{count_suggestions(stance, counts.get('n_suggestions', 0))} for "
        f"{counts.get('n_interviews', 0)} interviews{aside}"
    )


def describe_progress(run: RecordedRun) -> str:
    """Say what a run is doing and how far it is."""
    counts = run.counts
    if "step" not in counts:
        return "beginning"
    return f"{name_step(counts['step'])}, {counts['n_done']} of {counts['n_all']}"


def newest_run(connection: sa.Connection, *, is_open: bool) -> RecordedRun | None:
    """Read the newest run that is still open, or the newest that has ended."""
    row = connection.execute(
        sa.select(t.run)
        .where((t.run.c.state == RUNNING) == is_open)
        .order_by(t.run.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return RecordedRun(
        id=row.id,
        state=row.state,
        flow_run_id=row.flow_run_id,
        counts=row.counts,
        started_at=row.started_at,
        finished_at=row.finished_at,
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
