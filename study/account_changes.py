"""What was changed about who may use a study's page, and by whom: rows of the audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.coders import list_coders

COMMAND_LINE = "command line"
ADDED = "coder added"
ROLE = "coder's role changed"
PASSWORD = "coder's password set"
NO_PASSWORD = "coder's password removed"
SIGNED_OUT = "coder signed out"
CHANGES = (ADDED, ROLE, PASSWORD, NO_PASSWORD, SIGNED_OUT)


@dataclass(frozen=True)
class AccountChange:
    """One change of one coder's account; details hold no password, nor what is kept of one."""

    coder: str
    action: str
    actor: str
    details: Mapping[str, object]
    done_at: datetime


def note_change(
    connection: sa.Connection,
    action: str,
    coder_id: int,
    *,
    now: datetime,
    actor: str = COMMAND_LINE,
    **details: str | int | bool,
) -> None:
    """Note a change of a coder's account, in the transaction that makes it."""
    # The row, not the name: a name stands in one place of a study.
    told = {"coder": coder_id, **details}
    connection.execute(
        sa.insert(t.audit).values(actor=actor, action=action, details=told, done_at=now)
    )


def list_changes(connection: sa.Connection) -> list[AccountChange]:
    """List every change of an account, the oldest first."""
    names = {each.id: each.name for each in list_coders(connection)}
    rows = connection.execute(
        sa.select(t.audit).where(t.audit.c.action.in_(CHANGES)).order_by(t.audit.c.id)
    )
    return [
        AccountChange(
            coder=names[row.details["coder"]],
            action=row.action,
            actor=row.actor,
            details={name: value for name, value in row.details.items() if name != "coder"},
            done_at=row.done_at,
        )
        for row in rows
    ]
