"""Facts about the JSON of speech recognisers; every text here is synthetic."""

import json

import pytest


def said(transcript):
    return [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in transcript.turns]


def segments(*found):
    return json.dumps({"segments": list(found), "language": "nl"})


def segment(text, start=0, end=1, **more):
    return {"start": start, "end": end, "text": text, **more}


def test_segments_of_one_speaker_are_one_turn(read):
    text = segments(segment(" Hoe", 0.5, 1, speaker="SPEAKER_00"),
                    segment(" ging het?", 1, 2.25, speaker="SPEAKER_00"),
                    segment(" Goed.", 2.5, 3, speaker="SPEAKER_01"))  # fmt: skip

    assert said(read(text, "a.json")) == [
        ("SPEAKER_00", "Hoe ging het?", 500, 2250),
        ("SPEAKER_01", "Goed.", 2500, 3000)]  # fmt: skip


def test_segment_without_a_speaker_has_none_and_is_told(read):
    text = segments(segment("Ja", speaker="S0"), segment("hm"), segment("Nee", speaker="S0"))

    transcript = read(text, "a.json")

    assert [turn.speaker for turn in transcript.turns] == ["S0", "", "S0"]
    assert transcript.notes == ("segment 2: no speaker is named there; say who speaks",)


def test_segments_without_any_speaker_are_one_turn(read):
    transcript = read(segments(segment("Ja", 0, 1), segment("nee", 1, 2)), "a.json")

    assert said(transcript) == [("", "Ja nee", 0, 2000)]
    assert "no speakers are named" in transcript.notes[0]


@pytest.mark.parametrize(
    "times",
    [
        {"offsets": {"from": 0, "to": 1200}},
        {"timestamps": {"from": "00:00:00,000", "to": "00:00:01,200"}},
    ],
)
def test_whisper_cpp_is_read(read, times):
    transcript = read(json.dumps({"transcription": [{**times, "text": " Ja"}]}), "a.json")

    assert said(transcript) == [("", "Ja", 0, 1200)]


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: {"result": {"segments": s}}])
def test_bare_list_and_wrapped_segments_are_read(read, wrap):
    assert said(read(json.dumps(wrap([segment("Ja")])), "a.json")) == [("", "Ja", 0, 1000)]


def test_words_stand_in_for_a_missing_text(read):
    words = {"start": "1.5", "end": 2, "words": [{"word": " Ja"}, {"text": "nee"}, {"x": 1}, 5]}

    assert said(read(segments(words), "a.json")) == [("", "Ja nee", 1500, 2000)]


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-1", "true", "null", '"ooit"', "9" * 5000])
def test_time_that_is_none_is_left_out_and_told(read, bad):
    transcript = read(f'{{"segments": [{{"start": {bad}, "text": "Ja"}}]}}', "a.json")

    assert said(transcript) == [("", "Ja", None, None)]
    assert "segment 1: no time could be read" in transcript.notes


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "line 1: this is not JSON"), ("{}", "no transcript was found"), ("[1]", "no transcript"),
     ('{"text": "synthetisch"}', "no transcript"), (segments(), "list of segments is empty"),
     (segments(segment("")), "1 segment and no words"), (segments(5, segment("a"), {"text": 1}),
     "segments 1 and 3: no text"), (segments({"start": 1}), "segment 1: no text")],
)  # fmt: skip
def test_other_json_is_refused(refuse, text, told):
    line = refuse(text, "a.json")

    assert told in line
    assert "synthetisch" not in line


def test_half_a_character_is_replaced(read):
    text = '{"segments": [{"text": "Een \\ud83d", "speaker": "A\\ud83d", "start": 1}]}'

    (turn,) = read(text, "a.json").turns

    assert (turn.speaker, turn.text) == ("A\ufffd", "Een \ufffd")


def test_times_of_words_are_those_of_a_segment_without(read):
    words = [{"text": "Hoe", "start": 0.1, "end": 0.4}, {"text": "dan", "start": 0.5, "end": 0.8}]
    text = json.dumps({"segments": [{"words": words}]})

    (turn,) = read(text, "a.json").turns

    assert (turn.text, turn.start_ms, turn.end_ms) == ("Hoe dan", 100, 800)
