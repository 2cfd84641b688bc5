"""Changes that a person makes to the codebook on the page: a code is added, or takes another in."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid5

from codebook.drafts import CODE
from codebook.errors import CodebookError
from codebook.reader import parse_codebook
from codebook.records import Code, Codebook, Wording
from codebook.writer import write_codebook
from study.errors import StudyError


def add_code(
    book: Codebook,
    *,
    key: str,
    name: str,
    definition: str,
    examples: Sequence[str] = (),
    guid: str | None = None,
    theme: str | None = None,
) -> Codebook:
    """Add a code as the last one; its wording stands for every language until it is translated.

    Args:
        guid: Of a code that was given before it was in the codebook; else made from the key.
        theme: GUID of the theme that is to draw on it.

    Raises:
        StudyError: Something is blank, the codebook has such a code, or the key cannot stand.
    """
    key, name, definition = (one_line(text) for text in (key, name, definition))
    if not (key and name and definition):
        raise StudyError("A new code needs a key, a name and a definition; one of them is blank.")
    _refuse_known(book, key, name)
    wording = Wording(name, definition, examples=tuple(one_line(text) for text in examples))
    code = Code(
        guid=guid or str(uuid5(CODE.namespace, key)).upper(),
        key=key,
        wordings=dict.fromkeys(book.codes[0].wordings, wording),
    )
    themes = book.themes
    if theme is not None:
        if theme not in {each.guid for each in themes}:
            raise StudyError("The codebook has no such theme any more. Reload and choose again.")
        themes = tuple(
            replace(each, codes=(*each.codes, code.guid)) if each.guid == theme else each
            for each in themes
        )
    codes = _without_replaced(book, code.guid)
    return _read_back(replace(book, codes=(*codes, code), themes=themes))


def let_replace(book: Codebook, *, guid: str, old: str) -> Codebook:
    """Let a code of the codebook take in another one, by GUID, that is not a code of it.

    Raises:
        StudyError: The codebook has no such code, or the other one cannot be replaced.
    """
    if guid not in {code.guid for code in book.codes}:
        raise StudyError("The codebook has no such code any more. Reload and choose again.")
    codes = tuple(
        replace(code, replaces=(*code.replaces, old)) if code.guid == guid else code
        for code in _without_replaced(book, old)
    )
    return _read_back(replace(book, codes=codes))


def find_named(book: Codebook, name: str) -> Code | None:
    """Find the code that has a name in any language, however it is written."""
    for code in book.codes:
        if fold(name) in {fold(wording.name) for wording in code.wordings.values()}:
            return code
    return None


def one_line(text: str) -> str:
    """Write a text in one line."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Write a name as names are compared."""
    return one_line(unicodedata.normalize("NFKC", text).casefold())


def _without_replaced(book: Codebook, guid: str) -> tuple[Code, ...]:
    # What took it in before does so no longer: a code goes into one other only, or stands itself.
    return tuple(
        replace(code, replaces=tuple(each for each in code.replaces if each != guid))
        for code in book.codes
    )


def _refuse_known(book: Codebook, key: str, name: str) -> None:
    for code in book.codes:
        if fold(code.key) == fold(key):
            raise StudyError(
                "The codebook has a code '{key}' already. Choose another key.", key=code.key
            )
    if (named := find_named(book, name)) is not None:
        raise StudyError(
            "The name is that of the code '{key}' already. Choose another name.", key=named.key
        )


def _read_back(book: Codebook) -> Codebook:
    try:
        # So that nothing is stored that a codebook file may not say.
        return parse_codebook(write_codebook(book))
    except CodebookError as error:
        # The line is one of a file that nobody has.
        reasons = (offender.partition(": ")[2] for offender in error.offenders)
        raise StudyError("\n".join(reasons)) from error
