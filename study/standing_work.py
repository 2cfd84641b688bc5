"""What coders said of single codes as it stands now, in finished and in open excerpts."""

from dataclasses import dataclass

import sqlalchemy as sa

from study import tables as t
from study.codings import read_names
from study.decisions import decisions_of
from study.excerpt_state import find_undone, replay
from study.records import Span, Transcript


@dataclass(frozen=True)
class StandingWork:
    """Where one coder stands with one excerpt.

    given, rejected: Rows of codes.
    left_off: Codes that the coder decided on and that are not given: rejected, passed over, or
        given and taken away again.
    """

    coder: str
    excerpt_id: int
    span: Span
    given: frozenset[int]
    rejected: frozenset[int]
    left_off: frozenset[int]
    is_done: bool


def read_standing_work(connection: sa.Connection, transcript: Transcript) -> list[StandingWork]:
    """Read where coders stand with the excerpts of a transcript version."""
    frames = t.excerpt.c
    rows = connection.execute(
        sa.select(frames.id, frames.start_char, frames.end_char).where(
            frames.transcript_version_id == transcript.id
        )
    )
    spans = {row.id: Span(row.start_char, row.end_char) for row in rows}
    names = read_names(connection, t.coder, "name")
    standing = []
    for (excerpt_id, coder_id), history in decisions_of(connection, transcript.id).items():
        state, undone = replay(history), find_undone(history)
        said = {d.code_id for d in history if d.code_id is not None and d.action not in undone}
        standing.append(
            StandingWork(
                coder=names[coder_id],
                excerpt_id=excerpt_id,
                span=spans[excerpt_id],
                given=frozenset(state.given),
                rejected=frozenset(state.rejected),
                left_off=frozenset(said.difference(state.given)),
                is_done=state.is_done,
            )
        )
    return standing
