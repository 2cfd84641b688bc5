"""Takes in the codes that coders make from passages, and what the lead decides on them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import pydantic
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.templating import Jinja2Templates

from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.frame import make_frame
from review.proposals import list_proposals
from review.recording import check_current, record, stand, tell
from review.sent import Milliseconds, Place, RowId, SentAction, SentVerdict
from study.acting import Part, list_verdicts
from study.database import Connection
from study.decisions import find_action
from study.errors import StudyError
from study.judged_proposals import accept_code, decline_code, merge_code, restore_code
from study.proposed_codes import ProposedCode, find_made_by, propose_code

Guid = Annotated[str, Field(min_length=36, max_length=36)]


class SentProposal(BaseModel):
    """A code that a coder makes from a passage, or from the whole excerpt.

    after, shown_ms: As of any action.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    excerpt_id: RowId
    name: Annotated[str, Field(max_length=300)]
    memo: Annotated[str, Field(max_length=20_000)] = ""
    start_char: Place | None = None
    end_char: Place | None = None
    version_id: RowId | None = None
    after: Annotated[str, Field(max_length=36)] | None = None
    shown_ms: Milliseconds | None = None

    @property
    def action(self) -> SentAction:
        """The action by which it is given."""
        given = SentVerdict(verdict="add", start_char=self.start_char, end_char=self.end_char)
        return SentAction(
            id=self.id,
            excerpt_id=self.excerpt_id,
            version_id=self.version_id,
            after=self.after,
            shown_ms=self.shown_ms,
            verdicts=(given,),
        )

    @pydantic.model_validator(mode="after")
    def _check_action(self) -> "SentProposal":
        assert self.action.verdicts
        return self


class SentAcceptance(BaseModel):
    """How a provisional code comes into the codebook; theme by its GUID."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guid: Guid
    key: Annotated[str, Field(max_length=100)]
    name: Annotated[str, Field(max_length=300)]
    definition: Annotated[str, Field(max_length=20_000)]
    theme: Guid | None = None


class SentMerge(BaseModel):
    """Which code of the codebook takes a provisional one in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guid: Guid
    into: Guid


class SentRefusal(BaseModel):
    """Why a provisional code is declined."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guid: Guid
    reason: Annotated[str, Field(max_length=5_000)]


class SentRestoring(BaseModel):
    """Which declined code is provisional again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guid: Guid


def make_proposed_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the routes of provisional codes."""
    router = APIRouter()

    @router.post("/api/proposed-codes")
    def take_proposal(desk: AtDesk, sent: SentProposal) -> JSONResponse:
        return JSONResponse(propose(desk, sent))

    @router.get("/proposed")
    def show_proposed(request: Request, desk: AtDesk) -> Response:
        book = desk.shelf.reread().codebook
        language = desk.say.language
        context = {
            **make_frame(desk, request),
            "proposals": list_proposals(desk),
            "codes": sorted((code.wording(language).name, code.guid) for code in book.codes),
            "themes": [(theme.wording(language).name, theme.guid) for theme in book.themes],
        }
        return templates.TemplateResponse(request, "proposed.html", context)

    @router.post("/api/proposed-codes/accept")
    def take_acceptance(desk: AtDesk, sent: SentAcceptance) -> JSONResponse:
        with _judge(desk) as connection:
            accept_code(
                connection,
                sent.guid,
                key=sent.key,
                name=sent.name,
                definition=sent.definition,
                theme=sent.theme,
                lead=desk.coder,
                now=desk.clock(),
            )
        return _tell_version(desk)

    @router.post("/api/proposed-codes/merge")
    def take_merge(desk: AtDesk, sent: SentMerge) -> JSONResponse:
        with _judge(desk) as connection:
            merge_code(connection, sent.guid, into=sent.into, lead=desk.coder, now=desk.clock())
        return _tell_version(desk)

    @router.post("/api/proposed-codes/decline")
    def take_refusal(desk: AtDesk, sent: SentRefusal) -> JSONResponse:
        with _judge(desk) as connection:
            decline_code(
                connection, sent.guid, reason=sent.reason, lead=desk.coder, now=desk.clock()
            )
        return _tell_version(desk)

    @router.post("/api/proposed-codes/restore")
    def take_restoring(desk: AtDesk, sent: SentRestoring) -> JSONResponse:
        with _judge(desk) as connection:
            restore_code(connection, sent.guid, lead=desk.coder, now=desk.clock())
        return _tell_version(desk)

    return router


def propose(desk: Desk, sent: SentProposal) -> dict[str, Any]:
    """Make a code of a passage and give it there; the same id again changes nothing.

    Raises:
        RequestError: The excerpt is not this coder's, or the name is that of a code already.
    """
    made, touched, is_new = _store(desk, sent)
    # The picker offers it at once, and the excerpt's state names it.
    desk.shelf.reread()
    with desk.study.database.read() as connection:
        ground = stand(connection, desk, sent.excerpt_id)
        outcome = tell(connection, desk, ground, touched=touched, is_new=is_new)
    return {**asdict(outcome), "next": None, "code": {"guid": made.guid, "name": made.name}}


def _store(desk: Desk, sent: SentProposal) -> tuple[ProposedCode, Sequence[int], bool]:
    action = str(sent.id)
    with desk.study.database.write() as connection:
        ground = stand(connection, desk, sent.excerpt_id)
        if find_action(connection, desk.coder_id, action) is not None:
            made = find_made_by(connection, desk.coder_id, action)
            if made is None:
                raise RequestError(
                    409, "action {action} was used before, for something else.", action=action
                )
            return made, (), False
        check_current(desk, sent.action, ground)
        try:
            made = propose_code(
                connection,
                coder_id=desk.coder_id,
                action=action,
                name=sent.name,
                memo=sent.memo,
                now=desk.clock(),
            )
        except StudyError as error:
            raise RequestError(409, error.english, **error.values) from error
        part = Part("add", made.code_id, span=sent.action.verdicts[0].span)
        verdicts = list_verdicts(connection, ground, [part])
        touched = record(connection, desk, ground, verdicts, action=action, shown_ms=sent.shown_ms)
        return made, touched, True


@contextmanager
def _judge(desk: Desk) -> Iterator[Connection]:
    if not desk.coder.is_lead:
        raise RequestError(403, "only a lead decides on provisional codes.")
    with desk.study.database.write() as connection:
        try:
            yield connection
        except StudyError as error:
            raise RequestError(409, error.english, **error.values) from error


def _tell_version(desk: Desk) -> JSONResponse:
    # What was decided is offered, or is no longer, from now on.
    return JSONResponse({"version": desk.shelf.reread().number})
