"""Facts about transcripts in plain text; every text here is synthetic."""

import pytest


def said(transcript):
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.is_speech]


HOW, WELL, FINE = "Hoe ging het?", "Goed, (lacht) zei ik.", "Fijn."


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (f"Anna: {HOW}\nBram: {WELL}\nAnna: {FINE}\n", ("Anna", "Bram")),
        (f"Anna:\t{HOW}\nBram:\t{WELL}\nAnna:\t{FINE}\n", ("Anna", "Bram")),
        (f"ANNA: {HOW}\nBRAM: {WELL}\nANNA: {FINE}\n", ("ANNA", "BRAM")),
        (f"I: {HOW}\nP: {WELL}\nI: {FINE}\n", ("I", "P")),
        (f"I:{HOW}\nR1:{WELL}\nI:{FINE}\n", ("I", "R1")),
        (f"INT: {HOW}\nR1: {WELL}\nINT: {FINE}\n", ("INT", "R1")),
        (f"i: {HOW}\np: {WELL}\ni: {FINE}\np: \n", ("i", "p")),
        (f"Q. {HOW}\nA. {WELL}\nQ. {FINE}\n", ("Q", "A")),
        (f"Q: {HOW}\nA: {WELL}\nQ: {FINE}\n", ("Q", "A")),
        (f"Vraag: {HOW}\nAntwoord: {WELL}\nVraag: {FINE}\n", ("Vraag", "Antwoord")),
        (f"M: {HOW}\nV: {WELL}\nM: {FINE}\n", ("M", "V")),
        (f"Onderzoeker: {HOW}\nVader: {WELL}\nOnderzoeker: {FINE}\n", ("Onderzoeker", "Vader")),
        (f"[Anna]: {HOW}\n[Bram]: {WELL}\n[Anna]: {FINE}\n", ("Anna", "Bram")),
        (f"<Anna> {HOW}\n<Bram> {WELL}\n<Anna> {FINE}\n", ("Anna", "Bram")),
        (f"**Anna:** {HOW}\n**Bram**: {WELL}\n**Anna:** {FINE}\n", ("Anna", "Bram")),
        (f"Anna:\n{HOW}\n\nBram:\n{WELL}\n\nAnna:\n{FINE}\n", ("Anna", "Bram")),
        (f"ANNA\n{HOW}\n\nBRAM\n{WELL}\n\nANNA\n{FINE}\n\nBRAM\n\n", ("ANNA", "BRAM")),
        (f"Moeder\n{HOW}\n\nVader\n{WELL}\n\nMoeder\n{FINE}\n", ("Moeder", "Vader")),
        (f"I\t{HOW}\nP\t{WELL}\nI\t{FINE}\n", ("I", "P")),
        (f"Vader - {HOW}\nMoeder - {WELL}\nVader - {FINE}\n", ("Vader", "Moeder")),
        (f"- Anna: {HOW}\n- Bram: {WELL}\n- Anna: {FINE}\n", ("Anna", "Bram")),
        (f"1 I: {HOW}\n2 P: {WELL}\n3 I: {FINE}\n", ("I", "P")),
        (f"[SPEAKER_00]: {HOW}\n[SPEAKER_01]: {WELL}\n[SPEAKER_00]: {FINE}\n",
         ("SPEAKER_00", "SPEAKER_01")),
        (f"Spreker A: {HOW}\nSpreker B: {WELL}\nSpreker A: {FINE}\n", ("Spreker A", "Spreker B")),
        (f"anna bos: {HOW}\nbram: {WELL}\nanna bos: {FINE}\n" + "anna bos:\nbram:\n" * 3,
         ("anna bos", "bram")),
        (f"Speaker 1 (vrouw, 34): {HOW}\nSpeaker 2: {WELL}\nSpeaker 1 (vrouw, 34): {FINE}\n",
         ("Speaker 1 (vrouw, 34)", "Speaker 2")),
        (f"Anna de Vries: {HOW}\nJ. van 't Hof: {WELL}\nAnna de Vries: {FINE}\n",
         ("Anna de Vries", "J. van 't Hof")),
        (f"\ufeffAnna: {HOW}\r\nBram: {WELL}\rAnna: {FINE}\u2028", ("Anna", "Bram")),
    ],
)  # fmt: skip
def test_style_of_labels_is_read(read, text, speakers):
    one, other = speakers

    assert said(read(text)) == [(one, HOW), (other, WELL), (one, FINE)]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        (f"Anna  00:03\n{HOW}\n\nBram Bos  1:00:05\n{WELL}\n", (3000, 3_605_000)),
        (f"Anna (00:00:03): {HOW}\nBram Bos (01:00:05): {WELL}\n", (3000, 3_605_000)),
        (f"Anna (00:03):\n{HOW}\n\nBram Bos (1:00:05):\n{WELL}\n", (3000, 3_605_000)),
        (f"Anna: [00:00:03] {HOW}\nBram Bos: [01:00:05] {WELL}\n", (3000, 3_605_000)),
        (f"[00:00:03.00] Anna: {HOW}\n[01:00:05.00] Bram Bos: {WELL}\n", (3000, 3_605_000)),
        (f"00:00:03 Anna: {HOW}\n01:00:05 Bram Bos: {WELL}\n", (3000, 3_605_000)),
        (f"00:00:03\tAnna\t{HOW}\n01:00:05\tBram Bos\t{WELL}\n", (3000, 3_605_000)),
        (f"Anna\t00:00:03\t{HOW}\nBram Bos\t01:00:05\t{WELL}\n", (3000, 3_605_000)),
        (f"00:00:03\nAnna: {HOW}\n\n01:00:05\nBram Bos:\n{WELL}\n", (3000, 3_605_000)),
        (f"Anna\n0:03\n{HOW}\n\nBram Bos\n1:00:05\n{WELL}\n", (3000, 3_605_000)),
        (f"[Anna] 00:00:03\n{HOW}\n\n[Bram Bos] 01:00:05\n{WELL}\n", (3000, 3_605_000)),
        (f"#00:00:03-0# Anna: {HOW}\n#01:00:05-0# Bram Bos: {WELL}\n", (3000, 3_605_000)),
        (f"[00:00:03 --> 01:00:04] Anna: {HOW}\n"
         f"[01:00:05 --> 01:00:06] Bram Bos: {WELL}\n",
         (3000, 3_605_000)),
        (f"**Anna** (00:03): {HOW}\n**Bram Bos** (1:00:05): {WELL}\n", (3000, 3_605_000)),
        (f"Anna: (00:03)\n{HOW}\n\nBram Bos: (1:00:05)\n{WELL}\n", (3000, 3_605_000)),
        (f"[00:00:03] Anna\n{HOW}\n\n[01:00:05] Bram Bos\n{WELL}\n\n[01:00:05] Anna\n\n"
         "[01:00:05] Bram Bos\n", (3000, 3_605_000)),
        (f"Anna 00:00:03: {HOW}\nBram Bos 01:00:05: {WELL}\n", (3000, 3_605_000)),
    ],
)  # fmt: skip
def test_times_beside_labels_are_read(read, text, starts):
    transcript = read(text)

    assert said(transcript) == [("Anna", HOW), ("Bram Bos", WELL)]
    assert tuple(turn.start_ms for turn in transcript.turns) == starts


