"""What coders finished, how: blind or with suggestions on the screen, and how it came to be so."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import sqlalchemy as sa

from study import tables as t
from study.codebooks import codes_by_version
from study.codings import read_names
from study.decisions import FILE, decisions_of
from study.excerpt_state import Decision, find_undone, replay
from study.proposed_codes import list_unjudged
from study.records import Span, Transcript


@dataclass(frozen=True)
class FinishedWork:
    """One excerpt as one coder finished it.

    given, judged: Rows of the codes given, and of those that the codebook had at the time. What
        was provisional then is in neither.
    draw_rate: The share of its interview drawn to be coded blind; None where nothing was drawn.
    is_drawn: Whether this excerpt was drawn.
    is_whole: The coder read the whole interview this way, so that nothing was left to a draw.
    model_id: The model version whose suggestions the coder's page held; None away from the page.
    """

    coder: str
    excerpt_id: int
    span: Span
    given: frozenset[int]
    judged: frozenset[int]
    is_assisted: bool
    codebook_version_id: int
    round_id: int | None
    draw_rate: float | None
    is_drawn: bool
    is_whole: bool
    model_id: int | None

    @property
    def weight(self) -> float:
        """How many excerpts of the interview it stands for: 1 over its chance to be coded so."""
        if self.is_whole or self.draw_rate is None:
            return 1.0
        chance = self.draw_rate if self.is_drawn else 1 - self.draw_rate
        return 1 / chance if chance > 0 else 1.0


@dataclass(frozen=True)
class Case:
    """Whose interview it is: the participant, what is resampled with it, group attributes."""

    participant: str
    group: str
    attributes: Mapping[str, str] = field(default_factory=dict)


def read_finished_work(connection: sa.Connection, transcript: Transcript) -> list[FinishedWork]:
    """Read what coders finished in a transcript version.

    What was finished blind stands as it was then, whatever the coder changed when suggestions
    were there to be seen: else just those excerpts would be missing on which the machine had
    something to say. What was changed then stands beside it as assisted.
    """
    frames = _read_frames(connection, transcript)
    draws = _read_draws(connection, transcript)
    models = _read_models(connection, transcript)
    names = read_names(connection, t.coder, "name")
    codes, unjudged = codes_by_version(connection), list_unjudged(connection)
    return [
        FinishedWork(
            coder=names[coder_id],
            excerpt_id=excerpt_id,
            span=frames[excerpt_id],
            given=frozenset(replay(part).given) - (unjudged - codes[done.codebook_version_id]),
            judged=codes[done.codebook_version_id],
            is_assisted=is_assisted,
            codebook_version_id=done.codebook_version_id,
            round_id=done.round_id,
            draw_rate=draws.get(excerpt_id, (None, False))[0],
            is_drawn=draws.get(excerpt_id, (None, False))[1],
            is_whole=part[-1].origin == FILE or (not is_assisted and part[0].origin == FILE),
            model_id=models.get((coder_id, excerpt_id)),
        )
        for (excerpt_id, coder_id), history in decisions_of(connection, transcript.id).items()
        for is_assisted, part in _finished_parts(history)
        # Later key presses, under another codebook perhaps, judge nothing absent.
        for done in [_find_done(part)]
    ]


def read_cases(connection: sa.Connection) -> dict[int, Case]:
    """Say of each interview whose it is; interviews of one family are of one group.

    So are interviews of one participant. One without a participant is a case of its own.
    """
    spoken = connection.execute(
        sa.select(t.interview.c.id, t.interview.c.label, t.participant)
        .select_from(t.interview)
        .outerjoin(t.speaker, t.speaker.c.interview_id == t.interview.c.id)
        .outerjoin(t.participant, t.participant.c.id == t.speaker.c.participant_id)
        .order_by(t.interview.c.id, t.participant.c.label)
    )
    people: dict[int, dict[str, int]] = defaultdict(dict)
    links: dict[int, set[str]] = defaultdict(set)
    labels: dict[int, str] = {}
    for interview_id, interview, participant_id, label, family in spoken:
        labels[interview_id] = interview
        links[interview_id].add(f"interview {interview_id}")
        if participant_id is not None:
            people[interview_id][label] = participant_id
            links[interview_id].add(f"participant {participant_id}")
            if family:
                links[interview_id].add(f"family {family}")
    attributes = _read_attributes(connection)
    groups = _link(links)
    return {
        interview_id: Case(
            participant=" + ".join(people[interview_id]) or label,
            group=groups[interview_id],
            attributes=_merge(attributes[each] for each in people[interview_id].values()),
        )
        for interview_id, label in labels.items()
    }


def read_rounds(connection: sa.Connection) -> dict[int, str]:
    """Name the rounds of coding, by row."""
    return read_names(connection, t.coding_round, "name")


def _finished_parts(history: Sequence[Decision]) -> Iterator[tuple[bool, Sequence[Decision]]]:
    blind = list(takewhile(lambda decision: not decision.is_assisted, history))
    if blind and replay(blind).is_done:
        yield False, blind
    if len(blind) < len(history) and replay(history).is_done:
        yield True, history


def _find_done(part: Sequence[Decision]) -> Decision:
    undone = find_undone(part)
    return next(d for d in reversed(part) if d.verdict == "done" and d.action not in undone)


def _read_frames(connection: sa.Connection, transcript: Transcript) -> dict[int, Span]:
    rows = connection.execute(
        sa.select(t.excerpt.c.id, t.excerpt.c.start_char, t.excerpt.c.end_char).where(
            t.excerpt.c.transcript_version_id == transcript.id
        )
    )
    return {row.id: Span(row.start_char, row.end_char) for row in rows}


def _read_draws(
    connection: sa.Connection, transcript: Transcript
) -> dict[int, tuple[float | None, bool]]:
    rows = connection.execute(
        sa.select(t.blind_draw.c.excerpt_id, t.blind_draw.c.rate, t.blind_draw.c.is_drawn)
        .join(t.excerpt, t.excerpt.c.id == t.blind_draw.c.excerpt_id)
        .where(t.excerpt.c.transcript_version_id == transcript.id)
    )
    return {row.excerpt_id: (row.rate, row.is_drawn) for row in rows}


def _read_models(connection: sa.Connection, transcript: Transcript) -> dict[tuple[int, int], int]:
    rows = connection.execute(
        sa.select(
            t.queue_item.c.coder_id, t.queue_item.c.excerpt_id, t.queue_item.c.model_version_id
        ).where(t.queue_item.c.interview_id == transcript.interview_id)
    )
    return {(row.coder_id, row.excerpt_id): row.model_version_id for row in rows}


def _read_attributes(connection: sa.Connection) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(sa.select(t.participant_attribute)):
        found[row.participant_id][row.name] = row.value
    return found


def _merge(attributes: Iterator[Mapping[str, str]]) -> dict[str, str]:
    """Keep what all participants of an interview have in common."""
    each = list(attributes)
    if not each:
        return {}
    return {
        name: value
        for name, value in each[0].items()
        if all(other.get(name) == value for other in each)
    }


def _link(links: Mapping[int, set[str]]) -> dict[int, str]:
    """Name the group of each interview by the first link of all that hang together."""
    group_of: dict[str, set[str]] = {}
    for linked in links.values():
        joined = set(linked).union(*(group_of.get(link, {link}) for link in linked))
        for link in joined:
            group_of[link] = joined
    return {interview: min(group_of[next(iter(linked))]) for interview, linked in links.items()}
