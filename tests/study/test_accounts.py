"""Facts about passwords and sign-ins; every name and password here is invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import argon2
import pytest
import sqlalchemy as sa

from study import passwords
from study import tables as t
from study.accounts import (
    begin_sign_in,
    check_password,
    end_all,
    end_sign_in,
    find_sign_in,
    has_passwords,
    list_accounts,
    note_seen,
    remove_password,
    set_password,
)
from study.coders import LEAD, find_named, list_coders, set_role
from study.errors import StudyError
from study.passwords import NOBODYS, hash_password, is_dated, is_right

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PASSWORD = "four words in row"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def connection(study):
    """A transaction in a study of which the coder 'coder' has a password."""
    with study.database.write() as connection:
        set_password(connection, "coder", PASSWORD, now=NOW)
        yield connection


def sign_in(connection, *, now=NOW):
    checked = check_password(connection, "coder", PASSWORD)
    return begin_sign_in(connection, checked, PASSWORD, now=now)


def test_a_password_is_kept_as_argon2id(connection):
    kept = connection.scalar(sa.select(t.coder.c.password_hash))

    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_the_right_password_gives_its_coder(connection):
    assert check_password(connection, "coder", PASSWORD).coder.name == "coder"


@pytest.mark.parametrize(
    ("name", "password"),
    [("coder", "four words in a row"), ("coder", ""), ("nobody", PASSWORD), ("", "")],
)
def test_a_wrong_name_or_password_gives_nobody(connection, name, password):
    assert check_password(connection, name, password) is None


def test_a_coder_without_a_password_is_nobody(connection):
    connection.execute(
        sa.insert(t.coder).values(name="bert", role="coder", is_reviewing=True, added_at=NOW)
    )

    assert check_password(connection, "bert", "") is None


def test_an_unknown_name_is_checked_against_a_password_as_costly_as_any():
    assert not is_dated(NOBODYS)
    assert not is_right(None, "themeloop")


@pytest.mark.parametrize("password", ["", "123456789", "é" * 9])
def test_a_short_password_is_refused_with_the_reason(password):
    with pytest.raises(StudyError, match="at least 10: whoever guesses it reads the interviews"):
        hash_password(password)


def test_a_password_without_end_is_refused():
    with pytest.raises(StudyError, match="at most 1000"):
        hash_password("a" * 1001)


def test_a_letter_with_an_accent_may_be_typed_either_way():
    assert is_right(
        hash_password("caf\u00e9 caf\u00e9 caf\u00e9"), "cafe\u0301 " * 2 + "cafe\u0301"
    )


def test_what_is_no_hash_lets_nobody_in():
    assert not is_right("from another program", PASSWORD)


def test_a_password_kept_with_less_care_is_kept_anew_at_the_next_sign_in(connection, monkeypatch):
    weak = argon2.PasswordHasher(time_cost=1)
    connection.execute(sa.update(t.coder).values(password_hash=weak.hash(PASSWORD)))

    sign_in(connection)

    assert not is_dated(connection.scalar(sa.select(t.coder.c.password_hash)))
    assert check_password(connection, "coder", PASSWORD) is not None
    assert passwords.is_dated(weak.hash(PASSWORD))


def test_of_a_token_only_a_hash_is_kept(connection):
    token = sign_in(connection)

    kept = connection.execute(sa.select(t.sign_in)).one()
    assert len(token) >= 43
    assert token not in repr(tuple(kept))


def test_who_is_signed_in_is_found_by_the_token(connection):
    signed = find_sign_in(connection, sign_in(connection), now=NOW)

    assert (signed.coder.name, signed.coder.role) == ("coder", LEAD)
    assert len(signed.csrf) >= 43


@pytest.mark.parametrize("token", ["", "x", "é" * 43])
def test_another_token_is_nobody_s(connection, token):
    sign_in(connection)

    assert find_sign_in(connection, token, now=NOW) is None


def test_two_sign_ins_share_nothing(connection):
    one, other = sign_in(connection), sign_in(connection)

    tokens = {find_sign_in(connection, token, now=NOW).csrf for token in (one, other)}
    assert one != other
    assert len(tokens) == 2


def test_a_sign_in_ends_twelve_hours_after_the_last_request(connection):
    token = sign_in(connection)

    assert find_sign_in(connection, token, now=NOW + 12 * HOUR - timedelta(seconds=1))
    assert find_sign_in(connection, token, now=NOW + 12 * HOUR) is None


def test_a_sign_in_that_is_used_ends_after_fourteen_days(connection):
    token = sign_in(connection)
    signed = find_sign_in(connection, token, now=NOW)
    note_seen(connection, signed, now=NOW + 14 * DAY - HOUR)

    assert find_sign_in(connection, token, now=NOW + 14 * DAY - timedelta(seconds=1))
    assert find_sign_in(connection, token, now=NOW + 14 * DAY) is None


def test_signing_out_ends_one_sign_in(connection):
    one, other = sign_in(connection), sign_in(connection)

    end_sign_in(connection, one, now=NOW)

    assert find_sign_in(connection, one, now=NOW) is None
    assert find_sign_in(connection, other, now=NOW) is not None


def test_another_password_ends_every_sign_in(connection):
    token = sign_in(connection)

    set_password(connection, "coder", "four other words", now=NOW)

    assert find_sign_in(connection, token, now=NOW) is None
    assert check_password(connection, "coder", PASSWORD) is None


def test_a_password_changed_between_check_and_sign_in_lets_nobody_in(connection):
    checked = check_password(connection, "coder", PASSWORD)

    assert begin_sign_in(connection, replace(checked, kept="other"), PASSWORD, now=NOW) is None


def test_without_a_password_nobody_is_signed_in_and_the_coder_stays(connection):
    token = sign_in(connection)

    remove_password(connection, "coder", now=NOW)

    assert find_sign_in(connection, token, now=NOW) is None
    assert not has_passwords(connection)
    assert [coder.name for coder in list_coders(connection)] == ["coder"]


def test_a_sign_in_is_over_even_where_only_its_password_is_gone(connection):
    token = sign_in(connection)
    connection.execute(sa.update(t.coder).values(password_hash=None))

    assert find_sign_in(connection, token, now=NOW) is None


def test_everybody_is_listed_with_when_they_were_last_seen(connection):
    token = sign_in(connection)
    note_seen(connection, find_sign_in(connection, token, now=NOW), now=NOW + HOUR)
    sign_in(connection)
    assert end_all(connection, find_named(connection, "coder").id, now=NOW + HOUR) == 2

    (account,) = list_accounts(connection)

    assert (account.coder.name, account.can_sign_in) == ("coder", True)
    assert account.last_seen_at == NOW + HOUR


def test_old_sign_ins_are_forgotten_at_the_next(connection):
    sign_in(connection)

    sign_in(connection, now=NOW + 29 * DAY)

    assert connection.scalar(sa.select(sa.func.count()).select_from(t.sign_in)) == 1


def test_first_coder_of_a_study_is_its_lead(connection):
    assert find_named(connection, "coder").is_lead
    assert find_named(connection, "nobody") is None


def test_another_role_is_given_to_somebody_who_is_there(connection):
    set_role(connection, "coder", "coder")

    assert not find_named(connection, "coder").is_lead
    with pytest.raises(StudyError, match="Nobody in this study is called 'bert'"):
        set_role(connection, "bert", LEAD)


@pytest.mark.parametrize("name", ["co\0der", "co\ud83dder"])
def test_a_name_that_no_database_can_store_is_nobodys(connection, name):
    assert check_password(connection, name, PASSWORD) is None
    assert find_named(connection, name) is None


def test_a_password_with_half_a_character_is_refused_and_never_right():
    kept = hash_password(PASSWORD)

    assert not is_right(kept, f"{PASSWORD}\ud83d")
    for half in ("\ud83d", "\0"):
        with pytest.raises(StudyError, match="holds a sign that is none"):
            hash_password(f"{PASSWORD}{half}")
