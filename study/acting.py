"""What a coder's action means for each excerpt that it touches, before it is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from study import tables as t
from study.decisions import Verdict, decisions_on, read_state
from study.draws import find_owed
from study.excerpt_state import ExcerptState, replay
from study.labels import match_spans
from study.records import Excerpt, Span, Transcript
from study.review_queue import QueueItem, read_item
from study.transcripts import read_excerpts, transcript_of

# What is said of an excerpt, and what that means for those that it was joined with.
REPEATED = {
    "accept": "add",
    "add": "add",
    "remove": "remove",
    "reject": "remove",
    "pass_over": "remove",
    "done": "done",
    "reopen": "reopen",
}


@dataclass(frozen=True)
class Part:
    """One thing that is said in an action; span: of these words, not of the excerpt in hand."""

    verdict: str
    code_id: int | None = None
    suggestion_id: int | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Ground:
    """What an action on an excerpt stands on.

    state: Where the coder stands with the excerpt in hand.
    owed: Excerpts of the interview that the coder has still to finish blind.
    is_commit_first: A coder's own codes come before what is suggested is shown.
    suggested: Of a study that is: the excerpts of the interview for which anything is suggested.
    """

    coder_id: int
    item: QueueItem
    transcript: Transcript
    excerpts: tuple[Excerpt, ...]
    state: ExcerptState
    owed: frozenset[int]
    is_commit_first: bool
    suggested: frozenset[int] = frozenset()

    @property
    def is_assisted(self) -> bool:
        """Tell whether what is suggested for the excerpt in hand is on the screen."""
        return self.is_shown(self.state)

    def is_shown(self, state: ExcerptState) -> bool:
        """Tell whether what is suggested for an excerpt is shown, by where the coder stands."""
        if self.owed:
            return False
        # Where nothing is owed blind, that nothing was suggested was on the screen, too.
        return not self.is_commit_first or state.was_done

    @property
    def frame(self) -> Span:
        """Where the excerpt in hand was cut."""
        return next(e.span for e in self.excerpts if e.id == self.item.excerpt_id)


def read_ground(
    connection: sa.Connection, coder_id: int, excerpt_id: int, *, is_commit_first: bool
) -> Ground | None:
    """Read what an action on an excerpt stands on; None where this coder has no such excerpt."""
    item = read_item(connection, coder_id, excerpt_id)
    if item is None:
        return None
    transcript = transcript_of(connection, item.interview_id)
    excerpts = tuple(read_excerpts(connection, transcript))
    if excerpt_id not in {excerpt.id for excerpt in excerpts}:
        return None
    return Ground(
        coder_id=coder_id,
        item=item,
        transcript=transcript,
        excerpts=excerpts,
        state=read_state(connection, coder_id, excerpt_id),
        owed=find_owed(connection, coder_id, item.interview_id),
        is_commit_first=is_commit_first,
        suggested=_find_suggested(connection, item, coder_id) if is_commit_first else frozenset(),
    )


def list_verdicts(
    connection: sa.Connection, ground: Ground, parts: Sequence[Part]
) -> tuple[Verdict, ...]:
    """Say of every excerpt what an action means for it; the excerpt in hand comes first.

    Words are given to every excerpt that they cover by the rule of labels. An excerpt whose
    boundaries were moved over others speaks for these, too; but where own codes come first, none
    of them is finished before what is suggested for it was shown.
    """
    verdicts = [verdict for part in parts for verdict in _spread(ground, part)]
    others = {v.excerpt_id for v in verdicts if v.excerpt_id not in (None, ground.item.excerpt_id)}
    states = _read_states(connection, ground, sorted(filter(None, others)))
    placed = [each for verdict in verdicts for each in _place(ground, verdict, states)]
    return tuple(sorted(placed, key=lambda verdict: verdict.excerpt_id is not None))


def _spread(ground: Ground, part: Part) -> Iterator[Verdict]:
    if part.verdict == "bound":
        yield from _spread_bound(ground, part)
    elif part.span is not None:
        yield from _spread_span(ground, part, part.span)
    else:
        yield Verdict(part.verdict, part.code_id, part.suggestion_id)
        yield from _repeat(ground, part, ground.state.bounds)


def _spread_span(ground: Ground, part: Part, span: Span) -> Iterator[Verdict]:
    covered = _covered(ground, span)
    if not covered:
        outside = "mark" if part.verdict in ("accept", "add") else part.verdict
        yield Verdict(outside, part.code_id, span=span)
    for excerpt_id in covered:
        is_in_hand = excerpt_id == ground.item.excerpt_id
        verdict = "add" if part.verdict == "accept" and not is_in_hand else part.verdict
        suggestion_id = part.suggestion_id if is_in_hand else None
        yield Verdict(verdict, part.code_id, suggestion_id, span, excerpt_id=excerpt_id)


def _spread_bound(ground: Ground, part: Part) -> Iterator[Verdict]:
    yield Verdict("bound", span=part.span)
    before, now = ground.state.bounds, part.span
    # What the excerpt said by its former boundaries, it says by these.
    for code_id in ground.state.whole:
        yield from _repeat(ground, Part("remove", code_id), before)
        yield from _repeat(ground, Part("add", code_id), now)
    if ground.state.is_done:
        kept = [each for each in _joined(ground, now) if each not in ground.owed]
        left = [each for each in _joined(ground, before) if each not in kept]
        yield from (Verdict("reopen", excerpt_id=each) for each in left)
        yield from (Verdict("done", excerpt_id=each) for each in kept)


def _repeat(ground: Ground, part: Part, bounds: Span | None) -> Iterator[Verdict]:
    """Say it again of the other excerpts that the one in hand was joined with."""
    verdict = REPEATED.get(part.verdict)
    is_denied = verdict == "remove" and part.verdict != "remove"
    # What was never given there need not be taken away.
    if verdict is None or (is_denied and part.code_id not in ground.state.whole):
        return
    for excerpt_id in _joined(ground, bounds):
        # What is to be read blind is finished by itself, not with the one beside it.
        if verdict == "done" and excerpt_id in ground.owed:
            continue
        span = None if part.code_id is None else bounds
        yield Verdict(verdict, part.code_id, span=span, excerpt_id=excerpt_id)


def _joined(ground: Ground, bounds: Span | None) -> list[int]:
    covered = [] if bounds is None else _covered(ground, bounds)
    return [excerpt_id for excerpt_id in covered if excerpt_id != ground.item.excerpt_id]


def _covered(ground: Ground, span: Span) -> list[int]:
    (places,) = match_spans([excerpt.span for excerpt in ground.excerpts], [span])
    return [ground.excerpts[place].id for place in places]


def _read_states(
    connection: sa.Connection, ground: Ground, excerpt_ids: Sequence[int]
) -> Mapping[int, ExcerptState]:
    if not excerpt_ids:
        return {}
    histories = decisions_on(connection, excerpt_ids)
    return {
        excerpt_id: replay(histories.get((excerpt_id, ground.coder_id), []))
        for excerpt_id in excerpt_ids
    }


def _place(
    ground: Ground, verdict: Verdict, states: Mapping[int, ExcerptState]
) -> Iterator[Verdict]:
    if verdict.excerpt_id in (None, ground.item.excerpt_id):
        yield replace(verdict, excerpt_id=None)
        return
    state = states[verdict.excerpt_id]
    # Whose suggestions they were that stood on the screen makes no difference.
    is_shown = ground.is_assisted or ground.is_shown(state)
    placed = replace(verdict, is_assisted=is_shown)
    if verdict.verdict != "done" or not _is_to_be_shown(ground, verdict.excerpt_id, state):
        yield placed
    elif not state.was_done:
        # Its own codes are given with the excerpt that it was joined with; what is suggested for
        # it is shown by itself, as it is nowhere else.
        yield placed
        yield Verdict("reopen", excerpt_id=verdict.excerpt_id, is_assisted=True)


def _is_to_be_shown(ground: Ground, excerpt_id: int, state: ExcerptState) -> bool:
    is_open = not state.is_done and not ground.owed
    return ground.is_commit_first and is_open and excerpt_id in ground.suggested


def _find_suggested(connection: sa.Connection, item: QueueItem, coder_id: int) -> frozenset[int]:
    queued = t.queue_item.c
    is_suggested = sa.exists().where(
        t.suggestion.c.model_version_id == queued.model_version_id,
        t.suggestion.c.excerpt_id == queued.excerpt_id,
    )
    rows = connection.scalars(
        sa.select(queued.excerpt_id).where(
            queued.coder_id == coder_id, queued.interview_id == item.interview_id, is_suggested
        )
    )
    return frozenset(rows)
