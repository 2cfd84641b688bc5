"""Facts about which labels of a whole file are speakers; every text here is synthetic."""

import itertools

import pytest

from tests.pipeline.transcripts.samples import word

ONE, TWO, THREE, FOUR = "Een?", "Ik zei: nee.", "Drie?", "Vier."


def said(transcript):
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.is_speech]


def talk(form, one, other):
    speakers = itertools.cycle((one, other))
    return "".join(form.format(next(speakers), text) for text in (ONE, TWO, THREE, FOUR))


def turns(one, other):
    return [(one, ONE), (other, TWO), (one, THREE), (other, FOUR)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("SB", "JA"), ("I", "U"), ("I", "AD"), ("I", "MA"), ("WE", "HE"), ("Tim", "Zo"),
     ("Juf", "School"), ("Thema", "Tom"), ("Kind", "Deel"), ("Datum", "I"), ("Ten Have", "Ja")],
)  # fmt: skip
def test_common_word_that_takes_turns_is_a_speaker(read, one, other):
    assert said(read(talk("{}: {}\n", one, other))) == turns(one, other)


def test_common_word_that_is_a_speaker_is_told(read):
    notes = read(talk("{}: {}\n", "SB", "JA")).notes

    assert any(note.startswith("lines 2 and 4: a label that occurs seldom") for note in notes)


def test_parents_called_pa_and_ma_are_speakers(read):
    lines = [("I", "Wie?"), ("Pa", "Ik."), ("Ma", "Nee."), ("Pa", "Toch."), ("Ma", "Ja."),
             ("I", "Oké."), ("Ma", "Dag.")]  # fmt: skip

    assert said(read("".join(f"{name}: {text}\n" for name, text in lines))) == lines


def test_word_that_opens_sentences_between_two_speakers_is_none(read):
    text = "I: Een?\nP: Twee.\nDus: zo.\nI: Drie?\nP: Vier.\nDus: weer.\n"

    assert {speaker for speaker, _ in said(read(text))} == {"I", "P"}


@pytest.mark.parametrize(
    "form",
    ["{} - {}\n", "{} – {}\n", "{}. {}\n", "{}  {}\n", "{}\t{}\n", "[{}] {}\n", "({}) {}\n",
     "{}> {}\n"],
)  # fmt: skip
def test_colon_in_what_is_said_hides_no_label(read, form):
    assert said(read(talk(form, "I", "R"))) == turns("I", "R")


@pytest.mark.parametrize("form", ["{} – {}\n", "{} - {}\n", "{}  {}\n", "{}\n{}\n\n"])
def test_colon_in_what_is_said_hides_no_word_for_a_part(read, form):
    assert said(read(talk(form, "Interviewer", "Moeder"))) == turns("Interviewer", "Moeder")


def test_colon_in_what_is_said_hides_no_bold_label(read):
    content = word(*(([(name, True), (f" {text}", False)]) for name, text in turns("Sanne", "Pim")))

    assert said(read(content, "a.docx")) == turns("Sanne", "Pim")


def test_bold_by_a_style_is_bold(read):
    style = b'<w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr>'
    content = word(
        *(([(name, True), (f" {text}", False)]) for name, text in turns("Sanne", "Pim")),
        change=lambda xml: xml.replace(b"<w:r><w:rPr><w:b/></w:rPr>", style),
    )

    assert said(read(content, "a.docx")) == turns("Sanne", "Pim")


def test_numbers_of_lines_stand_before_no_words(read):
    text = "".join(f"{n}\t{a}\t{b}\n" for n, (a, b) in enumerate(turns("I", "R"), start=1))

    assert said(read(text)) == turns("I", "R")


def test_colon_in_what_is_said_leaves_name_and_time_above_it(read):
    text = "".join(
        f"{name}\n0:0{n}\n{text}\n\n" for n, (name, text) in enumerate(turns("Sanne", "Fatima"))
    )

    transcript = read(text)

    assert said(transcript) == turns("Sanne", "Fatima")
    assert [turn.start_ms for turn in transcript.turns] == [0, 1000, 2000, 3000]


@pytest.mark.parametrize(
    "line",
    ["Inderdaad [00:05:12]", "Mhm [00:05:12]", "Ongeveer 10:30\nOngeveer 11:30", "11:30 Kees",
     "Om 10:30: eten", "Toen ik 10:30: x", "<Naam> kwam thuis", "<PERSOON-1> kwam thuis",
     "[Naam]: kwam thuis", "Inderdaad [00:05:12]\nen toen"],
)  # fmt: skip
def test_time_or_brackets_once_make_no_speaker_of_a_word(read, line):
    text = talk("{}: {}\n", "Interviewer", "Moeder")

    assert said(read(f"{text}{line}\n{text}"))[3] == ("Moeder", f"{FOUR}\n{line}")


