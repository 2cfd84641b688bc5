"""What the page's scripts ask for and send, as JSON."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from review.actions import decide, undo, write_memo
from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.pages import Around, ExcerptId
from review.recording import Outcome
from review.screens import TURNS_AROUND, list_codes, make_screen
from review.sent import SentAction, SentMemo, SentUndo


def make_api() -> APIRouter:
    """Make the routes that give JSON."""
    router = APIRouter()

    @router.get("/health")
    def tell_health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/api/session")
    def tell_session(request: Request, desk: AtDesk) -> JSONResponse:
        csrf = request.app.state.room.gate.csrf_of(request)
        return give_json({"coder": desk.owner, "csrf": csrf})

    @router.get("/api/codebook")
    def read_codebook(desk: AtDesk) -> JSONResponse:
        return give_json([asdict(code) for code in list_codes(desk)])

    @router.get("/api/excerpts/{excerpt_id}")
    def read_excerpt(
        desk: AtDesk,
        excerpt_id: ExcerptId,
        before: Around = TURNS_AROUND,
        after: Around = TURNS_AROUND,
    ) -> JSONResponse:
        return give_json(asdict(make_screen(desk, excerpt_id, before=before, after=after)))

    @router.post("/api/actions")
    def take_action(desk: AtDesk, sent: SentAction) -> JSONResponse:
        outcome = decide(desk, sent)
        # Whatever the page has not ready comes along: a second question would take as long again.
        following = None if sent.has_next else _next_screen(desk, outcome)
        return give_json({**asdict(outcome), "next": following})

    @router.post("/api/memos")
    def take_memo(desk: AtDesk, sent: SentMemo) -> JSONResponse:
        return give_json({**asdict(write_memo(desk, sent)), "next": None})

    @router.post("/api/undo")
    def take_undo(desk: AtDesk, sent: SentUndo) -> JSONResponse:
        return give_json(asdict(undo(desk, sent)))

    return router


def give_json(content: Any) -> JSONResponse:  # noqa: ANN401 - whatever JSON can hold
    """Answer with JSON as it is: FastAPI would copy every turn through its own encoder."""
    return JSONResponse(content)


def _next_screen(desk: Desk, outcome: Outcome) -> dict[str, Any] | None:
    if outcome.next_id is None:
        return None
    try:
        return asdict(make_screen(desk, outcome.next_id))
    except RequestError:
        # What was decided is stored; why the next cannot be shown is told when it is asked for.
        return None
