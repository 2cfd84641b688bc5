"""Passages of their own, memos as decisions, provisional codes, and who is signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERDICTS = (
    "accept",
    "reject",
    "pass_over",
    "add",
    "remove",
    "done",
    "reopen",
    "unsure",
    "undo",
    "mark",
    "bound",
    "memo",
)
NO_CHANGE = "decision rows are never changed: add a row instead"


def upgrade() -> None:
    op.add_column("coder", sa.Column("password_hash", sa.Text(), nullable=True))
    op.add_column("coder", sa.Column("pace_seen_at", sa.DateTime(), nullable=True))
    op.create_index(op.f("ix_memo_subject_subject_id"), "memo", ["subject", "subject_id"])
    op.drop_index(op.f("ix_suggestion_model_version_id"), table_name="suggestion")
    op.create_index(
        op.f("ix_suggestion_model_version_id_excerpt_id"),
        "suggestion",
        ["model_version_id", "excerpt_id"],
    )
    _widen_decision()
    _add_sign_in()
    _add_passage()
    _add_proposed_code()


def _widen_decision() -> None:
    # SQLite makes the table anew, and its guards go with the old one.
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("shown_ms", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("memo_id", BigKey, nullable=True))
        batch.create_foreign_key(op.f("fk_decision_memo_id_memo"), "memo", ["memo_id"], ["id"])
        batch.drop_constraint(op.f("ck_decision_verdict"), type_="check")
        batch.create_check_constraint(op.f("ck_decision_verdict"), f"verdict IN {VERDICTS}")
    op.create_index(op.f("ix_decision_coder_id_id"), "decision", ["coder_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER decision_no_{verb} BEFORE {verb} ON decision "
                f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE}'); END"
            )


def _add_sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_sign_in_coder_id_coder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_coder_id"), "sign_in", ["coder_id"])


def _add_passage() -> None:
    op.create_table(
        "passage",
        sa.Column("id", BigKey, autoincrement=False, nullable=False),
        sa.Column("transcript_version_id", BigKey, nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["decision.id"], name=op.f("fk_passage_id_decision")),
        sa.ForeignKeyConstraint(
            ["transcript_version_id"],
            ["transcript_version.id"],
            name=op.f("fk_passage_transcript_version_id_transcript_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_transcript_version_id"), "passage", ["transcript_version_id"])


def _add_proposed_code() -> None:
    op.create_table(
        "proposed_code",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("code_id", BigKey, nullable=False),
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("into_code_id", BigKey, nullable=True),
        sa.Column("decided_by_id", BigKey, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('provisional', 'accepted', 'merged', 'declined')",
            name=op.f("ck_proposed_code_state"),
        ),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_proposed_code_code_id_code")
        ),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_proposed_code_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["coder.id"], name=op.f("fk_proposed_code_decided_by_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["into_code_id"], ["code.id"], name=op.f("fk_proposed_code_into_code_id_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_code")),
        sa.UniqueConstraint("code_id", name=op.f("uq_proposed_code_code_id")),
    )
