"""Facts about Word documents; every text here is synthetic."""

import io

import docx
import pytest

from tests.pipeline.transcripts.samples import word

RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"


def said(transcript):
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.is_speech]


def swap(xml):
    """Put XML in the place of the paragraph's run that says MERK."""
    return lambda content: content.replace(b"<w:r><w:t>MERK</w:t></w:r>", xml.encode())


@pytest.mark.parametrize(
    "paragraphs",
    [("Anna: Hoe?", "Bram: Goed.", "Anna: Fijn."),
     ([("Anna:", True), (" Hoe?", False)], [("Bram:", True), (" Goed.", False)], "Anna: Fijn."),
     ([("Anna", True), (": Hoe?", False)], [("Bram", True), (": Goed.", False)], "Anna: Fijn."),
     ([("Anna", True), ("\tHoe?", False)], [("Bram", True), (" Goed.", False)],
      [("Anna", True), (" Fijn.", False)]),
     ("Anna:", "Hoe?", "", "Bram:", "Goed.", "", "Anna:", "Fijn."),
     ("Anna: Hoe?\nBram: Goed.\nAnna: Fijn.",),
     ("Anna\t0:03\nHoe?", "Bram\t0:05\nGoed.", "Anna\t1:00:09\nFijn."),
     ("0:0:3.0 --> 0:0:4.57\nAnna\nHoe?", "0:0:5.0 --> 0:0:6.0\nBram\nGoed.",
      "0:0:9.0 --> 0:0:9.5\nAnna\nFijn."),
     ("Anna", "0:03", "Hoe?", "Bram", "0:05", "Goed.", "Anna", "0:09", "Fijn.")],
)  # fmt: skip
def test_labels_in_paragraphs_are_read(read, paragraphs):
    assert said(read(word(*paragraphs), "a.docx")) == [
        ("Anna", "Hoe?"), ("Bram", "Goed."), ("Anna", "Fijn.")]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [[["I", "Hoe?"], ["P", "Goed."], ["I", "Fijn."]],
     [["I:", "Hoe?"], ["P:", "Goed."], ["I:", "Fijn."]],
     [["00:01", "I", "Hoe?"], ["00:05", "P", "Goed."], ["00:09", "I", "Fijn."]],
     [["I", "00:01", "Hoe?"], ["P", "00:05", "Goed."], ["I", "00:09", "Fijn."]],
     [["Tijd", "Spreker", "Tekst"], ["[00:01]", "I", "Hoe?"], ["", "P", "Goed."],
      ["x", "I", "Fijn."]],
     [["1", "I", "Hoe?"], ["2", "P", "Goed."], ["3", "I", "Fijn."]]],
)  # fmt: skip
def test_table_of_speaker_and_text_is_read(read, rows):
    assert said(read(word(tables=[rows]), "a.docx")) == [
        ("I", "Hoe?"), ("P", "Goed."), ("I", "Fijn.")]  # fmt: skip


def test_rows_without_a_speaker_continue_and_other_cells_are_told(read):
    rows = [["I", "Hoe?", ""], ["P", "Goed.", "CODE"], ["", "En zo verder.", ""], ["I", "Ja.", ""]]

    transcript = read(word(tables=[rows]), "a.docx")

    assert said(transcript) == [("I", "Hoe?"), ("P", "Goed.\nEn zo verder."), ("I", "Ja.")]
    assert "left out: 1 cell beside speaker, time and text" in transcript.notes


def test_table_of_facts_is_a_heading_and_no_turns(read):
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Datum", "3 mei", "Plaats", "Ergens"), strict=True):
        cell.text = text
    for text in ("I: Hoe?", "P: Goed."):
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)

    transcript = read(stream.getvalue(), "a.docx")

    assert transcript.turns[0].text == "Datum\n3 mei\nPlaats\nErgens"
    assert said(transcript) == [("I", "Hoe?"), ("P", "Goed.")]


def test_box_of_one_cell_is_read_as_lines(read):
    content = word(tables=[[["I: Hoe?\nP: Goed.\nI: Fijn."]]])

    assert said(read(content, "a.docx")) == [("I", "Hoe?"), ("P", "Goed."), ("I", "Fijn.")]


