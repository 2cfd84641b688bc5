"""Takes in the codes that coders make from passages, and shows what became of them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import pydantic
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.templating import Jinja2Templates

from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.figures import has_others
from review.frame import make_frame
from review.judging import make_judging_routes
from review.proposals import list_codes, list_proposals, list_theme_names
from review.recording import check_current, record, stand, tell
from review.sent import Milliseconds, Place, RowId, Sent, SentAction, SentVerdict, VersionName
from study.acting import Part, list_verdicts
from study.decisions import find_action
from study.errors import StudyError
from study.proposed_codes import ProposedCode, find_made_by, propose_code


class SentProposal(Sent):
    """A code that a coder makes from a passage, or from the whole excerpt.

    after, shown_ms: As of any action.
    """

    id: UUID
    excerpt_id: RowId
    name: Annotated[str, Field(max_length=300)]
    memo: Annotated[str, Field(max_length=20_000)] = ""
    start_char: Place | None = None
    end_char: Place | None = None
    version_id: VersionName | None = None
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


def make_proposed_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the routes of provisional codes."""
    router = APIRouter()
    router.include_router(make_judging_routes(templates))

    @router.post("/api/proposed-codes")
    def take_proposal(desk: AtDesk, sent: SentProposal) -> JSONResponse:
        return JSONResponse(propose(desk, sent))

    @router.get("/proposed")
    def show_proposed(request: Request, desk: AtDesk) -> Response:
        desk.shelf.reread()
        context = {
            **make_frame(desk, request),
            "proposals": list_proposals(desk),
            "codes": list_codes(desk),
            "themes": list_theme_names(desk),
            # Whether there is any such code is not told.
            "may_be_hidden": desk.coder.is_lead and has_others(desk) and bool(desk.read_owing()),
        }
        return templates.TemplateResponse(request, "proposed.html", context)

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
