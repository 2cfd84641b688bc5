"""Checks drafts against each other: what is there twice, points nowhere, or is not translated."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from codebook.complaints import Complaints, shown
from codebook.drafts import Draft, canonical_guid
from codebook.fields import text_of
from codebook.records import ThemeWording, Wording

AnyDraft = Draft[Wording] | Draft[ThemeWording]


@dataclass(frozen=True)
class Claim:
    """Say that a value is taken at a place, and what to tell whoever takes it again."""

    value: tuple[str, ...]
    node: yaml.Node
    what: str
    advice: str


@dataclass(frozen=True)
class Directory:
    """Find codes by the key or the id that other parts of a codebook call them by."""

    guids_by_key: Mapping[str, str]
    complaints: Complaints

    def find(self, node: yaml.ScalarNode, what: str) -> str | None:
        """Give the GUID of the code a node names, or complain."""
        reference = text_of(node)
        guid = canonical_guid(reference)
        if reference in self.guids_by_key:
            return self.guids_by_key[reference]
        if guid in self.guids_by_key.values():
            return guid
        close = get_close_matches(reference, self.guids_by_key, n=1)
        advice = f"Did you mean {shown(close[0])}?" if close else "Add that code, or correct this."
        message = f"{what} {shown(reference)} is not the key or id of a code. {advice}"
        self.complaints.add(node, message)
        return None


def check_unique(claims: Iterable[Claim], complaints: Complaints) -> None:
    """Complain of every claim to a value that is already taken."""
    first: dict[tuple[str, ...], yaml.Node] = {}
    for claim in claims:
        if claim.value in first:
            line = complaints.line_of(first[claim.value])
            complaints.add(claim.node, f"{claim.what} is already on line {line}. {claim.advice}")
        first.setdefault(claim.value, claim.node)


def claims_of(drafts: Sequence[AnyDraft], kind: str) -> Iterator[Claim]:
    """List the ids, keys and names that codes, or themes, take."""
    keys: set[str] = set()
    for draft in (draft for draft in drafts if draft.key):
        # A GUID made from a key that is there twice would be a second complaint about one mistake.
        if draft.has_own_guid or _folded(draft.key) not in keys:
            yield _claim_guid(draft)
        keys.add(_folded(draft.key))
        node = draft.fields.place("key" if "key" in draft.fields.values else "id")
        what = f"{kind} key {shown(draft.key)}"
        yield Claim(("key", kind, _folded(draft.key)), node, what, "Give one of them another key.")
    for draft in drafts:
        yield from _claim_names(draft, kind)


def read_replaced(
    drafts: Sequence[Draft[Wording]], complaints: Complaints
) -> dict[str, tuple[str, ...]]:
    """Read which codes of earlier versions each code replaces, by its GUID; complain of mix-ups."""
    guid_of = {draft.key: draft.guid for draft in reversed(drafts)}
    replaced, claims = {}, []
    for draft in drafts:
        nodes = draft.fields.text_nodes("replaces")
        for node in nodes:
            reference = _canonical_reference(node)
            _check_is_gone(node, guid_of.get(reference, reference), draft, guid_of, complaints)
            claims.append(_claim_replaced(node, reference, draft))
        replaced[draft.guid] = tuple(_canonical_reference(node) for node in nodes)
    check_unique(claims, complaints)
    return replaced


def check_languages(drafts: Sequence[AnyDraft], complaints: Complaints) -> None:
    """Complain of codes and themes that lack a language which others have."""
    first_in: dict[str, AnyDraft] = {}
    for draft in drafts:
        for language in draft.places:
            first_in.setdefault(language, draft)
    for draft in drafts:
        for language in [spoken for spoken in first_in if spoken not in draft.places]:
            complaints.add(
                draft.fields.place("texts"),
                f"{draft.fields.title} has no texts in {shown(language)}, which "
                f"{first_in[language].fields.title} has. Add them under 'texts:'.",
            )


def find_cycles(parents: Mapping[str, str]) -> list[list[str]]:
    """Find each circle of parents once, as its members in order."""
    seen: set[str] = set()
    cycles = []
    for start in parents:
        path: list[str] = []
        here = start
        while here in parents and here not in seen:
            seen.add(here)
            path.append(here)
            here = parents[here]
        if here in path:
            cycles.append(path[path.index(here) :])
    return cycles


def _canonical_reference(node: yaml.ScalarNode) -> str:
    return canonical_guid(text_of(node)) or text_of(node)


def _check_is_gone(
    node: yaml.ScalarNode,
    guid: str,
    draft: Draft[Wording],
    guid_of: Mapping[str, str],
    complaints: Complaints,
) -> None:
    what = f"{draft.fields.title} replaces {shown(text_of(node))}"
    if guid == draft.guid:
        complaints.add(node, f"{what}, which is itself. Remove it.")
    elif guid in guid_of.values():
        advice = "Remove that code, or do not let it be replaced."
        complaints.add(node, f"{what}, which is still a code of this codebook. {advice}")


def _claim_replaced(node: yaml.ScalarNode, reference: str, draft: Draft[Wording]) -> Claim:
    what = f"{draft.fields.title}: {shown(text_of(node))} under 'replaces'"
    advice = "A code can be merged into one other only: remove one of the two."
    return Claim((reference,), node, what, advice)


def _claim_guid(draft: AnyDraft) -> Claim:
    advice = "Give one of them another id, or remove the line to have one made."
    if not draft.has_own_guid:
        advice = "It was made from the key: give this one another key, or an id."
    what = f"{draft.fields.title}: id {draft.guid}"
    return Claim(("id", draft.guid), draft.fields.place("id"), what, advice)


def _claim_names(draft: AnyDraft, kind: str) -> Iterator[Claim]:
    for language, place in draft.places.items():
        name = draft.wordings[language].name
        if name:
            what = f"{kind} name {shown(name)} in {shown(language)}"
            value = ("name", kind, language, _folded(name))
            yield Claim(value, place.place("name"), what, "Rename one or merge the two.")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
