"""All data here are synthetic: words drawn at random."""

import pytest

from bench.curve import list_sizes, measure_curve, relate_to_full
from bench.methods import Outcome


def silent(*_):
    pass


@pytest.mark.parametrize(
    ("n_groups", "sizes"),
    [(1, []), (2, []), (3, [2]), (4, [2]), (5, [2, 4]), (17, [2, 4, 8, 16])],
)
def test_sizes_double_and_leave_a_group(n_groups, sizes):
    assert list_sizes(n_groups) == sizes


def test_a_draw_is_measured_on_all_that_it_does_not_learn_from(made_data):
    data, seen = made_data(5, 20), []

    def guess_right(data, split):
        seen.append((set(split.train), set(split.test)))
        labels = data.labels[split.test]
        return Outcome(labels.astype("float32"), labels)

    points = measure_curve(data, guess_right, [0, 1], n_draws=3, report=silent)

    assert [(point["map"], point["macro_f1"], point["rec3"]) for point in points] == [(1, 1, 1)] * 2
    assert all(not train & test and len(train | test) == 100 for train, test in seen)
    assert [len(train) for train, _ in seen] == [40] * 3 + [80] * 3
    assert seen[0][0] < seen[3][0]
    assert len({frozenset(train) for train, _ in seen[:3]}) > 1


def test_what_cannot_be_measured_is_none(made_data):
    data = made_data(3, 5)

    points = measure_curve(
        data,
        lambda data, split: Outcome(data.labels[split.test].astype("float32")),
        [],
        n_draws=1,
        report=silent,
    )

    assert (points[0]["map"], points[0]["macro_f1"], points[0]["rec3"]) == (None, None, None)
    assert relate_to_full(points, 0.5)[0]["share_of_full"] is None


def test_a_point_is_a_share_of_the_full_value():
    assert relate_to_full([{"map": 0.3}], 0.6)[0]["share_of_full"] == 0.5
    assert relate_to_full([{"map": 0.3}], None)[0]["share_of_full"] is None
