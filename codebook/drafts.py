"""Reads single codes and themes as drafts: complete records that still know their lines."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import yaml

from codebook.complaints import Complaints, shown
from codebook.fields import Fields, read_fields, text_of
from codebook.records import ThemeWording, Wording

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

_GUID = re.compile(
    r"\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?",
    re.IGNORECASE,
)
_ALMOST_GUID = re.compile(r"\{?[0-9a-z]{6,}(-[0-9a-z]{3,}){4}\}?", re.IGNORECASE)
_BREAKS_CSV = re.compile(r"[;,\"'\r\n\t]")
_IDENTITY_FIELDS = ("id", "key", "texts")

W_co = TypeVar("W_co", bound=Wording | ThemeWording, covariant=True)


@dataclass(frozen=True)
class DraftKind(Generic[W_co]):
    """Say what sets codes and themes apart while they are read."""

    title: str
    namespace: uuid.UUID
    wording_fields: tuple[str, ...]
    other_fields: tuple[str, ...]
    read_wording: Callable[[Fields], W_co]


@dataclass(frozen=True)
class Draft(Generic[W_co]):
    """Hold one code or theme; `places` are the fields each language was read from."""

    fields: Fields
    guid: str
    key: str
    has_own_guid: bool
    wordings: Mapping[str, W_co]
    places: Mapping[str, Fields]


def _read_code_wording(fields: Fields) -> Wording:
    return Wording(
        name=fields.required_text("name"),
        definition=fields.required_text("definition"),
        include=fields.texts("include"),
        exclude=fields.texts("exclude"),
        examples=fields.texts("examples"),
    )


def _read_theme_wording(fields: Fields) -> ThemeWording:
    return ThemeWording(
        name=fields.required_text("name"),
        central_idea=fields.text("central_idea"),
        memo=fields.text("memo"),
    )


# The namespaces never change: a GUID made from a key must be the same in every release.
CODE = DraftKind(
    title="Code",
    namespace=uuid.UUID("5b0c7d0e-6b7f-4c39-9d0e-2f6a8f1d3c54"),
    wording_fields=("name", "definition", "include", "exclude", "examples"),
    other_fields=("parent", "colour", "replaces"),
    read_wording=_read_code_wording,
)
THEME = DraftKind(
    title="Theme",
    namespace=uuid.UUID("c1f7a2b9-90f3-4f0d-8a55-7e4b1b6d2e08"),
    wording_fields=("name", "central_idea", "memo"),
    other_fields=("codes",),
    read_wording=_read_theme_wording,
)


def read_drafts(
    book: Fields, *, field: str, kind: DraftKind[W_co], language: str
) -> list[Draft[W_co]]:
    """Read all codes or all themes of a codebook."""
    known = (*_IDENTITY_FIELDS, *kind.wording_fields, *kind.other_fields)
    drafts = []
    for position, node in enumerate(book.nodes(field), start=1):
        title = f"{kind.title} {_designation(node) or position}"
        fields = read_fields(node, title=title, known=known, complaints=book.complaints)
        if fields:
            drafts.append(_read_draft(fields, kind, language))
    return drafts


def canonical_guid(text: str) -> str | None:
    """Give a GUID in upper case without braces, or None where the text is not a GUID."""
    match = _GUID.fullmatch(text)
    return "-".join(match.groups()).upper() if match else None


def key_from_name(name: str) -> str:
    """Make a short name for CSV files: 'Échange libre!' becomes 'echange_libre'."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"\W+", "_", plain).strip("_")


def _designation(node: yaml.Node) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    texts = {
        name.value: text_of(value)
        for name, value in pairs
        if isinstance(name, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }
    text = texts.get("key") or texts.get("name") or texts.get("id")
    return shown(text) if text else ""


def _read_draft(fields: Fields, kind: DraftKind[W_co], language: str) -> Draft[W_co]:
    places = {language: fields} | _read_texts(fields, kind, language)
    wordings = {spoken: kind.read_wording(place) for spoken, place in places.items()}
    guid, key = _read_identity(fields, wordings[language].name)
    made_guid = str(uuid.uuid5(kind.namespace, key)).upper()
    return Draft(fields, guid or made_guid, key, guid is not None, wordings, places)


def _read_texts(fields: Fields, kind: DraftKind[W_co], language: str) -> dict[str, Fields]:
    node = fields.values.get("texts")
    if node is None or (isinstance(node, yaml.ScalarNode) and not text_of(node)):
        return {}
    title, complaints = f"{fields.title}, texts", fields.complaints
    texts = read_fields(node, title=title, known=(), complaints=complaints)
    places = {}
    for spoken, value in texts.values.items() if texts else ():
        _check_language(spoken, value, language, complaints)
        place = read_fields(
            value,
            title=f"{title} {shown(spoken)}",
            known=kind.wording_fields,
            complaints=complaints,
        )
        if place and spoken != language:
            places[spoken] = place
    return places


def _check_language(spoken: str, node: yaml.Node, own: str, complaints: Complaints) -> None:
    if spoken == own:
        message = f"Texts in {shown(own)} repeat the codebook's own language."
        complaints.add(node, f"{message} Keep them in the code itself and remove these.")
    if not LANGUAGE.fullmatch(spoken):
        message = f"{shown(spoken)} is not a language code. Expected one such as 'nl' or 'en'."
        complaints.add(node, message)


def _read_identity(fields: Fields, name: str) -> tuple[str | None, str]:
    given, key = fields.text("id"), fields.text("key")
    guid = canonical_guid(given)
    if given and not guid:
        if _ALMOST_GUID.fullmatch(given) or key not in ("", given):
            fields.complain(
                "id",
                f": id {shown(given)} is not a GUID. Expected 32 digits 0-9 and A-F as 8-4-4-4-12; "
                "correct it, or remove it and keep the key.",
            )
        key = key or given
    key = key or key_from_name(name)
    if name and not key:
        fields.complain("name", f": no key can be made from name {shown(name)}. Add 'key:'.")
    if bad := _BREAKS_CSV.search(key):
        place = "key" if "key" in fields.values else "id"
        fields.complain(
            place,
            f": key {shown(key)} holds {shown(bad.group())}, which breaks a list of codes in a "
            "CSV file. Use letters, digits, '_' and '-'.",
        )
    return guid, key
