"""Reads a codebook from YAML, or says everything that is wrong with it, line by line."""

import re
from pathlib import Path

import yaml

from codebook.checks import (
    Claim,
    Directory,
    check_languages,
    check_unique,
    claims_of,
    find_cycles,
    read_replaced,
)
from codebook.complaints import Complaints, shown
from codebook.drafts import CODE, LANGUAGE, THEME, Draft, read_drafts
from codebook.errors import CodebookError
from codebook.fields import Fields, fields_of, read_fields, text_of
from codebook.nodes import compose_document
from codebook.records import (
    CONTRASTS_WITH,
    RELATION_KINDS,
    Code,
    Codebook,
    Relation,
    Theme,
    ThemeWording,
    Wording,
)

DEFAULT_LANGUAGE = "en"

_BOOK_FIELDS = ("name", "language", "note", "codes", "relations", "themes")
_RELATION_FIELDS = ("from", "to", "kind")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def read_codebook(path: Path) -> Codebook:
    """Read a codebook file.

    Raises:
        CodebookError: The file cannot be read or is not a sound codebook; lists every offender.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}. Give the path of a codebook."
        raise CodebookError([f"{path}:1: {message}"]) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"Byte 0x{data[error.start]:02X} is not UTF-8. Save the file as UTF-8."
        raise CodebookError([f"{path}:{line}: {message}"]) from error
    return parse_codebook(text, source=str(path))


def parse_codebook(text: str, *, source: str = "codebook") -> Codebook:
    """Read a codebook from its YAML text; `source` is what messages call the text.

    Raises:
        CodebookError: It is not a sound codebook; lists every offender with its line.
    """
    text = text.removeprefix("\ufeff")
    complaints = Complaints(source, text)
    root = compose_document(text, complaints)
    book = fields_of(root, title="The codebook", known=_BOOK_FIELDS, complaints=complaints)
    codebook = _read_book(book, default_name=Path(source).name.partition(".")[0] or "codebook")
    complaints.raise_any()
    return codebook


def _read_book(book: Fields, *, default_name: str) -> Codebook:
    language = _read_language(book)
    codes = read_drafts(book, field="codes", kind=CODE, language=language)
    themes = read_drafts(book, field="themes", kind=THEME, language=language)
    if not book.nodes("codes"):
        book.complain("codes", " has no codes. Add at least one under 'codes:'.")
    check_unique([*claims_of(codes, "Code"), *claims_of(themes, "Theme")], book.complaints)
    check_languages([*codes, *themes], book.complaints)
    directory = Directory({draft.key: draft.guid for draft in reversed(codes)}, book.complaints)
    return Codebook(
        name=book.text("name") or default_name,
        language=language,
        note=book.text("note"),
        codes=_read_codes(codes, directory),
        relations=_read_relations(book, directory),
        themes=tuple(_read_theme(draft, directory) for draft in themes),
    )


def _read_language(book: Fields) -> str:
    language = book.text("language") or DEFAULT_LANGUAGE
    if not LANGUAGE.fullmatch(language):
        message = f": language {shown(language)} is not a language code. Expected one such as 'en'."
        book.complain("language", message)
    return language


def _read_codes(drafts: list[Draft[Wording]], directory: Directory) -> tuple[Code, ...]:
    parents = {}
    for draft in drafts:
        for node in _single_text(draft.fields, "parent"):
            if parent := directory.find(node, f"{draft.fields.title}: parent"):
                parents[draft.guid] = parent
    _complain_of_cycles(drafts, parents)
    replaced = read_replaced(drafts, directory.complaints)
    return tuple(
        Code(
            guid=draft.guid,
            key=draft.key,
            wordings=draft.wordings,
            parent=parents.get(draft.guid),
            colour=_read_colour(draft.fields),
            replaces=replaced[draft.guid],
        )
        for draft in drafts
    )


def _single_text(fields: Fields, field: str) -> list[yaml.ScalarNode]:
    node = fields.values.get(field)
    return [node] if fields.text(field) and isinstance(node, yaml.ScalarNode) else []


def _complain_of_cycles(drafts: list[Draft[Wording]], parents: dict[str, str]) -> None:
    by_guid = {draft.guid: draft for draft in drafts}
    for cycle in find_cycles(parents):
        keys = [shown(by_guid[guid].key) for guid in [*cycle, cycle[0]]]
        message = (
            f": parents go round in a circle: {' > '.join(keys)}. Remove one of these parents."
        )
        by_guid[cycle[0]].fields.complain("parent", message)


def _read_colour(fields: Fields) -> str | None:
    colour = fields.text("colour")
    node = fields.values.get("colour")
    if isinstance(node, yaml.ScalarNode) and not node.value:
        # YAML takes an unquoted '#2A6F97' for a comment: the colour would be lost without a word.
        message = ": colour is empty. Put quotes around it, as in '#2A6F97', or remove the field."
        fields.complain("colour", message)
    elif colour and not _COLOUR.fullmatch(colour):
        message = f": colour {shown(colour)} is not a colour. Expected '#RRGGBB', as in '#2A6F97'."
        fields.complain("colour", message)
    return colour or None


def _read_relations(book: Fields, directory: Directory) -> tuple[Relation, ...]:
    relations, claims = [], []
    for position, node in enumerate(book.nodes("relations"), start=1):
        fields = read_fields(
            node,
            title=f"Relation {position}",
            known=_RELATION_FIELDS,
            complaints=book.complaints,
        )
        relation = _read_relation(fields, directory) if fields else None
        if fields and relation:
            relations.append(relation)
            claims.append(_claim_relation(relation, fields))
    check_unique(claims, book.complaints)
    return tuple(relations)


def _read_relation(fields: Fields, directory: Directory) -> Relation | None:
    ends = []
    for field in ("from", "to"):
        fields.required_text(field)
        for node in _single_text(fields, field):
            ends.append(directory.find(node, f"{fields.title}: '{field}'"))
    kind = fields.required_text("kind")
    if kind and kind not in RELATION_KINDS:
        expected = ", ".join(RELATION_KINDS)
        fields.complain("kind", f": kind {shown(kind)} is unknown. Expected one of {expected}.")
    source, target = ends if len(ends) == 2 else (None, None)
    if source is None or target is None:
        return None
    if source == target:
        message = f" goes from {shown(fields.text('from'))} to itself. Name two different codes."
        fields.complain("from", message)
    return Relation(source, target, kind) if kind in RELATION_KINDS else None


def _claim_relation(relation: Relation, fields: Fields) -> Claim:
    ends = (relation.source, relation.target)
    if relation.kind == CONTRASTS_WITH:
        ends = (min(ends), max(ends))
    between = f"{shown(fields.text('from'))} {relation.kind} {shown(fields.text('to'))}"
    return Claim(
        value=("relation", *ends, relation.kind),
        node=fields.node,
        what=f"{fields.title}: {between}",
        advice="Remove one of the two.",
    )


def _read_theme(draft: Draft[ThemeWording], directory: Directory) -> Theme:
    claims, codes = [], []
    for node in draft.fields.text_nodes("codes"):
        if guid := directory.find(node, f"{draft.fields.title}: code"):
            codes.append(guid)
            what = f"{draft.fields.title}: code {shown(text_of(node))}"
            claims.append(Claim((guid,), node, what, "Remove one of the two."))
    check_unique(claims, directory.complaints)
    return Theme(draft.guid, draft.key, draft.wordings, tuple(codes))
