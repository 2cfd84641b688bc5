"""Interviews that were read from files: stored as speakers, turns and one transcript version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row
from study.offsets import OffsetMap
from study.records import Span
from study.vectors import hash_text


@dataclass(frozen=True)
class AddedParticipant:
    """A participant as interviews.csv tells of them."""

    label: str
    family: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AddedSpeaker:
    """Somebody who speaks in an interview; participant is a label, or None for anybody else."""

    label: str
    role: str | None
    participant: str | None = None


@dataclass(frozen=True)
class AddedTurn:
    """A turn of a pseudonymised transcript; speaker is the label of one."""

    speaker: str
    span: Span
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True)
class AddedInterview:
    """An interview read from a file, pseudonymised, and what interviews.csv says of it."""

    label: str
    dataset: str
    language: str | None
    held_on: str | None
    source_hash: str
    participants: tuple[AddedParticipant, ...]
    speakers: tuple[AddedSpeaker, ...]
    turns: tuple[AddedTurn, ...]
    text: str
    offsets: OffsetMap


def find_twin(connection: sa.Connection, source_hash: str) -> str | None:
    """Give the label of the interview that came from a file of the same content."""
    return connection.scalar(
        sa.select(t.interview.c.label).where(t.interview.c.source_hash == source_hash)
    )


def find_interview(connection: sa.Connection, label: str) -> int | None:
    """Give the row of the interview of a label."""
    return connection.scalar(sa.select(t.interview.c.id).where(t.interview.c.label == label))


def is_coded(connection: sa.Connection, interview_id: int) -> bool:
    """Tell whether anybody decided anything in an interview."""
    query = (
        sa.select(t.decision.c.id)
        .join(t.excerpt, t.excerpt.c.id == t.decision.c.excerpt_id)
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
        .where(t.transcript_version.c.interview_id == interview_id)
        .limit(1)
    )
    return connection.execute(query).first() is not None


def find_source_of(connection: sa.Connection, interview_id: int) -> str:
    """Give the keyed hash of the content that an interview came from."""
    query = sa.select(t.interview.c.source_hash).where(t.interview.c.id == interview_id)
    return str(connection.scalar(query))


def is_said_otherwise(connection: sa.Connection, interview_id: int, added: AddedInterview) -> bool:
    """Tell whether other people speak in an interview, or another language, than was stored."""
    people = {speaker.label: (speaker.role, speaker.participant) for speaker in added.speakers}
    said = [people[turn.speaker] for turn in added.turns]
    rows = connection.execute(
        sa.select(t.speaker.c.role, t.participant.c.label)
        .select_from(t.turn)
        .join(t.transcript_version, t.transcript_version.c.id == t.turn.c.transcript_version_id)
        .join(t.speaker, t.speaker.c.id == t.turn.c.speaker_id)
        .outerjoin(t.participant, t.participant.c.id == t.speaker.c.participant_id)
        .where(
            t.transcript_version.c.interview_id == interview_id, t.transcript_version.c.is_current
        )
        .order_by(t.turn.c.position)
    )
    stored = [(row.role, row.label) for row in rows]
    language = connection.scalar(
        sa.select(t.interview.c.language).where(t.interview.c.id == interview_id)
    )
    return stored != said or language != added.language


def update_facts(connection: sa.Connection, interview_id: int, added: AddedInterview) -> None:
    """Bring up to date what changes no word: date, families, groups, and the file's own content."""
    for participant in added.participants:
        if _find_participant(connection, participant.label) is not None:
            ensure_participant(connection, participant)
    connection.execute(
        sa.update(t.interview)
        .where(t.interview.c.id == interview_id)
        .values(held_on=added.held_on, source_hash=added.source_hash)
    )


def _find_participant(connection: sa.Connection, label: str) -> int | None:
    return connection.scalar(sa.select(t.participant.c.id).where(t.participant.c.label == label))


