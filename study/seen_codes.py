"""Which of the codes that coders made one person may know of, as long as they still read blind."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from study import tables as t
from study.coders import Coder
from study.draws import find_closed
from study.proposed_codes import KEY_PREFIX, ProposedCode


def list_seen(
    connection: sa.Connection, proposed: Sequence[ProposedCode], reader: Coder
) -> list[ProposedCode]:
    """List those of some proposed codes that a person may know of: a lead those of others, too.

    What another coder made of an interview tells what they read in it: of one that the reader has
    still to code blind, or that is not queued for them yet, no name, memo or quote is shown.
    """
    others = [each for each in proposed if each.coder_id != reader.id]
    if not reader.is_lead:
        return [each for each in proposed if each.coder_id == reader.id]
    if not reader.is_reviewing or not others:
        return list(proposed)
    made_in = find_made_in(connection, others)
    closed = find_closed(connection, reader.id, set(filter(None, made_in.values())))
    # Of one that was made nobody knows where, nobody knows either whether it may be shown.
    hidden = {each.id for each in others if made_in[each.id] in {*closed, None}}
    return [each for each in proposed if each.id not in hidden]


def find_made_in(
    connection: sa.Connection, proposed: Sequence[ProposedCode]
) -> dict[int, int | None]:
    """Find the interview in which each proposed code was made, by the proposed code's row."""
    codes = sa.select(t.code.c.id, t.code.c.key).where(
        t.code.c.id.in_([each.code_id for each in proposed])
    )
    keys = {row.id: str(row.key) for row in connection.execute(codes)}
    actions = {}
    for each in proposed:
        prefix = f"{KEY_PREFIX}{each.coder_id}-"
        if keys[each.code_id].startswith(prefix):
            actions[each.coder_id, keys[each.code_id].removeprefix(prefix)] = each.id
    made_in: dict[int, int | None] = dict(_read_by_action(connection, actions))
    # One that was accepted has a key of the codebook by now: its first giving tells.
    for each in proposed:
        if each.id not in made_in:
            made_in[each.id] = _read_first(connection, each)
    return made_in


def _read_by_action(
    connection: sa.Connection, actions: dict[tuple[int, str], int]
) -> list[tuple[int, int]]:
    decision = t.decision.c
    wanted = sa.tuple_(decision.coder_id, decision.action).in_(list(actions))
    rows = connection.execute(_select_interviews().where(wanted, decision.part == 0))
    return [(actions[row.coder_id, row.action], row.interview_id) for row in rows]


def _read_first(connection: sa.Connection, proposed: ProposedCode) -> int | None:
    decision = t.decision.c
    row = connection.execute(
        _select_interviews()
        .where(decision.coder_id == proposed.coder_id, decision.code_id == proposed.code_id)
        .order_by(decision.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else int(row.interview_id)


def _select_interviews() -> sa.Select[Any]:
    return (
        sa.select(t.decision.c.coder_id, t.decision.c.action, t.transcript_version.c.interview_id)
        .join(t.excerpt, t.excerpt.c.id == t.decision.c.excerpt_id)
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
    )
