"""Which pseudonym stands for which name in one participant's interviews."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t


@dataclass(frozen=True)
class Pseudonym:
    """A stand-in such as [CHILD_1]; the name is known by its keyed hash only."""

    category: str
    number: int
    name_hash: str
    source: str

    @property
    def text(self) -> str:
        """Give the pseudonym as it stands in a transcript."""
        return f"[{self.category}_{self.number}]"


def read_pseudonyms(connection: sa.Connection, participant_id: int | None) -> list[Pseudonym]:
    """Read the pseudonyms that a participant's interviews have."""
    rows = connection.execute(
        sa.select(t.pseudonym)
        .where(t.pseudonym.c.participant_id == participant_id)
        .order_by(t.pseudonym.c.category, t.pseudonym.c.number)
    )
    return [Pseudonym(row.category, row.number, row.name_hash, row.source) for row in rows]


def find_participant(connection: sa.Connection, label: str) -> int | None:
    """Give the row of a participant, or None where the study does not know them yet."""
    return connection.scalar(sa.select(t.participant.c.id).where(t.participant.c.label == label))


def assign_pseudonyms(
    known: Sequence[Pseudonym],
    names: Sequence[tuple[str, str, str]],
    *,
    hash_name: Callable[[str], str],
    text: str,
) -> dict[str, Pseudonym]:
    """Give every name its pseudonym: the one it has, or the next number of its category.

    Args:
        names: (name, category, source) in the order they occur.
        text: The raw transcript; a pseudonym that a person wrote into it is not given again.
    """
    by_hash = {pseudonym.name_hash: pseudonym for pseudonym in known}
    used = {pseudonym.text for pseudonym in known}
    assigned: dict[str, Pseudonym] = {}
    for name, category, source in names:
        if name in assigned:
            continue
        name_hash = hash_name(name)
        pseudonym = by_hash.get(name_hash) or _next(category, name_hash, source, used, text)
        used.add(pseudonym.text)
        assigned[name] = pseudonym
    return assigned


def store_pseudonyms(
    connection: sa.Connection,
    participant_id: int,
    pseudonyms: Collection[Pseudonym],
    *,
    now: datetime,
) -> list[Pseudonym]:
    """Store those that are new; give them."""
    known = {pseudonym.name_hash for pseudonym in read_pseudonyms(connection, participant_id)}
    new = [pseudonym for pseudonym in pseudonyms if pseudonym.name_hash not in known]
    rows = [
        {"participant_id": participant_id, "made_at": now, **vars(pseudonym)} for pseudonym in new
    ]
    if rows:
        connection.execute(sa.insert(t.pseudonym), rows)
    return new


def _next(category: str, name_hash: str, source: str, used: set[str], text: str) -> Pseudonym:
    number = 1
    while True:
        pseudonym = Pseudonym(category, number, name_hash, source)
        if pseudonym.text not in used and pseudonym.text not in text:
            return pseudonym
        number += 1
