"""Facts about the command that asks what the codebook may miss; every word here is synthetic."""

import json

import pytest

BOOK = """
name: Synthetic codebook
codes:
  - {key: trust, name: Trust, definition: relying on the worker}
  - {key: change, name: Change, definition: things became different at home}
"""
HEADER = "dataset,interview_id,excerpt_id,order,speaker,text,coder,codes"
TEXTS = (
    ("the school bus came late on {}", ""),
    ("relying on the worker again and again", "trust"),
    ("flowers grow well behind our house", ""),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday")
MAKE = ("--make", 1, "--key", "bus", "--name", "Bus", "--definition", "What is told of the bus.")


@pytest.fixture
def coded(themeloop, tmp_path):
    """A study in which buses are late and no code is for that."""

    def make(stance="codebook", n_interviews=4):
        rows = [HEADER]
        rows += [
            f"synthetic,I{n},I{n}_{place},{place},p,{text.format(DAYS[n])},anna,{code}"
            for n in range(n_interviews)
            for place, (text, code) in enumerate(TEXTS)
        ]
        (tmp_path / "coded.csv").write_text("\n".join(rows))
        (tmp_path / "book.yaml").write_text(BOOK)
        themeloop("init", "--study", "s", "--stance", stance)
        themeloop("import", "coded.csv", "--codebook", "book.yaml", "--study", "s")
        themeloop("suggest", "--study", "s")
        return themeloop

    return make


def test_groups_are_questions_with_counts_and_words_and_no_quotes(coded):
    said = coded()("gaps", "--study", "s").stdout

    assert "1. A new code? 4 excerpts of 4 participants; common words: " in said
    assert "Looked at: 8 excerpts that coders finished without a code, and 0 unfinished" in said
    assert "the school bus came late" not in said


def test_quotes_are_printed_where_they_are_asked_for(coded):
    said = coded()("gaps", "--study", "s", "--quotes").stdout

    assert "“the school bus came late on monday” (I0, I0_0)" in said


def test_json_holds_ids_and_figures_and_quotes_only_where_asked(coded):
    themeloop = coded()

    plain = json.loads(themeloop("gaps", "--study", "s", "--json").stdout)
    quoted = json.loads(themeloop("gaps", "--study", "s", "--json", "--quotes").stdout)

    assert plain["n_coded_without_a_code"] == 8
    assert plain["none"] is None
    assert {gap["n_excerpts"] for gap in plain["gaps"]} == {4}
    assert "quotes" not in plain["gaps"][0]
    assert len(quoted["gaps"][0]["quotes"]) == 3


def test_code_is_made_of_a_group_without_its_quotes(coded):
    themeloop = coded()

    said = themeloop("gaps", "--study", "s", *MAKE).stdout

    assert "Added the code 'bus': the codebook is now version 2. Next: themeloop suggest" in said
    assert "3 codes" in themeloop("codebook", "--study", "s").stdout
    assert "The codebook was changed since" in themeloop("gaps", "--study", "s").stdout
    assert "the school bus" not in said


def test_quotes_enter_the_codebook_where_it_is_asked_for(coded):
    themeloop = coded()

    said = themeloop("gaps", "--study", "s", *MAKE, "--with-examples").stdout

    assert "3 quotes stand in the codebook now" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--make", 1, "--key", "bus"), 2, "--make goes with --key, --name and --definition"),
        (("--key", "bus"), 2, "go with --make"),
        (("--with-examples",), 2, "go with --make"),
        (("--make", 99, *MAKE[2:]), 1, "There is no group 99"),
        ((*MAKE[:3], "trust", *MAKE[4:]), 1, "has a code 'trust' already"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_line(coded, arguments, code, said):
    result = coded()("gaps", "--study", "s", *arguments, code=code)

    assert said in result.output


def test_reflexive_study_is_told_no_counts(coded):
    themeloop = coded("reflexive")

    said = themeloop("gaps", "--study", "s").stdout
    figures = json.loads(themeloop("gaps", "--study", "s", "--json").stdout)

    assert "A new code? common words: " in said
    assert "excerpts of" not in said
    assert "second readings" in said
    assert "n_coded_without_a_code" not in figures
    assert "n_excerpts" not in figures["gaps"][0]


def test_study_of_one_participant_says_why_there_is_none(coded):
    themeloop = coded(n_interviews=1)

    said = themeloop("gaps", "--study", "s").stdout

    assert "of one participant alone" in said
    assert json.loads(themeloop("gaps", "--study", "s", "--json").stdout)["none"]


def test_list_that_is_too_long_to_read_says_how_many_more_there_are(coded, monkeypatch):
    monkeypatch.setattr("themeloop.commands.gaps.MOST_SHOWN", 1)

    assert "and 1 more (--json lists all)" in coded()("gaps", "--study", "s").stdout
