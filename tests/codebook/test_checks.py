"""A mistake between codes, relations and themes is named at its line."""

import pytest

from codebook.reader import parse_codebook

GUID = "3F2504E0-4F89-41D3-9A0C-0305E82C3301"


SMALL = """\
name: Small
codes:
- {key: calm, name: Calm, definition: The speaker is calm.}
- {key: tense, name: Tense, definition: The speaker is tense.}
"""


def book_with(*lines: str) -> str:
    return SMALL + "\n".join(lines) + "\n"


BAD_BOOKS = {
    "no codes": ("name: x\n", "1: The codebook has no codes"),
    "empty codes": ("name: x\ncodes: []\n", "2: The codebook has no codes"),
    "codes as one text": ("codes: calm\n", "1: Code 1 is one text. Expected fields"),
    "misspelt field": (
        book_with("relation: []"),
        "5: The codebook has an unknown field 'relation'",
    ),
    "bad language": (book_with("language: English"), "5: The codebook: language 'English' is not"),
    "key twice": (
        book_with("- {key: Calm, name: Quiet, definition: A.}"),
        "5: Code key 'Calm' is already on line 3",
    ),
    "same key from id": (
        "codes:\n- {id: a, name: A, definition: A.}\n- {id: a, name: B, definition: B.}\n",
        "3: Code key 'a' is already on line 2",
    ),
    "id twice": (
        f"codes:\n- {{id: {GUID}, name: A, definition: A.}}\n"
        f"- {{id: {GUID.lower()}, name: B, definition: B.}}\n",
        f"3: Code 'B': id {GUID} is already on line 2. Give one of them another id",
    ),
    "name twice": (
        book_with("- {key: c, name: ' CALM', definition: A.}"),
        "5: Code name 'CALM' in 'en' is already on line 3",
    ),
    "no key possible": (
        "codes:\n- {name: '!!', definition: A.}\n",
        "2: Code '!!': no key can be made from name '!!'",
    ),
    "missing language": (
        book_with(
            "- {key: c, name: C, definition: C., texts: {nl: {name: D, definition: D.}}}"
        ).replace("calm.}", "calm., texts: {nl: {name: R, definition: R.}}}"),
        "4: Code 'tense' has no texts in 'nl', which Code 'calm' has",
    ),
    "replaces itself": (
        book_with("- {key: c, name: C, definition: C., replaces: [c]}"),
        "5: Code 'c' replaces 'c', which is itself. Remove it.",
    ),
    "replaces itself by its id": (
        book_with(f"- {{id: {GUID}, key: c, name: C, definition: C., replaces: {GUID.lower()}}}"),
        f"5: Code 'c' replaces '{GUID.lower()}', which is itself",
    ),
    "replaces one that is still there": (
        book_with("- {key: c, name: C, definition: C., replaces: [gone, calm]}"),
        "5: Code 'c' replaces 'calm', which is still a code of this codebook. Remove that code",
    ),
    "replaces one that is still there, by id": (
        book_with(
            f"- {{id: {GUID}, key: c, name: C, definition: C.}}",
            f"- {{key: d, name: D, definition: D., replaces: [{GUID}]}}",
        ),
        f"6: Code 'd' replaces '{GUID}', which is still a code",
    ),
    "replaced by two": (
        book_with(
            "- {key: c, name: C, definition: C., replaces: [gone]}",
            "- {key: d, name: D, definition: D., replaces: [other, gone]}",
        ),
        "6: Code 'd': 'gone' under 'replaces' is already on line 5. A code can be merged into one",
    ),
    "replaced twice by one": (
        book_with("- {key: c, name: C, definition: C., replaces: [gone, gone]}"),
        "5: Code 'c': 'gone' under 'replaces' is already on line 5",
    ),
    "theme without language": (
        "codes:\n- {key: calm, name: A, definition: A., texts: {nl: {name: B, definition: B.}}}\n"
        "themes: [{name: T}]\n",
        "3: Theme 'T' has no texts in 'nl', which Code 'calm' has",
    ),
    "theme without name": (book_with("themes:", "- key: t"), "6: Theme 't' has no 'name'"),
    "theme of unknown code": (
        book_with("themes:", "- {key: t, name: T, codes: [calm, tens]}"),
        "6: Theme 't': code 'tens' is not the key or id of a code. Did you mean 'tense'?",
    ),
    "theme of a code twice": (
        book_with("themes:", "- name: T", "  codes:", "  - calm", "  - calm"),
        "9: Theme 'T': code 'calm' is already on line 8",
    ),
    "theme name twice": (
        book_with("themes:", "- {key: t, name: T}", "- {key: u, name: t}"),
        "7: Theme name 't' in 'en' is already on line 6",
    ),
    "relation as text": (book_with("relations: [calm]"), "5: Relation 1 is one text"),
    "relation without end": (
        book_with("relations:", "- {from: calm, kind: leads_to}"),
        "6: Relation 1 has no 'to'",
    ),
    "relation without kind": (
        book_with("relations:", "- {from: calm, to: tense}"),
        "6: Relation 1 has no 'kind'",
    ),
    "unknown kind": (
        book_with("relations:", "- {from: calm, to: tense, kind: causes}"),
        "6: Relation 1: kind 'causes' is unknown. Expected one of leads_to, contributes_to,",
    ),
    "dangling relation": (
        book_with("relations:", "- from: calm", "  to: xyz", "  kind: leads_to"),
        "7: Relation 1: 'to' 'xyz' is not the key or id of a code. Add that code",
    ),
    "relation to itself": (
        book_with("relations:", "- {from: calm, to: calm, kind: leads_to}"),
        "6: Relation 1 goes from 'calm' to itself",
    ),
    "relation twice": (
        book_with("relations:", *["- {from: calm, to: tense, kind: leads_to}"] * 2),
        "7: Relation 2: 'calm' leads_to 'tense' is already on line 6",
    ),
    "contrast both ways": (
        book_with(
            "relations:",
            "- {from: calm, to: tense, kind: contrasts_with}",
            "- {from: tense, to: calm, kind: contrasts_with}",
        ),
        "7: Relation 2: 'tense' contrasts_with 'calm' is already on line 6",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD_BOOKS.values(), ids=BAD_BOOKS)
def test_a_mistake_in_a_codebook_is_named_at_its_line(text, message, only_offender_of):
    offender = only_offender_of(text)

    assert offender.startswith(f"book.yaml:{message}")


def test_an_arrow_back_is_another_relation():
    text = book_with(
        "relations:",
        "- {from: calm, to: tense, kind: leads_to}",
        "- {from: tense, to: calm, kind: leads_to}",
    )

    assert len(parse_codebook(text).relations) == 2


def test_a_circle_of_parents_is_named_once_and_whole(only_offender_of):
    text = """\
codes:
- {key: d, name: D, definition: D., parent: a}
- {key: a, name: A, definition: A., parent: b}
- {key: b, name: B, definition: B., parent: c}
- {key: c, name: C, definition: C., parent: a}
"""

    offender = only_offender_of(text)

    assert offender.startswith(
        "book.yaml:3: Code 'a': parents go round in a circle: 'a' > 'b' > 'c' > 'a'."
    )


def test_a_guid_made_from_a_key_that_another_code_owns_is_found(only_offender_of):
    made = parse_codebook("codes: [{key: a, name: A, definition: A.}]").codes[0].guid
    text = f"""\
codes:
- {{id: {made}, key: renamed, name: Renamed, definition: A.}}
- {{key: a, name: New, definition: B.}}
"""

    offender = only_offender_of(text)

    assert offender.startswith(
        f"book.yaml:3: Code 'a': id {made} is already on line 2. It was made"
    )


def test_every_message_stays_on_one_line_whatever_the_keys(offenders_of):
    text = r"""
codes:
- {key: "a\nb", name: A, definition: A., parent: "a\nb", texts: {"n\nl": {name: "B\nC"}}}
"""

    offenders = offenders_of(text)

    assert len(offenders) == 4
    assert not any("\n" in offender for offender in offenders)
