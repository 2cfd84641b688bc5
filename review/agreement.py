"""Shows the latest report of agreement, as it lies in the study's folder."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from review.desk import AtDesk, Desk
from review.frame import make_frame
from review.security import REPORT_POLICY
from study.reports import latest_report, read_named_interviews
from study.stance import may_show_agreement

NOT_SHOWN = (
    "This study is reflexive: how alike two readings are says nothing of their quality, so no "
    "agreement is measured."
)
NONE_YET = "There is no report yet. Whoever looks after the study makes one with this command:"
STILL_BLIND = (
    "The report names excerpts, and what others gave them, of interviews in which you have "
    "excerpts to code blind. Code these first; the report waits until then. Who does not code here "
    "finds it in the folder 'reports' of the study."
)


def make_report_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the route that gives the latest report, or says why there is none."""
    router = APIRouter()

    @router.get("/agreement")
    def show_report(request: Request, desk: AtDesk) -> Response:
        line = _why_not(desk)
        report = None if line else latest_report(desk.study)
        try:
            page = report.read_bytes() if report else None
        except OSError:
            # It was deleted in between.
            page = None
        if page is not None:
            return HTMLResponse(page, headers={"Content-Security-Policy": REPORT_POLICY})
        context = {
            **make_frame(desk, request),
            "line": line or desk.say(NONE_YET),
            "command": "" if line else "themeloop report",
        }
        return templates.TemplateResponse(request, "agreement.html", context)

    return router


def _why_not(desk: Desk) -> str:
    """Say why the coder is shown no report; empty where one may be shown."""
    if not may_show_agreement(desk.study.settings.stance):
        return desk.say(NOT_SHOWN)
    owing, report = desk.read_owing(), latest_report(desk.study)
    if not owing or report is None:
        return ""
    named = read_named_interviews(report)
    return desk.say(STILL_BLIND) if named is None or named & owing else ""
