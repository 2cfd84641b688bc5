"""Facts about captions, .vtt and .srt; every text here is synthetic."""

import io

import pytest
import webvtt

from pipeline.transcripts.captions import read_cues
from tests.pipeline.transcripts.samples import SAMPLES


def said(transcript):
    return [(turn.speaker, turn.text) for turn in transcript.turns]


def vtt(*cues, header="WEBVTT"):
    times = [f"00:00:{n:02d}.000 --> 00:00:{n + 1:02d}.000" for n in range(len(cues))]
    blocks = [f"{time}\n{cue}\n" for time, cue in zip(times, cues, strict=True)]
    return f"{header}\n\n" + "\n".join(blocks)


def test_cues_of_one_speaker_are_one_turn_from_first_start_to_last_end(read):
    transcript = read(vtt("Anna: Hoe", "ging het?", "Bram: Goed.", "Anna: Fijn."), "a.vtt")

    assert said(transcript) == [("Anna", "Hoe ging het?"), ("Bram", "Goed."), ("Anna", "Fijn.")]
    assert [(t.start_ms, t.end_ms, t.place) for t in transcript.turns] == [
        (0, 2000, "cue 1"), (2000, 3000, "cue 3"), (3000, 4000, "cue 4")]  # fmt: skip


def test_times_without_padding_and_voices_are_read(read):
    text = "WEBVTT\n\n0:0:0.0 --> 0:0:0.570\n<v Anna Bos>Dag &amp; <i>hoi</i>.</v>\n\n" + (
        "0:0:0.210 --> 0:1:1.130\n<v.loud Bram>Ja.</v> hm <v Anna Bos>Nee.</v>\n")  # fmt: skip

    transcript = read(text, "a.vtt")

    assert said(transcript) == [
        ("Anna Bos", "Dag & hoi."), ("Bram", "Ja. hm"), ("Anna Bos", "Nee.")]  # fmt: skip
    assert transcript.turns[1].start_ms == 210
    assert transcript.turns[1].end_ms == 61_130


def test_voice_that_runs_over_lines_is_one(read):
    assert said(read(vtt("<v Anna>Hoe\nging het?</v>", "<v Bram>Ja.</v>"), "a.vtt"))[0] == (
        "Anna", "Hoe ging het?")  # fmt: skip


def test_cue_before_any_speaker_has_none(read):
    assert said(read(vtt("(12 seconden stilte)", "<v S01>Dag."), "a.vtt")) == [
        ("", "(12 seconden stilte)"), ("S01", "Dag.")]  # fmt: skip


def test_slashes_that_noscribe_puts_before_a_voice_are_no_name(read):
    assert said(read(vtt("<v S01>Dag.", "<v //S02>Ja."), "a.vtt"))[1] == ("S02", "Ja.")


def test_comments_styles_regions_identifiers_and_settings_are_no_speech(read):
    text = (
        "\ufeffWEBVTT - Gesprek\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\n"
        "NOTE een opmerking\nover regels\n\nintro-1\n"
        "00:01.000 --> 00:02.000 align:start position:0%\n- <c.geel>Dag</c> <b>daar</b>\n\n"
        "NOTE\nnog een\n\n00:03.000 --> 00:04.000\nNOTE hoort erbij\n"
    )

    transcript = read(text, "a.vtt")

    assert said(transcript) == [("", "- Dag daar NOTE hoort erbij")]
    assert "left out: 4 blocks of comments or styles" in transcript.notes


def test_srt_without_blank_lines_or_hours_keeps_every_word(read):
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n[SPEAKER_00]: een\n2\n00:00:02,5 --> 00:00:03,000\n"
        "[SPEAKER_01]: twee --> drie\n\nvier\n\n3\n00:03 --> 00:04\n{\\an8}vijf\n"
    )

    assert said(read(text, "a.srt")) == [
        ("SPEAKER_00", "een"), ("SPEAKER_01", "twee --> drie vier vijf")]  # fmt: skip


def test_number_that_is_said_is_kept(read):
    text = "1\n00:01,000 --> 00:02,000\n112\n\n2\n00:02,000 --> 00:03,000\nbellen\n"

    assert said(read(text, "a.srt")) == [("", "112 bellen")]


def test_cue_whose_time_cannot_be_read_keeps_its_words_and_is_told(read):
    transcript = read("WEBVTT\n\n00:01 --> ?\neen\n\n00:02.000 --> 00:03.000\ntwee\n", "a.vtt")

    assert said(transcript) == [("", "een twee")]
    assert "cue 1: the times could not be read; the words are kept" in transcript.notes


def test_overlapping_cues_stay_in_the_order_of_the_file(read):
    long, short = "00:05.000 --> 00:09.000\n<v A>lang</v>", "00:06.000 --> 00:07.000\n<v A>kort</v>"
    text = f"WEBVTT\n\n{long}\n\n{short}\n"

    (turn,) = read(text, "a.vtt").turns

    assert (turn.text, turn.start_ms, turn.end_ms) == ("lang kort", 5000, 9000)


