from dataclasses import replace

import numpy as np
import pytest

from models.passages import NOBODY
from models.probabilities import SIMILARITY
from models.training import train
from tests.models.talk import (
    ADDED,
    EVERYWHERE,
    FIVE,
    N_CODES,
    NOBODY_USES,
    WEATHER,
    compare_talk,
    fit_talk,
    fitted_talk,
    fitted_without_last,
    make_talk,
)


def test_every_excerpt_with_a_label_is_learnt_from_and_held_out_once():
    talk, trained = make_talk(), fitted_talk().trained

    assert trained.rows.tolist() == list(range(len(talk.passages)))
    assert trained.classifier.is_learnt.all()
    assert sorted(set(trained.folds.tolist())) == [0, 1, 2, 3, 4]


def test_no_group_is_in_two_folds():
    trained = fitted_talk().trained

    pairs = set(zip(make_talk().groups.tolist(), trained.folds.tolist(), strict=True))

    assert len(pairs) == len(set(make_talk().groups))


def test_excerpts_without_a_known_label_are_left_out():
    trained = fitted_without_last().trained
    rest = make_talk().rows_of(6, 7)

    assert not np.isin(trained.rows, rest).any()
    assert not trained.classifier.is_learnt[rest].any()
    assert len(trained.chances) == len(trained.rows)


def test_what_an_excerpt_is_labelled_does_not_reach_what_is_said_of_it():
    talk, (_, _, compared) = make_talk(), compare_talk()
    trained = fitted_talk().trained
    rows = talk.rows_of(0)
    targets = talk.labels.targets.copy()
    # Which excerpts of the interview have it changes, not how many: the folds stay.
    targets[rows] = targets[rows[::-1]]

    again = train(compared, replace(talk.labels, targets=targets), talk.similarity, seed=1)

    assert (again.folds == trained.folds).all()
    held_out = np.flatnonzero(trained.folds == trained.folds[0])
    assert again.chances[held_out] == pytest.approx(trained.chances[held_out], abs=1e-6)
    assert (again.given[held_out] == trained.given[held_out]).all()
    assert (again.chances != trained.chances).any()


def test_held_out_probabilities_find_what_the_words_carry():
    talk, trained = make_talk(), fitted_talk().trained

    has_code = talk.labels.has_code[:, WEATHER]

    assert trained.given[has_code, WEATHER].mean() > 0.7
    assert trained.given[~has_code, WEATHER].mean() < 0.1


def test_rare_unused_and_ubiquitous_codes_are_proposed_sensibly():
    talk, trained = make_talk(), fitted_talk().trained

    n_given = trained.given.sum(axis=0)

    assert n_given[NOBODY_USES] <= 0.03 * len(trained.rows)
    assert n_given[EVERYWHERE] > 0.9 * len(talk.passages)
    assert n_given[FIVE] <= 15
    assert np.isfinite(trained.chances).all()


def test_a_code_added_later_is_judged_where_it_is_known():
    trained = fitted_talk().trained

    choice = trained.classifier.choices.codes[ADDED]

    has_code = make_talk().labels.has_code[:, ADDED]
    assert choice.n_positive == has_code.sum()
    assert trained.given[has_code, ADDED].mean() > 0.5


def test_a_seed_trains_the_same_again():
    small = make_talk().take(make_talk().rows_of(3, 4, 5))

    first, again = (fit_talk(small).trained for _ in range(2))

    assert (first.chances == again.chances).all()
    assert first.classifier.choices == again.classifier.choices


def test_one_participant_cannot_be_held_out():
    talk, (_, _, compared) = make_talk(), compare_talk()
    labels = replace(talk.labels, groups=np.full(len(talk.passages), 3))

    with pytest.raises(ValueError, match="of 1 groups: give two groups"):
        train(compared, labels, talk.similarity, seed=1)


def test_without_a_label_there_is_nobody_to_hold_out():
    talk, (_, _, compared) = make_talk(), compare_talk()
    labels = replace(talk.labels, is_known=np.zeros_like(talk.labels.is_known))

    with pytest.raises(ValueError, match="of 0 groups: give two groups"):
        train(compared, labels, talk.similarity, seed=1)


def test_two_participants_are_enough():
    trained = fit_talk(make_talk().take(make_talk().rows_of(3, 4))).trained

    assert np.isfinite(trained.chances).all()
    assert trained.chances.shape == (50, N_CODES)
    assert trained.classifier.choices.codes[WEATHER].precision


def test_where_nothing_may_be_judged_nothing_is_proposed():
    small = make_talk().take(make_talk().rows_of(3, 4, 5))

    trained = fit_talk(small.with_labels(weights=np.zeros(75))).trained

    assert not trained.given.any()
    assert {choice.method for choice in trained.classifier.choices.codes} == {SIMILARITY}


def test_where_one_participant_alone_may_be_judged_the_others_still_teach():
    small = make_talk().take(make_talk().rows_of(3, 4, 5))
    weights = np.where(small.passages.interviews == 3, 1.0, 0.0)

    trained = fit_talk(small.with_labels(weights=weights)).trained

    assert np.isfinite(trained.chances).all()
    assert trained.classifier.is_learnt.all()
    assert trained.classifier.choices.codes[WEATHER].n_groups == 1


def test_blank_texts_and_unknown_roles_leave_meaning_and_place_to_learn_from():
    small = make_talk().take(make_talk().rows_of(3, 4, 5))
    passages = replace(small.passages, texts=("",) * 75, roles=np.full(75, NOBODY))

    trained = fit_talk(replace(small, passages=passages)).trained

    has_code = small.labels.has_code[:, WEATHER]
    chances = trained.chances[:, WEATHER]
    assert chances[has_code].mean() > chances[~has_code].mean()
