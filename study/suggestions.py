"""Model versions, the scores they gave, and the suggestions made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from study.records import ModelVersion, NewSuggestion, Suggestion
from study.vectors import FloatArray

SCORES = np.dtype("<f4")


def store_model(  # noqa: PLR0913 - a model version names everything it came from
    connection: sa.Connection,
    *,
    method: str,
    encoder_id: int,
    codebook_version_id: int,
    run_id: int,
    sha256: str,
    settings_hash: str,
    n_excerpts: int,
    now: datetime,
) -> int:
    """Make a fitted model the study's current one, whatever its method; give its row.

    A model that the study had before, under the same settings, becomes current again.
    """
    connection.execute(
        sa.update(t.model_version)
        .where(t.model_version.c.state == "current")
        .values(state="retired")
    )
    known = connection.scalar(
        sa.select(t.model_version.c.id).where(t.model_version.c.sha256 == sha256)
    )
    if known is not None:
        again = {"state": "current", "n_activations": t.model_version.c.n_activations + 1}
        connection.execute(
            sa.update(t.model_version).where(t.model_version.c.id == known).values(again)
        )
        return int(known)
    return insert_row(
        connection,
        t.model_version,
        method=method,
        encoder_id=encoder_id,
        codebook_version_id=codebook_version_id,
        run_id=run_id,
        sha256=sha256,
        state="current",
        settings_hash=settings_hash,
        n_excerpts=n_excerpts,
        n_activations=1,
        figures={},
        made_at=now,
    )


def current_model(
    connection: sa.Connection, method: str, settings_hash: str | None = None
) -> ModelVersion | None:
    """Read the study's current model where it is of this method, and made under these settings."""
    query = (
        sa.select(t.model_version, t.encoder.c.name.label("encoder"))
        .join(t.encoder, t.encoder.c.id == t.model_version.c.encoder_id)
        .where(t.model_version.c.method == method, t.model_version.c.state == "current")
    )
    if settings_hash is not None:
        query = query.where(t.model_version.c.settings_hash == settings_hash)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return ModelVersion(
        id=row.id,
        method=row.method,
        encoder_id=row.encoder_id,
        encoder=row.encoder,
        codebook_version_id=row.codebook_version_id,
        sha256=row.sha256,
        n_excerpts=row.n_excerpts,
        n_activations=row.n_activations,
        settings_hash=row.settings_hash,
    )


def store_suggestions(
    connection: sa.Connection,
    suggestions: Sequence[NewSuggestion],
    *,
    run_id: int,
    model: ModelVersion,
) -> None:
    """Store suggestions with the run, encoder, model and codebook version they came from."""
    rows = [
        {
            "run_id": run_id,
            "excerpt_id": suggestion.excerpt_id,
            "code_id": suggestion.code_id,
            "encoder_id": model.encoder_id,
            "model_version_id": model.id,
            "codebook_version_id": model.codebook_version_id,
            "method": suggestion.method or model.method,
            "score": suggestion.score,
            "probability": suggestion.probability,
            "rank": suggestion.rank,
            "evidence": suggestion.evidence,
        }
        for suggestion in suggestions
    ]
    if rows:
        connection.execute(sa.insert(t.suggestion), rows)


def store_scores(
    connection: sa.Connection,
    scores: FloatArray,
    *,
    segmentation_id: int,
    run_id: int,
    model: ModelVersion,
) -> None:
    """Store every score of a cut, (n_excerpts, n_codes), suggested or not.

    What was not suggested is needed too: agreement is taken against the score that stood before
    anybody decided.
    """
    n_excerpts, n_codes = scores.shape
    connection.execute(
        sa.insert(t.score_block).values(
            run_id=run_id,
            segmentation_id=segmentation_id,
            model_version_id=model.id,
            n_excerpts=n_excerpts,
            n_codes=n_codes,
            values=scores.astype(SCORES).tobytes(),
        )
    )


