"""The blind draw: which excerpts are coded before any suggestion of their interview is shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.cuts import count_excerpts
from study.ledger import QUEUE
from study.records import Excerpt, Transcript, TranscriptVersion
from study.transcripts import list_versions

HASH_RANGE = 1 << 256


@dataclass(frozen=True)
class DrawState:
    """What a study holds to draw from, and how much of it can be drawn from no more.

    n_cut: Interviews that have excerpts; n_excerpts are theirs.
    n_settled: Interviews whose draw never changes; n_settled_excerpts are theirs.
    drawn: How many of these are to be coded blind, by the rate that they were drawn at.
    """

    n_interviews: int = 0
    n_cut: int = 0
    n_excerpts: int = 0
    n_settled: int = 0
    n_settled_excerpts: int = 0
    drawn: Mapping[float, int] = field(default_factory=dict)

    @property
    def n_drawn(self) -> int:
        """How many excerpts are to be coded blind."""
        return sum(self.drawn.values())


def is_run_drawn(keyed_hash: Callable[[str], str], cut: str, run: int, rate: float) -> bool:
    """Decide on one run of consecutive excerpts; the same for the same key, cut and run."""
    return int(keyed_hash(f"draw\x1f{cut}\x1f{run}"), 16) < rate * HASH_RANGE


def draw_excerpts(
    keyed_hash: Callable[[str], str], cut: str, n_excerpts: int, *, rate: float, run_length: int
) -> list[bool]:
    """Draw runs of consecutive excerpts; every excerpt is drawn with probability `rate`.

    Args:
        keyed_hash: Only this study can foretell its draws.
        cut: The content hash of the cut that the excerpts are of.
        run_length: Excerpts in a run. Where the runs begin is drawn, too, so that the first
            excerpts of an interview are not always together.
    """
    offset = int(keyed_hash(f"offset\x1f{cut}"), 16) % run_length
    runs = [(position + offset) // run_length for position in range(n_excerpts)]
    drawn = {run: is_run_drawn(keyed_hash, cut, run, rate) for run in set(runs)}
    return [drawn[run] for run in runs]


def store_draw(
    connection: sa.Connection,
    transcript: Transcript,
    excerpts: Sequence[Excerpt],
    *,
    cut: str,
    rate: float,
    run_length: int,
    keyed_hash: Callable[[str], str],
    now: datetime,
) -> int:
    """Draw an interview's blind excerpts when it is first queued; give how many were drawn.

    A draw never changes, and an interview that was queued before is never drawn from: what was
    once seen with suggestions cannot become blind.
    """
    if not excerpts or _is_settled(connection, transcript):
        return 0
    drawn = draw_excerpts(keyed_hash, cut, len(excerpts), rate=rate, run_length=run_length)
    connection.execute(
        sa.insert(t.blind_draw),
        [
            {"excerpt_id": excerpt.id, "rate": rate, "is_drawn": is_drawn, "drawn_at": now}
            for excerpt, is_drawn in zip(excerpts, drawn, strict=True)
        ],
    )
    return sum(drawn)


def _is_settled(connection: sa.Connection, transcript: TranscriptVersion) -> bool:
    mine = (
        sa.select(t.blind_draw.c.id)
        .join(t.excerpt)
        .where(t.excerpt.c.segmentation_id == transcript.segmentation_id)
    )
    return (
        _was_shown(connection, transcript) or connection.execute(mine.limit(1)).first() is not None
    )


def _was_shown(connection: sa.Connection, transcript: TranscriptVersion) -> bool:
    """Tell whether suggestions of an interview may have been on anybody's screen.

    They may as soon as it was queued; but for an earlier version that is still owed blind.
    """
    queued = sa.select(t.step_ledger.c.id).where(
        t.step_ledger.c.step == QUEUE, t.step_ledger.c.subject == transcript.interview
    )
    if connection.execute(queued.limit(1)).first() is None:
        return False
    drawn = (
        sa.select(t.blind_draw.c.id)
        .join(t.excerpt, t.excerpt.c.id == t.blind_draw.c.excerpt_id)
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
        .where(
            t.blind_draw.c.is_drawn, t.transcript_version.c.interview_id == transcript.interview_id
        )
    )
    # A version is replaced only as long as nobody coded: whatever was drawn in it is still owed.
    return connection.execute(drawn.limit(1)).first() is None


def drawn_excerpts(connection: sa.Connection, interview_id: int) -> frozenset[int]:
    """Give the excerpts of an interview that are to be coded blind."""
    rows = connection.scalars(
        sa.select(t.blind_draw.c.excerpt_id)
        .join(t.excerpt, t.excerpt.c.id == t.blind_draw.c.excerpt_id)
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
        .where(
            t.blind_draw.c.is_drawn,
            t.transcript_version.c.interview_id == interview_id,
            t.transcript_version.c.segmentation_id == t.excerpt.c.segmentation_id,
        )
    )
    return frozenset(rows)


def find_owed(connection: sa.Connection, coder_id: int, interview_id: int) -> frozenset[int]:
    """Give the drawn excerpts of an interview that a coder has never yet finished.

    As long as there are any, nothing suggested in that interview is shown to that coder. Whether a
    finished one was taken up again does not count: suggestions have been seen since.
    """
    drawn = drawn_excerpts(connection, interview_id)
    if not drawn:
        return drawn
    finished = connection.scalars(
        sa.select(t.decision.c.excerpt_id).where(
            t.decision.c.coder_id == coder_id,
            t.decision.c.verdict == "done",
            t.decision.c.excerpt_id.in_(drawn),
        )
    )
    return drawn - set(finished)


def list_owing(
    connection: sa.Connection, coder_id: int, among: Collection[int] | None = None
) -> frozenset[int]:
    """Give the queued interviews of which a coder has still to finish excerpts blind.

    As `find_owed` says it of one interview, asked once for all of them.

    Args:
        among: Only of these interviews is it asked; None: of all.
    """
    is_finished = sa.exists().where(
        t.decision.c.excerpt_id == t.blind_draw.c.excerpt_id,
        t.decision.c.coder_id == coder_id,
        t.decision.c.verdict == "done",
    )
    version = t.transcript_version.c
    is_queued = sa.exists().where(
        t.queue_item.c.coder_id == coder_id, t.queue_item.c.interview_id == version.interview_id
    )
    query = (
        sa.select(version.interview_id)
        .distinct()
        .select_from(t.blind_draw)
        .join(t.excerpt, t.excerpt.c.id == t.blind_draw.c.excerpt_id)
        .join(t.transcript_version, version.id == t.excerpt.c.transcript_version_id)
        .where(
            t.blind_draw.c.is_drawn,
            version.segmentation_id == t.excerpt.c.segmentation_id,
            ~is_finished,
            is_queued,
        )
    )
    if among is not None:
        query = query.where(version.interview_id.in_(sorted(among)))
    return frozenset(connection.scalars(query))


def find_closed(connection: sa.Connection, coder_id: int, among: Collection[int]) -> frozenset[int]:
    """Give those of some interviews of which a coder may not yet learn what others made of them.

    Of these the coder has still to finish excerpts blind; or they are not queued for the coder yet,
    and any of their excerpts may be drawn.
    """
    if not among:
        return frozenset()
    is_queued = sa.exists().where(
        t.queue_item.c.coder_id == coder_id, t.queue_item.c.interview_id == t.interview.c.id
    )
    unqueued = sa.select(t.interview.c.id).where(t.interview.c.id.in_(sorted(among)), ~is_queued)
    return list_owing(connection, coder_id, among) | frozenset(connection.scalars(unqueued))


def read_draw_state(connection: sa.Connection) -> DrawState:
    """Count what a study's draws were and will be made from."""
    transcripts = list_versions(connection)
    n_by_cut = count_excerpts(connection)
    settled = [transcript for transcript in transcripts if _is_settled(connection, transcript)]
    sizes = [n_by_cut.get(transcript.segmentation_id, 0) for transcript in transcripts]
    return DrawState(
        n_interviews=len(transcripts),
        n_cut=sum(size > 0 for size in sizes),
        n_excerpts=sum(sizes),
        n_settled=len(settled),
        n_settled_excerpts=sum(n_by_cut.get(each.segmentation_id, 0) for each in settled),
        drawn=_count_drawn(connection),
    )


def _count_drawn(connection: sa.Connection) -> dict[float, int]:
    rate = t.blind_draw.c.rate
    rows = connection.execute(
        sa.select(rate, sa.func.count().label("n"))
        .join(t.excerpt, t.excerpt.c.id == t.blind_draw.c.excerpt_id)
        .join(
            t.transcript_version,
            t.transcript_version.c.segmentation_id == t.excerpt.c.segmentation_id,
        )
        .where(t.blind_draw.c.is_drawn, t.transcript_version.c.is_current)
        .group_by(rate)
    )
    return {row.rate: row.n for row in rows}
