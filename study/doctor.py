"""Checks that a study on disk is what it should be, and mends what is derived."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from study import tables as t
from study.decisions import refresh_queue_item
from study.excerpt_state import ExcerptState
from study.folder import Study
from study.model_files import check_model
from study.redaction import REDACTED
from study.review_queue import derive_states
from study.transcripts import list_transcripts
from study.vectors import hash_text


@dataclass(frozen=True)
class Finding:
    """One thing that a check found wrong, with what was done or is to be done."""

    check: str
    message: str
    is_mended: bool = False


def examine_study(study: Study) -> list[Finding]:
    """Run every check; give what is wrong."""
    findings = _check_folder(study.folder)
    with study.database.read() as connection:
        findings += _check_database(connection)
        findings += _check_excerpts(connection)
        findings += _check_models(connection, study.folder)
    return findings + rebuild_queue(study)


def rebuild_queue(study: Study) -> list[Finding]:
    """Derive every queue item from the decisions; give those that had drifted."""
    with study.database.write() as connection:
        drifted = find_drift(connection)
        for coder_id, excerpt_id in drifted:
            refresh_queue_item(connection, coder_id, excerpt_id)
    if not drifted:
        return []
    message = f"{len(drifted)} queue items differed from their decisions and were derived anew."
    return [Finding("queue", message, is_mended=True)]


def find_drift(connection: sa.Connection) -> list[tuple[int, int]]:
    """Find queue items, as (coder, excerpt), that say other than the decisions do."""
    drifted: list[tuple[int, int]] = []
    for transcript in list_transcripts(connection):
        states = derive_states(connection, transcript.id)
        items = connection.execute(
            sa.select(t.queue_item)
            .join(t.excerpt, t.excerpt.c.id == t.queue_item.c.excerpt_id)
            .where(t.excerpt.c.transcript_version_id == transcript.id)
        )
        for item in items:
            state = states.get((item.excerpt_id, item.coder_id), ExcerptState())
            derived = (state.is_done, state.is_unsure, len(state.given))
            if derived != (item.is_done, item.is_unsure, item.n_given):
                drifted.append((item.coder_id, item.excerpt_id))
    return drifted


def _check_folder(folder: Path) -> list[Finding]:
    mode = folder.stat().st_mode & 0o777
    if mode == 0o700:
        return []
    folder.chmod(0o700)
    message = f"The study folder was open to others (mode {mode:03o}); now only its owner reads it."
    return [Finding("folder", message, is_mended=True)]


def _check_database(connection: sa.Connection) -> list[Finding]:
    if connection.dialect.name != "sqlite":
        return []
    verdict = str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())
    if verdict == "ok":
        return []
    return [Finding("database", "study.db is damaged: restore the newest file of backups/.")]


def _check_excerpts(connection: sa.Connection) -> list[Finding]:
    findings = []
    for transcript in list_transcripts(connection):
        rows = connection.execute(
            sa.select(t.excerpt).where(t.excerpt.c.transcript_version_id == transcript.id)
        )
        wrong = sum(
            hash_text(transcript.text[row.start_char : row.end_char]) != row.text_hash
            for row in rows
        )
        if wrong:
            message = (
                f"{wrong} excerpts of transcript {transcript.id} do not hold the words they were "
                "cut around: restore a backup."
            )
            findings.append(Finding("excerpts", message))
    return findings


def _check_models(connection: sa.Connection, folder: Path) -> list[Finding]:
    # The files of a redacted one are gone on purpose.
    kept = sa.select(t.model_version.c.sha256).where(t.model_version.c.state != REDACTED)
    rows = connection.scalars(kept.distinct())
    return [
        Finding("models", f"Model {sha256[:12]} is missing or was changed: restore a backup.")
        for sha256 in rows
        if not check_model(folder / "models", sha256)
    ]
