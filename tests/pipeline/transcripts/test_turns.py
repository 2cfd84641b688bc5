"""Facts about turns; every word is synthetic."""

from pipeline.transcripts.records import ReadTurn
from pipeline.transcripts.turns import set_remarks_apart


def turn(speaker, text):
    return ReadTurn(speaker, text, "cue 1")


def test_remark_that_has_no_speaker_is_no_speech_where_others_have_one():
    turns = [turn("", "(3 seconds pause)"), turn("S01", "(laughs)"), turn("", "[door] (pause)")]

    assert [each.is_speech for each in set_remarks_apart(turns)] == [False, True, False]


def test_words_without_a_speaker_stay_speech():
    turns = [turn("S01", "Synthetic."), turn("", "(pause) and then")]

    assert [each.is_speech for each in set_remarks_apart(turns)] == [True, True]


def test_file_that_names_nobody_has_no_remarks_apart():
    turns = [turn("", "(pause)")]

    assert set_remarks_apart(turns) == tuple(turns)
