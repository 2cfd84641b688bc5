"""Says why a code was suggested: coded excerpts that are like it, or a text of the codebook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codebook.records import Wording
from review.languages import ENGLISH_SPEAKER, Speaker
from study.records import Suggestion

NEAREST = "nearest"
MOST_CHARS = 160
LEADS = {
    "definition": "matches the definition",
    "include": "matches a rule",
    "example": "resembles the example",
}
LEADS_BELOW = {
    "definition": "nearest is the definition",
    "include": "nearest is a rule",
    "example": "nearest is the example",
}
LIKE, ALSO_LIKE = "like", "also like"
BY_MODEL = "proposed by the language model"
# The evidence of a language model: what it wrote itself is not kept.
ENDPOINT = "endpoint"


@dataclass(frozen=True)
class Quote:
    """How a coded excerpt is quoted; codes are those that anybody gives to it, by GUID."""

    interview: str
    language: str | None
    text: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Reason:
    """Why a code was suggested, in one glance; an interview where people's words are quoted."""

    kind: str
    lead: str
    text: str
    interview: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class TellingWords:
    """A stretch of the excerpt that speaks for a code, in code points from its beginning."""

    start_char: int
    end_char: int
    text: str


@dataclass(frozen=True)
class Basis:
    """The words that reasons are told in, and the language that they are introduced in.

    text: Of the excerpt; empty where it is not known any more which of its words were meant.
    quotes: What the coder may be shown of coded excerpts, by excerpt.
    """

    text: str = ""
    quotes: Mapping[int, Quote] = field(default_factory=dict)
    say: Speaker = ENGLISH_SPEAKER


def list_near(suggestion: Suggestion) -> list[int]:
    """List the coded excerpts that a suggestion rests on, the nearest first."""
    if suggestion.evidence.get("kind") != NEAREST:
        return []
    return [int(near["excerpt"]) for near in suggestion.evidence["nearest"]]


def list_reasons(
    suggestion: Suggestion,
    wording: Wording | None,
    basis: Basis,
    *,
    is_below_usual: bool = False,
) -> tuple[Reason, ...]:
    """List what speaks for a suggestion, what says most in one glance first.

    An excerpt to which nobody gives the code any more does not speak for it.

    Args:
        wording: Of the code in the codebook that the suggestion was made with; None where that
            is not the one at hand.
        is_below_usual: The excerpt is less like the code than others are, so nothing matches.
    """
    near = list_near(suggestion)
    found = [basis.quotes[each] for each in near if each in basis.quotes]
    like = [quote for quote in found if suggestion.code_guid in quote.codes]
    evidence = suggestion.evidence
    part = evidence["part"] if evidence.get("kind") == NEAREST else evidence
    return (*_quote_all(like, basis.say), *_look_up(part, wording, is_below_usual, basis.say))


def list_telling_words(suggestion: Suggestion, basis: Basis) -> tuple[TellingWords, ...]:
    """List the words of an excerpt that carried a suggestion, in their order."""
    if not basis.text or suggestion.evidence.get("kind") != NEAREST:
        return ()
    spans: Sequence[tuple[int, int]] = suggestion.evidence["words"]
    return tuple(TellingWords(start, end, basis.text[start:end]) for start, end in spans)


def _quote_all(quotes: Sequence[Quote], say: Speaker) -> Iterator[Reason]:
    for place, quote in enumerate(quotes):
        lead = say(ALSO_LIKE if place else LIKE)
        yield Reason(NEAREST, lead, _shorten(quote.text), quote.interview, quote.language)


def _look_up(
    part: Mapping[str, Any], wording: Wording | None, is_below_usual: bool, say: Speaker
) -> Iterator[Reason]:
    if wording is None:
        return
    kind, index = str(part.get("kind")), int(part.get("index", 0))
    texts = {
        "definition": (wording.definition,),
        "include": wording.include,
        "example": wording.examples,
    }.get(kind, ())
    if index < len(texts):
        lead = say(LEADS_BELOW[kind]) if is_below_usual else say(LEADS[kind])
        yield Reason(kind, lead, texts[index])
    if kind == ENDPOINT and part.get("model"):
        yield Reason(kind, say(BY_MODEL), str(part["model"]))


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= MOST_CHARS:
        return line
    # To the end of a word, but for a line that is one long word.
    return f"{line[:MOST_CHARS].rpartition(' ')[0] or line[:MOST_CHARS]} …"
