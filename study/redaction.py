"""The one audited way in which stored words are changed: names are replaced wherever they stand.

Every offset is moved along, vectors and models that were made of the old words go, and the
database is vacuumed, so that no copy of a name stays behind. Decisions and suggestions are ids and
stay as they are.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.cuts import hash_cut
from study.folder import Study
from study.model_files import delete_other_models
from study.offsets import OffsetMap, replace_all
from study.records import Span
from study.reports import delete_reports
from study.stored_names import Find, Pen, StoredText, list_stored_texts, redact_elsewhere
from study.vectors import hash_text

REDACTED = "redacted"
REDACT, SEARCH, VACUUM = "redact", "search names", "vacuum"


@dataclass(frozen=True)
class Searched:
    """What stored text was last searched for: a gazetteer, in transcript versions up to a row."""

    gazetteer: str = ""
    version_id: int = 0


@dataclass(frozen=True)
class Redaction:
    """What was changed, in counts; n_elsewhere: memos, speakers' labels, participants' groups."""

    n_replaced: int = 0
    n_transcripts: int = 0
    n_elsewhere: int = 0
    n_models: int = 0


def read_searched(connection: sa.Connection) -> Searched:
    """Read what stored text was last searched for; a restored copy is searched anew."""
    details = connection.scalar(
        sa.select(t.audit.c.details)
        .where(t.audit.c.action == SEARCH)
        .order_by(t.audit.c.id.desc())
        .limit(1)
    )
    return Searched(**details) if details else Searched()


def newest_text(connection: sa.Connection) -> int:
    """Give the row of the newest transcript version; 0 where there is none."""
    return int(connection.scalar(sa.select(sa.func.max(t.transcript_version.c.id))) or 0)


def redact(
    study: Study, find: Find, *, searched: Searched, actor: str, now: datetime, after: int = 0
) -> Redaction:
    """Replace what is found in every stored text, in one transaction; audit it.

    Args:
        find: What finds the names.
        searched: What is searched for by this, to be noted.
        actor: Who asked for it.
        after: Leave out transcript versions up to this row.
    """
    # Names are looked for before the transaction: nobody's decision waits for it.
    with study.database.read() as connection:
        stored = [each for each in list_stored_texts(connection) if each.version_id > after]
    found = {each: find(each, each.text) for each in stored}
    with study.database.write() as connection:
        pen = Pen(study, connection, find, now, found)
        fresh = [each for each in list_stored_texts(connection) if each.version_id > after]
        counts = [_redact_version(pen, each) for each in fresh]
        n_elsewhere = redact_elsewhere(pen)
        redaction = Redaction(sum(counts), sum(map(bool, counts)), n_elsewhere)
        if redaction != Redaction():
            _forget_vectors(connection)
            redaction = replace(redaction, n_models=_retire_models(connection))
            _audit(connection, actor, REDACT, vars(redaction), now)
        _audit(connection, actor, SEARCH, vars(searched), now)
    return redaction


def finish_redaction(study: Study, *, now: datetime) -> None:
    """Delete what a redaction left behind: models, reports, and old words in the database's file.

    Call it while the study is held. Until this has been done once after the latest redaction it is
    owed, and every run does it.
    """
    with study.database.read() as connection:
        newest = sa.select(sa.func.coalesce(sa.func.max(t.audit.c.id), 0))
        redacted = connection.scalar(newest.where(t.audit.c.action == REDACT)) or 0
        cleaned = connection.scalar(newest.where(t.audit.c.action == VACUUM)) or 0
    if redacted <= cleaned:
        return
    forget_redacted(study)
    delete_reports(study)
    if study.database.vacuum():
        with study.database.write() as connection:
            _audit(connection, study.settings.coder, VACUUM, {}, now)


def forget_redacted(study: Study) -> None:
    """Delete from models/ all that no version names which was made since the latest redaction.

    That is also what a killed run left there before it stored the version, half written or whole.
    Call it while the study is held: a model that another run is just saving would go too.
    """
    with study.database.read() as connection:
        rows = sa.select(t.model_version.c.sha256).where(t.model_version.c.state != REDACTED)
        kept = set(connection.scalars(rows))
    delete_other_models(study.folder / "models", kept)


def _redact_version(pen: Pen, stored: StoredText) -> int:
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
    for table in (t.turn, t.coding, t.agreed_coding, t.excerpt, t.passage):
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
    version = t.transcript_version
    number = connection.scalar(sa.select(version.c.number).where(version.c.id == version_id))
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
            .values(content_hash=hash_cut(cut.method, number or 1, text, spans))
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


def _forget_vectors(connection: sa.Connection) -> None:
    # Those of sentences are known by no excerpt; what is still wanted is encoded anew.
    kept = sa.select(t.excerpt.c.text_hash)
    connection.execute(sa.delete(t.vector).where(t.vector.c.text_hash.not_in(kept)))


def _retire_models(connection: sa.Connection) -> int:
    result = connection.execute(
        sa.update(t.model_version).where(t.model_version.c.state != REDACTED).values(state=REDACTED)
    )
    return int(result.rowcount)


def _audit(
    connection: sa.Connection, actor: str, action: str, details: dict[str, object], now: datetime
) -> None:
    connection.execute(
        sa.insert(t.audit).values(actor=actor, action=action, details=details, done_at=now)
    )
