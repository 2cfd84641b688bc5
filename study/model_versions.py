"""Every model version that ever scored an interview, and what each would have shown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.redaction import REDACTED

TRAINED_ON, N_DECISIONS = "trained_on", "n_decisions"


@dataclass(frozen=True)
class StoredModel:
    """A model version; trained_on are the interviews whose codings it has learnt from, if any."""

    id: int
    method: str
    encoder: str
    sha256: str
    state: str
    settings_hash: str
    codebook_version: int
    trained_on: frozenset[int]
    made_at: datetime
    codebook_version_id: int = 0


def list_models(connection: sa.Connection) -> list[StoredModel]:
    """List every model version, oldest first."""
    rows = connection.execute(
        sa.select(
            t.model_version,
            t.encoder.c.name.label("encoder"),
            t.codebook_version.c.number.label("codebook"),
        )
        .join(t.encoder, t.encoder.c.id == t.model_version.c.encoder_id)
        .join(t.codebook_version, t.codebook_version.c.id == t.model_version.c.codebook_version_id)
        .order_by(t.model_version.c.id)
    )
    return [
        StoredModel(
            id=row.id,
            method=row.method,
            encoder=row.encoder,
            sha256=row.sha256,
            state=row.state,
            settings_hash=row.settings_hash,
            codebook_version=row.codebook,
            codebook_version_id=row.codebook_version_id,
            trained_on=frozenset(row.figures.get(TRAINED_ON, ())),
            made_at=row.made_at,
        )
        for row in rows
    ]


def count_learnt_decisions(connection: sa.Connection) -> int:
    """Give how many decisions a study had when it was last learnt from; 0 where it never was.

    What was learnt before a redaction is gone, and does not count.
    """
    version = t.model_version.c
    figures = connection.scalars(sa.select(version.figures).where(version.state != REDACTED))
    return max((int(each.get(N_DECISIONS, 0)) for each in figures), default=0)


def read_scored(connection: sa.Connection) -> dict[int, frozenset[int]]:
    """Give the model versions that scored each segmentation.

    What has not been scored got no suggestion because nobody looked, not for want of any.
    """
    scored: dict[int, set[int]] = defaultdict(set)
    rows = connection.execute(
        sa.select(t.score_block.c.segmentation_id, t.score_block.c.model_version_id)
    )
    for segmentation_id, model_id in rows:
        scored[segmentation_id].add(model_id)
    return {segmentation_id: frozenset(models) for segmentation_id, models in scored.items()}


def read_suggested(
    connection: sa.Connection, segmentation_id: int, model_ids: Iterable[int]
) -> dict[int, list[tuple[int, int]]]:
    """Give what model versions suggested for a segmentation: (excerpt, code) rows by model."""
    suggested: dict[int, list[tuple[int, int]]] = {model_id: [] for model_id in model_ids}
    rows = connection.execute(
        sa.select(
            t.suggestion.c.model_version_id, t.suggestion.c.excerpt_id, t.suggestion.c.code_id
        )
        .join(t.excerpt, t.excerpt.c.id == t.suggestion.c.excerpt_id)
        .where(
            t.excerpt.c.segmentation_id == segmentation_id,
            t.suggestion.c.model_version_id.in_(list(suggested)),
        )
        .order_by(t.suggestion.c.id)
    )
    for model_id, excerpt_id, code_id in rows:
        suggested[model_id].append((excerpt_id, code_id))
    return suggested
