"""The pages themselves: which interviews there are, and one excerpt in its transcript."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.templating import Jinja2Templates

from review.actions import RowId
from review.desk import Desk
from review.runs import read_run_state
from review.screens import TURNS_AROUND, make_screen
from review.wording import choose_words
from study.stance import may_show_agreement

ExcerptId = Annotated[RowId, Path()]
# A transcript of a whole day has fewer turns.
Around = Annotated[int, Query(ge=0, le=10_000)]


def make_pages(desk: Desk, templates: Jinja2Templates) -> APIRouter:
    """Make the routes that give HTML."""
    router = APIRouter()
    settings = desk.study.settings
    frame = {
        "study": settings.name,
        "coder": settings.coder,
        "is_synthetic": settings.is_synthetic,
        "words": asdict(choose_words(settings.stance)),
        "shows_agreement": may_show_agreement(settings.stance),
    }

    @router.get("/")
    def show_interviews(request: Request) -> Response:
        progress, waiting = desk.read_progress()
        if progress:
            # The page that a session begins with is where a changed codebook is noticed.
            desk.reread_codebook()
        totals = {
            "n_excerpts": sum(row.n_excerpts for row in progress),
            "n_done": sum(row.n_done for row in progress),
        }
        shown = {"progress": progress, "waiting": waiting, "run": read_run_state(desk.study)}
        context = {**frame, **totals, **shown}
        return templates.TemplateResponse(request, "interviews.html", context)

    @router.get("/interviews/{interview_id}")
    def enter_interview(interview_id: ExcerptId) -> Response:
        return RedirectResponse(f"/excerpts/{desk.find_start(interview_id)}", 303)

    @router.get("/excerpts/{excerpt_id}")
    def show_excerpt(
        request: Request,
        excerpt_id: ExcerptId,
        before: Around = TURNS_AROUND,
        after: Around = TURNS_AROUND,
    ) -> Response:
        screen = make_screen(desk, excerpt_id, before=before, after=after)
        context = {**frame, "screen": asdict(screen)}
        return templates.TemplateResponse(request, "excerpt.html", context)

    return router
