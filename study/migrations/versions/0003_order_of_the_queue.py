"""Where each queue item comes in its interview, and the index that finds the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "queue_item", sa.Column("priority", sa.Float(), server_default="0", nullable=False)
    )
    op.drop_index(
        op.f("ix_queue_item_coder_id_is_done_interview_id_position"), table_name="queue_item"
    )
    op.create_index(
        op.f("ix_queue_item_coder_id_is_done_interview_id_priority_position"),
        "queue_item",
        ["coder_id", "is_done", "interview_id", "priority", "position"],
        unique=False,
    )
