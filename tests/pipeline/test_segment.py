"""Facts about cutting transcripts; every text here is synthetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.order import suggest_in_order
from pipeline.segment import WORD, cut_turns, sentence_splitter, split_into_excerpts
from pipeline.work import Work, call_plainly
from study.records import Span, Turn
from study.transcripts import list_transcripts, read_excerpts


def cut(turns, *, min_words=3, max_words=8, language="nl"):
    """Cut (speaker, text) turns; give the excerpts' texts."""
    text, spans = "", []
    for speaker, words in turns:
        spans.append(Turn(speaker, Span(len(text), len(text) + len(words))))
        text += words + "\n"
    found = cut_turns(
        text, spans, sentence_splitter(language), min_words=min_words, max_words=max_words
    )
    return [text[span.start_char : span.end_char] for span in found]


def test_turn_is_one_excerpt_while_it_is_short_enough():
    assert cut([("i", "Hoe was dat?"), ("p", "Goed hoor. Best fijn.")]) == [
        "Hoe was dat?",
        "Goed hoor. Best fijn.",
    ]


def test_long_turn_is_cut_at_a_sentence_end():
    turn = "Ze belde altijd terug als ik belde. Dat vond ik heel erg prettig toen."

    assert cut([("p", turn)]) == [
        "Ze belde altijd terug als ik belde.",
        "Dat vond ik heel erg prettig toen.",
    ]


def test_short_sentence_joins_its_neighbour():
    assert cut([("p", "Ja. Ze belde altijd terug.")]) == ["Ja. Ze belde altijd terug."]


def test_turns_of_one_speaker_are_taken_together_and_those_of_two_are_not():
    turns = [("p", "Nou ja."), ("p", "Dat was het wel."), ("i", "Oké.")]

    assert cut(turns) == ["Nou ja.\nDat was het wel.", "Oké."]


def test_sentence_without_end_is_cut_between_words():
    assert cut([("p", "een twee drie vier vijf zes zeven acht negen tien elf")]) == [
        "een twee drie vier vijf zes zeven acht",
        "negen tien elf",
    ]


def test_language_that_spacy_does_not_know_is_still_cut():
    assert cut([("p", "Ena. Dve.")], language="zz", min_words=1) == ["Ena.", "Dve."]


@given(
    st.lists(st.tuples(st.sampled_from("ip"), st.text("ab c.?!\n\té🙂", max_size=60)), max_size=6),
    st.integers(1, 4),
    st.integers(1, 9),
)
def test_no_word_is_dropped_or_told_twice_and_no_excerpt_is_too_long(turns, min_words, max_words):
    excerpts = cut(turns, min_words=min_words, max_words=max_words)

    said = "".join(text for _, text in turns)
    assert "".join("".join(excerpts).split()) == "".join(said.split())
    assert all(len(WORD.findall(excerpt)) <= max_words for excerpt in excerpts)


@pytest.fixture
def uncut_study(study, add, encoder, interview):
    long = "Ze belde altijd terug als ik belde. " * 30
    add(
        interview("I1", ["Hoe was dat contact?", long, "En daarna?", "Goed."], keys=["trust"]),
        is_segmenting=True,
    )
    return study


def test_run_cuts_an_interview_that_came_without_excerpts(uncut_study):
    suggest_in_order(call_plainly, Work(uncut_study))

    with uncut_study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        excerpts = read_excerpts(connection, transcript)
    assert [excerpt.label for excerpt in excerpts][:2] == ["I1_s0000", "I1_s0001"]
    assert len(excerpts) == 5
    assert all(len(excerpt.text.split()) <= 120 for excerpt in excerpts)


def test_interview_is_cut_once(uncut_study):
    suggest_in_order(call_plainly, Work(uncut_study))
    with uncut_study.database.read() as connection:
        (transcript,) = list_transcripts(connection)

    assert split_into_excerpts(Work(uncut_study), transcript.id) == 0
