"""The one audited way in which stored words are changed: names are replaced wherever they stand.

Every offset is moved along, vectors and models that were made of the old words go, and the
database is vacuumed, so that no copy of a name stays behind. Decisions and suggestions are ids and
stay as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.added import AddedParticipant, ensure_participant
from study.folder import Study
from study.ledger import hash_parts
from study.model_files import delete_model
from study.name_key import KeyRecord, append_to_key
from study.offsets import OffsetMap, Replacement, replace_all
from study.pseudonyms import assign_pseudonyms, read_pseudonyms, store_pseudonyms
from study.records import Span
from study.vectors import hash_text

REDACTED = "redacted"


@dataclass(frozen=True)
class StoredText:
    """A transcript version's words, and whose they are."""

    version_id: int
    interview: str
    language: str | None
    participant: str
    text: str


@dataclass(frozen=True)
class Redaction:
    """What was changed, in counts."""

    n_replaced: int = 0
    n_transcripts: int = 0
    n_memos: int = 0
    n_models: int = 0


@dataclass(frozen=True)
class Marked:
    """A name in a text, with its category; one name has one pseudonym, however it is written."""

    span: Span
    name: str
    category: str


# Finds the names, sorted and apart, in a text that belongs to a stored one.
Find = Callable[[StoredText, str], Sequence[Marked]]


def list_stored_texts(connection: sa.Connection) -> list[StoredText]:
    """Read every transcript version, also those that were replaced by newer ones."""
    owners = _owners(connection)
    rows = connection.execute(
        sa.select(t.transcript_version, t.interview.c.label, t.interview.c.language)
        .join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id)
        .order_by(t.transcript_version.c.id)
    )
    return [
        StoredText(row.id, row.label, row.language, owners.get(row.interview_id, ""), row.text)
        for row in rows
    ]


def newest_text(connection: sa.Connection) -> int:
    """Give the row of the newest transcript version; 0 where there is none."""
    return int(connection.scalar(sa.select(sa.func.max(t.transcript_version.c.id))) or 0)


def redact(
    study: Study, find: Find, *, actor: str, now: datetime, after_version: int = 0
) -> Redaction:
    """Replace what is found in every stored text, in one transaction; audit it.

    Args:
        find: What finds the names.
        actor: Who asked for it.
        after_version: Leave out transcript versions up to this row.
    """
    with study.database.write() as connection:
        pen = _Pen(study, connection, find, now)
        stored = list_stored_texts(connection)
        counts = [_redact_version(pen, each) for each in stored if each.version_id > after_version]
        n_memos = _redact_memos(pen)
        n_replaced = sum(counts)
        if not n_replaced and not n_memos:
            return Redaction()
        _forget_vectors(connection)
        n_models = _retire_models(connection)
        redaction = Redaction(n_replaced, sum(map(bool, counts)), n_memos, n_models)
        connection.execute(
            sa.insert(t.audit).values(
                actor=actor, action="redact", details=vars(redaction), done_at=now
            )
        )
    forget_redacted(study)
    study.database.vacuum()
    return redaction


def forget_redacted(study: Study) -> None:
    """Delete the files of models that were made of words since redacted."""
    with study.database.read() as connection:
        rows = sa.select(t.model_version.c.sha256).where(t.model_version.c.state == REDACTED)
        for sha256 in connection.scalars(rows):
            delete_model(study.folder / "models", sha256)


@dataclass(frozen=True)
class _Pen:
    study: Study
    connection: sa.Connection
    find: Find
    now: datetime

    def mark(self, stored: StoredText, text: str) -> list[Replacement]:
        """Give what replaces the names in a text; new names get pseudonyms."""
        marked = self.find(stored, text)
        if not marked:
            return []
        # Coded files need not say whose an interview is; its names are then its own.
        owner = stored.participant or stored.interview
        owner_id = ensure_participant(self.connection, AddedParticipant(owner))
        assigned = assign_pseudonyms(
            read_pseudonyms(self.connection, owner_id),
            [(each.name, each.category, "gazetteer") for each in marked],
            hash_name=self.study.keyed_hash,
            text=text,
        )
        store_pseudonyms(self.connection, owner_id, assigned.values(), now=self.now)
        written = {
            assigned[each.name].text: text[each.span.start_char : each.span.end_char]
            for each in marked
        }
        append_to_key(
            self.study, [KeyRecord(owner, pseudonym, name) for pseudonym, name in written.items()]
        )
        return [Replacement(each.span, assigned[each.name].text) for each in marked]


