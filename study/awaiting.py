"""How much of the work waits for the lead: what has a code that counts nowhere yet."""

import sqlalchemy as sa

from study.proposed_codes import PROVISIONAL, list_proposed
from study.standing_codings import OUTSIDE, Wanted, select_standing


def count_awaiting(connection: sa.Connection) -> int:
    """Count the excerpts to which anybody gives a provisional code, as things stand."""
    waiting = [each.code_id for each in list_proposed(connection) if each.state == PROVISIONAL]
    if not waiting:
        return 0
    standing = select_standing(Wanted(None, codes=frozenset(waiting))).subquery().c
    n = sa.select(sa.func.count(sa.distinct(standing.excerpt_id)))
    # Words outside every excerpt are of none, whichever was in hand.
    return int(connection.scalar(n.where(standing.verdict != OUTSIDE)) or 0)
