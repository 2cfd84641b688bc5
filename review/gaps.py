"""Asks what the codebook may miss, and makes a code where a person says that one is missing."""

from collections.abc import Callable, Collection
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.templating import Jinja2Templates

from review.desk import Desk
from review.errors import RequestError
from study.errors import StudyError
from study.folder import Study
from study.gap_wording import (
    MOST_SHOWN,
    QUESTION,
    count_gap,
    describe_basis,
    explain_none,
)
from study.gaps import Gap, Gaps, NewCode, make_code
from study.stance import may_show_agreement

FindGaps: TypeAlias = Callable[[Study, Collection[str]], Gaps]


class SentCode(BaseModel):
    """What a person calls a group and says that it means; gap_id is of what was on the screen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gap_id: Annotated[str, Field(min_length=1, max_length=64)]
    key: Annotated[str, Field(max_length=100)]
    name: Annotated[str, Field(max_length=300)]
    definition: Annotated[str, Field(max_length=5_000)]


def make_gap_routes(desk: Desk, templates: Jinja2Templates, find_gaps: FindGaps) -> APIRouter:
    """Make the routes that show the groups and make a code of one."""
    router = APIRouter()
    settings = desk.study.settings

    @router.get("/gaps")
    def show_gaps(request: Request) -> Response:
        found = find_gaps(desk.study, list_shown(desk))
        stance = settings.stance
        context = {
            "study": settings.name,
            "is_synthetic": settings.is_synthetic,
            "question": QUESTION,
            "gaps": found.gaps[:MOST_SHOWN],
            "n_more": max(0, len(found.gaps) - MOST_SHOWN),
            "why_none": "" if found.gaps else explain_none(found, stance),
            "basis": describe_basis(found, stance),
            "count_gap": count_gap if may_show_agreement(stance) else None,
        }
        return templates.TemplateResponse(request, "gaps.html", context)

    @router.post("/api/gaps")
    def take_code(sent: SentCode) -> JSONResponse:
        gap = _find_gap(find_gaps(desk.study, list_shown(desk)), sent.gap_id)
        new = NewCode(sent.key, sent.name, sent.definition)
        try:
            with desk.study.database.write() as connection:
                make_code(connection, new, gap, actor=settings.coder, now=desk.clock())
        except StudyError as error:
            raise RequestError(409, str(error)) from error
        # The picker offers it at once.
        version = desk.reread_codebook()
        return JSONResponse({"key": version.codebook.codes[-1].key, "version": version.number})

    return router


def list_shown(desk: Desk) -> frozenset[str]:
    """Name the interviews of which this coder may see what others and the machine left open.

    While excerpts of one are owed blind, nothing of it is shown: neither that nothing is suggested
    for an excerpt, nor that another coder gave it no code.
    """
    progress, _ = desk.read_progress()
    return frozenset(row.interview for row in progress) - desk.read_owing()


def _find_gap(found: Gaps, gap_id: str) -> Gap:
    for gap in found.gaps:
        if gap.id == gap_id:
            return gap
    raise RequestError(409, "the groups have changed since. Reload the page and look again.")
