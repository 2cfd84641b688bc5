"""The commands that say who codes in a study, and who may sign in."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Any, TextIO

import click

from study.account_changes import (
    ADDED,
    NO_PASSWORD,
    PASSWORD,
    ROLE,
    SIGNED_OUT,
    AccountChange,
    list_changes,
    note_change,
)
from study.accounts import Account, end_all, list_accounts, remove_password, set_password
from study.clock import utc_now
from study.coders import LEAD, ROLES, require_named, set_role
from study.errors import StudyError
from study.folder import Study, open_study
from study.new_coders import add_coder
from themeloop.terminal import json_option, say, study_option

role_type = click.Choice(ROLES)
name_argument = click.argument("name", metavar="NAME")


@click.group()
def coder() -> None:
    """Say who codes in a study, and who may sign in to its page."""


@coder.command()
@name_argument
@click.option("--role", type=role_type, help="lead: keeps the codebook and sees all progress.")
@click.option("--not-reviewing", is_flag=True, help="Nothing is queued for this person.")
@study_option
def add(name: str, role: str | None, not_reviewing: bool, folder: Path) -> None:
    """Add somebody, and queue for them what is queued for the others."""
    study, now = open_study(folder), utc_now()
    with study.database.write() as connection:
        added = add_coder(connection, name, role=role, is_reviewing=not not_reviewing, now=now)
        note_change(
            connection,
            ADDED,
            added.id,
            now=now,
            role=added.role,
            is_reviewing=added.is_reviewing,
        )
    click.echo(f"{added.name} is a {added.role} now. Next: themeloop coder password {quote(name)}")


@coder.command()
@name_argument
@click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    help="Read the password from a file's first line (-: from standard input).",
)
@study_option
def password(name: str, password_file: TextIO | None, folder: Path) -> None:
    """Give somebody a password; it is asked for twice and not shown."""
    study = open_study(folder)
    with study.database.read() as connection:
        require_named(connection, name)
    typed, now = _read_password(password_file), utc_now()
    with study.database.write() as connection:
        set_password(connection, name, typed, now=now)
        note_change(connection, PASSWORD, require_named(connection, name).id, now=now)
        is_led = any(a.coder.role == LEAD and a.can_sign_in for a in list_accounts(connection))
    click.echo(f"{name} can sign in; whoever was signed in under this name is not any more.")
    if not is_led:
        click.echo("No lead can sign in yet: themeloop coder role NAME lead")


@coder.command("list")
@click.option("--changes", is_flag=True, help="List what was changed about them, and when.")
@study_option
@json_option
def list_everybody(folder: Path, changes: bool, as_json: bool) -> None:
    """List everybody: name, role, whether they review and can sign in, when last seen."""
    study = open_study(folder)
    with study.database.read() as connection:
        accounts, changed = list_accounts(connection), list_changes(connection)
    if changes:
        say(as_json, {"changes": [_describe_change(each) for each in changed]}, _list(changed))
    else:
        say(as_json, {"coders": [_describe(each) for each in accounts]}, _draw(accounts))


@coder.command()
@name_argument
@click.argument("wanted", metavar="ROLE", type=role_type)
@study_option
def role(name: str, wanted: str, folder: Path) -> None:
    """Make somebody a coder or a lead."""
    study, now = open_study(folder), utc_now()
    with study.database.write() as connection:
        set_role(connection, name, wanted)
        coder_id = require_named(connection, name).id
        note_change(connection, ROLE, coder_id, now=now, role=wanted)
    click.echo(f"{name} is a {wanted} now.")


@coder.command("remove-password")
@name_argument
@study_option
def remove(name: str, folder: Path) -> None:
    """Let nobody sign in under a name any more; what was coded under it stays."""
    study, now = open_study(folder), utc_now()
    with study.database.write() as connection:
        remove_password(connection, name, now=now)
        note_change(connection, NO_PASSWORD, require_named(connection, name).id, now=now)
    click.echo(f"Nobody can sign in as {name} any more. What {name} coded stays.")
    _warn_where_open(study)


@coder.command("sign-out")
@name_argument
@study_option
def sign_out(name: str, folder: Path) -> None:
    """Sign somebody out of every browser."""
    study, now = open_study(folder), utc_now()
    with study.database.write() as connection:
        coder_id = require_named(connection, name).id
        n = end_all(connection, coder_id, now=now)
        note_change(connection, SIGNED_OUT, coder_id, now=now, n_browsers=n)
    click.echo(f"{name} was signed in {n} times and is not any more.")


def _warn_where_open(study: Study) -> None:
    with study.database.read() as connection:
        is_anybody = any(account.can_sign_in for account in list_accounts(connection))
    if study.settings.open_without_password and not is_anybody:
        click.echo(
            f"Nobody has a password now: the page opens for {study.settings.coder} without one "
            "(open_without_password in study.toml)."
        )


def _read_password(file: TextIO | None) -> str:
    if file is None and sys.stdin is not None and sys.stdin.isatty():
        # Not to stdout, which a script may keep.
        typed = click.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)
        return str(typed)
    source = file or sys.stdin
    try:
        # A script may have closed the input: nothing is too short.
        return source.readline().rstrip("\r\n") if source else ""
    except UnicodeDecodeError as error:
        raise StudyError("The password is not UTF-8. Nothing changed.") from error


def _describe(account: Account) -> dict[str, Any]:
    seen = account.last_seen_at
    return {
        "name": account.coder.name,
        "role": account.coder.role,
        "is_reviewing": account.coder.is_reviewing,
        "can_sign_in": account.can_sign_in,
        "last_seen_at": seen.isoformat() if seen else None,
    }


def _describe_change(change: AccountChange) -> dict[str, Any]:
    return {**vars(change), "done_at": change.done_at.isoformat()}


def _draw(accounts: list[Account]) -> str:
    rows = [("name", "role", "reviews", "can sign in", "last seen")]
    rows += [
        (
            account.coder.name,
            account.coder.role,
            "yes" if account.coder.is_reviewing else "no",
            "yes" if account.can_sign_in else "no",
            _draw_time(account.last_seen_at) if account.last_seen_at else "",
        )
        for account in accounts
    ]
    return _align(rows)


def _list(changes: list[AccountChange]) -> str:
    if not changes:
        return "Nothing was changed about anybody since this is noted."
    rows = [("when", "who", "what", "by")]
    rows += [
        (_draw_time(each.done_at), each.coder, _say_change(each), each.actor) for each in changes
    ]
    return _align(rows)


def _say_change(change: AccountChange) -> str:
    role = change.details.get("role")
    return f"{change.action} ({role})" if role else change.action


def _draw_time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _align(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines)
