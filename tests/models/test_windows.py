import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.windows import TokenRules, cut_windows, make_batches, pad_batch, pool_windows

RULES = TokenRules(prefix="", max_tokens=6, n_lead=1, n_trail=1, pad_id=9)


def test_a_text_over_the_limit_is_cut_into_windows_with_their_special_tokens():
    text = [101, 1, 2, 3, 4, 5, 6, 102]

    windows = cut_windows([text, [101, 7, 102]], RULES)

    assert windows.ids == [[101, 1, 2, 3, 4, 102], [101, 5, 6, 102], [101, 7, 102]]
    assert windows.owners == [0, 0, 1]


def test_without_a_limit_every_text_is_one_window():
    rules = TokenRules(prefix="", max_tokens=None, n_lead=1, n_trail=1, pad_id=9)

    windows = cut_windows([list(range(100))], rules)

    assert len(windows.ids) == 1


def test_a_text_without_any_token_gets_a_finite_unit_vector():
    windows = cut_windows([[], [5]], RULES)

    pooled = pool_windows(np.array([[0, 2]], dtype=np.float32), windows)

    assert np.allclose(np.linalg.norm(pooled, axis=1), 1)
    assert pooled[1].tolist() == [0, 1]


def test_windows_are_weighted_by_their_token_count():
    windows = cut_windows([[101, 1, 2, 3, 4, 5, 102]], RULES)

    pooled = pool_windows(np.eye(2, dtype=np.float32), windows)

    assert np.allclose(pooled, np.array([[6, 3]]) / np.sqrt(45))


def test_padding_is_masked():
    ids, mask = pad_batch([[1, 2, 3], [4]], pad_id=9)

    assert ids.tolist() == [[1, 2, 3], [4, 9, 9]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=50))
def test_no_token_is_dropped_and_every_window_is_in_one_batch(lengths):
    texts = [[101, *range(n), 102] for n in lengths]

    windows = cut_windows(texts, RULES)
    batches = make_batches(windows.ids, max_batch_tokens=12)

    heard = [[] for _ in texts]
    for owner, ids in zip(windows.owners, windows.ids, strict=True):
        heard[owner].extend(ids[1:-1])
    assert heard == [text[1:-1] for text in texts]
    assert sorted(row for rows in batches for row in rows) == list(range(len(windows.ids)))
    assert all(len(each) * max(len(windows.ids[i]) for i in each) <= 12 for each in batches)


def test_no_row_of_a_batch_is_padded_by_more_than_a_third():
    ids = [list(range(n)) for n in (100, 90, 76, 74, 60, 10, 9, 3)]

    batches = make_batches(ids, max_batch_tokens=1000)

    lengths = [[len(ids[row]) for row in rows] for rows in batches]
    assert lengths == [[100, 90, 76], [74, 60], [10, 9], [3]]
