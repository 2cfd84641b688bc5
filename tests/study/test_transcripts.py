"""Interviews, transcript versions, turns and excerpts: the words stay what they were."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from study import tables as t
from study.cuts import publish_segmentation, segmentation_hashes, store_segmentation
from study.records import GivenExcerpt, Span, Turn
from study.transcripts import (
    find_source,
    join_excerpts,
    list_transcripts,
    read_excerpts,
    read_given,
    read_transcript,
    read_turns,
    store_interview,
    transcript_of,
)
from study.vectors import hash_text
from tests.study.synthetic import (
    COMPOSED,
    DECOMPOSED,
    NOW,
    TEXTS,
    import_coded,
    make_interview,
    rolled_back,
    texts,
)


def given_excerpts(words):
    return [GivenExcerpt(f"e{n}", n, "participant", text) for n, text in enumerate(words)]


@given(st.lists(texts, min_size=1))
def test_joined_excerpts_lie_in_the_transcript_where_their_spans_say(words):
    text, spans = join_excerpts(given_excerpts(words))

    assert [text[span.start_char : span.end_char] for span in spans] == words
    assert len(text) == sum(map(len, words)) + len(words) - 1


@settings(max_examples=25)
@given(st.lists(texts, min_size=1, max_size=6))
@example(list(TEXTS))
@example([""])
def test_every_excerpt_is_its_stretch_of_the_transcript_in_code_points(study, words):
    with rolled_back(study) as connection:
        _, version_id = store_interview(
            connection, make_interview(texts=words), source_hash="synthetic", now=NOW
        )
        text, spans = join_excerpts(given_excerpts(words))
        names, places = [f"e{n}" for n in range(len(words))], range(len(words))
        store_segmentation(
            connection,
            version_id,
            method="given",
            labels=names,
            positions=places,
            spans=spans,
            now=NOW,
        )
        publish_segmentation(connection, version_id, "given")

        transcript = read_transcript(connection, version_id)
        excerpts = read_excerpts(connection, transcript)

    assert (transcript.text, transcript.content_hash) == (text, hash_text(text))
    assert [excerpt.text for excerpt in excerpts] == words
    assert [excerpt.text_hash for excerpt in excerpts] == [hash_text(word) for word in words]
    assert all(
        excerpt.text == transcript.text[excerpt.span.start_char : excerpt.span.end_char]
        for excerpt in excerpts
    )


def test_composed_and_decomposed_letters_stay_as_they_were_given(study):
    import_coded(study, make_interview(texts=(COMPOSED, DECOMPOSED)))

    with study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        found = [excerpt.text for excerpt in read_given(connection, transcript)]

    assert found == [COMPOSED, DECOMPOSED]
    assert COMPOSED != DECOMPOSED


def test_transcripts_come_in_the_order_they_were_added(study):
    import_coded(study, make_interview("S2", language=None), make_interview("S1"))

    with study.database.read() as connection:
        transcripts = list_transcripts(connection)
        chosen = list_transcripts(connection, [transcripts[1].id])
        found = transcript_of(connection, transcripts[1].interview_id)

    assert [(item.interview, item.language) for item in transcripts] == [("S2", None), ("S1", "nl")]
    assert chosen == [found] == transcripts[1:]


def test_turns_name_their_speakers(study):
    import_coded(study, make_interview(texts=("Synthetic?", "", "Synthetic.")))

    with study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        turns = read_turns(connection, transcript.id)

    assert turns == [
        Turn("interviewer", Span(0, 10), "interviewer"),
        Turn("participant", Span(11, 11), "participant"),
        Turn("interviewer", Span(12, 22), "interviewer"),
    ]


def speakers_of(study):
    with study.database.read() as connection:
        rows = connection.execute(
            sa.select(t.speaker.c.label, t.speaker.c.role, t.participant.c.label.label("who"))
            .outerjoin(t.participant, t.participant.c.id == t.speaker.c.participant_id)
            .order_by(t.speaker.c.id)
        )
        return [tuple(row) for row in rows]


def test_participant_of_several_interviews_is_one(study):
    import_coded(study, make_interview("S1", participant="P1"))
    import_coded(study, make_interview("S2", participant="P1"))

    with study.database.read() as connection:
        assert connection.scalars(sa.select(t.participant.c.label)).all() == ["P1"]
    expected = [("interviewer", "interviewer", None), ("participant", "participant", "P1")]
    assert speakers_of(study) == expected * 2


def test_nobody_is_guessed_to_be_the_participant(study):
    interview = make_interview(texts=("Synthetic.",), participant="P1")
    excerpts = (replace(interview.excerpts[0], speaker="Sam"),)

    import_coded(study, replace(interview, excerpts=excerpts))

    assert speakers_of(study) == [("Sam", None, None), ("participant", "participant", "P1")]


def test_source_of_an_interview_is_known_by_its_hash(study):
    with study.database.write() as connection:
        store_interview(connection, make_interview("S1"), source_hash="abc", now=NOW)

        assert find_source(connection, "S1") == "abc"
        assert find_source(connection, "S2") is None


@pytest.fixture
def version_id(study):
    with study.database.write() as connection:
        _, version_id = store_interview(
            connection, make_interview(), source_hash="synthetic", now=NOW
        )
    return version_id


def cut(connection, version_id, spans, method="sentences"):
    return store_segmentation(
        connection,
        version_id,
        method=method,
        labels=[f"s{n}" for n in range(len(spans))],
        positions=range(len(spans)),
        spans=spans,
        now=NOW,
    )


def test_cut_is_seen_once_it_is_published(study, version_id):
    with study.database.write() as connection:
        ids = cut(connection, version_id, [Span(0, 4), Span(4, 9)])
        before = read_excerpts(connection, read_transcript(connection, version_id))

        publish_segmentation(connection, version_id, "sentences")

        after = read_excerpts(connection, read_transcript(connection, version_id))
    assert before == []
    assert [excerpt.id for excerpt in after] == ids


def test_latest_cut_of_a_method_is_published(study, version_id):
    with study.database.write() as connection:
        cut(connection, version_id, [Span(0, 4)])
        cut(connection, version_id, [Span(0, 5)])
        cut(connection, version_id, [Span(0, 6)], method="given")

        publish_segmentation(connection, version_id, "sentences")

        transcript = read_transcript(connection, version_id)
        assert [e.span for e in read_excerpts(connection, transcript)] == [Span(0, 5)]
        assert [e.span for e in read_given(connection, transcript)] == [Span(0, 6)]


def test_hash_of_a_cut_changes_with_its_method_and_its_spans(study, version_id):
    with study.database.write() as connection:
        for method, end in (("sentences", 4), ("sentences", 5), ("given", 4), ("sentences", 4)):
            cut(connection, version_id, [Span(0, end)], method)

        hashes = list(segmentation_hashes(connection).values())

    assert hashes[0] == hashes[3]
    assert len(set(hashes)) == 3


def test_transcript_without_words_is_cut_into_nothing(study, version_id):
    with study.database.write() as connection:
        assert cut(connection, version_id, []) == []

        publish_segmentation(connection, version_id, "sentences")

        assert read_excerpts(connection, read_transcript(connection, version_id)) == []
