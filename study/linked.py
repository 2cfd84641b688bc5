"""Interviews that belong together: of one participant or family, however far the links go."""

from collections.abc import Iterable

import sqlalchemy as sa

from study import tables as t


def find_linked(connection: sa.Connection, interview_id: int) -> frozenset[int]:
    """Give the interviews of this one's group, itself among them, as `read_cases` groups them."""
    found: frozenset[int] = frozenset()
    wider = frozenset((interview_id,))
    while wider != found:
        found = wider
        people = _find_people(connection, found)
        spoken = sa.select(t.speaker.c.interview_id).where(t.speaker.c.participant_id.in_(people))
        wider = found | frozenset(connection.scalars(spoken))
    return found


def _find_people(connection: sa.Connection, interview_ids: Iterable[int]) -> list[int]:
    """Find who speaks in these interviews, and their families."""
    spoken = sa.select(t.speaker.c.participant_id).where(
        t.speaker.c.interview_id.in_(interview_ids), t.speaker.c.participant_id.is_not(None)
    )
    people = t.participant.c
    families = sa.select(people.family).where(
        people.id.in_(spoken), people.family.is_not(None), people.family != ""
    )
    query = sa.select(people.id).where(people.id.in_(spoken) | people.family.in_(families))
    return list(connection.scalars(query))
