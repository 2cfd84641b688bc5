"""The coder's page as a web application over an open study."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from review.agreement import make_report_routes
from review.api import make_api
from review.desk import Desk
from review.errors import add_error_handlers
from review.gaps import FindGaps, make_gap_routes
from review.pages import make_pages
from review.runs import make_run_routes
from review.security import LOOPBACK, Guard
from study.clock import utc_now
from study.folder import Study

HERE = Path(__file__).parent


def create_app(
    study: Study,
    *,
    clock: Callable[[], datetime] = utc_now,
    hosts: Collection[str] = LOOPBACK,
    find_gaps: FindGaps | None = None,
) -> FastAPI:
    """Make the page for the coder whom the study's settings name.

    Args:
        hosts: The names under which it may be reached.
        find_gaps: Finds what the codebook misses; without it there is no such page.

    Raises:
        StudyError: Nobody of the name in the settings reviews.
    """
    desk = Desk(study, clock)
    templates = Jinja2Templates(HERE / "templates")
    # Its own documentation pages load scripts from elsewhere.
    app = FastAPI(title="themeloop", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, hosts=hosts)
    add_error_handlers(app, templates)
    app.include_router(make_pages(desk, templates))
    app.include_router(make_api(desk))
    app.include_router(make_run_routes(study))
    app.include_router(make_report_routes(desk, templates))
    templates.env.globals["has_gaps"] = find_gaps is not None
    if find_gaps is not None:
        app.include_router(make_gap_routes(desk, templates, find_gaps))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app
