"""Codings made by people: taken in from a file, read back row for row."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from study import tables as t
from study.codebooks import insert_row, newest_version
from study.decisions import FILE, decisions_of, refresh_queue_item
from study.excerpt_state import replay
from study.proposed_codes import read_counted_keys
from study.records import Excerpt, GivenCoding, Transcript
from study.review_queue import reviewing_coders
from study.transcripts import list_transcripts, read_turns


@dataclass(frozen=True)
class CodedRow:
    """One row of a coded file: an excerpt as one coder left it."""

    dataset: str
    interview: str
    excerpt: str
    position: int
    speaker: str
    text: str
    coder: str
    keys: tuple[str, ...]
    participant: str | None
    language: str | None
    is_assisted: bool = False


@dataclass(frozen=True)
class PlacedCoding:
    """A coder's decision of a file, with the stored excerpt that it is about."""

    coding: GivenCoding
    excerpt: Excerpt
    interview: str
    version_id: int


def store_codings(
    connection: sa.Connection,
    placed: Sequence[PlacedCoding],
    *,
    code_ids: Mapping[str, int],
    now: datetime,
) -> None:
    """Store what coders decided, as decisions that name their codings, in the order given.

    Args:
        code_ids: The row of each code, by key.
    """
    names = dict.fromkeys(item.coding.coder for item in placed)
    coder_ids = {name: _store_coder(connection, name, now) for name in names}
    shared = {
        "codebook_version_id": newest_version(connection),
        "origin": FILE,
        "made_at": now,
    }
    rows = [
        {**row, **shared}
        for item in placed
        for row in _decision_rows(item, coder_ids[item.coding.coder], code_ids)
    ]
    if not rows:
        return
    insert = sa.insert(t.decision).returning(t.decision.c.id, sort_by_parameter_order=True)
    decision_ids = connection.scalars(insert, rows).all()
    frames = {item.excerpt.id: item for item in placed}
    codings = [
        {
            "transcript_version_id": frames[row["excerpt_id"]].version_id,
            "start_char": frames[row["excerpt_id"]].excerpt.span.start_char,
            "end_char": frames[row["excerpt_id"]].excerpt.span.end_char,
            "code_id": row["code_id"],
            "coder_id": row["coder_id"],
            "decision_id": decision_id,
        }
        for row, decision_id in zip(rows, decision_ids, strict=True)
        if row["verdict"] == "add"
    ]
    if codings:
        connection.execute(sa.insert(t.coding), codings)
    reviewing = reviewing_coders(connection)
    for item in placed:
        if item.coding.coder in reviewing:
            refresh_queue_item(connection, coder_ids[item.coding.coder], item.excerpt.id)


def read_standing(
    connection: sa.Connection, version_id: int
) -> dict[tuple[int, str], frozenset[str] | None]:
    """Give what stands in a transcript version, by (excerpt, coder's name).

    The keys that the coder gave to a finished excerpt; None where the coder took the excerpt of an
    earlier file up again and has not finished it. What was only begun on the page does not stand.
    """
    keys = read_counted_keys(connection)
    names = read_names(connection, t.coder, "name")
    standing: dict[tuple[int, str], frozenset[str] | None] = {}
    for (excerpt_id, coder_id), history in decisions_of(connection, version_id).items():
        state = replay(history)
        if state.is_done:
            given = frozenset(keys[code] for code in state.given if code in keys)
            standing[excerpt_id, names[coder_id]] = given
        elif any(decision.origin == FILE for decision in history):
            standing[excerpt_id, names[coder_id]] = None
    return standing


def _decision_rows(
    item: PlacedCoding, coder_id: int, code_ids: Mapping[str, int]
) -> list[dict[str, Any]]:
    verdicts = [("add", code_ids[key]) for key in item.coding.keys] + [("done", None)]
    # The same file gives the same action, so that taking it in twice decides once.
    action = str(
        uuid5(NAMESPACE_URL, repr((item.interview, item.excerpt.label, item.coding.coder)))
    )
    return [
        {
            "action": action,
            "part": part,
            "coder_id": coder_id,
            "excerpt_id": item.excerpt.id,
            "verdict": verdict,
            "code_id": code_id,
            "is_assisted": item.coding.is_assisted,
        }
        for part, (verdict, code_id) in enumerate(verdicts)
    ]


def _store_coder(connection: sa.Connection, name: str, now: datetime) -> int:
    known = connection.scalar(sa.select(t.coder.c.id).where(t.coder.c.name == name))
    if known is not None:
        return int(known)
    return insert_row(
        connection, t.coder, name=name, role="coder", is_reviewing=False, added_at=now
    )


def read_coded_rows(connection: sa.Connection) -> list[CodedRow]:
    """Read what coders finished, one row per excerpt and coder, in the order they finished.

    What counts under no key is left out: codes that wait for the lead's decision, or were declined.
    """
    keys = read_counted_keys(connection)
    coders = read_names(connection, t.coder, "name")
    rows: list[tuple[int, CodedRow]] = []
    for transcript in list_transcripts(connection):
        frames = _frames(connection, transcript)
        for (excerpt_id, coder_id), decisions in decisions_of(connection, transcript.id).items():
            state = replay(decisions)
            if not state.is_done:
                continue
            finished = next(d.id for d in decisions if d.verdict == "done")
            given = tuple(dict.fromkeys(keys[code] for code in state.given if code in keys))
            row = replace(
                frames[excerpt_id],
                coder=coders[coder_id],
                keys=given,
                is_assisted=state.is_assisted,
            )
            rows.append((finished, row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def read_names(connection: sa.Connection, table: sa.Table, column: str) -> dict[int, str]:
    """Give one text column of a table by row."""
    rows = connection.execute(sa.select(table.c.id, table.c[column]))
    return {row[0]: row[1] for row in rows}


def _frames(connection: sa.Connection, transcript: Transcript) -> dict[int, CodedRow]:
    interview = connection.execute(
        sa.select(t.interview).where(t.interview.c.id == transcript.interview_id)
    ).one()
    participant = connection.scalar(
        sa.select(t.participant.c.label)
        .join(t.speaker, t.speaker.c.participant_id == t.participant.c.id)
        .where(t.speaker.c.interview_id == transcript.interview_id)
    )
    turns = read_turns(connection, transcript.id)
    starts = [turn.span.start_char for turn in turns]
    rows = connection.execute(
        sa.select(t.excerpt)
        .where(t.excerpt.c.transcript_version_id == transcript.id)
        .order_by(t.excerpt.c.id)
    )
    return {
        row.id: CodedRow(
            dataset=interview.dataset,
            interview=interview.label,
            excerpt=row.label,
            position=row.position,
            speaker=turns[max(0, bisect_right(starts, row.start_char) - 1)].speaker,
            text=transcript.text[row.start_char : row.end_char],
            coder="",
            keys=(),
            participant=participant,
            language=interview.language,
        )
        for row in rows
    }
