"""Facts about tables in Word documents; every text here is synthetic."""

import io

import docx
import pytest

from tests.pipeline.transcripts.samples import word

ROWS = [["Sanne", "Een?"], ["Fatima", "Twee."], ["Sanne", "Drie?"], ["Fatima", "Vier."]]
TURNS = [tuple(row) for row in ROWS]


def said(transcript):
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.is_speech]


def tables(*parts, after=()):
    document = docx.Document()
    for rows in parts:
        table = document.add_table(len(rows), len(rows[0]))
        cells = [text for row in rows for text in row]
        for cell, text in zip(table._cells, cells, strict=True):
            cell.text = text
        document.add_paragraph("")
    for text in after:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "label", ["JA", "U", "Ma", "School", "Datum", "Ambulant begeleider " + "van de gemeente " * 6]
)
def test_whatever_stands_in_a_speaker_column_is_a_speaker(read, label):
    rows = [["Spreker", "Tekst"], ["SB", "Een?"], [label, "Twee."], ["SB", "Drie?"]]

    assert said(read(word(tables=[rows]), "a.docx")) == [
        ("SB", "Een?"), (label.strip(), "Twee."), ("SB", "Drie?")]  # fmt: skip


def test_lines_within_a_cell_begin_no_turn(read):
    rows = [["Interviewer", "Een?"], ["Moeder", "Ja.\nMama: zo.\nInterviewer: hm."]]

    assert said(read(word(tables=[[*rows, *rows]]), "a.docx"))[1] == (
        "Moeder", "Ja.\nMama: zo.\nInterviewer: hm.")  # fmt: skip


def test_header_that_comes_back_is_no_turn(read):
    header = ["Spreker", "Tekst"]

    assert said(read(word(tables=[[header, *ROWS[:2], header, *ROWS[2:]]]), "a.docx")) == TURNS


def test_header_that_names_only_the_speakers_is_no_turn(read):
    assert said(read(word(tables=[[["Persoon", "Letterlijk"], *ROWS]]), "a.docx")) == TURNS


def test_table_that_goes_on_in_another_keeps_its_columns(read):
    assert said(read(tables(ROWS + ROWS[:1], ROWS[1:2], ROWS[2:]), "a.docx")) == TURNS * 2


def test_numbers_beside_labels_are_no_words(read):
    rows = [[str(n), f"{name}: {text}"] for n, (name, text) in enumerate(TURNS, start=1)]

    transcript = read(word(tables=[rows]), "a.docx")

    assert said(transcript) == TURNS
    assert "left out: 4 cells beside speaker, time and text" in transcript.notes


def test_speakers_side_by_side_are_read_row_by_row(read):
    rows = [["Interviewer", "Respondent"], ["Een?", "Twee."], ["Drie?", "Vier."]]

    assert said(read(word(tables=[rows]), "a.docx")) == [
        ("Interviewer", "Een?"), ("Respondent", "Twee."),
        ("Interviewer", "Drie?"), ("Respondent", "Vier.")]  # fmt: skip


@pytest.mark.parametrize("facts", [[], [["Locatie", "thuis"]]])
def test_table_that_says_who_talks_is_a_heading(read, facts):
    rows = [["Interviewer", "Sanne"], ["Moeder", "R12"], *facts]
    after = ("Interviewer: Een?", "Moeder: Twee.", "Interviewer: Drie?")

    transcript = read(tables(rows, after=after), "a.docx")

    assert said(transcript) == [
        ("Interviewer", "Een?"), ("Moeder", "Twee."), ("Interviewer", "Drie?")]  # fmt: skip
    assert transcript.turns[0].text.startswith("Interviewer\nSanne\nMoeder\nR12")
