"""One hash over what a study holds, without run numbers and times."""

import hashlib
import json
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from study import tables as t

BITS = 256


def fingerprint_study(connection: sa.Connection) -> str:
    """Hash the study's content; equal content gives equal hashes, in whatever order it was made.

    Rows are hashed one by one and summed, so that a large study needs no sorting and no memory.
    """
    total = 0
    for name, query in _queries().items():
        for row in _rows(connection, query):
            line = json.dumps([name, *row], ensure_ascii=True, sort_keys=True)
            total += int.from_bytes(hashlib.sha256(line.encode()).digest())
    return f"{total % (1 << BITS):064x}"


def _rows(
    connection: sa.Connection, query: sa.Select[tuple[object, ...]]
) -> Iterator[list[object]]:
    result = connection.execution_options(yield_per=5_000).execute(query)
    for row in result:
        yield [_plain(value) for value in row]


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    # SQLite hands evidence back with its keys in the order written, PostgreSQL may not.
    return value if not isinstance(value, float) else repr(value)


def _queries() -> dict[str, sa.Select[tuple[object, ...]]]:
    where_excerpt = (t.interview.c.label, t.segmentation.c.method, t.excerpt.c.label)
    return {
        "codebook": sa.select(t.codebook_version.c.number, t.codebook_version.c.content_hash),
        "interview": sa.select(
            t.interview.c.label, t.interview.c.source_hash, t.transcript_version.c.content_hash
        ).join(t.transcript_version, t.transcript_version.c.interview_id == t.interview.c.id),
        "published": sa.select(t.interview.c.label, t.segmentation.c.content_hash)
        .join(t.transcript_version, t.transcript_version.c.interview_id == t.interview.c.id)
        .join(t.segmentation, t.segmentation.c.id == t.transcript_version.c.segmentation_id),
        "excerpt": _from_excerpt(
            *where_excerpt, t.excerpt.c.position, t.excerpt.c.start_char, t.excerpt.c.text_hash
        ),
        "vector": sa.select(t.encoder.c.revision, t.vector.c.text_hash, t.vector.c["values"]).join(
            t.encoder, t.encoder.c.id == t.vector.c.encoder_id
        ),
        "model": sa.select(
            t.model_version.c.method,
            t.model_version.c.sha256,
            t.model_version.c.state,
            t.model_version.c.n_excerpts,
        ),
        "suggestion": _from_excerpt(
            *where_excerpt,
            t.code.c.guid,
            t.model_version.c.sha256,
            t.suggestion.c.method,
            t.suggestion.c.score,
            t.suggestion.c.probability,
            t.suggestion.c.rank,
            t.suggestion.c.evidence,
            joins=(
                (t.suggestion, t.suggestion.c.excerpt_id == t.excerpt.c.id),
                (t.code, t.code.c.id == t.suggestion.c.code_id),
                (t.model_version, t.model_version.c.id == t.suggestion.c.model_version_id),
            ),
        ),
        "scores": sa.select(
            t.segmentation.c.content_hash, t.model_version.c.sha256, t.score_block.c["values"]
        )
        .join(t.segmentation, t.segmentation.c.id == t.score_block.c.segmentation_id)
        .join(t.model_version, t.model_version.c.id == t.score_block.c.model_version_id),
        "decision": _from_excerpt(
            *where_excerpt,
            t.coder.c.name,
            t.decision.c.action,
            t.decision.c.part,
            t.decision.c.verdict,
            t.decision.c.undoes,
            t.decision.c.is_assisted,
            t.code.c.guid,
            t.passage.c.start_char,
            t.passage.c.end_char,
            t.memo.c.text,
            joins=(
                (t.decision, t.decision.c.excerpt_id == t.excerpt.c.id),
                (t.coder, t.coder.c.id == t.decision.c.coder_id),
            ),
            outer=(
                (t.code, t.code.c.id == t.decision.c.code_id),
                (t.passage, t.passage.c.id == t.decision.c.id),
                (t.memo, t.memo.c.id == t.decision.c.memo_id),
            ),
        ),
        "coding": sa.select(
            t.coding.c.start_char,
            t.coding.c.end_char,
            t.coder.c.name,
            t.code.c.guid,
            t.transcript_version.c.content_hash,
        )
        .join(t.coder, t.coder.c.id == t.coding.c.coder_id)
        .join(t.code, t.code.c.id == t.coding.c.code_id)
        .join(t.transcript_version, t.transcript_version.c.id == t.coding.c.transcript_version_id),
        "queue": _from_excerpt(
            *where_excerpt,
            t.coder.c.name,
            t.model_version.c.sha256,
            t.queue_item.c.position,
            t.queue_item.c.is_done,
            t.queue_item.c.is_unsure,
            t.queue_item.c.n_given,
            t.queue_item.c.priority,
            joins=(
                (t.queue_item, t.queue_item.c.excerpt_id == t.excerpt.c.id),
                (t.coder, t.coder.c.id == t.queue_item.c.coder_id),
                (t.model_version, t.model_version.c.id == t.queue_item.c.model_version_id),
            ),
        ),
        "turn": sa.select(
            t.interview.c.label,
            t.transcript_version.c.number,
            t.turn.c.position,
            t.turn.c.start_char,
            t.turn.c.end_char,
            t.speaker.c.label.label("speaker"),
            t.speaker.c.role,
            t.participant.c.label.label("participant"),
        )
        .join(t.transcript_version, t.transcript_version.c.id == t.turn.c.transcript_version_id)
        .join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id)
        .outerjoin(t.speaker, t.speaker.c.id == t.turn.c.speaker_id)
        .outerjoin(t.participant, t.participant.c.id == t.speaker.c.participant_id),
        "offsets": sa.select(
            t.interview.c.label, t.transcript_version.c.number, t.transcript_version.c.offset_map
        ).join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id),
        "file": sa.select(
            t.inbox_file.c.name_hash,
            t.inbox_file.c.source_hash,
            t.inbox_file.c.state,
            t.inbox_file.c.reason,
            t.interview.c.label,
        ).outerjoin(t.interview, t.interview.c.id == t.inbox_file.c.interview_id),
        "pseudonym": sa.select(
            t.participant.c.label,
            t.pseudonym.c.category,
            t.pseudonym.c.number,
            t.pseudonym.c.name_hash,
        ).join(t.participant, t.participant.c.id == t.pseudonym.c.participant_id),
        "draw": _from_excerpt(
            *where_excerpt,
            t.blind_draw.c.rate,
            t.blind_draw.c.is_drawn,
            joins=((t.blind_draw, t.blind_draw.c.excerpt_id == t.excerpt.c.id),),
        ),
        "proposed code": sa.select(
            t.code.c.guid, t.proposed_code.c.name, t.proposed_code.c.memo, t.proposed_code.c.state
        ).join(t.code, t.code.c.id == t.proposed_code.c.code_id),
        "ledger": sa.select(
            t.step_ledger.c.step, t.step_ledger.c.subject, t.step_ledger.c.input_hash
        ),
    }


Join = tuple[sa.Table, sa.ColumnElement[bool]]


def _from_excerpt(
    *columns: sa.ColumnElement[object], joins: Iterable[Join] = (), outer: Iterable[Join] = ()
) -> sa.Select[tuple[object, ...]]:
    source: sa.FromClause = (
        t.excerpt.join(t.segmentation, t.segmentation.c.id == t.excerpt.c.segmentation_id)
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
        .join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id)
    )
    for table, on in joins:
        source = source.join(table, on)
    for table, on in outer:
        source = source.outerjoin(table, on)
    return sa.select(*columns).select_from(source)
