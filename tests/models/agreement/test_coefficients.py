import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score

from models.agreement.coefficients import (
    ac1,
    alpha,
    kappa,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    precision,
    prevalence,
    recall,
    share_given,
)

EVERY = (
    ac1,
    alpha,
    kappa,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    precision,
    prevalence,
    recall,
    share_given,
)
# Weights of excerpts by what two readings say of them, some of them 0.
weights = st.one_of(st.just(0.0), st.floats(0.01, 50))
tables = arrays(float, (2, 2), elements=weights).filter(np.any)
counts = arrays(int, (2, 2), elements=st.integers(0, 12)).map(lambda cells: cells.astype(float))


def table(both, one, other, neither):
    """Lay out how many excerpts both gave a code to, only the one, only the other, and neither."""
    return np.array([[neither, other], [one, both]], float)


# What the two readings say of the excerpts of each cell, in the order of table.ravel().
ONE, OTHER = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def test_kappa_is_that_of_a_published_worked_example():
    # 50 grant proposals; en.wikipedia.org/wiki/Cohen's_kappa, "Simple example": 0.40.
    assert kappa(table(20, 5, 10, 15)) == pytest.approx(0.40)


@pytest.mark.parametrize(
    ("cells", "agreement", "published_kappa", "published_ac1"),
    [
        (table(40, 9, 6, 45), 0.85, 0.70, 0.70),
        (table(80, 10, 5, 5), 0.85, 0.32, 0.81),
        (table(90, 5, 5, 0), 0.90, -0.05, 0.89),
        (table(45, 15, 25, 15), 0.60, 0.13, 0.27),
        (table(25, 35, 5, 35), 0.60, 0.26, 0.21),
    ],
)
def test_kappa_and_ac1_are_those_published_for_the_paradoxes_of_kappa(
    cells, agreement, published_kappa, published_ac1
):
    # Shankar and Bangdiwala 2014, doi:10.1186/1471-2288-14-100, table 3, scenarios 1 to 5, after
    # the tables of Feinstein and Cicchetti 1990.
    assert percent_agreement(cells) == pytest.approx(agreement)
    assert kappa(cells) == pytest.approx(published_kappa, abs=5e-3)
    assert ac1(cells) == pytest.approx(published_ac1, abs=5e-3)


def test_ac1_stays_where_kappa_falls_below_0_in_a_published_table():
    # Kappa -.0234 and AC1 .9408, as others quote them from Gwet 2008; the same table of 125 is
    # in van Oest 2019, doi.org/10/ggbk3f, table 4.
    cells = table(118, 5, 2, 0)

    assert percent_agreement(cells) == pytest.approx(0.944)
    assert kappa(cells) == pytest.approx(-0.0234, abs=5e-5)
    assert ac1(cells) == pytest.approx(0.9408, abs=5e-5)


def test_alpha_is_that_of_a_published_worked_example():
    # Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section A: 0.095.
    assert alpha(table(1, 1, 3, 5)) == pytest.approx(0.095, abs=5e-4)


def test_ac1_tells_nothing_of_whether_coders_find_a_rare_code_in_the_same_places():
    never_both = table(0, 10, 10, 480)
    half_of_the_time = table(5, 5, 5, 485)

    assert ac1(never_both) == pytest.approx(0.958, abs=5e-4)
    assert positive_agreement(never_both) == 0
    assert kappa(never_both) < 0
    assert ac1(half_of_the_time) - ac1(never_both) < 0.03


@given(tables)
def test_kappa_is_that_of_scikit_learn(cells):
    assume(np.count_nonzero(cells) > 1 or cells[0, 1] or cells[1, 0])

    known = cohen_kappa_score(ONE, OTHER, sample_weight=cells.ravel())

    assert kappa(cells) == pytest.approx(known, abs=1e-9)


@given(tables)
def test_precision_recall_and_f1_are_those_of_scikit_learn(cells):
    known = {"sample_weight": cells.ravel(), "zero_division": np.nan}

    # The first reading is what people say, the second the machine.
    assert precision(cells) == pytest.approx(precision_score(ONE, OTHER, **known), nan_ok=True)
    assert recall(cells) == pytest.approx(recall_score(ONE, OTHER, **known), nan_ok=True)
    assert positive_agreement(cells) == pytest.approx(f1_score(ONE, OTHER, **known), nan_ok=True)


