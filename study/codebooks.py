"""Codebook versions in the study: stored once per content, read back as they were."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from codebook.reader import parse_codebook
from codebook.records import Codebook
from codebook.writer import write_codebook
from study import tables as t
from study.errors import StudyError
from study.merging import MergedVersion, Merging, trace_merging

# As `write_codebook` writes it of a code that replaces others.
REPLACES = "replaces:"


@dataclass(frozen=True)
class CodebookVersion:
    """A codebook as it stood when suggestions or codings referred to it."""

    id: int
    number: int
    codebook: Codebook
    code_ids: Mapping[str, int]
    """The row of each code, by GUID, in the codebook's order."""


def store_codebook(connection: sa.Connection, codebook: Codebook, *, now: datetime) -> int:
    """Make a codebook the newest version, unless it is so already; give its row."""
    newest = connection.execute(
        sa.select(t.codebook_version).order_by(t.codebook_version.c.number.desc()).limit(1)
    ).one_or_none()
    if newest is not None and newest.content_hash == codebook.content_hash:
        return int(newest.id)
    number = newest.number if newest is not None else 0
    version_id = insert_row(
        connection,
        t.codebook_version,
        number=number + 1,
        name=codebook.name,
        language=codebook.language,
        content_hash=codebook.content_hash,
        source=write_codebook(codebook),
        made_at=now,
    )
    code_ids = _store_codes(connection, codebook, version_id)
    _store_relations(connection, codebook, version_id, code_ids)
    _store_themes(connection, codebook, version_id, code_ids)
    return version_id


def current_codebook(connection: sa.Connection) -> CodebookVersion:
    """Read the newest codebook version.

    Raises:
        StudyError: The study has none.
    """
    row = connection.execute(
        sa.select(t.codebook_version).order_by(t.codebook_version.c.number.desc()).limit(1)
    ).one_or_none()
    if row is None:
        raise StudyError("This study has no codebook yet. Give one: themeloop codebook FILE.yaml")
    codebook = _parse(row.source)
    rows = connection.execute(
        sa.select(t.code.c.guid, t.code.c.id)
        .join(t.code_version, t.code_version.c.code_id == t.code.c.id)
        .where(t.code_version.c.codebook_version_id == row.id)
        .order_by(t.code_version.c.position)
    )
    return CodebookVersion(row.id, row.number, codebook, {r.guid: r.id for r in rows})


@lru_cache(maxsize=4)
def _parse(source: str) -> Codebook:
    # A version never changes, and reading its YAML takes 50 ms: every step of a run asks for it.
    return parse_codebook(source, source="stored codebook")


def newest_version(connection: sa.Connection) -> int:
    """Give the row of the newest codebook version."""
    return int(
        connection.scalar(
            sa.select(t.codebook_version.c.id).order_by(t.codebook_version.c.number.desc()).limit(1)
        )
        or 0
    )


def list_versions(connection: sa.Connection) -> dict[int, int]:
    """Give the number of each codebook version, by row."""
    rows = connection.execute(sa.select(t.codebook_version.c.id, t.codebook_version.c.number))
    return {row.id: row.number for row in rows}


def codes_by_version(connection: sa.Connection) -> dict[int, frozenset[int]]:
    """Give the rows of the codes that each codebook version has."""
    found: dict[int, set[int]] = {}
    for version_id, code_id in connection.execute(
        sa.select(t.code_version.c.codebook_version_id, t.code_version.c.code_id)
    ):
        found.setdefault(version_id, set()).add(code_id)
    return {version_id: frozenset(codes) for version_id, codes in found.items()}


def read_merging(connection: sa.Connection) -> Merging:
    """Read which codes went into which, over the study's codebook versions.

    A replaced code that no earlier version of the study had says nothing.
    """
    rows = connection.execute(
        sa.select(t.codebook_version.c.id, t.codebook_version.c.source).order_by(
            t.codebook_version.c.number
        )
    ).all()
    if not any(REPLACES in row.source for row in rows):
        return Merging()
    codes = codes_by_version(connection)
    row_of = {row.guid: row.id for row in connection.execute(sa.select(t.code.c.guid, t.code.c.id))}
    # By the keys and GUIDs of the versions so far: a key may be another code's later. What a coder
    # proposed may have been merged without ever having been in one.
    proposed = sa.select(t.code.c.guid, t.code.c.id).join(
        t.proposed_code, t.proposed_code.c.code_id == t.code.c.id
    )
    known: dict[str, int] = {row.guid: row.id for row in connection.execute(proposed)}
    versions = []
    for row in rows:
        book = _parse(row.source).codes
        replaced = {known[old]: row_of[c.guid] for c in book for old in c.replaces if old in known}
        versions.append(MergedVersion(codes[row.id], replaced))
        known |= {name: row_of[code.guid] for code in book for name in (code.key, code.guid)}
    return trace_merging(versions)


def insert_row(connection: sa.Connection, table: sa.Table, **values: object) -> int:
    """Insert one row and give its key."""
    key = connection.execute(sa.insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _store_codes(connection: sa.Connection, codebook: Codebook, version_id: int) -> dict[str, int]:
    code_ids = {
        code.guid: _identity(connection, t.code, code.guid, code.key) for code in codebook.codes
    }
    rows = [
        {
            "codebook_version_id": version_id,
            "code_id": code_ids[code.guid],
            "position": position,
            "wordings": {name: asdict(wording) for name, wording in code.wordings.items()},
            "parent_code_id": code_ids[code.parent] if code.parent else None,
            "colour": code.colour,
        }
        for position, code in enumerate(codebook.codes)
    ]
    connection.execute(sa.insert(t.code_version), rows)
    return code_ids


def _store_relations(
    connection: sa.Connection, codebook: Codebook, version_id: int, code_ids: dict[str, int]
) -> None:
    rows = [
        {
            "codebook_version_id": version_id,
            "source_code_id": code_ids[relation.source],
            "target_code_id": code_ids[relation.target],
            "kind": relation.kind,
        }
        for relation in codebook.relations
    ]
    if rows:
        connection.execute(sa.insert(t.relation), rows)


def _store_themes(
    connection: sa.Connection, codebook: Codebook, version_id: int, code_ids: dict[str, int]
) -> None:
    for position, theme in enumerate(codebook.themes):
        theme_version_id = insert_row(
            connection,
            t.theme_version,
            codebook_version_id=version_id,
            theme_id=_identity(connection, t.theme, theme.guid, theme.key),
            position=position,
            wordings={name: asdict(wording) for name, wording in theme.wordings.items()},
        )
        for place, guid in enumerate(theme.codes):
            connection.execute(
                sa.insert(t.theme_code).values(
                    theme_version_id=theme_version_id, code_id=code_ids[guid], position=place
                )
            )


def _identity(connection: sa.Connection, table: sa.Table, guid: str, key: str) -> int:
    known = connection.scalar(sa.select(table.c.id).where(table.c.guid == guid))
    if known is None:
        return insert_row(connection, table, guid=guid, key=key)
    # The GUID stays while the short name may change.
    connection.execute(sa.update(table).where(table.c.id == known).values(key=key))
    return int(known)
