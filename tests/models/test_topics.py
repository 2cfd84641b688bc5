"""Facts about cutting by size and topic; vectors are drawn at random, no text is behind them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.topics import PieceSize, compare_sides, cut_by_topic, make_size, pack_evenly
from models.vectors import unit_rows

SIZE = PieceSize(min_words=10, target_words=40, max_words=80)
some_words = st.lists(st.integers(1, 100), max_size=40)
some_sizes = st.builds(
    make_size,
    min_words=st.integers(1, 60),
    target_words=st.integers(1, 60),
    max_words=st.integers(1, 60),
)


def draw_vectors(n, *, topics=None):
    """Draw unit vectors, near to one direction for each topic."""
    rng = np.random.default_rng(3)
    middles = rng.normal(size=(10, 16))
    places = middles[topics] if topics else np.zeros((n, 16))
    return unit_rows((places + 0.3 * rng.normal(size=(n, 16))).astype(np.float32))


def sizes_of(ends, n_words):
    return [sum(n_words[a:b]) for a, b in zip([0, *ends], ends, strict=False)]


def test_cut_falls_where_the_topic_moves():
    vectors = draw_vectors(10, topics=[0, 0, 0, 0, 0, 0, 1, 1, 1, 1])

    assert cut_by_topic(vectors, [8] * 10, SIZE) == [6, 10]


def test_what_is_within_reach_of_the_target_is_not_cut_whatever_its_topics():
    vectors = draw_vectors(4, topics=[0, 0, 1, 1])

    assert cut_by_topic(vectors, [12] * 4, SIZE) == [4]


def test_moving_topic_never_makes_a_piece_that_is_too_short():
    vectors = draw_vectors(10, topics=[0, 1, 1, 1, 1, 1, 1, 1, 1, 2])

    assert min(sizes_of(cut_by_topic(vectors, [8] * 10, SIZE), [8] * 10)) >= 10


def test_sides_are_alike_within_a_topic_and_unlike_between_two():
    alike = compare_sides(draw_vectors(8, topics=[0] * 4 + [1] * 4), [10] * 8)

    assert alike.shape == (9,)
    assert alike[[0, 8]].tolist() == [1, 1]
    assert alike.argmin() == 4
    assert alike[2] > 0.7


def test_even_pieces_are_nearer_to_the_target_than_full_pieces_and_a_rest():
    assert sizes_of(pack_evenly([10] * 9, SIZE), [10] * 9) == [40, 50]


def test_sizes_that_contradict_each_other_are_brought_into_order():
    assert make_size(min_words=50, target_words=30, max_words=400) == PieceSize(50, 50, 400)
    assert make_size(min_words=50, target_words=30, max_words=20) == PieceSize(20, 20, 20)


@pytest.mark.parametrize(
    "cut", [pack_evenly, lambda n, size: cut_by_topic(draw_vectors(0), n, size)]
)
def test_nothing_is_cut_into_nothing(cut):
    assert cut([], SIZE) == []


@given(some_words, some_sizes)
def test_pieces_hold_every_sentence_once_and_only_a_single_sentence_is_too_long(n_words, size):
    vectors = draw_vectors(len(n_words))

    for ends in (pack_evenly(n_words, size), cut_by_topic(vectors, n_words, size)):
        assert ends == sorted(set(ends))
        assert (ends[-1] if ends else 0) == len(n_words)
        for start, end in zip([0, *ends], ends, strict=False):
            assert end - start == 1 or sum(n_words[start:end]) <= size.max_words


@given(some_words, some_sizes)
def test_same_vectors_are_cut_at_the_same_places(n_words, size):
    vectors = draw_vectors(len(n_words))

    assert cut_by_topic(vectors, n_words, size) == cut_by_topic(vectors.copy(), n_words, size)


@given(st.lists(st.integers(1, 9), min_size=9, max_size=40), st.integers(1, 12))
def test_piece_is_too_short_only_where_its_neighbours_are_too_long_to_take_it(n_words, least):
    size = make_size(min_words=least, target_words=20, max_words=40)
    vectors = draw_vectors(len(n_words))

    for ends in (pack_evenly(n_words, size), cut_by_topic(vectors, n_words, size)):
        assert len(ends) == 1 or min(sizes_of(ends, n_words)) >= least
