"""What the page's scripts ask for and send, as JSON."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from review.actions import Outcome, SentAction, SentUndo, decide, undo
from review.desk import Desk
from review.errors import RequestError
from review.pages import Around, ExcerptId
from review.screens import TURNS_AROUND, list_codes, make_screen


def make_api(desk: Desk) -> APIRouter:
    """Make the routes that give JSON."""
    router = APIRouter()

    @router.get("/health")
    def tell_health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/api/codebook")
    def read_codebook() -> JSONResponse:
        return _json([asdict(code) for code in list_codes(desk.codebook())])

    @router.get("/api/excerpts/{excerpt_id}")
    def read_excerpt(
        excerpt_id: ExcerptId, before: Around = TURNS_AROUND, after: Around = TURNS_AROUND
    ) -> JSONResponse:
        return _json(asdict(make_screen(desk, excerpt_id, before=before, after=after)))

    @router.post("/api/actions")
    def take_action(sent: SentAction) -> JSONResponse:
        outcome = decide(desk, sent)
        # The next excerpt comes along: a second question would take as long again.
        return _json({**asdict(outcome), "next": _next_screen(desk, outcome)})

    @router.post("/api/undo")
    def take_undo(sent: SentUndo) -> JSONResponse:
        return _json(asdict(undo(desk, sent)))

    return router


def _next_screen(desk: Desk, outcome: Outcome) -> dict[str, Any] | None:
    if outcome.next_id is None:
        return None
    try:
        return asdict(make_screen(desk, outcome.next_id))
    except RequestError:
        # What was decided is stored; why the next cannot be shown is told when it is asked for.
        return None


def _json(content: Any) -> JSONResponse:  # noqa: ANN401 - whatever JSON can hold
    # Answered as it is: FastAPI would copy every turn of a transcript through its own encoder.
    return JSONResponse(content)
