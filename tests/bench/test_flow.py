"""The benchmark of the flow on a few drawn Dutch words; nobody said any of them."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from bench import flow, growth
from bench.flow import Sides
from bench.made_talk import INTERVIEWER, draw_talk, fill_inbox, make_talk_study, take_in_all
from bench.recorder import Encoding, MadeEncoder, Record, encode_with, read_record, recording
from models.encoder import fits_window
from pipeline import embed, segment
from pipeline.order import suggest_in_order
from pipeline.work import Work, call_plainly
from study.ledger import count_failures
from study.transcripts import list_transcripts, read_excerpts


def silent(*_):
    pass


def fill(folder, n_interviews, *, prefix="talk", seed=0):
    fill_inbox(
        folder, n_interviews=n_interviews, n_words=300, seed=seed, prefix=prefix, report=silent
    )


@pytest.fixture
def talks(tmp_path):
    """A study with two drawn interviews taken in."""
    study = make_talk_study(tmp_path / "study")
    fill(study.folder, 2)
    take_in_all(study.folder, report=silent)
    yield study
    study.database.close()


def test_no_drawn_sentence_comes_twice():
    talks = [draw_talk(np.random.default_rng([0, n]), 3_000) for n in range(5)]

    sentences = [
        sentence
        for talk in talks
        for line in talk.splitlines()
        for sentence in line.partition(": ")[2].rstrip(".?").split(". ")
    ]
    assert len(sentences) > 1_000
    assert len(set(sentences)) == len(sentences)


def test_a_talk_has_about_as_many_words_as_asked_for_and_is_the_same_for_a_seed():
    talk, again = (draw_talk(np.random.default_rng(3), 2_000) for _ in range(2))

    said = [line.partition(": ") for line in talk.splitlines()]
    assert 1_980 <= sum(len(words.split()) for _, _, words in said) <= 2_000
    assert {speaker for speaker, _, _ in said} == {INTERVIEWER, "Participant"}
    assert talk == again


def test_drawn_interviews_are_taken_in_without_a_question(talks):
    with talks.database.read() as connection:
        taken = list_transcripts(connection)

    assert [each.interview for each in taken] == ["talk-00000", "talk-00001"]
    assert {each.language for each in taken} == {"nl"}


def test_more_interviews_are_put_beside_those_that_are_there(talks):
    fill(talks.folder, 1, prefix="more", seed=1)
    take_in_all(talks.folder, report=silent)

    with talks.database.read() as connection:
        taken = [each.interview for each in list_transcripts(connection)]
    assert taken == ["talk-00000", "talk-00001", "more-00000"]


def test_what_a_run_splits_and_encodes_is_noted_and_read_back(talks, tmp_path):
    with recording(MadeEncoder()) as record:
        summary = suggest_in_order(call_plainly, Work(talks))

    assert summary.n_interviews == 2
    with talks.database.read() as connection:
        assert count_failures(connection, summary.run_id) == 0
        excerpts = [
            excerpt.text
            for transcript in list_transcripts(connection)
            for excerpt in read_excerpts(connection, transcript)
        ]
    encoded = [text for call in record.encoded for text in call.texts]
    assert excerpts
    assert set(excerpts) <= set(encoded)
    assert record.n_texts == len(encoded) == len(set(encoded))
    assert record.split
    record.write(tmp_path / "record.json")
    assert read_record(tmp_path / "record.json") == record


def test_the_pipeline_has_its_own_encoder_and_splitter_back_afterwards():
    before = embed.the_encoder, segment.sentence_splitter

    with recording(MadeEncoder()):
        assert embed.the_encoder is not before[0]

    assert (embed.the_encoder, segment.sentence_splitter) == before


def test_a_made_encoder_gives_each_text_one_direction_of_length_one():
    encoder = MadeEncoder()

    vectors = encoder.encode(["een", "twee", "een"])

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.array_equal(vectors[0], vectors[2])
    assert abs(float(vectors[0] @ vectors[1])) < 0.5
    assert encoder.encode([]).shape == (0, 384)
    assert fits_window(encoder, ["kort", "lang " * 400]) == [True, False]


def test_an_encoder_is_put_in_the_place_of_every_one():
    encoder = MadeEncoder()

    with encode_with(encoder):
        assert embed.the_encoder("any name") is encoder


SIDES = Sides(
    plain=[4.0, 5.0, 6.0],
    flow=[6.0, 8.0, 10.0],
    bare=[4.0, 4.0, 4.0],
    empty=[1.0, 1.0, 1.0],
    is_same=True,
    n_texts=9,
    n_sentences=5,
)


def test_ratios_are_of_medians_and_leave_prefect_out_where_they_say_so():
    figures = flow._compare(SIDES, 2.0)

    assert figures["ratio"] == 2.0
    assert figures["ratio_range"] == [1.5, 2.5]
    assert figures["ratio_without_prefect"] == 1.75
    assert figures["ratio_plain"] == 1.25
    assert figures["ratio_with_adding"] == 2.5


def test_one_more_interview_is_compared_with_it_alone_without_the_codebook(monkeypatch, tmp_path):
    """The descriptions of codes took 2 of the 6 seconds of a new study."""
    records = iter(
        [
            (5.0, make_record((["book"], 2.0), (["a"], 1.0))),
            (40.0, make_record((["book"], 2.0), (["a", "b"], 1.0))),
            (4.0, make_record((["more"], 3.0))),
            (6.0, make_record((["more"], 3.0), (["book"], 2.0))),
        ]
    )
    monkeypatch.setattr(growth, "_add_and_run", lambda *_, **__: next(records))
    (tmp_path / "growth").mkdir()

    figures = growth.measure_growth(
        tmp_path / "growth", n_interviews=1, n_words=300, seed=0, report=silent
    )

    assert figures["ten_times"] == 8.0
    assert figures["one_more"] == 1.0
    assert figures["growth"]["texts_one_more"] == 1
    assert figures["growth"]["texts_alone_without_codebook"] == 1


def make_record(*calls):
    return Record(encoded=[Encoding(texts, seconds) for texts, seconds in calls])


@pytest.mark.model
def test_a_run_over_interviews_that_are_added_is_a_side_of_its_own(tmp_path):
    seconds, record = growth._add_and_run(
        tmp_path / "study", n_interviews=1, n_words=200, seed=0, prefix="talk", report=silent
    )

    assert seconds > 0
    assert record.split
    assert record.n_texts == len({text for call in record.encoded for text in call.texts}) > 0


@pytest.mark.model
@pytest.mark.prefect
def test_the_flow_and_plain_calls_encode_the_same_and_json_says_what_it_cost(monkeypatch):
    monkeypatch.setattr(flow, "measure_growth", lambda *_, **__: {"ten_times": 9.0})

    result = CliRunner().invoke(
        flow.main, ["--interviews", "1", "--words", "300", "--json"], catch_exceptions=False
    )

    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["same_texts"]
    assert figures["texts_encoded"] > figures["sentences"] > 0
    for name in ("flow_s", "plain_s", "bare_s", "prefect_s", "adding_s", "ratio"):
        assert figures[name] > 0
    assert figures["ten_times"] == 9
    assert "SYNTHETIC" in figures["note"]
    assert "cores" in figures["processor"]
