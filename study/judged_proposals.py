"""What the lead makes of provisional codes: accepted, merged, declined, or taken up again."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.codebook_edits import add_code, let_replace
from study.codebooks import CodebookVersion, current_codebook, store_codebook
from study.coders import Coder
from study.errors import StudyError
from study.memos import CODE, store_memo
from study.proposed_codes import (
    ACCEPTED,
    DECLINED,
    MERGED,
    PROVISIONAL,
    WITHDRAWN,
    ProposedCode,
    read_proposed,
)

AUDITED = {
    ACCEPTED: "provisional code accepted",
    MERGED: "provisional code merged",
    DECLINED: "provisional code declined",
    PROVISIONAL: "provisional code taken up again",
}
SETTLED = {
    PROVISIONAL: "The code is provisional, so this cannot be done with it. Reload the page.",
    ACCEPTED: "The code is accepted, so this cannot be done with it. Reload the page.",
    MERGED: "The code is merged, so this cannot be done with it. Reload the page.",
    DECLINED: "The code is declined, so this cannot be done with it. Reload the page.",
    WITHDRAWN: "Whoever made the code has taken it back, so there is nothing to decide on it.",
}


def accept_code(
    connection: sa.Connection,
    guid: str,
    *,
    key: str,
    name: str,
    definition: str,
    theme: str | None,
    lead: Coder,
    now: datetime,
) -> CodebookVersion:
    """Take a proposed code into a new codebook version, with all that was coded with it.

    Args:
        theme: GUID of the theme that is to draw on it.

    Raises:
        StudyError: It was decided on before, or the codebook cannot have it so.
    """
    proposed = _read_open(connection, guid, (PROVISIONAL, MERGED))
    book = current_codebook(connection).codebook
    changed = add_code(
        book, key=key, name=name, definition=definition, guid=proposed.guid, theme=theme
    )
    store_codebook(connection, changed, now=now)
    version = current_codebook(connection)
    _settle(connection, proposed, ACCEPTED, lead, now, codebook_version=version.number)
    return version


def merge_code(
    connection: sa.Connection, guid: str, *, into: str, lead: Coder, now: datetime
) -> CodebookVersion:
    """Let a code of the codebook take a proposed one in: what was coded with it counts as that.

    Args:
        into: GUID of the code of the codebook.

    Raises:
        StudyError: It was decided on before, or the codebook has no such code.
    """
    proposed = _read_open(connection, guid, (PROVISIONAL, MERGED))
    book = current_codebook(connection).codebook
    store_codebook(connection, let_replace(book, guid=into, old=proposed.guid), now=now)
    version = current_codebook(connection)
    _settle(
        connection,
        proposed,
        MERGED,
        lead,
        now,
        into_code_id=version.code_ids[into],
        codebook_version=version.number,
    )
    return version


def decline_code(
    connection: sa.Connection, guid: str, *, reason: str, lead: Coder, now: datetime
) -> None:
    """Decline a proposed code: its codings stay as rows and count for nothing.

    Raises:
        StudyError: No reason is given, or it was decided on before.
    """
    proposed = _read_open(connection, guid, (PROVISIONAL,))
    if not reason.strip():
        raise StudyError("Whoever made the code wants to know why. Give a reason in a few words.")
    # A memo, so that a name in it is redacted as everywhere.
    memo_id = store_memo(
        connection,
        coder_id=lead.id,
        subject=CODE,
        subject_id=proposed.code_id,
        text=reason.strip(),
        now=now,
    )
    _settle(connection, proposed, DECLINED, lead, now, memo_id=memo_id)


def restore_code(connection: sa.Connection, guid: str, *, lead: Coder, now: datetime) -> None:
    """Make a declined code provisional again.

    Raises:
        StudyError: It is not declined, or whoever made it has taken it back.
    """
    proposed = _read_open(connection, guid, (DECLINED,))
    _settle(connection, proposed, PROVISIONAL, lead, now)
    # Its maker may have taken it back since it was declined.
    if read_proposed(connection, guid).state == WITHDRAWN:
        raise StudyError(SETTLED[WITHDRAWN])


def read_reasons(connection: sa.Connection) -> dict[int, str]:
    """Read why codes were declined, by the code's row."""
    memo, proposed = t.memo.c, t.proposed_code.c
    rows = connection.execute(
        sa.select(proposed.code_id, memo.text)
        .join(
            t.memo,
            sa.and_(
                memo.subject == CODE,
                memo.subject_id == proposed.code_id,
                memo.coder_id == proposed.decided_by_id,
                memo.made_at == proposed.decided_at,
            ),
        )
        .where(proposed.state == DECLINED)
    )
    return {row.code_id: row.text for row in rows}


def _read_open(connection: sa.Connection, guid: str, states: Collection[str]) -> ProposedCode:
    proposed = read_proposed(connection, guid)
    if proposed.state not in states:
        raise StudyError(SETTLED[proposed.state])
    return proposed


def _settle(
    connection: sa.Connection,
    proposed: ProposedCode,
    state: str,
    lead: Coder,
    now: datetime,
    *,
    into_code_id: int | None = None,
    **details: int,
) -> None:
    connection.execute(
        sa.update(t.proposed_code)
        .where(t.proposed_code.c.id == proposed.id)
        .values(state=state, into_code_id=into_code_id, decided_by_id=lead.id, decided_at=now)
    )
    connection.execute(
        sa.insert(t.audit).values(
            actor=lead.name,
            action=AUDITED[state],
            details={"code": proposed.guid, **details},
            done_at=now,
        )
    )
