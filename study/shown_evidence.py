"""What one coder may be shown of the evidence that suggestions rest on: ids are looked up here."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from study import tables as t
from study.decisions import decisions_on
from study.excerpt_state import replay
from study.labels import covers
from study.records import Span
from study.redaction import REDACTED

# Made once: every screen asks, and naming columns takes longer than the answer.
OTHER = t.excerpt.alias("other")
DRAWN = t.excerpt.alias("drawn")
DRAWN_VERSION = t.transcript_version.alias("drawn_version")


@dataclass(frozen=True)
class CodedQuote:
    """A coded excerpt's words.

    given: Rows of the codes that anybody gives to it as things stand.
    """

    interview: str
    language: str | None
    text: str
    given: frozenset[int]


def read_quotes(
    connection: sa.Connection, excerpt_ids: Collection[int], *, coder_id: int
) -> dict[int, CodedQuote]:
    """Read those of some excerpts that a coder may be shown, by row.

    Left out is what is of an earlier version or cut, or holds no words any more; and what is of an
    interview that the coder has still to code blind, or that was not queued yet: of neither may
    the coder learn what others made of it.
    """
    if not excerpt_ids:
        return {}
    rows = connection.execute(_select_frames(excerpt_ids, coder_id)).all()
    given = _read_given(connection, rows)
    return {
        row.id: CodedQuote(row.interview, row.language, row.words, given[row.id])
        for row in rows
        if row.words.strip()
    }


def list_finished(
    connection: sa.Connection, coder_id: int, excerpt_ids: Collection[int]
) -> set[int]:
    """Give those of some excerpts that a coder finished at any time."""
    finished = sa.select(t.decision.c.excerpt_id).where(
        t.decision.c.coder_id == coder_id,
        t.decision.c.verdict == "done",
        t.decision.c.excerpt_id.in_(excerpt_ids),
    )
    return set(connection.scalars(finished))


def have_words_moved(connection: sa.Connection, model_id: int) -> bool:
    """Tell whether text was redacted since a model version pointed at words in it."""
    state = sa.select(t.model_version.c.state).where(t.model_version.c.id == model_id)
    return connection.scalar(state) == REDACTED


def _select_frames(excerpt_ids: Collection[int], coder_id: int) -> sa.Select[tuple[object, ...]]:
    frame, version = t.excerpt.c, t.transcript_version.c
    other = OTHER.c
    is_overlapping = sa.and_(
        other.transcript_version_id == frame.transcript_version_id,
        sa.or_(
            other.id == frame.id,
            sa.and_(other.start_char < frame.end_char, other.end_char > frame.start_char),
        ),
    )
    length = frame.end_char - frame.start_char
    return (
        sa.select(
            frame.id,
            frame.start_char,
            frame.end_char,
            t.interview.c.label.label("interview"),
            t.interview.c.language,
            # Counted in code points by either database; a whole transcript stays where it is.
            sa.func.substr(version.text, frame.start_char + 1, length).label("words"),
            other.id.label("other_id"),
            other.start_char.label("other_start"),
            other.end_char.label("other_end"),
        )
        .join(t.transcript_version, version.id == frame.transcript_version_id)
        .join(t.interview, t.interview.c.id == version.interview_id)
        .join(OTHER, is_overlapping)
        .where(
            frame.id.in_(excerpt_ids),
            version.is_current,
            version.segmentation_id == frame.segmentation_id,
            _is_queued(coder_id),
            ~_is_owed(coder_id),
        )
    )


def _is_queued(coder_id: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        t.queue_item.c.coder_id == coder_id,
        t.queue_item.c.interview_id == t.transcript_version.c.interview_id,
    )


def _is_owed(coder_id: int) -> sa.ColumnElement[bool]:
    # The rule of `find_owed`, asked of many interviews at once.
    drawn, version = DRAWN.c, DRAWN_VERSION.c
    is_finished = sa.exists().where(
        t.decision.c.excerpt_id == drawn.id,
        t.decision.c.coder_id == coder_id,
        t.decision.c.verdict == "done",
    )
    return (
        sa.select(drawn.id)
        .join(t.blind_draw, t.blind_draw.c.excerpt_id == drawn.id)
        .join(DRAWN_VERSION, version.id == drawn.transcript_version_id)
        .where(
            t.blind_draw.c.is_drawn,
            version.interview_id == t.transcript_version.c.interview_id,
            version.segmentation_id == drawn.segmentation_id,
            ~is_finished,
        )
        .exists()
    )


def _read_given(
    connection: sa.Connection, rows: Collection[sa.Row[tuple[object, ...]]]
) -> dict[int, frozenset[int]]:
    # What was given to excerpts of another cut counts here, too.
    frames_of: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        span, other = Span(row.start_char, row.end_char), Span(row.other_start, row.other_end)
        if covers(span, other):
            frames_of[row.other_id].add(row.id)
    given: dict[int, set[int]] = {row.id: set() for row in rows}
    for (excerpt_id, _), history in decisions_on(connection, list(frames_of)).items():
        for frame_id in frames_of[excerpt_id]:
            given[frame_id].update(replay(history).given)
    return {frame_id: frozenset(codes) for frame_id, codes in given.items()}
