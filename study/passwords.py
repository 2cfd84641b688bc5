"""Passwords: what is kept of one, and whether a person has typed the right one."""

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from study.errors import StudyError
from study.storable import is_storable

SHORTEST, LONGEST = 10, 1_000
# Of a password that nobody has; it takes as long to check as a coder's.
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$TP4K2xVjOzEStAWEC9x66w"
    "$AUQXTqw9Uapi1ojdUuXNteohtmWKj4fPNYM5jl/s/pg"
)


def hash_password(password: str) -> str:
    """Make what is kept of a password: argon2id, from which it cannot be told.

    Raises:
        StudyError: It is too short or too long, or holds what is no sign.
    """
    typed = _normalise(password)
    if not is_storable(typed):
        raise StudyError(
            "The password holds a sign that is none: half of a character, or U+0000. Choose "
            "another password, or save its file as UTF-8. Nothing changed."
        )
    if len(typed) < SHORTEST:
        raise StudyError(
            f"The password has {len(typed)} characters, expected at least {SHORTEST}: whoever "
            "guesses it reads the interviews. Three or four words in a row are easy to keep in "
            "mind. Nothing changed."
        )
    if len(typed) > LONGEST:
        raise StudyError(
            f"The password has {len(typed)} characters, expected at most {LONGEST}. Nothing "
            "changed."
        )
    return _hasher().hash(typed)


def is_right(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one that was kept; takes as long where none was."""
    # What is no sign cannot be hashed; an empty password is nobody's.
    typed = _normalise(password) if is_storable(password) else ""
    try:
        _hasher().verify(kept or NOBODYS, typed)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_dated(kept: str) -> bool:
    """Tell whether passwords are kept with more care by now than this one is."""
    return _hasher().check_needs_rehash(kept)


@lru_cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def _normalise(password: str) -> str:
    # One keyboard sends é as one character, another as two.
    return unicodedata.normalize("NFKC", password)
