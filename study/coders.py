"""Who codes: a coder's row, name and role."""

from dataclasses import dataclass

import sqlalchemy as sa

from study import tables as t
from study.errors import StudyError
from study.storable import is_storable

CODER, LEAD = "coder", "lead"
ROLES = (CODER, LEAD)


@dataclass(frozen=True)
class Coder:
    """A person of the study; who is reviewing has every excerpt queued."""

    id: int
    name: str
    role: str
    is_reviewing: bool

    @property
    def is_lead(self) -> bool:
        """Tell whether the codebook and everybody's progress are this person's concern."""
        return self.role == LEAD


def find_named(connection: sa.Connection, name: str) -> Coder | None:
    """Read a coder by name; None where there is none."""
    # No database can be asked for a name that none can store.
    if not is_storable(name):
        return None
    named = sa.select(t.coder).where(t.coder.c.name == name)
    row = connection.execute(named).one_or_none()
    return None if row is None else _coder(row)


def require_named(connection: sa.Connection, name: str) -> Coder:
    """Read a coder by name.

    Raises:
        StudyError: Nobody is called so.
    """
    found = find_named(connection, name)
    if found is None:
        raise StudyError(
            f"Nobody in this study is called '{name}'. 'themeloop coder list' names everybody; "
            "'themeloop coder add NAME' adds somebody."
        )
    return found


def list_coders(connection: sa.Connection) -> list[Coder]:
    """Read every coder, by name."""
    rows = connection.execute(sa.select(t.coder).order_by(t.coder.c.name))
    return [_coder(row) for row in rows]


def set_role(connection: sa.Connection, name: str, role: str) -> None:
    """Give a coder another role.

    Raises:
        StudyError: Nobody is called so.
    """
    coder = require_named(connection, name)
    connection.execute(sa.update(t.coder).where(t.coder.c.id == coder.id).values(role=role))


def _coder(row: sa.Row[tuple[object, ...]]) -> Coder:
    return Coder(row.id, row.name, row.role, row.is_reviewing)
