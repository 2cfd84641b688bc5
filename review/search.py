"""Searches the transcripts in a coder's queue; what is looked for is written down nowhere."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.templating import Jinja2Templates

from review.api import give_json
from review.code_names import NamedCode, name_rows
from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.frame import make_frame
from review.hits import Ground, Group, codes_of, list_groups
from review.sent import Sent
from study.code_readings import list_participants
from study.codebooks import read_merging
from study.database import Connection
from study.draws import list_owing
from study.records import Span, Transcript
from study.searching import (
    compile_search,
    find_marked,
    find_places,
    find_words,
    list_queued,
)
from study.standing_codings import StandingCoding, Wanted, list_standing

MOST_SHOWN = 200


class SentSearch(Sent):
    """What is looked for; code_guid: only in words that this coder gave the code."""

    text: Annotated[str, Field(min_length=1, max_length=200)]
    code_guid: Annotated[str, Field(max_length=36)] | None = None
    is_whole_words: bool = False


@dataclass(frozen=True)
class Found:
    """All that a search found; codes are those of the hits shown, by GUID.

    n_waiting: Interviews that were not searched for a code, as excerpts of them are owed blind.
    """

    n_hits: int
    n_shown: int
    n_interviews: int
    n_waiting: int
    codes: dict[str, NamedCode]
    groups: tuple[Group, ...]


def make_search_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the page that searches, and what it asks."""
    router = APIRouter()

    @router.get("/search")
    def show_search(request: Request, desk: AtDesk) -> Response:
        codes = sorted(name_rows(desk).values(), key=lambda code: code.name.casefold())
        context = {**make_frame(desk, request), "codes": codes}
        return templates.TemplateResponse(request, "search.html", context)

    @router.post("/api/search")
    def take_search(desk: AtDesk, sent: SentSearch) -> JSONResponse:
        return give_json(asdict(search(desk, sent)))

    return router


def search(desk: Desk, sent: SentSearch) -> Found:
    """Find words in all transcripts of a coder's queue.

    Raises:
        RequestError: There is nothing to look for, or no such code.
    """
    try:
        pattern = compile_search(sent.text, is_whole_words=sent.is_whole_words)
    except ValueError as error:
        raise RequestError(422, "give at least one letter or digit to search for.") from error
    code_id = _find_code(desk, sent.code_guid)
    with desk.study.database.read() as connection:
        waiting = list_owing(connection, desk.coder_id)
        queued = list_queued(connection, desk.coder_id)
        searched = [each for each in queued if code_id is None or each.interview_id not in waiting]
        hits: dict[Transcript, Sequence[Span]]
        hits = {each: spans for each in searched if (spans := find_words(each.text, pattern))}
        if code_id is not None:
            hits = _keep_coded(connection, desk, hits, code_id)
        shown = _cut_off(hits)
        ground = _make_ground(connection, desk, waiting, shown)
        groups = list_groups(ground, shown, {each.id: len(spans) for each, spans in hits.items()})
    used = {code for group in groups for hit in group.hits for code in hit.codes}
    return Found(
        n_hits=sum(map(len, hits.values())),
        n_shown=sum(map(len, shown.values())),
        n_interviews=len(hits),
        n_waiting=len(queued) - len(searched),
        codes={code.guid: code for code in ground.names.values() if code.guid in used},
        groups=groups,
    )


def _find_code(desk: Desk, guid: str | None) -> int | None:
    if guid is None:
        return None
    found = next((row for row, code in name_rows(desk).items() if code.guid == guid), None)
    if found is None:
        raise RequestError(404, "the codebook has no such code.")
    return found


def _keep_coded(
    connection: Connection,
    desk: Desk,
    hits: Mapping[Transcript, Sequence[Span]],
    code_id: int,
) -> dict[Transcript, Sequence[Span]]:
    codings = _list_codings(connection, desk, hits, codes=frozenset({code_id}))
    kept = {
        transcript: [span for span in spans if codes_of(span, codings[transcript.id])]
        for transcript, spans in hits.items()
    }
    return {transcript: spans for transcript, spans in kept.items() if spans}


def _cut_off(hits: Mapping[Transcript, Sequence[Span]]) -> dict[Transcript, Sequence[Span]]:
    shown: dict[Transcript, Sequence[Span]] = {}
    n_left = MOST_SHOWN
    for transcript, spans in hits.items():
        if n_left:
            shown[transcript] = spans[:n_left]
            n_left -= len(shown[transcript])
    return shown


def _make_ground(
    connection: Connection,
    desk: Desk,
    waiting: frozenset[int],
    shown: Mapping[Transcript, Sequence[Span]],
) -> Ground:
    # As long as excerpts are owed blind, not even the coder's own codes stand beside the words.
    open_ones = [each for each in shown if each.interview_id not in waiting]
    people = list_participants(connection)
    places = {each.id: find_places(connection, each, spans) for each, spans in shown.items()}
    near = {row for each in open_ones for place in places[each.id] for row in place.near}
    marked = find_marked(connection, desk.coder_id, [each.id for each in open_ones])
    return Ground(
        places=places,
        versions={each.id: desk.name_version(each) for each in shown},
        names=name_rows(desk),
        codings=_list_codings(connection, desk, open_ones, excerpts=marked | near),
        participants={
            interview_id: tuple(person.label for person in persons)
            for interview_id, persons in people.items()
        },
        waiting=waiting,
        language=desk.study.settings.language,
    )


def _list_codings(
    connection: Connection,
    desk: Desk,
    transcripts: Collection[Transcript],
    *,
    codes: frozenset[int] = frozenset(),
    excerpts: frozenset[int] | None = None,
) -> Mapping[int, Sequence[StandingCoding]]:
    wanted = Wanted(
        desk.coder_id,
        only=frozenset(each.interview_id for each in transcripts),
        into=read_merging(connection).into,
        codes=codes,
        excerpts=excerpts,
    )
    codings: dict[int, list[StandingCoding]] = defaultdict(list)
    if not transcripts:
        return codings
    for coding in list_standing(connection, wanted):
        codings[coding.version_id].append(coding)
    return codings
