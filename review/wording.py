"""Says in the interview's language what was suggested, how strongly, and why."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from codebook.records import Codebook, Wording
from study.codebooks import CodebookVersion
from study.records import Suggestion
from study.stance import Stance, is_for_discussion, may_show_agreement, name_suggestions

OTHER = {"nl": "Overige codes", "en": "Other codes"}
# In standard deviations above what is usual for the code; each step begins at its bound.
STEPS = (1.25, 1.5, 2.0, 2.5)
N_KEYS = 9
MEASURED = "so that it can be measured how well people and suggestions agree"
DISCUSSED = "so that it can be discussed where people and suggestions differ"
OWN_FIRST = "so that your own reading comes first"
LEADS = {
    "definition": "matches the definition",
    "include": "matches a rule",
    "example": "resembles the example",
}


@dataclass(frozen=True)
class Reason:
    """Why a code was suggested, in one glance: which text of the codebook lies nearest."""

    kind: str
    lead: str
    text: str


@dataclass(frozen=True)
class SuggestionView:
    """A suggestion as the coder sees it; key is the digit that decides it."""

    id: int
    guid: str
    key: int | None
    score: float
    strength: int
    definition: str
    reason: Reason | None


@dataclass(frozen=True)
class ThemeGroup:
    """The suggestions under one theme, strongest first."""

    theme: str
    suggestions: tuple[SuggestionView, ...]


@dataclass(frozen=True)
class CodeName:
    """What a code is called in the interview's language, and its colour."""

    name: str
    colour: str | None


@dataclass(frozen=True)
class PageWords:
    """How the page speaks of suggestions, and what it says excerpts are drawn for."""

    one: str
    many: str
    blind_for: str


def choose_words(stance: Stance) -> PageWords:
    """Choose the page's words for a study of a stance; the page itself is in English."""
    measured = DISCUSSED if is_for_discussion(stance) else MEASURED
    return PageWords(
        one=name_suggestions(stance, 1),
        many=name_suggestions(stance),
        blind_for=measured if may_show_agreement(stance) else OWN_FIRST,
    )


def group_suggestions(
    suggestions: Sequence[Suggestion], version: CodebookVersion, language: str
) -> tuple[ThemeGroup, ...]:
    """Group suggestions by theme, the theme with the strongest first, and number them as shown."""
    groups: dict[str, list[Suggestion]] = {}
    themes = first_themes(version.codebook, language)
    for suggestion in sorted(suggestions, key=lambda item: item.rank):
        theme = themes.get(suggestion.code_guid, OTHER.get(language, OTHER["en"]))
        groups.setdefault(theme, []).append(suggestion)
    numbers = {
        item.id: number
        for number, item in enumerate((item for group in groups.values() for item in group), 1)
    }
    return tuple(
        ThemeGroup(theme, tuple(_view(item, numbers[item.id], version, language) for item in group))
        for theme, group in groups.items()
    )


def first_themes(codebook: Codebook, language: str) -> dict[str, str]:
    """Name one theme for each code that has any: the first in the researcher's order."""
    names: dict[str, str] = {}
    for theme in codebook.themes:
        for guid in theme.codes:
            names.setdefault(guid, theme.wording(language).name)
    return names


def measure_strength(score: float) -> int:
    """Give a score as one of five steps."""
    return bisect_right(STEPS, score) + 1


def explain(suggestion: Suggestion, wording: Wording) -> Reason | None:
    """Look the evidence up in the codebook; None where it is of a kind that has no text there."""
    kind = str(suggestion.evidence.get("kind"))
    texts = {
        "definition": (wording.definition,),
        "include": wording.include,
        "example": wording.examples,
    }.get(kind, ())
    index = int(suggestion.evidence.get("index", 0))
    return Reason(kind, LEADS[kind], texts[index]) if index < len(texts) else None


def name_codes(version: CodebookVersion, language: str) -> dict[str, CodeName]:
    """Name every code in a language, by GUID."""
    return {
        code.guid: CodeName(code.wording(language).name, code.colour)
        for code in version.codebook.codes
    }


def _view(
    suggestion: Suggestion, number: int, version: CodebookVersion, language: str
) -> SuggestionView:
    code = next((c for c in version.codebook.codes if c.guid == suggestion.code_guid), None)
    wording = code.wording(language) if code else Wording(suggestion.code_key, "")
    # The evidence points into the codebook that it was found in; another may say other things.
    is_same_book = suggestion.codebook_version == version.number
    return SuggestionView(
        id=suggestion.id,
        guid=suggestion.code_guid,
        key=number if number <= N_KEYS else None,
        score=round(suggestion.score, 2),
        strength=measure_strength(suggestion.score),
        definition=wording.definition,
        reason=explain(suggestion, wording) if is_same_book else None,
    )
