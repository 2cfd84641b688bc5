"""Interviews, their transcript versions, turns and excerpts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from study.records import (
    CodedInterview,
    Excerpt,
    GivenExcerpt,
    Span,
    Transcript,
    TranscriptVersion,
    Turn,
)
from study.vectors import hash_text

GIVEN = "given"
BETWEEN_TURNS = "\n"
PARTICIPANT = "participant"
INTERVIEWER = "interviewer"
NOTE = "note"
"""What nobody says: a heading, or the transcriber's own remark."""
ROLES = (PARTICIPANT, INTERVIEWER)


def join_excerpts(excerpts: Sequence[GivenExcerpt]) -> tuple[str, list[Span]]:
    """Join excerpts in order to one transcript, with the span of each in it."""
    spans, start = [], 0
    for excerpt in excerpts:
        spans.append(Span(start, start + len(excerpt.text)))
        start += len(excerpt.text) + len(BETWEEN_TURNS)
    return BETWEEN_TURNS.join(excerpt.text for excerpt in excerpts), spans


def find_source(connection: sa.Connection, label: str) -> str | None:
    """Give the keyed hash of the source of an interview, or None where it is new."""
    return connection.scalar(
        sa.select(t.interview.c.source_hash).where(t.interview.c.label == label)
    )


def store_interview(
    connection: sa.Connection,
    given: CodedInterview,
    *,
    source_hash: str,
    now: datetime,
) -> tuple[int, int]:
    """Store an interview with its first transcript version; give both rows."""
    interview_id = insert_row(
        connection,
        t.interview,
        label=given.label,
        dataset=given.dataset,
        language=given.language,
        source_hash=source_hash,
        added_at=now,
    )
    speakers = _store_speakers(connection, given, interview_id)
    text, spans = join_excerpts(given.excerpts)
    version_id = insert_row(
        connection,
        t.transcript_version,
        interview_id=interview_id,
        number=1,
        text=text,
        content_hash=hash_text(text),
        offset_map=[],
        is_current=True,
        made_at=now,
    )
    rows = [
        {
            "transcript_version_id": version_id,
            "speaker_id": speakers[excerpt.speaker],
            "position": position,
            "start_char": span.start_char,
            "end_char": span.end_char,
        }
        for position, (excerpt, span) in enumerate(zip(given.excerpts, spans, strict=True))
    ]
    connection.execute(sa.insert(t.turn), rows)
    return interview_id, version_id


def list_transcripts(
    connection: sa.Connection, ids: Iterable[int] | None = None
) -> list[Transcript]:
    """Read the current transcripts, in the order they were added."""
    query = _select_current().add_columns(t.transcript_version.c.text)
    if ids is not None:
        query = query.where(t.transcript_version.c.id.in_(list(ids)))
    return [Transcript(**row._mapping) for row in connection.execute(query)]


def list_versions(connection: sa.Connection) -> list[TranscriptVersion]:
    """List the current transcript versions without their words, in the order they were added."""
    return [TranscriptVersion(**row._mapping) for row in connection.execute(_select_current())]


def _select_current() -> sa.Select[Any]:
    version, interview = t.transcript_version.c, t.interview.c
    return (
        sa.select(
            version.id,
            version.interview_id,
            interview.label.label("interview"),
            interview.language,
            version.content_hash,
            version.segmentation_id,
            version.number,
        )
        .join(t.interview, interview.id == version.interview_id)
        .where(version.is_current)
        .order_by(version.id)
    )


def list_interviews(connection: sa.Connection) -> list[str]:
    """List the labels of the interviews."""
    return list(connection.scalars(sa.select(t.interview.c.label).order_by(t.interview.c.id)))


def read_transcript(connection: sa.Connection, version_id: int) -> Transcript:
    """Read one current transcript version."""
    return list_transcripts(connection, [version_id])[0]


