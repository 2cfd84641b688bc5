"""All figures here are invented."""

import json
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from bench import pictures
from bench.pictures import draw_pictures

SHARES = {"first_accepted": 0.5, "suggestions_accepted": 0.4, "codes_suggested": None}
QUALITY = {
    "data": "made <&>",
    "interviews": 17,
    "codes": 3,
    "methods": {
        "themeloop": {
            "map": 0.6,
            "ece": 0.02,
            "reliability": [
                {"low": 0.4, "high": 0.5, "n": 30.0, "said": 0.45, "right": 0.4},
                {"low": 0.8, "high": 0.9, "n": 3.0, "said": 0.85, "right": 0.9},
            ],
            "curve": [
                {
                    "interviews": size,
                    "measured_on": 17 - size,
                    **dict.fromkeys(["map", "macro_f1", "rec3"], size / 10),
                    "range": {name: [0.1, 0.9] for name in ("map", "macro_f1", "rec3")},
                }
                for size in (2, 4, 8, 16)
            ],
        }
    },
}
REPLAY = {
    "data": "made",
    "interviews": 60,
    "codes": 3,
    "stretches": [
        {"learnt_from": start, **SHARES, "range": {name: [0.3, 0.6] for name in SHARES}}
        for start in (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48)
    ],
}


def words_of(svg):
    return [each.text for each in ElementTree.fromstring(svg).iter() if each.text]


def test_each_kind_of_figures_has_its_picture():
    drawn = draw_pictures([QUALITY, REPLAY])

    assert list(drawn) == ["reliability.svg", "learning-curve.svg", "replay.svg"]
    assert "made <&>: 17 interviews, 3 codes" in words_of(drawn["reliability.svg"])
    assert "interviews coded before" in words_of(drawn["replay.svg"])


def test_each_data_set_has_a_panel():
    drawn = draw_pictures([QUALITY, QUALITY])

    assert words_of(drawn["learning-curve.svg"]).count("made <&>: 17 interviews, 3 codes") == 2


def test_points_of_few_interviews_are_not_drawn():
    labels = words_of(draw_pictures([QUALITY])["learning-curve.svg"])

    assert {"2", "4", "8"} <= set(labels)
    assert "16" not in labels


def test_what_has_no_probabilities_has_no_picture():
    bare = {**QUALITY, "methods": {"themeloop": {"map": None, "ece": None, "reliability": []}}}

    assert draw_pictures([bare, {**QUALITY, "methods": {}}]) == {}


@pytest.mark.parametrize("change", [{"ece": None}, {"map": None}])
def test_what_is_undefined_is_drawn_without_it(change):
    row = QUALITY["methods"]["themeloop"] | change

    assert len(draw_pictures([{**QUALITY, "methods": {"themeloop": row}}])) == 2


def test_pictures_are_written_to_the_folder(tmp_path):
    (tmp_path / "quality.json").write_text(json.dumps(QUALITY), encoding="utf-8")

    result = CliRunner().invoke(
        pictures.main, [str(tmp_path / "quality.json"), "--to", str(tmp_path)]
    )

    assert result.exit_code == 0, result.output
    assert (tmp_path / "reliability.svg").exists()
    assert (tmp_path / "learning-curve.svg").exists()


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_a_file_of_something_else_is_one_error_line(tmp_path, content):
    (tmp_path / "other.json").write_text(content, encoding="utf-8")

    result = CliRunner().invoke(
        pictures.main, [str(tmp_path / "other.json"), "--to", str(tmp_path)]
    )

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "is not what bench.quality or bench.replay prints" in result.stderr
