"""The page's languages: every sentence is written in English and looked up in a catalogue."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.requests import Request

from review.sent import Sent
from study.said import Said

CATALOGUES = Path(__file__).parent / "catalogue"
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "nl": "Nederlands"}
COOKIE = "themeloop-language"
A_YEAR = 365 * 24 * 60 * 60
# Not the system's: a server may know no language but its own.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Speaker:
    """Says the page's sentences in one language."""

    languages = LANGUAGES

    def __init__(self, language: str = ENGLISH) -> None:
        self.language = language
        self.catalogue = read_catalogue(language)

    def __call__(self, english: str, /, **values: object) -> str:
        """Say a sentence, with its {values} filled in; in English where it has no translation."""
        said = self.catalogue.get(english, english)
        return said.format(**values) if values else said

    def tell(self, said: Said) -> str:
        """Say a sentence that comes with its values."""
        return self(said.english, **said.values)

    def tell_time(self, moment: datetime) -> str:
        """Say a day and a time, by the clock of this machine."""
        here = moment.astimezone()
        month = self(MONTHS[here.month - 1])
        return self("{day} {month}, {time}", day=here.day, month=month, time=f"{here:%H:%M}")


class SentLanguage(Sent):
    """Which language a reader chooses."""

    language: Literal["en", "nl"]


def make_language_routes() -> APIRouter:
    """Make the route that takes in which language a reader wants; whoever they are."""
    router = APIRouter()

    @router.post("/api/language")
    def take_language(request: Request, sent: SentLanguage) -> JSONResponse:
        answer = JSONResponse({"language": sent.language})
        answer.set_cookie(
            COOKIE,
            sent.language,
            max_age=A_YEAR,
            path="/",
            secure=request.app.state.room.study.settings.is_encrypted,
            httponly=True,
            samesite="strict",
        )
        return answer

    return router


@lru_cache
def read_catalogue(language: str) -> Mapping[str, str]:
    """Read what each English sentence is in a language; nothing for one that has no catalogue."""
    if language == ENGLISH or language not in LANGUAGES:
        return {}
    found = json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8"))
    return {str(english): str(said) for english, said in found.items()}


def choose_language(request: Request) -> str:
    """Choose what the reader chose on the page, else what their browser asks for most."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    asked = _list_asked(request.headers.get("accept-language", ""))
    return next((language for language in asked if language in LANGUAGES), ENGLISH)


def _list_asked(header: str) -> list[str]:
    weights: dict[str, float] = {}
    for part in header.split(","):
        tag, *parameters = part.split(";")
        language = tag.strip().lower().partition("-")[0]
        weights[language] = max(_read_weight(parameters), weights.get(language, 0.0))
    # Sorting keeps the order of those that are asked for as much.
    wanted = sorted(weights, key=lambda language: -weights[language])
    return [language for language in wanted if weights[language]]


def _read_weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                # What cannot be read is not asked for.
                return 0.0
    return 1.0


ENGLISH_SPEAKER = Speaker()
