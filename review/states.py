"""Where a coder stands with an excerpt, as the page is told it: codes by GUID, memos as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from review.desk import Desk
from study.database import Connection
from study.decisions import decisions_on
from study.excerpt_state import Decision, ExcerptState, find_undone
from study.memos import read_memos
from study.records import Span


@dataclass(frozen=True)
class PassageView:
    """A code that was given to words by themselves."""

    guid: str
    start_char: int
    end_char: int
    is_outside: bool


@dataclass(frozen=True)
class StateView:
    """Where the coder stands with an excerpt, codes by GUID.

    whole: Codes that the excerpt has as a whole, not by words in it alone.
    earlier: Where it began and ended before `bounds`, the latest last: what parting goes back to.
    last_action: What the next action on it is to be made after; empty where nothing was decided.
    """

    given: tuple[str, ...]
    whole: tuple[str, ...]
    rejected: tuple[str, ...]
    passed_over: tuple[str, ...]
    is_done: bool
    is_unsure: bool
    passages: tuple[PassageView, ...]
    bounds: Span | None
    earlier: tuple[Span, ...]
    memo: str
    last_action: str


def view_states(
    connection: Connection, desk: Desk, states: Mapping[int, ExcerptState]
) -> dict[int, StateView]:
    """Give states as the page is told them, by excerpt."""
    memos = read_memos(connection, {s.memo_id for s in states.values() if s.memo_id})
    views = {excerpt_id: view_state(state, desk, memos) for excerpt_id, state in states.items()}
    return tell_earlier(connection, desk, views)


def tell_earlier(
    connection: Connection, desk: Desk, views: Mapping[int, StateView]
) -> dict[int, StateView]:
    """Add where excerpts whose boundaries were moved began and ended before."""
    moved = [excerpt_id for excerpt_id, view in views.items() if view.bounds is not None]
    if not moved:
        return dict(views)
    histories = decisions_on(connection, moved)
    earlier = {each: _list_bounds(histories[each, desk.coder_id])[:-1] for each in moved}
    return {each: replace(view, earlier=earlier.get(each, ())) for each, view in views.items()}


def _list_bounds(history: Sequence[Decision]) -> tuple[Span, ...]:
    undone = find_undone(history)
    live = (each for each in history if each.action not in undone)
    return tuple(each.span for each in live if each.verdict == "bound" and each.span is not None)


def hide_codes(view: StateView) -> StateView:
    """Keep only how far an excerpt is: what was given beside it is not to sway a blind reading."""
    hidden = replace(view, given=(), whole=(), rejected=(), passed_over=(), passages=())
    return replace(hidden, memo="", bounds=None, earlier=())


def view_state(state: ExcerptState, desk: Desk, memos: Mapping[int, str]) -> StateView:
    """Give a state with GUIDs for rows; a code of an older codebook is named by its row."""
    guids = desk.shelf.guids()

    def name(rows: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(guids.get(row, f"code {row}") for row in rows)

    return StateView(
        given=name(state.given),
        whole=name(state.whole),
        rejected=name(state.rejected),
        passed_over=name(state.passed_over),
        is_done=state.is_done,
        is_unsure=state.is_unsure,
        passages=tuple(
            PassageView(
                guid=guids.get(each.code_id, f"code {each.code_id}"),
                start_char=each.span.start_char,
                end_char=each.span.end_char,
                is_outside=each.is_outside,
            )
            for each in state.passages
        ),
        bounds=state.bounds,
        earlier=(),
        memo=memos.get(state.memo_id or 0, ""),
        last_action=state.last_action or "",
    )
