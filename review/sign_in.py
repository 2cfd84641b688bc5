"""The page on which a coder signs in; all that it tells a stranger is its own name."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.templating import Jinja2Templates

from review.errors import NOT_UNDERSTOOD, SIGN_IN, RequestError
from review.gate import Entry, Gate
from review.languages import Speaker, choose_language

SIGN_OUT = "/sign-out"
HOME = "/"
WRONG = "This name and this password do not go together."
WAIT_SECONDS = "Too many wrong attempts. Try again in {n} seconds."
WAIT_MINUTES = "Too many wrong attempts. Try again in {n} minutes."


async def read_form(request: Request) -> Mapping[str, str]:
    """Read the fields of a form that was sent.

    Raises:
        RequestError: It is none.
    """
    try:
        text = (await request.body()).decode()
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=10, errors="strict")
    except ValueError as error:
        raise RequestError(422, NOT_UNDERSTOOD) from error
    return {name: values[0] for name, values in fields.items()}


Form = Annotated[Mapping[str, str], Depends(read_form)]


def make_sign_in_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the routes that need nobody to be signed in."""
    router = APIRouter()

    @router.get(SIGN_IN)
    def show_form(request: Request, aim: Annotated[str, Query(alias="next")] = HOME) -> Response:
        gate: Gate = request.app.state.room.gate
        if gate.find(request) is not None:
            return RedirectResponse(choose_aim(aim), 303)
        context = {"can_enter": gate.can_anybody_enter(), "aim": choose_aim(aim)}
        return templates.TemplateResponse(request, "sign-in.html", _frame(request) | context)

    @router.post(SIGN_IN)
    def sign_in(request: Request, form: Form) -> Response:
        gate: Gate = request.app.state.room.gate
        name, aim = form.get("name", "").strip(), choose_aim(form.get("next", HOME))
        entry = gate.enter(request, name, form.get("password", ""))
        if entry.token is not None:
            answer = RedirectResponse(aim, 303)
            gate.give_cookie(answer, entry.token)
            return answer
        frame = _frame(request)
        context = {
            "can_enter": True,
            "aim": aim,
            "name": name,
            "line": _explain(entry, frame["say"]),
        }
        headers = {"Retry-After": str(entry.wait_seconds)} if entry.wait_seconds else None
        return templates.TemplateResponse(
            request,
            "sign-in.html",
            frame | context,
            status_code=429 if entry.wait_seconds else 401,
            headers=headers,
        )

    @router.post(SIGN_OUT)
    def sign_out(request: Request) -> Response:
        gate: Gate = request.app.state.room.gate
        gate.leave(request)
        answer = RedirectResponse(SIGN_IN, 303)
        gate.take_cookie(answer)
        return answer

    return router


def choose_aim(asked: str) -> str:
    """Give where a reader wanted to go, if that is on this page; else where a session begins."""
    # Browsers take a backslash for a slash and drop tabs and line breaks: //evil.example is a host.
    is_plain = asked.isprintable() and not any(mark in asked for mark in "\\ ")
    is_here = is_plain and asked.startswith("/") and not asked.startswith("//")
    if not is_here or urlsplit(asked).path in (SIGN_IN, SIGN_OUT):
        return HOME
    return asked


def _explain(entry: Entry, say: Speaker) -> str:
    if not entry.wait_seconds:
        return say(WRONG)
    if entry.wait_seconds < 100:
        return say(WAIT_SECONDS, n=entry.wait_seconds)
    return say(WAIT_MINUTES, n=-(-entry.wait_seconds // 60))


def _frame(request: Request) -> dict[str, Any]:
    say = Speaker(choose_language(request))
    return {"say": say, "language": say.language}
