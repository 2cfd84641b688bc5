"""A text that is no plain YAML is refused, at the line where it stops being so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.errors import CodebookError
from codebook.reader import parse_codebook

SYNTAX = {
    "empty": ("", 1, "The file is empty"),
    "only a comment": ("# nothing\n", 1, "The file is empty"),
    "a list": ("\n- a\n", 2, "This is not a codebook"),
    "a text": ("hello", 1, "This is not a codebook"),
    "open bracket": ("name: x\ncodes: [\n", 3, "This is not YAML: "),
    "bare colon": ("name: a: b\n", 1, "This is not YAML: mapping values are not allowed here"),
    "two documents": ("name: a\n---\nname: b\n", 2, "but found another document"),
    "tab to indent": ("codes:\n\t- name: x\n", 2, "A tab stands where YAML wants spaces"),
    "tab after a colon": ("name: x\ncodes:\t-\tx\n", 2, "A tab stands where YAML wants spaces"),
    "alias": ("a: &a [x]\ncodes: *a\n", 2, "Alias '*a' is not allowed"),
    "too deep": ("x: " + "[" * 60 + "]" * 60, 1, "nested more than 50 deep"),
    "control character": ("name: x\nnote: \x07\n", 2, "Character U+0007 cannot stand in YAML"),
    "impossible escape": ('name: x\nnote: "\\UFFFFFFFF"\n', 2, "names no Unicode character"),
}


@pytest.mark.parametrize(("text", "line", "message"), SYNTAX.values(), ids=SYNTAX)
def test_a_text_that_is_no_plain_yaml_is_refused_at_its_line(text, line, message, only_offender_of):
    offender = only_offender_of(text)

    assert offender.startswith(f"book.yaml:{line}: ")
    assert message in offender


def test_every_tab_that_indents_is_listed(offenders_of):
    offenders = offenders_of("codes:\n\t- name: x\n\t  definition: y\n")

    assert [offender.split(":")[1] for offender in offenders] == ["2", "3"]


def test_nested_aliases_are_refused_without_being_followed(offenders_of):
    lines = ["a0: &a0 [x, x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)
    ]

    offenders = offenders_of("\n".join(lines))

    assert len(offenders) == 39


def error_about(text):
    try:
        parse_codebook(text)
    except CodebookError as error:
        return error
    return CodebookError([])


signs = st.sampled_from("[]{}\"'#~>\n\t\x85\u2028")
tokens = st.sampled_from(["- ", ": ", "  ", "? ", "&a", "*a", "\\U", "!!x ", "---", "%YAML 1.1\n"])
names = st.sampled_from(["codes", "name", "texts", "nl", "parent"])


@given(st.lists(signs | tokens | names | st.text(max_size=3), max_size=40).map("".join))
@settings(deadline=None, max_examples=300)
def test_whatever_the_text_only_codebook_errors_of_one_line_per_offender_are_raised(text):
    error = error_about(text)

    assert len(str(error).split("\n")) == max(1, len(error.offenders))
