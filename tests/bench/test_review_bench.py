"""The benchmark of the page on studies of a few made-up interviews; nobody said their words."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from bench import coded_by_script, review
from bench.made_up import draw_interviews, make_codebook
from bench.review import list_keys
from bench.review_study import CODER, make_review_study
from bench.scripted_coder import CHROMIUM
from bench.server_times import summarise
from study.draws import find_owed
from study.review_queue import find_coder, first_open, list_progress


def silent(*_):
    pass


def test_made_up_interviews_are_of_the_size_asked_for():
    interviews = draw_interviews(np.random.default_rng(0), n_excerpts=250)

    assert [len(each.excerpts) for each in interviews] == [100, 100, 50]
    n_words = [
        len(excerpt.text.split())
        for each in interviews
        for excerpt in each.excerpts
        if excerpt.speaker == "participant"
    ]
    assert 55 < np.mean(n_words) < 65


def test_a_made_up_codebook_is_the_same_for_the_same_seed():
    assert make_codebook(3) == make_codebook(3)


def test_half_of_a_made_up_study_is_done_and_the_other_half_waits(tmp_path):
    study = make_review_study(tmp_path / "study", n_excerpts=400, seed=0, report=silent)

    with study.database.read() as connection:
        coder_id = find_coder(connection, CODER)
        progress = list_progress(connection, coder_id)
        waiting = first_open(connection, coder_id)
        owed = find_owed(connection, coder_id, progress[2].interview_id)
    study.database.close()
    assert [row.n_done for row in progress] == [100, 100, 0, 0]
    assert waiting.interview_id == progress[2].interview_id
    # Each study draws by a secret of its own: now and then nothing of an interview is blind.
    assert waiting.excerpt_id == min(owed, default=201)


def test_keys_are_those_of_what_is_suggested():
    assert list_keys(0, n_digits=3) == ["1"]
    assert list_keys(2, n_digits=3) == ["1", "Shift+Digit2"]
    assert list_keys(2, n_digits=1) == ["1"]
    assert list_keys(2, n_digits=0) == []


def test_a_summary_tells_of_how_many_it_is():
    assert summarise([1.0, 3.0, 2.0]) == {"p50_ms": 2.0, "p95_ms": 2.9, "max_ms": 3.0, "n": 3}


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium on this machine")
def test_it_times_keys_in_a_browser_and_prints_json(monkeypatch):
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    monkeypatch.setattr(review, "WAIT_SECONDS", 0.05)
    monkeypatch.setattr(review, "N_WARM_UP", 1)
    arguments = ["--json", "--size", "400", "--presses", "12", "--serdif", "not-there.csv"]

    result = CliRunner().invoke(review.main, arguments, catch_exceptions=False)

    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["400"]["n"] == figures["400"]["burst"]["n"] == 12
    assert figures["400"]["p95_ms"] >= figures["400"]["p50_ms"] > 0
    assert set(figures["400"]["server_ms"]) >= {"GET /", "POST /api/actions"}
    assert figures["processor"]


def test_a_set_without_a_codebook_beside_it_is_refused_in_a_line(tmp_path, monkeypatch):
    monkeypatch.setattr(review, "measure_size", lambda *_, **__: {})
    data = tmp_path / "made.csv"
    data.write_text("synthetic", encoding="utf-8")

    result = CliRunner().invoke(review.main, ["--size", "400", "--serdif", str(data)])

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "made.codebook.yaml: is not there" in result.stderr


def test_first_interviews_are_coded_and_the_others_learnt_from():
    interviews = draw_interviews(np.random.default_rng(0), n_excerpts=300)

    first, others = coded_by_script._part(interviews)

    assert (len(first), len(others)) == (1, 2)
