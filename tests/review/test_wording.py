"""Strength in five steps."""

import pytest

from review.wording import measure_strength


@pytest.mark.parametrize(
    ("score", "steps"), [(-1, 1), (1.0, 1), (1.25, 2), (1.5, 3), (2.0, 4), (2.5, 5), (9, 5)]
)
def test_a_score_is_one_of_five_steps(score, steps):
    assert measure_strength(score) == steps
