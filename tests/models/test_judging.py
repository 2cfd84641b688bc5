from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from models.judging import FEWEST_TOLD, GENEROSITIES, judge, list_told
from models.labels import Labels
from models.ranking import weighted_average_precision
from tests.models.talk import ADDED, FIVE, NOBODY_USES, fitted_talk, make_talk

N, N_DRAWN_CODES = 120, 4
seeds = st.integers(0, 10_000)


def draw(seed):
    """Synthetic probabilities, whether they were proposed, labels and folds."""
    rng = np.random.default_rng(seed)
    has_code = rng.random((N, N_DRAWN_CODES)) < [0.4, 0.2, 0.05, 0.9]
    chances = np.clip(0.4 * has_code + 0.6 * rng.random(has_code.shape), 0, 1)
    groups = np.arange(N) % 6
    labels = Labels(
        has_code.astype(np.float32), np.ones_like(has_code), rng.choice([1.0, 4.0], N), groups
    )
    return chances, chances > 0.5, labels, groups % 3


def judge_drawn(seed, **changed):
    chances, given_, labels, folds = draw(seed)
    return judge(chances, given_, replace(labels, **changed), folds)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(seeds)
def test_f1_and_kappa_are_scikit_learns_with_weights(seed):
    _, proposed, labels, _ = draw(seed)
    codes = judge_drawn(seed).codes

    for code in range(N_DRAWN_CODES):
        pair = labels.has_code[:, code], proposed[:, code]
        weighted = {"sample_weight": labels.weights}

        assert codes[code].f1 == pytest.approx(f1_score(*pair, zero_division=0, **weighted))
        assert codes[code].kappa == pytest.approx(cohen_kappa_score(*pair, **weighted))


def test_means_are_over_the_codes_that_enough_excerpts_have():
    chances, _, labels, _ = draw(0)
    judgement = judge_drawn(0)

    told = [code for code in judgement.codes if code.n_positive >= FEWEST_TOLD]

    assert [code.is_told for code in judgement.codes] == [True, True, False, True]
    assert list_told(labels) == [0, 1, 3]
    assert judgement.map == pytest.approx(np.mean([code.average_precision for code in told]))
    assert judgement.macro_f1 == pytest.approx(np.mean([code.f1 for code in told]))
    assert judgement.kappa == pytest.approx(np.mean([code.kappa for code in told]))
    first = weighted_average_precision(labels.has_code[:, 0], chances[:, 0], labels.weights)
    assert judgement.codes[0].average_precision == pytest.approx(first)


def test_only_labels_that_count_in_judging_are_looked_at():
    _, _, labels, _ = draw(0)
    is_known = np.random.default_rng(9).random(labels.targets.shape) < 0.8
    weights = np.where(np.arange(N) % 4, labels.weights, 0.0)
    kept = is_known & (weights > 0)[:, None]
    turned = np.where(kept, labels.targets, 1 - labels.targets)

    judgement = judge_drawn(0, is_known=is_known, weights=weights)

    assert judge_drawn(0, is_known=is_known, weights=weights, targets=turned) == judgement
    assert judgement.n_judged == (weights > 0).sum()
    assert judgement.n_groups == 6


def test_the_first_codes_are_found_as_worked_out_by_hand():
    chances = np.array([[0.9, 0.8, 0.1, 0.7, 0.2], [0.1, 0.2, 0.3, 0.4, 0.5], [0.5, 0, 0, 0, 0]])
    targets = np.array([[1, 0, 0, 1, 1], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]], dtype=np.float32)
    labels = Labels(targets, targets >= 0, np.array([3.0, 1.0, 5.0]), np.arange(3))

    judgement = judge(chances, chances > 1, labels, np.arange(3))

    assert judgement.hit1 == pytest.approx(3 / 4)
    assert judgement.rec3 == pytest.approx((3 * 2 / 3 + 0) / 4)


def test_without_a_label_that_counts_every_figure_is_undefined():
    judgement = judge_drawn(0, weights=np.zeros(N))

    figures = (judgement.map, judgement.macro_f1, judgement.kappa, judgement.ece)
    assert (*figures, judgement.hit1, judgement.rec3) == (None,) * 6
    assert (judgement.n_judged, judgement.n_groups) == (0, 0)
    assert {code.n_positive for code in judgement.codes} == {0}
    assert [(cost.per_100, cost.share_right, cost.share_found) for cost in judgement.costs] == [
        (0, None, None)
    ] * len(GENEROSITIES)


def test_where_both_give_a_code_everywhere_kappa_is_no_better_than_chance():
    chances, _, labels, folds = draw(0)
    everywhere = replace(labels, targets=np.ones_like(labels.targets))

    judgement = judge(chances, np.ones_like(chances, dtype=bool), everywhere, folds)

    assert {(code.f1, code.kappa) for code in judgement.codes} == {(1, 0)}


def test_proposals_that_say_what_is_so_have_no_calibration_error():
    rng = np.random.default_rng(0)
    chances = rng.random((6_000, 1))
    targets = (rng.random((6_000, 1)) < chances).astype(np.float32)
    groups = np.arange(6_000) % 5
    labels = Labels(targets, targets >= 0, np.ones(6_000), groups)

    judgement = judge(chances, chances >= 0, labels, groups)

    assert judgement.ece < 0.03
    assert sum(each.n for each in judgement.reliability) == 6_000


def test_more_generosity_proposes_more_and_finds_more():
    talk, trained = make_talk(), fitted_talk().trained

    costs = judge(trained.chances, trained.given, talk.labels, trained.folds).costs

    assert [cost.generosity for cost in costs] == list(GENEROSITIES)
    assert (np.diff([cost.per_100 for cost in costs]) >= 0).all()
    assert (np.diff([cost.share_found for cost in costs]) >= 0).all()


def test_costs_are_of_thresholds_chosen_without_the_fold():
    chances, given_, labels, folds = draw(0)
    is_out = folds == 0
    higher = np.where(is_out[:, None], chances + 5, chances)

    first, again = (judge(each, given_, labels, folds).costs[1] for each in (chances, higher))

    # All of the fold is proposed where its own probabilities do not move the threshold up.
    n_out = N_DRAWN_CODES * labels.weights[is_out].sum()
    assert again.per_100 * labels.weights.sum() / 100 >= n_out
    assert again.per_100 > first.per_100


def test_a_code_nobody_uses_is_not_told_and_a_rare_one_neither():
    talk, trained = make_talk(), fitted_talk().trained

    codes = judge(trained.chances, trained.given, talk.labels, trained.folds).codes

    assert codes[NOBODY_USES].average_precision is None
    assert codes[FIVE].average_precision is not None
    assert not codes[FIVE].is_told
    assert codes[ADDED].n_groups == 4
