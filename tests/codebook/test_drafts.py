"""A mistake within one code or theme is named at its line."""

import pytest

from codebook.reader import parse_codebook

GUID = "3F2504E0-4F89-41D3-9A0C-0305E82C3301"


def code_with(*lines: str) -> str:
    """Give a codebook of one code, whose own lines begin on line 5."""
    head = ["codes:", "- key: calm", "  name: Calm", "  definition: The speaker is calm."]
    return "\n".join([*head, *(f"  {line}" for line in lines)]) + "\n"


BAD_CODES = {
    "doubled field": ("name: Again", "5: Field 'name' is already given on line 3"),
    "escaped control character": ('note: "\\0"', "5: The text holds the control character U+0000"),
    "half a character": ('include: "\\uD800"', "5: The text holds the control character U+D800"),
    "list for a text": ("parent: [a]", "5: Code 'calm': 'parent' is a list. Expected one text"),
    "fields for a text": ("colour: {a: b}", "5: Code 'calm': 'colour' is a set of fields"),
    "fields for a list": ("include: {a: b}", "5: Code 'calm': 'include' is a set of fields"),
    "fields in a list": ("exclude:\n  - No: b", "6: Code 'calm': 'exclude' holds a set of fields"),
    "text for texts": ("texts: nl", "5: Code 'calm', texts is one text. Expected fields"),
    "list for texts": ("texts: [nl]", "5: Code 'calm', texts is a list. Expected fields"),
    "text for a language": ("texts: {nl: Rust}", "5: Code 'calm', texts 'nl' is one text"),
    "misspelt field": ("Include: a", "5: Code 'calm' has an unknown field 'Include'. Did you mean"),
    "own language twice": ("texts: {en: {name: A, definition: B}}", "5: Texts in 'en' repeat"),
    "no language": ("texts: {dutch: {name: A, definition: B}}", "5: 'dutch' is not a language"),
    "untranslated": ("texts: {nl: {name: A}}", "5: Code 'calm', texts 'nl' has no 'definition'"),
    "colour name": ("colour: red", "5: Code 'calm': colour 'red' is not a colour. Expected"),
    "colour as comment": ("colour: #1F4E8C", "5: Code 'calm': colour is empty. Put quotes"),
    "broken GUID": (f"id: {GUID[:-1]}", f"5: Code 'calm': id '{GUID[:-1]}' is not a GUID"),
    "id beside a key": ("id: other", "5: Code 'calm': id 'other' is not a GUID"),
    "unknown parent": ("parent: xyz", "5: Code 'calm': parent 'xyz' is not the key or id"),
    "own parent": ("parent: calm", "5: Code 'calm': parents go round in a circle: 'calm' > 'calm'"),
}


@pytest.mark.parametrize(("line", "message"), BAD_CODES.values(), ids=BAD_CODES)
def test_a_mistake_in_a_code_is_named_at_its_line(line, message, only_offender_of):
    offender = only_offender_of(code_with(line))

    assert offender.startswith(f"book.yaml:{message}")


@pytest.mark.parametrize("key", ["a;b", "a,b", "a'b", 'a"b', "a\\nb", "a\\tb"])
def test_a_key_that_would_break_a_list_in_a_csv_file_is_refused(key, only_offender_of):
    escaped = key.replace('"', '\\"')

    offender = only_offender_of(f'codes:\n- {{id: "{escaped}", name: A, definition: A.}}\n')

    assert offender.startswith("book.yaml:2: ")
    assert "which breaks a list of codes" in offender


@pytest.mark.parametrize(
    ("name", "key"),
    [("Échange libre!", "echange_libre"), ("Export (meta)data", "export_meta_data")],
)
def test_a_missing_key_is_made_from_the_name(name, key):
    codebook = parse_codebook(f"codes: [{{name: {name}, definition: A.}}]")

    assert list(codebook.by_key) == [key]


def test_an_id_that_is_no_guid_is_the_key_and_always_gives_the_same_guid():
    text = "codes: [{id: change_talk, name: Change talk, definition: For change.}]"

    code = parse_codebook(text).by_key["change_talk"]

    assert code.guid == "E9EDDC86-B730-5384-BA44-024325C60C90"


def test_a_code_and_a_theme_of_the_same_key_have_different_guids():
    text = code_with() + "themes: [{key: calm, name: Calm}]"

    codebook = parse_codebook(text)

    assert codebook.themes[0].guid != codebook.by_key["calm"].guid


def test_long_values_are_shortened_and_stay_on_one_line(only_offender_of):
    offender = only_offender_of(code_with(f'parent: "{"a" * 100}\\nb"'))

    assert len(offender) < 200
    assert "aaa…'" in offender


def test_the_words_of_an_example_never_reach_a_message(only_offender_of):
    offender = only_offender_of(code_with("examples:", "- she said: my secret"))

    assert "secret" not in offender
