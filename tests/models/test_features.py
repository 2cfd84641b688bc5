from dataclasses import fields, replace

import numpy as np
import pytest

from models.features import LEAST_ROLE_SHARE, MOST_ROLES, fit_features, make_features
from models.passages import NOBODY
from tests.models.talk import N_EXCERPTS, compare_talk, make_talk

SPARSE = ("words", "letters")


def as_dense(features, name):
    values = getattr(features, name)
    return values.toarray() if name in SPARSE else values


def assert_same(left, right):
    for field in fields(left):
        ours, theirs = as_dense(left, field.name), as_dense(right, field.name)
        assert ours == pytest.approx(theirs, abs=1e-6), field.name


def test_an_interview_alone_is_described_as_among_the_others():
    talk = make_talk()
    space, features, _ = compare_talk()
    rows = talk.rows_of(2)

    assert_same(make_features(space, talk.passages.take(rows)), features.take(rows))


def test_interviews_in_another_order_are_described_the_same():
    talk = make_talk()
    space, features, _ = compare_talk()
    rows = np.concatenate([talk.rows_of(each) for each in (5, 0, 7, 3, 1, 2, 6, 4)])

    assert_same(make_features(space, talk.passages.take(rows)), features.take(rows))


def test_meaning_and_what_stands_around_it_are_of_length_one():
    _, features, _ = compare_talk()

    assert len(features) == len(make_talk().passages)
    assert np.linalg.norm(features.meaning, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(features.around, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_is_said_after_an_excerpt_is_no_part_of_what_had_been_said():
    talk = make_talk()
    space, features, _ = compare_talk()
    vectors = talk.passages.vectors.copy()
    vectors[20:N_EXCERPTS] = -vectors[20:N_EXCERPTS]

    changed = make_features(space, replace(talk.passages, vectors=vectors))

    assert (changed.by_role[:, :20] == features.by_role[:, :20]).all()
    assert (changed.by_role[:, 20:N_EXCERPTS] != features.by_role[:, 20:N_EXCERPTS]).any()
    assert (changed.around[:20] != features.around[:20]).any()


def test_another_interview_changes_nothing_around_an_excerpt():
    talk = make_talk()
    space, features, _ = compare_talk()
    vectors = talk.passages.vectors.copy()
    vectors[N_EXCERPTS : 2 * N_EXCERPTS] *= -1

    changed = make_features(space, replace(talk.passages, vectors=vectors))

    others = np.flatnonzero(talk.passages.interviews != 1)
    assert_same(changed.take(others), features.take(others))


def test_a_role_that_has_not_spoken_yet_is_like_every_role_that_has_not():
    _, features, _ = compare_talk()
    starts = np.arange(8) * N_EXCERPTS

    silent = features.by_role[1, starts]

    assert (silent == silent[0]).all()


def test_speakers_are_those_of_the_excerpt_and_of_its_neighbours_in_the_interview():
    _, features, _ = compare_talk()
    beside = np.sqrt(0.5)

    first, second = features.speakers[:2]

    assert first == pytest.approx([1, 0, 0, 0, 0, beside])
    assert second == pytest.approx([0, 1, beside, 0, beside, 0])
    assert features.speakers[N_EXCERPTS, 2:4].tolist() == [0, 0]
    assert features.speakers[N_EXCERPTS - 1, 4:].tolist() == [0, 0]


def test_position_goes_from_beginning_to_end_of_each_interview():
    _, features, _ = compare_talk()

    position = features.position.reshape(8, N_EXCERPTS)

    assert position[0] == pytest.approx(np.linspace(0, 1, N_EXCERPTS))
    assert (position == position[0]).all()


def test_an_interview_of_one_excerpt_begins_where_it_ends():
    passages = make_talk().passages
    space, _, _ = compare_talk()

    features = make_features(space, passages.take(np.array([0])))

    assert features.position.tolist() == [0]
    assert features.speakers[:, 2:].tolist() == [[0, 0, 0, 0]]


def test_where_no_roles_are_known_nobody_is_the_one_role():
    passages = make_talk().passages
    unknown = replace(passages, roles=np.full(len(passages), NOBODY))

    space = fit_features(unknown)

    assert space.roles.tolist() == [NOBODY]
    assert make_features(space, unknown).speakers.shape == (len(passages), 3)


def test_the_commonest_roles_are_told_apart_and_rare_ones_are_nobodys():
    passages = make_talk().passages
    roles = np.repeat(np.arange(8), N_EXCERPTS)
    roles[:N_EXCERPTS] = 1
    few = int(LEAST_ROLE_SHARE * len(roles)) - 1
    rare = replace(passages, roles=np.r_[np.full(few, 9), np.zeros(len(roles) - few, dtype=int)])

    assert len(fit_features(replace(passages, roles=roles)).roles) == MOST_ROLES
    assert fit_features(rare).roles.tolist() == [0]


def test_of_roles_that_are_all_rare_the_commonest_are_told_apart():
    passages = make_talk().passages

    space = fit_features(replace(passages, roles=np.arange(len(passages))))

    assert len(space.roles) == MOST_ROLES
    assert np.isfinite(make_features(space, passages).by_role).all()


def test_blank_texts_are_described_by_the_rest():
    passages = make_talk().passages
    blank = replace(passages, texts=(" ",) * len(passages))

    features = make_features(fit_features(blank), blank)

    assert features.words.shape == (len(passages), 0)
    assert features.letters.shape == (len(passages), 0)
    assert np.isfinite(features.around).all()


def test_an_interview_without_excerpts_has_no_features():
    space, _, _ = compare_talk()

    features = make_features(space, make_talk().passages.take(np.array([], dtype=int)))

    assert len(features) == 0
    assert features.by_role.shape == (2, 0, features.meaning.shape[1])
