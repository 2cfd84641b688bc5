"""Lets only this machine's own page talk to the study, and nothing be kept or loaded elsewhere."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.errors import report_crash

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
READING = ("GET", "HEAD")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
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
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Refuses foreign hosts and cross-site writes, guards every answer, and holds every crash."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] = LOOPBACK) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

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
            crash = report_crash(error)
            if not is_begun:
                await crash(scope, receive, send_guarded)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _without_port(host) not in self.hosts:
            # Another site's name that was made to point here could else read the study.
            return _refusal(400, "this page is reached as 127.0.0.1 or localhost only.")
        if scope["method"] in READING:
            return None
        origin = headers.get("origin")
        is_foreign = origin is not None and origin != f"{scope['scheme']}://{host}"
        if is_foreign or headers.get("x-themeloop") != "1":
            return _refusal(403, "only the page itself may write.")
        return None


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


def _refusal(status: int, line: str) -> JSONResponse:
    return JSONResponse({"error": f"{status}: {line}"}, status)
