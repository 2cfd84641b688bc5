"""Notes on a code, a participant or the study: every wording stays, the newest is what stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from review.api import give_json
from review.code_names import name_rows
from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.sent import RowId, Sent
from study.code_readings import list_participants
from study.database import Connection
from study.draws import list_owing
from study.memos import CODE, PARTICIPANT, STUDY, Memo, list_memos, store_memo
from study.review_queue import list_progress


class SentNote(Sent):
    """What a coder writes about a code (guid), a participant (subject_id) or the study."""

    subject: Literal["code", "participant", "study"]
    subject_id: RowId | None = None
    guid: Annotated[str, Field(max_length=36)] | None = None
    text: Annotated[str, Field(max_length=20_000)]


@dataclass(frozen=True)
class NoteWording:
    """One wording of a note; day: when it was written, as 2026-03-01 09:00 UTC."""

    coder: str
    text: str
    day: str


@dataclass(frozen=True)
class Note:
    """What a coder noted; earlier wordings come newest first.

    others: What others noted last; for a lead who owes no excerpt blind.
    """

    text: str = ""
    earlier: tuple[NoteWording, ...] = ()
    others: tuple[NoteWording, ...] = ()


def make_note_routes() -> APIRouter:
    """Make the route that takes notes in."""
    router = APIRouter()

    @router.post("/api/notes")
    def take_note(desk: AtDesk, sent: SentNote) -> JSONResponse:
        return give_json(asdict(write_note(desk, sent)))

    return router


def read_note(connection: Connection, desk: Desk, subject: str, subject_id: int | None) -> Note:
    """Read what a coder noted on a subject, and for a lead what others did."""
    return read_notes(connection, desk, subject, [subject_id])[subject_id]


def read_notes(
    connection: Connection, desk: Desk, subject: str, subject_ids: Iterable[int | None]
) -> dict[int | None, Note]:
    """Read what a coder noted on several subjects of a kind, and for a lead what others did."""
    # What others made of a code may sway a reading that is still to be independent.
    may_see = desk.coder.is_lead and not list_owing(connection, desk.coder_id)
    return {
        each: _make_note(list_memos(connection, subject, each), desk.coder.name, may_see=may_see)
        for each in subject_ids
    }


def _make_note(memos: Sequence[Memo], reader: str, *, may_see: bool) -> Note:
    own = [memo for memo in memos if memo.coder == reader]
    return Note(
        text=own[0].text if own else "",
        earlier=tuple(_word(memo) for memo in own[1:] if memo.text),
        others=_newest_of_others(memos, reader) if may_see else (),
    )


def write_note(desk: Desk, sent: SentNote) -> Note:
    """Store a wording of a note, unless it is the one that stands.

    Raises:
        RequestError: There is no such code, or no such participant in the coder's queue.
    """
    text = sent.text.strip()
    with desk.study.database.write() as connection:
        subject_id = _find_subject(connection, desk, sent)
        before = read_note(connection, desk, sent.subject, subject_id)
        if before.text != text:
            store_memo(
                connection,
                coder_id=desk.coder_id,
                subject=sent.subject,
                subject_id=subject_id,
                text=text,
                now=desk.clock(),
            )
        return read_note(connection, desk, sent.subject, subject_id)


def _find_subject(connection: Connection, desk: Desk, sent: SentNote) -> int | None:
    is_told = (sent.guid is not None, sent.subject_id is not None)
    if is_told != (sent.subject == CODE, sent.subject == PARTICIPANT):
        raise RequestError(422, "a note names what it is on, and nothing else.")
    if sent.subject == STUDY:
        return None
    if sent.subject == CODE:
        rows = {code.guid: row for row, code in name_rows(desk).items()}
        if sent.guid not in rows:
            raise RequestError(404, "the codebook has no such code.")
        return rows[sent.guid or ""]
    if sent.subject_id not in _list_known(connection, desk):
        raise RequestError(404, "participant {n} is in none of your interviews.", n=sent.subject_id)
    return sent.subject_id


def _list_known(connection: Connection, desk: Desk) -> set[int]:
    people = list_participants(connection)
    queued = {row.interview_id for row in list_progress(connection, desk.coder_id)}
    interviews = people if desk.coder.is_lead else queued
    return {person.id for interview_id in interviews for person in people.get(interview_id, ())}


def _newest_of_others(memos: Sequence[Memo], own: str) -> tuple[NoteWording, ...]:
    newest: Mapping[str, Memo] = {memo.coder: memo for memo in reversed(memos)}
    return tuple(_word(memo) for name, memo in newest.items() if name != own and memo.text)


def _word(memo: Memo) -> NoteWording:
    return NoteWording(memo.coder, memo.text, f"{memo.made_at:%Y-%m-%d %H:%M} UTC")
