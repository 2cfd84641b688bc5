"""Finds dates near words about birth; every other date stays for the study."""

import re
from collections.abc import Iterator

from pipeline.identifying.words import Hit
from study.records import Span

MONTHS = (
    "januari|january|jan",
    "februari|february|feb",
    "maart|march|mrt|mar",
    "april|apr",
    "mei|may",
    "juni|june|jun",
    "juli|july|jul",
    "augustus|august|aug",
    "september|sept|sep",
    "oktober|october|okt|oct",
    "november|nov",
    "december|dec",
)
MONTH = rf"(?:{'|'.join(MONTHS)})\b\.?"
DAYS_NL = (
    "eerste|tweede|derde|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|"
    "veertien|vijftien|zestien|zeventien|achttien|negentien|(?:(?:een|één|twee|twee|drie|vier|"
    "vijf|zes|zeven|acht|negen)[eë]n)?twintig|(?:(?:een|één)[eë]n)?dertig"
)
DAYS_EN = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    "thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|"
    "twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    "thirtieth|thirty[- ]first"
)
DAY = rf"(?:\d{{1,2}}(?:e|ste|de|st|nd|rd|th)?|{DAYS_EN}|(?:{DAYS_NL})(?:ste|de)?)"
NUMBER_EN = (
    r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"(?:oh|o)[- ]\w{3,5}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
YEAR = (
    r"(?:(?:19|20)\d{2}|['’]\d{2}|tweeduizend\s?\w{0,20}|negentien(?:honderd)?\s?\w{4,20}|"
    rf"two thousand(?: and)?(?: \w{{3,9}})?|(?:nineteen|twenty)[- ]{NUMBER_EN})"
)
NUMERIC = re.compile(
    r"(?<![\w.,/-])(?:(?P<day>\d{1,2})(?P<mark>\s?[-/.]\s?)(?P<month>\d{1,2})\s?[-/.]\s?"
    r"(?P<year>(?:19|20)?\d{2})|(?P<iso>(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2})|"
    r"\d{1,2} \d{1,2} (?:19|20)\d{2})(?![\w/-]|[.,]\d)"
)
WRITTEN = re.compile(
    rf"(?<!\w)(?:{DAY}\s(?:of\s|van\s)?{MONTH}(?:,?\s{YEAR})?(?!\w)|"
    rf"{MONTH}(?:\s(?:the\s)?{DAY}(?!\w)(?:,?\s{YEAR})?|,?\s{YEAR})(?!\w))",
    re.IGNORECASE,
)
BIRTH_WORD = re.compile(
    r"(?<!\w)(?:geboren|geboorte\w*|geb\.|geb\b|gebdat\w*|verjaar\w*|verjaring\w*|jarig\w*|born|"
    r"birth|births?day\w*|bday|b-day|d\.?o\.?b\.?|birthdate|ter wereld|"
    # "Hij is van 14 maart 2019."
    r"(?:hij|zij|ze|ik|die) (?:is|ben|was) van(?=\s*(?:$|\d)))(?![^\W_])",
    re.IGNORECASE,
)
BEFORE, AFTER = 60, 40
# A question about it and its answer are two sentences; a plain one ends what it says.
STATEMENT_END = re.compile(r"[.!]\s")
SENTENCE_END = re.compile(r"[.!?]\s|\n")


def find_birth_dates(text: str) -> Iterator[Hit]:
    """Find dates, in figures or in words, that stand near a word about birth."""
    if not BIRTH_WORD.search(text):
        return
    dates = sorted(
        {found.span() for pattern in (NUMERIC, WRITTEN) for found in pattern.finditer(text)}
    )
    ends = [0, *(end for _, end in dates)]
    starts = [*(start for start, _ in dates), len(text)]
    for at, (start, end) in enumerate(dates):
        # Only the date next to the word: "born on …, and on … placed in care".
        before = text[max(ends[at], start - BEFORE) : start]
        after = text[end : min(max(starts[at + 1], end), end + AFTER)]
        if _tells_of_birth(before, after):
            yield Hit(Span(start, end), "DATE_OF_BIRTH", _normalise(text[start:end]))


def _tells_of_birth(before: str, after: str) -> bool:
    words = list(BIRTH_WORD.finditer(before))
    if words and not STATEMENT_END.search(before, words[-1].end()):
        return True
    word = BIRTH_WORD.search(after)
    return bool(word and not SENTENCE_END.search(after, 0, word.start()))


def _normalise(words: str) -> str:
    """Write a date as day-month-year, so that each way to write it is one name."""
    folded, months = words.casefold(), []
    for number, names in enumerate(MONTHS, 1):
        folded, n = re.subn(rf"\b(?:{names})\b\.?", " ", folded)
        months += [number] * min(n, 1)
    numbers = [int(number) for number in re.findall(r"\d+", folded)]
    if re.search(r"[^\W\d_]{3}", folded) or not numbers:
        return " ".join(words.casefold().split())
    if months:
        numbers = (
            [*numbers[:1], months[0], *numbers[1:]] if numbers[0] < 100 else [*months, *numbers]
        )
    # The year last, whichever way it was written.
    ordered = numbers if numbers[0] < 1000 else numbers[::-1]
    return "-".join(str(number) for number in ordered)
