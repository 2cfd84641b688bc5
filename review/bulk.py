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

RowNumber = Annotated[int, Query(ge=1, le=1_000_000_000)]
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
    """Some of what waits of a code; first is the number of the first row, from 1.

    n: How many wait in all.
    n_waiting: Interviews left out because the coder has still to read excerpts of them blind.
    """

    rows: tuple[PendingRow, ...]
    n: int
    n_waiting: int
    first: int

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> int | None:
        """The first row of the page before this one."""
        return max(1, self.first - ON_A_PAGE) if self.first > 1 else None

    @property
    def after(self) -> int | None:
        """The first row of the page after this one."""
        return self.last + 1 if self.last < self.n else None


def make_bulk_routes(templates: Jinja2Templates) -> APIRouter:
    """Make the routes that list pending suggestions."""
    router = APIRouter()

    @router.get("/pending")
    def show_codes(request: Request, desk: AtDesk) -> Response:
        groups, n_waiting = group_codes(desk)
        context = {**make_frame(desk, request), "groups": groups, "n_waiting": n_waiting}
        return templates.TemplateResponse(request, "pending.html", {**context, "code": None})

    @router.get("/pending/{guid}")
    def show_code(request: Request, desk: AtDesk, guid: Guid, first: RowNumber = 1) -> Response:
        code = next((c for c in desk.codebook().codebook.codes if c.guid == guid), None)
        if code is None:
            raise RequestError(404, "the codebook has no such code.")
        context = {
            **make_frame(desk, request),
            "code": code,
            "wording": code.wording(desk.say.language),
            "pending": make_list(desk, guid, first),
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


def make_list(desk: Desk, guid: str, first: int) -> PendingList:
    """List what waits of a code from a row on; the last page where there are not so many.

    By rows, not by pages: what is decided on one page makes those after it begin earlier.
    """
    code_id = desk.codebook().code_ids[guid]
    with desk.study.database.read() as connection:
        pending = open_pending(connection, desk.coder_id, is_commit_first=desk.is_commit_first)
        found = list_pending(connection, pending, code_id, first=first - 1, n=ON_A_PAGE)
        if first > 1 and not found.suggestions:
            first = max(0, found.n - 1) // ON_A_PAGE * ON_A_PAGE + 1
            found = list_pending(connection, pending, code_id, first=first - 1, n=ON_A_PAGE)
    tells = may_show_agreement(desk.study.settings.stance)
    rows = tuple(_view(desk, each, tells=tells) for each in found.suggestions)
    return PendingList(rows, found.n, found.n_waiting, first)


def _view(desk: Desk, suggestion: PendingSuggestion, *, tells: bool) -> PendingRow:
    chance, strength = None, None
    if tells and suggestion.probability is not None:
        chance = describe_chance(suggestion.probability, desk.say)
    elif tells and suggestion.method == SIMILARITY:
        strength = measure_strength(suggestion.score)
    text = suggestion.text
    return PendingRow(suggestion, chance, strength, count_words(text, Span(0, len(text))))
