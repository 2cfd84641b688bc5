"""Words are found whatever their case and accents, where they stand; all were invented."""

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from study import tables as t
from study.records import Span
from study.searching import compile_search, find_marked, find_places, find_words, fold, list_queued
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import import_coded, make_interview, rolled_back, set_desk, texts


def found(text, words, **chosen):
    spans = find_words(text, compile_search(words, **chosen))
    return [text[span.start_char : span.end_char] for span in spans]


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("Café en CAFE", "cafe", ["Café", "CAFE"]),
        ("cafe\u0301 en cafe", "CAFÉ", ["cafe\u0301", "cafe"]),
        ("een oﬃce", "office", ["oﬃce"]),
        ("aﬁb", "i", ["ﬁ"]),
        ("in İstanbul", "istanbul", ["İstanbul"]),
        ("de Straße op", "STRASSE", ["Straße"]),
        ("👩\u200d👧 één 🏠 keer", "een 🏠", ["één 🏠"]),
        ("zo ’s avonds", "'s avonds", ["’s avonds"]),
        ("af\u00adbreken", "afbreken", ["af\u00adbreken"]),
        ("mm–hm", "mm-hm", ["mm–hm"]),
        ("ĳs en ijs", "ijs", ["ĳs", "ijs"]),
    ],
)
def test_signs_that_are_written_otherwise_are_found_whole(text, words, said):
    assert found(text, words) == said


def test_words_in_a_row_are_found_over_any_white_space():
    assert found("toen\r\nzei ze,\u00a0toen  zei", " toen zei ") == ["toen\r\nzei", "toen  zei"]


def test_whole_words_are_found_by_themselves_only():
    assert found("zee, zeer en zee!", "zee", is_whole_words=True) == ["zee", "zee"]
    assert found("zee, zeer", "zee") == ["zee", "zee"]


def test_signs_of_a_pattern_stand_for_themselves():
    assert found("a.c abc (a", "a.c") == ["a.c"]
    assert found("a.c abc (a", "(a") == ["(a"]


@pytest.mark.parametrize("words", ["", " ", "\u0301", "\u200d \u00ad"])
def test_nothing_to_search_for_is_refused(words):
    with pytest.raises(ValueError, match="nothing to search for"):
        compile_search(words)


@given(texts, st.data())
@example("İİﬁe\u0301🙂", None)
def test_every_stretch_of_a_text_is_found_in_it(text, data):
    start = data.draw(st.integers(0, len(text))) if data else 1
    end = data.draw(st.integers(start, len(text))) if data else 4
    if not fold(text[start:end]).split():
        return
    words = text[start:end].strip()

    spans = find_words(text, compile_search(words))

    assert all(0 <= span.start_char < span.end_char <= len(text) for span in spans)
    assert [s.end_char for s in spans[:-1]] <= [s.end_char for s in spans[1:]]
    wanted = "".join(fold(words).split())
    assert all(wanted in "".join(fold(text[s.start_char : s.end_char]).split()) for s in spans)
    assert spans


@given(texts)
def test_folding_sign_by_sign_gives_the_folded_text(text):
    assert fold(text) == "".join(fold(sign) for sign in text)


@pytest.fixture
def desk(study):
    import_coded(study, make_interview(), make_interview("S2"))
    with study.database.write() as connection:
        return set_desk(connection)


def test_only_transcripts_of_the_coders_queue_are_searched(study, desk):
    with rolled_back(study) as connection:
        assert [each.interview for each in list_queued(connection, desk.coder_id)] == ["S1", "S2"]
        connection.execute(
            sa.delete(t.queue_item).where(
                t.queue_item.c.interview_id
                == sa.select(t.interview.c.id).where(t.interview.c.label == "S1").scalar_subquery()
            )
        )

        assert [each.interview for each in list_queued(connection, desk.coder_id)] == ["S2"]


def test_words_have_the_excerpt_and_the_turn_that_hold_their_beginning(study, desk):
    with study.database.read() as connection:
        transcript = list_transcripts(connection)[0]
        excerpts = read_excerpts(connection, transcript)
        third = excerpts[2].span
        spans = [Span(third.start_char + 1, third.end_char), Span(0, 3)]
        last = Span(len(transcript.text) - 1, len(transcript.text))

        places = find_places(connection, transcript, [*spans, last])

    assert [place.number for place in places] == [3, 1, len(excerpts)]
    assert places[0].excerpt_id == excerpts[2].id
    assert places[0].frame == third
    assert places[0].near == tuple(each.id for each in excerpts[1:4])
    assert places[1].near == tuple(each.id for each in excerpts[:2])
    assert places[0].turn.span == third
    assert places[0].turn.speaker == "interviewer"
    assert places[1].turn.speaker == "interviewer"


def test_no_excerpt_is_in_hand_where_nothing_was_marked(study, desk):
    with study.database.read() as connection:
        ids = [each.id for each in list_transcripts(connection)]

        assert find_marked(connection, desk.coder_id, ids) == frozenset()
