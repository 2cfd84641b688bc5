"""The benchmark of size on one drawn interview; nobody said its words, and figures are invented."""

import json
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from bench import page_load, scale, scale_picture, server_times
from bench.databases import database_bytes, open_databases, version_of
from bench.made_talk import fill_inbox, make_talk_study
from bench.page_load import time_page
from bench.scale import compare_sizes
from bench.scale_picture import draw_scale
from bench.scale_run import CountingEncoder, StepClock, run_in_a_process, run_timed
from study import tables as t
from study.errors import StudyError
from study.folder import open_study

STEPS = {
    "take_in_transcript",
    "split_into_excerpts",
    "embed_excerpts",
    "fit_codes",
    "propose_codes",
    "queue_for_review",
}
ENCODER = {"name": "made", "texts_per_s": 10, "words_per_s": 100}


def silent(*_):
    pass


@pytest.fixture
def talks(tmp_path):
    place = tmp_path / "study"
    make_talk_study(place).database.close()
    fill_inbox(place, n_interviews=2, n_words=300, seed=0, prefix="talk", report=silent)
    return place


def test_a_run_is_told_step_by_step(talks):
    found = run_timed(talks)

    assert (found["state"], found["n_interviews"], found["n_set_aside"]) == ("finished", 2, 0)
    assert set(found["steps_s"]) >= STEPS
    assert sum(found["steps_s"].values()) <= found["seconds"] + 0.2
    assert found["peak_mb"] >= max(found["peak_mb_by_step"].values()) > 0
    assert found["texts_encoded"] > 0
    assert found["words_encoded"] > 300
    assert found["cpu_s"] > 0


def test_a_run_in_a_process_of_its_own_queues_every_excerpt(talks):
    found = run_in_a_process(talks)

    facts = scale._look(talks)
    assert found["n_interviews"] == 2
    assert facts["queued"] == facts["excerpts"] > 0
    assert facts["database"].startswith("sqlite 3")
    assert facts["database_mb"] > 0.1


def test_a_run_that_fails_is_told(tmp_path):
    (tmp_path / "nothing").mkdir()

    with pytest.raises(StudyError, match="ended with 1"):
        run_in_a_process(tmp_path / "nothing")


def test_a_counting_encoder_counts_what_it_encodes():
    encoder = CountingEncoder()

    encoder.encode(["een twee", "drie"])
    encoder.encode(["vier"])

    assert (encoder.n_texts, encoder.n_words) == (3, 4)