def read_scores(
    connection: sa.Connection, segmentation_id: int, model_id: int
) -> FloatArray | None:
    """Read the scores of a cut, (n_excerpts, n_codes), in excerpt and codebook order."""
    row = connection.execute(
        sa.select(t.score_block).where(
            t.score_block.c.segmentation_id == segmentation_id,
            t.score_block.c.model_version_id == model_id,
        )
    ).one_or_none()
    if row is None:
        return None
    flat = np.frombuffer(row._mapping["values"], dtype=SCORES)
    return flat.reshape(row.n_excerpts, row.n_codes).astype(np.float32)


def read_suggestions(
    connection: sa.Connection,
    *,
    model_id: int,
    excerpt_ids: Sequence[int] | None = None,
    segmentation_id: int | None = None,
) -> list[Suggestion]:
    """Read a model's suggestions in transcript order, strongest first."""
    query = (
        sa.select(
            t.suggestion,
            t.code.c.guid,
            t.code.c.key,
            t.encoder.c.name.label("encoder"),
            t.model_version.c.sha256,
            t.codebook_version.c.number,
        )
        .join(t.code, t.code.c.id == t.suggestion.c.code_id)
        .join(t.encoder, t.encoder.c.id == t.suggestion.c.encoder_id)
        .join(t.model_version, t.model_version.c.id == t.suggestion.c.model_version_id)
        .join(t.codebook_version, t.codebook_version.c.id == t.suggestion.c.codebook_version_id)
        .join(t.excerpt, t.excerpt.c.id == t.suggestion.c.excerpt_id)
        .where(t.suggestion.c.model_version_id == model_id)
        .order_by(t.excerpt.c.transcript_version_id, t.excerpt.c.position, t.suggestion.c.rank)
    )
    if excerpt_ids is not None:
        query = query.where(t.suggestion.c.excerpt_id.in_(excerpt_ids))
    if segmentation_id is not None:
        query = query.where(t.excerpt.c.segmentation_id == segmentation_id)
    return [
        Suggestion(
            id=row.id,
            excerpt_id=row.excerpt_id,
            code_guid=row.guid,
            code_key=row.key,
            score=row.score,
            rank=row.rank,
            method=row.method,
            evidence=row.evidence,
            run_id=row.run_id,
            encoder=row.encoder,
            model=row.sha256,
            codebook_version=row.number,
            probability=row.probability,
        )
        for row in connection.execute(query)
    ]


@dataclass(frozen=True)
class PlacedSuggestion:
    """A suggestion with the names of its interview, excerpt and data set."""

    suggestion: Suggestion
    interview: str
    excerpt: str
    dataset: str


def read_current_suggestions(connection: sa.Connection) -> list[PlacedSuggestion]:
    """Read the suggestions of every current model, in transcript order."""
    models = connection.scalars(
        sa.select(t.model_version.c.id).where(t.model_version.c.state == "current")
    ).all()
    names = {
        row.id: (row.interview, row.excerpt, row.dataset)
        for row in connection.execute(
            sa.select(
                t.excerpt.c.id,
                t.interview.c.label.label("interview"),
                t.excerpt.c.label.label("excerpt"),
                t.interview.c.dataset,
            )
            .join(
                t.transcript_version,
                t.transcript_version.c.id == t.excerpt.c.transcript_version_id,
            )
            .join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id)
        )
    }
    return [
        PlacedSuggestion(suggestion, *names[suggestion.excerpt_id])
        for model_id in models
        for suggestion in read_suggestions(connection, model_id=model_id)
    ]


def count_of_run(connection: sa.Connection, run_id: int) -> int:
    """Count the suggestions that a run made."""
    n = connection.scalar(
        sa.select(sa.func.count()).select_from(t.suggestion).where(t.suggestion.c.run_id == run_id)
    )
    return int(n or 0)


def count_current(connection: sa.Connection) -> tuple[int, int]:
    """Count the suggestions of the current models, and the excerpts that have any."""
    row = connection.execute(
        sa.select(
            sa.func.count(t.suggestion.c.id),
            sa.func.count(sa.distinct(t.suggestion.c.excerpt_id)),
        )
        .join(t.model_version, t.model_version.c.id == t.suggestion.c.model_version_id)
        .where(t.model_version.c.state == "current")
    ).one()
    return int(row[0]), int(row[1])
