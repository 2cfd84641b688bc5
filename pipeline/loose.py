"""Tells which excerpts fit no code: coders gave them none, or nothing is suggested for them."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from study.codebooks import CodebookVersion, current_codebook
from study.coded_work import Case, FinishedWork, read_cases, read_finished_work
from study.decisions import decisions_of
from study.excerpt_state import replay
from study.folder import Study
from study.labels import match_spans
from study.model_versions import read_scored, read_suggested
from study.proposed_codes import DECLINED, list_proposed
from study.records import Excerpt, ModelVersion, Span, Transcript, Turn
from study.registry import read_in_force
from study.transcripts import INTERVIEWER, NOTE, list_transcripts, read_excerpts, read_turns
from study.turns import count_words

# "Ja hoor, dat is goed." says nothing that a code could be about.
FEWEST_WORDS = 5
# What a coder gave, or is suggested; finished without a code; nothing suggested; not scored yet.
FITS, CODED, UNSUGGESTED, UNKNOWN = "fits", "coded", "unsuggested", "unknown"


@dataclass(frozen=True)
class SaidExcerpt:
    """An excerpt in which a participant says something.

    fit: FITS, CODED, UNSUGGESTED or UNKNOWN.
    """

    excerpt: Excerpt
    interview: str
    participant: str
    language: str
    fit: str
    is_finished: bool

    @property
    def is_loose(self) -> bool:
        """Tell whether it fits no code."""
        return self.fit in (CODED, UNSUGGESTED)


@dataclass(frozen=True)
class SaidInStudy:
    """What participants say in the interviews that were looked at; model is the one in force."""

    codebook: CodebookVersion
    model: ModelVersion | None
    excerpts: tuple[SaidExcerpt, ...]
    n_interviews_held: int


@dataclass(frozen=True)
class _Interview:
    transcript: Transcript
    excerpts: Sequence[Excerpt]
    turns: Sequence[Turn]
    work: Sequence[FinishedWork]
    given_so_far: frozenset[int]
    suggested: Mapping[int, frozenset[int]] | None


def read_said(study: Study, interviews: Collection[str] | None = None) -> SaidInStudy:
    """Read what participants say, and whether it fits a code.

    Args:
        interviews: Labels of those to look at; all where it is not given.

    Raises:
        StudyError: The study has no codebook.
    """
    with study.database.read() as connection:
        codebook, model = current_codebook(connection), read_in_force(connection)
        cases, scored = read_cases(connection), read_scored(connection)
        transcripts = list_transcripts(connection)
        looked_at = [
            each for each in transcripts if interviews is None or each.interview in interviews
        ]
        declined = {each.code_id for each in list_proposed(connection) if each.state == DECLINED}
        read = []
        for transcript in looked_at:
            cut = transcript.segmentation_id or 0
            states = decisions_of(connection, transcript.id)
            suggested = None
            if model is not None and model.id in scored.get(cut, ()):
                suggested = _by_excerpt(read_suggested(connection, cut, [model.id])[model.id])
            read.append(
                _Interview(
                    transcript=transcript,
                    excerpts=read_excerpts(connection, transcript),
                    turns=read_turns(connection, transcript.id),
                    work=read_finished_work(connection, transcript),
                    given_so_far=frozenset(
                        excerpt_id
                        for (excerpt_id, _), history in states.items()
                        if set(replay(history).given) - declined
                    ),
                    suggested=suggested,
                )
            )
    excerpts = tuple(
        said
        for each in read
        for said in _list_said(each, cases[each.transcript.interview_id], study.settings.language)
    )
    return SaidInStudy(codebook, model, excerpts, len(transcripts) - len(looked_at))


def _by_excerpt(pairs: Sequence[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for excerpt_id, code_id in pairs:
        found.setdefault(excerpt_id, set()).add(code_id)
    return {excerpt_id: frozenset(codes) for excerpt_id, codes in found.items()}


def _list_said(interview: _Interview, case: Case, language: str) -> list[SaidExcerpt]:
    work_on: list[list[FinishedWork]] = [[] for _ in interview.excerpts]
    placed = match_spans([e.span for e in interview.excerpts], [w.span for w in interview.work])
    for rows, work in zip(placed, interview.work, strict=True):
        for row in rows:
            work_on[row].append(work)
    is_asked = tell_asked([excerpt.span for excerpt in interview.excerpts], interview.turns)
    return [
        SaidExcerpt(
            excerpt=excerpt,
            interview=interview.transcript.interview,
            participant=case.participant,
            language=interview.transcript.language or language,
            fit=_tell_fit(interview, excerpt, work),
            is_finished=bool(work),
        )
        for excerpt, work, asked in zip(interview.excerpts, work_on, is_asked, strict=True)
        if not asked and count_words(interview.transcript.text, excerpt.span) >= FEWEST_WORDS
    ]


def _tell_fit(interview: _Interview, excerpt: Excerpt, work: Sequence[FinishedWork]) -> str:
    if excerpt.id in interview.given_so_far or any(each.given for each in work):
        return FITS
    suggested = (interview.suggested or {}).get(excerpt.id, frozenset())
    # A code that came into the codebook since, perhaps from this very list, nobody left off.
    unjudged = suggested.difference(*(each.judged for each in work))
    if unjudged:
        return FITS
    if work:
        return CODED
    return UNKNOWN if interview.suggested is None else UNSUGGESTED


def tell_asked(spans: Sequence[Span], turns: Sequence[Turn]) -> list[bool]:
    """Tell of each span whether an interviewer, or nobody, says at least half of it.

    Args:
        turns: In order, none overlapping another.
    """
    silent = [
        turn.span.end_char - turn.span.start_char if _is_asking(turn) else 0 for turn in turns
    ]
    before = [0, *accumulate(silent)]
    starts = [turn.span.start_char for turn in turns]

    def asked_until(char: int) -> int:
        place = bisect_right(starts, char) - 1
        if place < 0:
            return 0
        turn = turns[place]
        into = min(char, turn.span.end_char) - turn.span.start_char
        return before[place] + (into if _is_asking(turn) else 0)

    return [
        2 * (asked_until(span.end_char) - asked_until(span.start_char))
        >= max(span.end_char - span.start_char, 1)
        for span in spans
    ]


def _is_asking(turn: Turn) -> bool:
    # A coded file may write it with a capital, and then its role is not known.
    return turn.role in (INTERVIEWER, NOTE) or turn.speaker.lower() == INTERVIEWER
