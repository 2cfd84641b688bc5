"""The pages themselves, as HTML: where a session begins, and one excerpt in its transcript."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.templating import Jinja2Templates

from review.desk import AtDesk
from review.frame import make_frame
from review.runs import read_run_state
from review.screens import TURNS_AROUND, make_screen
from review.sent import RowId
from review.whereabouts import tell_whereabouts
from study.page_keys import read_keys

ExcerptId = Annotated[RowId, Path()]
# A transcript of a whole day has fewer turns.
Around = Annotated[int, Query(ge=0, le=10_000)]


def make_pages(templates: Jinja2Templates) -> APIRouter:
    """Make the routes that give HTML."""
    router = APIRouter()

    @router.get("/")
    def show_interviews(request: Request, desk: AtDesk) -> Response:
        progress, waiting = desk.read_progress()
        if progress:
            # The page that a session begins with is where a changed codebook is noticed.
            desk.shelf.reread()
        totals = {
            "n_excerpts": sum(row.n_excerpts for row in progress),
            "n_done": sum(row.n_done for row in progress),
        }
        run = read_run_state(desk.study, desk.say)
        shown = {
            "progress": progress,
            "waiting": waiting,
            "run": run,
            "whereabouts": tell_whereabouts(desk.study, desk.say),
        }
        context = {**make_frame(desk, request), **totals, **shown}
        return templates.TemplateResponse(request, "interviews.html", context)

    @router.get("/interviews/{interview_id}")
    def enter_interview(desk: AtDesk, interview_id: ExcerptId) -> Response:
        return RedirectResponse(f"/excerpts/{desk.find_start(interview_id)}", 303)

    @router.get("/excerpts/{excerpt_id}")
    def show_excerpt(
        request: Request,
        desk: AtDesk,
        excerpt_id: ExcerptId,
        before: Around = TURNS_AROUND,
        after: Around = TURNS_AROUND,
    ) -> Response:
        screen = make_screen(desk, excerpt_id, before=before, after=after)
        keys = json.dumps(read_keys(desk.study.settings.page_keys))
        context = {**make_frame(desk, request), "screen": asdict(screen), "keys": keys}
        return templates.TemplateResponse(request, "excerpt.html", context)

    return router
