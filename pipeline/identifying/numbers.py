"""Finds numbers that stand for one person: of citizens, patients, bank accounts and files."""

import re
from collections.abc import Iterator

from pipeline.identifying.words import Hit
from study.records import Span

SEPARATOR = "[ .\u00a0-]"
NINE_DIGITS = re.compile(rf"(?<![\w.,+-])\d(?:{SEPARATOR}?\d){{7,8}}(?![\w-]|[.,]\d)")
# Near one of these words any number of that length is one, misheard or not.
BSN_WORD = re.compile(r"\b(?:bsn|sofi|sofinummer|burgerservice\s?nummer|burgerservicenr)\b", re.I)
NI_NUMBER = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?!\w)",
    re.I,
)
SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
SPOKEN_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}[ .]?(?!00)\d{2}[ .]?(?!0000)\d{4}(?![\w-])")
SSN_WORD = re.compile(r"\b(?:social\s+security|ssn)\b", re.I)
NHS_NUMBER = re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])")
NHS_WORD = re.compile(r"\bnhs\b", re.I)
IBAN = re.compile(rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{SEPARATOR}?[A-Z0-9]){{11,30}}", re.I)
FEWEST_OF_IBAN = 15
FILE_NUMBER = re.compile(
    r"\b(?:dossier|zaak|parket|cli[eë]nt|pati[eë]nt(?:en)?|kenmerk|referentie|polis|paspoort|"
    r"document|leerling|registratie|relatie|klant|kvk|big|skj|agb|rijbewijs|identiteitskaart|"
    r"case|file|reference|ref|patient|client|hospital|record|passport|docket|licen[cs]e)"
    r"(?:[- ]?(?:nummer|nr|number|no|id)\b|kenmerk\b)\.?[\s:=#-]{0,4}"
    r"(?:(?:is|was|van|of|mijn|my|het|the|zijn|haar)\s){0,3}"
    r"(?P<number>[A-Z]{0,4}[/.-]?\d[\w/.-]{2,29}(?:\s\d{2,8}){0,4})",
    re.I,
)
NEAR = 40


def find_numbers(text: str) -> Iterator[Hit]:
    """Find numbers that stand for one person; those with a check digit only where it is right."""
    yield from _citizen_numbers(text)
    for found in IBAN.finditer(text):
        length = _measure_iban(found.group())
        if length:
            yield _hit(text, found.start(), found.start() + length, "BANK_ACCOUNT")
    for found in FILE_NUMBER.finditer(text):
        start = found.start("number")
        end = start + len(found.group("number").rstrip("./-"))
        yield _hit(text, start, end, "CASE_NUMBER")


def _citizen_numbers(text: str) -> Iterator[Hit]:
    for found in NINE_DIGITS.finditer(text):
        digits = _digits(found.group())
        if passes_eleven_test(digits) or _is_near(text, found, BSN_WORD):
            yield _hit(text, found.start(), found.end(), "CITIZEN_NUMBER")
    for pattern, word in ((SPOKEN_SSN, SSN_WORD), (NHS_NUMBER, NHS_WORD)):
        for found in pattern.finditer(text):
            if _is_near(text, found, word):
                yield _hit(text, found.start(), found.end(), "CITIZEN_NUMBER")
    for pattern in (NI_NUMBER, SSN):
        for found in pattern.finditer(text):
            yield _hit(text, found.start(), found.end(), "CITIZEN_NUMBER")


def passes_eleven_test(digits: str) -> bool:
    """Tell whether nine digits can be a Dutch citizen service number."""
    if len(digits) != 9 or not int(digits):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0


def passes_iban_test(letters: str) -> bool:
    """Tell whether the check digits of an account number are right (ISO 13616)."""
    moved = letters[4:] + letters[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _measure_iban(words: str) -> int:
    letters = [(at, letter) for at, letter in enumerate(words) if letter.isalnum()]
    for n in range(len(letters), FEWEST_OF_IBAN - 1, -1):
        end = letters[n - 1][0] + 1
        is_whole = end == len(words) or not words[end].isalnum()
        if is_whole and passes_iban_test("".join(letter for _, letter in letters[:n])):
            return end
    return 0


def _is_near(text: str, found: re.Match[str], word: re.Pattern[str]) -> bool:
    before = text[max(0, found.start() - NEAR) : found.start()]
    after = text[found.end() : found.end() + NEAR].partition("\n")[0]
    return bool(word.search(before) or word.search(after))


def _hit(text: str, start: int, end: int, category: str) -> Hit:
    name = "".join(letter for letter in text[start:end].casefold() if letter.isalnum())
    return Hit(Span(start, end), category, name)


def _digits(words: str) -> str:
    return "".join(letter for letter in words if letter.isdigit())
