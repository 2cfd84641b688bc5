import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.agreement.assistance import FIGURES, Choices, measure_shown_effect

SHOWN, UNSHOWN = True, False


def choose(*rows, groups=None, weights=None):
    """Make choices of one code from (n, shown, suggested, independent coder's, coder's) rows."""
    counts = [row[0] for row in rows]
    shown, *codes = np.repeat([row[1:] for row in rows], counts, axis=0).T.astype(bool)
    suggested, independent, given = (column[:, None] for column in codes)
    return Choices(
        shown,
        np.ones(len(shown)) if weights is None else np.repeat(weights, counts).astype(float),
        np.zeros(len(shown), int) if groups is None else np.asarray(groups),
        suggested,
        independent,
        given,
        np.ones_like(given),
    )


def kind(shown, suggested, independent, *, given, of):
    """Choices of one kind: how many were given, of how many."""
    both = (shown, suggested, independent)
    return [(given, *both, 1), (of - given, *both, 0)]


def values_of(effect):
    return {name: figure.value for name, figure in effect.figures.items()}


def measure(choices):
    return values_of(measure_shown_effect(choices, n_resamples=20))


def agreement_with_machine(choices, *, shown):
    rows = choices.is_shown == shown
    agrees = (choices.suggested == choices.given)[rows, 0]
    return np.average(agrees, weights=choices.weights[rows])


@pytest.fixture
def everything_moves():
    """20 choices of each kind; shown, coders give more of what is suggested and less of the rest.

    Made up, as are all choices here.
    """
    return choose(
        *kind(SHOWN, 1, 1, given=16, of=20),
        *kind(UNSHOWN, 1, 1, given=10, of=20),
        *kind(SHOWN, 1, 0, given=8, of=20),
        *kind(UNSHOWN, 1, 0, given=2, of=20),
        *kind(SHOWN, 0, 0, given=2, of=20),
        *kind(UNSHOWN, 0, 0, given=5, of=20),
        *kind(SHOWN, 0, 1, given=8, of=20),
        *kind(UNSHOWN, 0, 1, given=12, of=20),
    )


def test_help_and_sway_are_the_changes_within_each_kind_of_choice(everything_moves):
    effect = measure_shown_effect(everything_moves)

    assert values_of(effect) == pytest.approx(
        {
            "help_by_suggesting": 16 / 20 - 10 / 20,
            "sway_by_suggesting": 8 / 20 - 2 / 20,
            "help_by_silence": 18 / 20 - 15 / 20,
            "sway_by_silence": 12 / 20 - 8 / 20,
            # Of the 10 in 20 left off unshown, and of the 18 in 20.
            "found_by_suggesting": (6 / 20) / (10 / 20),
            "swayed_by_suggesting": (6 / 20) / (18 / 20),
            "help": (6 / 20 + 3 / 20) / 4,
            "sway": (6 / 20 + 4 / 20) / 4,
        }
    )
    assert effect.n_choices["sway_by_silence"] == (20, 20)
    assert effect.n_choices["help"] == (80, 80)
    assert (effect.n_shown, effect.n_unshown) == (80, 80)


def test_what_everything_moves_towards_is_the_machine(everything_moves):
    values = measure(everything_moves)

    whole = 54 / 80 - 35 / 80
    assert agreement_with_machine(everything_moves, shown=True) == pytest.approx(54 / 80)
    assert values["help"] + values["sway"] == pytest.approx(whole)


cells = st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=4, max_size=4)


@given(cells.filter(lambda kinds: sum(max(each) for each in kinds) >= 10))
def test_help_and_sway_add_up_to_the_whole_change_where_the_mix_is_the_same(kinds):
    # Equally many choices of each kind with suggestions shown and without: the identity is
    # help + sway = agreement with the machine, shown, minus the same, unshown.
    choices = choose(
        *(
            row
            for (suggested, independent), (one, other, of) in zip(
                [(1, 1), (1, 0), (0, 0), (0, 1)], kinds, strict=True
            )
            for shown, n_given in ((SHOWN, one), (UNSHOWN, other))
            for row in kind(shown, suggested, independent, given=n_given, of=max(one, other, of))
        )
    )

    values = measure(choices)

    shown, unshown = (agreement_with_machine(choices, shown=side) for side in (SHOWN, UNSHOWN))
    assert values["help"] + values["sway"] == pytest.approx(shown - unshown)


