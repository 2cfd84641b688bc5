"""Where a coder stands with an excerpt, as the page is told it: codes by GUID, memos as text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from review.desk import Desk
from study.database import Connection
from study.excerpt_state import ExcerptState
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
    memo: str
    last_action: str


def view_states(
    connection: Connection, desk: Desk, states: Mapping[int, ExcerptState]
) -> dict[int, StateView]:
    """Give states as the page is told them, by excerpt."""
    memos = read_memos(connection, {s.memo_id for s in states.values() if s.memo_id})
    return {excerpt_id: view_state(state, desk, memos) for excerpt_id, state in states.items()}


def hide_codes(view: StateView) -> StateView:
    """Keep only how far an excerpt is: what was given beside it is not to sway a blind reading."""
    hidden = replace(view, given=(), whole=(), rejected=(), passed_over=(), passages=())
    return replace(hidden, memo="", bounds=None)


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
        memo=memos.get(state.memo_id or 0, ""),
        last_action=state.last_action or "",
    )
