"""The tables of a study; they map to records, and nothing outside this room imports them."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite numbers rows by itself only where the key's type is exactly INTEGER.
BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is taken off and put back here."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401 - SQLAlchemy's own signature
        """Take the zone off."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401 - SQLAlchemy's own signature
        """Put the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def _key() -> sa.Column[int]:
    return sa.Column("id", BigKey, primary_key=True)


def _ref(name: str, table: str, *, null: bool = False, index: bool = False) -> sa.Column[int]:
    return sa.Column(name, BigKey, sa.ForeignKey(f"{table}.id"), nullable=null, index=index)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=null)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


def _time(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, UtcTime, nullable=null)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _unique(*columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns)


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, metadata, *columns)


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
    # Words outside every excerpt were coded; the excerpt is the one that was in hand.
    "mark",
    # The excerpt's boundaries as one coder reads it.
    "bound",
    "memo",
)
# provisional: it waits for the lead; merged and declined ones are in no codebook.
PROPOSED_STATES = ("provisional", "accepted", "merged", "declined")
# new: lies there unread; waiting: something in interviews.csv is blank; taken: it is an interview;
# set_aside: it cannot be read.
FILE_STATES = ("new", "waiting", "taken", "set_aside")

study = _table(
    "study", _key(), _text("guid"), _text("name"), _flag("is_synthetic"), _time("made_at")
)

participant = _table(
    "participant", _key(), _text("label"), _text("family", null=True), _unique("label")
)
participant_attribute = _table(
    "participant_attribute",
    _key(),
    _ref("participant_id", "participant"),
    _text("name"),
    _text("value"),
    _unique("participant_id", "name"),
)
interview = _table(
    "interview",
    _key(),
    _text("label"),
    _text("dataset"),
    _text("language", null=True),
    _text("held_on", null=True),
    _text("source_hash"),
    _time("added_at"),
    _unique("label"),
)
speaker = _table(
    "speaker",
    _key(),
    _ref("interview_id", "interview"),
    _text("label"),
    _text("role", null=True),
    _ref("participant_id", "participant", null=True, index=True),
    _unique("interview_id", "label"),
)
transcript_version = _table(
    "transcript_version",
    _key(),
    _ref("interview_id", "interview"),
    _int("number"),
    _text("text"),
    _text("content_hash"),
    _json("offset_map"),
    _flag("is_current"),
    # The pointer by which a finished cut becomes visible; empty while the interview waits for it.
    sa.Column("segmentation_id", BigKey, nullable=True),
    _time("made_at"),
    _unique("interview_id", "number"),
)
turn = _table(
    "turn",
    _key(),
    _ref("transcript_version_id", "transcript_version"),
    _ref("speaker_id", "speaker", null=True),
    _int("position"),
    _int("start_char"),
    _int("end_char"),
    _int("start_ms", null=True),
    _int("end_ms", null=True),
    _unique("transcript_version_id", "position"),
)
segmentation = _table(
    "segmentation",
    _key(),
    _ref("transcript_version_id", "transcript_version", index=True),
    _text("method"),
    _text("content_hash"),
    _time("made_at"),
)
excerpt = _table(
    "excerpt",
    _key(),
    _ref("segmentation_id", "segmentation"),
    _ref("transcript_version_id", "transcript_version", index=True),
    _text("label"),
    _int("position"),
    _int("start_char"),
    _int("end_char"),
    _text("text_hash"),
    _unique("segmentation_id", "position"),
    sa.Index(None, "label"),
)
excerpt_parent = _table(
    "excerpt_parent",
    sa.Column("excerpt_id", BigKey, sa.ForeignKey("excerpt.id"), primary_key=True),
    sa.Column("parent_id", BigKey, sa.ForeignKey("excerpt.id"), primary_key=True),
)

# Where each file of the inbox stands; of its name, which may be a person's, a keyed hash is kept.
inbox_file = _table(
    "inbox_file",
    _key(),
    _text("name_hash"),
    _text("source_hash"),
    sa.Column("n_bytes", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    # Of what a person said of the file: an answer or a correction is known by it.
    _text("row_hash", null=True),
    _text("state"),
    _text("reason", null=True),
    _ref("interview_id", "interview", null=True),
    _time("noted_at"),
    _unique("name_hash"),
    sa.CheckConstraint(f"state IN {FILE_STATES}", name="state"),
)
# Which pseudonym stands for whom; the name is kept as a keyed hash, so that the same name gets the
# same pseudonym again without the key.
pseudonym = _table(
    "pseudonym",
    _key(),
    _ref("participant_id", "participant"),
    _text("category"),
    _int("number"),
    _text("name_hash"),
    _text("source"),
    _time("made_at"),
    _unique("participant_id", "category", "number"),
    _unique("participant_id", "name_hash"),
)

codebook_version = _table(
    "codebook_version",
    _key(),
    _int("number"),
    _text("name"),
    _text("language"),
    _text("content_hash"),
    _text("source"),
    _time("made_at"),
    _unique("number"),
)
code = _table("code", _key(), _text("guid"), _text("key"), _unique("guid"))
code_version = _table(
    "code_version",
    _key(),
    _ref("codebook_version_id", "codebook_version"),
    _ref("code_id", "code"),
    _int("position"),
    _json("wordings"),
    _ref("parent_code_id", "code", null=True),
    _text("colour", null=True),
    _unique("codebook_version_id", "code_id"),
)
relation = _table(
    "relation",
    _key(),
    _ref("codebook_version_id", "codebook_version"),
    _ref("source_code_id", "code"),
    _ref("target_code_id", "code"),
    _text("kind"),
    _unique("codebook_version_id", "source_code_id", "target_code_id", "kind"),
)
theme = _table("theme", _key(), _text("guid"), _text("key"), _unique("guid"))
theme_version = _table(
    "theme_version",
    _key(),
    _ref("codebook_version_id", "codebook_version"),
    _ref("theme_id", "theme"),
    _int("position"),
    _json("wordings"),
    _unique("codebook_version_id", "theme_id"),
)
theme_code = _table(
    "theme_code",
    sa.Column("theme_version_id", BigKey, sa.ForeignKey("theme_version.id"), primary_key=True),
    sa.Column("code_id", BigKey, sa.ForeignKey("code.id"), primary_key=True),
    _int("position"),
)

coder = _table(
    "coder",
    _key(),
    _text("name"),
    _text("role"),
    _flag("is_reviewing"),
    _time("added_at"),
    # argon2; empty: nobody can sign in under this name.
    _text("password_hash", null=True),
    # When the coder was last shown their own pace; nobody else is before that.
    _time("pace_seen_at", null=True),
    _unique("name"),
)
# Who is signed in. Of the cookie a hash is kept: whoever reads the database signs in as nobody.
sign_in = _table(
    "sign_in",
    _key(),
    _ref("coder_id", "coder", index=True),
    _text("token_hash"),
    _text("csrf"),
    _time("made_at"),
    _time("seen_at"),
    _time("expires_at"),
    _unique("token_hash"),
)
# Named so because `round` is one of Python's own words.
coding_round = _table(
    "coding_round", _key(), _text("name"), _text("kind"), _time("started_at"), _unique("name")
)
assignment = _table(
    "assignment",
    _key(),
    _ref("coder_id", "coder"),
    _ref("interview_id", "interview"),
    _ref("round_id", "coding_round", null=True),
    _unique("coder_id", "interview_id", "round_id"),
)
lease = _table(
    "lease",
    _key(),
    _text("subject"),
    _text("owner"),
    _time("expires_at"),
    _unique("subject"),
)

run = _table(
    "run",
    _key(),
    _text("kind"),
    _text("state"),
    _text("flow_run_id", null=True),
    _json("settings"),
    _json("counts"),
    _time("started_at"),
    _time("finished_at", null=True),
)
encoder = _table("encoder", _key(), _text("name"), _text("revision"), _unique("name", "revision"))
vector = _table(
    "vector",
    sa.Column("encoder_id", BigKey, sa.ForeignKey("encoder.id"), primary_key=True),
    sa.Column("text_hash", sa.Text, primary_key=True),
    sa.Column("values", sa.LargeBinary, nullable=False),
)
model_version = _table(
    "model_version",
    _key(),
    _text("method"),
    _ref("encoder_id", "encoder"),
    _ref("codebook_version_id", "codebook_version"),
    _ref("run_id", "run"),
    _text("sha256"),
    _text("state"),
    _text("settings_hash"),
    _int("n_excerpts"),
    _int("n_activations"),
    _json("figures"),
    _time("made_at"),
)
suggestion = _table(
    "suggestion",
    _key(),
    _ref("run_id", "run"),
    _ref("excerpt_id", "excerpt"),
    _ref("code_id", "code"),
    _ref("encoder_id", "encoder"),
    _ref("model_version_id", "model_version"),
    _ref("codebook_version_id", "codebook_version"),
    _text("method"),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("probability", sa.Float, nullable=True),
    _int("rank"),
    _json("evidence"),
    _unique("excerpt_id", "code_id", "model_version_id"),
    # What one excerpt is shown, out of all that a model version says.
    sa.Index(None, "model_version_id", "excerpt_id"),
)
score_block = _table(
    "score_block",
    _key(),
    _ref("run_id", "run"),
    _ref("segmentation_id", "segmentation"),
    _ref("model_version_id", "model_version"),
    _int("n_excerpts"),
    _int("n_codes"),
    sa.Column("values", sa.LargeBinary, nullable=False),
    _unique("segmentation_id", "model_version_id"),
)
blind_draw = _table(
    "blind_draw",
    _key(),
    _ref("excerpt_id", "excerpt"),
    _ref("round_id", "coding_round", null=True),
    sa.Column("rate", sa.Float, nullable=False),
    _flag("is_drawn"),
    _time("drawn_at"),
    _unique("excerpt_id", "round_id"),
)

decision = _table(
    "decision",
    _key(),
    # Made where the key was pressed: the same action sent twice is decided once.
    _text("action"),
    _int("part"),
    _ref("coder_id", "coder"),
    _ref("excerpt_id", "excerpt"),
    _text("verdict"),
    _ref("code_id", "code", null=True),
    _ref("suggestion_id", "suggestion", null=True),
    _ref("round_id", "coding_round", null=True),
    # What was not in this version was not judged absent.
    _ref("codebook_version_id", "codebook_version"),
    _text("origin"),
    _text("undoes", null=True),
    _flag("is_assisted"),
    _time("made_at"),
    # How long the excerpt had been on the screen, in milliseconds; empty where nobody knows.
    _int("shown_ms", null=True),
    _ref("memo_id", "memo", null=True),
    _unique("coder_id", "action", "part"),
    sa.Index(None, "excerpt_id", "coder_id"),
    sa.Index(None, "coder_id", "id"),
    sa.CheckConstraint(f"verdict IN {VERDICTS}", name="verdict"),
)
# The words that a decision is about, where they are others than its excerpt's.
passage = _table(
    "passage",
    sa.Column("id", BigKey, sa.ForeignKey("decision.id"), primary_key=True),
    _ref("transcript_version_id", "transcript_version", index=True),
    _int("start_char"),
    _int("end_char"),
)
coding = _table(
    "coding",
    _key(),
    _ref("transcript_version_id", "transcript_version"),
    _int("start_char"),
    _int("end_char"),
    _ref("code_id", "code"),
    _ref("coder_id", "coder"),
    _ref("decision_id", "decision", index=True),
    sa.Index(None, "transcript_version_id", "coder_id"),
)
agreed_coding = _table(
    "agreed_coding",
    _key(),
    _ref("transcript_version_id", "transcript_version", index=True),
    _int("start_char"),
    _int("end_char"),
    _ref("code_id", "code"),
    _ref("round_id", "coding_round", null=True),
    _ref("coder_id", "coder"),
    _time("made_at"),
)
memo = _table(
    "memo",
    _key(),
    _ref("coder_id", "coder"),
    _text("subject"),
    sa.Column("subject_id", BigKey, nullable=True),
    _int("start_char", null=True),
    _int("end_char", null=True),
    _text("text"),
    _time("made_at"),
    sa.Index(None, "subject", "subject_id"),
)
# A code that a coder made from a passage; its row in `code` is that of the codebook once accepted.
proposed_code = _table(
    "proposed_code",
    _key(),
    _ref("code_id", "code"),
    _ref("coder_id", "coder"),
    _text("name"),
    _text("memo"),
    _text("state"),
    _time("made_at"),
    _ref("into_code_id", "code", null=True),
    _ref("decided_by_id", "coder", null=True),
    _time("decided_at", null=True),
    _unique("code_id"),
    sa.CheckConstraint(f"state IN {PROPOSED_STATES}", name="state"),
)
queue_item = _table(
    "queue_item",
    sa.Column("coder_id", BigKey, sa.ForeignKey("coder.id"), primary_key=True),
    sa.Column("excerpt_id", BigKey, sa.ForeignKey("excerpt.id"), primary_key=True),
    _ref("interview_id", "interview"),
    _ref("model_version_id", "model_version"),
    _int("position"),
    _flag("is_done"),
    _flag("is_unsure"),
    _int("n_given"),
    # Of two open items in an interview the lower one comes first.
    sa.Column("priority", sa.Float, nullable=False, server_default="0"),
    sa.Index(None, "coder_id", "interview_id", "position"),
    sa.Index(None, "coder_id", "is_done", "interview_id", "priority", "position"),
)

step_ledger = _table(
    "step_ledger",
    _key(),
    _text("step"),
    _text("subject"),
    _text("input_hash"),
    _ref("run_id", "run"),
    _int("n_rows"),
    _time("finished_at"),
    _unique("step", "subject", "input_hash"),
)
step_failure = _table(
    "step_failure",
    _key(),
    _text("step"),
    _text("subject"),
    _text("reason"),
    _ref("run_id", "run"),
    _time("failed_at"),
)
audit = _table("audit", _key(), _text("actor"), _text("action"), _json("details"), _time("done_at"))
