"""All data here are synthetic: words drawn at random, or written out and invented."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from bench import segment
from bench.cuts import Material, cut_by_spread, find_runs, read_material, size_of
from bench.segment import match, measure
from models.topics import PieceSize
from models.vectors import unit_rows
from pipeline.linguistics import sentence_splitter
from study.records import CodedInterview, GivenCoding, GivenExcerpt, Span
from study.turns import WORD

METHODS = ["turn", "fixed", "sentences", "topic", "spread", "shuffled"]


def make_interview(said, codes):
    """Make an interview of (speaker, words) and {coder: [keys of each excerpt]}."""
    excerpts = tuple(
        GivenExcerpt(f"e{place}", place, speaker, words)
        for place, (speaker, words) in enumerate(said)
    )
    codings = tuple(
        GivenCoding(f"e{place}", coder, tuple(keys), place)
        for coder, given in codes.items()
        for place, keys in enumerate(given)
    )
    return CodedInterview("i1", "synthetic", "en", None, excerpts, codings)


def test_span_is_a_run_of_one_code_by_one_coder():
    interview = make_interview(
        [("", "a"), ("", "b"), ("", "c"), ("", "d")],
        {"one": ["x", "xy", "", "x"], "two": ["", "x", "x", ""]},
    )

    assert find_runs(interview) == [range(2), range(3, 4), range(1, 2), range(1, 3)]


def test_spans_of_the_interviewer_are_left_out_with_their_turns():
    said = [("t", "How was it then, at home?"), ("c", "Fine."), ("c", "Not bad.")]
    interview = make_interview(said, {"one": ["x", "y", "y"]})

    material = read_material(interview, {"t": "interviewer"}, sentence_splitter("en"))

    assert [material.text[s.start_char : s.end_char] for s in material.spans] == ["Fine.\nNot bad."]
    assert len(material.stretches) == 1


def material_of(text, spans):
    starts = np.array([found.start() for found in WORD.finditer(text)], dtype=np.int64)
    whole = read_material(make_interview([("", text)], {}), {}, sentence_splitter("en"))
    return Material(text, whole.stretches, spans, sentence_splitter("en"), starts)


def test_figures_are_as_worked_out_by_hand():
    text = "one two three four five six seven eight"
    inner, split = Span(0, 7), Span(8, 18)
    excerpts = [Span(0, 13), Span(14, 39)]

    figures = measure([material_of(text, [inner, split])], [excerpts])

    # "one two" lies in the three words of the first; "three four" has one word in each.
    assert figures == {
        "excerpts": 2,
        "words": 4.0,
        "inside": 0.5,
        "best": 0.75,
        "excess": (1 / 2 + 6 / 2) / 2,
        "excess_mean": (1 / 2 + 6 / 2) / 2,
        "broken": 1.0,
    }


def test_curves_are_read_where_they_are_equal():
    rows = {
        "turn": [{"words": 99, "inside": 1}],
        "one": [{"words": 10, "inside": 0.2}, {"words": 30, "inside": 0.6}],
        "two": [{"words": 20, "inside": 0.3}, {"words": 40, "inside": 0.5}],
    }

    matched = match(rows, by="words", figure="inside")

    assert matched[0] == {"words": 20, "one": 0.4, "two": 0.3}
    assert matched[-1] == {"words": 30, "one": 0.6, "two": 0.4}


def test_curves_that_share_nothing_are_not_compared():
    rows = {
        "one": [{"words": 10, "inside": 0.2}, {"words": 20, "inside": 0.6}],
        "two": [{"words": 30, "inside": 0.3}, {"words": 40, "inside": 0.5}],
    }

    assert match(rows, by="words", figure="inside") == []


def test_least_spread_keeps_topics_apart():
    rng = np.random.default_rng(3)
    topics = rng.normal(size=(2, 8))[[0] * 6 + [1] * 4]
    vectors = unit_rows((topics + 0.1 * rng.normal(size=(10, 8))).astype(np.float32))

    assert cut_by_spread(vectors, [8] * 10, PieceSize(10, 40, 80)) == [6, 10]


def test_default_target_has_the_bounds_of_the_settings():
    assert size_of(60) == PieceSize(12, 60, 120)


@pytest.fixture
def run_segment(fake_encoder):
    def run(data_file, codebook_file, *options):
        arguments = [str(data_file), "--codebook", str(codebook_file), *options]
        return CliRunner().invoke(segment.main, arguments)

    return run


@pytest.fixture
def files(write_coded, make_rows):
    rows = [(i, f"{text}.", coder, codes) for i, text, coder, codes in make_rows(3)]
    return write_coded(rows, ("plain", "noise", "rare"))


def test_json_has_every_method_at_every_size(run_segment, files):
    result = run_segment(*files, "--json")

    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert list(printed["methods"]) == METHODS
    assert len(printed["methods"]["turn"]) == 1
    assert {len(printed["methods"][name]) for name in METHODS[1:]} == {6}
    assert printed["methods"]["turn"][0]["inside"] == 1
    assert printed["spans"] > 0
    assert printed["settings"]["encoder"] == "multilingual-e5-small"
    assert "cores" in printed["settings"]["processor"]


def test_figures_are_the_same_twice(run_segment, files):
    first, second = (json.loads(run_segment(*files, "--json").stdout) for _ in range(2))

    assert first["methods"] == second["methods"]


def test_table_says_processor_settings_and_what_it_does_not_tell(run_segment, files):
    table = run_segment(*files).stdout

    assert "made: 3 interviews" in table
    assert "cores" in table
    assert "encoder multilingual-e5-small, sentences rules, en" in table
    assert "Share inside one excerpt at equal words" in table
    assert segment.CAUTION in table


def test_file_without_codes_is_told_in_one_line(run_segment, write_coded, make_rows):
    rows = [(*row[:3], []) for row in make_rows(2)]

    result = run_segment(*write_coded(rows, ("plain",)))

    assert result.exit_code == 1
    assert result.stderr == "Error: made.csv: no code was given: there is nothing to measure.\n"
