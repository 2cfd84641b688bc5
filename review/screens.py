"""Puts together what the page shows of one excerpt, as plain values that turn into JSON."""

from dataclasses import dataclass

from review.desk import Desk, OnDesk
from review.errors import RequestError
from review.reading import TurnView, open_window
from review.reasons import Basis, Quote
from review.wording import CodeName, ThemeGroup, group_suggestions, name_codes
from study.codebooks import CodebookVersion
from study.decisions import ExcerptState
from study.records import Excerpt
from study.transcripts import INTERVIEWER
from study.turns import question_before

TURNS_AROUND = 40


@dataclass(frozen=True)
class StateView:
    """Where the coder stands with an excerpt, codes by GUID."""

    given: tuple[str, ...]
    rejected: tuple[str, ...]
    passed_over: tuple[str, ...]
    is_done: bool
    is_unsure: bool


@dataclass(frozen=True)
class Screen:
    """One excerpt in its transcript, with what is suggested and what was decided."""

    excerpt_id: int
    number: int
    n_excerpts: int
    n_done: int
    interview_id: int
    interview: str
    language: str
    model_version_id: int
    turns: tuple[TurnView, ...]
    n_earlier: int
    n_later: int
    before: int
    after: int
    marks: dict[int, StateView]
    groups: tuple[ThemeGroup, ...]
    codes: dict[str, CodeName]
    state: StateView
    previous_id: int | None
    following_id: int | None
    next_open_id: int | None
    n_owed: int
    asked: tuple[int, ...]
    """Positions of the turns that hold the question which the excerpt answers."""


@dataclass(frozen=True)
class PickerWording:
    """What the picker finds a code by in one language."""

    name: str
    definition: str


@dataclass(frozen=True)
class PickerCode:
    """A code as the picker lists it."""

    guid: str
    key: str
    colour: str | None
    wordings: dict[str, PickerWording]


def make_screen(
    desk: Desk, excerpt_id: int, *, before: int = TURNS_AROUND, after: int = TURNS_AROUND
) -> Screen:
    """Put together the screen of an excerpt.

    Raises:
        RequestError: The excerpt is not in the coder's queue, or not in the transcript.
    """
    found = desk.read_excerpt(excerpt_id)
    version = desk.codebook(
        at_least=max((s.codebook_version for s in found.suggestions), default=0)
    )
    current = _find_current(found)
    place = [item.excerpt_id for item in found.items].index(excerpt_id)
    language = found.transcript.language or desk.study.settings.language
    window = open_window(
        found.transcript, found.turns, found.excerpts, current, before=before, after=after
    )
    marks = _marks(found, window.turns, version)
    basis = _find_basis(desk, found, current)
    groups = group_suggestions(found.suggestions, version, language, basis)
    return Screen(
        excerpt_id=excerpt_id,
        number=place + 1,
        n_excerpts=len(found.items),
        n_done=sum(item.is_done for item in found.items),
        interview_id=found.item.interview_id,
        interview=found.transcript.interview,
        language=language,
        model_version_id=found.item.model_version_id,
        **vars(window),
        before=before,
        after=after,
        marks=marks,
        groups=groups,
        codes=_names(groups, marks, version, language),
        state=marks.get(excerpt_id) or view_state(ExcerptState(), version),
        previous_id=_neighbour(found, place - 1),
        following_id=_neighbour(found, place + 1),
        next_open_id=found.next_open,
        n_owed=found.n_owed,
        asked=_find_asked(found, current),
    )


def view_state(state: ExcerptState, version: CodebookVersion) -> StateView:
    """Give a state with GUIDs for rows; a code of an older codebook is named by its row."""
    guids = {row: guid for guid, row in version.code_ids.items()}

    def name(rows: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(guids.get(row, f"code {row}") for row in rows)

    return StateView(
        given=name(state.given),
        rejected=name(state.rejected),
        passed_over=name(state.passed_over),
        is_done=state.is_done,
        is_unsure=state.is_unsure,
    )


def list_codes(version: CodebookVersion) -> list[PickerCode]:
    """List every code as the picker finds it: by name, key and definition in any language."""
    return [
        PickerCode(
            guid=code.guid,
            key=code.key,
            colour=code.colour,
            wordings={
                language: PickerWording(wording.name, wording.definition)
                for language, wording in code.wordings.items()
            },
        )
        for code in version.codebook.codes
    ]


def _find_current(found: OnDesk) -> Excerpt:
    current = next((e for e in found.excerpts if e.id == found.item.excerpt_id), None)
    if current is None:
        raise RequestError(
            409, f"excerpt {found.item.excerpt_id} is of an earlier cut of its interview."
        )
    return current


def _find_basis(desk: Desk, found: OnDesk, current: Excerpt) -> Basis:
    quotes = {
        excerpt_id: Quote(
            quote.interview, quote.language, quote.text, desk.name_codes_now(quote.given)
        )
        for excerpt_id, quote in found.quotes.items()
    }
    return Basis("" if found.have_words_moved else current.text, quotes)


def _find_asked(found: OnDesk, current: Excerpt) -> tuple[int, ...]:
    question = question_before(found.transcript.text, found.turns, current.span)
    if question is None:
        return ()
    return tuple(
        position
        for position, turn in enumerate(found.turns)
        if question.start_char <= turn.span.start_char < question.end_char
        and turn.role == INTERVIEWER
    )


def _marks(
    found: OnDesk, turns: tuple[TurnView, ...], version: CodebookVersion
) -> dict[int, StateView]:
    shown = {part.excerpt_id for turn in turns for part in turn.parts}
    return {
        excerpt_id: view_state(state, version)
        for excerpt_id, state in found.states.items()
        if excerpt_id in shown
    }


def _names(
    groups: tuple[ThemeGroup, ...],
    marks: dict[int, StateView],
    version: CodebookVersion,
    language: str,
) -> dict[str, CodeName]:
    names = name_codes(version, language)
    mentioned = {s.guid for group in groups for s in group.suggestions}
    mentioned |= {guid for mark in marks.values() for guid in mark.given}
    unknown = CodeName("A code of an earlier codebook", None)
    return {guid: names.get(guid, unknown) for guid in sorted(mentioned)}


def _neighbour(found: OnDesk, place: int) -> int | None:
    return found.items[place].excerpt_id if 0 <= place < len(found.items) else None