def test_a_step_that_fails_is_timed_and_fails():
    clock = StepClock()

    def burst():
        raise ValueError("made to fail")

    with pytest.raises(ValueError, match="made to fail"):
        clock(burst)

    assert set(clock.seconds) == {"burst"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_study_is_measured_in_a_database_of_its_own(kind, tmp_path, request):
    if kind == "postgresql":
        # Skips, and says why, where none can be started.
        request.getfixturevalue("postgresql")
    with open_databases(kind) as new_database:
        studies = [
            make_talk_study(tmp_path / str(number), database_url=new_database())
            for number in range(2)
        ]
        with studies[0].database.write() as connection:
            connection.execute(sa.insert(t.encoder).values(name="made", revision="1"))
        with studies[1].database.read() as connection:
            found = connection.scalars(sa.select(t.encoder.c.name)).all()
        sizes = [database_bytes(study) for study in studies]
        names = {version_of(study).partition(" ")[0] for study in studies}
        for study in studies:
            study.database.close()

    assert found == []
    assert min(sizes) > 100_000
    assert names == {kind}


def row(n_excerpts, run_s, *, database="sqlite 3.40.1"):
    return {
        "database": database,
        "excerpts": n_excerpts,
        "run_s": run_s,
        "cpu_s": run_s,
        "excerpts_per_s": n_excerpts / run_s,
        "made_encoder_s": 1.0,
        "words_encoded": 100 * n_excerpts,
        "peak_mb": 300.0,
        "database_mb": n_excerpts / 100,
        "idle_s": 1.0,
        "page_p95_ms": 10.0,
        "decision_p95_ms": 20.0,
        "steps_s": {"take_in_transcript": run_s},
        "peak_mb_by_step": {"take_in_transcript": 300.0},
    }


def test_sizes_are_set_beside_the_smallest_and_the_encoder_is_added():
    figures = compare_sizes([row(1_000, 101), row(10_000, 1_010)], ENCODER)

    small, large = figures["sizes"]
    assert (small["throughput_to_smallest"], large["throughput_to_smallest"]) == (1.0, 1.0)
    # 100 seconds without the made encoder, and 1,000 of encoding 100,000 words.
    assert small["hours_with_encoder"] == round(1_100 / 3_600, 2)


def test_the_table_has_a_line_for_each_size_and_step():
    figures = compare_sizes([row(1_000, 101), row(10_000, 1_010)], ENCODER)

    drawn = scale.draw_table(figures | {"processor": "a processor, 2 cores"})

    assert "1,000 excerpts, sqlite 3.40.1:" in drawn
    assert drawn.count("take_in_transcript") == 2
    assert "a processor, 2 cores" in drawn
    assert "MADE ENCODER" in drawn


def test_the_page_is_timed_while_runs_go_on(tmp_path, monkeypatch):
    # A study that grows by half learns anew what is usual: what is on the screen would be renewed.
    monkeypatch.setattr(page_load, "N_WORDS", 300)
    monkeypatch.setattr(server_times, "N_WARM_UP", 1)
    monkeypatch.setattr(server_times, "N_ASKED", 5)
    place = tmp_path / "study"
    make_talk_study(place).database.close()
    fill_inbox(place, n_interviews=2, n_words=3_000, seed=0, prefix="talk", report=silent)
    run_in_a_process(place)

    found = time_page(place, n_added=1, n_runs=3, seed=0)

    assert 1 <= found["runs_meanwhile"] <= 3
    assert found["interviews_meanwhile"] == found["runs_meanwhile"]
    assert found["decision_p95_ms"] == found["answers_ms"]["POST /api/actions"]["p95_ms"] > 0
    assert found["page_p95_ms"] > 0
    study = open_study(place)
    with study.database.read() as connection:
        n_done = connection.scalar(
            sa.select(sa.func.count()).where(t.queue_item.c.is_done).select_from(t.queue_item)
        )
    study.database.close()
    assert n_done == 2 * (1 + 5)


@pytest.mark.model
def test_json_has_every_size(monkeypatch):
    monkeypatch.setattr(scale, "time_page", lambda *_, **__: {"page_p95_ms": 1.0})
    monkeypatch.setattr(scale, "time_runs", lambda *_, **__: ([1.0], [0.5]))

    result = CliRunner().invoke(scale.main, ["--excerpts", "600", "--json"], catch_exceptions=False)

    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    (size,) = figures["sizes"]
    assert size["queued"] == size["excerpts"] > 450
    assert size["throughput_to_smallest"] == 1
    assert size["idle_s"] == 1
    assert figures["real_encoder"]["words_per_s"] > 0
    assert "MADE ENCODER" in figures["note"]


def printed(tmp_path, name, database):
    rows = [row(10_000, 100, database=database), row(100_000, 1_100, database=database)]
    file = tmp_path / name
    file.write_text(json.dumps(compare_sizes(rows, ENCODER)), encoding="utf-8")
    return str(file)


def test_the_picture_has_a_labelled_line_for_each_database_and_figure(tmp_path):
    files = [
        printed(tmp_path, "one.json", "sqlite 3.40.1"),
        printed(tmp_path, "two.json", "postgresql 18.1"),
    ]

    result = CliRunner().invoke(
        scale_picture.main, [*files, "--to", str(tmp_path / "scale.svg")], catch_exceptions=False
    )

    assert result.exit_code == 0, result.output
    drawing = ElementTree.fromstring((tmp_path / "scale.svg").read_text(encoding="utf-8"))
    words = [each.text for each in drawing.iter() if each.text]
    assert "SQLite, run: 1,100" in words
    assert "PostgreSQL, database: 1,000" in words
    assert "memory: at most 2,000" in words
    assert {"10,000", "100,000"} <= set(words)


def test_labels_do_not_lie_on_one_another():
    """Both databases cost the same here."""
    sizes = [
        *compare_sizes([row(10_000, 100)], ENCODER)["sizes"],
        *compare_sizes([row(10_000, 100, database="postgresql 18")], ENCODER)["sizes"],
    ]

    drawing = ElementTree.fromstring(draw_scale(sizes))

    for panel in drawing.findall("{*}g"):
        places = sorted(
            float(each.get("y"))
            for each in panel.findall("{*}text")
            if each.get("text-anchor") == "start" and each.get("font-weight") is None
        )
        assert len(places) >= 4
        assert min(b - a for a, b in pairwise(places)) >= 14


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_a_file_of_something_else_is_one_error_line(tmp_path, content):
    (tmp_path / "other.json").write_text(content, encoding="utf-8")

    result = CliRunner().invoke(
        scale_picture.main,
        [str(tmp_path / "other.json"), "--to", str(tmp_path / "scale.svg")],
    )

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "is not what bench.scale prints" in result.stderr