def test_rolling_captions_are_read_once_and_told(read):
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\neen\n\n00:02.000 --> 00:02.010\neen\n\n"
        "00:02.010 --> 00:03.000\neen\ntwee<00:02.500><c> drie</c>\n\n"
        "00:03.000 --> 00:03.010\ntwee drie\n\n00:03.010 --> 00:04.000\ntwee drie\nja\n\n"
        "00:04.000 --> 00:05.000\nja\nja\n"
    )

    transcript = read(text, "a.vtt")

    assert said(transcript) == [("", "een twee drie ja ja")]
    assert "dropped, since rolling captions show them twice: 5 lines" in transcript.notes


def test_what_is_said_twice_in_plain_captions_stays(read):
    assert said(read(vtt("ja", "ja", "ja", "nee", "nee"), "a.vtt")) == [("", "ja ja ja nee nee")]


def test_running_speech_with_a_colon_is_no_label(read):
    transcript = read(vtt("<v Anna>Toen zei ze: kom.</v>", "<v Bram>Karel: hoi</v>"), "a.vtt")

    assert said(transcript) == [("Anna", "Toen zei ze: kom."), ("Bram", "Karel: hoi")]


def test_name_once_among_few_labels_is_told(read):
    cues = ("Anna: Hoe?", "Bram: Ja.", "Anna: O.", "Bram: Nee", "en", "zo", "Karel: hm", "meer")

    transcript = read(vtt(*cues), "a.vtt")

    assert said(transcript)[-1] == ("Bram", "Nee en zo Karel: hm meer")
    assert transcript.notes[0].startswith("cue 7: begins like a speaker's label")


def test_name_once_where_each_cue_has_a_label_speaks(read):
    cues = ("Anna: Hoe?", "Bram: Ja.", "Anna: O.", "Bram: Nee.", "Karel: Hm.")

    assert said(read(vtt(*cues), "a.vtt"))[-1] == ("Karel", "Hm.")


@pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\nNOTE niets\n", "gewone tekst"])
def test_file_without_cues_is_refused(refuse, text):
    assert "no captions in it" in refuse(text, "a.vtt")


def test_file_of_cues_without_words_is_refused(refuse):
    assert "1 caption and no words" in refuse("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "a.vtt")


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s[1].endswith((".vtt", ".srt"))],
                         ids=lambda sample: sample[0])  # fmt: skip
def test_cues_are_those_that_webvtt_py_finds(sample):
    _, file, content = sample

    theirs = webvtt.from_buffer(io.StringIO(content), format=file[-3:])
    ours = read_cues(content).cues

    assert [cue.lines for cue in ours] == [tuple(caption.lines) for caption in theirs]
    assert [cue.start_ms for cue in ours] == [
        round(caption.start_in_seconds * 1000) for caption in theirs
    ]


def test_cue_without_a_voice_among_voices_has_no_speaker_and_is_told(read):
    transcript = read(vtt("<v Anna>Dag.</v>", "Ja hoi.", "<v Anna>Fijn.</v>"), "a.vtt")

    assert said(transcript) == [("Anna", "Dag."), ("", "Ja hoi."), ("Anna", "Fijn.")]
    assert "cue 2: no speaker is named there; say who speaks" in transcript.notes


@pytest.mark.parametrize("label", ["kees", "kees@umc.example", "admin 2"])
def test_somebody_who_speaks_once_where_each_cue_has_a_label_speaks(read, label):
    cues = ("Anna Bos: Een?", "Pim: Twee.", "Anna Bos: Drie?", f"{label}: Vier.", "Anna Bos: O.",
            "Pim: Ja.")  # fmt: skip

    transcript = read(vtt(*cues), "a.vtt")

    assert said(transcript)[3] == (label, "Vier.")
    assert any(note.startswith("cue 4: a label that occurs seldom") for note in transcript.notes)


def test_time_in_what_is_said_makes_no_speaker_of_a_cue(read):
    cues = ("Anna: Een?", "Pim: Twee.", "Anna: Nou.", "Pim: Om 10:30: eten.", "Om 11:30: rust.")

    assert said(read(vtt(*cues), "a.vtt"))[-1] == ("Pim", "Om 10:30: eten. Om 11:30: rust.")


def test_labels_in_a_story_without_speakers_are_words_and_told(read):
    cues = ("Moeder: dat ben ik.", "En toen", "Moeder: hou op.", "Kind: nee.", "Ja.", "Zo was het.")

    transcript = read(vtt(*cues), "a.vtt")

    assert said(transcript) == [("", " ".join(cues))]
    assert any(note.startswith("cues 1 and 3–4: begins like") for note in transcript.notes)


def test_names_that_teams_gives_its_cues_are_no_words(read):
    name = "2d1f0c7a-6e0b-4f2f-9c2c-0a1b2c3d4e5f/1{}-0"
    cues = ("<v Anna>Dag.</v>", "<v Pim>Ja.</v>", "<v Anna>O.</v>")
    text = "WEBVTT\n\n" + "".join(
        f"{name.format(n)}\n00:0{n}.000 --> 00:0{n}.900\n{cue}\n" for n, cue in enumerate(cues)
    )

    assert said(read(text, "a.vtt")) == [("Anna", "Dag."), ("Pim", "Ja."), ("Anna", "O.")]
