"""What a request is answered with when it cannot be met: a number and ids, never any words."""

import logging
import traceback
from pathlib import Path
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.templating import Jinja2Templates

from study.errors import StudyError, ThemeloopError

log = logging.getLogger("review")

PHRASES = {
    404: "there is nothing at this address.",
    405: "this address does not take that.",
}
NOT_UNDERSTOOD = "422: the request is not one that this page sends. Reload the page."
BUSY = "503: the study is busy or cannot be read. Wait a moment; the page tries again by itself."


class RequestError(ThemeloopError):
    """A request cannot be met; the message holds ids only."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def add_error_handlers(app: FastAPI, templates: Jinja2Templates) -> None:
    """Answer every error with one line that holds nothing of the request or the study."""

    def answer(request: Request, status: int, line: str) -> Response:
        if _wants_page(request):
            return templates.TemplateResponse(
                request, "error.html", {"line": line}, status_code=status
            )
        return JSONResponse({"error": line}, status)

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestError)
        return answer(request, error.status, f"{error.status}: {error}")

    def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        phrase = PHRASES.get(error.status_code, "the request was refused.")
        return answer(request, error.status_code, f"{error.status_code}: {phrase}")

    def invalid(request: Request, _error: Exception) -> Response:
        # FastAPI's own answer repeats what was sent.
        return answer(request, 422, NOT_UNDERSTOOD)

    def busy(request: Request, _error: Exception) -> Response:
        return answer(request, 503, BUSY)

    app.add_exception_handler(RequestError, refused)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(StudyError, busy)


def report_crash(error: Exception) -> JSONResponse:
    """Log an unforeseen error by its kind and place, and answer with a number to find it by."""
    number = uuid4().hex[:8]
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    # Never the message: a database error's holds the values that were written.
    log.error("error %s: %s in %s", number, type(error).__name__, place)
    return JSONResponse({"error": f"500: something went wrong (error {number}, in the log)."}, 500)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
