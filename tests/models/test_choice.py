import numpy as np
import pytest

from models.choice import FEWEST_FOR_THRESHOLD, choose_methods
from models.labels import Labels
from models.probabilities import BLEND, CLASSIFIER, NEAREST, SIMILARITY

N = 60
METHODS = (SIMILARITY, NEAREST, CLASSIFIER, BLEND)


def labels_of(n_positive, *, n_groups=6):
    """Labels of one code that the first excerpts have, dealt to groups in turn."""
    targets = (np.arange(N) < n_positive).astype(np.float32)[:, None]
    groups = np.arange(N) % n_groups
    return Labels(targets, np.ones((N, 1), dtype=bool), np.ones(N), groups)


def ranked(labels, n_wrong):
    """Probabilities that rank so many excerpts without the code above those with it."""
    chances = 0.2 + 0.6 * labels.targets + np.linspace(0, 0.01, N)[:, None]
    chances[N - n_wrong :] = 0.95
    return chances.astype(np.float64)


def choose(labels, **n_wrong):
    """Choose for one code; a method that is not named ranks 40 excerpts wrongly."""
    held_out = {method: ranked(labels, n_wrong.get(method, 40)) for method in METHODS}
    return choose_methods(held_out, labels).codes[0]


@pytest.mark.parametrize("best", [NEAREST, CLASSIFIER, BLEND])
def test_the_method_that_ranks_best_is_chosen(best):
    choice = choose(labels_of(20), **{best: 0})

    assert choice.method == best
    assert choice.precision[best] == 1
    assert choice.reason == "ranks its excerpts better than the description, held out"
    assert (choice.n_positive, choice.n_groups) == (20, 6)


def test_the_description_stays_where_nothing_learnt_is_better():
    choice = choose(labels_of(20))

    assert choice.method == SIMILARITY
    assert choice.reason == "nothing learnt ranks its excerpts better than the description"
    assert len(choice.precision) == len(METHODS)


def test_a_less_trusted_method_wants_to_be_plainly_better():
    labels = labels_of(20)
    held_out = {method: ranked(labels, 40) for method in METHODS}
    held_out[BLEND] = held_out[NEAREST] = ranked(labels, 0)
    # One excerpt above the last that has the code, which costs less than .02.
    held_out[BLEND] = held_out[BLEND].copy()
    held_out[BLEND][-1] = 0.80005

    choice = choose_methods(held_out, labels).codes[0]

    assert 0 < choice.precision[NEAREST] - choice.precision[BLEND] < 0.02
    assert choice.method == BLEND


@pytest.mark.parametrize(
    ("n_positive", "n_groups", "reason"),
    [
        (0, 6, "nobody has given it yet where it could be judged"),
        (1, 6, "only one excerpt of one participant has it: learning wants 3 of 2"),
        (2, 6, "only 2 excerpts of 2 participants have it: learning wants 3 of 2"),
        (5, 1, "only 5 excerpts of one participant have it: learning wants 3 of 2"),
    ],
)
def test_a_code_with_too_few_excerpts_stays_with_its_description_and_says_so(
    n_positive, n_groups, reason
):
    choice = choose(labels_of(n_positive, n_groups=n_groups), classifier=0)

    assert choice.method == SIMILARITY
    assert choice.reason == reason
    assert choice.precision == {}


def test_three_excerpts_of_two_groups_are_enough_to_learn():
    assert choose(labels_of(3, n_groups=2), classifier=0).method == CLASSIFIER


@pytest.mark.parametrize(("n_positive", "is_own"), [(14, False), (15, True)])
def test_a_threshold_of_its_own_wants_fifteen_positives(n_positive, is_own):
    labels = labels_of(n_positive)

    choices = choose_methods({method: ranked(labels, 0) for method in METHODS}, labels)

    assert FEWEST_FOR_THRESHOLD == 15
    assert choices.codes[0].is_own_threshold is is_own
    assert choices.shared_threshold == pytest.approx(choices.codes[0].threshold)


def test_codes_of_few_positives_share_a_threshold():
    many, few = labels_of(30), labels_of(5)
    labels = Labels(
        np.c_[many.targets, few.targets],
        np.ones((N, 2), dtype=bool),
        many.weights,
        many.groups,
    )
    chances = np.c_[ranked(many, 0), ranked(few, 20)]

    choices = choose_methods(dict.fromkeys(METHODS, chances), labels)

    own, shared = choices.codes
    assert shared.threshold == choices.shared_threshold
    assert own.threshold != choices.shared_threshold


def test_where_no_code_was_ever_given_none_is_proposed():
    choice = choose(labels_of(0))

    assert choice.threshold == float("inf")


def test_of_a_code_with_few_positives_a_small_difference_does_not_outweigh_the_others():
    many, few = labels_of(30), labels_of(4)
    labels = Labels(
        np.c_[many.targets, few.targets], np.ones((N, 2), dtype=bool), many.weights, many.groups
    )
    held_out = {method: np.c_[ranked(many, 20), ranked(few, 1)] for method in METHODS}
    held_out[BLEND] = np.c_[ranked(many, 0), ranked(few, 2)]

    codes = choose_methods(held_out, labels).codes

    assert codes[1].precision[BLEND] < codes[1].precision[SIMILARITY]
    assert [code.method for code in codes] == [BLEND, BLEND]
