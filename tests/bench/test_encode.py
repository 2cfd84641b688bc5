"""The texts are single invented words."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from bench import encode
from bench.encode import Sides, compare_encoders, cut_calls, draw_table, main, read_any_texts
from models.vectors import unit_rows
from study.errors import InputError

TEXTS = ["tree", "river stone", "cloud"]


@pytest.fixture
def turns():
    return []


def side(turns, name, vectors):
    def encode(texts):
        turns.append((name, len(texts)))
        return unit_rows(np.array(vectors, dtype=np.float32)[: len(texts)])

    return encode


def test_sides_are_timed_in_turns_after_one_warm_up_each(turns):
    same = [[1, 0], [0, 1], [1, 1]]
    sides = Sides(side(turns, "A", same), side(turns, "B", same), [True] * 3)

    figures = compare_encoders(sides, [TEXTS], n_rounds=2, report=lambda *_: None)

    assert turns == [("A", 3), ("B", 3)] * 3
    assert figures["min_cosine"] == 1
    assert figures["ratio_range"][0] <= figures["ratio"] <= figures["ratio_range"][1]


def test_texts_are_encoded_call_by_call(turns):
    sides = Sides(side(turns, "A", [[1, 0]] * 2), side(turns, "B", [[1, 0]] * 2), [True] * 3)

    figures = compare_encoders(sides, cut_calls(TEXTS, 2), n_rounds=1, report=lambda *_: None)

    assert turns[2:] == [("A", 2), ("A", 1), ("B", 2), ("B", 1)]
    assert figures["min_cosine"] == 1


def test_texts_beyond_the_window_are_counted_but_not_compared(turns):
    sides = Sides(
        side(turns, "A", [[1, 0], [0, 1], [1, 1]]),
        side(turns, "B", [[1, 0], [1, 0], [1, 1]]),
        [True, False, True],
    )

    figures = compare_encoders(sides, [TEXTS], n_rounds=1, report=lambda *_: None)

    assert (figures["min_cosine"], figures["longer_than_window"]) == (1, 1)


def test_the_table_notes_that_texts_are_few():
    row = {
        "ratio": 3.2,
        "ratio_range": [3.1, 3.3],
        "min_cosine": None,
        "reference_texts_per_s": 50.0,
        "texts_per_s": 160.0,
        "longer_than_window": 3,
        "arithmetic": "bf16",
    }
    figures = {
        "texts": 3,
        "words": 4,
        "rounds": 2,
        "texts_at_once": 3,
        "processor": "a processor, 2 cores",
        "encoders": {"e5": row},
        "note": "few texts",
    }

    table = draw_table(figures)

    assert "3.20 (3.10-3.30)" in table
    assert table.endswith("few texts")


@pytest.fixture
def two_sides(monkeypatch, turns):
    """Fake sides for both encoders; keeps what OpenVINO was to be told."""
    heard = []

    def load(name, source, texts, settings):
        heard.append(settings)
        vectors = [[1, 0]] * len(texts)
        ours, theirs = side(turns, "A", vectors), side(turns, "B", vectors)
        return Sides(theirs, ours, [True] * len(texts), "bf16")

    monkeypatch.setattr(encode, "_load_sides", load)
    monkeypatch.setattr(encode, "convert_e5", lambda folder: folder)
    monkeypatch.setattr(encode, "_minilm_folder", lambda: None)
    return heard


@pytest.fixture
def lines_file(tmp_path):
    file = tmp_path / "texts.txt"
    file.write_text("tree\n\nriver stone\ntree\ncloud\n", encoding="utf-8")
    return file


def test_figures_of_the_default_encoder_stand_on_top(two_sides, lines_file):
    options = ["--json", "--openvino", "INFERENCE_PRECISION_HINT=f32", "--at-once", "2"]

    done = CliRunner().invoke(main, ["--texts", str(lines_file), *options])

    figures = json.loads(done.output)
    default = figures["encoders"]["multilingual-e5-small"]
    assert {key: figures[key] for key in default} == default
    assert {"ratio", "min_cosine", "texts_per_s", "processor"} <= set(figures)
    assert (figures["texts"], figures["texts_at_once"]) == (3, 2)
    assert two_sides[0]["INFERENCE_PRECISION_HINT"] == "f32"


def test_a_setting_without_a_value_is_wrong_use(two_sides, lines_file):
    done = CliRunner().invoke(main, ["--texts", str(lines_file), "--openvino", "NUM_STREAMS"])

    assert done.exit_code == 2
    assert "NUM_STREAMS: expected KEY=VALUE" in done.output


def test_any_other_file_has_one_text_a_line(lines_file):
    assert read_any_texts(lines_file) == TEXTS


def test_a_csv_has_the_texts_of_its_excerpts():
    assert len(read_any_texts(encode.SAMPLE)) > 10


@pytest.mark.parametrize(("content", "told"), [(b"\n \n", "no text"), (b"\xff\xfe", "not UTF-8")])
def test_a_file_without_texts_gives_one_line(content, told, tmp_path):
    file = tmp_path / "texts.txt"
    file.write_bytes(content)

    with pytest.raises(InputError, match=told):
        read_any_texts(file)
