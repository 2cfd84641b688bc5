"""All sentences here and in the file of pairs are synthetic: nobody said them."""

import json
from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner

from bench import polarity, vectors
from bench.polarity import PAIRS, read_sentences
from codebook.reader import read_codebook
from codebook.shipped import shipped_codebook_path
from models.vectors import unit_rows
from pipeline.choices import list_contrasts

COUNTS = ("proposed", "wrong", "right", "choice", "apart", "none")


class SayingEncoder:
    """An encoder that hears by a rule of the test's what a text is about."""

    def __init__(self, directions):
        self.directions = directions
        self.noise = np.random.default_rng(3)

    def encode(self, texts):
        rows = self.noise.normal(scale=0.01, size=(len(texts), 64))
        for row, text in zip(rows, texts, strict=True):
            if text in self.directions:
                row[self.directions[text]] += 1
        return unit_rows(rows.astype(np.float32))


@pytest.fixture(scope="module")
def book():
    return read_codebook(shipped_codebook_path())


@pytest.fixture
def measure(monkeypatch, book):
    """Measure with an encoder that takes each sentence for the pole that `hears` names."""

    def run(hears):
        places = {code.key: place for place, code in enumerate(book.codes)}
        heard = {s.text: places[hears(s)] for s in read_sentences(PAIRS, book)}
        for code in book.codes:
            for wording in code.wordings.values():
                texts = (*wording.include, *wording.examples)
                said = (f"{wording.name}. {wording.definition}", *texts)
                heard |= dict.fromkeys(said, places[code.key])
        monkeypatch.setattr(vectors, "load_encoder", lambda _name: SayingEncoder(heard))
        result = CliRunner().invoke(polarity.main, ["--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)["groups"]

    return run


def test_there_are_twenty_pairs_a_language_that_cover_every_contrast(book):
    sentences = read_sentences(PAIRS, book)
    keys = [code.key for code in book.codes]

    assert Counter(s.language for s in sentences) == {"en": 40, "nl": 40}
    assert len({s.text for s in sentences}) == 80
    for language in ("en", "nl"):
        mine = {frozenset((s.right, s.wrong)) for s in sentences if s.language == language}
        assert mine == {frozenset((keys[one], keys[other])) for one, other in list_contrasts(book)}


def test_no_sentence_stands_in_the_codebook(book):
    written = {
        text
        for code in book.codes
        for wording in code.wordings.values()
        for text in (wording.definition, *wording.include, *wording.exclude, *wording.examples)
    }

    assert not written & {s.text for s in read_sentences(PAIRS, book)}


def test_an_encoder_that_hears_denial_is_right_and_loses_to_choices(measure):
    row = measure(lambda sentence: sentence.right)["all"]

    assert (row["sentences"], row["leads"]) == (80, 80)
    assert [row["one_by_one"][name] for name in COUNTS] == [80, 0, 80, 0, 0, 0]
    assert row["as_choices"]["wrong"] == 0
    assert row["as_choices"]["choice"] > 60


def test_an_encoder_that_takes_denial_for_the_opposite_proposes_the_wrong_pole(measure):
    groups = measure(lambda sentence: sentence.wrong)

    assert groups["all"]["leads"] == 0
    assert groups["all"]["one_by_one"]["wrong"] == 80
    assert groups["all"]["as_choices"]["choice"] > 60


def test_an_encoder_deaf_to_denial_is_right_for_what_affirms_alone(measure):
    groups = measure(
        lambda sentence: sentence.right if sentence.side == "affirm" else sentence.wrong
    )

    assert groups["affirm"]["one_by_one"]["right"] == 40
    assert groups["deny"]["one_by_one"]["wrong"] == 40
    assert {groups[name]["leads"] for name in ("en", "nl")} == {20}


def test_outcomes_add_up_to_the_sentences(measure):
    groups = measure(lambda sentence: sentence.right)

    assert list(groups) == ["en", "nl", "affirm", "deny", "all"]
    for row in groups.values():
        for rule in ("one_by_one", "as_choices"):
            counts = row[rule]
            assert sum(counts[name] for name in COUNTS[1:]) == row["sentences"]
            assert counts["proposed"] == row["sentences"] - counts["none"]


def test_the_table_says_that_the_sentences_are_synthetic(fake_encoder):
    result = CliRunner().invoke(polarity.main, [])

    assert result.exit_code == 0, result.output
    assert "as choices of two" in result.output
    assert "All of them are synthetic" in result.output


def test_a_codebook_without_the_codes_is_one_line(write_coded, fake_encoder):
    _, codebook_file = write_coded([], ["trust"])

    result = CliRunner().invoke(polarity.main, ["--codebook", str(codebook_file)])

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "lacks being_judged, change, compulsion" in line
    assert "Give one that has them." in line