def _redact_version(pen: _Pen, stored: StoredText) -> int:
    connection, replacements = pen.connection, pen.mark(stored, stored.text)
    if not replacements:
        return 0
    offsets = OffsetMap.of(replacements)
    text = replace_all(stored.text, replacements)
    version = t.transcript_version
    mine = version.c.id == stored.version_id
    before = connection.scalar(sa.select(version.c.offset_map).where(mine))
    connection.execute(
        sa.update(version)
        .where(mine)
        .values(
            text=text,
            content_hash=hash_text(text),
            offset_map=OffsetMap.from_rows(before or []).then(offsets).as_rows(),
        )
    )
    for table in (t.turn, t.coding, t.agreed_coding, t.excerpt):
        _move_spans(connection, table, stored.version_id, offsets)
    _rehash_cuts(connection, stored.version_id, text)
    return len(replacements)


def _move_spans(
    connection: sa.Connection, table: sa.Table, version_id: int, offsets: OffsetMap
) -> None:
    rows = connection.execute(
        sa.select(table.c.id, table.c.start_char, table.c.end_char).where(
            table.c.transcript_version_id == version_id
        )
    )
    moved = []
    for row in rows:
        span = offsets.move(Span(row.start_char, row.end_char))
        if span != Span(row.start_char, row.end_char):
            moved.append({"row": row.id, "start": span.start_char, "end": span.end_char})
    if moved:
        statement = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("row"))
            .values(start_char=sa.bindparam("start"), end_char=sa.bindparam("end"))
        )
        connection.execute(statement, moved)


def _rehash_cuts(connection: sa.Connection, version_id: int, text: str) -> None:
    cuts = connection.execute(
        sa.select(t.segmentation).where(t.segmentation.c.transcript_version_id == version_id)
    ).all()
    for cut in cuts:
        rows = connection.execute(
            sa.select(t.excerpt)
            .where(t.excerpt.c.segmentation_id == cut.id)
            .order_by(t.excerpt.c.position)
        ).all()
        spans = [Span(row.start_char, row.end_char) for row in rows]
        connection.execute(
            sa.update(t.segmentation)
            .where(t.segmentation.c.id == cut.id)
            .values(content_hash=hash_parts(cut.method, hash_text(text), *spans))
        )
        hashes = [
            {"row": row.id, "hash": hash_text(text[row.start_char : row.end_char])} for row in rows
        ]
        if hashes:
            statement = (
                sa.update(t.excerpt)
                .where(t.excerpt.c.id == sa.bindparam("row"))
                .values(text_hash=sa.bindparam("hash"))
            )
            connection.execute(statement, hashes)


def _redact_memos(pen: _Pen) -> int:
    connection = pen.connection
    # A memo may speak of anybody: it is searched with every participant's names.
    stored = {each.participant: each for each in list_stored_texts(connection)}
    n_changed = 0
    for row in connection.execute(sa.select(t.memo.c.id, t.memo.c.text)).all():
        text = row.text
        for each in stored.values():
            text = replace_all(text, pen.mark(each, text))
        if text != row.text:
            connection.execute(sa.update(t.memo).where(t.memo.c.id == row.id).values(text=text))
            n_changed += 1
    return n_changed


def _forget_vectors(connection: sa.Connection) -> None:
    # Those of sentences are known by no excerpt; what is still wanted is encoded anew.
    kept = sa.select(t.excerpt.c.text_hash)
    connection.execute(sa.delete(t.vector).where(t.vector.c.text_hash.not_in(kept)))


def _retire_models(connection: sa.Connection) -> int:
    result = connection.execute(
        sa.update(t.model_version).where(t.model_version.c.state != REDACTED).values(state=REDACTED)
    )
    return int(result.rowcount)


def _owners(connection: sa.Connection) -> dict[int, str]:
    rows = connection.execute(
        sa.select(t.speaker.c.interview_id, t.participant.c.label)
        .join(t.participant, t.participant.c.id == t.speaker.c.participant_id)
        .order_by(t.speaker.c.id.desc())
    )
    return {row.interview_id: row.label for row in rows}
