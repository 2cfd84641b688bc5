"""Facts about the code that is made of a group; all words are synthetic."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from study import tables as t
from study.codebooks import current_codebook, store_codebook
from study.errors import StudyError
from study.gap_wording import count_gap, describe_basis, describe_gap, explain_none
from study.gaps import MADE, Gap, Gaps, LooseExcerpt, NewCode, make_code
from tests.study.synthetic import CODEBOOK, LATER, NOW

NEW = NewCode("school_bus", "School bus", "What is told of the bus.")


def loose(number, participant="P1", *, is_coded=True):
    text = f"synthetic words {number}"
    return LooseExcerpt(number, f"S1_e{number}", "S1", participant, "nl", text, is_coded, number)


GAP = Gap(1, (loose(3), loose(1), loose(2, "P2"), loose(4, "P2")), 2, ("bus", "late"), 0.4)


@pytest.fixture
def coded(study):
    with study.database.write() as connection:
        store_codebook(connection, CODEBOOK, now=NOW)
    return study


def make(study, new=NEW):
    with study.database.write() as connection:
        return make_code(connection, new, GAP, actor="anna", now=LATER)


def test_made_code_is_the_last_of_a_new_version_and_the_rest_stays(coded):
    version = make(coded)

    assert version.number == 2
    assert version.codebook.codes[:-1] == CODEBOOK.codes
    assert (version.codebook.relations, version.codebook.themes) == (
        CODEBOOK.relations,
        CODEBOOK.themes,
    )
    made = version.codebook.codes[-1]
    assert (made.key, made.wording("en").name) == ("school_bus", "School bus")
    assert made.wording("en").examples == ()


def test_key_in_the_codebook_s_own_file_later_is_the_same_code(coded):
    guid = make(coded).codebook.codes[-1].guid

    with coded.database.write() as connection:
        store_codebook(connection, CODEBOOK, now=LATER)
    again = make(coded)

    assert again.codebook.codes[-1].guid == guid
    assert again.number == 4


def test_code_has_its_wording_in_every_language_of_the_codebook(coded):
    codes = tuple(
        replace(code, wordings={**code.wordings, "nl": code.wording("en")})
        for code in CODEBOOK.codes
    )
    themes = tuple(
        replace(theme, wordings={**theme.wordings, "nl": theme.wording("en")})
        for theme in CODEBOOK.themes
    )
    with coded.database.write() as connection:
        store_codebook(connection, replace(CODEBOOK, codes=codes, themes=themes), now=NOW)

    made = make(coded).codebook.codes[-1]

    assert list(made.wordings) == ["en", "nl"]
    assert made.wordings["nl"] == made.wordings["en"]


def test_quotes_enter_the_codebook_only_as_examples_that_were_asked_for(coded):
    made = make(coded, replace(NEW, examples=("synthetic\n words",))).codebook.codes[-1]

    assert made.wording("en").examples == ("synthetic words",)


def test_what_a_code_was_made_of_is_noted_without_any_words(coded):
    version = make(coded)

    with coded.database.read() as connection:
        row = connection.execute(sa.select(t.audit)).one()
    assert (row.actor, row.action, row.done_at) == ("anna", MADE, LATER)
    assert row.details == {
        "code": version.codebook.codes[-1].guid,
        "codebook_version": 2,
        "excerpts": [3, 1, 2, 4],
        "n_examples": 0,
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": " "}, "is blank"),
        ({"name": ""}, "is blank"),
        ({"definition": "\n"}, "is blank"),
        ({"key": "TRUST"}, "has a code 'trust' already"),
        ({"name": "  sharing"}, "that of the code 'sharing' already"),
        ({"key": "a;b"}, "breaks a list of codes in a CSV file"),
    ],
)
def test_code_that_cannot_be_is_refused_and_nothing_is_stored(coded, changes, said):
    with pytest.raises(StudyError, match=said) as refused:
        make(coded, replace(NEW, **changes))

    assert "codebook:" not in str(refused.value)
    with coded.database.read() as connection:
        assert current_codebook(connection).number == 1


def test_quotes_are_of_different_participants_as_far_as_there_are():
    assert [quote.id for quote in GAP.quotes] == [3, 2, 1]


def test_group_is_named_by_its_excerpts_in_whatever_order():
    same = replace(GAP, number=2, excerpts=GAP.excerpts[::-1])

    assert same.id == GAP.id
    assert replace(GAP, excerpts=GAP.excerpts[1:]).id != GAP.id


def test_group_is_found_by_its_number():
    found = Gaps(has_model=True, gaps=(GAP,))

    assert found.find(1) == GAP
    with pytest.raises(StudyError, match="There is no group 2; there are 1"):
        found.find(2)


def test_group_is_said_with_counts_and_words():
    assert str(count_gap(GAP)) == "4 excerpts of 2 participants"
    assert describe_gap(GAP, "") == "4 excerpts of 2 participants; common words: bus, late"
    assert describe_gap(replace(GAP, words=()), "codebook").endswith("; no words in common")


def test_reflexive_study_is_told_no_counts():
    found = Gaps(has_model=True, gaps=(GAP,), n_finished=9, n_coded=41, n_unsuggested=52)

    told = [describe_gap(GAP, "reflexive"), *map(str, describe_basis(found, "reflexive"))]

    assert not any(letter.isdigit() for line in told for letter in line)
    assert "second readings" in told[1]


def test_basis_keeps_coded_and_unsuggested_apart_and_says_what_is_missing():
    found = Gaps(
        has_model=True,
        n_coded=41,
        n_unsuggested=52,
        n_without_vector=3,
        n_interviews_held=1,
        is_outdated=True,
    )

    told = _join(found)

    assert "41 excerpts that coders finished without a code, and 52 unfinished ones" in told
    assert "Nobody has finished an excerpt yet" in told
    assert "cannot be compared yet" in told
    assert "One interview is left out" in told
    assert "The codebook was changed since" in told
    assert "2 interviews are" in _join(replace(found, n_interviews_held=2))


def _join(found):
    return " ".join(map(str, describe_basis(found, "")))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Gaps(), "No suggestions were made yet"),
        (Gaps(has_model=True), "Every excerpt that was looked at fits a code"),
        (Gaps(has_model=True, n_participants=1), "of one participant alone"),
        (Gaps(has_model=True, n_participants=2, fewest=5), "no 5 excerpts of two participants"),
    ],
)
def test_why_there_is_no_group_is_one_sentence(found, said):
    line = str(explain_none(found, ""))

    assert said in line
    assert "\n" not in line
    assert describe_basis(Gaps(), "") == []


def test_what_suggestions_are_called_is_in_the_language_asked_for():
    found = Gaps(has_model=True, n_finished=1)

    assert "suggesties" in str(explain_none(Gaps(), "", "nl"))
    assert "tweede lezingen" in str(describe_basis(found, "reflexive", "nl")[0])
