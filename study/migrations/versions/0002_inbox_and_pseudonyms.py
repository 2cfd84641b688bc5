"""Files of the inbox, and which pseudonym stands for which name."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inbox_file",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("name_hash", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.Text(), nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("interview_id", BigKey, nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('new', 'waiting', 'taken', 'set_aside')", name=op.f("ck_inbox_file_state")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_inbox_file_interview_id_interview"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_file")),
        sa.UniqueConstraint("name_hash", name=op.f("uq_inbox_file_name_hash")),
    )
    op.create_table(
        "pseudonym",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("participant_id", BigKey, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_hash", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_pseudonym_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pseudonym")),
        sa.UniqueConstraint(
            "participant_id",
            "category",
            "number",
            name=op.f("uq_pseudonym_participant_id_category_number"),
        ),
        sa.UniqueConstraint(
            "participant_id", "name_hash", name=op.f("uq_pseudonym_participant_id_name_hash")
        ),
    )
