"""Puts together what the page shows of one excerpt, as plain values that turn into JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from codebook.records import Code
from review.audio import find_address
from review.desk import Desk, OnDesk
from review.errors import RequestError
from review.reading import TurnView, open_window
from review.reasons import Basis, Quote
from review.states import StateView, hide_codes, tell_earlier, view_state
from review.wording import CodeName, ThemeGroup, first_themes, group_suggestions, name_codes
from study.excerpt_state import ExcerptState
from study.proposed_codes import DECLINED, MERGED, PROVISIONAL, ProposedCode
from study.records import Excerpt, Span
from study.transcripts import INTERVIEWER
from study.turns import question_before

TURNS_AROUND = 40


@dataclass(frozen=True)
class Screen:
    """One excerpt in its transcript, with what is suggested and what was decided.

    version_id: The transcript version in which stretches of words are told, as they stand.
    frame: Where the excerpt was cut, as the coder may have moved it in `state.bounds`.
    marks: Where the coder stands with each excerpt that is shown.
    upcoming: Excerpts that may be fetched ahead.
    is_committing: The coder's own codes come first; what is suggested is shown after.
    hides_codes: What the coder gave to other excerpts is not shown.
    asked: Positions of the turns that hold the question which the excerpt answers.
    audio: Where the interview's recording is; None where the study holds none.
    """

    excerpt_id: int
    number: int
    n_excerpts: int
    n_done: int
    interview_id: int
    interview: str
    language: str
    model_version_id: int
    version_id: str
    frame: Span
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
    upcoming: tuple[int, ...]
    is_committing: bool
    hides_codes: bool
    asked: tuple[int, ...]
    audio: str | None


@dataclass(frozen=True)
class PickerWording:
    """What the picker finds a code by in one language; theme: the first that it belongs to."""

    name: str
    definition: str
    theme: str = ""


@dataclass(frozen=True)
class PickerCode:
    """A code as the picker lists it; is_provisional until the lead decides on it."""

    guid: str
    key: str
    colour: str | None
    wordings: dict[str, PickerWording]
    is_provisional: bool = False


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
    marks = _marks(desk, found, window.turns)
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
        version_id=desk.name_version(found.transcript),
        frame=current.span,
        **vars(window),
        before=before,
        after=after,
        marks=marks,
        groups=groups,
        codes=_names(desk, groups, marks, language),
        state=marks.get(excerpt_id) or view_state(ExcerptState(), desk, {}),
        previous_id=_neighbour(found, place - 1),
        following_id=_neighbour(found, place + 1),
        next_open_id=found.next_open,
        upcoming=found.upcoming,
        is_committing=found.is_committing,
        hides_codes=found.n_owed > 0,
        asked=_find_asked(found, current),
        audio=find_address(desk.study.folder, found.item.interview_id, found.transcript.interview),
    )


def list_codes(desk: Desk) -> list[PickerCode]:
    """List every code as the picker finds it: by name, key and definition in any language."""
    book = desk.codebook().codebook
    languages = {language for code in book.codes for language in code.wordings}
    themes = {language: first_themes(book, language) for language in languages}
    listed = [
        PickerCode(code.guid, code.key, code.colour, _word(code, themes)) for code in book.codes
    ]
    return listed + [_list_proposed(each, desk) for each in desk.own_proposed()]


def _word(code: Code, themes: Mapping[str, Mapping[str, str]]) -> dict[str, PickerWording]:
    return {
        language: PickerWording(
            wording.name, wording.definition, themes[language].get(code.guid, "")
        )
        for language, wording in code.wordings.items()
    }


def _list_proposed(code: ProposedCode, desk: Desk) -> PickerCode:
    wording = PickerWording(code.name, code.memo)
    return PickerCode(code.guid, "", None, {desk.study.settings.language: wording}, True)


def _find_current(found: OnDesk) -> Excerpt:
    current = next((e for e in found.excerpts if e.id == found.item.excerpt_id), None)
    if current is None:
        raise RequestError(
            409, "excerpt {n} is of an earlier cut of its interview.", n=found.item.excerpt_id
        )
    return current


def _find_basis(desk: Desk, found: OnDesk, current: Excerpt) -> Basis:
    quotes = {
        excerpt_id: Quote(
            quote.interview, quote.language, quote.text, desk.shelf.name_codes_now(quote.given)
        )
        for excerpt_id, quote in found.quotes.items()
    }
    return Basis("" if found.have_words_moved else current.text, quotes, desk.say)


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


def _marks(desk: Desk, found: OnDesk, turns: tuple[TurnView, ...]) -> dict[int, StateView]:
    shown = {part.excerpt_id for turn in turns for part in turn.parts}
    views = {
        excerpt_id: view_state(state, desk, found.memos)
        for excerpt_id, state in found.states.items()
        if excerpt_id in shown
    }
    if any(view.bounds is not None for view in views.values()):
        with desk.study.database.read() as connection:
            views = tell_earlier(connection, desk, views)
    if not found.n_owed:
        return views
    # What was read around an excerpt is not to sway an independent reading.
    return {
        excerpt_id: view if excerpt_id == found.item.excerpt_id else hide_codes(view)
        for excerpt_id, view in views.items()
    }


def _names(
    desk: Desk, groups: tuple[ThemeGroup, ...], marks: dict[int, StateView], language: str
) -> dict[str, CodeName]:
    names = name_codes(desk.codebook(), language)
    proposed = {each.guid: _name_proposed(desk, each) for each in desk.shelf.proposed()}
    names = proposed | names
    mentioned = {s.guid for group in groups for s in group.suggestions}
    mentioned |= {guid for mark in marks.values() for guid in mark.given}
    mentioned |= {each.guid for mark in marks.values() for each in mark.passages}
    unknown = CodeName(desk.say("A code of an earlier codebook"), None)
    return {guid: names.get(guid, unknown) for guid in sorted(mentioned)}


def _name_proposed(desk: Desk, code: ProposedCode) -> CodeName:
    said = {
        PROVISIONAL: desk.say("{name} (provisional)", name=code.name),
        DECLINED: desk.say("{name} (declined)", name=code.name),
        MERGED: desk.say("{name} (merged into another code)", name=code.name),
    }
    return CodeName(said.get(code.state, code.name), None)


def _neighbour(found: OnDesk, place: int) -> int | None:
    return found.items[place].excerpt_id if 0 <= place < len(found.items) else None
