"""What a codebook is once it has been read: codes, relations, themes and their wordings."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

LEADS_TO = "leads_to"
CONTRIBUTES_TO = "contributes_to"
CONTRASTS_WITH = "contrasts_with"
RELATION_KINDS = (LEADS_TO, CONTRIBUTES_TO, CONTRASTS_WITH)


@dataclass(frozen=True)
class Wording:
    """Hold what a code is called and means in one language."""

    name: str
    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """Hold one code; the first of its wordings is in the codebook's default language.

    replaces: Codes of earlier versions that were merged into it, by the key or GUID they had.
    """

    guid: str
    key: str
    wordings: Mapping[str, Wording]
    parent: str | None = None
    colour: str | None = None
    replaces: tuple[str, ...] = ()

    def wording(self, language: str) -> Wording:
        """Give the wording in a language, or else in the codebook's default language."""
        return self.wordings.get(language) or next(iter(self.wordings.values()))


@dataclass(frozen=True)
class Relation:
    """Hold one arrow between two codes, given by their GUIDs."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True)
class ThemeWording:
    """Hold what a theme is called and says in one language."""

    name: str
    central_idea: str
    memo: str


@dataclass(frozen=True)
class Theme:
    """Hold one theme and the GUIDs of the codes it draws on."""

    guid: str
    key: str
    wordings: Mapping[str, ThemeWording]
    codes: tuple[str, ...]

    def wording(self, language: str) -> ThemeWording:
        """Give the wording in a language, or else in the codebook's default language."""
        return self.wordings.get(language) or next(iter(self.wordings.values()))


@dataclass(frozen=True)
class Codebook:
    """Hold a whole codebook; the order of its codes and themes is the researcher's."""

    name: str
    language: str
    note: str
    codes: tuple[Code, ...]
    relations: tuple[Relation, ...]
    themes: tuple[Theme, ...]

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) over all that has meaning: the same however the YAML is laid out."""
        content = asdict(self)
        for code in content["codes"]:
            # Studies hold the hash of codebooks from before codes could replace others.
            if not code["replaces"]:
                del code["replaces"]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()

    @cached_property
    def by_key(self) -> Mapping[str, Code]:
        """The codes under the short names that CSV files use."""
        return {code.key: code for code in self.codes}