def ensure_participant(connection: sa.Connection, participant: AddedParticipant) -> int:
    """Give the row of a participant, made or brought up to date."""
    mine = t.participant.c.label == participant.label
    known = _find_participant(connection, participant.label)
    if known is None:
        known = insert_row(
            connection, t.participant, label=participant.label, family=participant.family
        )
    elif participant.family:
        connection.execute(sa.update(t.participant).where(mine).values(family=participant.family))
    for name, value in participant.attributes.items():
        _set_attribute(connection, int(known), name, value)
    return int(known)


def store_added(
    connection: sa.Connection,
    added: AddedInterview,
    participant_ids: Mapping[str, int],
    *,
    now: datetime,
) -> tuple[int, int]:
    """Store an interview, or the next version of a known one; give its row and the version's."""
    facts = {
        "dataset": added.dataset,
        "language": added.language,
        "held_on": added.held_on,
        "source_hash": added.source_hash,
    }
    interview_id = find_interview(connection, added.label)
    if interview_id is None:
        interview_id = insert_row(connection, t.interview, label=added.label, added_at=now, **facts)
    else:
        mine = t.interview.c.id == interview_id
        connection.execute(sa.update(t.interview).where(mine).values(facts))
        _retire_versions(connection, interview_id)
    speaker_ids = {
        speaker.label: _ensure_speaker(connection, interview_id, speaker, participant_ids)
        for speaker in added.speakers
    }
    version_id = _store_version(connection, interview_id, added, now)
    rows = [
        {
            "transcript_version_id": version_id,
            "speaker_id": speaker_ids[turn.speaker],
            "position": position,
            "start_char": turn.span.start_char,
            "end_char": turn.span.end_char,
            "start_ms": turn.start_ms,
            "end_ms": turn.end_ms,
        }
        for position, turn in enumerate(added.turns)
    ]
    connection.execute(sa.insert(t.turn), rows)
    return interview_id, version_id


def _store_version(
    connection: sa.Connection, interview_id: int, added: AddedInterview, now: datetime
) -> int:
    latest = connection.scalar(
        sa.select(sa.func.max(t.transcript_version.c.number)).where(
            t.transcript_version.c.interview_id == interview_id
        )
    )
    return insert_row(
        connection,
        t.transcript_version,
        interview_id=interview_id,
        number=(latest or 0) + 1,
        text=added.text,
        content_hash=hash_text(added.text),
        offset_map=added.offsets.as_rows(),
        is_current=True,
        made_at=now,
    )


def _retire_versions(connection: sa.Connection, interview_id: int) -> None:
    connection.execute(
        sa.update(t.transcript_version)
        .where(t.transcript_version.c.interview_id == interview_id)
        .values(is_current=False)
    )
    # Nobody decided on them, and what waits is asked of the words as they stand now.
    connection.execute(sa.delete(t.queue_item).where(t.queue_item.c.interview_id == interview_id))


def _ensure_speaker(
    connection: sa.Connection,
    interview_id: int,
    speaker: AddedSpeaker,
    participant_ids: Mapping[str, int],
) -> int:
    mine = (t.speaker.c.interview_id == interview_id) & (t.speaker.c.label == speaker.label)
    known = connection.scalar(sa.select(t.speaker.c.id).where(mine))
    facts = {
        "role": speaker.role,
        "participant_id": participant_ids.get(speaker.participant or ""),
    }
    if known is None:
        return insert_row(
            connection, t.speaker, interview_id=interview_id, label=speaker.label, **facts
        )
    connection.execute(sa.update(t.speaker).where(mine).values(facts))
    return int(known)


def _set_attribute(connection: sa.Connection, participant_id: int, name: str, value: str) -> None:
    a = t.participant_attribute
    mine = (a.c.participant_id == participant_id) & (a.c.name == name)
    if connection.scalar(sa.select(a.c.id).where(mine)) is None:
        insert_row(connection, a, participant_id=participant_id, name=name, value=value)
    else:
        connection.execute(sa.update(a).where(mine).values(value=value))