def transcript_of(connection: sa.Connection, interview_id: int) -> Transcript:
    """Read the current transcript version of an interview."""
    version_id = connection.scalar(
        sa.select(t.transcript_version.c.id).where(
            t.transcript_version.c.interview_id == interview_id, t.transcript_version.c.is_current
        )
    )
    return read_transcript(connection, int(version_id or 0))


def label_of(connection: sa.Connection, interview_id: int) -> str:
    """Give the label of an interview."""
    query = sa.select(t.interview.c.label).where(t.interview.c.id == interview_id)
    return str(connection.scalar(query))


def interview_of(connection: sa.Connection, excerpt_id: int) -> int:
    """Give the row of the interview that an excerpt is of."""
    query = (
        sa.select(t.transcript_version.c.interview_id)
        .join(t.excerpt, t.excerpt.c.transcript_version_id == t.transcript_version.c.id)
        .where(t.excerpt.c.id == excerpt_id)
    )
    return int(connection.scalar(query) or 0)


def read_turns(connection: sa.Connection, version_id: int) -> list[Turn]:
    """Read the turns of a transcript version in order."""
    rows = connection.execute(
        sa.select(
            t.turn.c.start_char,
            t.turn.c.end_char,
            t.turn.c.start_ms,
            t.speaker.c.label,
            t.speaker.c.role,
        )
        .outerjoin(t.speaker, t.speaker.c.id == t.turn.c.speaker_id)
        .where(t.turn.c.transcript_version_id == version_id)
        .order_by(t.turn.c.position)
    )
    return [
        Turn(row.label or "", Span(row.start_char, row.end_char), row.role, row.start_ms)
        for row in rows
    ]


def read_excerpts(connection: sa.Connection, transcript: Transcript) -> list[Excerpt]:
    """Read the excerpts of a transcript's published cut in transcript order."""
    return read_cut(connection, transcript, transcript.segmentation_id)


def read_given(connection: sa.Connection, transcript: Transcript) -> list[Excerpt]:
    """Read the excerpts as a file gave them, whether or not the study works with them."""
    given = connection.scalar(
        sa.select(t.segmentation.c.id).where(
            t.segmentation.c.transcript_version_id == transcript.id,
            t.segmentation.c.method == GIVEN,
        )
    )
    return read_cut(connection, transcript, given)


def read_cut(
    connection: sa.Connection, transcript: Transcript, segmentation_id: int | None
) -> list[Excerpt]:
    """Read the excerpts of one cut in transcript order."""
    rows = connection.execute(
        sa.select(t.excerpt)
        .where(t.excerpt.c.segmentation_id == segmentation_id)
        .order_by(t.excerpt.c.position)
    )
    return [
        Excerpt(
            id=row.id,
            label=row.label,
            position=row.position,
            span=Span(row.start_char, row.end_char),
            text=transcript.text[row.start_char : row.end_char],
            text_hash=row.text_hash,
        )
        for row in rows
    ]


def _store_speakers(
    connection: sa.Connection, given: CodedInterview, interview_id: int
) -> dict[str, int]:
    labels = list(dict.fromkeys(excerpt.speaker for excerpt in given.excerpts))
    participant_id = _store_participant(connection, given.participant)
    # Which of several speakers is the participant is never guessed; where no turn says so, the
    # participant is a speaker without turns.
    if participant_id is not None and PARTICIPANT not in labels:
        labels.append(PARTICIPANT)
    return {
        label: insert_row(
            connection,
            t.speaker,
            interview_id=interview_id,
            label=label,
            role=label if label in ROLES else None,
            participant_id=participant_id if label == PARTICIPANT else None,
        )
        for label in labels
    }


def _store_participant(connection: sa.Connection, label: str | None) -> int | None:
    if label is None:
        return None
    known = connection.scalar(sa.select(t.participant.c.id).where(t.participant.c.label == label))
    return int(known) if known is not None else insert_row(connection, t.participant, label=label)
