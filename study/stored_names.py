"""Names in what is stored: where they may stand, whose they are, and what is written instead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.added import AddedParticipant, ensure_participant
from study.folder import Study
from study.name_key import KeyRecord, append_to_key
from study.offsets import Replacement, replace_all
from study.pseudonyms import assign_pseudonyms, read_pseudonyms, store_pseudonyms
from study.records import Span

# Whose pseudonyms a memo has: it may speak of anybody.
MEMOS = "memos"


@dataclass(frozen=True)
class StoredText:
    """A transcript version's words, and whose they are; turns are where each turn lies."""

    version_id: int
    interview: str
    language: str | None
    participants: tuple[str, ...]
    text: str
    turns: tuple[Span, ...] = ()

    @property
    def owner(self) -> str:
        """Give whose pseudonyms it has; a coded file need not say, and its names are its own."""
        return self.participants[0] if self.participants else self.interview


@dataclass(frozen=True)
class Marked:
    """A name in a text, with its category; one name has one pseudonym, however it is written."""

    span: Span
    name: str
    category: str


# Finds the names, sorted and apart, in a text that belongs to a stored one.
Find = Callable[[StoredText, str], Sequence[Marked]]


def list_stored_texts(connection: sa.Connection) -> list[StoredText]:
    """Read every transcript version, also those that were replaced by newer ones."""
    owners = _owners(connection)
    turns: dict[int, list[Span]] = {}
    for row in connection.execute(
        sa.select(t.turn).order_by(t.turn.c.transcript_version_id, t.turn.c.position)
    ):
        turns.setdefault(row.transcript_version_id, []).append(Span(row.start_char, row.end_char))
    rows = connection.execute(
        sa.select(t.transcript_version, t.interview.c.label, t.interview.c.language)
        .join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id)
        .order_by(t.transcript_version.c.id)
    )
    return [
        StoredText(
            version_id=row.id,
            interview=row.label,
            language=row.language,
            participants=owners.get(row.interview_id, ()),
            text=row.text,
            turns=tuple(turns.get(row.id, ())),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Pen:
    """What writes pseudonyms in one transaction; found is what was looked for before it began."""

    study: Study
    connection: sa.Connection
    find: Find
    now: datetime
    found: Mapping[StoredText, Sequence[Marked]]

    def mark(self, stored: StoredText, text: str) -> list[Replacement]:
        """Give what replaces the names in a text; new names get pseudonyms."""
        is_known = stored in self.found and text == stored.text
        marked = self.found[stored] if is_known else self.find(stored, text)
        if not marked:
            return []
        owner_id = ensure_participant(self.connection, AddedParticipant(stored.owner))
        assigned = assign_pseudonyms(
            read_pseudonyms(self.connection, owner_id),
            [(each.name, each.category, "gazetteer") for each in marked],
            hash_name=self.study.keyed_hash,
            text=text,
        )
        store_pseudonyms(self.connection, owner_id, assigned.values(), now=self.now)
        written = {
            assigned[each.name].text: text[each.span.start_char : each.span.end_char]
            for each in marked
        }
        append_to_key(
            self.study,
            [KeyRecord(stored.owner, pseudonym, name) for pseudonym, name in written.items()],
        )
        return [Replacement(each.span, assigned[each.name].text) for each in marked]

    def rewrite(self, owner: StoredText, text: str) -> str:
        """Write a short text anew, without names."""
        return replace_all(text, self.mark(owner, text))


def redact_elsewhere(pen: Pen) -> int:
    """Replace names in what people wrote, in speakers' labels, in participants' groups; count."""
    n_changed = _redact_written(pen)
    owners = _owners(pen.connection)
    speakers = sa.select(t.speaker, t.interview.c.label.label("interview")).join(
        t.interview, t.interview.c.id == t.speaker.c.interview_id
    )
    for row in pen.connection.execute(speakers).all():
        people = owners.get(row.interview_id, ())
        label = StoredText(0, row.interview, None, people, row.label)
        n_changed += _rewrite(pen, label, t.speaker, "label", row.id)
    values = sa.select(t.participant_attribute, t.participant.c.label).join(
        t.participant, t.participant.c.id == t.participant_attribute.c.participant_id
    )
    for row in pen.connection.execute(values).all():
        value = StoredText(0, row.label, None, (row.label,), row.value)
        n_changed += _rewrite(pen, value, t.participant_attribute, "value", row.id)
    return n_changed


def _redact_written(pen: Pen) -> int:
    everybody = tuple(
        pen.connection.scalars(sa.select(t.participant.c.label).order_by(t.participant.c.label))
    )
    n_changed = 0
    for table, column in ((t.memo, "text"), (t.proposed_code, "name"), (t.proposed_code, "memo")):
        rows = pen.connection.execute(sa.select(table.c.id, table.c[column].label("words"))).all()
        for row in rows:
            stored = StoredText(0, MEMOS, None, (MEMOS, *everybody), row.words)
            n_changed += _rewrite(pen, stored, table, column, row.id)
    return n_changed


def _rewrite(pen: Pen, stored: StoredText, table: sa.Table, column: str, row_id: int) -> int:
    text = pen.rewrite(stored, stored.text)
    if text == stored.text:
        return 0
    pen.connection.execute(sa.update(table).where(table.c.id == row_id).values({column: text}))
    return 1


def _owners(connection: sa.Connection) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        sa.select(t.speaker.c.interview_id, t.participant.c.label)
        .join(t.participant, t.participant.c.id == t.speaker.c.participant_id)
        .distinct()
        .order_by(t.participant.c.label)
    )
    owners: dict[int, tuple[str, ...]] = {}
    for row in rows:
        owners[row.interview_id] = (*owners.get(row.interview_id, ()), row.label)
    return owners