@pytest.mark.parametrize(
    "line",
    ["Toen zei ze: kom maar.", "One thing: I never went.", "Nou: dat was het.", "Let op: niet.",
     "Zie https://voorbeeld.example/pad", "Om 10:30 gingen we.", "10:30 gingen we weg", "Ja :)",
     "En toen dacht ik het volgende:", "Hij zei (10:30) nog iets", "[lacht] nou ja: zo",
     "Bijvoorbeeld: brood", "Toen was het  10:30", "Deel 2: school", "Ja, dat  10:30",
     "We waren er om 10:30"],
)  # fmt: skip
def test_line_of_running_speech_with_a_colon_is_no_label(read, line):
    text = f"I: {HOW}\nP: {WELL}\n{line}\nI: {FINE}\nP: Ja.\nNog iets.\nEn meer.\n"

    assert said(read(text))[1] == ("P", f"{WELL}\n{line}")


def test_sentence_opening_that_recurs_is_no_label(read):
    text = (
        f"I: {HOW}\nP: {WELL}\nToen zei ze: kom.\nI: Ja?\nP: Ja.\nToen zei ze: ga.\nDus: weg.\n" * 3
    )

    assert {speaker for speaker, _ in said(read(text))} == {"I", "P"}


def test_name_that_occurs_once_stays_in_the_turn_and_is_told(read):
    text = f"I: {HOW}\nen zo\nP: {WELL}\nKarel: wie weet.\nnog wat\nmeer\nI: {FINE}\n"

    transcript = read(text)

    assert said(transcript)[1][1] == f"{WELL}\nKarel: wie weet.\nnog wat\nmeer"
    assert [note for note in transcript.notes if note.startswith("line 4: begins like")]
    assert "Karel" not in " ".join(transcript.notes)


