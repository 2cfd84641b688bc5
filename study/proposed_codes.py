"""Codes that coders made from passages: provisional until the lead decides on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid5

import sqlalchemy as sa

from codebook.drafts import CODE
from study import tables as t
from study.codebook_edits import find_named, fold, one_line
from study.codebooks import current_codebook, insert_row, read_merging
from study.errors import StudyError
from study.standing_codings import Wanted, select_standing

PROVISIONAL, ACCEPTED, MERGED, DECLINED = "provisional", "accepted", "merged", "declined"
# Stored nowhere: it follows from what the maker decided, and an undo of the undo ends it.
WITHDRAWN = "withdrawn"
# No key of a codebook holds the sign, so that none is ever the key of a proposed code.
KEY_PREFIX = "proposed;"


@dataclass(frozen=True)
class ProposedCode:
    """A code as a coder made it; code_id is its row, which a codebook has once it is accepted.

    state: WITHDRAWN: its maker undid the action that made it, and nobody gives it any more.
    into_code_id: The code that it was merged into.
    """

    id: int
    code_id: int
    guid: str
    coder_id: int
    name: str
    memo: str
    state: str
    into_code_id: int | None


def list_proposed(connection: sa.Connection) -> list[ProposedCode]:
    """Read every code that was ever proposed, the oldest first."""
    found = [_proposed(row) for row in connection.execute(_select())]
    return _tell_withdrawn(connection, found)


def read_proposed(connection: sa.Connection, guid: str) -> ProposedCode:
    """Read a proposed code.

    Raises:
        StudyError: Nobody ever proposed it.
    """
    row = connection.execute(_select().where(t.code.c.guid == guid)).one_or_none()
    if row is None:
        raise StudyError("Nobody has proposed such a code. Reload the page and look again.")
    return _tell_withdrawn(connection, [_proposed(row)])[0]


def find_made_by(connection: sa.Connection, coder_id: int, action: str) -> ProposedCode | None:
    """Find the code that a coder's action made and gave; None where it made none."""
    codes = sa.select(t.decision.c.code_id).where(
        t.decision.c.coder_id == coder_id, t.decision.c.action == action
    )
    row = connection.execute(_select().where(t.code.c.id.in_(codes))).first()
    return None if row is None else _tell_withdrawn(connection, [_proposed(row)])[0]


def propose_code(
    connection: sa.Connection, *, coder_id: int, action: str, name: str, memo: str, now: datetime
) -> ProposedCode:
    """Make a provisional code; whoever made it may give it at once.

    Args:
        action: Id of the coder's action that gives it where it is made.

    Raises:
        StudyError: The name is blank, or that of a code which the coder may give already.
    """
    name = one_line(name)
    _check_name(connection, coder_id, name)
    # Not of the name: a person's name in it is redacted later, and could be guessed from a GUID.
    key = f"{KEY_PREFIX}{coder_id}-{action}"
    guid = str(uuid5(CODE.namespace, key)).upper()
    code_id = insert_row(connection, t.code, guid=guid, key=key)
    row = {"code_id": code_id, "coder_id": coder_id, "name": name, "memo": memo.strip()}
    insert_row(connection, t.proposed_code, **row, state=PROVISIONAL, made_at=now)
    return read_proposed(connection, guid)


def read_counted_keys(connection: sa.Connection) -> dict[int, str]:
    """Give the key that each code's codings count under, by its row.

    What waits for the lead's decision and what was declined counts under none; what was merged
    under that of the code which took it in. Of codebooks before this one codes keep their own.
    """
    keys = {row.id: row.key for row in connection.execute(sa.select(t.code.c.id, t.code.c.key))}
    proposed = list_proposed(connection)
    into = read_merging(connection).into if any(p.state == MERGED for p in proposed) else {}
    for each in proposed:
        if each.state != ACCEPTED:
            own = keys.pop(each.code_id)
            target = into.get(each.code_id) if each.state == MERGED else None
            if target is not None:
                keys[each.code_id] = keys.get(target, own)
    return keys


def list_unjudged(connection: sa.Connection) -> frozenset[int]:
    """List the rows of codes that were given before any codebook had them, but for merged ones.

    Nobody could judge them absent then: where they were given they tell nothing of agreement.
    """
    rows = sa.select(t.proposed_code.c.code_id).where(t.proposed_code.c.state != MERGED)
    return frozenset(connection.scalars(rows))


def _check_name(connection: sa.Connection, coder_id: int, name: str) -> None:
    if not name:
        raise StudyError("A new code needs a name.")
    named = find_named(current_codebook(connection).codebook, name)
    if named is not None:
        raise StudyError(
            "The codebook has a code of this name, '{key}'. Give that one.", key=named.key
        )
    own = (p for p in list_proposed(connection) if p.coder_id == coder_id)
    if any(p.state == PROVISIONAL and fold(p.name) == fold(name) for p in own):
        raise StudyError("You made a provisional code of this name already. Give that one.")


def _tell_withdrawn(
    connection: sa.Connection, proposed: Sequence[ProposedCode]
) -> list[ProposedCode]:
    waiting = [each.code_id for each in proposed if each.state == PROVISIONAL]
    unmade = _find_unmade(connection, waiting)
    if unmade:
        given = select_standing(Wanted(None, codes=unmade)).subquery().c.code_id
        unmade -= set(connection.scalars(sa.select(given).distinct()))
    return [replace(each, state=WITHDRAWN) if each.code_id in unmade else each for each in proposed]


def _find_unmade(connection: sa.Connection, code_ids: Sequence[int]) -> frozenset[int]:
    """Find the codes whose making was undone, and not done again."""
    keys = connection.scalars(sa.select(t.code.c.key).where(t.code.c.id.in_(code_ids)))
    # The key tells the coder and the action: 'proposed;7-' and the action's id.
    actions = [key.partition("-")[2] for key in keys]
    made, undo, redo = (t.decision.alias(name) for name in ("made", "undo", "redo"))
    found = connection.scalars(
        sa.select(made.c.code_id)
        .join(t.proposed_code, t.proposed_code.c.code_id == made.c.code_id)
        .join(undo, _undoes(undo, made))
        .where(
            made.c.code_id.in_(code_ids),
            made.c.coder_id == t.proposed_code.c.coder_id,
            made.c.action.in_(actions),
            ~sa.exists().where(_undoes(redo, undo)),
        )
    )
    return frozenset(found)


def _undoes(later: sa.FromClause, earlier: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(
        later.c.excerpt_id == earlier.c.excerpt_id,
        later.c.coder_id == earlier.c.coder_id,
        later.c.undoes == earlier.c.action,
    )


def _select() -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(t.proposed_code, t.code.c.guid)
        .join(t.code, t.code.c.id == t.proposed_code.c.code_id)
        .order_by(t.proposed_code.c.id)
    )


def _proposed(row: sa.Row[tuple[object, ...]]) -> ProposedCode:
    return ProposedCode(
        id=row.id,
        code_id=row.code_id,
        guid=row.guid,
        coder_id=row.coder_id,
        name=row.name,
        memo=row.memo,
        state=row.state,
        into_code_id=row.into_code_id,
    )
