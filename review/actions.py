"""Takes in what a key press decided: checked against what was on the screen, stored once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from review.desk import Desk, not_queued
from review.errors import RequestError
from review.screens import StateView, view_state
from study.codebooks import CodebookVersion
from study.decisions import (
    Action,
    Verdict,
    find_action,
    last_action,
    read_state,
    record_action,
)
from study.draws import find_owed
from study.errors import StudyError
from study.records import Suggestion
from study.review_queue import first_open, read_item
from study.stance import name_suggestions
from study.suggestions import read_suggestions
from study.transcripts import interview_of

# JavaScript counts no further, and no database's key does either.
RowId = Annotated[int, Field(ge=1, le=2**53 - 1)]
ON_SUGGESTION = ("accept", "reject", "pass_over")
ON_CODE = ("add", "remove")


class SentVerdict(BaseModel):
    """One part of an action as the page sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Literal["accept", "reject", "pass_over", "add", "remove", "done", "reopen", "unsure"]
    code_guid: Annotated[str, Field(max_length=36)] | None = None
    suggestion_id: RowId | None = None


class SentAction(BaseModel):
    """One key press; model_version_id is that of the suggestions on the screen, if it is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    excerpt_id: RowId
    model_version_id: RowId | None = None
    verdicts: Annotated[tuple[SentVerdict, ...], Field(min_length=1, max_length=64)]


class SentUndo(BaseModel):
    """One press of the undo key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID


@dataclass(frozen=True)
class Outcome:
    """Where an excerpt stands after an action; next_id follows an excerpt that is done."""

    excerpt_id: int
    state: StateView
    is_new: bool
    next_id: int | None


@dataclass(frozen=True)
class Undone:
    """Which excerpt an undo was about and what it took back; None where nothing was left."""

    excerpt_id: int | None
    verdict: str | None
    is_new: bool


def decide(desk: Desk, sent: SentAction) -> Outcome:
    """Store what a key press decided; the same id again changes nothing.

    Raises:
        RequestError: It names what is not on this coder's screen.
    """
    version = desk.codebook()
    if any(v.code_guid not in (None, *version.code_ids) for v in sent.verdicts):
        version = desk.reread_codebook()
    with desk.study.database.write() as connection:
        item = read_item(connection, desk.coder_id, sent.excerpt_id)
        if item is None:
            raise not_queued(sent.excerpt_id)
        if sent.model_version_id not in (None, item.model_version_id):
            names = name_suggestions(desk.study.settings.stance)
            raise RequestError(
                409, f"the {names} for excerpt {item.excerpt_id} were renewed. Decide again."
            )
        owed = find_owed(connection, desk.coder_id, item.interview_id)
        # As long as excerpts are owed blind, none is on the screen.
        suggestions = (
            []
            if owed
            else read_suggestions(
                connection, model_id=item.model_version_id, excerpt_ids=[item.excerpt_id]
            )
        )
        action = Action(
            id=str(sent.id),
            coder_id=desk.coder_id,
            excerpt_id=item.excerpt_id,
            verdicts=tuple(_check(v, item.excerpt_id, suggestions, version) for v in sent.verdicts),
            # Where nothing is owed blind, that nothing was suggested was on the screen, too.
            is_assisted=not owed,
        )
        try:
            is_new = record_action(connection, action, now=desk.clock())
        except StudyError as error:
            raise RequestError(409, str(error)) from error
        state = read_state(connection, desk.coder_id, item.excerpt_id)
        is_leaving = any(verdict.verdict == "done" for verdict in sent.verdicts)
        following = first_open(connection, desk.coder_id, after=item) if is_leaving else None
    next_id = following.excerpt_id if following else None
    return Outcome(item.excerpt_id, view_state(state, version), is_new, next_id)


def undo(desk: Desk, sent: SentUndo) -> Undone:
    """Take the coder's latest action back that still counts; the same id again takes back none."""
    with desk.study.database.write() as connection:
        before = find_action(connection, desk.coder_id, str(sent.id))
        if before is not None:
            return Undone(before, None, is_new=False)
        last = last_action(connection, desk.coder_id)
        if last is None:
            return Undone(None, None, is_new=False)
        interview_id = interview_of(connection, last.excerpt_id)
        action = Action(
            id=str(sent.id),
            coder_id=desk.coder_id,
            excerpt_id=last.excerpt_id,
            verdicts=(Verdict("undo"),),
            undoes=last.action,
            is_assisted=not find_owed(connection, desk.coder_id, interview_id),
        )
        record_action(connection, action, now=desk.clock())
    return Undone(last.excerpt_id, last.verdict, is_new=True)


def _check(
    sent: SentVerdict, excerpt_id: int, suggestions: Sequence[Suggestion], version: CodebookVersion
) -> Verdict:
    guid = sent.code_guid
    if sent.suggestion_id is not None:
        suggestion = next((s for s in suggestions if s.id == sent.suggestion_id), None)
        if suggestion is None:
            raise RequestError(
                404, f"suggestion_id {sent.suggestion_id} is not one of excerpt {excerpt_id}."
            )
        if guid not in (None, suggestion.code_guid):
            raise RequestError(422, f"suggestion_id {suggestion.id} is of another code.")
        guid = suggestion.code_guid
    if sent.verdict in ON_SUGGESTION and sent.suggestion_id is None:
        raise RequestError(422, f"'{sent.verdict}' needs a suggestion_id.")
    if (guid is not None) != (sent.verdict in ON_SUGGESTION + ON_CODE):
        raise RequestError(422, f"'{sent.verdict}' is about a code, or is not: send it so.")
    if guid is not None and guid not in version.code_ids:
        raise RequestError(404, f"the codebook has no such code (excerpt {excerpt_id}).")
    return Verdict(
        sent.verdict,
        code_id=None if guid is None else version.code_ids[guid],
        suggestion_id=sent.suggestion_id,
    )
