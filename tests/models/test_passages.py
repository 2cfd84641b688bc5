import numpy as np

from tests.models.talk import make_talk


def test_taken_excerpts_keep_all_that_is_known_of_them():
    passages = make_talk().passages

    taken = passages.take(np.array([30, 2]))

    assert len(taken) == 2
    assert taken.texts == (passages.texts[30], passages.texts[2])
    assert (taken.vectors == passages.vectors[[30, 2]]).all()
    assert taken.interviews.tolist() == [1, 0]
    assert taken.roles.tolist() == [1, 0]
