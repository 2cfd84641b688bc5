"""Facts about planning how many excerpts are coded blind by two coders."""

import csv
import hashlib
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from models.planning import (
    CLUSTERING,
    Design,
    Expected,
    design_effect,
    draw_spread,
    effective_n,
    excerpts_for_report,
    excerpts_for_width,
    find_half_width,
    kappa_variance,
    look_ahead,
    plan_rows,
    share_given,
    solve_rate,
)
from study.draws import draw_excerpts

ANNOMI = Path(__file__).parents[3] / "shared" / "data" / "annomi.csv"
FOUNDING = Design(n_participants=22, n_groups=22, n_excerpts=2800, run_length=5)
# So many people of one excerpt each that nothing is clustered and Student's t is the normal.
EACH_BY_ITSELF = Design(10**6, 10**6, 10**6, 1, clustering=0)
expectations = st.builds(Expected, st.floats(0, 0.99), st.floats(0.001, 0.999))
designs = st.builds(
    Design,
    n_participants=st.integers(8, 40),
    n_groups=st.integers(8, 40),
    n_excerpts=st.integers(200, 10_000),
    run_length=st.integers(1, 100),
    clustering=st.floats(0, 1),
)


def table_of(expected):
    """Give the shares of pairs of readings under the common correlation model."""
    p, kappa = expected.prevalence, expected.kappa
    one_only = (1 - kappa) * p * (1 - p)
    return np.array([[p - one_only, one_only], [one_only, 1 - p - one_only]])


def variance_of_table(shares):
    """Give n times the variance of kappa: Fleiss, Cohen and Everitt 1969, equation 13."""
    rows, columns, same = shares.sum(axis=1), shares.sum(axis=0), np.diag(shares)
    by_chance, kept = rows @ columns, 1 - same.sum()
    on = (same * ((1 - by_chance) - (rows + columns) * kept) ** 2).sum()
    pulls = (columns[:, None] + rows[None, :]) ** 2 * shares
    off = kept**2 * (pulls.sum() - np.diag(pulls).sum())
    rest = (same.sum() * by_chance - 2 * by_chance + same.sum()) ** 2
    return (on + off - rest) / (1 - by_chance) ** 4


def kappa_of(shares):
    by_chance = shares.sum(axis=1) @ shares.sum(axis=0)
    return (np.diag(shares).sum() - by_chance) / (1 - by_chance)


def test_formula_in_this_test_gives_the_interval_of_a_published_worked_example():
    # SAS/STAT, The FREQ Procedure, "Agreement Study": kappa .3449, 95% interval .2030 to .4868.
    counts = np.array([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]])
    shares = counts / counts.sum()

    half = 1.959964 * np.sqrt(variance_of_table(shares) / counts.sum())

    assert kappa_of(shares) == pytest.approx(0.3449, abs=5e-5)
    assert kappa_of(shares) - half == pytest.approx(0.2030, abs=5e-5)
    assert kappa_of(shares) + half == pytest.approx(0.4868, abs=5e-5)


@given(expectations)
def test_variance_is_that_of_fleiss_cohen_and_everitt_with_equal_margins(expected):
    shares = table_of(expected)

    assert kappa_of(shares) == pytest.approx(expected.kappa, abs=1e-9)
    assert kappa_variance(expected) == pytest.approx(variance_of_table(shares), rel=1e-6)


def test_number_of_excerpts_is_that_of_a_published_worked_example():
    # Stata Technical Bulletin 58, page 44 (sskdlg): kappa .1, both raters .2, half-width .2:
    # 114 subjects, Q = 1.182; at most 126, for a kappa of .289.
    expected = Expected(0.1, 0.2)

    need = excerpts_for_width(expected, EACH_BY_ITSELF, 0.2)

    assert need.n == 114
    assert kappa_variance(expected) == pytest.approx(1.182, abs=5e-4)
    most = max(np.arange(0, 1, 0.001), key=lambda kappa: kappa_variance(Expected(kappa, 0.2)))
    assert most == pytest.approx(0.289)
    assert round(kappa_variance(Expected(most, 0.2)) * (1.96 / 0.2) ** 2) == 126


@given(expectations)
def test_share_given_is_what_is_left_where_neither_coder_gives_the_code(expected):
    assert share_given(expected) == pytest.approx(1 - table_of(expected)[1, 1])


