"""Facts about who says what to whom; every text here is invented."""

import pytest

from study.records import Span, Turn
from study.turns import find_stretches, is_back_channel, question_before

ROLES = {
    "i": "interviewer",
    "j": "interviewer",
    "p": "participant",
    "q": "participant",
    "n": "note",
}


def make_turns(said):
    """Make a text and its turns of (speaker, words); a speaker's letter tells the role."""
    text, turns = "", []
    for speaker, words in said:
        turns.append(Turn(speaker, Span(len(text), len(text) + len(words)), ROLES.get(speaker)))
        text += words + "\n"
    return text, turns


def stretches(*said):
    text, turns = make_turns(said)
    return [
        [text[turn.span.start_char : turn.span.end_char] for turn in stretch]
        for stretch in find_stretches(text, turns)
    ]


@pytest.mark.parametrize("words", ["Hm hm.", "Ja, ja, ja.", "Oké.", "Mm-hmm", "okay, all right"])
def test_listening_is_a_back_channel(words):
    text, (turn,) = make_turns([("i", words)])

    assert is_back_channel(text, turn)


@pytest.mark.parametrize(
    "words", ["Ja?", "Waarom niet", "En daarna", "and then", "Vertel eens wat meer", "WHY"]
)
def test_asking_is_no_back_channel(words):
    text, (turn,) = make_turns([("i", words)])

    assert not is_back_channel(text, turn)


def test_participant_gives_no_back_channel():
    text, (turn,) = make_turns([("p", "Ja.")])

    assert not is_back_channel(text, turn)


def test_back_channel_does_not_end_a_stretch_and_a_question_does():
    found = stretches(
        ("p", "Ze belde."), ("i", "Hm hm."), ("p", "Elke week."), ("i", "Echt?"), ("p", "Ja.")
    )

    assert found == [["Ze belde.", "Elke week."], ["Ja."]]


def test_remark_in_brackets_does_not_end_a_stretch_and_a_heading_does():
    found = stretches(
        ("p", "Nou."), ("n", "[lacht]"), ("p", "Ja."), ("n", "Deel 2"), ("p", "Goed.")
    )

    assert found == [["Nou.", "Ja."], ["Goed."]]


def test_two_participants_are_two_stretches_even_without_a_word_between():
    assert stretches(("p", "Ze belde."), ("q", "Ja."), ("p", "Toch?")) == [
        ["Ze belde."],
        ["Ja."],
        ["Toch?"],
    ]


def test_neither_interviewer_nor_note_is_in_a_stretch():
    assert stretches(("n", "(begin)"), ("i", "Hoe was dat?"), ("p", "Fijn.")) == [["Fijn."]]


def test_words_of_whom_nobody_said_who_they_are_are_kept():
    assert stretches(("i", "Hoe was dat?"), ("x", "Fijn."), ("y", "Oké.")) == [["Fijn."], ["Oké."]]


def test_turn_without_words_neither_counts_nor_parts():
    assert stretches(("p", "Ze"), ("i", ""), ("q", " \t"), ("p", "belde.")) == [["Ze", "belde."]]


def question(said, place):
    """Find the question before the turn in this place."""
    text, turns = make_turns(said)
    span = question_before(text, turns, turns[place].span)
    return span and text[span.start_char : span.end_char]


def test_question_is_what_the_interviewer_said_last():
    said = [("i", "Hoe begon het?"), ("p", "Slecht."), ("i", "En daarna?"), ("p", "Beter.")]

    assert question(said, 1) == "Hoe begon het?"
    assert question(said, 3) == "En daarna?"


def test_back_channel_is_no_question():
    said = [("i", "Hoe begon het?"), ("p", "Slecht."), ("i", "Hm hm."), ("p", "Heel slecht.")]

    assert question(said, 3) == "Hoe begon het?"


def test_another_participant_answers_the_same_question():
    assert question([("i", "Hoe was dat?"), ("p", "Fijn."), ("q", "Nou.")], 2) == "Hoe was dat?"


def test_two_interviewers_in_a_row_ask_one_question():
    said = [("p", "Nee."), ("i", "Hoe was dat?"), ("j", "Thuis, bedoelt ze?"), ("p", "Fijn.")]

    assert question(said, 3) == "Hoe was dat?\nThuis, bedoelt ze?"


def test_nothing_is_before_the_first_words_or_where_nobody_is_known_to_ask():
    assert question([("p", "Goedemiddag."), ("i", "Dag allemaal, welkom hier.")], 0) is None
    assert question([("x", "Hoe was dat?"), ("y", "Fijn.")], 1) is None
