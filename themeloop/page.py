"""The review page as it is served: where it listens, who may reach it there, and how it is told."""

import json
import shlex
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import click

from pipeline.server import find_free_port, require_free_port
from study.accounts import has_passwords
from study.errors import StudyError
from study.folder import Study
from study.page_settings import is_loopback

STOP_SECONDS = 5
EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Page:
    """The review page as it is served by a thread of this process."""

    address: str
    thread: threading.Thread


def require_guarded(study: Study) -> None:
    """Check that nobody on another machine reaches interviews unasked, or reads them on the way.

    Raises:
        StudyError: The page would listen for other machines without passwords or encryption.
    """
    settings = study.settings
    if bool(settings.page_certificate) != bool(settings.page_certificate_key):
        raise StudyError(
            "study.toml sets only one of page_certificate and page_certificate_key. Set both or "
            "neither."
        )
    if settings.page_certificate:
        _load_certificate(study)
    if is_loopback(settings.page_host):
        return
    with study.database.read() as connection:
        is_known = has_passwords(connection)
    if not (is_known and settings.is_encrypted):
        raise StudyError(
            f"page_host = '{settings.page_host}' lets other machines reach the page: that wants a "
            "password (themeloop coder password NAME) and encryption (page_certificate and "
            "page_certificate_key, or page_address). Set both, or take page_host away."
        )
    if settings.page_host in EVERYWHERE and not settings.page_address:
        raise StudyError(
            f"page_host = '{settings.page_host}' is every address of this machine. Say in "
            "page_address by which one people reach the page, such as https://coding.example:8640."
        )


@contextmanager
def serve_page(study: Study, note: IO[str]) -> Iterator[Page]:
    """Serve the review page from a thread, until left.

    Raises:
        StudyError: It did not start, or other machines would reach it unguarded.
    """
    import uvicorn  # noqa: PLC0415 - only who serves needs it

    from pipeline.gaps import find_gaps  # noqa: PLC0415
    from review.app import create_app  # noqa: PLC0415
    from review.security import LOOPBACK  # noqa: PLC0415

    require_guarded(study)
    port = _choose_port(study)
    hosts = (*LOOPBACK, study.settings.page_host.lower())
    app = create_app(study, find_gaps=find_gaps, hosts=hosts)
    server = uvicorn.Server(uvicorn.Config(app, **_options(study, port)))
    page = Page(_address(study, port), threading.Thread(target=server.run, daemon=True))
    page.thread.start()
    try:
        while not server.started:
            if not page.thread.is_alive():
                raise StudyError(f"The review page did not start on port {port}.")
            time.sleep(0.02)
        note.write(json.dumps({"page": page.address}))
        note.flush()
        _tell(study, page)
        yield page
    finally:
        server.should_exit = True
        page.thread.join(STOP_SECONDS)


def _tell(study: Study, page: Page) -> None:
    click.echo(f"Review page: {page.address}")
    with study.database.read() as connection:
        is_known = has_passwords(connection)
    settings = study.settings
    if not is_known and not (settings.open_without_password and settings.is_on_this_machine):
        name, folder = shlex.quote(settings.coder), shlex.quote(str(study.folder))
        click.echo(f"Nobody can sign in yet: themeloop coder password {name} --study {folder}")


def _options(study: Study, port: int) -> dict[str, Any]:
    settings = study.settings
    return {
        "host": settings.page_host,
        "port": port,
        "log_level": "warning",
        # A path is an id, but a log that nobody asked for is one more place to guard.
        "access_log": False,
        "timeout_graceful_shutdown": STOP_SECONDS,
        # Nobody but a proxy on this machine is believed when it says whom it asks for.
        "proxy_headers": bool(settings.page_address),
        "forwarded_allow_ips": "127.0.0.1,::1",
        "ssl_certfile": _file(study, settings.page_certificate),
        "ssl_keyfile": _file(study, settings.page_certificate_key),
    }


def _choose_port(study: Study) -> int:
    settings = study.settings
    if settings.is_on_this_machine:
        return find_free_port(settings.page_port)
    # Others know the page, or their proxy does, by this one.
    require_free_port(settings.page_port, "page_port")
    return settings.page_port


def _address(study: Study, port: int) -> str:
    settings = study.settings
    if settings.page_address:
        return settings.page_address.rstrip("/")
    scheme = "https" if settings.page_certificate else "http"
    host = settings.page_host.strip("[]")
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _file(study: Study, name: str) -> Path | None:
    return study.folder / name if name else None


def _load_certificate(study: Study) -> None:
    settings = study.settings
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            study.folder / settings.page_certificate,
            study.folder / settings.page_certificate_key,
            # Asked for on the terminal, nobody would answer it at the next start of the machine.
            password=lambda: "",
        )
    except (OSError, ValueError) as error:
        raise StudyError(
            f"page_certificate '{settings.page_certificate}' and page_certificate_key "
            f"'{settings.page_certificate_key}' cannot be used: expected PEM files that belong "
            "together, the key without a password. Mend them, or the two lines in study.toml."
        ) from error
