"""Everything that was given one code, across participants, with the words it was given to."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from study import tables as t
from study.codings import read_names
from study.decisions import decisions_on
from study.excerpt_state import ExcerptState, replay
from study.memos import read_memos
from study.records import Excerpt, Span, Transcript, Turn
from study.standing_codings import OUTSIDE, Wanted, select_standing
from study.transcripts import INTERVIEWER, list_transcripts, read_excerpts, read_turns
from study.turns import question_before

NEAR_TURNS = 24


@dataclass(frozen=True)
class Participant:
    """Who speaks in an interview and is no interviewer; attributes are those of interviews.csv."""

    id: int
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """What one speaker says of a quote; start_ms: when the turn begins."""

    speaker: str
    is_question: bool
    text: str
    start_ms: int | None = None


@dataclass(frozen=True)
class Giver:
    """One coder's coding of these words.

    is_whole: It was given to the excerpt; else to the words by themselves.
    is_outside: No excerpt holds the words; the excerpt is the one that was in hand.
    is_older: It was given as a code that was merged into this one.
    is_in_queue: The coder has the excerpt on the page, and can decide on it there.
    last_action: What the next decision on the excerpt must be made after.
    """

    coder_id: int
    coder: str
    excerpt_id: int
    is_whole: bool
    is_outside: bool
    is_older: bool
    is_in_queue: bool
    memo: str = ""
    last_action: str = ""


@dataclass(frozen=True)
class Reading:
    """Words that have a code, as they are read.

    excerpt_id, number: Where they are found: an excerpt of the cut that the study works with, and
        its number; None where it has none there.
    """

    interview_id: int
    interview: str
    language: str | None
    version_id: int
    span: Span
    pieces: tuple[Piece, ...]
    question: str
    excerpt_id: int | None
    number: int | None
    givers: tuple[Giver, ...]


@dataclass(frozen=True)
class Readings:
    """One stretch of all readings of a code; n_all counts them whole."""

    n_all: int
    found: tuple[Reading, ...]


def list_participants(connection: sa.Connection) -> dict[int, tuple[Participant, ...]]:
    """Name the participants of each interview."""
    attributes: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(sa.select(t.participant_attribute)):
        attributes[row.participant_id][row.name] = row.value
    rows = connection.execute(
        sa.select(t.speaker.c.interview_id, t.participant.c.id, t.participant.c.label)
        .join(t.participant, t.participant.c.id == t.speaker.c.participant_id)
        .distinct()
        .order_by(t.speaker.c.interview_id, t.participant.c.label)
    )
    found: dict[int, list[Participant]] = defaultdict(list)
    for row in rows:
        found[row.interview_id].append(Participant(row.id, row.label, attributes[row.id]))
    return {interview_id: tuple(people) for interview_id, people in found.items()}


def read_code(connection: sa.Connection, wanted: Wanted, *, start: int, n: int) -> Readings:
    """Read what was given the codes that are wanted, by participant in transcript order.

    What several coders gave to the same words is one reading.

    Args:
        start, n: Which of all readings, and how many, are read with their words.
    """
    coding = select_standing(wanted).subquery().c
    place = (coding.interview_id, coding.version_id, coding.start_char, coding.end_char)
    places = sa.select(*place).distinct().subquery()
    n_all = connection.scalar(sa.select(sa.func.count()).select_from(places)) or 0
    people = (
        sa.select(t.speaker.c.interview_id, sa.func.min(t.speaker.c.participant_id).label("id"))
        .group_by(t.speaker.c.interview_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(places)
        .outerjoin(people, people.c.interview_id == places.c.interview_id)
        .order_by(sa.func.coalesce(people.c.id, 0), *places.c)
        .limit(n)
        .offset(start)
    )
    wanted_places = [(row.version_id, Span(row.start_char, row.end_char)) for row in rows]
    givers = _read_givers(connection, wanted, wanted_places)
    return Readings(n_all, tuple(_read_words(connection, wanted_places, givers)))


def _read_givers(
    connection: sa.Connection, wanted: Wanted, places: Sequence[tuple[int, Span]]
) -> dict[tuple[int, Span], tuple[Giver, ...]]:
    query = select_standing(wanted).where(
        t.transcript_version.c.id.in_({version_id for version_id, _ in places})
    )
    listed = set(places)
    rows = [
        row
        for row in connection.execute(query)
        if (row.version_id, Span(row.start_char, row.end_char)) in listed
    ]
    excerpt_ids = {row.excerpt_id for row in rows}
    histories = decisions_on(connection, excerpt_ids)
    queued = _read_queued(connection, excerpt_ids)
    states = {pair: replay(history) for pair, history in histories.items()}
    memos = read_memos(connection, {state.memo_id for state in states.values() if state.memo_id})
    names = read_names(connection, t.coder, "name")
    found: dict[tuple[int, Span], dict[int, Giver]] = defaultdict(dict)
    # What is given to the excerpt comes first: taken off there, it is off its passages, too.
    for row in sorted(rows, key=lambda row: (row.coder_id, -row.is_whole, row.excerpt_id)):
        state = states.get((row.excerpt_id, row.coder_id), ExcerptState())
        giver = Giver(
            coder_id=row.coder_id,
            coder=names[row.coder_id],
            excerpt_id=row.excerpt_id,
            is_whole=bool(row.is_whole),
            is_outside=row.verdict == OUTSIDE,
            is_older=bool(row.is_older),
            is_in_queue=bool(row.is_of_cut) and (row.excerpt_id, row.coder_id) in queued,
            memo=memos.get(state.memo_id or 0, ""),
            last_action=state.last_action or "",
        )
        found[row.version_id, Span(row.start_char, row.end_char)].setdefault(row.coder_id, giver)
    return {place: tuple(each.values()) for place, each in found.items()}


def _read_queued(connection: sa.Connection, excerpt_ids: set[int]) -> set[tuple[int, int]]:
    item = t.queue_item.c
    query = sa.select(item.excerpt_id, item.coder_id).where(item.excerpt_id.in_(excerpt_ids))
    return {(row.excerpt_id, row.coder_id) for row in connection.execute(query)}


def _read_words(
    connection: sa.Connection,
    places: Sequence[tuple[int, Span]],
    givers: Mapping[tuple[int, Span], tuple[Giver, ...]],
) -> Iterator[Reading]:
    versions = {version_id for version_id, _ in places}
    transcripts = {each.id: each for each in list_transcripts(connection, versions)}
    turns = {version_id: read_turns(connection, version_id) for version_id in versions}
    cuts = {each.id: read_excerpts(connection, each) for each in transcripts.values()}
    for version_id, span in places:
        transcript, cut = transcripts[version_id], cuts[version_id]
        number = find_number(cut, span)
        question = _find_question(transcript, turns[version_id], span)
        yield Reading(
            interview_id=transcript.interview_id,
            interview=transcript.interview,
            language=transcript.language,
            version_id=version_id,
            span=span,
            pieces=tuple(list_pieces(transcript, turns[version_id], span)),
            question=question,
            excerpt_id=None if number is None else cut[number - 1].id,
            number=number,
            givers=givers.get((version_id, span), ()),
        )


def list_pieces(transcript: Transcript, turns: Sequence[Turn], span: Span) -> Iterator[Piece]:
    """Say who says which part of a stretch of words; turns are in transcript order."""
    first = max(0, bisect_right([turn.span.start_char for turn in turns], span.start_char) - 1)
    for turn in turns[first:]:
        if turn.span.start_char >= span.end_char:
            break
        begin = max(turn.span.start_char, span.start_char)
        words = transcript.text[begin : min(turn.span.end_char, span.end_char)].strip()
        if words:
            # A coded file may write it with a capital, and then its role is not known.
            is_question = INTERVIEWER in (turn.role, turn.speaker.lower())
            yield Piece(turn.speaker, is_question, words, turn.start_ms)


def _find_question(transcript: Transcript, turns: Sequence[Turn], span: Span) -> str:
    first = bisect_right([turn.span.start_char for turn in turns], span.start_char)
    near = turns[max(0, first - NEAR_TURNS) : first]
    # Nearly always it is near, and looking through all that was said before takes far longer.
    question = question_before(transcript.text, near, span)
    question = question or question_before(transcript.text, turns, span)
    return transcript.text[question.start_char : question.end_char] if question else ""


def find_number(cut: Sequence[Excerpt], span: Span) -> int | None:
    """Find the excerpt that holds the beginning of some words, else the next, else the last.

    Returns:
        Its number as the page counts, from 1; None where there are no excerpts.
    """
    if not cut:
        return None
    ends = [excerpt.span.end_char for excerpt in cut]
    return min(bisect_right(ends, span.start_char), len(cut) - 1) + 1
