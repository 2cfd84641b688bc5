"""Strength in five steps, and opposite codes shown as one choice; all words here are synthetic."""

import pytest

from codebook.reader import parse_codebook
from review.wording import group_suggestions, measure_strength
from study.codebooks import CodebookVersion
from study.records import Suggestion

BOOK = parse_codebook("""
name: Synthetic codebook with opposites
language: en
codes:
  - key: trust
    name: Trust
    definition: relying on the worker
    exclude: [Liking alone; use Click., The worker lied; use Distrust.]
    texts:
      nl: {name: Vertrouwen, definition: bouwen op, exclude: [Er is gelogen; gebruik Argwaan]}
  - key: click
    name: Click
    definition: a bond
    texts: {nl: {name: Klik, definition: een band}}
  - key: distrust
    name: Distrust
    definition: not relying on the worker
    examples: [They lied]
    texts: {nl: {name: Argwaan, definition: niet bouwen op}}
relations: [{from: distrust, to: trust, kind: contrasts_with}]
themes:
  - {key: good, name: Good, codes: [trust, click], texts: {nl: {name: Goed}}}
  - {key: bad, name: Bad, codes: [distrust], texts: {nl: {name: Slecht}}}
""")
VERSION = CodebookVersion(1, 1, BOOK, {code.guid: row for row, code in enumerate(BOOK.codes, 1)})
GUIDS = {code.key: code.guid for code in BOOK.codes}


def suggest(key, *, rank, score=1.5, choice_with=None):
    evidence = {"kind": "definition", "index": 0, "similarity": 0.5}
    if choice_with:
        evidence["choice_with"] = GUIDS[choice_with]
    return Suggestion(
        id=rank * 10 + list(GUIDS).index(key),
        excerpt_id=1,
        code_guid=GUIDS[key],
        code_key=key,
        score=score,
        rank=rank,
        method="similarity",
        evidence=evidence,
        run_id=1,
        encoder="fake",
        model="a" * 64,
        codebook_version=1,
    )


def shown(suggestions, language="en"):
    names = {guid: key for key, guid in GUIDS.items()}
    return [
        (group.theme, [(view.key, names[view.guid]) for view in group.suggestions])
        for group in group_suggestions(suggestions, VERSION, language)
    ]


@pytest.mark.parametrize(
    ("score", "steps"), [(-1, 1), (1.0, 1), (1.25, 2), (1.5, 3), (2.0, 4), (2.5, 5), (9, 5)]
)
def test_a_score_is_one_of_five_steps(score, steps):
    assert measure_strength(score) == steps


def test_the_two_of_a_choice_stand_together_under_the_stronger_ones_theme():
    found = shown(
        [
            suggest("trust", rank=1, score=1.1, choice_with="distrust"),
            suggest("distrust", rank=1, score=2.0, choice_with="trust"),
            suggest("click", rank=2),
        ]
    )

    assert found == [("Bad", [(1, "distrust"), (2, "trust")]), ("Good", [(3, "click")])]


def test_a_pole_says_who_the_other_is_and_what_the_codebook_sends_there():
    poles = [
        suggest("trust", rank=1, score=2.0, choice_with="distrust"),
        suggest("distrust", rank=1, choice_with="trust"),
    ]

    ((english,), (dutch,)) = (group_suggestions(poles, VERSION, lang) for lang in ("en", "nl"))

    facts = [(view.choice_with, view.apart) for view in english.suggestions]
    assert facts == [(GUIDS["distrust"], "The worker lied; use Distrust."), (GUIDS["trust"], None)]
    assert dutch.suggestions[0].apart == "Er is gelogen; gebruik Argwaan"


def test_codes_suggested_one_by_one_are_no_choice():
    ((good, bad)) = group_suggestions(
        [suggest("trust", rank=1), suggest("distrust", rank=2)], VERSION, "en"
    )

    assert (good.suggestions[0].choice_with, bad.suggestions[0].choice_with) == (None, None)


@pytest.mark.parametrize("other", [None, "click"])
def test_a_pole_whose_other_does_not_name_it_back_stands_alone(other):
    poles = [
        suggest("trust", rank=1, choice_with="distrust"),
        *([suggest("distrust", rank=2, choice_with=other)] if other else []),
    ]

    found = [v for group in group_suggestions(poles, VERSION, "en") for v in group.suggestions]

    assert {view.choice_with for view in found} == {None}
