"""Stores an action on an excerpt, and tells where it led."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from review.desk import Desk, not_queued
from review.errors import RequestError
from review.sent import SentAction
from review.states import StateView, hide_codes, view_states
from study.acting import Ground, read_ground
from study.database import Connection
from study.decisions import Action, Verdict, read_state, record_action
from study.draws import find_owed
from study.errors import StudyError
from study.review_queue import first_open
from study.stance import name_suggestions
from study.transcripts import interview_of


@dataclass(frozen=True)
class Outcome:
    """Where excerpts stand after an action.

    excerpt_id: The one in hand; state is its own.
    touched: States of the others that the action was about, by excerpt.
    next_id: What follows an excerpt that is done; itself, where something is to be shown of it.
    """

    excerpt_id: int
    state: StateView
    touched: dict[int, StateView]
    is_new: bool
    next_id: int | None


def stand(connection: Connection, desk: Desk, excerpt_id: int) -> Ground:
    """Read what an action on an excerpt stands on.

    Raises:
        RequestError: The excerpt is not in this coder's queue.
    """
    is_first = desk.is_commit_first
    ground = read_ground(connection, desk.coder_id, excerpt_id, is_commit_first=is_first)
    if ground is None:
        raise not_queued(excerpt_id)
    return ground


def check_current(desk: Desk, sent: SentAction, ground: Ground) -> None:
    """Check that an action was made on the excerpt as it stands.

    Raises:
        RequestError: Something has changed since, or the words told are none.
    """
    excerpt_id = ground.item.excerpt_id
    may_be_last = (sent.after,) if isinstance(sent.after, str) else sent.after
    if may_be_last is not None and (ground.state.last_action or "") not in may_be_last:
        raise RequestError(
            409,
            "excerpt {n} was changed in another tab. It is shown as it stands now.",
            n=excerpt_id,
        )
    if sent.model_version_id not in (None, ground.item.model_version_id):
        many = name_suggestions(desk.study.settings.stance, language=desk.say.language)
        raise RequestError(
            409, "the {many} for excerpt {n} were renewed. Decide again.", many=many, n=excerpt_id
        )
    spans = [verdict.span for verdict in sent.verdicts if verdict.span is not None]
    if spans and sent.version_id != desk.name_version(ground.transcript):
        raise RequestError(
            409, "the words around excerpt {n} have changed. Look again.", n=excerpt_id
        )
    if any(span.end_char > len(ground.transcript.text) for span in spans):
        raise RequestError(422, "a stretch ends after the words of excerpt {n} do.", n=excerpt_id)


def record(
    connection: Connection,
    desk: Desk,
    ground: Ground,
    verdicts: Sequence[Verdict],
    *,
    action: str,
    shown_ms: int | None = None,
) -> tuple[int, ...]:
    """Store an action; give the excerpts beside the one in hand that it was about.

    Raises:
        RequestError: Its id was used for another excerpt.
    """
    main = verdicts[0].excerpt_id or ground.item.excerpt_id
    made = Action(
        id=action,
        coder_id=desk.coder_id,
        excerpt_id=main,
        verdicts=tuple(verdicts),
        is_assisted=ground.is_assisted,
        shown_ms=shown_ms,
    )
    try:
        record_action(connection, made, now=desk.clock())
    except StudyError as error:
        raise RequestError(409, error.english, **error.values) from error
    return tuple(sorted({v.excerpt_id for v in verdicts if v.excerpt_id is not None}))


def view_touched(
    connection: Connection, desk: Desk, main: int, others: Iterable[int]
) -> dict[int, StateView]:
    """Say where the excerpts of an action stand, by excerpt; blind, only how far the others are."""
    states = {
        excerpt_id: read_state(connection, desk.coder_id, excerpt_id)
        for excerpt_id in (main, *others)
    }
    views = view_states(connection, desk, states)
    if not find_owed(connection, desk.coder_id, interview_of(connection, main)):
        return views
    return {each: view if each == main else hide_codes(view) for each, view in views.items()}


def tell(
    connection: Connection,
    desk: Desk,
    ground: Ground,
    *,
    touched: Sequence[int] = (),
    is_new: bool = False,
    is_leaving: bool = False,
) -> Outcome:
    """Tell where an excerpt stands, and what follows where it was finished."""
    item = ground.item
    views = view_touched(connection, desk, item.excerpt_id, touched)
    next_id = None
    if is_leaving and not views[item.excerpt_id].is_done:
        next_id = item.excerpt_id
    elif is_leaving:
        following = first_open(connection, desk.coder_id, after=item)
        next_id = following.excerpt_id if following else None
    state = views.pop(item.excerpt_id)
    return Outcome(item.excerpt_id, state, views, is_new=is_new, next_id=next_id)
