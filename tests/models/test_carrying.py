import json

import numpy as np
import pytest

from models.carrying import NEW, carry_over
from models.packing import pack_classifier
from models.probabilities import SIMILARITY
from models.stored import choose_thresholds_again, propose
from tests.models.talk import (
    ADDED,
    BREAD,
    EVERYWHERE,
    FIVE,
    N_CODES,
    NOBODY_USES,
    WEATHER,
    fitted_without_last,
    make_talk,
)

ALL = list(range(N_CODES))


def ask(stored, columns, new=0.0):
    """Ask about an interview; a new code's similarity is as given."""
    talk = make_talk().take(make_talk().rows_of(6))
    similarity = np.full((25, len(columns)), new, dtype=np.float32)
    for place, column in enumerate(columns):
        if column is not None:
            similarity[:, place] = talk.similarity[:, column]
    return propose(stored, talk.passages, similarity, group=46).chances


def test_codes_that_stay_are_as_likely_as_before_beside_a_new_one():
    stored = fitted_without_last().stored
    columns = [None, *ALL]

    carried = carry_over(stored, columns)

    assert ask(carried, columns)[:, 1:] == pytest.approx(ask(stored, ALL), abs=1e-5)


def test_codes_in_another_order_are_as_likely_as_before():
    stored = fitted_without_last().stored
    columns = [ADDED, WEATHER, FIVE, NOBODY_USES, BREAD, EVERYWHERE]

    carried = carry_over(stored, columns)

    assert ask(carried, columns) == pytest.approx(ask(stored, ALL)[:, columns], abs=1e-5)
    assert carried.choices.codes[1] == stored.choices.codes[WEATHER]


def test_a_new_code_is_proposed_by_its_description_from_the_shared_threshold():
    stored = fitted_without_last().stored
    columns = [*ALL, None]

    carried = carry_over(stored, columns)

    choice = carried.choices.codes[-1]
    assert (choice.method, choice.reason) == (SIMILARITY, NEW)
    assert choice.threshold == stored.choices.shared_threshold
    unlike, like = (ask(carried, columns, new)[:, -1] for new in (0.0, 4.0))
    assert (unlike < like).all()
    assert (unlike < choice.threshold).all()


def test_nothing_is_known_of_a_new_code():
    carried = carry_over(fitted_without_last().stored, [WEATHER, None])

    assert not carried.labels.is_known[:, 1].any()
    assert np.isnan(carried.held_out[:, 1]).all()
    assert (carried.word_weights[:, 1] == 0).all()


def test_a_removed_code_is_gone_and_the_others_are_about_as_likely():
    stored = fitted_without_last().stored
    columns = [WEATHER, BREAD, FIVE, EVERYWHERE, ADDED]

    chances = ask(carry_over(stored, columns), columns)

    assert chances.shape == (25, 5)
    assert chances == pytest.approx(ask(stored, ALL)[:, columns], abs=0.05)


def test_what_is_carried_over_can_be_stored_and_made_more_generous():
    carried = carry_over(fitted_without_last().stored, [None, WEATHER])

    generous = choose_thresholds_again(carried, generosity=3.0)

    assert generous.choices.codes[0].threshold == generous.choices.shared_threshold
    assert json.dumps(pack_classifier(generous)[1], allow_nan=False)
    assert (
        generous.thresholds <= choose_thresholds_again(carried, generosity=1.0).thresholds
    ).all()


def test_what_is_carried_over_and_back_is_as_it_was():
    stored = fitted_without_last().stored

    again = carry_over(carry_over(stored, [*ALL, None]), ALL)

    assert ask(again, ALL) == pytest.approx(ask(stored, ALL), abs=1e-6)
    assert again.choices == stored.choices
    assert again.calibration == stored.calibration
