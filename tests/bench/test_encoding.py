import numpy as np
import pytest

from bench.encoding import Sides, compare_encoders, draw_table
from models.vectors import unit_rows

TEXTS = ["tree", "river stone", "cloud"]


@pytest.fixture
def turns():
    return []


def side(turns, name, vectors):
    def encode(texts):
        turns.append(name)
        return unit_rows(np.array(vectors, dtype=np.float32)[: len(texts)])

    return encode


def test_sides_are_timed_in_turns_after_one_warm_up_each(turns):
    same = [[1, 0], [0, 1], [1, 1]]
    sides = Sides(side(turns, "A", same), side(turns, "B", same), [True] * 3)

    figures = compare_encoders(sides, TEXTS, n_rounds=2, report=lambda *_: None)

    assert turns == ["A", "B"] * 3
    assert figures["min_cosine"] == 1
    assert figures["ratio_range"][0] <= figures["ratio"] <= figures["ratio_range"][1]


def test_texts_beyond_the_window_are_counted_but_not_compared(turns):
    sides = Sides(
        side(turns, "A", [[1, 0], [0, 1], [1, 1]]),
        side(turns, "B", [[1, 0], [1, 0], [1, 1]]),
        [True, False, True],
    )

    figures = compare_encoders(sides, TEXTS, n_rounds=1, report=lambda *_: None)

    assert (figures["min_cosine"], figures["longer_than_window"]) == (1, 1)


def test_the_table_notes_that_texts_are_few():
    row = {
        "ratio": 3.2,
        "ratio_range": [3.1, 3.3],
        "min_cosine": None,
        "reference_texts_per_second": 50.0,
        "texts_per_second": 160.0,
        "longer_than_window": 3,
    }
    figures = {"texts": 3, "words": 4, "rounds": 2, "encoders": {"e5": row}, "note": "few texts"}

    table = draw_table(figures)

    assert "3.20 (3.10-3.30)" in table
    assert table.endswith("few texts")
