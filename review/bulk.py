"""Shows what is suggested code by code, so that several excerpts can be decided on in a row."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.templating import Jinja2Templates

from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.frame import make_frame
from review.wording import SIMILARITY, Chance, describe_chance, first_themes, measure_strength
from study.pending import PendingSuggestion, count_pending, list_pending, open_pending
from study.records import Span
from study.stance import may_show_agreement
from study.turns import count_words

ON_A_PAGE = 50
# Of non-fiction in English, silently: Brysbaert 2019, doi:10.1016/j.jml.2019.104047.
WORDS_A_MINUTE = 238

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Guid = Annotated[str, Path(max_length=36)]


@dataclass(frozen=True)
class PendingCode:
    """A code that something waits of, by the name that the reader knows."""

    guid: str
    name: str
    colour: str | None
    n: int


@dataclass(frozen=True)
class PendingRow:
    """One suggestion as the list shows it; strength in five steps where no chance can be told."""

    suggestion: PendingSuggestion
    chance: Chance | None
    strength: int | None
    n_words: int


@dataclass(frozen=True)
class PendingList:
    """One page of what waits of a code, from the n-th on."""

    rows: tuple[PendingRow, ...]
    n: int
    n_waiting: int
    page: int

    @property
    def n_pages(self) -> int:
        """Count the pages."""
        return max(1, -(-self.n // ON_A_PAGE))

    @property
    def first(self) -> int:
        """The number of the first row, from 1."""
        return (self.page - 1) * ON_A_PAGE + 1


def make_bulk_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the routes that list pending suggestions."""
    router = APIRouter()

    @router.get("/pending")
    def show_codes(request: Request, desk: AtDesk) -> Response:
        groups, n_waiting = group_codes(desk)
        context = {**make_frame(desk, request), "groups": groups, "n_waiting": n_waiting}
        return templates.TemplateResponse(request, "pending.html", {**context, "code": None})

    @router.get("/pending/{guid}")
    def show_code(request: Request, desk: AtDesk, guid: Guid, page: PageNumber = 1) -> Response:
        code = next((c for c in desk.codebook().codebook.codes if c.guid == guid), None)
        if code is None:
            raise RequestError(404, "the codebook has no such code.")
        context = {
            **make_frame(desk, request),
            "code": code,
            "wording": code.wording(desk.say.language),
            "pending": make_list(desk, guid, page),
            "words_a_minute": WORDS_A_MINUTE,
        }
        return templates.TemplateResponse(request, "pending.html", context)

    return router


def group_codes(desk: Desk) -> tuple[dict[str, list[PendingCode]], int]:
    """Count what waits for this coder by theme and code; and the interviews to be read blind."""
    version, language = desk.codebook(), desk.say.language
    with desk.study.database.read() as connection:
        pending = open_pending(connection, desk.coder_id, is_commit_first=desk.is_commit_first)
        counts = count_pending(connection, pending)
    themes = first_themes(version.codebook, language)
    groups: dict[str, list[PendingCode]] = {}
    for code in version.codebook.codes:
        n = counts.get(version.code_ids[code.guid], 0)
        if n:
            view = PendingCode(code.guid, code.wording(language).name, code.colour, n)
            groups.setdefault(themes.get(code.guid, desk.say("Other codes")), []).append(view)
    return groups, len(pending.waiting)


def make_list(desk: Desk, guid: str, page: int) -> PendingList:
    """List a page of what waits of a code; the last one where there are not so many."""
    code_id = desk.codebook().code_ids[guid]
    with desk.study.database.read() as connection:
        pending = open_pending(connection, desk.coder_id, is_commit_first=desk.is_commit_first)
        first = (page - 1) * ON_A_PAGE
        found = list_pending(connection, pending, code_id, first=first, n=ON_A_PAGE)
        if page > 1 and not found.suggestions:
            page = max(1, -(-found.n // ON_A_PAGE))
            first = (page - 1) * ON_A_PAGE
            found = list_pending(connection, pending, code_id, first=first, n=ON_A_PAGE)
    tells = may_show_agreement(desk.study.settings.stance)
    rows = tuple(_view(desk, each, tells=tells) for each in found.suggestions)
    return PendingList(rows, found.n, found.n_waiting, page)


def _view(desk: Desk, suggestion: PendingSuggestion, *, tells: bool) -> PendingRow:
    chance, strength = None, None
    if tells and suggestion.probability is not None:
        chance = describe_chance(suggestion.probability, desk.say)
    elif tells and suggestion.method == SIMILARITY:
        strength = measure_strength(suggestion.score)
    text = suggestion.text
    return PendingRow(suggestion, chance, strength, count_words(text, Span(0, len(text))))
