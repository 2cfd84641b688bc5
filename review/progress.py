"""Shows where the work stands: progress, what became of suggestions, and each one's pace."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.templating import Jinja2Templates

from review.charts import FRAME, choose_weeks, draw_lines
from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.figures import Figures, has_others, read_everybody, read_own, remember_shown
from review.frame import make_frame
from study.acceptance import LEAST_TOLD
from study.pace import LEAST_TOLD as LEAST_TIMED
from study.pace import WORDS_PER_MINUTE, Pace

Everybody = Annotated[int, Query(ge=0, le=1)]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
EVERYBODY = "/progress?everybody=1"
# The others are folded away below these.
N_CHARTS = 12
# A longer table is scrolled by itself.
MANY_ROWS = 40
# Of interviews; with fifty coders each is fifty cells.
ON_A_PAGE = 100
# Days that are told in words.
RECENT = 14


def make_progress_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the routes that tell where the work stands, as a page and as JSON."""
    router = APIRouter()

    @router.get("/progress")
    def show_progress(
        request: Request, desk: AtDesk, everybody: Everybody = 0, page: PageNumber = 1
    ) -> Response:
        now = desk.clock()
        figures = _read_figures(desk, everybody, now)
        if not figures.standing and not everybody and desk.coder.is_lead and has_others(desk):
            # A lead who codes nothing has nothing of their own to see.
            return RedirectResponse(EVERYBODY, 303)
        if not everybody:
            remember_shown(desk, figures.paces[desk.coder_id], now=now)
        context = {
            **make_frame(desk, request),
            **_show_standing(desk, figures, now, page=page),
            **_show_codes(figures),
            **_show_paces(figures),
            "is_everybody": bool(everybody),
            "may_switch": desk.coder.is_lead and (everybody or has_others(desk)),
            "figures": figures,
        }
        return templates.TemplateResponse(request, "progress.html", context)

    @router.get("/api/progress")
    def tell_progress(desk: AtDesk, everybody: Everybody = 0) -> JSONResponse:
        # A script that asks is no person who looks: nothing is noted as shown.
        return JSONResponse(jsonable_encoder(_read_figures(desk, everybody, desk.clock())))

    return router


def _read_figures(desk: Desk, everybody: int, now: datetime) -> Figures:
    if not everybody:
        return read_own(desk, now=now)
    if not desk.coder.is_lead:
        raise RequestError(403, "only a lead sees everybody's progress. Your own is at /progress.")
    return read_everybody(desk)


def _show_standing(desk: Desk, figures: Figures, now: datetime, *, page: int) -> dict[str, Any]:
    rows: dict[int, dict[str, Any]] = {}
    for each in figures.standing:
        row = rows.setdefault(each.interview_id, {"name": each.interview, "by": {}})
        row["by"][each.coder_id] = each
    n_pages = max(1, -(-len(rows) // ON_A_PAGE))
    page = min(page, n_pages)
    shown = list(rows)[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    unsure: dict[str, list[Any]] = {}
    for waiting in figures.unsure:
        unsure.setdefault(waiting.interview, []).append(waiting)
    return {
        "rows": {interview_id: rows[interview_id] for interview_id in shown},
        "n_rows": len(rows),
        "page": page,
        "n_pages": n_pages,
        "first": (page - 1) * ON_A_PAGE + 1,
        "is_long": len(shown) > MANY_ROWS,
        "unsure": unsure,
        "totals": {coder_id: _add_up(figures, coder_id) for coder_id in figures.coders},
        "tell_day": lambda at: tell_day(desk, at, now),
    }


def _add_up(figures: Figures, coder_id: int) -> dict[str, Any]:
    own = [each for each in figures.standing if each.coder_id == coder_id]
    return {
        "n_excerpts": sum(each.n_excerpts for each in own),
        "n_done": sum(each.n_done for each in own),
        "n_unsure": sum(each.n_unsure for each in own),
        "last_at": max((each.last_at for each in own if each.last_at), default=None),
    }


def _show_codes(figures: Figures) -> dict[str, Any]:
    shown = choose_weeks([code.weeks for code in figures.codes])
    charts = [(code, draw_lines(code.weeks, shown)) for code in figures.codes]
    mostly = [code for code in figures.codes if code.not_taken is not None]
    return {
        "frame": FRAME,
        "weeks": shown,
        "charts": charts[:N_CHARTS],
        "more_charts": charts[N_CHARTS:],
        # The surest first.
        "not_taken": sorted(mostly, key=lambda code: code.not_taken or (), reverse=True),
        "least_told": LEAST_TOLD,
    }


def _show_paces(figures: Figures) -> dict[str, Any]:
    return {
        "paces": [(name, figures.paces.get(coder_id)) for coder_id, name in figures.coders.items()],
        "no_pace": Pace(),
        "least_timed": LEAST_TIMED,
        "words_per_minute": WORDS_PER_MINUTE,
    }


def tell_day(desk: Desk, at: datetime, now: datetime) -> str:
    """Say how many days ago something was; a date where that is long ago."""
    n_days = (now.date() - at.date()).days
    if n_days > RECENT:
        return at.date().isoformat()
    if n_days > 1:
        return desk.say("{n} days ago", n=n_days)
    return desk.say("yesterday") if n_days == 1 else desk.say("today")