def test_a_different_mix_without_any_effect_is_neither_help_nor_sway():
    # Half of what is suggested is given, a tenth of the rest, shown or not; but what is shown has
    # more suggestions.
    choices = choose(
        *kind(SHOWN, 1, 1, given=30, of=60),
        *kind(UNSHOWN, 1, 1, given=10, of=20),
        *kind(SHOWN, 0, 0, given=2, of=20),
        *kind(UNSHOWN, 0, 0, given=6, of=60),
    )

    values = measure(choices)

    shown, unshown = (agreement_with_machine(choices, shown=side) for side in (SHOWN, UNSHOWN))
    assert unshown - shown == pytest.approx(0.2)
    assert (values["help"], values["sway"]) == (0, 0)


def test_where_the_mix_differs_changes_count_as_often_as_their_kind_occurs_in_both_together():
    choices = choose(
        *kind(SHOWN, 1, 1, given=45, of=50),
        *kind(UNSHOWN, 1, 1, given=5, of=10),
        *kind(SHOWN, 0, 0, given=5, of=10),
        *kind(UNSHOWN, 0, 0, given=21, of=30),
    )

    # Of 100 choices 60 are of the first kind, where .9 - .5 more is given, 40 of the second.
    assert measure(choices)["help"] == pytest.approx(0.6 * 0.4 + 0.4 * 0.2)


def test_a_choice_of_weight_2_counts_as_that_choice_twice():
    rows = [
        *kind(SHOWN, 1, 1, given=9, of=12),
        *kind(UNSHOWN, 1, 1, given=3, of=12),
        *kind(SHOWN, 0, 0, given=1, of=12),
        *kind(UNSHOWN, 0, 0, given=4, of=12),
    ]
    doubled = [(2 * n, *choice) for n, *choice in rows[:1]] + rows[1:]

    weighted = measure(choose(*rows, weights=[2] + [1] * 7))

    assert weighted == pytest.approx(measure(choose(*doubled)))
    assert weighted["help_by_suggesting"] == pytest.approx(18 / 21 - 3 / 12)


def test_weights_count_by_their_proportions_only(everything_moves):
    times = np.full(len(everything_moves.weights), 8.0)
    again = Choices(**{**vars(everything_moves), "weights": times})

    assert measure(again) == pytest.approx(measure(everything_moves))


def test_a_code_that_was_not_judged_is_no_choice(everything_moves):
    unjudged = np.zeros((160, 1), bool)
    beside = {
        name: np.concatenate([getattr(everything_moves, name), unjudged | (name == "given")], 1)
        for name in ("suggested", "independent", "given", "is_judged")
    }
    beside["is_judged"][:, 1] = False

    effect = measure_shown_effect(Choices(**{**vars(everything_moves), **beside}), n_resamples=20)

    assert values_of(effect) == measure(everything_moves)
    assert effect.n_choices["help"] == (80, 80)


def test_codes_of_one_excerpt_are_choices_of_their_own():
    rows = [*kind(SHOWN, 1, 1, given=8, of=10), *kind(UNSHOWN, 1, 1, given=6, of=10)]
    others = [*kind(SHOWN, 0, 0, given=0, of=10), *kind(UNSHOWN, 0, 0, given=1, of=10)]
    one, other = choose(*rows), choose(*others)
    names = ("suggested", "independent", "given", "is_judged")
    both = {
        name: np.concatenate([getattr(one, name), getattr(other, name)], axis=1) for name in names
    }

    effect = measure_shown_effect(Choices(**{**vars(one), **both}), n_resamples=20)

    assert values_of(effect)["help_by_suggesting"] == pytest.approx(0.2)
    assert values_of(effect)["help_by_silence"] == pytest.approx(0.1)
    assert (effect.n_choices["help"], effect.n_shown) == ((20, 20), 10)


@pytest.mark.parametrize("n_codes", [0, 3])
def test_without_choices_every_figure_says_that_there_are_too_few(n_codes):
    none = np.zeros((0, n_codes), bool)

    effect = measure_shown_effect(
        Choices(np.zeros(0, bool), np.zeros(0), np.zeros(0, int), none, none, none, none)
    )

    assert set(effect.figures) == set(FIGURES)
    for figure in effect.figures.values():
        assert (figure.value, figure.n_groups) == (None, 0)
        assert figure.note.startswith("too few to tell: 0 such choices")
    assert (effect.n_shown, effect.n_unshown) == (0, 0)


