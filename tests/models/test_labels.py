import numpy as np

from models.labels import Labels

LABELS = Labels(
    targets=np.array([[1, 0.5], [0.4, 1], [0, 1]], dtype=np.float32),
    is_known=np.array([[True, True], [True, False], [True, True]]),
    weights=np.array([2.0, 1.0, 0.0]),
    groups=np.array([7, 7, 9]),
)


def test_an_excerpt_has_a_code_that_is_known_and_rather_there_than_not():
    assert LABELS.has_code.tolist() == [[True, True], [False, False], [False, True]]


def test_only_known_labels_of_excerpts_that_stand_for_some_count_in_judging():
    assert LABELS.is_judged.tolist() == [[True, True], [True, False], [False, False]]


def test_taken_labels_are_those_of_the_excerpts_taken():
    taken = LABELS.take(np.array([2, 0]))

    assert taken.targets.tolist() == [[0, 1], [1, 0.5]]
    assert taken.is_known.all()
    assert taken.weights.tolist() == [0, 2]
    assert taken.groups.tolist() == [9, 7]