@given(expectations, designs, st.floats(0.01, 0.99))
def test_needed_excerpts_give_the_width_and_one_fewer_does_not(expected, design, half_width):
    need = excerpts_for_width(expected, design, half_width)

    least = excerpts_for_report(expected, design)
    if need.n is None:
        everything = find_half_width(expected, design, design.n_excerpts)
        assert least.n is None or everything > half_width * (1 - 1e-9)
        assert need.why
    else:
        assert find_half_width(expected, design, need.n) <= half_width * (1 + 1e-9)
        if need.n > max(least.n, 1):
            assert find_half_width(expected, design, need.n - 1) > half_width * (1 - 1e-9)


@given(expectations, designs)
def test_more_excerpts_never_widen_an_interval(expected, design):
    half_widths = [
        find_half_width(expected, design, share * design.n_excerpts)
        for share in (0.05, 0.1, 0.4, 0.9, 1)
    ]

    assert half_widths == sorted(half_widths, reverse=True)


def test_without_clustering_the_number_is_that_of_independent_excerpts():
    expected, alone = Expected(0.6, 0.2), Design(22, 22, 2800, 5, clustering=0)

    need = excerpts_for_width(expected, alone, 0.1)

    assert need.n == np.ceil(kappa_variance(expected) * (t.ppf(0.975, 21) / 0.1) ** 2)


def test_with_every_excerpt_drawn_the_design_effect_is_kishs():
    """1 + (excerpts per group - 1) * clustering, for then every group has as many."""
    design = Design(20, 20, 1000, 5, clustering=0.1)

    assert design_effect(design, 1000) == pytest.approx(1 + (50 - 1) * 0.1)


def test_a_single_run_counts_with_its_whole_length():
    design = Design(20, 20, 10**6, 5, clustering=0.1)

    assert design_effect(design, 1e-3) == pytest.approx(1 + (5 - 1) * 0.1, abs=1e-4)


def draw(name, n_excerpts, *, rate, run_length):
    """Draw as the product does."""

    def keyed(content):
        return hashlib.sha256(content.encode()).hexdigest()

    return draw_excerpts(keyed, name, n_excerpts, rate=rate, run_length=run_length)


def simulate_kappas(expected, design, rate, *, seed, n_studies):
    """Draw and double-code synthetic studies as the product draws; give the kappa of each.

    An excerpt repeats its group's own pair of readings with probability sqrt(clustering), so any
    function of the pair has clustering as its intraclass correlation.
    """
    rng = np.random.default_rng(seed)
    n_in_group = design.n_excerpts // design.n_groups
    cells = table_of(expected).ravel()
    kappas = []
    for study in range(n_studies):
        drawn = np.array(
            [
                draw(f"{seed}/{study}/{group}", n_in_group, rate=rate, run_length=design.run_length)
                for group in range(design.n_groups)
            ]
        )
        pairs = rng.choice(4, size=drawn.shape, p=cells)
        own = rng.choice(4, size=(design.n_groups, 1), p=cells)
        repeats = rng.random(drawn.shape) < np.sqrt(design.clustering)
        counts = np.bincount(np.where(repeats, own, pairs)[drawn], minlength=4).reshape(2, 2)
        kappas.append(kappa_of(counts / counts.sum()))
    return np.array(kappas)


def test_half_width_is_that_of_simulated_studies_drawn_in_runs_from_few_people():
    """The runs' part matters here: without it the interval would be a sixth narrower."""
    expected, rate = Expected(0.5, 0.4), 0.05
    design = Design(60, 60, 6000, run_length=5, clustering=0.2)

    kappas = simulate_kappas(expected, design, rate, seed=1, n_studies=1200)

    half_width = find_half_width(expected, design, rate * design.n_excerpts)
    assert t.ppf(0.975, 59) * kappas.std() == pytest.approx(half_width, rel=0.07)


def test_planned_number_holds_its_width_in_simulated_studies():
    """A half-width of Student's t with 21 degrees of freedom holds 96.2% of a known spread."""
    expected, design = Expected(0.6, 0.1), FOUNDING
    need = excerpts_for_width(expected, design, 0.15)

    kappas = simulate_kappas(expected, design, need.n / 2800, seed=2, n_studies=1000)

    assert np.mean(np.abs(kappas - 0.6) <= 0.15) == pytest.approx(0.962, abs=0.018)


