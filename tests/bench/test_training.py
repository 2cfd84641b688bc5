"""All data here are made by the benchmark or synthetic."""

import json

import numpy as np
from click.testing import CliRunner

from bench import training
from bench.training import make_material


def run(*options):
    return CliRunner().invoke(training.main, list(map(str, options)))


def test_made_excerpts_are_the_same_for_a_seed():
    one, same = (make_material(250, 3, seed=4) for _ in range(2))

    assert one.passages.texts == same.passages.texts
    assert np.array_equal(one.given, same.given)
    assert np.array_equal(one.similarity, same.similarity)


def test_it_times_both_in_turns():
    result = run("--excerpts", 600, "--codes", 3, "--rounds", 2, "--json")

    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    seconds = figures["seconds"]
    assert (figures["excerpts"], figures["codes"], figures["groups"]) == (600, 3, 5)
    assert set(seconds) == {"comparing", "training", "themeloop", "regressions"}
    assert figures["ratio_range"][0] <= figures["ratio"] <= figures["ratio_range"][1]
    assert "no quality" in figures["note"]


def test_a_coded_file_can_be_trained_on(write_coded, make_rows, fake_encoder):
    path, codebook = write_coded(make_rows(4, 20), ["plain", "noise", "rare"])

    result = run("--data", path, "--codebook", codebook)

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("made: 80 excerpts, 3 codes, 4 groups; ")


def test_a_file_without_its_codebook_is_refused(tmp_path):
    (tmp_path / "some.csv").touch()

    result = run("--data", tmp_path / "some.csv")

    assert result.exit_code == 2
    assert "go together" in result.stderr
