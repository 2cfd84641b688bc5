"""Who may sign in, and who is signed in: passwords, and the sign-ins that they open."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from study import tables as t
from study.coders import Coder, require_named
from study.passwords import hash_password, is_dated, is_right
from study.storable import is_storable

LASTS = timedelta(days=14)
LASTS_UNUSED = timedelta(hours=12)
# Seen is written this often at most: a page asks many times a minute.
SEEN_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32


@dataclass(frozen=True)
class SignIn:
    """Somebody is signed in; csrf is what their page sends along with whatever it writes."""

    id: int
    coder: Coder
    csrf: str
    seen_at: datetime


@dataclass(frozen=True)
class Account:
    """A coder as the list tells of them; last_seen_at is None where they never signed in."""

    coder: Coder
    can_sign_in: bool
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Checked:
    """A coder whose password was right, and what was kept of it at that moment."""

    coder: Coder
    kept: str


def set_password(connection: sa.Connection, name: str, password: str, *, now: datetime) -> None:
    """Give a coder a password; whoever is signed in under the name has to do so anew.

    Raises:
        StudyError: Nobody is called so, or the password is too short or too long.
    """
    coder = require_named(connection, name)
    _keep(connection, coder.id, hash_password(password))
    end_all(connection, coder.id, now=now)


def remove_password(connection: sa.Connection, name: str, *, now: datetime) -> None:
    """Let nobody sign in under a name any more; what the coder did stays.

    Raises:
        StudyError: Nobody is called so.
    """
    coder = require_named(connection, name)
    _keep(connection, coder.id, None)
    end_all(connection, coder.id, now=now)


def has_passwords(connection: sa.Connection) -> bool:
    """Tell whether anybody can sign in."""
    query = sa.select(t.coder.c.id).where(t.coder.c.password_hash.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def list_accounts(connection: sa.Connection) -> list[Account]:
    """Read every coder, by name, and whether and when they signed in."""
    signed = sa.select(
        t.sign_in.c.coder_id, sa.func.max(t.sign_in.c.seen_at, type_=t.UtcTime).label("seen_at")
    )
    seen = signed.group_by(t.sign_in.c.coder_id).subquery()
    rows = connection.execute(
        sa.select(t.coder, seen.c.seen_at)
        .outerjoin(seen, seen.c.coder_id == t.coder.c.id)
        .order_by(t.coder.c.name)
    )
    return [
        Account(
            coder=Coder(row.id, row.name, row.role, row.is_reviewing),
            can_sign_in=row.password_hash is not None,
            last_seen_at=row.seen_at,
        )
        for row in rows
    ]


def check_password(connection: sa.Connection, name: str, password: str) -> Checked | None:
    """Find the coder whose name and password these are; None, as late, whatever is wrong."""
    # No database can be asked for a name that none can store.
    named = sa.select(t.coder).where(t.coder.c.name == name)
    row = connection.execute(named).one_or_none() if is_storable(name) else None
    kept = row.password_hash if row else None
    if not is_right(kept, password):
        return None
    assert row is not None, "nobody's password is never right"
    return Checked(Coder(row.id, row.name, row.role, row.is_reviewing), row.password_hash)


def begin_sign_in(
    connection: sa.Connection, checked: Checked, password: str, *, now: datetime
) -> str | None:
    """Sign a coder in and give the token that only their browser keeps.

    None: the password was changed or removed since it was checked.
    """
    coder = checked.coder
    kept = connection.scalar(sa.select(t.coder.c.password_hash).where(t.coder.c.id == coder.id))
    if kept != checked.kept:
        return None
    if is_dated(kept):
        _keep(connection, coder.id, hash_password(password))
    _forget_old(connection, coder.id, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    connection.execute(
        sa.insert(t.sign_in).values(
            coder_id=coder.id,
            token_hash=_hash(token),
            csrf=secrets.token_urlsafe(TOKEN_BYTES),
            made_at=now,
            seen_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def find_sign_in(connection: sa.Connection, token: str, *, now: datetime) -> SignIn | None:
    """Find who is signed in with a token; None where it is over, or was never given."""
    row = connection.execute(
        sa.select(
            t.sign_in,
            t.coder.c.name,
            t.coder.c.role,
            t.coder.c.is_reviewing,
        )
        .join(t.coder, t.coder.c.id == t.sign_in.c.coder_id)
        .where(t.sign_in.c.token_hash == _hash(token), t.coder.c.password_hash.is_not(None))
    ).one_or_none()
    if row is None or now >= row.expires_at or now >= row.seen_at + LASTS_UNUSED:
        return None
    coder = Coder(row.coder_id, row.name, row.role, row.is_reviewing)
    return SignIn(id=row.id, coder=coder, csrf=row.csrf, seen_at=row.seen_at)


def note_seen(connection: sa.Connection, sign_in: SignIn, *, now: datetime) -> None:
    """Note that somebody who is signed in is at work."""
    connection.execute(sa.update(t.sign_in).where(t.sign_in.c.id == sign_in.id).values(seen_at=now))


def end_sign_in(connection: sa.Connection, token: str, *, now: datetime) -> None:
    """Sign out whoever is signed in with a token, if anybody is."""
    _end(connection, t.sign_in.c.token_hash == _hash(token), now)


def end_all(connection: sa.Connection, coder_id: int, *, now: datetime) -> int:
    """Sign a coder out everywhere; give from how many browsers."""
    return _end(connection, t.sign_in.c.coder_id == coder_id, now)


def _end(connection: sa.Connection, which: sa.ColumnElement[bool], now: datetime) -> int:
    # The row stays: it tells when the coder was last seen.
    ended = connection.execute(
        sa.update(t.sign_in).where(which, t.sign_in.c.expires_at > now).values(expires_at=now)
    )
    return ended.rowcount


def _forget_old(connection: sa.Connection, coder_id: int, now: datetime) -> None:
    connection.execute(
        sa.delete(t.sign_in).where(
            t.sign_in.c.coder_id == coder_id, t.sign_in.c.expires_at < now - LASTS
        )
    )


def _keep(connection: sa.Connection, coder_id: int, password_hash: str | None) -> None:
    connection.execute(
        sa.update(t.coder).where(t.coder.c.id == coder_id).values(password_hash=password_hash)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
