"""Writes a codebook as YAML that people can read and that reads back as the same codebook."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import yaml

from codebook.records import Code, Codebook, Theme, ThemeWording, Wording


def write_codebook(codebook: Codebook) -> str:
    """Write a codebook as YAML text; reading it gives the same codebook."""
    key_of = {code.guid: code.key for code in codebook.codes}
    book = {
        "name": codebook.name,
        "language": codebook.language,
        "note": codebook.note,
        "codes": [_code_fields(code, codebook.language, key_of) for code in codebook.codes],
        "relations": [
            {"from": key_of[relation.source], "to": key_of[relation.target], "kind": relation.kind}
            for relation in codebook.relations
        ],
        "themes": [_theme_fields(theme, codebook.language, key_of) for theme in codebook.themes],
    }
    return yaml.safe_dump(_filled(book), allow_unicode=True, sort_keys=False, width=100)


def _code_fields(code: Code, language: str, key_of: Mapping[str, str]) -> dict[str, Any]:
    return _filled(
        {
            "id": code.guid,
            "key": code.key,
            **_wording_fields(code.wordings[language]),
            "parent": key_of[code.parent] if code.parent else None,
            "colour": code.colour,
            "replaces": list(code.replaces),
            "texts": _other_texts(code.wordings, language),
        }
    )


def _theme_fields(theme: Theme, language: str, key_of: Mapping[str, str]) -> dict[str, Any]:
    return _filled(
        {
            "id": theme.guid,
            "key": theme.key,
            **_wording_fields(theme.wordings[language]),
            "codes": [key_of[guid] for guid in theme.codes],
            "texts": _other_texts(theme.wordings, language),
        }
    )


def _other_texts(
    wordings: Mapping[str, Wording] | Mapping[str, ThemeWording], language: str
) -> dict[str, Any]:
    return {
        spoken: _wording_fields(wording)
        for spoken, wording in wordings.items()
        if spoken != language
    }


def _wording_fields(wording: Wording | ThemeWording) -> dict[str, Any]:
    # YAML has no tuples, and the safe dumper refuses them.
    return _filled(
        {
            field: list(value) if isinstance(value, tuple) else value
            for field, value in asdict(wording).items()
        }
    )


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in fields.items() if value}