def test_name_that_occurs_once_among_lines_that_all_have_labels_speaks(read):
    text = f"Anna: {HOW}\nBram: {WELL}\nAnna: {FINE}\nBram: Ja.\nCarla: Even storen.\n"

    transcript = read(text)

    assert said(transcript)[-1] == ("Carla", "Even storen.")
    (note,) = transcript.notes
    assert note.startswith("line 5: a label that occurs seldom")


def test_words_that_word_puts_above_turns_are_read(read):
    top = "Audio file\ntalk.mp3\n\nTranscript\n\n"

    transcript = read(f"{top}00:00:04 Speaker 1\n{HOW}\n\n00:00:09 Speaker 2\n{WELL}\n")

    assert said(transcript) == [("Speaker 1", HOW), ("Speaker 2", WELL)]
    assert [turn.start_ms for turn in transcript.turns] == [None, 4000, 9000]


def test_lines_before_the_first_label_are_a_heading(read):
    transcript = read(f"Gesprek 7\nsynthetisch\n\nI: {HOW}\nP: {WELL}\n")

    heading = transcript.turns[0]

    assert (heading.text, heading.is_speech, heading.place) == (
        "Gesprek 7\nsynthetisch", False, "line 1")  # fmt: skip
    assert transcript.notes == (
        "lines 1–2 stand before the first speaker label: kept as a heading, not coded",
    )


@pytest.mark.parametrize(
    "facts",
    ["Datum: 3 mei 2024\nInterviewer: Anna de Vries\nRespondent: P7\n\n",
     "Interviewer: Anna de Vries\nDatum: 3 mei 2024\nRespondent: P7\n",
     "Interviewer: Anna de Vries\nRespondent: P7\n\n"],
)  # fmt: skip
def test_facts_about_the_interview_are_a_heading(read, facts):
    transcript = read(f"{facts}I: {HOW}\nP: {WELL}\nI: {FINE}\nP: Ja.\n")

    assert transcript.turns[0].text == facts.strip()
    assert said(transcript)[0] == ("I", HOW)


def test_label_of_a_fact_may_be_a_speaker_too(read):
    text = f"Datum: 3 mei\nInterviewer: Anna\nMoeder: P7\nInterviewer: {HOW}\nMoeder: {WELL}\n"

    assert said(read(text)) == [("Interviewer", HOW), ("Moeder", WELL)]


def test_text_without_labels_has_a_turn_per_paragraph(read):
    transcript = read("Een verhaal,\nverzonnen: zo.\n\nNog een alinea.\n")

    assert said(transcript) == [("", "Een verhaal,\nverzonnen: zo."), ("", "Nog een alinea.")]
    assert "no speaker labels were found" in transcript.notes[0]


def test_text_without_labels_and_blank_lines_has_a_turn_per_line(read):
    assert said(read("Een.\nTwee.\n")) == [("", "Een."), ("", "Twee.")]


def test_lines_that_all_begin_with_a_time_keep_it_as_time(read):
    transcript = read("00:00:01 Een.\n00:00:05 Twee.\n[00:00:09] Drie.\n")

    assert [(t.text, t.start_ms) for t in transcript.turns] == [
        ("Een.", 1000), ("Twee.", 5000), ("Drie.", 9000)]  # fmt: skip


def test_label_late_in_a_running_text_does_not_make_the_rest_a_heading(read):
    transcript = read("Een verhaal.\n\nDat duurt.\n\nEn duurt.\n\nMoeder: kom.\n")

    assert all(turn.is_speech for turn in transcript.turns)


def test_time_that_is_all_somebody_says_is_kept(read):
    text = f"I: {HOW}\nP:\n10:30\nI: {FINE}\nP: Ja.\n"

    assert said(read(text))[1] == ("P", "10:30")


def test_time_at_the_end_of_a_turn_is_its_end(read):
    transcript = read(f"I: {HOW} #00:00:05-1#\nB: {WELL} #00:00:12-5#\nI: {FINE}\n")

    assert said(transcript)[:2] == [("I", HOW), ("B", WELL)]
    assert [turn.end_ms for turn in transcript.turns] == [5100, 12500, None]


