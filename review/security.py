"""Lets only the study's own page talk to it, and nothing be kept or loaded elsewhere."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.errors import report_crash, tell_error
from review.languages import Speaker, choose_language

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
READING = ("GET", "HEAD")
# The longest memo in a script of four bytes a character is far shorter.
LONGEST_BODY = 1_000_000
OTHER_NAME = (
    "this page does not go by that name. Open it as 127.0.0.1 or localhost, or as page_address in "
    "study.toml says."
)
ELSEWHERE = "only the page itself may write."
TOO_LONG = "what was sent is too long. Nothing of it was stored."
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# A report styles itself and is shown as if it were of another origin: whatever lies in its folder
# runs nothing, sends nothing, and reads nothing of the study.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; sandbox"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers would then send a form, such as that for signing in, without saying
    # from where.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Refuses foreign hosts and cross-site writes, guards every answer, and holds every crash.

    Args:
        hosts: The names under which the page may be reached.
        address: Where a proxy serves it, if one does: the origin of what is written there.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str] = LOOPBACK, address: str = ""
    ) -> None:
        self.app = app
        self.origin = address.rstrip("/").lower()
        self.hosts = frozenset((*hosts, name_host(address))) if address else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                _guard_headers(message, scope["path"])
            await send(message)

        refusal = self._refuse(scope)
        try:
            await (refusal or self.app)(scope, receive, send_guarded)
        except Exception as error:
            # The web's edge: the server would log the message with whatever it holds.
            crash = report_crash(error, _speaker(scope))
            if not is_begun:
                await crash(scope, receive, send_guarded)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _without_port(host) not in self.hosts:
            # Another site's name that was made to point here could else read the study.
            return _refusal(scope, 400, OTHER_NAME)
        if scope["method"] in READING:
            return None
        here = (f"{scope['scheme']}://{host}".lower(), self.origin)
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in here:
            return _refusal(scope, 403, ELSEWHERE)
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            return _refusal(scope, 413, TOO_LONG)
        return None


def name_host(address: str) -> str:
    """Give the host of an address such as https://coding.example:8443, as Guard's hosts name it."""
    return _without_port(address.split("://", 1)[-1].rstrip("/"))


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdigit() else host.lower()


def _guard_headers(message: Message, path: str) -> None:
    headers = MutableHeaders(scope=message)
    is_report = headers.get("Content-Security-Policy") == REPORT_POLICY
    for name, value in HEADERS.items():
        headers[name] = value
    if is_report:
        headers["Content-Security-Policy"] = REPORT_POLICY
        # The HTML standard shows nothing that is in a sandbox and asks to be kept from its opener.
        del headers["Cross-Origin-Opener-Policy"]
    headers["Cache-Control"] = "no-cache" if path.startswith("/static/") else "no-store"


def _refusal(scope: Scope, status: int, english: str) -> Response:
    return tell_error(status, _speaker(scope)(english))


def _speaker(scope: Scope) -> Speaker:
    return Speaker(choose_language(Request(scope)))
