"""Facts about what a stance lets be shown and what suggestions are called."""

from typing import get_args

import pytest

from study.errors import StudyError
from study.stance import (
    EXPLAINED,
    Stance,
    count_suggestions,
    describe_stance,
    is_for_discussion,
    may_show_agreement,
    name_suggestions,
    read_stance,
)


def test_every_stance_but_the_unset_one_is_explained():
    assert ("", *EXPLAINED) == get_args(Stance)


@pytest.mark.parametrize(
    ("stance", "is_shown", "is_discussed"),
    [
        ("", True, True),
        ("reflexive", False, False),
        ("codebook", True, True),
        ("coding reliability", True, False),
    ],
)
def test_reflexive_hides_agreement_and_codebook_and_unset_put_it_up_for_discussion(
    stance, is_shown, is_discussed
):
    assert (may_show_agreement(stance), is_for_discussion(stance)) == (is_shown, is_discussed)


@pytest.mark.parametrize("stance", ["", "codebook", "coding reliability"])
def test_suggestions_are_called_so_where_a_study_is_not_reflexive(stance):
    assert [count_suggestions(stance, n) for n in (0, 1, 2)] == [
        "0 suggestions",
        "1 suggestion",
        "2 suggestions",
    ]
    assert name_suggestions(stance, language="nl") == "suggesties"


def test_suggestions_of_a_reflexive_study_are_second_readings():
    assert [count_suggestions("reflexive", n) for n in (0, 1, 2)] == [
        "0 second readings",
        "1 second reading",
        "2 second readings",
    ]
    assert name_suggestions("reflexive", 1, language="nl") == "tweede lezing"
    assert name_suggestions("reflexive", 2, language="nl") == "tweede lezingen"


def test_language_without_a_name_takes_the_english_one():
    assert name_suggestions("reflexive", 1, language="fr") == "second reading"


@pytest.mark.parametrize(
    "said", ["coding reliability", "Coding-Reliability", "  CODING  reliability "]
)
def test_stance_is_read_in_any_case_with_a_space_or_a_hyphen(said):
    assert read_stance(said) == "coding reliability"


@pytest.mark.parametrize("said", ["", " ", "reflex", "1", "grounded theory"])
def test_what_is_no_stance_is_refused_with_the_three_that_are(said):
    with pytest.raises(StudyError) as caught:
        read_stance(said)

    assert str(caught.value) == (
        f"'{said}' is no stance. Choose one of: reflexive, codebook, coding reliability."
    )


@pytest.mark.parametrize("stance", list(EXPLAINED))
def test_a_stance_is_described_in_its_own_words(stance):
    assert describe_stance(stance) == f"{stance}: {EXPLAINED[stance]}"


def test_an_unset_stance_says_what_that_means_and_how_to_set_it():
    assert describe_stance("") == (
        "not set; figures are shown as in a codebook study. Write into study.toml: "
        'stance = "reflexive", "codebook" or "coding reliability"'
    )
