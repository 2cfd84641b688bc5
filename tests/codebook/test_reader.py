"""Reading gives the codebook as written, or every mistake with its line."""

import pickle
from pathlib import Path

import pytest

from codebook.errors import CodebookError
from codebook.reader import parse_codebook, read_codebook
from codebook.records import Relation, Wording

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"


GUID = "3F2504E0-4F89-41D3-9A0C-0305E82C3301"


SMALL = """\
name: Small
codes:
- {key: calm, name: Calm, definition: The speaker is calm.}
- {key: tense, name: Tense, definition: The speaker is tense.}
"""


def code_with(*lines: str) -> str:
    """Give a codebook of one code, whose own lines begin on line 5."""
    head = ["codes:", "- key: calm", "  name: Calm", "  definition: The speaker is calm."]
    return "\n".join([*head, *(f"  {line}" for line in lines)]) + "\n"


def test_everything_a_code_can_say_is_read():
    text = f"""\
name: Full
language: nl
note: A note.
licence: ignored
codes:
- id: '{{{GUID.lower()}}}'
  key: rust
  name: Rust
  definition: De ouder is rustig.
  include: Een enkele regel.
  exclude: [Een, Twee]
  examples:
  - Ik was rustig.
  colour: '#1F4E8C'
  count_rows: 12
  texts:
    en: {{name: Calm, definition: The parent is calm.}}
"""

    codebook = parse_codebook(text)

    code = codebook.by_key["rust"]
    assert (codebook.name, codebook.language, codebook.note) == ("Full", "nl", "A note.")
    assert (code.guid, code.colour, code.parent) == (GUID, "#1F4E8C", None)
    assert code.wording("en") == Wording("Calm", "The parent is calm.")
    assert code.wording("nl") == Wording(
        name="Rust",
        definition="De ouder is rustig.",
        include=("Een enkele regel.",),
        exclude=("Een", "Twee"),
        examples=("Ik was rustig.",),
    )


def test_parents_relations_and_themes_point_by_guid_whether_named_by_key_or_id():
    text = f"""\
codes:
- {{id: {GUID}, key: a, name: A, definition: A.}}
- {{key: b, name: B, definition: B., parent: {GUID.lower()}}}
relations:
- {{from: b, to: a, kind: contrasts_with}}
themes:
- {{key: both, name: Both, central_idea: An idea., memo: A memo., codes: [b, {GUID}]}}
"""

    codebook = parse_codebook(text)

    b = codebook.by_key["b"]
    (theme,) = codebook.themes
    assert b.parent == GUID
    assert codebook.relations == (Relation(b.guid, GUID, "contrasts_with"),)
    assert theme.codes == (b.guid, GUID)
    assert theme.wording("en").central_idea == "An idea."


def test_codes_that_were_merged_into_one_are_read_by_key_or_id():
    text = code_with(f"replaces: [quiet, '{{{GUID.lower()}}}']")

    assert parse_codebook(text).codes[0].replaces == ("quiet", GUID)
    assert parse_codebook(code_with("replaces: quiet")).codes[0].replaces == ("quiet",)
    assert parse_codebook(code_with("replaces: []")) == parse_codebook(code_with())


@pytest.mark.parametrize("name", ["yes", "No", "1.0", "2024-01-01", "0x1F", "1_000"])
def test_names_that_yaml_takes_for_something_else_stay_text(name):
    codebook = parse_codebook(f"codes: [{{key: a, name: {name}, definition: off}}]")

    assert codebook.codes[0].wording("en") == Wording(name, "off")


def test_null_counts_as_a_missing_field():
    codebook = parse_codebook(code_with("parent: null", "colour: ~", "texts:", "include: [~, A]"))

    assert codebook.codes[0].parent is None
    assert codebook.codes[0].wording("en").include == ("A",)


def test_a_nameless_codebook_is_called_after_its_file(tmp_path):
    path = tmp_path / "pilot.codebook.yaml"
    path.write_text(code_with(), encoding="utf-8")

    assert read_codebook(path).name == "pilot"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert read_codebook(path) == parse_codebook(SMALL)


@pytest.mark.parametrize(("name", "n_codes"), [("serdif", 22), ("annomi", 10)])
def test_the_example_codebooks_can_be_read(name, n_codes):
    path = SHARED_DATA / f"{name}.codebook.yaml"
    if not path.exists():
        pytest.skip(f"{path} is on the developers' machine only")

    assert len(read_codebook(path).codes) == n_codes


def test_five_mistakes_come_at_once_each_with_its_line(offenders_of):
    text = """\
name: Wrong
codes:
- key: calm
  name: Calm
  defintion: The speaker is calm.
- key: tense;
  name: calm
  definition: The speaker is tense.
  parent: clam
- key: cold
  definition: The speaker is cold.
"""

    offenders = offenders_of(text)

    assert offenders == [
        "book.yaml:5: Code 'calm' has an unknown field 'defintion'. Did you mean 'definition'?",
        "book.yaml:6: Code 'tense;': key 'tense;' holds ';', which breaks a list of codes in a "
        "CSV file. Use letters, digits, '_' and '-'.",
        "book.yaml:7: Code name 'calm' in 'en' is already on line 4. Rename one or merge the two.",
        "book.yaml:9: Code 'tense;': parent 'clam' is not the key or id of a code. "
        "Did you mean 'calm'?",
        "book.yaml:10: Code 'cold' has no 'name'. Add 'name:' with a text.",
    ]


def test_the_error_says_all_offenders_and_survives_pickling():
    error = CodebookError(["a:1: One.", "a:2: Two."])

    copy = pickle.loads(pickle.dumps(error))

    assert str(copy) == "a:1: One.\na:2: Two."
    assert copy.offenders == error.offenders


def test_keys_that_are_no_text_are_passed_over():
    codebook = parse_codebook("? [a, b]\n: x\n" + code_with("? [c]", ": y"))

    assert list(codebook.by_key) == ["calm"]


def test_bytes_that_are_not_utf8_are_refused_at_their_line(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"name: x\nnote: caf\xe9\n")

    with pytest.raises(CodebookError) as caught:
        read_codebook(path)

    assert str(caught.value) == f"{path}:2: Byte 0xE9 is not UTF-8. Save the file as UTF-8."


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path):
    path = tmp_path / "none.yaml"

    with pytest.raises(CodebookError) as caught:
        read_codebook(path)

    assert str(caught.value).startswith(f"{path}:1: The file cannot be read: No such file")
