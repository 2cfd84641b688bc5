"""Takes in what a key press decided: checked against what was on the screen, stored once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from review.desk import Desk
from review.errors import RequestError
from review.recording import Outcome, check_current, record, stand, tell, view_touched
from review.sent import ON_CODE, ON_SUGGESTION, SentAction, SentMemo, SentUndo, SentVerdict
from review.states import StateView
from study.acting import Ground, Part, list_verdicts, read_ground
from study.database import Connection
from study.decisions import (
    PAGE,
    Action,
    Verdict,
    decisions_on,
    excerpts_of,
    find_action,
    last_action,
    record_action,
)
from study.excerpt_state import Decision, find_undone
from study.memos import EXCERPT, store_memo
from study.records import Span, Suggestion
from study.suggestions import read_suggestions


@dataclass(frozen=True)
class Undone:
    """Which excerpt an undo was about and what it took back; None where nothing was left.

    touched: Where it and the others that the action was about stand now, by excerpt.
    """

    excerpt_id: int | None
    verdict: str | None
    is_new: bool
    touched: dict[int, StateView] = field(default_factory=dict)


@dataclass(frozen=True)
class _Codes:
    """Rows by GUID: of the codes that this coder may give, and of all that there ever were."""

    given: Mapping[str, int]
    ever: Mapping[str, int]


def decide(desk: Desk, sent: SentAction) -> Outcome:
    """Store what a key press decided; the same id again changes nothing.

    Raises:
        RequestError: It names what is not on this coder's screen.
    """
    codes = _find_codes(desk, sent)
    with desk.study.database.write() as connection:
        ground = stand(connection, desk, sent.excerpt_id)
        is_leaving = any(verdict.verdict == "done" for verdict in sent.verdicts)
        if known := excerpts_of(connection, desk.coder_id, str(sent.id)):
            _check_same(sent, known)
            # A retry: what it led to is told again.
            return tell(connection, desk, ground, touched=sorted(known), is_leaving=is_leaving)
        check_current(desk, sent, ground)
        suggestions = _read_suggestions(connection, ground)
        # As long as they are not on the screen, nothing can be decided on them.
        shown = suggestions if ground.is_assisted else []
        parts = [_check(codes, each, ground, shown) for each in sent.verdicts]
        verdicts = list_verdicts(connection, ground, parts)
        if is_leaving and suggestions and _is_committing(ground):
            verdicts = (*verdicts, Verdict("reopen", is_assisted=True))
        touched = record(
            connection, desk, ground, verdicts, action=str(sent.id), shown_ms=sent.shown_ms
        )
        return tell(connection, desk, ground, touched=touched, is_new=True, is_leaving=is_leaving)


def write_memo(desk: Desk, sent: SentMemo) -> Outcome:
    """Store a coder's memo on an excerpt, as an action that can be undone.

    Raises:
        RequestError: The excerpt is not in this coder's queue.
    """
    with desk.study.database.write() as connection:
        ground = stand(connection, desk, sent.excerpt_id)
        if find_action(connection, desk.coder_id, str(sent.id)) is not None:
            return tell(connection, desk, ground)
        memo_id = store_memo(
            connection,
            coder_id=desk.coder_id,
            subject=EXCERPT,
            subject_id=sent.excerpt_id,
            text=sent.text.strip(),
            now=desk.clock(),
        )
        verdicts = (Verdict("memo", memo_id=memo_id),)
        record(connection, desk, ground, verdicts, action=str(sent.id))
        return tell(connection, desk, ground, is_new=True)


def undo(desk: Desk, sent: SentUndo) -> Undone:
    """Take an action back: the one named, or else the coder's latest that still counts.

    The same id again takes back none; neither does a named one that does not count any more.

    Raises:
        RequestError: This coder made no such action.
    """
    with desk.study.database.write() as connection:
        before = find_action(connection, desk.coder_id, str(sent.id))
        if before is not None:
            others = excerpts_of(connection, desk.coder_id, str(sent.id)) - {before}
            touched = view_touched(connection, desk, before, others)
            return Undone(before, None, is_new=False, touched=touched)
        last = _find_undoable(connection, desk, sent)
        if last is None:
            return Undone(None, None, is_new=False)
        main = find_action(connection, desk.coder_id, last.action) or last.excerpt_id
        others = excerpts_of(connection, desk.coder_id, last.action) - {main}
        action = Action(
            id=str(sent.id),
            coder_id=desk.coder_id,
            excerpt_id=main,
            verdicts=tuple(
                Verdict("undo", excerpt_id=each, is_assisted=_is_assisted(connection, desk, each))
                for each in (main, *sorted(others))
            ),
            undoes=last.action,
        )
        record_action(connection, action, now=desk.clock())
        touched = view_touched(connection, desk, main, others)
    # A new code goes with its making, and comes back with it.
    desk.shelf.reread()
    return Undone(main, last.verdict, is_new=True, touched=touched)


def _find_undoable(connection: Connection, desk: Desk, sent: SentUndo) -> Decision | None:
    if sent.action is None:
        return last_action(connection, desk.coder_id)
    action = str(sent.action)
    excerpt_id = find_action(connection, desk.coder_id, action)
    if excerpt_id is None:
        raise RequestError(404, "action {action} is not one of yours.", action=action)
    history = decisions_on(connection, [excerpt_id])[excerpt_id, desk.coder_id]
    made = next(decision for decision in history if decision.action == action)
    # What a file brought is changed in the file.
    is_undoable = made.origin == PAGE and action not in find_undone(history)
    return made if is_undoable else None


def _is_assisted(connection: Connection, desk: Desk, excerpt_id: int) -> bool:
    is_first = desk.is_commit_first
    ground = read_ground(connection, desk.coder_id, excerpt_id, is_commit_first=is_first)
    # Of an earlier cut; what was on its screen then, nobody can say.
    return ground is None or ground.is_assisted


def _is_committing(ground: Ground) -> bool:
    return ground.is_commit_first and not ground.owed and not ground.state.was_done


def _read_suggestions(connection: Connection, ground: Ground) -> list[Suggestion]:
    model_id, excerpt_id = ground.item.model_version_id, ground.item.excerpt_id
    return read_suggestions(connection, model_id=model_id, excerpt_ids=[excerpt_id])


def _find_codes(desk: Desk, sent: SentAction) -> _Codes:
    named = {verdict.code_guid for verdict in sent.verdicts} - {None}
    given = desk.code_ids()
    if not named <= given.keys():
        desk.shelf.reread()
        given = desk.code_ids()
    return _Codes(given, desk.shelf.rows())


def _check_same(sent: SentAction, known: Collection[int]) -> None:
    # Words may be those of other excerpts than the one in hand.
    if sent.excerpt_id not in known and not any(verdict.span for verdict in sent.verdicts):
        raise RequestError(
            409, "action {action} was used before, for another excerpt.", action=sent.id
        )


def _check(
    known: _Codes, sent: SentVerdict, ground: Ground, suggestions: Sequence[Suggestion]
) -> Part:
    excerpt_id, guid = ground.item.excerpt_id, sent.code_guid
    # What was given once may be taken off, whatever has become of the code.
    codes = known.ever if sent.verdict == "remove" else known.given
    if sent.suggestion_id is not None:
        suggestion = next((s for s in suggestions if s.id == sent.suggestion_id), None)
        if suggestion is None:
            raise RequestError(
                404,
                "suggestion_id {id} is not one of excerpt {n}.",
                id=sent.suggestion_id,
                n=excerpt_id,
            )
        if guid not in (None, suggestion.code_guid):
            raise RequestError(422, "suggestion_id {id} is of another code.", id=suggestion.id)
        guid = suggestion.code_guid
    if sent.verdict in ON_SUGGESTION and sent.suggestion_id is None:
        raise RequestError(422, "'{verdict}' needs a suggestion_id.", verdict=sent.verdict)
    if (guid is not None) != (sent.verdict in ON_SUGGESTION + ON_CODE):
        raise RequestError(
            422, "'{verdict}' is about a code, or is not: send it so.", verdict=sent.verdict
        )
    if guid is not None and guid not in codes:
        raise RequestError(404, "the codebook has no such code (excerpt {n}).", n=excerpt_id)
    if sent.verdict == "bound" and not _touch(sent.span, ground.frame):
        raise RequestError(
            422, "excerpt {n} cannot be moved away from its own words.", n=excerpt_id
        )
    code_id = None if guid is None else codes[guid]
    return Part(sent.verdict, code_id, sent.suggestion_id, sent.span)


def _touch(span: Span | None, frame: Span) -> bool:
    return (
        span is not None and span.start_char < frame.end_char and frame.start_char < span.end_char
    )