@given(tables)
def test_negative_agreement_is_f1_of_what_was_left_off(cells):
    known = f1_score(ONE, OTHER, pos_label=0, sample_weight=cells.ravel(), zero_division=np.nan)

    assert negative_agreement(cells) == pytest.approx(known, nan_ok=True)


@given(counts)
def test_alpha_is_that_of_the_krippendorff_package(cells):
    one, other = (np.repeat(side, cells.ravel().astype(int)) for side in (ONE, OTHER))
    ratings = np.stack([one, other]).astype(float)
    if len(np.unique(ratings)) < 2:
        assert np.isnan(alpha(cells))
        return

    known = krippendorff.alpha(ratings, level_of_measurement="nominal")

    assert alpha(cells) == pytest.approx(known, abs=1e-9)


@given(tables)
def test_ac1_is_agreement_beyond_what_two_coders_who_guess_agree_on(cells):
    share = (cells.sum(axis=0)[1] + cells.sum(axis=1)[1]) / 2 / cells.sum()
    observed = np.trace(cells) / cells.sum()

    # Gwet 2008, equation for two categories: pe = 2 q (1 - q), q the mean share of the code.
    known = (observed - 2 * share * (1 - share)) / (1 - 2 * share * (1 - share))

    assert ac1(cells) == pytest.approx(known)
    assert prevalence(cells) == pytest.approx(share)


@given(tables)
def test_only_what_is_said_of_one_reading_depends_on_whose_is_first(cells):
    for figure in set(EVERY) - {precision, recall, share_given}:
        assert figure(cells) == pytest.approx(figure(cells.T), abs=1e-9, nan_ok=True)
    assert precision(cells) == pytest.approx(recall(cells.T), nan_ok=True)
    both = share_given(cells), share_given(cells.T)
    assert prevalence(cells) == pytest.approx(np.mean(both))


def test_the_share_that_is_given_is_the_first_readings():
    assert share_given(table(2, 1, 4, 3)) == pytest.approx(3 / 10)


@given(tables)
def test_chance_corrected_figures_do_not_depend_on_which_side_is_called_given(cells):
    flipped = cells[::-1, ::-1]

    for figure in (kappa, ac1, alpha, percent_agreement):
        assert figure(cells) == pytest.approx(figure(flipped), abs=1e-9, nan_ok=True)


@given(counts, st.floats(0.1, 20))
def test_only_alpha_depends_on_how_many_excerpts_there_are(cells, times):
    for figure in set(EVERY) - {alpha}:
        assert figure(cells * times) == pytest.approx(figure(cells), abs=1e-9, nan_ok=True)


def test_alpha_of_more_excerpts_of_the_same_kind_is_lower():
    # It corrects for the size of the sample: 1 - alpha grows with (n - 1) / n.
    cells = table(3, 1, 1, 5)

    assert 1 - alpha(2 * cells) == pytest.approx((1 - alpha(cells)) * (39 / 40) / (19 / 20))


def test_of_no_excerpts_every_figure_is_undefined():
    assert all(np.isnan(figure(np.zeros((2, 2)))) for figure in EVERY)


def test_of_a_code_that_all_give_always_kappa_and_alpha_are_undefined():
    cells = table(7, 0, 0, 0)

    assert np.isnan([kappa(cells), alpha(cells), negative_agreement(cells)]).all()
    assert (percent_agreement(cells), positive_agreement(cells), ac1(cells)) == (1, 1, 1)


def test_kappa_with_one_constant_reading_is_0():
    assert kappa(table(0, 3, 0, 5)) == 0


def test_kappa_is_undefined_where_only_rounding_parts_the_readings():
    total = sum([0.1] * 3)

    assert np.isnan(kappa(np.array([[0, 0], [0, total]]) + 1e-16))


def test_precision_of_a_machine_that_gives_nothing_is_undefined_and_its_f1_is_0():
    cells = table(0, 4, 0, 6)

    assert np.isnan(precision(cells))
    assert (recall(cells), positive_agreement(cells)) == (0, 0)


@given(arrays(float, (3, 5, 2, 2), elements=weights))
def test_many_tables_at_once_give_what_each_gives_alone(many):
    for figure in EVERY:
        together = figure(many)

        assert together.shape == (3, 5)
        assert together[1, 2] == pytest.approx(float(figure(many[1, 2])), nan_ok=True)
