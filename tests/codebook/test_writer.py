"""What is written reads back as the same codebook."""

import unicodedata
import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.reader import parse_codebook
from codebook.records import (
    RELATION_KINDS,
    Code,
    Codebook,
    Relation,
    Theme,
    ThemeWording,
    Wording,
)
from codebook.shipped import shipped_codebook_path
from codebook.writer import write_codebook


def folded(text):
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t\r"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
words = st.sampled_from(["yes", "No", "null", "~", "12", "# no", "a: b", "- x", "*a", "'q'", "{"])
some_text = texts | words
keys = some_text.filter(lambda key: not set(key) & set(";,'\"\n\r\t"))
guids = st.uuids().map(lambda guid: str(guid).upper())
languages = st.lists(st.sampled_from(["en", "nl", "no", "pt-BR"]), min_size=1, unique=True)
some_texts = st.lists(some_text, max_size=2).map(tuple)


def wordings(draw, names, spoken, build):
    return {language: draw(build(names)) for language in spoken}


def code_wordings(name):
    return st.builds(Wording, st.just(name), some_text, some_texts, some_texts, some_texts)


def theme_wordings(name):
    return st.builds(ThemeWording, st.just(name), st.just("") | some_text, st.just("") | some_text)


@st.composite
def codebooks(draw):
    spoken = draw(languages)
    names = draw(st.lists(some_text, min_size=1, max_size=4, unique_by=folded))
    short_names = draw(st.lists(keys, min_size=len(names), max_size=8, unique_by=folded))
    ids = draw(st.lists(guids, min_size=2 * len(names), max_size=2 * len(names), unique=True))
    gone = st.lists(some_text, max_size=5, unique=True).map(
        lambda old: [each for each in old if each not in short_names]
    )
    replaced = draw(gone)
    colours = st.none() | st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True)
    codes = tuple(
        Code(
            guid=ids[n],
            key=short_names[n],
            wordings=wordings(draw, name, spoken, code_wordings),
            parent=draw(st.none() | st.sampled_from(ids[:n])) if n else None,
            colour=draw(colours),
            replaces=tuple(replaced[n :: len(names)]),
        )
        for n, name in enumerate(names)
    )
    known = st.sampled_from(ids[: len(names)])
    themes = tuple(
        Theme(
            guid=ids[len(names) + n],
            key=short_names[n],
            wordings=wordings(draw, name, spoken, theme_wordings),
            codes=tuple(draw(st.lists(known, unique=True))),
        )
        for n, name in enumerate(names[: draw(st.integers(0, 2))])
    )
    arrows = st.builds(Relation, known, known, st.sampled_from(RELATION_KINDS))
    relations = (
        draw(
            st.lists(
                arrows.filter(lambda arrow: arrow.source != arrow.target),
                max_size=3,
                unique_by=lambda arrow: (frozenset((arrow.source, arrow.target)), arrow.kind),
            )
        )
        if len(names) > 1
        else []
    )
    note = draw(st.just("") | some_text)
    return Codebook(draw(some_text), spoken[0], note, codes, tuple(relations), themes)


@given(codebooks())
@settings(deadline=None)
def test_reading_what_was_written_gives_the_same_codebook(codebook):
    again = parse_codebook(write_codebook(codebook))

    assert again == codebook
    assert again.content_hash == codebook.content_hash
    assert [list(code.wordings) for code in again.codes] == [
        list(code.wordings) for code in codebook.codes
    ]


def test_empty_fields_are_not_written():
    code = Code(str(uuid.UUID(int=1)), "calm", {"en": Wording("Calm", "The speaker is calm.")})

    written = write_codebook(Codebook("Small", "en", "", (code,), (), ()))

    assert written == (
        "name: Small\nlanguage: en\ncodes:\n- id: 00000000-0000-0000-0000-000000000001\n"
        "  key: calm\n  name: Calm\n  definition: The speaker is calm.\n"
    )


def test_other_codes_are_written_by_their_keys():
    text = """\
codes:
- {key: a, name: A, definition: A.}
- {key: b, name: B, definition: B., parent: a}
relations: [{from: a, to: b, kind: leads_to}]
themes: [{name: T, codes: [b]}]
"""

    written = write_codebook(parse_codebook(text))

    assert "  parent: a\n" in written
    assert "- from: a\n  to: b\n  kind: leads_to\n" in written
    assert "  codes:\n  - b\n" in written


def test_the_shipped_codebook_is_laid_out_as_the_writer_would():
    text = shipped_codebook_path().read_text(encoding="utf-8")

    assert write_codebook(parse_codebook(text)) == text
