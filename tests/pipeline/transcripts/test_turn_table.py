"""Facts about tables with a row per turn; every text here is synthetic."""

import io
from datetime import datetime, time, timedelta

import openpyxl
import pytest

from tests.pipeline.transcripts.samples import workbook


def said(transcript):
    return [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in transcript.turns]


@pytest.mark.parametrize(
    "header",
    ["speaker{0}text{0}start{0}end", "Spreker{0}Tekst{0}Begin{0}Einde", "NAAM{0}Uiting{0}Tijd{0}To",
     "Who{0}Utterance{0}Timestamp{0}End_Time", "\ufeffname{0}content{0}time (s){0}to",
     '"Speaker"{0}"Transcript"{0}"Start time"{0}"End time"'],
)  # fmt: skip
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_columns_are_found_by_name_whatever_parts_them(read, header, mark):
    text = (
        header.format(mark)
        + f'\nI{mark}"Hoe; dan, zo?"{mark}1{mark}00:00:02\nP{mark}Goed{mark}2.5{mark}\n'
    )

    assert said(read(text, "a.csv")) == [
        ("I", "Hoe; dan, zo?", 1000, 2000), ("P", "Goed", 2500, None)]  # fmt: skip


def test_rows_of_one_speaker_are_one_turn(read):
    transcript = read("speaker,text\nI,Hoe?\nI,\nI,En?\nP,Goed.\n\n", "a.csv")

    assert [(t.speaker, t.text, t.place) for t in transcript.turns] == [
        ("I", "Hoe?\nEn?", "row 2"), ("P", "Goed.", "row 5")]  # fmt: skip


def test_row_without_a_speaker_has_none_and_is_told(read):
    transcript = read("speaker,text\nI,Hoe?\n,Hm.\n", "a.csv")

    assert [turn.speaker for turn in transcript.turns] == ["I", ""]
    assert transcript.notes == ("row 3: no speaker is named there; say who speaks",)


def test_table_without_speakers_is_told(read):
    transcript = read("text,start_ms\nJa,1500\nNee,geen tijd\n", "a.csv")

    assert said(transcript) == [("", "Ja\nNee", 1500, None)]
    assert "no column names the speaker" in transcript.notes[0]
    assert "row 3: the time could not be read" in transcript.notes


def test_titles_above_and_other_columns_are_left_out_and_told(read):
    transcript = read("Gesprek 7\nsep\nspeaker,code,text\nI,x,Hoe?\n", "a.csv")

    assert said(transcript) == [("I", "Hoe?", None, None)]
    assert transcript.notes == ("rows 1–2: above the header, left out", "left out: 1 other column")


def test_separator_line_of_excel_is_no_row(read):
    assert said(read("sep=;\nspeaker;text\nI;Hoe?\n", "a.csv")) == [("I", "Hoe?", None, None)]


def test_text_with_commas_and_no_quotes_stays_whole_in_the_last_column(read):
    assert said(read("speaker,text\nI,Hoe, dan,zo?\n", "a.csv"))[0][1] == "Hoe, dan,zo?"


def test_too_many_cells_are_refused_with_their_rows(refuse):
    line = refuse("speaker,text,start\nI,Hoe,1\nP,Ja, geheim,2\n", "a.csv")

    assert "row 3: more cells than the 3 of the header" in line
    assert "geheim" not in line


def test_row_with_too_few_cells_is_read(read):
    assert said(read("text,speaker,start\nJa,I\nNee\n", "a.csv"))[1] == ("", "Nee", None, None)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_header_that_does_not_tell_is_refused(refuse, name):
    line = refuse("geheim,b,c\n1,2,3\n", name)

    assert "none of the 3 columns" in line
    assert "'text'" in line
    assert "geheim" not in line


@pytest.mark.parametrize("text", ["speaker,text\n", "speaker,text\nI,\n"])
def test_table_without_text_is_refused(refuse, text):
    assert "no row has any text" in refuse(text, "a.csv")