@pytest.mark.parametrize(("n", "n_positives", "wider"), [(360, 10, 0.1), (700, 19, 0.05)])
def test_few_positives_spread_wider_than_planned_and_further_down_than_up(n, n_positives, wider):
    expected = Expected(0.6, 0.02)
    drawn = np.random.default_rng(3).multinomial(n, table_of(expected).ravel(), size=20_000)

    kappas = np.array([kappa_of(counts.reshape(2, 2) / n) for counts in drawn])

    low, high = np.quantile(kappas, [0.025, 0.975])
    # docs/planning.md, "What it does not cover".
    assert round(n * share_given(expected)) == n_positives
    assert kappas.std() / np.sqrt(kappa_variance(expected) / n) == pytest.approx(
        1 + wider, abs=0.025
    )
    assert 0.6 - low > high - 0.6


def test_spread_of_the_draw_is_that_of_simulated_draws():
    drawn = [
        sum(sum(draw(f"{study}/{each}", 130, rate=0.1, run_length=5)) for each in range(10))
        for study in range(1000)
    ]

    assert np.std(drawn) == pytest.approx(draw_spread(1300, 0.1, 5), rel=0.07)
    assert np.mean(drawn) == pytest.approx(130, abs=4)


def test_excerpts_of_one_rate_count_as_themselves():
    assert effective_n({0.1: 280}) == pytest.approx(280)
    assert effective_n({}) == effective_n({0.0: 0}) == 0


def test_excerpts_of_unequal_rates_tell_what_simulated_weighted_kappas_tell():
    """A hundred that stand for ten each and four hundred that stand for two."""
    expected, rng = Expected(0.6, 0.3), np.random.default_rng(4)
    cells = table_of(expected).ravel()
    few = rng.multinomial(100, cells, size=20_000)
    many = rng.multinomial(400, cells, size=20_000)

    kappas = [kappa_of(each.reshape(2, 2) / 1800) for each in 10 * few + 2 * many]

    n = effective_n({0.1: 100, 0.5: 400})
    assert n == pytest.approx(1800**2 / (100 * 100 + 400 * 4))
    assert np.std(kappas) == pytest.approx(np.sqrt(kappa_variance(expected) / n), rel=0.03)


@given(
    st.dictionaries(st.sampled_from([0.1, 0.3, 1.0]), st.integers(1, 300), max_size=2),
    st.integers(1, 3000),
    st.floats(1, 2000),
)
def test_solved_rate_makes_what_is_drawn_tell_as_much_as_asked(drawn, n_left, n):
    rate = solve_rate(n, drawn, n_left)

    assert rate > 0
    if rate <= 1:
        more = {rate: drawn.get(rate, 0) + rate * n_left}
        assert effective_n({**drawn, **more}) == pytest.approx(n)
    else:
        assert effective_n({**drawn, 1.0: drawn.get(1.0, 0) + n_left}) <= n * (1 + 1e-9)


def test_where_nothing_is_left_no_rate_helps():
    assert solve_rate(100, {0.1: 30}, 0) == np.inf


def test_few_people_bound_what_is_reachable_however_many_excerpts_they_gave():
    endless = Design(22, 22, 10**9, 5)

    need = excerpts_for_width(Expected(0.6, 0.02), endless, 0.1)

    assert (need.n, need.why) == (None, "not with 22 participants")
    assert find_half_width(Expected(0.6, 0.02), endless, 10**9) > 0.1


def test_families_bound_it_as_groups():
    families = Design(n_participants=22, n_groups=11, n_excerpts=2800, run_length=5)

    assert excerpts_for_width(Expected(0.6, 0.02), families, 0.1).why == "not with 11 groups"


def test_all_excerpts_may_not_be_enough():
    need = excerpts_for_width(Expected(0.6, 0.02), FOUNDING, 0.2)

    assert (need.n, need.why) == (None, "all are not enough")


def test_a_code_is_reported_from_ten_expected_positives_of_either_coder():
    need = excerpts_for_report(Expected(0.6, 0.02), FOUNDING)

    given_by_either = 0.02 * (2 - 0.6) - 0.02**2 * (1 - 0.6)
    assert need.n == np.ceil(10 / given_by_either)


def test_no_interval_takes_fewer_excerpts_than_a_report():
    expected = Expected(0.6, 0.2)

    assert excerpts_for_width(expected, FOUNDING, 0.9) == excerpts_for_report(expected, FOUNDING)


@pytest.mark.parametrize("n_people", [1, 2, 4])
def test_fewer_than_five_participants_give_no_figure(n_people):
    design = Design(n_people, n_people, 500, 5)

    row = plan_rows(0.6, [0.2], [0.2], design)[0]
    (outlook,) = look_ahead(0.6, [0.2], design, {0.5: 500})

    noun = "participant" if n_people == 1 else "participants"
    assert row.reported.why == row.needs[0].why == f"not with {n_people} {noun}"
    assert (outlook.half_width, outlook.why) == (None, f"no figure with {n_people} {noun}")


