"""Lets in who may use the page, and says as whom."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

from review.attempts import Attempts
from review.errors import NotSignedInError, OtherReaderError, RequestError
from review.security import READING
from study.accounts import (
    LASTS,
    SEEN_EVERY,
    SignIn,
    begin_sign_in,
    check_password,
    end_sign_in,
    find_sign_in,
    has_passwords,
    note_seen,
)
from study.coders import LEAD, Coder, find_named
from study.database import Connection
from study.errors import StudyError
from study.folder import Study

CSRF_HEADER = "x-csrf-token"
READER_HEADER = "x-themeloop-reader"
LONGEST_KEPT = 200
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host")


def name_reader(study: Study, coder_id: int) -> str:
    """Name whose a page is, and what a browser keeps, without a name."""
    return study.keyed_hash(f"owner\x1f{coder_id}")[:16]


@dataclass(frozen=True)
class Admitted:
    """Who is let in; sign_in is None in a study that is open without a password."""

    coder: Coder
    csrf: str
    sign_in: SignIn | None = None


@dataclass(frozen=True)
class Entry:
    """What came of a name and a password: a token, or else how many seconds to wait."""

    token: str | None = None
    wait_seconds: int = 0


class Gate:
    """Who may enter: who is signed in, or the one coder of a study that is open."""

    def __init__(self, study: Study) -> None:
        self.study = study
        # Cookies are a machine's, whatever the port: two studies on it have two names.
        name = f"themeloop-{study.keyed_hash('cookie')[:12]}"
        self.cookie = f"__Host-{name}" if study.settings.is_encrypted else name
        self._attempts = Attempts()
        self._one_at_a_time = Lock()

    def admit(self, request: Request) -> Coder:
        """Say who asks.

        Raises:
            NotSignedInError: Nobody who is known.
            RequestError: Something would be written that the reader's own page did not send.
        """
        admitted = self.find(request)
        if admitted is None:
            raise NotSignedInError
        meant = request.headers.get(READER_HEADER)
        if meant is not None and meant != name_reader(self.study, admitted.coder.id):
            # Whoever signs in beside an open page is neither shown it nor decides in its name.
            raise OtherReaderError
        sent = request.headers.get(CSRF_HEADER, "").encode()
        if request.method not in READING and not secrets.compare_digest(
            sent, admitted.csrf.encode()
        ):
            raise OtherReaderError
        request.state.admitted = admitted
        return admitted.coder

    def csrf_of(self, request: Request) -> str:
        """Give what the page of a reader who was let in sends along with whatever it writes."""
        admitted: Admitted = request.state.admitted
        return admitted.csrf

    def is_signed_in(self, request: Request) -> bool:
        """Tell whether a reader who was let in can sign out: not where the study is open."""
        admitted: Admitted = request.state.admitted
        return admitted.sign_in is not None

    def can_anybody_enter(self) -> bool:
        """Tell whether anybody has a password, or needs none."""
        with self.study.database.read() as connection:
            return self._is_open(connection) or has_passwords(connection)

    def find(self, request: Request) -> Admitted | None:
        """Find who asks; None where nobody does who is known."""
        now: datetime = request.app.state.room.clock()
        token = request.cookies.get(self.cookie)
        with self.study.database.read() as connection:
            signed = find_sign_in(connection, token, now=now) if token else None
            if signed is None:
                return self._find_only(connection, request)
        self._note_seen(signed, now)
        return Admitted(signed.coder, signed.csrf, signed)

    def enter(self, request: Request, name: str, password: str) -> Entry:
        """Sign in whoever knows a name and its password, in place of who was signed in before."""
        now: datetime = request.app.state.room.clock()
        address = request.client.host if request.client else ""
        sources = (f"name {name[:LONGEST_KEPT]}", f"address {address}")
        # One after the other: a thousand guesses at once would else be counted when all are made,
        # and each takes 64 MB.
        with self._one_at_a_time:
            if wait := self._attempts.tell_wait(sources, now=now):
                return Entry(wait_seconds=wait)
            token = self._open(name, password, now)
            if token is None:
                self._attempts.note_failure(sources, now=now)
                return Entry(wait_seconds=self._attempts.tell_wait(sources, now=now))
            self._attempts.forget(sources)
        self.leave(request)
        return Entry(token)

    def leave(self, request: Request) -> None:
        """Sign out who asks, if anybody is signed in."""
        if token := request.cookies.get(self.cookie):
            with self.study.database.write() as connection:
                end_sign_in(connection, token, now=request.app.state.room.clock())

    def give_cookie(self, response: Response, token: str) -> None:
        """Let the reader's browser keep who is signed in, out of every script's reach."""
        response.set_cookie(
            self.cookie,
            token,
            max_age=int(LASTS.total_seconds()),
            path="/",
            secure=self.study.settings.is_encrypted,
            httponly=True,
            samesite="strict",
        )

    def take_cookie(self, response: Response) -> None:
        """Let the reader's browser forget who was signed in."""
        response.delete_cookie(
            self.cookie,
            path="/",
            secure=self.study.settings.is_encrypted,
            httponly=True,
            samesite="strict",
        )

    def _open(self, name: str, password: str, now: datetime) -> str | None:
        with self.study.database.read() as connection:
            checked = check_password(connection, name, password)
        if checked is None:
            return None
        with self.study.database.write() as connection:
            return begin_sign_in(connection, checked, password, now=now)

    def _find_only(self, connection: Connection, request: Request) -> Admitted | None:
        # What was forwarded comes from another machine, whatever the settings know of it.
        if any(name in request.headers for name in FORWARDED) or not self._is_open(connection):
            return None
        coder = find_named(connection, self.study.settings.coder)
        if coder is None or not coder.is_reviewing:
            raise RequestError(404, "nothing is queued yet. Run 'themeloop suggest', then reload.")
        only = Coder(coder.id, coder.name, LEAD, coder.is_reviewing)
        # The same after a restart: a page that waited for it can send what it held.
        return Admitted(only, self.study.keyed_hash("csrf"))

    def _is_open(self, connection: Connection) -> bool:
        settings = self.study.settings
        is_meant = settings.open_without_password and settings.is_on_this_machine
        return is_meant and not has_passwords(connection)

    def _note_seen(self, signed: SignIn, now: datetime) -> None:
        if now - signed.seen_at < SEEN_EVERY:
            return
        # A study that is busy is no reason to keep a reader waiting outside.
        with suppress(StudyError), self.study.database.write() as connection:
            note_seen(connection, signed, now=now)
