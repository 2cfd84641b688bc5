"""Facts about headings that look like turns; every text here is synthetic."""

import pytest

from tests.pipeline.transcripts.samples import word

TALK = "{0}: Hoe was het?\n{1}: Goed hoor.\n{0}: Mooi.\n{1}: Ja.\n"


def said(transcript):
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.is_speech]


def told(transcript):
    return "\n".join(turn.text for turn in transcript.turns if not turn.is_speech)


@pytest.mark.parametrize(
    ("heading", "one", "other"),
    [("Interviewer: Sanne Bakker\nMoeder: Fatima (34)\n\n", "Interviewer", "Moeder"),
     ("Datum: 1-2-2024\n\nInterviewer: Sanne Vos\n\nMoeder: Fatima\n\n", "Interviewer", "Moeder"),
     ("Interviewer: Sanne\nMoeder: moeder, 34 jaar\nDatum: 3 maart\n\n", "Interviewer", "Moeder"),
     ("Datum: 3 maart\nInterviewer: Sanne\nMoeder: moeder van twee\n\n", "Interviewer", "Moeder"),
     ("I: interviewer\nR: moeder\n\n", "I", "R"),
     ("I: = interviewer\nR: = moeder\n\n", "I", "R"),
     ("Legenda:\nI: interviewer\nR: moeder\n(.): korte pauze\n\n", "I", "R"),
     ("Gesprek\nAanleiding: ouders zijn uit elkaar.\nVerloop: dochter komt.\n\n", "I", "R")],
)  # fmt: skip
def test_heading_with_labels_of_the_talk_is_no_speech(read, heading, one, other):
    transcript = read(heading + TALK.format(one, other))

    assert said(transcript)[0] == (one, "Hoe was het?")
    assert len(said(transcript)) == 4
    assert told(transcript).split() == heading.split()
    assert any("kept as a heading, not coded" in note for note in transcript.notes)


def test_pairs_of_turns_that_blank_lines_part_are_speech(read):
    text = "I: Hallo\nR: ja\n\nI: Hoe was het?\nR: Goed hoor.\n\nI: Mooi.\nR: Ja.\n"

    assert said(read(text))[:2] == [("I", "Hallo"), ("R", "ja")]


@pytest.mark.parametrize(
    "day",
    ["August 10, 2026, 11:28AM", "15 August 2026, 06:07pm", "15 augustus 2026, 18:07"],
)
@pytest.mark.parametrize("length", [(), ("32m 13s",)])
def test_day_above_a_teams_document_is_a_heading(read, day, length):
    top = ("Call-20260810_165833-Meeting Recording", day, *length)

    transcript = read(word(*top, "Anna Bos   0:00\nHoe?", "Pim   0:05\nGoed.",
                           "Anna Bos   0:09\nFijn."), "a.docx")  # fmt: skip

    assert said(transcript) == [("Anna Bos", "Hoe?"), ("Pim", "Goed."), ("Anna Bos", "Fijn.")]
    assert told(transcript).split("\n") == list(top)


def test_facts_between_blank_paragraphs_of_word_are_a_heading(read):
    content = word("Interviewer: Sanne Bakker", "Moeder: Fatima (34)", "",
                   *TALK.format("Interviewer", "Moeder").splitlines())  # fmt: skip

    transcript = read(content, "a.docx")

    assert len(said(transcript)) == 4
    assert "Fatima" in told(transcript)


def test_closing_line_of_google_meet_is_no_speech(read):
    text = f"{TALK.format('Anna Bos', 'Pim Kok')}Meeting ended after 00:45:12 👋\n"

    transcript = read(text)

    assert said(transcript)[-1] == ("Pim Kok", "Ja.")
    assert "put in by the program" in transcript.notes[-1]
