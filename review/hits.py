"""Shows where words were found: in their context, with the codes that the coder gave there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from review.code_names import NamedCode
from study.records import Span, Transcript
from study.searching import Place
from study.standing_codings import StandingCoding

# A line or so on either side.
AROUND = 110


@dataclass(frozen=True)
class Hit:
    """One place where the words were found; codes by GUID.

    excerpt_id: The excerpt there, or the nearest where no excerpt holds the words.
    """

    excerpt_id: int
    number: int
    is_outside: bool
    speaker: str
    start_ms: int | None
    before: str
    words: str
    after: str
    start_char: int
    end_char: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """The hits of one interview; shows_codes is false as long as excerpts of it are owed blind."""

    interview_id: int
    interview: str
    participants: tuple[str, ...]
    language: str
    version_id: str
    shows_codes: bool
    n_hits: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Ground:
    """What the hits of every interview are told from.

    places: Where each hit stands, by transcript version.
    versions: What the page is to call each transcript version.
    waiting: Interviews of which excerpts are owed blind.
    language: Of interviews that do not say theirs.
    """

    places: Mapping[int, Sequence[Place]]
    versions: Mapping[int, str]
    names: Mapping[int, NamedCode]
    codings: Mapping[int, Sequence[StandingCoding]]
    participants: Mapping[int, tuple[str, ...]]
    waiting: frozenset[int]
    language: str


def list_groups(
    ground: Ground, shown: Mapping[Transcript, Sequence[Span]], n_hits: Mapping[int, int]
) -> tuple[Group, ...]:
    """Put the hits of each interview together.

    Args:
        n_hits: How many there are in each transcript version, shown or not.
    """
    return tuple(
        Group(
            interview_id=transcript.interview_id,
            interview=transcript.interview,
            participants=ground.participants.get(transcript.interview_id, ()),
            language=transcript.language or ground.language,
            version_id=ground.versions[transcript.id],
            shows_codes=transcript.interview_id not in ground.waiting,
            n_hits=n_hits[transcript.id],
            hits=tuple(_list_hits(ground, transcript, spans)),
        )
        for transcript, spans in shown.items()
    )


def codes_of(span: Span, codings: Sequence[StandingCoding]) -> list[int]:
    """List the codes that any of some words were given."""
    return list(dict.fromkeys(each.code_id for each in codings if _touch(span, each.span)))


def _list_hits(ground: Ground, transcript: Transcript, spans: Sequence[Span]) -> list[Hit]:
    return [
        _make_hit(ground, transcript, place, span)
        for place, span in zip(ground.places[transcript.id], spans, strict=True)
    ]


def _make_hit(ground: Ground, transcript: Transcript, place: Place, span: Span) -> Hit:
    codes = codes_of(span, ground.codings.get(transcript.id, ()))
    turn, begin, end = place.turn.span, span.start_char, span.end_char
    first = max(turn.start_char, begin - AROUND)
    last = max(end, min(turn.end_char, end + AROUND))
    return Hit(
        excerpt_id=place.excerpt_id,
        number=place.number,
        is_outside=not _touch(span, place.frame),
        speaker=place.turn.speaker,
        start_ms=place.turn.start_ms,
        before=_from_word(transcript.text[first:begin], is_cut=first > turn.start_char),
        words=transcript.text[begin:end],
        after=_to_word(transcript.text[end:last], is_cut=last < turn.end_char),
        start_char=begin,
        end_char=end,
        codes=tuple(ground.names[code].guid for code in codes if code in ground.names),
    )


def _touch(one: Span, other: Span) -> bool:
    return one.start_char < other.end_char and other.start_char < one.end_char


def _from_word(text: str, *, is_cut: bool) -> str:
    return f"…{text[max(0, text.find(' ')) :]}" if is_cut else text


def _to_word(text: str, *, is_cut: bool) -> str:
    # Where no word ends there, all is kept: what is coded are whole words.
    return f"{text[: text.rfind(' ') + 1] or text}…" if is_cut else text
