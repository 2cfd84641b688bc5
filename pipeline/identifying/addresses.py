"""Finds street names, house numbers and postcodes."""

import re
from collections.abc import Iterator

from pipeline.identifying.words import Hit, fold_name, list_words
from study.records import Span

SPACE = "[ \t\u00a0]"
# With a capital and a number after it any of these is a street.
DUTCH_ENDINGS = list_words(
    "straat straatje laan laantje weg plein pleintje hof hofje kade singel gracht dijk steeg "
    "steegje pad park dreef markt baan wal plantsoen hoek veld kamp erf berg burg oord akker donk "
    "brink horst haven poort brug boulevard weide gaarde tuin meent bos zoom kwartier waard "
    "polder sluis werf steiger vaart sloot heide hage drift"
)
# These are one without a number too.
SURE_ENDINGS = list_words("straat laan gracht singel plein kade steeg dreef plantsoen")
NO_STREET = list_words(
    "zijstraat winkelstraat woonstraat achterstraat schoolplein speelplein dorpsplein stadsplein "
    "kerkplein oprijlaan parkeerplein straat laan gracht singel plein kade steeg dreef plantsoen "
    "snelweg onderweg halverwege achterweg omweg uitweg langsweg zandweg buitenhof gerechtshof "
    "vangrail huiskamer slaapkamer woonkamer rechtbank loopbaan rijbaan kleurplein"
)
UNITS = (
    "jaar|jaren|maand|maanden|week|weken|dag|dagen|keer|uur|uren|minuten|kinderen|mensen|huizen|"
    "euro|meter|km|kilometer|years?|months?|weeks?|days?|times|hours?|minutes|jan|januari|feb|"
    "februari|mrt|maart|apr|april|mei|jun|juni|jul|juli|aug|augustus|sep|sept|september|okt|"
    "oktober|nov|november|dec|december"
)
NUMBER = (
    rf"(?:,?{SPACE}(?:(?:huis)?nummer|nr\.?|number|no\.?){SPACE}|,?{SPACE})\d{{1,5}}"
    rf"(?:(?:{SPACE}?[-/]{SPACE}?|{SPACE})\d{{1,4}}(?![\w.,]\d|\d)|{SPACE}?-?{SPACE}?"
    rf"(?:[A-HJ-Z]|bis|hs|huis|[IV]{{1,3}})(?!\w)|-?[a-z](?!\w))?"
    rf"(?!\w|[.,:]\d|{SPACE}(?:{UNITS})\b)"
)
# Possessive: a word that does not fit is left at once, not tried in all its lengths.
DUTCH_WORD = r"(?<![\w'’-])(?P<street>[^\W\d_](?:[^\W\d_]|['’-](?=\w)){3,40}+)"
DUTCH_ADDRESS = re.compile(DUTCH_WORD + NUMBER)
DUTCH_STREET = re.compile(DUTCH_WORD)
STREET_OF = re.compile(
    r"(?<!\w)(?:Laan|Plein|Hof|Weg|Park|Kade|Pad|Straat|Gracht|Singel)\s(?:van|der|naar|ten|op)"
    r"(?:\s(?:de|het|den|der|'t))?(?:\s[A-Z][\w'’-]{1,30}){1,3}" + rf"(?:{NUMBER})?"
)
BEFORE_STREET = re.compile(
    r"(?<![\w'’-])(?P<words>(?:(?:Burgemeester|Burg\.|Prins|Prinses|Prinsen|Koningin|Koning|Sint|"
    r"St\.|Dr\.|Dokter|Doctor|Professor|Prof\.|Mr\.|Ds\.|Pastoor|Pater|Generaal|Admiraal|"
    r"President|Graaf|Hertog|Jonkheer|Jhr\.|Jan|Willem|Johan|Eerste|Tweede|Derde|Vierde|\d(?:e|ste|"
    r"de)|Oude|Nieuwe|Lange|Korte|Grote|Kleine|Hoge|Lage|Noord|Zuid|Oost|West|Van|van|der|den|de|'t|ten|[A-Z]\.)\s){1,4})$"
)
STREET_ENGLISH = (
    "Street|Road|Lane|Avenue|Drive|Close|Crescent|Gardens|Grove|Terrace|Mews|Boulevard|Court|Way|"
    "Place|Square|Hill|Walk|Row|Park|View|Rise|Green|St|Rd|Ln|Ave|Dr|Ct|Cres|Blvd|Pl|Sq"
)
SURE_ENGLISH = "Street|Road|Lane|Avenue|Crescent"
ENGLISH_WORD = r"[A-Z][\w'’-]{1,24}"
ENGLISH_ADDRESS = re.compile(
    r"(?<![\w.,-])(?:(?:[Ff]lat|[Aa]partment|[Aa]pt\.?|[Uu]nit)\s\w{1,5},?\s)?\d{1,5}[A-Za-z]?,?\s"
    rf"(?:{ENGLISH_WORD}\s){{1,3}}(?:{STREET_ENGLISH})(?!\w)"
    r"(?:,?\s(?:[Ff]lat|[Aa]partment|[Aa]pt\.?|[Uu]nit)\s\d{1,4}[A-Za-z]?(?!\w))?"
)
ENGLISH_STREET = re.compile(
    rf"(?<!\w)(?P<words>(?:{ENGLISH_WORD}\s){{1,2}})(?:{SURE_ENGLISH})(?!\w)"
)
NO_ENGLISH_STREET = list_words("high main sesame memory wall coronation downing fleet")
LEADING = list_words("the in on at from to near and is was my our this that down up off")
DUTCH_POSTCODE = re.compile(
    r"(?<![\w.,-])[1-9]\d{3}(?P<space>[ \u00a0]?)(?!S[ADS])(?P<letters>[A-Za-z]{2})(?![\w-])"
)
NO_LETTERS = list_words("km cc ml cl cm mm kg mg gb mb kb kw hz px st nd rd th er ad bc")
AFTER_YEAR = list_words("TV PC OK EU US UK WC CD OM IQ HR IC VO EN DE IN OP IS HE WE IT TO")
BRITISH_POSTCODE = re.compile(
    r"(?<!\w)(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|"
    r"[A-HK-Y]\d[ABEHMNPRV-Y])[ \u00a0]?\d[ABD-HJLNP-UW-Z]{2})(?!\w)"
)
AMERICAN_POSTCODE = re.compile(
    r"(?<!\w)(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|"
    r"RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])[ ,]{1,2}\d{5}(?:-\d{4})?(?!\w)"
)


