"""Facts about groups of like meaning; all words are synthetic."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import gaps
from models.gaps import centre_rows, count_fewest, find_common_words, group_by_meaning
from models.vectors import unit_rows

DIM = 16


def make_vectors(kinds, *, noise=0.1, seed=0):
    """Make a row near the direction of each kind; a kind of None lies anywhere."""
    random = np.random.default_rng(seed)
    directions = np.eye(DIM)
    rows = [
        random.normal(size=DIM) if kind is None else directions[kind] for kind in kinds
    ] + noise * random.normal(size=(len(kinds), DIM))
    return unit_rows(rows.astype(np.float32))


def centred(kinds, **how):
    return centre_rows(make_vectors(kinds, **how), np.zeros(len(kinds), dtype=np.int64))


def group(kinds, participants, *, loose=None, **how):
    rows = np.arange(len(kinds)) if loose is None else np.array(loose)
    return group_by_meaning(centred(kinds, **how), rows, np.array(participants))


def test_excerpts_of_like_meaning_are_one_group_across_participants():
    groups = group([0, 1, 2, 3] * 4, [0, 0, 1, 1, 2, 2, 3, 3] * 2)

    assert sorted(sorted(found.rows.tolist()) for found in groups) == [
        [kind, kind + 4, kind + 8, kind + 12] for kind in range(4)
    ]
    assert all(found.cohesion > 0.5 for found in groups)


def test_what_one_participant_alone_says_is_no_group():
    kinds, participants = [0] * 4 + [1] * 4, [0] * 4 + [1, 1, 2, 2]

    groups = group(kinds + [2, 3] * 4, participants + [3] * 4 + [4] * 4)

    assert all(0 not in found.rows for found in groups)
    assert any(set(found.rows) == {4, 5, 6, 7} for found in groups)


def test_group_needs_fewer_excerpts_where_few_fit_no_code():
    assert (count_fewest(49), count_fewest(50)) == (3, 5)


def test_four_excerpts_are_no_group_among_many():
    kinds = [0] * 4 + [None] * 50

    groups = group(kinds, list(range(len(kinds))))

    assert all(not set(found.rows) <= {0, 1, 2, 3} for found in groups)


def test_groups_of_most_participants_come_first_and_then_the_larger():
    kinds = [0] * 6 + [1] * 4 + [2] * 5 + [3, 4, 5, 6]
    participants = [0, 1] * 3 + [0, 1, 2, 3] + [0, 1, 0, 1, 0] + [0, 1, 0, 1]

    groups = group(kinds, participants)

    assert [(found.n_participants, len(found.rows)) for found in groups] == [(4, 4), (2, 6), (2, 5)]


def test_most_central_excerpt_leads():
    vectors = centred([0, 1, 2, 3] * 5)

    (found, *_) = group_by_meaning(vectors, np.arange(20), np.arange(20))

    to_mean = vectors[found.rows] @ vectors[found.rows].mean(axis=0)
    assert to_mean.tolist() == sorted(to_mean, reverse=True)


@pytest.mark.parametrize("loose", [[], [0], [0, 1]])
def test_too_few_excerpts_have_no_group(loose):
    assert group([0, 0, 0, 1], [0, 1, 2, 3], loose=np.array(loose, dtype=np.int64)) == ()


def test_only_loose_excerpts_are_grouped():
    groups = group([0, 1, 2] * 6, list(range(18)), loose=[0, 3, 6, 7, 8])

    assert [sorted(found.rows.tolist()) for found in groups] == [[0, 3, 6]]


def test_languages_are_centred_each_by_itself():
    kinds = np.array([0, 0, 1, 1])
    vectors = make_vectors([0, 1, 2, 3])

    rows = centre_rows(vectors, kinds)

    assert np.allclose(rows[0], -rows[1], atol=1e-5)
    assert np.allclose(rows[2], -rows[3], atol=1e-5)


def test_beyond_what_is_compared_the_others_join_the_nearest_group(monkeypatch):
    kinds = [0, 1, 2, 3] * 6
    whole = group(kinds, list(range(24)))
    monkeypatch.setattr(gaps, "MOST_COMPARED", 17)

    thinned = group(kinds, list(range(24)))

    assert {frozenset(found.rows) for found in thinned} == {frozenset(f.rows) for f in whole}


def test_who_lies_near_no_group_joins_none(monkeypatch):
    monkeypatch.setattr(gaps, "MOST_COMPARED", 16)
    kinds = [0, 1] * 15 + [7]
    loose = [*range(0, 29), 30]

    groups = group(kinds, list(range(31)), loose=loose, noise=0.05)

    assert all(30 not in found.rows for found in groups)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from([None, 0, 1, 2]), st.integers(0, 4)), min_size=3, max_size=70
    )
)
def test_groups_never_share_an_excerpt_and_are_the_same_again(drawn):
    kinds, participants = [kind for kind, _ in drawn], [who for _, who in drawn]

    groups, again = group(kinds, participants), group(kinds, participants)

    rows = [row for found in groups for row in found.rows.tolist()]
    assert len(rows) == len(set(rows))
    assert all(len(found.rows) >= count_fewest(len(kinds)) for found in groups)
    assert all(found.n_participants >= 2 for found in groups)
    assert [found.rows.tolist() for found in groups] == [found.rows.tolist() for found in again]


def words_of(texts, rows, *, participants=None, dropped=()):
    members = gaps.Group(np.array(rows), n_participants=2, cohesion=0.5)
    who = np.arange(len(texts)) if participants is None else np.array(participants)
    return find_common_words(texts, [members], who, dropped=dropped)[0]


TEXTS = [
    "Synthetic: the bus was late, the bus!",
    "The bus came late (laughs) for [CHILD_1]",
    "Late bus, I didn't wait",
    "The garden was nice",
    "The garden had the flowers, I didn't mind",
]


def test_common_words_set_a_group_apart_from_all_other_excerpts():
    assert words_of(TEXTS, [0, 1, 2]) == ("bus", "late")


def test_word_of_one_participant_alone_is_not_told():
    assert words_of(TEXTS, [0, 1, 2], participants=[0, 0, 0, 1, 2]) == ()


def test_function_words_and_their_endings_are_dropped():
    texts = ["I didn't bus", "we didn't bus", "garden", "flowers"]

    assert words_of(texts, [0, 1], dropped={"n't", "we"}) == ("bus",)
    assert words_of(texts, [0, 1]) == ("bus", "didn't")


def test_pseudonyms_and_remarks_are_no_words():
    texts = ["[CHILD_1] bus (laughs)", "[CHILD_1] bus (laughs)", "garden"]

    assert words_of(texts, [0, 1]) == ("bus",)
