"""Names by one hash all that an evaluation is made of, so that nothing is evaluated twice."""

import sqlalchemy as sa

from study import tables as t
from study.ledger import hash_parts


def hash_evidence(connection: sa.Connection) -> str:
    """Hash what coders decided, what was drawn, scored and suggested, and whose it is."""
    counts = [
        connection.execute(sa.select(sa.func.count(), sa.func.max(table.c.id))).one()
        for table in (t.decision, t.blind_draw, t.score_block, t.suggestion, t.codebook_version)
    ]
    models = connection.execute(
        sa.select(t.model_version.c.id, t.model_version.c.state, t.model_version.c.n_activations)
        .where(t.model_version.c.state != "redacted")
        .order_by(t.model_version.c.id)
    )
    people = connection.execute(sa.select(t.participant).order_by(t.participant.c.id))
    attributes = connection.execute(
        sa.select(t.participant_attribute).order_by(t.participant_attribute.c.id)
    )
    cuts = connection.execute(
        sa.select(t.transcript_version.c.id, t.transcript_version.c.segmentation_id).order_by(
            t.transcript_version.c.id
        )
    )
    speakers = connection.execute(
        sa.select(t.speaker.c.interview_id, t.speaker.c.participant_id).order_by(t.speaker.c.id)
    )
    rows = [*counts, *models, *people, *attributes, *cuts, *speakers]
    return hash_parts(*(repr(tuple(row)) for row in rows))
