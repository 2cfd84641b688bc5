"""All data here are synthetic: words drawn at random."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from bench import replay
from bench.methods import Outcome
from bench.replay import Stretch, draw_table, list_stretches, replay_codings


def silent(*_):
    pass


def guess_right(data, split):
    labels = data.labels[split.test]
    return Outcome(labels.astype(np.float32), labels)


def propose_nothing(data, split):
    labels = data.labels[split.test]
    return Outcome(labels.astype(np.float32), np.zeros_like(labels))


def test_few_interviews_are_learnt_from_one_by_one():
    assert list_stretches(3) == [Stretch(0, 1), Stretch(1, 2), Stretch(2, 3)]


def test_many_interviews_are_learnt_from_now_and_then():
    stretches = list_stretches(40)

    assert [each.start for each in stretches] == [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32]
    assert stretches[-1] == Stretch(32, 40)


def test_right_suggestions_are_all_accepted(made_data):
    figures = replay_codings(made_data(4), guess_right, n_draws=2, seed=1, report=silent)

    assert figures["learnt_after"] == [0, 1, 2, 3]
    assert len(figures["positions"]) == len(figures["stretches"]) == 4
    for each in figures["stretches"]:
        assert (each["first_accepted"], each["suggestions_accepted"]) == (1, 1)
        assert each["codes_suggested"] == 1


def test_each_interview_is_proposed_for_by_those_before_it(made_data):
    data, seen = made_data(4, 10), []

    def listen(data, split):
        seen.append((len(split.train), len(split.test)))
        assert not set(split.train) & set(split.test)
        return guess_right(data, split)

    replay_codings(data, listen, n_draws=1, seed=0, report=silent)

    assert seen == [(0, 10), (10, 10), (20, 10), (30, 10)]


def test_what_is_drawn_blind_is_not_counted(made_data, monkeypatch):
    def draw_everything(_rng, lengths, *, rate):
        assert 0 < rate < 1
        return np.ones(lengths.sum(), dtype=bool)

    monkeypatch.setattr(replay, "draw_blind", draw_everything)

    figures = replay_codings(made_data(2, 10), guess_right, n_draws=1, seed=0, report=silent)

    assert [each["first_accepted"] for each in figures["stretches"]] == [None, None]
    assert [each["codes_suggested"] for each in figures["stretches"]] == [None, None]
    assert "-" in draw_table(figures)


def test_without_suggestions_none_is_accepted(made_data):
    (first, _) = replay_codings(
        made_data(2, 10), propose_nothing, n_draws=1, seed=0, report=silent
    )["stretches"]

    assert (first["first_accepted"], first["suggestions_accepted"]) == (None, None)
    assert (first["codes_suggested"], first["excerpts_with_suggestion"]) == (0, 0)


@pytest.fixture
def run(write_coded, make_rows, fake_encoder):
    def run_on(n_interviews, *options):
        files = write_coded(make_rows(n_interviews, 15), ["plain", "noise", "rare"])
        arguments = [files[0], "--codebook", files[1], "--draws", 1, *options]
        return CliRunner().invoke(replay.main, list(map(str, arguments)))

    return run_on


def test_it_prints_json_and_draws_a_picture(run, tmp_path):
    result = run(4, "--json", "--picture", tmp_path / "made.svg")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["learnt_after"] == [0, 1, 2, 3]
    assert "made: 4 interviews" in (tmp_path / "made.svg").read_text(encoding="utf-8")


def test_one_interview_is_replayed_by_descriptions(run):
    result = run(1)

    assert result.exit_code == 0, result.output
    assert "1 interviews, 15 excerpts" in result.stdout


def test_a_picture_that_cannot_be_written_is_one_error_line(run, tmp_path):
    result = run(2, "--picture", tmp_path / "nowhere" / "made.svg")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "cannot be written" in result.stderr