@pytest.mark.parametrize(("n_unshown", "is_told"), [(10, True), (9, False)])
def test_a_figure_needs_10_choices_of_its_kind_shown_and_10_unshown(n_unshown, is_told):
    choices = choose(
        *kind(SHOWN, 1, 1, given=40, of=50),
        *kind(UNSHOWN, 1, 1, given=4, of=n_unshown),
        *kind(SHOWN, 0, 0, given=0, of=50),
        *kind(UNSHOWN, 0, 0, given=0, of=50),
    )

    figures = measure_shown_effect(choices, n_resamples=20).figures

    told = {name for name, figure in figures.items() if figure.value is not None}
    by_suggesting = {"help_by_suggesting", "found_by_suggesting"}
    assert told == {"help_by_silence", "help", "sway"} | (by_suggesting if is_told else set())
    if not is_told:
        assert figures["found_by_suggesting"].note == (
            "too few to tell: 50 such choices with suggestions shown, 9 without "
            "(10 of each are needed)"
        )


def test_a_kind_of_choice_that_only_one_side_has_leaves_help_undefined():
    choices = choose(
        *kind(SHOWN, 1, 1, given=15, of=20),
        *kind(SHOWN, 0, 0, given=1, of=20),
        *kind(UNSHOWN, 0, 0, given=2, of=20),
    )

    figures = measure_shown_effect(choices, n_resamples=20).figures

    assert figures["help"].value is None
    assert figures["help"].note.startswith("undefined: ")
    assert figures["sway"].value == 0


def test_what_nobody_left_off_cannot_be_found():
    choices = choose(
        *kind(SHOWN, 1, 1, given=20, of=20),
        *kind(UNSHOWN, 1, 1, given=20, of=20),
    )

    figures = measure_shown_effect(choices, n_resamples=20).figures

    assert figures["help_by_suggesting"].value == 0
    assert figures["found_by_suggesting"].value is None
    assert figures["found_by_suggesting"].note.startswith("undefined: nothing to divide by")


def test_the_interval_of_what_was_found_may_go_below_minus_1():
    # Unshown a tenth is left off, shown a half: five times as much, so that -4 is found.
    rows = [*kind(SHOWN, 1, 1, given=100, of=200), *kind(UNSHOWN, 1, 1, given=180, of=200)]
    groups = np.random.default_rng(1).permutation(np.arange(400) % 20)

    found = measure_shown_effect(choose(*rows, groups=groups)).figures["found_by_suggesting"]

    assert found.value == pytest.approx(-4)
    for interval in (found.bca, found.jackknife_t):
        assert interval.low < -4 < interval.high < 0


def test_figures_have_intervals_over_groups_and_no_nan(everything_moves):
    groups = np.random.default_rng(2).permutation(np.arange(160) % 10)
    choices = Choices(**{**vars(everything_moves), "groups": groups})

    effect = measure_shown_effect(choices, n_resamples=300)

    for name, figure in effect.figures.items():
        assert (figure.n_groups, figure.note) == (10, ""), name
        for interval in (figure.bca, figure.jackknife_t):
            assert math.isfinite(interval.low)
            assert interval.low < figure.value < interval.high
    assert effect.figures == measure_shown_effect(choices, n_resamples=300).figures


@pytest.mark.parametrize("followed", [0.0, 0.5])
def test_an_independent_coder_who_errs_makes_no_help_or_sway_of_nothing(followed):
    # 60,000 simulated choices. Both coders and the machine err by themselves, each in a tenth;
    # shown, the coder takes over the machine's answer with probability `followed`.
    random = np.random.default_rng(8)
    n = 60_000
    present = random.random((n, 1)) < 0.3
    independent, suggested, own = (present ^ (random.random((n, 1)) < 0.1) for _ in range(3))
    shown = random.random(n) < 0.7
    takes_over = (random.random((n, 1)) < followed) & shown[:, None]
    given = np.where(takes_over, suggested, own)

    values = measure(
        Choices(
            shown,
            np.ones(n),
            np.arange(n) % 30,
            suggested,
            independent,
            given,
            np.ones((n, 1), bool),
        )
    )

    # The coder is alone against the other two in .9 * .9 * .1 + .1 * .1 * .9 of the choices, and
    # so is the machine: taking over helps in the first, and sways in the second.
    assert values["help"] == pytest.approx(followed * 0.09, abs=0.01)
    assert values["sway"] == pytest.approx(followed * 0.09, abs=0.01)
