from dataclasses import replace

import numpy as np
import pytest

from models.classifier import predict, score_rows
from models.probabilities import BLEND, SIMILARITY
from models.stored import choose_thresholds_again, propose
from tests.models.talk import (
    FIRST_GROUP,
    N_CODES,
    NOBODY_USES,
    WEATHER,
    fitted_talk,
    fitted_without_last,
    make_talk,
)

OTHER_GROUP = FIRST_GROUP + 99
LAST_GROUP = FIRST_GROUP + 6


def ask(stored, interview, *, group=OTHER_GROUP):
    talk = make_talk().take(make_talk().rows_of(interview))
    return propose(stored, talk.passages, talk.similarity, group=group)


@pytest.mark.parametrize("interview", [6, 7])
def test_an_interview_left_out_of_training_is_told_what_training_would_say(interview):
    fitted = fitted_without_last()
    talk = fitted.talk
    scores = score_rows(
        fitted.trained.classifier,
        fitted.compared,
        talk.labels,
        talk.similarity,
        talk.rows_of(interview),
    )

    proposed = ask(fitted.stored, interview, group=LAST_GROUP)

    expected = predict(fitted.trained.classifier, scores)
    assert proposed.chances == pytest.approx(expected, abs=0.01)


def test_an_interview_not_seen_is_told_what_its_words_carry():
    talk = make_talk()
    proposed = ask(fitted_without_last().stored, 7)

    has_code = talk.labels.has_code[talk.rows_of(7), WEATHER]
    is_given = proposed.chances[:, WEATHER] >= fitted_without_last().stored.thresholds[WEATHER]

    assert (is_given == has_code).mean() > 0.8


def test_excerpts_of_the_same_group_do_not_vote():
    stored = fitted_talk().stored
    choices = replace(
        stored.choices,
        codes=tuple(replace(each, method="nearest") for each in stored.choices.codes),
    )
    stored = replace(stored, choices=choices)
    targets = stored.labels.targets.copy()
    targets[stored.labels.groups == FIRST_GROUP] = 1
    changed = replace(stored, labels=replace(stored.labels, targets=targets))

    assert (
        ask(changed, 0, group=FIRST_GROUP).chances == ask(stored, 0, group=FIRST_GROUP).chances
    ).all()
    assert (ask(changed, 0).chances != ask(stored, 0).chances).any()


def test_only_what_was_learnt_from_votes():
    stored = fitted_without_last().stored
    rest = make_talk().rows_of(6, 7)
    is_known = stored.labels.is_known.copy()
    is_known[rest] = True

    knowing = replace(stored, labels=replace(stored.labels, is_known=is_known))

    assert (ask(knowing, 6).chances == ask(stored, 6).chances).all()


def test_one_excerpt_or_none_can_be_asked_about():
    talk, stored = make_talk(), fitted_talk().stored

    for n in (0, 1):
        few = talk.take(np.arange(n))

        proposed = propose(stored, few.passages, few.similarity, group=OTHER_GROUP)

        assert proposed.chances.shape == (n, N_CODES)
        assert len(proposed.features) == n
        assert np.isfinite(proposed.chances).all()


def test_what_was_held_out_is_kept_in_the_place_of_each_excerpt():
    fitted = fitted_without_last()
    rest = make_talk().rows_of(6, 7)

    assert np.isnan(fitted.stored.held_out[rest]).all()
    assert (fitted.stored.held_out[fitted.trained.rows] == fitted.trained.chances).all()
    assert fitted.stored.excerpt_ids[0] == 1000


def test_a_words_weight_is_what_it_adds_to_the_score():
    fitted = fitted_talk()

    by_word = fitted.features.words @ fitted.stored.word_weights

    by_excerpt = (fitted.features.words @ fitted.features.words.T) @ fitted.stored.ridge
    assert by_word == pytest.approx(by_excerpt, abs=1e-4)
    terms = fitted.space.words.terms.tolist()
    rain, went = terms.index("rain"), terms.index("went")
    assert fitted.stored.word_weights[rain, WEATHER] > fitted.stored.word_weights[went, WEATHER]


def test_more_generous_thresholds_are_no_higher():
    stored = fitted_talk().stored

    strict, usual, generous = (
        choose_thresholds_again(stored, generosity=each).thresholds for each in (0.5, 1.0, 3.0)
    )

    assert (generous <= usual).all()
    assert (usual <= strict).all()
    assert (generous < strict).any()


def test_thresholds_chosen_again_change_nothing_else():
    stored = fitted_talk().stored

    again = choose_thresholds_again(stored, generosity=2.0)

    assert again.ridge is stored.ridge
    for before, after in zip(stored.choices.codes, again.choices.codes, strict=True):
        assert (before.method, before.reason) == (after.method, after.reason)
        assert before.is_own_threshold == after.is_own_threshold
    assert again.choices.codes[NOBODY_USES].threshold < again.choices.shared_threshold


def test_thresholds_are_chosen_by_labels_that_count_and_were_held_out():
    stored = fitted_without_last().stored
    rest = make_talk().rows_of(6, 7)
    is_known = stored.labels.is_known.copy()
    is_known[rest] = True
    labels = replace(stored.labels, is_known=is_known)

    again = choose_thresholds_again(replace(stored, labels=labels), generosity=1.0)

    expected = choose_thresholds_again(stored, generosity=1.0)
    assert (again.thresholds == expected.thresholds).all()


def test_where_nothing_was_held_out_nothing_is_proposed():
    stored = fitted_talk().stored
    nothing = replace(stored, held_out=np.full_like(stored.held_out, np.nan))

    again = choose_thresholds_again(nothing, generosity=1.0)

    assert (again.thresholds == np.inf).all()
    assert {choice.method for choice in again.choices.codes} <= {SIMILARITY, BLEND, "classifier"}