def test_times_of_a_clock_are_left_out_and_told(read):
    transcript = read(f"[Anna] 10:02:13\n{HOW}\n\n[Bram] 10:02:20\n{WELL}\n")

    assert said(transcript) == [("Anna", HOW), ("Bram", WELL)]
    assert {turn.start_ms for turn in transcript.turns} == {None}
    assert any("those of a clock" in note for note in transcript.notes)


def test_turns_of_one_speaker_in_a_row_are_one(read):
    transcript = read(f"[00:01] I: {HOW}\n[00:02] I: En?\n[00:09] P: {WELL}\n[00:15] meer\n")

    assert said(transcript) == [("I", f"{HOW}\nEn?"), ("P", f"{WELL}\nmeer")]
    assert [turn.start_ms for turn in transcript.turns] == [1000, 9000]


def test_overlaps_and_pauses_of_noscribe_stay(read):
    text = "S01: [00:00:12] Dag. (..) //S02: Ja. // En [00:00:30] verder.\n\nS00: [00:00:36] (.)\n"

    transcript = read(text)

    assert said(transcript) == [
        ("S01", "Dag. (..) //S02: Ja. // En [00:00:30] verder."), ("S00", "(.)")]  # fmt: skip


def test_otters_footer_is_not_spoken(read):
    transcript = read(
        f"Anna  0:03\n{HOW}\n\nBram  0:05\n{WELL}\n\nTranscribed by https://otter.ai\n"
    )

    assert said(transcript)[-1] == ("Bram", WELL)
    assert transcript.turns[-1].is_speech is False


def test_text_is_normalised_to_nfc(read):
    assert said(read("I: Cafe\u0301?\nP: Ja.\n"))[0] == ("I", "Café?")


def test_label_keeps_the_case_of_the_file(read):
    assert [s for s, _ in said(read("INT: Ja?\nmoeder: Nee.\nINT: O.\nmoeder: Ja.\n"))] == [
        "INT", "moeder", "INT", "moeder"]  # fmt: skip


def test_first_short_answers_are_no_facts_about_the_interview(read):
    text = "Interviewer: ja 3\nVader: ja 4\nMoeder: goed\nMoeder: nee\n"

    assert said(read(text))[0] == ("Interviewer", "ja 3")


def test_file_of_facts_alone_is_read_as_turns(read):
    assert [s for s, _ in said(read("Interviewer: Anna\nMoeder: P7\n"))] == [
        "Interviewer",
        "Moeder",
    ]


def test_heading_within_the_talk_is_told(read):
    transcript = read(f"I: {HOW}\nP: {WELL}\nThema 2: Thuis\nI: En?\nP: Ja.\nzo\n")

    assert any(note.startswith("line 3: begins like") for note in transcript.notes)


def test_words_in_angles_and_links_are_no_labels(read):
    text = f"I: {HOW}\nP: {WELL}\n<b>\n</i> zo\nhttp://voorbeeld.example\nI: {FINE}\n"

    assert said(read(text))[1] == ("P", f"{WELL}\n<b>\n</i> zo\nhttp://voorbeeld.example")


def test_paragraphs_keep_their_times_and_markers(read):
    transcript = read("\n[00:01]\n\nEen verhaal #00:00:09-0#\n\nAnna stopped transcription\n\n\n")

    assert [(t.text, t.start_ms, t.end_ms, t.is_speech) for t in transcript.turns] == [
        ("Een verhaal", 1000, 9000, True),
        ("Anna stopped transcription", None, None, False),
    ]


def test_text_of_markers_alone_is_refused(refuse):
    assert "no speech was found" in refuse("Anna started transcription\n")


def test_clock_with_am_or_pm_is_no_time_from_the_start(read):
    transcript = read(f"Anna  1:02 PM\n{HOW}\n\nBram  1:05 PM\n{WELL}\n")

    assert said(transcript) == [("Anna", HOW), ("Bram", WELL)]
    assert {turn.start_ms for turn in transcript.turns} == {None}


def test_somebody_who_tells_of_a_recording_is_heard(read):
    text = f"I: {HOW}\nP: {WELL}\nEn toen she started recording\nAnna Bos stopped transcription\n"

    transcript = read(text)

    assert said(transcript)[1] == ("P", f"{WELL}\nEn toen she started recording")
    assert transcript.turns[-1].is_speech is False
