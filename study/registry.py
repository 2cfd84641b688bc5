"""Which model version is in force in a study, and how it came to be: trained, promoted, undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from study.errors import StudyError
from study.model_versions import N_DECISIONS, StoredModel, list_models
from study.records import ModelVersion
from study.redaction import REDACT, REDACTED
from study.suggestions import current_model

# Of one study one version is current: the one whose suggestions are queued. A candidate was
# trained and not promoted; of a redacted one neither words nor files are left.
CURRENT, CANDIDATE, RETIRED = "current", "candidate", "retired"
PROMOTED, ROLLED_BACK = "model promoted", "model rolled back"


@dataclass(frozen=True)
class RegisteredModel:
    """A model version with what training noted of it; figures are empty where nothing was."""

    model: StoredModel
    n_excerpts: int
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Activation:
    """A person or a run made a version current; previous is the one that was so until then.

    undoes: Of a rollback, the promotion that it took back, by row.
    """

    id: int
    model_id: int
    previous_id: int | None
    actor: str
    reason: str
    undoes: int | None
    done_at: datetime


def store_candidate(  # noqa: PLR0913 - a model version names everything it came from
    connection: sa.Connection,
    *,
    method: str,
    encoder_id: int,
    codebook_version_id: int,
    run_id: int,
    sha256: str,
    settings_hash: str,
    n_excerpts: int,
    figures: Mapping[str, Any],
    now: datetime,
) -> int:
    """Store a trained model that nobody has promoted yet; give its row.

    A model that the study has already stays as it is, but for how many decisions it has learnt
    from; one that was redacted, and came out the same without what was redacted, is a candidate
    again.
    """
    known = connection.execute(
        sa.select(t.model_version).where(t.model_version.c.sha256 == sha256)
    ).one_or_none()
    if known is not None:
        if known.state == REDACTED:
            _update(connection, known.id, state=CANDIDATE, figures=dict(figures))
        elif N_DECISIONS in figures:
            counted = {**known.figures, N_DECISIONS: figures[N_DECISIONS]}
            _update(connection, known.id, figures=counted)
        return int(known.id)
    return insert_row(
        connection,
        t.model_version,
        method=method,
        encoder_id=encoder_id,
        codebook_version_id=codebook_version_id,
        run_id=run_id,
        sha256=sha256,
        state=CANDIDATE,
        settings_hash=settings_hash,
        n_excerpts=n_excerpts,
        n_activations=0,
        figures=dict(figures),
        made_at=now,
    )


def promote_model(
    connection: sa.Connection, model_id: int, *, actor: str, reason: str, now: datetime
) -> None:
    """Make a version the current one; where it is so already nothing changes.

    Whether it suits the study's encoder and codebook is for the caller to say.

    Raises:
        StudyError: There is no such version, or it was redacted.
    """
    previous = read_in_force(connection)
    if previous is not None and previous.id == model_id:
        return
    _activate(connection, model_id)
    details = {
        "model": model_id,
        "previous": previous.id if previous else None,
        "reason": reason,
    }
    _audit(connection, actor, PROMOTED, details, now)


def count_decisions(connection: sa.Connection) -> int:
    """Count every decision ever made in a study."""
    return int(connection.scalar(sa.select(sa.func.count()).select_from(t.decision)) or 0)


def count_redactions(connection: sa.Connection) -> int:
    """Count how often words were replaced: what is made after one is another version."""
    audited = sa.select(sa.func.count()).where(t.audit.c.action == REDACT)
    return int(connection.scalar(audited) or 0)


def copy_figures(connection: sa.Connection, from_id: int, to_id: int) -> None:
    """Let a version that carries on what another learnt say how that one was judged."""
    version = t.model_version.c
    figures = connection.scalar(sa.select(version.figures).where(version.id == from_id))
    _update(connection, to_id, figures=figures)


def roll_back(connection: sa.Connection, *, actor: str, now: datetime) -> int:
    """Make current what was so before the latest promotion that still counts; give its row.

    A promotion counts until it is rolled back, or until a fit to another codebook, encoder or
    settings takes the promoted version's place.

    Raises:
        StudyError: No promotion counts, nothing was current before it, or that was redacted.
    """
    last = _find_counting(connection)
    if last is None or last.previous_id is None:
        raise StudyError(
            "There is no promotion to go back on. 'themeloop model list' shows the model versions; "
            "make one current with 'themeloop model promote'."
        )
    _activate(connection, last.previous_id)
    details = {"model": last.previous_id, "previous": last.model_id, "undoes": last.id}
    _audit(connection, actor, ROLLED_BACK, details, now)
    return last.previous_id


def read_in_force(connection: sa.Connection) -> ModelVersion | None:
    """Read the current version, whatever its method; None where nothing was fitted yet."""
    method = connection.scalar(
        sa.select(t.model_version.c.method).where(t.model_version.c.state == CURRENT)
    )
    return None if method is None else current_model(connection, method)


def list_registered(connection: sa.Connection) -> list[RegisteredModel]:
    """List every model version with its figures, oldest first."""
    version = t.model_version.c
    rows = connection.execute(sa.select(version.id, version.n_excerpts, version.figures))
    noted = {row.id: (row.n_excerpts, row.figures) for row in rows}
    return [RegisteredModel(model, *noted[model.id]) for model in list_models(connection)]


def read_registered(connection: sa.Connection, model_id: int) -> RegisteredModel:
    """Read one model version with its figures.

    Raises:
        StudyError: There is no such version.
    """
    found = [each for each in list_registered(connection) if each.model.id == model_id]
    if not found:
        raise _unknown(model_id)
    return found[0]


def read_history(connection: sa.Connection) -> list[Activation]:
    """Read every promotion and rollback, in order."""
    rows = connection.execute(
        sa.select(t.audit)
        .where(t.audit.c.action.in_((PROMOTED, ROLLED_BACK)))
        .order_by(t.audit.c.id)
    )
    return [
        Activation(
            id=row.id,
            model_id=row.details["model"],
            previous_id=row.details["previous"],
            actor=row.actor,
            reason=row.details.get("reason", ""),
            undoes=row.details.get("undoes"),
            done_at=row.done_at,
        )
        for row in rows
    ]


def _find_counting(connection: sa.Connection) -> Activation | None:
    history, current = read_history(connection), read_in_force(connection)
    undone = {each.undoes for each in history}
    promotions = [each for each in history if each.undoes is None and each.id not in undone]
    last = promotions[-1] if promotions else None
    # Else what is current came in another way, and was never promoted over anything.
    is_in_force = last is not None and current is not None and last.model_id == current.id
    return last if is_in_force else None


def _activate(connection: sa.Connection, model_id: int) -> None:
    version = t.model_version.c
    state = connection.scalar(sa.select(version.state).where(version.id == model_id))
    if state is None:
        raise _unknown(model_id)
    if state == REDACTED:
        raise StudyError(
            f"Model version {model_id} was made of words that have since been redacted, and its "
            "files are gone. Choose another from 'themeloop model list', or train anew."
        )
    connection.execute(
        sa.update(t.model_version).where(version.state == CURRENT).values(state=RETIRED)
    )
    _update(connection, model_id, state=CURRENT, n_activations=version.n_activations + 1)


def _unknown(model_id: int) -> StudyError:
    return StudyError(
        f"There is no model version {model_id}. 'themeloop model list' shows which there are."
    )


def _update(connection: sa.Connection, model_id: int, **values: object) -> None:
    connection.execute(
        sa.update(t.model_version).where(t.model_version.c.id == model_id).values(values)
    )


def _audit(
    connection: sa.Connection, actor: str, action: str, details: dict[str, Any], now: datetime
) -> None:
    connection.execute(
        sa.insert(t.audit).values(actor=actor, action=action, details=details, done_at=now)
    )
