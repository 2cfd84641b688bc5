"""Asks what the codebook may miss, and makes a code where a person says that one is missing."""

from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.templating import Jinja2Templates

from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.frame import make_frame
from review.proposals import list_theme_names
from review.sent import Sent
from study.errors import StudyError
from study.folder import Study
from study.gap_wording import (
    MOST_SHOWN,
    NO_WORDS,
    QUESTION,
    count_gap,
    describe_basis,
    explain_none,
)
from study.gaps import Gap, Gaps, NewCode, make_code
from study.stance import may_show_agreement

FindGaps: TypeAlias = Callable[[Study, Collection[str]], Gaps]


class SentCode(Sent):
    """What a person calls a group and says that it means; gap_id is of what was on the screen."""

    gap_id: Annotated[str, Field(min_length=1, max_length=64)]
    key: Annotated[str, Field(max_length=100)]
    name: Annotated[str, Field(max_length=300)]
    definition: Annotated[str, Field(max_length=20_000)]
    theme: Annotated[str, Field(min_length=36, max_length=36)] | None = None


def make_gap_routes(templates: Jinja2Templates, find_gaps: FindGaps) -> APIRouter:
    """Make the routes that show the groups and make a code of one."""
    router = APIRouter()

    @router.get("/gaps")
    def show_gaps(request: Request, desk: AtDesk) -> Response:
        found = find_gaps(desk.study, list_shown(desk))
        context = {**make_frame(desk, request), **_show(found, desk)}
        return templates.TemplateResponse(request, "gaps.html", context)

    @router.post("/api/gaps")
    def take_code(desk: AtDesk, sent: SentCode) -> JSONResponse:
        gap = _find_gap(find_gaps(desk.study, list_shown(desk)), sent.gap_id)
        new = NewCode(sent.key, sent.name, sent.definition, theme=sent.theme)
        try:
            with desk.study.database.write() as connection:
                make_code(connection, new, gap, actor=desk.coder.name, now=desk.clock())
        except StudyError as error:
            raise RequestError(409, error.english, **error.values) from error
        # The picker offers it at once.
        version = desk.shelf.reread()
        code = version.codebook.codes[-1]
        return JSONResponse({"key": code.key, "guid": code.guid, "version": version.number})

    return router


def _show(found: Gaps, desk: Desk) -> dict[str, Any]:
    say, stance = desk.say, desk.study.settings.stance
    shown, n_more = found.gaps[:MOST_SHOWN], max(0, len(found.gaps) - MOST_SHOWN)
    tells_counts = may_show_agreement(stance)
    return {
        "question": say(QUESTION),
        "no_words": say(NO_WORDS),
        "gaps": [(gap, say.tell(count_gap(gap)) if tells_counts else "") for gap in shown],
        "n_more": n_more,
        "themes": list_theme_names(desk),
        "why_none": "" if shown else say.tell(explain_none(found, stance, say.language)),
        "basis": [say.tell(line) for line in describe_basis(found, stance, say.language)],
    }


def list_shown(desk: Desk) -> frozenset[str]:
    """Name the interviews of which this coder may see what others and the machine left open.

    While excerpts of one are owed blind, nothing of it is shown: neither that nothing is suggested
    for an excerpt, nor that another coder gave it no code.
    """
    progress, _ = desk.read_progress()
    if desk.is_commit_first:
        # That nothing is suggested for an excerpt is not to be known before one's own codes are.
        progress = [row for row in progress if row.n_done == row.n_excerpts]
    return frozenset(row.interview for row in progress) - desk.read_owing()


def _find_gap(found: Gaps, gap_id: str) -> Gap:
    for gap in found.gaps:
        if gap.id == gap_id:
            return gap
    raise RequestError(409, "the groups have changed since. Reload the page and look again.")
