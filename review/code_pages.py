"""All codes with how often they stand, and everything that was given one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.templating import Jinja2Templates

from codebook.records import Wording
from review.api import give_json
from review.code_lists import list_themes
from review.code_names import name_rows
from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.frame import make_frame
from review.memo_notes import read_note, read_notes
from review.sent import Sent
from study.code_readings import Participant, Readings, list_participants, read_code
from study.codebooks import read_merging
from study.database import Connection
from study.draws import list_owing
from study.memos import CODE, PARTICIPANT, STUDY
from study.standing_codings import (
    Wanted,
    count_codes,
    find_queued,
)
from study.transcripts import list_versions

MOST_READ = 200
Guid = Annotated[str, Path(max_length=36)]
Attribute = Annotated[str, Field(max_length=200)]


class SentReading(Sent):
    """Which of a code's codings are wanted, from which on; of participants alike in a group."""

    whose: Literal["own", "everybody"] = "own"
    attribute: Attribute | None = None
    value: Attribute | None = None
    start: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


def make_code_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the pages on codes, and what they ask."""
    router = APIRouter()

    @router.get("/codes")
    def show_codes(request: Request, desk: AtDesk) -> Response:
        desk.shelf.reread()
        context = {**make_frame(desk, request), **_list_all(desk)}
        return templates.TemplateResponse(request, "codes.html", context)

    @router.get("/codes/{guid}")
    def show_code(request: Request, desk: AtDesk, guid: Guid) -> Response:
        desk.shelf.reread()
        context = {**make_frame(desk, request), **_describe(desk, guid)}
        return templates.TemplateResponse(request, "code.html", context)

    @router.post("/api/codes/{guid}/readings")
    def read_codings(desk: AtDesk, guid: Guid, sent: SentReading) -> JSONResponse:
        return give_json(_read(desk, guid, sent))

    return router


def _list_all(desk: Desk) -> dict[str, Any]:
    with desk.study.database.read() as connection:
        waiting = list_owing(connection, desk.coder_id)
        own = count_codes(connection, _want(connection, desk, "own", waiting))
        everybody = (
            count_codes(connection, _want(connection, desk, "everybody", waiting))
            if desk.coder.is_lead
            else None
        )
        note = read_note(connection, desk, STUDY, None)
    themes = list_themes(desk, own, everybody)
    return {"themes": themes, "n_waiting": len(waiting), "note": asdict(note)}


def _describe(desk: Desk, guid: str) -> dict[str, Any]:
    code_id = _find_code(desk, guid)
    with desk.study.database.read() as connection:
        note = read_note(connection, desk, CODE, code_id)
        people = list_participants(connection)
    return {
        "code": name_rows(desk)[code_id],
        "wording": _find_wording(desk, guid),
        "note": asdict(note),
        "can_give": guid in desk.code_ids(),
        "attributes": _list_attributes(each for found in people.values() for each in found),
    }


def _find_code(desk: Desk, guid: str) -> int:
    found = next((row for row, code in name_rows(desk).items() if code.guid == guid), None)
    if found is None:
        raise RequestError(404, "the codebook has no such code.")
    return found


def _find_wording(desk: Desk, guid: str) -> Wording:
    for code in desk.codebook().codebook.codes:
        if code.guid == guid:
            return code.wording(desk.say.language)
    proposed = next(each for each in desk.shelf.proposed() if each.guid == guid)
    return Wording(proposed.name, proposed.memo)


def _list_attributes(people: Iterable[Participant]) -> dict[str, list[str]]:
    values: dict[str, set[str]] = {}
    for person in people:
        for name, value in person.attributes.items():
            values.setdefault(name, set()).add(value)
    # What all have in common, or is another for each, parts no groups; the page lists it anyway.
    return {name: sorted(found) for name, found in sorted(values.items())}


def _read(desk: Desk, guid: str, sent: SentReading) -> dict[str, Any]:
    code_id = _find_code(desk, guid)
    if sent.whose == "everybody" and not desk.coder.is_lead:
        raise RequestError(403, "only a lead reads what everybody gave.")
    with desk.study.database.read() as connection:
        waiting = list_owing(connection, desk.coder_id)
        people = list_participants(connection)
        wanted = _want(
            connection, desk, sent.whose, waiting, code_id=code_id, only=_choose(people, sent)
        )
        readings = read_code(connection, wanted, start=sent.start, n=MOST_READ)
        shown = _show_people(connection, desk, readings, people)
        versions = {each.id: desk.name_version(each) for each in list_versions(connection)}
    end = sent.start + len(readings.found)
    return {
        "readings": [
            {**asdict(each), "version_id": versions[each.version_id]} for each in readings.found
        ],
        "n_all": readings.n_all,
        **shown,
        "next": end if end < readings.n_all else None,
        "n_waiting": len(waiting),
        "language": desk.study.settings.language,
    }


def _want(
    connection: Connection,
    desk: Desk,
    whose: str,
    waiting: frozenset[int],
    *,
    code_id: int | None = None,
    only: frozenset[int] | None = None,
) -> Wanted:
    is_own = whose == "own"
    if not is_own:
        # Before an interview is queued nothing of it is drawn, and it may be any of its excerpts.
        queued = find_queued(connection, desk.coder_id if desk.coder.is_reviewing else None)
        only = queued if only is None else only & queued
    return Wanted(
        coder_id=desk.coder_id if is_own else None,
        hidden=waiting,
        only=only,
        into=read_merging(connection).into,
        codes=frozenset() if code_id is None else frozenset({code_id}),
    )


def _choose(
    people: Mapping[int, tuple[Participant, ...]], sent: SentReading
) -> frozenset[int] | None:
    if sent.attribute is None:
        return None
    return frozenset(
        interview_id
        for interview_id, persons in people.items()
        if any(person.attributes.get(sent.attribute) == sent.value for person in persons)
    )


def _show_people(
    connection: Connection,
    desk: Desk,
    readings: Readings,
    people: Mapping[int, tuple[Participant, ...]],
) -> dict[str, Any]:
    interviews = {reading.interview_id for reading in readings.found}
    shown = {each: people.get(each, ()) for each in interviews}
    labels = {person.id: person.label for persons in shown.values() for person in persons}
    notes = read_notes(connection, desk, PARTICIPANT, labels)
    return {
        "people": {each: [person.id for person in persons] for each, persons in shown.items()},
        "participants": {
            person_id: {"label": label, "note": asdict(notes[person_id])}
            for person_id, label in labels.items()
        },
    }