def find_addresses(text: str) -> Iterator[Hit]:
    """Find addresses, streets named for what they are, and postcodes."""
    for found in DUTCH_ADDRESS.finditer(text):
        if _is_street(found.group("street"), has_number=True):
            yield _hit(text, _start_of_street(text, found.start()), found.end(), "ADDRESS")
    for found in DUTCH_STREET.finditer(text):
        if _is_street(found.group("street"), has_number=False):
            yield _hit(text, _start_of_street(text, found.start()), found.end(), "STREET")
    for found in STREET_OF.finditer(text):
        category = "ADDRESS" if found.group()[-1].isdigit() else "STREET"
        yield _hit(text, found.start(), found.end(), category)
    for found in ENGLISH_ADDRESS.finditer(text):
        yield _hit(text, found.start(), found.end(), "ADDRESS")
    for found in ENGLISH_STREET.finditer(text):
        start = _skip_leading(found)
        if start is not None:
            yield _hit(text, start, found.end(), "STREET")
    yield from _postcodes(text)


def _is_street(street: str, *, has_number: bool) -> bool:
    folded = street.casefold()
    endings = DUTCH_ENDINGS if has_number else SURE_ENDINGS
    if not folded.endswith(endings) or folded in NO_STREET or folded in endings:
        return False
    if street[0].isupper():
        return True
    # Without capitals, as some programs write, only where nothing else ends like it.
    return has_number and folded.endswith(SURE_ENDINGS)


def _start_of_street(text: str, start: int) -> int:
    before = BEFORE_STREET.search(text, max(0, start - 60), start)
    if before is None:
        return start
    words = before.group("words").split()
    # "In de Kerkstraat": small words belong to a street only after one with a capital.
    first = next(
        (at for at, word in enumerate(words) if not word.isalpha() or not word.islower()),
        len(words),
    )
    at = before.start("words")
    for word in words[:first]:
        at = text.index(word, at) + len(word)
    while at < start and text[at].isspace():
        at += 1
    return at


def _skip_leading(found: re.Match[str]) -> int | None:
    start = found.start()
    words = found.group("words").split()
    while words and words[0].casefold() in LEADING:
        start += len(words.pop(0)) + 1
    if not words or words[-1].casefold() in NO_ENGLISH_STREET:
        return None
    return start


def _postcodes(text: str) -> Iterator[Hit]:
    for found in DUTCH_POSTCODE.finditer(text):
        letters, space = found.group("letters"), found.group("space")
        is_year = found.group()[:2] in ("19", "20") and letters in AFTER_YEAR
        is_open = letters.isupper() and not (space and is_year)
        if is_open or (not space and letters.casefold() not in NO_LETTERS):
            yield _hit(text, found.start(), found.end(), "POSTCODE")
    for pattern in (BRITISH_POSTCODE, AMERICAN_POSTCODE):
        for found in pattern.finditer(text):
            yield _hit(text, found.start(), found.end(), "POSTCODE")


def _hit(text: str, start: int, end: int, category: str) -> Hit:
    name = fold_name(text[start:end])
    return Hit(
        Span(start, end), category, name.replace(" ", "") if category == "POSTCODE" else name
    )