def test_fewer_than_eight_groups_give_figures_without_intervals():
    design = Design(7, 7, 500, 5)

    row = plan_rows(0.6, [0.2], [0.2], design)[0]
    (outlook,) = look_ahead(0.6, [0.2], design, {0.5: 500})

    assert row.reported.n is not None
    assert (row.needs[0].n, row.needs[0].why) == (None, "no interval")
    assert (outlook.half_width, outlook.why) == (None, "a figure without an interval")


def test_ten_per_cent_of_a_founding_study_gives_a_code_of_two_per_cent_no_figure():
    rare, frequent = look_ahead(0.6, [0.02, 0.2], FOUNDING, {0.1: 280})

    assert (rare.half_width, rare.why) == (None, "no figure (8 of 10 positives)")
    assert frequent.half_width == pytest.approx(0.144, abs=5e-4)


@pytest.mark.parametrize("prevalence", [0, 1])
def test_a_code_of_nobody_or_of_everything_has_no_interval(prevalence):
    expected = Expected(0.6, prevalence)

    assert kappa_variance(expected) is None
    assert find_half_width(expected, FOUNDING, 280) is None
    assert excerpts_for_width(expected, FOUNDING, 0.1).n is None


def test_coders_who_never_differ_leave_no_interval():
    assert kappa_variance(Expected(1, 0.2)) is None
    assert excerpts_for_width(Expected(1, 0.2), FOUNDING, 0.1).why == "no interval"


def test_nothing_drawn_gives_nothing():
    (outlook,) = look_ahead(0.6, [0.2], FOUNDING, {0.0: 0})

    assert find_half_width(Expected(0.6, 0.2), FOUNDING, 0) is None
    assert outlook.why == "no figure (0 of 10 positives)"


def influence(one, other):
    """Give how each excerpt pulls on kappa: its derivative by the excerpt's weight."""
    same, p, q = one == other, one.mean(), other.mean()
    kept, by_chance = 1 - same.mean(), p * q + (1 - p) * (1 - q)
    pull = (one - p) * (2 * q - 1) + (other - q) * (2 * p - 1)
    return (same - same.mean()) / (1 - by_chance) - kept / (1 - by_chance) ** 2 * pull


def intraclass_correlation(values, groups):
    """Give the one-way analysis of variance's estimate."""
    sizes = np.bincount(groups)
    means = np.bincount(groups, values) / sizes
    between = (sizes * (means - values.mean()) ** 2).sum() / (len(sizes) - 1)
    within = ((values - means[groups]) ** 2).sum() / (len(values) - len(sizes))
    size = (len(values) - (sizes**2).sum() / len(values)) / (len(sizes) - 1)
    return (between - within) / (between + (size - 1) * within)


@pytest.mark.skipif(not ANNOMI.exists(), reason="shared/data/annomi.csv is not on this machine")
def test_clustering_by_default_lies_within_what_ten_coders_of_seven_sessions_show():
    said = defaultdict(dict)
    with ANNOMI.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes = set(row["codes"].split(";")) - {""}
            said[row["interview_id"], row["excerpt_id"]][row["coder"]] = codes
    shared = {excerpt: by_coder for excerpt, by_coder in said.items() if len(by_coder) == 10}
    sessions = sorted({session for session, _ in shared})
    groups = np.array([sessions.index(session) for session, _ in shared])
    coders = sorted(next(iter(shared.values())))
    of_codes = []
    for code in sorted({c for by in shared.values() for codes in by.values() for c in codes}):
        given = np.array([[code in by[coder] for by in shared.values()] for coder in coders])
        of_pairs = [
            intraclass_correlation(influence(one, other), groups)
            for one, other in combinations(given.astype(float), 2)
            if np.logical_or(one, other).sum() >= 10
        ]
        of_codes.append(np.mean(of_pairs))

    # docs/planning.md, "Clustering".
    assert (len(shared), len(sessions), len(of_codes)) == (428, 7, 10)
    assert np.median(of_codes) == pytest.approx(0.011, abs=5e-4)
    assert (min(of_codes), max(of_codes)) == pytest.approx((0.001, 0.043), abs=5e-4)
    assert np.median(of_codes) < CLUSTERING < max(of_codes)
