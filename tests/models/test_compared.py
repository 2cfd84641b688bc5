import numpy as np
import pytest

from models.compared import compare_all
from models.kernel import compare
from models.nearest import find_nearest
from models.ridge import invert
from tests.models.talk import compare_talk, make_talk


def test_every_fit_starts_from_one_comparison_of_all_with_all():
    _, features, compared = compare_talk()
    groups = make_talk().groups

    assert len(compared) == len(features)
    assert compared.kernel == pytest.approx(compare(features, features), abs=1e-4)
    assert compared.inverse == pytest.approx(invert(compared.kernel), abs=1e-5)
    nearest = find_nearest(features.meaning, features.meaning, groups, groups)
    assert compared.nearest.cosines == pytest.approx(nearest.cosines, abs=1e-5)


def test_one_interview_alone_is_compared_with_itself():
    talk = make_talk()
    _, features, _ = compare_talk()
    rows = talk.rows_of(0)

    compared = compare_all(features.take(rows), talk.groups[rows], seed=0)

    assert len(compared) == len(rows)
    assert (compared.nearest.cosines == -1).all()
    assert np.isfinite(compared.components.points).all()
