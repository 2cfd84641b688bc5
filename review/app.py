"""The coder's page as a web application over an open study."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from review.agreement import make_report_routes
from review.api import make_api
from review.audio import make_audio_routes
from review.bulk import make_bulk_routes
from review.code_pages import make_code_routes
from review.desk import Room
from review.errors import add_error_handlers
from review.gaps import FindGaps, make_gap_routes
from review.gate import Gate
from review.languages import make_language_routes
from review.memo_notes import make_note_routes
from review.pages import make_pages
from review.progress import make_progress_routes
from review.proposed import make_proposed_routes
from review.runs import make_run_routes
from review.search import make_search_routes
from review.security import LOOPBACK, Guard
from review.shelf import Shelf
from review.sign_in import make_sign_in_routes
from study.clock import utc_now
from study.folder import Study

HERE = Path(__file__).parent
WITHOUT_TEMPLATES = (
    make_api,
    make_run_routes,
    make_audio_routes,
    make_note_routes,
    make_language_routes,
)
WITH_TEMPLATES = (
    make_sign_in_routes,
    make_pages,
    make_report_routes,
    make_search_routes,
    make_code_routes,
    make_proposed_routes,
    make_bulk_routes,
    make_progress_routes,
)


def create_app(
    study: Study,
    *,
    clock: Callable[[], datetime] = utc_now,
    hosts: Collection[str] = LOOPBACK,
    find_gaps: FindGaps | None = None,
) -> FastAPI:
    """Make the page for the study's coders.

    Args:
        hosts: The names under which it may be reached.
        find_gaps: Finds what the codebook misses; without it there is no such page.
    """
    templates = Jinja2Templates(HERE / "templates")
    # Its own documentation pages load scripts from elsewhere.
    app = FastAPI(title="themeloop", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.room = Room(study, clock, Shelf(study), Gate(study))
    app.add_middleware(Guard, hosts=hosts, address=study.settings.page_address)
    add_error_handlers(app, templates)
    for make_router in WITHOUT_TEMPLATES:
        app.include_router(make_router())
    for make_routes in WITH_TEMPLATES:
        app.include_router(make_routes(templates))
    templates.env.globals["has_gaps"] = find_gaps is not None
    if find_gaps is not None:
        app.include_router(make_gap_routes(templates, find_gaps))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app