def test_name_with_a_time_that_says_nothing_keeps_its_line(read):
    text = "Anna  0:03\nHoe?\n\nBram  0:05\nGoed.\nOngeveer  10:30\n\nAnna  0:09\nFijn.\n"

    assert said(read(text))[1] == ("Bram", "Goed.\nOngeveer  10:30")


def test_names_in_small_letters_beside_times_are_speakers(read):
    text = "anna  0:00\nHoi.\n\npiet  0:05\nIk zei: dag.\n\nanna  0:09\nJa.\n\npiet  0:19\nO.\n"

    assert said(read(text)) == [
        ("anna", "Hoi."), ("piet", "Ik zei: dag."), ("anna", "Ja."), ("piet", "O.")]  # fmt: skip


@pytest.mark.parametrize("label", ["Moeder en vader", "?", "R1/R2", "Opa", "A"])
def test_label_that_occurs_once_speaks_and_is_told(read, label):
    text = talk("{}: {}\n", "I", "R1")

    transcript = read(f"{text}{label}: Samen.\nI: Ja.\n")

    assert said(transcript)[4] == (label, "Samen.")
    assert any(note.startswith("line 5: a label that occurs seldom") for note in transcript.notes)


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200e", "\u200f", "\u2060", "\u00ad", "\ufeff"], ids=ascii
)
def test_characters_that_nobody_sees_make_no_other_speaker(read, unseen):
    text = f"I: Een?\n{unseen}R{unseen}: Twee.\n{unseen}I: Drie?\nR: Vier.\n"

    assert [speaker for speaker, _ in said(read(text))] == ["I", "R", "I", "R"]


@pytest.mark.parametrize("form", ["[00.01.12] {}: {}\n", "{} (01.12): {}\n", "{}: [00.01.12] {}\n"])
def test_times_with_dots_are_read(read, form):
    transcript = read(talk(form, "I", "R"))

    assert said(transcript) == turns("I", "R")
    assert {turn.start_ms for turn in transcript.turns} == {72_000}


def test_day_with_dots_is_no_time(read):
    assert said(read("I: Wanneer?\nR: Toen.\n12.03.24\nI: O.\n"))[1] == ("R", "Toen.\n12.03.24")


def test_labels_in_one_line_are_told(read):
    notes = read("I: Een? R: Twee.\nR: Drie.\nI: Ja.\n").notes

    assert any(note.startswith("line 1: a speaker's label stands within") for note in notes)


def test_pages_are_numbered_by_nobody(read):
    text = talk("{}: {}\n", "I", "R")

    transcript = read(f"{text}Pagina 1 van 4\n\f2\n{text}")

    assert said(transcript) == turns("I", "R") * 2
    assert any(note.startswith("lines 5 and 7: put in by") for note in transcript.notes)


def test_dashes_and_closing_times_of_atrain_are_no_words(read):
    text = (
        "SPEAKER_00\n[00:00:00] - Hallo.\n[00:00:03] - Hoe?\n\n"
        "SPEAKER_01\n[00:00:05] - [00:00:06] Goed.\n\nSPEAKER_00\n[00:00:09] - Mooi.\n"
    )

    transcript = read(text)

    assert said(transcript) == [
        ("SPEAKER_00", "Hallo.\nHoe?"),
        ("SPEAKER_01", "Goed."),
        ("SPEAKER_00", "Mooi."),
    ]
    assert [turn.start_ms for turn in transcript.turns] == [0, 5000, 9000]


def test_table_of_nvivo_is_read_by_its_columns(read):
    rows = "1\t0:00,0 - 0:05,0\tHoe?\tI\n2\t0:05,0 - 0:09,0\tGoed.\tR\n"

    assert said(read(f"\tTimespan\tContent\tSpeaker\n{rows}")) == [("I", "Hoe?"), ("R", "Goed.")]


def test_things_that_are_counted_with_letters_are_no_speakers(read):
    text = "A. Eerst dit.\nB. Dan dat.\nC. En zo.\n\nVerhaal.\n\nA. Weer.\nB. Nog.\n"

    assert {speaker for speaker, _ in said(read(text))} == {""}


def test_words_that_are_lines_of_their_own_do_not_outweigh_labels(read):
    text = "Interviewer: Hoe?\n\n" + "Inderdaad\n\nAbsoluut\n\n" * 4 + "Moeder: Ja.\n"

    assert [speaker for speaker, _ in said(read(text))] == ["Interviewer", "Moeder"]
