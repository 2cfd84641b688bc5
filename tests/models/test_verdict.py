import json

import pytest

from models import fast_path, verdict
from models.encoder import explain_slowness, load_encoder
from models.errors import ModelError
from models.fast_path import FastEncoder
from models.identity import identify_encoder
from models.reference import ReferenceEncoder
from models.verdict import compare_speed, fast_folder, load_fast, read_verdict


def tiny_verdict(tiny_folder, cache):
    return read_verdict(fast_folder(cache, identify_encoder(str(tiny_folder)).revision))


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when a side works."""
    now = [0.0]
    monkeypatch.setattr(verdict.time, "perf_counter", lambda: now[0])
    return now


def side(clock, *seconds):
    """Make a side that takes so long in its turns, the last value for the others."""
    left = list(seconds)

    def encode(texts):
        clock[0] += left.pop(0) if len(left) > 1 else left[0]

    return encode


def test_a_model_that_passes_its_check_runs_on_the_fast_path(tiny_encoder, tiny_folder, cache):
    passed = tiny_verdict(tiny_folder, cache)

    assert isinstance(tiny_encoder, FastEncoder)
    assert passed.min_cosine >= verdict.MIN_COSINE
    assert passed.speed >= 1
    assert passed.rules.max_tokens == 16
    assert explain_slowness(str(tiny_folder), cache=cache) == ""


def test_without_openvino_the_reference_works_and_the_verdict_is_remembered(
    no_openvino, tiny_folder, tmp_path, monkeypatch
):
    first = load_encoder(str(tiny_folder), cache=tmp_path)
    monkeypatch.setattr(verdict, "judge", None)
    second = load_encoder(str(tiny_folder), cache=tmp_path)

    assert isinstance(first, ReferenceEncoder)
    assert isinstance(second, ReferenceEncoder)
    assert "pip install openvino" in explain_slowness(str(tiny_folder), cache=tmp_path)


def test_a_model_that_openvino_cannot_take_is_left_to_the_reference_with_a_sentence(
    tiny_folder, tmp_path, monkeypatch
):
    def refuse(reference, folder):
        raise RuntimeError

    monkeypatch.setattr(verdict, "convert_graph", refuse)

    loaded = load_encoder(str(tiny_folder), cache=tmp_path)

    sentence = explain_slowness(str(tiny_folder), cache=tmp_path)
    assert isinstance(loaded, ReferenceEncoder)
    assert sentence.startswith("OpenVINO cannot take this model or its tokenizer (RuntimeError).")


@pytest.mark.parametrize(("needed", "told"), [(1.1, r"lowest cosine 0\.9"), (2, "at least 2")])
def test_a_conversion_that_disagrees_is_thrown_away_and_its_figure_kept(
    needed, told, tiny_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(verdict, "MIN_COSINE", needed)

    loaded = load_encoder(str(tiny_folder), cache=tmp_path)

    folder = fast_folder(tmp_path, identify_encoder(str(tiny_folder)).revision)
    kept = json.loads((folder / "verdict.json").read_text())
    assert isinstance(loaded, ReferenceEncoder)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "verdict.json"]
    assert kept["min_cosine"] > 0.99
    assert kept["reason"] == explain_slowness(str(tiny_folder), cache=tmp_path)


def test_a_conversion_that_gives_no_numbers_says_so(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(verdict, "smallest_cosine", lambda ours, theirs: float("nan"))

    load_encoder(str(tiny_folder), cache=tmp_path)

    assert tiny_verdict(tiny_folder, tmp_path).min_cosine is None
    assert "lowest cosine no number" in explain_slowness(str(tiny_folder), cache=tmp_path)


def test_a_conversion_slower_than_the_reference_is_not_used(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(verdict, "compare_speed", lambda ours, theirs: 0.84)

    loaded = load_encoder(str(tiny_folder), cache=tmp_path)

    assert isinstance(loaded, ReferenceEncoder)
    assert tiny_verdict(tiny_folder, tmp_path).speed == 0.84
    assert "0.84 times the speed" in explain_slowness(str(tiny_folder), cache=tmp_path)


def test_speeds_are_compared_by_each_sides_least_disturbed_turn(clock):
    ours, theirs = side(clock, 9.0, 2.0), side(clock, 6.0, 30.0)

    assert compare_speed(ours, theirs) == 3


def test_an_encoder_that_was_never_loaded_has_nothing_to_explain(tiny_folder, tmp_path):
    assert explain_slowness(f"{tiny_folder}+all-MiniLM-L6-v2", cache=tmp_path) == ""


def test_a_folder_without_a_passed_check_is_not_loaded(tmp_path):
    with pytest.raises(ModelError, match="holds no conversion"):
        load_fast(tmp_path)


@pytest.mark.parametrize(("what", "value"), [("_describe_processor", lambda: "x"), ("FORMAT", 0)])
def test_a_verdict_is_of_one_format_and_one_processor(what, value, monkeypatch, tmp_path):
    here = fast_folder(tmp_path, "0" * 64)
    monkeypatch.setattr(fast_path, what, value)

    assert fast_folder(tmp_path, "0" * 64) != here
