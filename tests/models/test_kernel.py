import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import kernel
from models.features import fit_features, make_features
from models.kernel import compare
from tests.models.talk import N_EXCERPTS, N_INTERVIEWS, compare_talk, make_talk


def test_a_kernel_is_symmetric_and_positive_semi_definite():
    _, _, compared = compare_talk()

    values = np.linalg.eigvalsh(compared.kernel.astype(np.float64))

    assert compared.kernel == pytest.approx(compared.kernel.T, abs=1e-5)
    assert values.min() > -1e-4


@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.permutations(range(N_INTERVIEWS)))
def test_interviews_in_another_order_are_as_alike(order):
    _, features, compared = compare_talk()
    rows = np.concatenate([make_talk().rows_of(each) for each in order])

    permuted = compare(features.take(rows), features.take(rows))

    assert permuted == pytest.approx(compared.kernel[np.ix_(rows, rows)], abs=1e-4)


@pytest.mark.parametrize("size", [1, N_EXCERPTS, 3 * N_EXCERPTS + 1])
def test_the_size_of_the_blocks_does_not_matter(monkeypatch, size):
    _, features, compared = compare_talk()
    monkeypatch.setattr(kernel, "BLOCK", size)

    assert compare(features, features) == pytest.approx(compared.kernel, abs=1e-4)


def test_one_interview_is_compared_with_all_as_all_are():
    _, features, compared = compare_talk()
    rows = make_talk().rows_of(4)

    assert compare(features.take(rows), features) == pytest.approx(compared.kernel[rows], abs=1e-4)


def test_what_an_interview_says_changes_nothing_between_two_others():
    talk = make_talk()
    space, _, compared = compare_talk()
    passages = talk.passages
    said = tuple(
        "xylophone" if of == 3 else text
        for of, text in zip(passages.interviews, passages.texts, strict=True)
    )
    vectors = np.where((passages.interviews == 3)[:, None], -passages.vectors, passages.vectors)

    changed = make_features(
        space, type(passages)(said, vectors, passages.interviews, passages.roles)
    )

    others = np.flatnonzero(passages.interviews != 3)
    there = np.ix_(others, others)
    assert compare(changed, changed)[there] == pytest.approx(compared.kernel[there], abs=1e-4)


def test_excerpts_whose_neighbours_are_alike_are_more_alike():
    passages = make_talk().passages
    # The last excerpt of the first interview once more as the last of the second; then the one
    # before it as well.
    alone, both = (passages.vectors.copy() for _ in range(2))
    alone[49] = both[49] = passages.vectors[24]
    both[48] = passages.vectors[23]
    space, _, _ = compare_talk()

    likeness = [
        compare(features, features)[24, 49]
        for features in (
            make_features(
                space, type(passages)(passages.texts, vectors, passages.interviews, passages.roles)
            )
            for vectors in (alone, both)
        )
    ]

    assert likeness[1] > likeness[0]


def test_one_interview_of_one_excerpt_is_like_itself():
    passages = make_talk().passages.take(np.array([0]))

    features = make_features(fit_features(passages), passages)

    likeness = compare(features, features)
    assert likeness.shape == (1, 1)
    assert np.isfinite(likeness).all()
    assert likeness[0, 0] > 0


def test_nothing_is_like_nobody():
    _, features, _ = compare_talk()

    nobody = features.take(np.array([], dtype=int))

    assert compare(nobody, features).shape == (0, len(features))
    assert compare(features, nobody).shape == (len(features), 0)
