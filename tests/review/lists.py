"""The pages that list codes and suggestions, read by whoever a request names; words are made up."""

from dataclasses import replace

import sqlalchemy as sa
from fastapi.testclient import TestClient
from starlette.templating import Jinja2Templates

from review.app import HERE, create_app
from review.bulk import make_bulk_routes
from review.errors import RequestError
from review.proposed import make_proposed_routes
from study import tables as t
from study.coders import list_coders
from study.folder import open_study
from study.transcripts import list_transcripts, read_excerpts
from tests.review.conftest import NOW, Page

AS = "x-coder"


class NameGate:
    """Lets in whom the request names; the coder of the settings where it names nobody."""

    def __init__(self, study):
        self.study = study

    def admit(self, request):
        wanted = request.headers.get(AS, self.study.settings.coder)
        with self.study.database.read() as connection:
            found = next((c for c in list_coders(connection) if c.name == wanted), None)
        if found is None:
            raise RequestError(403, "nobody of that name may enter.")
        return found

    def csrf_of(self, _request):
        return "synthetic-token"

    def is_signed_in(self, _request):
        return False


def make_app(study, **how):
    app = create_app(study, **how)
    room = app.state.room
    app.state.room = replace(room, gate=NameGate(study))
    templates = Jinja2Templates(HERE / "templates")
    paths = {getattr(route, "path", "") for route in app.routes}
    if "/proposed" not in paths:
        app.include_router(make_proposed_routes(templates))
    if "/pending" not in paths:
        app.include_router(make_bulk_routes(templates))
    return app


def open_lists(folder):
    """Open the page of a study's folder."""
    study = open_study(folder)
    app = make_app(study, clock=lambda: NOW, hosts=("testserver",))
    return Page(study, TestClient(app, headers={"X-Themeloop": "1"}))


def owe(page, interview):
    """Draw the first excerpt of an interview to be coded blind."""
    with page.study.database.write() as connection:
        transcript = next(e for e in list_transcripts(connection) if e.interview == interview)
        first = read_excerpts(connection, transcript)[0].id
        drawn = {"excerpt_id": first, "rate": 0.1, "is_drawn": True, "drawn_at": NOW}
        connection.execute(sa.insert(t.blind_draw).values(**drawn))


def let_bram_code_beside_the_lead(page):
    """Make anna a lead, and queue for bram, a coder, what is queued for her."""
    with page.study.database.write() as connection:
        connection.execute(sa.update(t.coder).values(role="lead"))
        bram = connection.execute(
            sa.insert(t.coder).values(name="bram", role="coder", is_reviewing=True, added_at=NOW)
        ).inserted_primary_key[0]
        items = connection.execute(sa.select(t.queue_item)).mappings().all()
        connection.execute(sa.insert(t.queue_item), [{**i, "coder_id": bram} for i in items])
