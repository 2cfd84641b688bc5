"""The shipped codebook is complete in both languages."""

import uuid
from itertools import pairwise

import pytest

from codebook.reader import read_codebook
from codebook.records import CONTRASTS_WITH, CONTRIBUTES_TO, LEADS_TO
from codebook.shipped import shipped_codebook_path

SHARED = ["sharing_stories", "sharing_insecurities", "sharing_questions", "sharing_emotions"]
SHARED += ["sharing_thoughts"]
QUALITIES = ["humanity", "respectfulness", "availability_responsiveness", "communication_skills"]
COUNTER_CODES = ["no_connection", "distrust", "fear_of_report", "being_judged", "compulsion"]
COUNTER_CODES += ["socially_desirable"]
KEYS = ["connection", *QUALITIES, "trust", "feeling_safe_to_share", *SHARED]
KEYS += ["individual_conversations", "helpful_strategies", "change", *COUNTER_CODES]

codebook = read_codebook(shipped_codebook_path())
both_languages = pytest.mark.parametrize("language", ["en", "nl"])
every_code = pytest.mark.parametrize("code", codebook.codes, ids=lambda code: code.key)


def related(kind):
    key_of = {code.guid: code.key for code in codebook.codes}
    return {
        (key_of[relation.source], key_of[relation.target])
        for relation in codebook.relations
        if relation.kind == kind
    }


def contrast_on_white(colour):
    """Compute the contrast ratio of WCAG 2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_the_note_says_where_the_codebook_comes_from_and_that_examples_are_invented():
    start = "Drafted from the published abstract, not the authors' codebook"

    assert codebook.note.startswith(start)
    assert "All example quotes are invented" in codebook.note


def test_all_codes_of_the_study_are_there():
    assert list(codebook.by_key) == KEYS


def test_the_shared_things_are_children_of_feeling_safe_to_share():
    parent = codebook.by_key["feeling_safe_to_share"].guid

    assert [code.key for code in codebook.codes if code.parent == parent] == SHARED


def test_the_line_runs_from_connection_to_change():
    line = ["connection", "trust", "feeling_safe_to_share", "change"]

    assert related(LEADS_TO) == set(pairwise(line))


def test_the_four_qualities_contribute_to_connection():
    assert {(quality, "connection") for quality in QUALITIES} <= related(CONTRIBUTES_TO)


def test_every_counter_code_contrasts_with_a_code_of_the_study():
    contrasts = dict(related(CONTRASTS_WITH))

    assert sorted(contrasts) == sorted(COUNTER_CODES)
    assert set(contrasts.values()) <= set(KEYS) - set(COUNTER_CODES)


@every_code
def test_every_id_is_a_random_guid(code):
    assert uuid.UUID(code.guid).version == 4


@both_languages
@every_code
def test_every_code_is_complete(code, language):
    wording = code.wordings[language]

    assert len(wording.definition.split()) >= 15
    assert len(wording.include) >= 2
    assert len(wording.examples) >= 2


@both_languages
@every_code
def test_every_exclusion_names_the_code_to_use_instead(code, language):
    verb = {"en": "; use ", "nl": "; gebruik "}[language]
    others = [other.wordings[language].name for other in codebook.codes if other is not code]

    exclusions = code.wordings[language].exclude

    assert len(exclusions) >= 2
    assert all(any(name in rule.partition(verb)[2] for name in others) for rule in exclusions)


@both_languages
@pytest.mark.parametrize("theme", codebook.themes, ids=lambda theme: theme.key)
def test_every_theme_is_complete_and_draws_on_codes(theme, language):
    wording = theme.wordings[language]

    assert wording.central_idea
    assert wording.memo
    assert len(theme.codes) >= 2


def test_every_code_is_drawn_on_by_a_theme():
    drawn = {guid for theme in codebook.themes for guid in theme.codes}

    assert drawn == {code.guid for code in codebook.codes}


def test_no_example_is_used_twice():
    examples = [
        example
        for code in codebook.codes
        for wording in code.wordings.values()
        for example in wording.examples
    ]

    assert len(examples) == len(set(examples))


@every_code
def test_every_colour_can_be_seen_as_a_thin_stripe_on_white(code):
    assert contrast_on_white(code.colour) >= 3


def test_no_two_codes_share_a_colour():
    assert len({code.colour for code in codebook.codes}) == len(codebook.codes)