def test_row_that_runs_over_the_columns_keeps_its_words(read):
    document = docx.Document()
    table = document.add_table(3, 2)
    for cell, text in zip(table._cells, ("I", "Hoe?", "Deel", "", "P", "Goed."), strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    stream = io.BytesIO()
    document.save(stream)

    assert said(read(stream.getvalue(), "a.docx")) == [("I", "Hoe?\nDeel"), ("P", "Goed.")]


@pytest.mark.parametrize(
    ("xml", "text"),
    [(f"<w:hyperlink>{RUN.format('link')}</w:hyperlink>", "link"),
     (f"<w:ins>{RUN.format('nieuw')}</w:ins>", "nieuw"),
     (f"<w:smartTag>{RUN.format('slim')}</w:smartTag>", "slim"),
     (f"<w:fldSimple>{RUN.format('veld')}</w:fldSimple>", "veld"),
     (f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN.format('vak')}</w:sdtContent></w:sdt>", "vak"),
     ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r>", "a\tb-c"),
     ("<w:r><w:sym w:char='00E9'/><w:sym w:char='zz'/></w:r>", "é"),
     ("<w:r><w:instrText>PAGE</w:instrText><w:t>veld</w:t></w:r>", "veld"),
     ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>verborgen</w:t></w:r>", "verborgen")],
)  # fmt: skip
def test_words_in_every_corner_of_a_paragraph_are_read(read, xml, text):
    content = word("I: Hoe?", "MERK", change=swap(RUN.format("P: ") + xml))

    assert said(read(content, "a.docx"))[1] == ("P", text)


def test_tracked_deletions_are_left_out_and_told(read):
    gone = "<w:del><w:r><w:delText>weg</w:delText></w:r></w:del>"
    content = word("I: Hoe?", "MERK", change=swap(RUN.format("P: Goed.") + gone))

    transcript = read(content, "a.docx")

    assert said(transcript)[1] == ("P", "Goed.")
    assert "left out: 1 tracked deletion; insertions are kept" in transcript.notes


def test_text_boxes_are_read_once(read):
    box = f"<w:txbxContent><w:p>{RUN.format('P: In een vak.')}</w:p></w:txbxContent>"
    name = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = (
        f'<w:r><mc:AlternateContent xmlns:mc="{name}"><mc:Choice Requires="wps">{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    content = word("MERK", "I: Ja.", change=swap(RUN.format("I: Hoe?") + both))

    assert said(read(content, "a.docx")) == [("I", "Hoe?"), ("P", "In een vak."), ("I", "Ja.")]


def test_content_controls_and_nested_tables_are_read(read):
    block = (
        f"<w:sdt><w:sdtContent><w:p>{RUN.format('P: In een vak.')}</w:p></w:sdtContent></w:sdt>"
        f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p>{RUN.format('I: Diep.')}</w:p></w:tc></w:tr>"
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>"
        f"<w:del><w:p>{RUN.format('weg')}</w:p></w:del>"
    )
    content = word(
        "I: Hoe?", change=lambda c: c.replace(b"<w:sectPr", block.encode() + b"<w:sectPr", 1)
    )

    assert said(read(content, "a.docx")) == [("I", "Hoe?"), ("P", "In een vak."), ("I", "Diep.")]


def test_comments_footnotes_and_page_headers_are_counted(read):
    document = docx.Document()
    run = document.add_paragraph("I: Hoe?").runs[0]
    document.add_paragraph("P: Goed.")
    document.add_comment(run, text="Een opmerking", author="x", initials="x")
    document.sections[0].header.paragraphs[0].text = "Vertrouwelijk"
    stream = io.BytesIO()
    document.save(stream)

    transcript = read(stream.getvalue(), "a.docx")

    assert said(transcript) == [("I", "Hoe?"), ("P", "Goed.")]
    assert "left out: 1 comment" in transcript.notes
    assert "left out: 1 page header or footer with text" in transcript.notes


def test_teams_turns_and_markers_are_told_apart(read):
    transcript = read(word(
        "Gesprek-20260815-Meeting Recording", "Bos, Anna started transcription",
        "Bos, Anna   0:04\nHoe?\nEn zo.", "+31 6 00000000   0:09\nGoed.",
        "Bos, Anna stopped transcription"), "a.docx")  # fmt: skip

    assert transcript.format == "Teams document (.docx)"
    assert said(transcript) == [("Bos, Anna", "Hoe?\nEn zo."), ("+31 6 00000000", "Goed.")]
    assert [turn.start_ms for turn in transcript.turns if turn.is_speech] == [4000, 9000]
    assert "paragraph 5: put in by the program, kept as a note, not coded" in transcript.notes


@pytest.mark.parametrize(
    "tabs", [("📝 Notes", "📖 Transcript"), ("Notes", "Transcript"), ("Notities", "Transcriptie")]
)
def test_notes_of_google_meet_never_become_speech(read, tabs):
    notes, transcript_tab = tabs

    transcript = read(word(
        notes, "Gesprek", "Summary", "Anna: een machine vat samen.", "Details", "Nog meer.",
        transcript_tab, "Gesprek - Transcript", "00:00:11", "Anna Bos: Hoe?", "Bram Kok: Goed.",
        "00:05:00", "Anna Bos: Fijn.", "Transcription ended after 00:05:39"), "a.docx")  # fmt: skip

    assert said(transcript) == [("Anna Bos", "Hoe?"), ("Bram Kok", "Goed."), ("Anna Bos", "Fijn.")]
    assert [t.start_ms for t in transcript.turns if t.is_speech] == [11_000, None, 300_000]
    assert "machine" not in " ".join(turn.text for turn in transcript.turns)
    assert (
        transcript.notes[0] == "paragraphs 1–6: notes that a machine made of the meeting, left out"
    )


def test_document_of_notes_alone_is_refused(refuse):
    content = word("📝 Notes", "Summary", "Een machine vat samen.", "Review Gemini's notes")

    assert "no speech was found" in refuse(content, "a.docx")


def test_document_without_words_is_refused(refuse):
    assert "no speech was found" in refuse(word(""), "a.docx")


def test_document_without_labels_has_a_turn_per_paragraph(read):
    assert said(read(word("Een verhaal.", "Nog een."), "a.docx")) == [
        ("", "Een verhaal."), ("", "Nog een.")]  # fmt: skip


def test_strict_documents_are_read(read):
    content = word("I: Hoe?", "P: Goed.", change=lambda c: c.replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main"))  # fmt: skip

    assert said(read(content, "a.docx")) == [("I", "Hoe?"), ("P", "Goed.")]
