"""Says in the interview's language what was suggested, how strongly, and why."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from codebook.records import Codebook, Wording
from models.contrasts import CHOICE_WITH
from review.languages import ENGLISH_SPEAKER, Speaker
from review.reasons import Basis, Reason, TellingWords, list_reasons, list_telling_words
from study.codebooks import CodebookVersion
from study.records import Suggestion
from study.stance import Stance, is_for_discussion, may_show_agreement, name_suggestions

OTHER = "Other codes"
# In standard deviations above what is usual for the code; each step begins at its bound.
STEPS = (1.25, 1.5, 2.0, 2.5)
SIMILARITY = "similarity"
N_KEYS = 9
NO_BASIS = Basis()
MEASURED = "so that it can be measured how well people and suggestions agree"
DISCUSSED = "so that it can be discussed where people and suggestions differ"
OWN_FIRST = "so that your own reading comes first"


@dataclass(frozen=True)
class Chance:
    """How many of ten such suggestions are right, in few words and in a sentence."""

    short: str
    sentence: str


@dataclass(frozen=True)
class SuggestionView:
    """A suggestion as the coder sees it; key is the digit that decides it.

    strength: In five steps; None where there is a chance to tell, or the score is in a measure of
        another proposer's own.
    more: What else speaks for it.
    words: Those of the excerpt that do.
    choice_with: GUID of the other pole where it is one of a choice of two, shown beside it.
    apart: The rule by which the codebook sends to the other pole what belongs there.
    """

    id: int
    guid: str
    key: int | None
    score: float
    strength: int | None
    chance: Chance | None
    definition: str
    reason: Reason | None
    more: tuple[Reason, ...]
    words: tuple[TellingWords, ...]
    choice_with: str | None = None
    apart: str | None = None


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
    """How the page speaks of suggestions, and what it says excerpts are drawn for.

    tells_chance: Whether it says how often such suggestions are right.
    """

    one: str
    many: str
    blind_for: str
    tells_chance: bool


def choose_words(stance: Stance, say: Speaker = ENGLISH_SPEAKER) -> PageWords:
    """Choose the page's words for a study of a stance, in the reader's language."""
    measured = DISCUSSED if is_for_discussion(stance) else MEASURED
    return PageWords(
        one=name_suggestions(stance, 1, language=say.language),
        many=name_suggestions(stance, language=say.language),
        blind_for=say(measured if may_show_agreement(stance) else OWN_FIRST),
        tells_chance=may_show_agreement(stance),
    )


def group_suggestions(
    suggestions: Sequence[Suggestion],
    version: CodebookVersion,
    language: str,
    basis: Basis = NO_BASIS,
) -> tuple[ThemeGroup, ...]:
    """Group suggestions by theme, the theme with the strongest first, and number them as shown.

    The two of a choice stay together, under the theme of the stronger one.
    """
    groups: dict[str, list[SuggestionView]] = {}
    themes, other = first_themes(version.codebook, language), Speaker(language)(OTHER)
    for offer in _join_choices(suggestions):
        theme = themes.get(offer[0].code_guid, other)
        groups.setdefault(theme, []).extend(_view_offer(offer, version, language, basis))
    numbers = count(1)
    return tuple(
        ThemeGroup(theme, tuple(_number(view, next(numbers)) for view in views))
        for theme, views in groups.items()
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


def describe_chance(probability: float, say: Speaker = ENGLISH_SPEAKER) -> Chance:
    """Say a probability in tenths; of ten, all or none are never promised."""
    tenths = round(probability * 10)
    n = min(max(tenths, 1), 9)
    if tenths < n:
        return Chance(
            say("fewer than {n} in 10", n=n),
            say("Fewer than {n} of 10 such suggestions are right", n=n),
        )
    if tenths > n:
        return Chance(
            say("more than {n} in 10", n=n),
            say("More than {n} of 10 such suggestions are right", n=n),
        )
    return Chance(say("{n} in 10", n=n), say("{n} of 10 such suggestions are right", n=n))


def name_codes(version: CodebookVersion, language: str) -> dict[str, CodeName]:
    """Name every code in a language, by GUID."""
    return {
        code.guid: CodeName(code.wording(language).name, code.colour)
        for code in version.codebook.codes
    }


def _join_choices(suggestions: Sequence[Suggestion]) -> list[list[Suggestion]]:
    by_guid = {item.code_guid: item for item in suggestions}
    offers: list[list[Suggestion]] = []
    placed: set[int] = set()
    for item in sorted(suggestions, key=lambda item: (item.rank, -item.score, item.id)):
        if item.id in placed:
            continue
        other = by_guid.get(str(item.evidence.get(CHOICE_WITH)))
        is_choice = other is not None and other.evidence.get(CHOICE_WITH) == item.code_guid
        offers.append([item, other] if other and is_choice else [item])
        placed.update(each.id for each in offers[-1])
    return offers


def _view_offer(
    offer: Sequence[Suggestion], version: CodebookVersion, language: str, basis: Basis
) -> list[SuggestionView]:
    views = [_view(item, version, language, basis) for item in offer]
    if len(offer) == 1:
        return views
    wordings = [_find_wording(item, version, language) for item in offer]
    return [
        replace(view, choice_with=other.guid, apart=_find_rule(wording, other_wording.name))
        for view, other, wording, other_wording in zip(
            views, views[::-1], wordings, wordings[::-1], strict=True
        )
    ]


def _view(
    suggestion: Suggestion, version: CodebookVersion, language: str, basis: Basis
) -> SuggestionView:
    wording = _find_wording(suggestion, version, language)
    # The evidence points into the codebook that it was found in; another may say other things.
    is_same_book = suggestion.codebook_version == version.number
    chance = suggestion.probability
    is_in_deviations = chance is None and suggestion.method == SIMILARITY
    reasons = list_reasons(
        suggestion,
        wording if is_same_book else None,
        basis,
        is_below_usual=is_in_deviations and suggestion.score < 0,
    )
    return SuggestionView(
        id=suggestion.id,
        guid=suggestion.code_guid,
        key=None,
        score=round(suggestion.score, 2),
        strength=measure_strength(suggestion.score) if is_in_deviations else None,
        chance=None if chance is None else describe_chance(chance, basis.say),
        definition=wording.definition,
        reason=reasons[0] if reasons else None,
        more=reasons[1:],
        words=list_telling_words(suggestion, basis),
    )


def _find_wording(suggestion: Suggestion, version: CodebookVersion, language: str) -> Wording:
    code = next((c for c in version.codebook.codes if c.guid == suggestion.code_guid), None)
    return code.wording(language) if code else Wording(suggestion.code_key, "")


def _find_rule(wording: Wording, name: str) -> str | None:
    rules = (rule for rule in wording.exclude if rule.rstrip(".").endswith(f" {name}"))
    return next(rules, None)


def _number(view: SuggestionView, number: int) -> SuggestionView:
    return replace(view, key=number if number <= N_KEYS else None)