def test_first_sheet_with_the_columns_is_read(read):
    content = workbook(("Spreker", "Tekst"), ("I", "Hoe?"), (None, None), ("P", 112),
                       before=("Leeg", "Codes"))  # fmt: skip

    assert [(t.speaker, t.text, t.place) for t in read(content, "a.xlsx").turns] == [
        ("I", "Hoe?", "row 2"), ("P", "112", "row 4")]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "ms"),
    [(time(0, 0, 2, 500000), 2500), (timedelta(seconds=2.5), 2500), (2.5, 2500), ("0:02.5", 2500),
     (datetime(2024, 5, 3, 0, 0, 2), 2000), ("2,5", 2500), ("[00:00:02]", 2000), (-1, None)],
)  # fmt: skip
def test_cells_of_times_are_read(read, value, ms):
    content = workbook(("speaker", "text", "start"), ("I", "Hoe?", value))

    assert read(content, "a.xlsx").turns[0].start_ms == ms


def test_formulas_are_not_worked_out(refuse):
    content = workbook(("speaker", "text"), ("I", "=1+1"))

    assert "no row has any text" in refuse(content, "a.xlsx")


def test_workbook_without_the_columns_is_refused(refuse):
    assert "none of the 2 columns" in refuse(workbook(("a", "b"), (1, 2)), "a.xlsx")
    assert "none of the 0 columns" in refuse(workbook(), "a.xlsx")


def test_quote_that_does_not_close_swallows_no_row(read):
    transcript = read('speaker;text\nI;Hij zei\nP;"Ga weg\nI;Ja\nP;Nee "echt" waar\n', "a.csv")

    assert [(t.speaker, t.text) for t in transcript.turns] == [
        ("I", "Hij zei"), ("P", '"Ga weg'), ("I", "Ja"), ("P", 'Nee "echt" waar')]  # fmt: skip
    assert "row 3: a double quote does not close: all quotes were kept as they stand" in (
        transcript.notes
    )


def test_quote_that_does_not_close_is_refused_where_its_rows_are_not_clear(refuse):
    line = refuse('speaker,text\nI,Hoe, dan\nP,"geheim" zei hij\n', "a.csv")

    assert "row 3: a double quote in it does not close" in line
    assert "geheim" not in line


def test_quoted_lines_that_look_like_rows_are_told(read):
    notes = read('speaker;text\nI;"Hoe\nP;zo\nI;dan"\nP;Ja\n', "a.csv").notes

    assert "row 2: a quoted text holds lines that look like rows: look" in notes


@pytest.mark.parametrize("mark", [",", "\t"])
def test_whole_numbers_too_big_for_seconds_are_milliseconds(read, mark):
    text = f"start{mark}end{mark}text\n1200{mark}2400{mark}Hoe\n2400{mark}6000{mark}dan\n"

    transcript = read(text, "a.tsv")

    assert (transcript.turns[0].start_ms, transcript.turns[0].end_ms) == (1200, 6000)
    assert any("read as milliseconds" in note for note in transcript.notes)


def test_parts_of_a_day_are_read_as_times(read):
    content = workbook(("start", "speaker", "text"), (0.0, "I", "Hoe?"), (30 / 86400, "P", "Ja."))

    assert [turn.start_ms for turn in read(content, "a.xlsx").turns] == [0, 30_000]


def test_second_sheet_with_turns_is_told(read):
    book = openpyxl.load_workbook(io.BytesIO(workbook(("speaker", "text"), ("I", "Hoe?"))))
    sheet = book.create_sheet("Two")
    sheet.append(("speaker", "text"))
    sheet.append(("I", "Nog een?"))
    stream = io.BytesIO()
    book.save(stream)

    notes = read(stream.getvalue(), "a.xlsx").notes

    assert "left out: 1 other sheet with turns; save each as a file" in notes
