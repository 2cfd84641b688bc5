"""Takes in what the lead decides on provisional codes, and shows each as it stands then."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.templating import Jinja2Templates

from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.frame import make_frame
from review.proposals import list_codes, list_proposals, list_theme_names
from review.sent import Sent
from study.database import Connection
from study.errors import StudyError
from study.judged_proposals import accept_code, decline_code, merge_code, restore_code

Guid = Annotated[str, Field(min_length=36, max_length=36)]


class SentAcceptance(Sent):
    """How a provisional code comes into the codebook; theme by its GUID."""

    guid: Guid
    key: Annotated[str, Field(max_length=100)]
    name: Annotated[str, Field(max_length=300)]
    definition: Annotated[str, Field(max_length=20_000)]
    theme: Guid | None = None


class SentMerge(Sent):
    """Which code of the codebook takes a provisional one in."""

    guid: Guid
    into: Guid


class SentRefusal(Sent):
    """Why a provisional code is declined."""

    guid: Guid
    reason: Annotated[str, Field(max_length=5_000)]


class SentRestoring(Sent):
    """Which declined code is provisional again."""

    guid: Guid


def make_judging_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the routes by which a lead decides; each answers with the code as it stands then."""
    router = APIRouter()

    def show_anew(request: Request, desk: Desk, guid: str) -> JSONResponse:
        # What was decided is offered, or is no longer, from now on.
        version = desk.shelf.reread().number
        context = {
            **make_frame(desk, request),
            "each": next(view for view in list_proposals(desk) if view.code.guid == guid),
            "codes": list_codes(desk),
            "themes": list_theme_names(desk),
        }
        card = templates.get_template("proposal.html").render(context)
        return JSONResponse({"version": version, "card": card, "codes": context["codes"]})

    @router.post("/api/proposed-codes/accept")
    def take_acceptance(request: Request, desk: AtDesk, sent: SentAcceptance) -> JSONResponse:
        with _judge(desk, sent.guid) as connection:
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
        return show_anew(request, desk, sent.guid)

    @router.post("/api/proposed-codes/merge")
    def take_merge(request: Request, desk: AtDesk, sent: SentMerge) -> JSONResponse:
        with _judge(desk, sent.guid) as connection:
            merge_code(connection, sent.guid, into=sent.into, lead=desk.coder, now=desk.clock())
        return show_anew(request, desk, sent.guid)

    @router.post("/api/proposed-codes/decline")
    def take_refusal(request: Request, desk: AtDesk, sent: SentRefusal) -> JSONResponse:
        with _judge(desk, sent.guid) as connection:
            decline_code(
                connection, sent.guid, reason=sent.reason, lead=desk.coder, now=desk.clock()
            )
        return show_anew(request, desk, sent.guid)

    @router.post("/api/proposed-codes/restore")
    def take_restoring(request: Request, desk: AtDesk, sent: SentRestoring) -> JSONResponse:
        with _judge(desk, sent.guid) as connection:
            restore_code(connection, sent.guid, lead=desk.coder, now=desk.clock())
        return show_anew(request, desk, sent.guid)

    return router


@contextmanager
def _judge(desk: Desk, guid: str) -> Iterator[Connection]:
    if not desk.coder.is_lead:
        raise RequestError(403, "only a lead decides on provisional codes.")
    desk.shelf.reread()
    if guid not in {each.guid for each in desk.seen_proposed()}:
        # Or a lead who still codes blind what it was made of: they are told no more of it.
        raise RequestError(409, "Nobody has proposed such a code. Reload the page and look again.")
    with desk.study.database.write() as connection:
        try:
            yield connection
        except StudyError as error:
            raise RequestError(409, error.english, **error.values) from error
