"""How somebody becomes a coder of a study, with all that is queued for the others."""

from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.coders import CODER, Coder, find_named, require_named
from study.errors import StudyError
from study.queue_items import queue_for_coder
from study.records import Excerpt, Transcript
from study.registry import read_in_force
from study.transcripts import list_transcripts, read_excerpts

LONGEST_NAME = 100


def add_coder(
    connection: sa.Connection, name: str, *, role: str | None, is_reviewing: bool, now: datetime
) -> Coder:
    """Add a coder, or let one review whom only imported files know; queue what waits for them.

    Args:
        role: None: a coder, or whatever the person is already.

    Raises:
        StudyError: The name cannot be one, or its bearer is there already, as wanted.
    """
    known = find_named(connection, name)
    if known is None:
        _insert(connection, _check_name(name), role or CODER, is_reviewing, now)
    elif is_reviewing and not known.is_reviewing:
        _let_review(connection, known.id, role or known.role)
    else:
        raise StudyError(
            f"'{name}' is in this study already. Nothing changed; 'themeloop coder role' gives "
            "another role."
        )
    coder = require_named(connection, name)
    if coder.is_reviewing:
        queue_what_waits(connection, coder.id)
    return coder


def queue_what_waits(connection: sa.Connection, coder_id: int) -> int:
    """Queue for a coder what is queued for others, with its model and in its order; count items."""
    in_force = read_in_force(connection)
    n_items = 0
    for transcript in list_transcripts(connection):
        excerpts = read_excerpts(connection, transcript)
        models, places = _read_queued(connection, transcript, excerpts)
        if models:
            is_newest = in_force is not None and in_force.id in models
            n_items += queue_for_coder(
                connection,
                coder_id,
                transcript,
                excerpts,
                model_id=in_force.id if in_force is not None and is_newest else max(models),
                places={excerpt.id: places.get(excerpt.id, 0.0) for excerpt in excerpts},
            )
    return n_items


def _read_queued(
    connection: sa.Connection, transcript: Transcript, excerpts: list[Excerpt]
) -> tuple[set[int], dict[int, float]]:
    item = t.queue_item.c
    rows = connection.execute(
        sa.select(item.excerpt_id, item.model_version_id, item.priority).where(
            item.interview_id == transcript.interview_id,
            item.excerpt_id.in_({excerpt.id for excerpt in excerpts}),
        )
    ).all()
    return {row.model_version_id for row in rows}, {row.excerpt_id: row.priority for row in rows}


def _check_name(name: str) -> str:
    # A name is typed on the page: blanks at its ends and what is not seen would keep people out.
    if name != name.strip() or not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise StudyError(
            f"{name!r} cannot be a coder's name: expected 1 to {LONGEST_NAME} visible characters, "
            "without a blank at either end. Choose another."
        )
    return name


def _insert(
    connection: sa.Connection, name: str, role: str, is_reviewing: bool, now: datetime
) -> None:
    connection.execute(
        sa.insert(t.coder).values(name=name, role=role, is_reviewing=is_reviewing, added_at=now)
    )


def _let_review(connection: sa.Connection, coder_id: int, role: str) -> None:
    connection.execute(
        sa.update(t.coder).where(t.coder.c.id == coder_id).values(is_reviewing=True, role=role)
    )
