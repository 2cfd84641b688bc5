"""Facts about interviews.csv; every name in it is synthetic."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.interviews import (
    COLUMNS,
    InterviewList,
    InterviewRow,
    find_blanks,
    read_interviews,
    write_interviews,
)
from pipeline.intake.roles import recognise_interviewers
from study.errors import InputError

FULL = InterviewRow("a.txt", "I01", "P01", "F1", "nl", "2025-03-04", "Int", {"group": "home"})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "interviews.csv"


def test_absent_file_is_an_empty_list(path):
    assert read_interviews(path) == InterviewList()


cells = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), max_size=9
).map(str.strip)


@given(
    st.lists(
        st.builds(
            InterviewRow,
            st.text("abc é", min_size=1, max_size=5).map(str.strip).filter(bool),
            *[cells] * 6,
            groups=st.fixed_dictionaries({"group": cells}),
        ),
        unique_by=lambda row: row.file,
        max_size=4,
    ),
    st.sampled_from(",;\t"),
)
def test_what_is_written_is_read_again(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("csv") / "interviews.csv"
    interviews = InterviewList(tuple(rows), (*COLUMNS, "group"), delimiter)

    write_interviews(path, interviews)

    assert read_interviews(path) == interviews
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_a_spreadsheet_on_windows_saved_is_read(path):
    text = ";".join(COLUMNS) + "\r\ncafé.txt;I01;P01;;nl;;Int\r\n"
    path.write_bytes(text.encode("cp1252"))

    (row,) = read_interviews(path).rows

    assert (row.file, row.interview, row.interviewers) == ("café.txt", "I01", ("Int",))


def test_missing_columns_and_files_named_twice_are_all_told(path):
    path.write_text("file,interview\na.txt,I01\na.txt,I02\n")

    with pytest.raises(InputError) as told:
        read_interviews(path)

    assert told.value.offenders == (
        "interviews.csv: missing columns: participant, family, language, date, interviewer. "
        f"Expected: {', '.join(COLUMNS)}.",
        "interviews.csv: 1 files have two rows. Remove one of each.",
    )


def test_row_is_added_or_put_in_the_place_of_the_files_own():
    rows = InterviewList((FULL, InterviewRow("b.txt")))

    changed = rows.with_row(InterviewRow("b.txt", "I02")).with_row(InterviewRow("c.txt"))

    assert [(row.file, row.interview) for row in changed.rows] == [
        ("a.txt", "I01"),
        ("b.txt", "I02"),
        ("c.txt", ""),
    ]


def test_next_label_is_one_that_neither_the_list_nor_the_study_has():
    assert InterviewList((FULL,)).next_label(taken=["I02"]) == "I03"


def test_full_row_has_no_blanks():
    assert find_blanks(FULL, ["Int", "Moeder"], [InterviewRow("b.txt", "I02")]) == ""


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (InterviewRow("a", "I01"), "fill in participant, interviewer"),
        (InterviewRow("a", "I 1", "P1", interviewer="-"), "interview may hold letters"),
        (InterviewRow("a", "I02", "P1", interviewer="-"), "interview is that of another row"),
        (InterviewRow("a", "I01", "P 1", interviewer="-"), "participant may hold letters"),
        (InterviewRow("a", "I01", "P1", "", "dutch", interviewer="-"), "language is not a code"),
        (InterviewRow("a", "I01", "P1", "", "nl", "4-3-25", "-"), "date is not written as"),
        (InterviewRow("a", "I01", "P1", "", "nl", "2026-99-99", "-"), "date is not written as"),
        (InterviewRow("a", "I01", "P1; P2", interviewer="-"), "participant is not one, or written"),
        (InterviewRow("a", "I01", "P1", interviewer="Jansen"), "none of the file's 2"),
        (InterviewRow("a", "I01", "Jansen=P1", interviewer="-"), "none of the file's 2"),
    ],
)
def test_blank_or_fault_is_told_by_column_and_never_with_what_stands_there(row, told):
    blanks = find_blanks(row, ["Int", "Moeder"], [InterviewRow("b.txt", "I02")])

    assert told in blanks
    assert "Jansen" not in blanks


def test_participants_are_one_for_all_or_one_for_each_label():
    assert InterviewRow("a", participant="P07").participants == {"": "P07"}
    assert InterviewRow("a", participant="Moeder=P07; Vader = P08").participants == {
        "Moeder": "P07",
        "Vader": "P08",
    }


def test_dash_says_that_nobody_asks():
    assert InterviewRow("a", interviewer="-").interviewers == ()


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (["Interviewer", "Moeder"], ["Interviewer"]),
        (["I", "R"], ["I"]),
        (["I:", "P1"], ["I:"]),
        (["INT", "P"], ["INT"]),
        (["Onderzoeker 1", "Onderzoeker 2", "Vader"], ["Onderzoeker 1", "Onderzoeker 2"]),
        (["M", "V"], []),
        (["SPEAKER_00", "SPEAKER_01"], []),
        (["Interviewer"], []),
        (["", "Anna"], []),
    ],
)
def test_interviewer_is_recognised_by_what_the_label_says(labels, found):
    assert recognise_interviewers(labels, []) == found


def test_interviewer_is_asked_once_per_study():
    said = [InterviewRow("a.docx", interviewer="Synthetica Jansen; SPEAKER_00; S01")]

    assert recognise_interviewers(["Synthetica Jansen", "Ouder"], said) == ["Synthetica Jansen"]
    # What a program numbers anew in each file says nothing of the next file.
    assert recognise_interviewers(["SPEAKER_00", "SPEAKER_01"], said) == []
    assert recognise_interviewers(["S01", "S00"], said) == []


def test_what_people_wrote_under_no_heading_is_kept(path):
    path.write_text(",".join([*COLUMNS, "", "group"]) + "\na.txt,,,,,,,mine,home,more\n")

    interviews = read_interviews(path)
    write_interviews(path, interviews.with_row(replace(interviews.rows[0], interview="I01")))

    assert path.read_text().splitlines()[1] == "a.txt,I01,,,,,,mine,home,more"


def test_column_named_twice_is_told(path):
    path.write_text(",".join([*COLUMNS, "group", "group"]) + "\n")

    with pytest.raises(InputError, match="columns named twice: group"):
        read_interviews(path)
