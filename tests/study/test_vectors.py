"""One vector per distinct text and encoder, kept in half precision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study import vectors as vectors_module
from study.vectors import (
    find_encoder,
    hash_text,
    missing_texts,
    read_vectors,
    store_encoder,
    store_vectors,
)
from tests.study.synthetic import COMPOSED, DECOMPOSED, TEXTS, rolled_back


def unit_rows(n_rows, n_dimensions, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n_rows, n_dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def encoder_id(study):
    with study.database.write() as connection:
        return store_encoder(connection, "synthetic-encoder", "1")


@settings(max_examples=20)
@given(st.integers(1, 12), st.integers(2, 400), st.integers(0, 2**32 - 1))
def test_stored_vectors_point_where_they_pointed(study, encoder_id, n_rows, n_dimensions, seed):
    given_rows = unit_rows(n_rows, n_dimensions, seed)
    hashes = [hash_text(f"Synthetic {number}") for number in range(n_rows)]

    with rolled_back(study) as connection:
        store_vectors(connection, encoder_id, hashes, given_rows)
        found = read_vectors(connection, encoder_id, hashes)

    assert (found.shape, found.dtype) == (given_rows.shape, np.float32)
    assert np.sum(found * given_rows, axis=1).min() >= 0.99999
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_vectors_come_in_the_order_asked_for_and_as_often(study, encoder_id):
    rows, hashes = unit_rows(3, 8), ["a", "b", "c"]
    with study.database.write() as connection:
        store_vectors(connection, encoder_id, hashes, rows)

        found = read_vectors(connection, encoder_id, ["c", "a", "c"])

    np.testing.assert_allclose(found, rows[[2, 0, 2]], atol=1e-3)


def test_text_without_a_vector_is_an_error(study, encoder_id):
    with study.database.read() as connection, pytest.raises(KeyError, match="nowhere"):
        read_vectors(connection, encoder_id, ["nowhere"])


def test_no_texts_have_no_vectors(study, encoder_id):
    with study.database.write() as connection:
        store_vectors(connection, encoder_id, [], np.zeros((0, 8), dtype=np.float32))

        assert read_vectors(connection, encoder_id, []).shape == (0, 0)


def test_missing_texts_are_distinct_and_in_first_seen_order(study, encoder_id):
    with study.database.write() as connection:
        store_vectors(connection, encoder_id, [hash_text(TEXTS[1])], unit_rows(1, 8))

        missing = missing_texts(connection, encoder_id, [*reversed(TEXTS), *TEXTS])

    expected = [text for text in reversed(TEXTS) if text != TEXTS[1]]
    assert list(missing.values()) == expected
    assert list(missing) == [hash_text(text) for text in expected]


def test_more_texts_than_one_statement_may_name_are_looked_up(study, encoder_id, monkeypatch):
    monkeypatch.setattr(vectors_module, "CHUNK", 2)
    hashes = list("abcde")
    with study.database.write() as connection:
        store_vectors(connection, encoder_id, hashes, unit_rows(5, 8))

        assert read_vectors(connection, encoder_id, hashes).shape == (5, 8)


def test_texts_are_told_apart_by_their_code_points():
    assert hash_text(COMPOSED) != hash_text(DECOMPOSED)
    assert hash_text("a\r\n") != hash_text("a\n")


def test_encoder_is_one_row_per_name_and_revision(study, encoder_id):
    with study.database.write() as connection:
        again = store_encoder(connection, "synthetic-encoder", "1")
        newer = store_encoder(connection, "synthetic-encoder", "2")

        assert find_encoder(connection, "synthetic-encoder", "2") == newer
        assert find_encoder(connection, "synthetic-encoder", "3") is None
    assert again == encoder_id != newer


def test_vectors_of_two_encoders_do_not_mix(study, encoder_id):
    rows = unit_rows(2, 8)
    with study.database.write() as connection:
        other = store_encoder(connection, "other-encoder", "1")
        store_vectors(connection, encoder_id, ["a"], rows[:1])
        store_vectors(connection, other, ["a"], rows[1:])

        found = read_vectors(connection, other, ["a"])

    np.testing.assert_allclose(found, rows[1:], atol=1e-3)
