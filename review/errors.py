"""What a request is answered with when it cannot be met: a number and ids, never any words."""

import logging
import traceback
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.templating import Jinja2Templates

from review.languages import ENGLISH_SPEAKER, Speaker, choose_language
from review.sent import UNSTORABLE
from study.errors import StudyError, ThemeloopError

log = logging.getLogger("review")

SIGN_IN = "/sign-in"
PHRASES = {
    404: "there is nothing at this address.",
    405: "this address does not take that.",
}
REFUSED = "the request was refused."
NOT_UNDERSTOOD = "the request is not one that this page sends. Reload the page."
CANNOT_STORE = (
    "the text contains a character that cannot be stored: half of an emoji, or an invisible one "
    "(U+0000). Take it out and send it again; nothing of it was stored."
)
NOT_SIGNED_IN = "you are not signed in, or no longer. Open the page anew and sign in."
OTHER_READER = "this page was opened under another sign-in. Reload it."
BUSY = "the study is busy or cannot be read. Wait a moment; the page tries again by itself."
CRASHED = "something went wrong (error {number}, in the log)."


class RequestError(ThemeloopError):
    """A request cannot be met; the message holds ids only.

    Args:
        english: A sentence of the page, as it stands in the catalogue.
        values: What goes into its {places}.
    """

    def __init__(self, status: int, english: str, **values: object) -> None:
        super().__init__(english.format(**values) if values else english)
        self.status = status
        self.code = name_status(status)
        self.english = english
        self.values = values


class NotSignedInError(RequestError):
    """Nobody is signed in who may see this."""

    def __init__(self) -> None:
        super().__init__(401, NOT_SIGNED_IN)


class OtherReaderError(RequestError):
    """The page that asks is another reader's, or of an earlier sign-in of the same one."""

    def __init__(self) -> None:
        super().__init__(403, OTHER_READER)
        self.code = "other_reader"


def name_status(status: int) -> str:
    """Name a status for the page's scripts, which read no sentences."""
    return HTTPStatus(status).name.lower()


def tell_error(status: int, line: str, code: str = "") -> JSONResponse:
    """Answer a script: a line for a person, and for the script a code."""
    return JSONResponse({"error": f"{status}: {line}", "code": code or name_status(status)}, status)


def add_error_handlers(app: FastAPI, templates: Jinja2Templates) -> None:
    """Answer every error with one line that holds nothing of the request or the study."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestError)
        say = Speaker(choose_language(request))
        said = say(error.english, **error.values)
        if not wants_page(request):
            return tell_error(error.status, said, error.code)
        context = {"line": f"{error.status}: {said}", "say": say, "language": say.language}
        status = error.status
        return templates.TemplateResponse(request, "error.html", context, status_code=status)

    def sign_in_needed(request: Request, error: Exception) -> Response:
        if request.method == "GET" and wants_page(request):
            return RedirectResponse(f"{SIGN_IN}?next={quote(_path_of(request), safe='')}", 303)
        return refused(request, error)

    def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        phrase = PHRASES.get(error.status_code, REFUSED)
        return refused(request, RequestError(error.status_code, phrase))

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        # FastAPI's own answer repeats what was sent.
        is_sign = any(each["type"] == UNSTORABLE for each in error.errors())
        return refused(request, RequestError(422, CANNOT_STORE if is_sign else NOT_UNDERSTOOD))

    def busy(request: Request, _error: Exception) -> Response:
        return refused(request, RequestError(503, BUSY))

    app.add_exception_handler(RequestError, refused)
    app.add_exception_handler(NotSignedInError, sign_in_needed)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(StudyError, busy)


def report_crash(error: Exception, say: Speaker = ENGLISH_SPEAKER) -> JSONResponse:
    """Log an unforeseen error by its kind and place, and answer with a number to find it by."""
    number = uuid4().hex[:8]
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    # Never the message: a database error's holds the values that were written.
    log.error("error %s: %s in %s", number, type(error).__name__, place)
    return tell_error(500, say(CRASHED, number=number))


def wants_page(request: Request) -> bool:
    """Tell whether a person's browser asks, not one of the page's scripts."""
    return "text/html" in request.headers.get("accept", "")


def _path_of(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
