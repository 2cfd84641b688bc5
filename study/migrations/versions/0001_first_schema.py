"""The study's first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IMMUTABLE = ("decision", "suggestion")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "code",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("guid", name=op.f("uq_code_guid")),
    )
    op.create_table(
        "codebook_version",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_version")),
        sa.UniqueConstraint("number", name=op.f("uq_codebook_version_number")),
    )
    op.create_table(
        "coder",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_reviewing", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coder")),
        sa.UniqueConstraint("name", name=op.f("uq_coder_name")),
    )
    op.create_table(
        "coding_round",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_round")),
        sa.UniqueConstraint("name", name=op.f("uq_coding_round_name")),
    )
    op.create_table(
        "encoder",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encoder")),
        sa.UniqueConstraint("name", "revision", name=op.f("uq_encoder_name_revision")),
    )
    op.create_table(
        "interview",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("held_on", sa.Text(), nullable=True),
        sa.Column("source_hash", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("label", name=op.f("uq_interview_label")),
    )
    op.create_table(
        "lease",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        sa.UniqueConstraint("subject", name=op.f("uq_lease_subject")),
    )
    op.create_table(
        "participant",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("label", name=op.f("uq_participant_label")),
    )
    op.create_table(
        "run",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("flow_run_id", sa.Text(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "study",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
    )
    op.create_table(
        "theme",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("guid", name=op.f("uq_theme_guid")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("interview_id", BigKey, nullable=False),
        sa.Column("round_id", BigKey, nullable=True),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_assignment_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_assignment_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["coding_round.id"], name=op.f("fk_assignment_round_id_coding_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "coder_id",
            "interview_id",
            "round_id",
            name=op.f("uq_assignment_coder_id_interview_id_round_id"),
        ),
    )
    op.create_table(
        "code_version",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("codebook_version_id", BigKey, nullable=False),
        sa.Column("code_id", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.Column("parent_code_id", BigKey, nullable=True),
        sa.Column("colour", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_code_version_code_id_code")
        ),
        sa.ForeignKeyConstraint(
            ["codebook_version_id"],
            ["codebook_version.id"],
            name=op.f("fk_code_version_codebook_version_id_codebook_version"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_code_id"], ["code.id"], name=op.f("fk_code_version_parent_code_id_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_version")),
        sa.UniqueConstraint(
            "codebook_version_id",
            "code_id",
            name=op.f("uq_code_version_codebook_version_id_code_id"),
        ),
    )
    op.create_table(
        "memo",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", BigKey, nullable=True),
        sa.Column("start_char", sa.Integer(), nullable=True),
        sa.Column("end_char", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_memo_coder_id_coder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memo")),
    )
    op.create_table(
        "model_version",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("encoder_id", BigKey, nullable=False),
        sa.Column("codebook_version_id", BigKey, nullable=False),
        sa.Column("run_id", BigKey, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settings_hash", sa.Text(), nullable=False),
        sa.Column("n_excerpts", sa.Integer(), nullable=False),
        sa.Column("n_activations", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["codebook_version_id"],
            ["codebook_version.id"],
            name=op.f("fk_model_version_codebook_version_id_codebook_version"),
        ),
        sa.ForeignKeyConstraint(
            ["encoder_id"], ["encoder.id"], name=op.f("fk_model_version_encoder_id_encoder")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_model_version_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
    )
    op.create_table(
        "participant_attribute",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("participant_id", BigKey, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_participant_attribute_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_attribute")),
        sa.UniqueConstraint(
            "participant_id", "name", name=op.f("uq_participant_attribute_participant_id_name")
        ),
    )
    op.create_table(
        "relation",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("codebook_version_id", BigKey, nullable=False),
        sa.Column("source_code_id", BigKey, nullable=False),
        sa.Column("target_code_id", BigKey, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["codebook_version_id"],
            ["codebook_version.id"],
            name=op.f("fk_relation_codebook_version_id_codebook_version"),
        ),
        sa.ForeignKeyConstraint(
            ["source_code_id"], ["code.id"], name=op.f("fk_relation_source_code_id_code")
        ),
        sa.ForeignKeyConstraint(
            ["target_code_id"], ["code.id"], name=op.f("fk_relation_target_code_id_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint(
            "codebook_version_id",
            "source_code_id",
            "target_code_id",
            "kind",
            name=op.f("uq_relation_codebook_version_id_source_code_id_target_code_id_kind"),
        ),
    )
    op.create_table(
        "speaker",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("interview_id", BigKey, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("participant_id", BigKey, nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_speaker_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_speaker_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
        sa.UniqueConstraint("interview_id", "label", name=op.f("uq_speaker_interview_id_label")),
    )
    op.create_index(op.f("ix_speaker_participant_id"), "speaker", ["participant_id"], unique=False)
    op.create_table(
        "step_failure",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("run_id", BigKey, nullable=False),
        sa.Column("failed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_step_failure_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_failure")),
    )
    op.create_table(
        "step_ledger",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=False),
        sa.Column("run_id", BigKey, nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_step_ledger_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_ledger")),
        sa.UniqueConstraint(
            "step", "subject", "input_hash", name=op.f("uq_step_ledger_step_subject_input_hash")
        ),
    )
    op.create_table(
        "theme_version",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("codebook_version_id", BigKey, nullable=False),
        sa.Column("theme_id", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["codebook_version_id"],
            ["codebook_version.id"],
            name=op.f("fk_theme_version_codebook_version_id_codebook_version"),
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_theme_version_theme_id_theme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_version")),
        sa.UniqueConstraint(
            "codebook_version_id",
            "theme_id",
            name=op.f("uq_theme_version_codebook_version_id_theme_id"),
        ),
    )
    op.create_table(
        "transcript_version",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("interview_id", BigKey, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("offset_map", sa.JSON(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("segmentation_id", BigKey, nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_transcript_version_interview_id_interview"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript_version")),
        sa.UniqueConstraint(
            "interview_id", "number", name=op.f("uq_transcript_version_interview_id_number")
        ),
    )
    op.create_table(
        "vector",
        sa.Column("encoder_id", BigKey, nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["encoder_id"], ["encoder.id"], name=op.f("fk_vector_encoder_id_encoder")
        ),
        sa.PrimaryKeyConstraint("encoder_id", "text_hash", name=op.f("pk_vector")),
    )
    op.create_table(
        "agreed_coding",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("transcript_version_id", BigKey, nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("code_id", BigKey, nullable=False),
        sa.Column("round_id", BigKey, nullable=True),
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_agreed_coding_code_id_code")
        ),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_agreed_coding_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["coding_round.id"], name=op.f("fk_agreed_coding_round_id_coding_round")
        ),
        sa.ForeignKeyConstraint(
            ["transcript_version_id"],
            ["transcript_version.id"],
            name=op.f("fk_agreed_coding_transcript_version_id_transcript_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_coding")),
    )
    op.create_index(
        op.f("ix_agreed_coding_transcript_version_id"),
        "agreed_coding",
        ["transcript_version_id"],
        unique=False,
    )
    op.create_table(
        "segmentation",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("transcript_version_id", BigKey, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_version_id"],
            ["transcript_version.id"],
            name=op.f("fk_segmentation_transcript_version_id_transcript_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segmentation")),
    )
    op.create_index(
        op.f("ix_segmentation_transcript_version_id"),
        "segmentation",
        ["transcript_version_id"],
        unique=False,
    )
    op.create_table(
        "theme_code",
        sa.Column("theme_version_id", BigKey, nullable=False),
        sa.Column("code_id", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_theme_code_code_id_code")),
        sa.ForeignKeyConstraint(
            ["theme_version_id"],
            ["theme_version.id"],
            name=op.f("fk_theme_code_theme_version_id_theme_version"),
        ),
        sa.PrimaryKeyConstraint("theme_version_id", "code_id", name=op.f("pk_theme_code")),
    )
    op.create_table(
        "turn",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("transcript_version_id", BigKey, nullable=False),
        sa.Column("speaker_id", BigKey, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speaker.id"], name=op.f("fk_turn_speaker_id_speaker")
        ),
        sa.ForeignKeyConstraint(
            ["transcript_version_id"],
            ["transcript_version.id"],
            name=op.f("fk_turn_transcript_version_id_transcript_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint(
            "transcript_version_id", "position", name=op.f("uq_turn_transcript_version_id_position")
        ),
    )
    op.create_table(
        "excerpt",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("segmentation_id", BigKey, nullable=False),
        sa.Column("transcript_version_id", BigKey, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segmentation_id"],
            ["segmentation.id"],
            name=op.f("fk_excerpt_segmentation_id_segmentation"),
        ),
        sa.ForeignKeyConstraint(
            ["transcript_version_id"],
            ["transcript_version.id"],
            name=op.f("fk_excerpt_transcript_version_id_transcript_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excerpt")),
        sa.UniqueConstraint(
            "segmentation_id", "position", name=op.f("uq_excerpt_segmentation_id_position")
        ),
    )
    op.create_index(op.f("ix_excerpt_label"), "excerpt", ["label"], unique=False)
    op.create_index(
        op.f("ix_excerpt_transcript_version_id"), "excerpt", ["transcript_version_id"], unique=False
    )
    op.create_table(
        "score_block",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("run_id", BigKey, nullable=False),
        sa.Column("segmentation_id", BigKey, nullable=False),
        sa.Column("model_version_id", BigKey, nullable=False),
        sa.Column("n_excerpts", sa.Integer(), nullable=False),
        sa.Column("n_codes", sa.Integer(), nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_version_id"],
            ["model_version.id"],
            name=op.f("fk_score_block_model_version_id_model_version"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_score_block_run_id_run")),
        sa.ForeignKeyConstraint(
            ["segmentation_id"],
            ["segmentation.id"],
            name=op.f("fk_score_block_segmentation_id_segmentation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_block")),
        sa.UniqueConstraint(
            "segmentation_id",
            "model_version_id",
            name=op.f("uq_score_block_segmentation_id_model_version_id"),
        ),
    )
    op.create_table(
        "blind_draw",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("excerpt_id", BigKey, nullable=False),
        sa.Column("round_id", BigKey, nullable=True),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_blind_draw_excerpt_id_excerpt")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["coding_round.id"], name=op.f("fk_blind_draw_round_id_coding_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_draw")),
        sa.UniqueConstraint(
            "excerpt_id", "round_id", name=op.f("uq_blind_draw_excerpt_id_round_id")
        ),
    )
    op.create_table(
        "excerpt_parent",
        sa.Column("excerpt_id", BigKey, nullable=False),
        sa.Column("parent_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_excerpt_parent_excerpt_id_excerpt")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["excerpt.id"], name=op.f("fk_excerpt_parent_parent_id_excerpt")
        ),
        sa.PrimaryKeyConstraint("excerpt_id", "parent_id", name=op.f("pk_excerpt_parent")),
    )
    op.create_table(
        "queue_item",
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("excerpt_id", BigKey, nullable=False),
        sa.Column("interview_id", BigKey, nullable=False),
        sa.Column("model_version_id", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("is_unsure", sa.Boolean(), nullable=False),
        sa.Column("n_given", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_queue_item_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_queue_item_excerpt_id_excerpt")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_queue_item_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["model_version_id"],
            ["model_version.id"],
            name=op.f("fk_queue_item_model_version_id_model_version"),
        ),
        sa.PrimaryKeyConstraint("coder_id", "excerpt_id", name=op.f("pk_queue_item")),
    )
    op.create_index(
        op.f("ix_queue_item_coder_id_interview_id_position"),
        "queue_item",
        ["coder_id", "interview_id", "position"],
        unique=False,
    )
    op.create_index(
        op.f("ix_queue_item_coder_id_is_done_interview_id_position"),
        "queue_item",
        ["coder_id", "is_done", "interview_id", "position"],
        unique=False,
    )
    op.create_table(
        "suggestion",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("run_id", BigKey, nullable=False),
        sa.Column("excerpt_id", BigKey, nullable=False),
        sa.Column("code_id", BigKey, nullable=False),
        sa.Column("encoder_id", BigKey, nullable=False),
        sa.Column("model_version_id", BigKey, nullable=False),
        sa.Column("codebook_version_id", BigKey, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_suggestion_code_id_code")),
        sa.ForeignKeyConstraint(
            ["codebook_version_id"],
            ["codebook_version.id"],
            name=op.f("fk_suggestion_codebook_version_id_codebook_version"),
        ),
        sa.ForeignKeyConstraint(
            ["encoder_id"], ["encoder.id"], name=op.f("fk_suggestion_encoder_id_encoder")
        ),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_suggestion_excerpt_id_excerpt")
        ),
        sa.ForeignKeyConstraint(
            ["model_version_id"],
            ["model_version.id"],
            name=op.f("fk_suggestion_model_version_id_model_version"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_suggestion_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint(
            "excerpt_id",
            "code_id",
            "model_version_id",
            name=op.f("uq_suggestion_excerpt_id_code_id_model_version_id"),
        ),
    )
    op.create_index(
        op.f("ix_suggestion_model_version_id"), "suggestion", ["model_version_id"], unique=False
    )
    op.create_table(
        "decision",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("excerpt_id", BigKey, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("code_id", BigKey, nullable=True),
        sa.Column("suggestion_id", BigKey, nullable=True),
        sa.Column("round_id", BigKey, nullable=True),
        sa.Column("codebook_version_id", BigKey, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Text(), nullable=True),
        sa.Column("is_assisted", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('accept', 'reject', 'pass_over', 'add', 'remove', 'done', 'reopen', "
            "'unsure', 'undo')",
            name=op.f("ck_decision_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["codebook_version_id"],
            ["codebook_version.id"],
            name=op.f("fk_decision_codebook_version_id_codebook_version"),
        ),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_decision_code_id_code")),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_decision_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_decision_excerpt_id_excerpt")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["coding_round.id"], name=op.f("fk_decision_round_id_coding_round")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_decision_suggestion_id_suggestion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "coder_id", "action", "part", name=op.f("uq_decision_coder_id_action_part")
        ),
    )
    op.create_index(
        op.f("ix_decision_excerpt_id_coder_id"),
        "decision",
        ["excerpt_id", "coder_id"],
        unique=False,
    )
    op.create_table(
        "coding",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("transcript_version_id", BigKey, nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("code_id", BigKey, nullable=False),
        sa.Column("coder_id", BigKey, nullable=False),
        sa.Column("decision_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_coding_code_id_code")),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_coding_coder_id_coder")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_coding_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["transcript_version_id"],
            ["transcript_version.id"],
            name=op.f("fk_coding_transcript_version_id_transcript_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
    )
    op.create_index(op.f("ix_coding_decision_id"), "coding", ["decision_id"], unique=False)
    op.create_index(
        op.f("ix_coding_transcript_version_id_coder_id"),
        "coding",
        ["transcript_version_id", "coder_id"],
        unique=False,
    )

    for table in IMMUTABLE:
        for statement in _forbid_change(table, op.get_bind().dialect.name):
            op.execute(statement)


def _forbid_change(table: str, dialect: str) -> list[str]:
    message = f"{table} rows are never changed: add a row instead"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE FUNCTION {table}_no_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_no_change()",
    ]
