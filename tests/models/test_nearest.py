import numpy as np
import pytest

from models.nearest import N_NEAREST, N_VOTES, Nearest, find_nearest, score_nearest
from tests.models.talk import compare_talk, make_talk

YES = np.array([True])


def find_all(meaning, groups):
    return find_nearest(meaning, meaning, groups, groups)


def one_vote(cosine, target):
    nearest = Nearest(np.array([[0]]), np.array([[cosine]], dtype=np.float32))
    return float(score_nearest(nearest, np.array([[target]]), YES[None], YES)[0, 0])


def test_the_nearest_of_other_groups_come_nearest_first():
    _, features, _ = compare_talk()
    groups = make_talk().groups

    nearest = find_all(features.meaning, groups)

    assert nearest.rows.shape == (len(groups), N_NEAREST)
    assert (groups[nearest.rows] != groups[:, None]).all()
    assert (np.diff(nearest.cosines, axis=1) <= 0).all()
    cosines = features.meaning @ features.meaning.T
    cosines[groups[:, None] == groups[None]] = -1
    assert nearest.cosines == pytest.approx(-np.sort(-cosines, axis=1)[:, :N_NEAREST], abs=1e-5)


def test_where_there_are_few_others_the_rest_is_marked_as_none():
    vectors = np.eye(3, dtype=np.float32)

    nearest = find_all(vectors, np.array([1, 1, 2]))

    assert nearest.rows.shape == (3, 3)
    assert nearest.cosines.tolist() == [[0, -1, -1], [0, -1, -1], [0, 0, -1]]


def test_with_nobody_of_another_group_nobody_votes():
    vectors = np.eye(3, dtype=np.float32)
    nearest = find_all(vectors, np.zeros(3, dtype=int))

    scores = score_nearest(nearest, np.ones((3, 1)), np.ones((3, 1), dtype=bool), np.ones(3, bool))

    assert (scores == 0).all()


def test_taken_excerpts_keep_their_nearest():
    nearest = find_all(np.eye(3, dtype=np.float32), np.arange(3))

    taken = nearest.take(np.array([2]))

    assert (taken.rows == nearest.rows[[2]]).all()
    assert (taken.cosines == nearest.cosines[[2]]).all()


def test_the_nearer_the_excerpt_with_the_code_the_higher_the_score():
    # By hand: exp(10 (c - 1)) / (exp(10 (c - 1)) + exp(-5)).
    assert one_vote(1.0, 1.0) == pytest.approx(1 / (1 + np.exp(-5)))
    assert one_vote(0.5, 1.0) == pytest.approx(1 / 2)
    assert one_vote(0.0, 1.0) < 0.01
    assert one_vote(1.0, 0.0) == 0


def test_only_what_was_learnt_from_and_is_known_votes():
    nearest = Nearest(np.array([[0, 1, 2]]), np.array([[0.9, 0.9, 0.9]], dtype=np.float32))
    is_known = np.array([[True], [False], [True]])
    is_learnt = np.array([True, True, False])

    base = score_nearest(nearest, np.array([[1.0], [0.0], [0.0]]), is_known, is_learnt)
    changed = score_nearest(nearest, np.array([[1.0], [1.0], [1.0]]), is_known, is_learnt)

    assert base == changed
    assert base > 0.9


def test_only_so_many_vote():
    rows = np.arange(N_VOTES + 5)[None]
    nearest = Nearest(rows, np.full(rows.shape, 0.9, dtype=np.float32))
    targets = (np.arange(N_VOTES + 5) >= N_VOTES).astype(np.float32)[:, None]

    scores = score_nearest(nearest, targets, targets >= 0, targets[:, 0] >= 0)

    assert (scores == 0).all()


def test_votes_are_shares():
    _, features, compared = compare_talk()
    labels = make_talk().labels

    scores = score_nearest(
        compared.nearest, labels.targets, labels.is_known, np.ones(len(features), dtype=bool)
    )

    assert scores.min() >= 0
    assert scores.max() <= 1
