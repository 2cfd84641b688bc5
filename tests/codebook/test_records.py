"""A codebook knows its codes by key, falls back to its own language, and has one hash."""

import dataclasses

import pytest

from codebook.reader import parse_codebook
from codebook.records import Theme, ThemeWording

BOOK = """\
name: Small
note: One line.
codes:
- key: calm
  name: Calm
  definition: The speaker is calm.
  colour: '#1F4E8C'
  texts: {nl: {name: Rust, definition: De spreker is rustig.}}
- {key: tense, name: Tense, definition: Tense., texts: {nl: {name: Spanning, definition: S.}}}
"""

SAME_BOOK = """\
# Another layout of the same words.
codes:
  - texts:
      nl:
        definition: De spreker is
          rustig.
        name: "Rust"
    colour: "#1F4E8C"
    definition: |
      The speaker is calm.
    name: 'Calm'
    key: calm
    count_rows: 7
  - key: tense
    name: Tense
    definition: Tense.
    texts: {nl: {definition: S., name: Spanning}}
language: en
note: >
  One
  line.
name: Small
"""


def test_a_code_falls_back_to_the_language_of_its_codebook():
    code = parse_codebook(BOOK).by_key["calm"]

    assert code.wording("nl").name == "Rust"
    assert code.wording("de").name == "Calm"


def test_a_theme_falls_back_to_the_language_of_its_codebook():
    theme = Theme("1", "t", {"nl": ThemeWording("Rust", "", "")}, ())

    assert theme.wording("en").name == "Rust"


def test_codes_are_found_by_their_keys():
    codebook = parse_codebook(BOOK)

    assert list(codebook.by_key) == ["calm", "tense"]
    assert codebook.by_key["tense"] is codebook.codes[1]


def test_layout_comments_and_the_order_of_fields_do_not_change_the_hash():
    assert parse_codebook(BOOK).content_hash == parse_codebook(SAME_BOOK).content_hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Small", "name: Large"),
        ("One line", "Two lines"),
        ("speaker", "parent"),
        ("Rust", "Kalmte"),
        ("#1F4E8C", "#1F4E8D"),
        ("key: tense", "key: tension"),
        ("name: Tense,", "name: Tense, parent: calm,"),
        ("name: Tense,", "name: Tense, replaces: [strained],"),
    ],
)
def test_a_change_of_meaning_changes_the_hash(old, new):
    changed = BOOK.replace(old, new)

    assert parse_codebook(changed).content_hash != parse_codebook(BOOK).content_hash


def test_codebooks_from_before_codes_could_replace_others_keep_their_hash():
    before = "c97cba7aa24d73aa0cb03801773059f428f1ff583b274196bf3b8077d6bc2655"

    assert parse_codebook(BOOK).content_hash == before


def test_a_codebook_cannot_be_changed_in_place():
    codebook = parse_codebook(BOOK)

    with pytest.raises(dataclasses.FrozenInstanceError):
        codebook.name = "Other"
