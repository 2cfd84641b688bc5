"""All studies here are invented, by the benchmark or by hand."""

import json
import math

import krippendorff
import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import cohen_kappa_score, f1_score

from bench import intervals
from bench.intervals import (
    METHODS,
    Effort,
    draw_table,
    measure_settings,
    measure_study,
    summarise,
)
from bench.row_intervals import naive_intervals
from bench.simulation import Reader, lay_out, ratio_and_error, replicate, vary
from bench.two_coders import CODES, COEFFICIENTS, PREVALENCES, Setting, invent_study, true_figure

BCA = {"error": 0.01, "width": 0.3}


def run(*options):
    result = CliRunner().invoke(intervals.main, ["--jobs", "1", *map(str, options)])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


@pytest.fixture(scope="module")
def rows():
    return json.loads(run("--participants", 10, "--replications", 2, "--json"))["rows"]


@pytest.mark.parametrize("icc", [0.0, 0.05, 0.2])
def test_truth_is_what_other_libraries_find_in_a_very_large_study(icc):
    readings, machine = invent_study(np.random.default_rng(7), Setting("drawn", 4000, icc))

    # Both codes of a prevalence together: each has half of what there is to see.
    for prevalence in PREVALENCES[2:]:
        one, other = (readings.given[coder][:, prevalence == CODES].ravel() for coder in (0, 1))
        theirs = machine[:, prevalence == CODES].ravel()
        place = PREVALENCES.index(prevalence)
        found = {
            ("coders", "kappa"): cohen_kappa_score(one, other),
            ("coders", "alpha"): krippendorff.alpha(
                np.stack([one, other]), level_of_measurement="nominal"
            ),
            ("coders", "positive_agreement"): f1_score(one, other),
            ("machine", "kappa"): cohen_kappa_score(one, theirs),
            ("machine", "positive_agreement"): f1_score(other, theirs),
        }
        truth = {key: true_figure(*key, icc)[place] for key in found}
        assert found == pytest.approx(truth, abs=0.02)


def test_truth_without_clustering_is_as_worked_out_by_hand():
    # Of ten excerpts one has the code; each coder finds it four times of five, and gives it
    # wrongly once in 45: both give it .1 * .64 + .9 / 45 ** 2, each gives it to a tenth.
    both = 0.1 * 0.64 + 0.9 / 45**2

    assert true_figure("coders", "positive_agreement", 0.0)[3] == pytest.approx(both / 0.1)
    assert true_figure("coders", "kappa", 0.0)[3] == pytest.approx((both - 0.01) / 0.09)
    assert true_figure("coders", "ac1", 0.0)[3] == pytest.approx(1 - 2 * (0.1 - both) / (1 - 0.18))


def test_reader_has_the_recall_and_the_precision_that_it_is_made_with():
    wrongly, rightly = Reader(0.7, 0.5).chances(np.array([0.1]))[:, 0]

    assert rightly == 0.7
    assert 0.1 * rightly / (0.1 * rightly + 0.9 * wrongly) == pytest.approx(0.5)


def test_chances_vary_between_participants_as_much_as_the_correlation_says():
    drawn = vary(np.random.default_rng(1), np.array([0.1, 0.3]), 0.2, 50_000)

    assert drawn.mean(axis=0) == pytest.approx([0.1, 0.3], abs=0.005)
    assert drawn.var(axis=0) == pytest.approx([0.2 * 0.1 * 0.9, 0.2 * 0.3 * 0.7], rel=0.05)
    assert (vary(np.random.default_rng(1), np.array([0.1]), 0.0, 3) == 0.1).all()


def test_excerpts_are_drawn_in_runs_at_the_rate_asked_for():
    interviews = lay_out(np.random.default_rng(1), 400, rate=0.1)

    changes = np.diff(interviews.is_drawn.astype(int)) != 0
    assert interviews.is_drawn.mean() == pytest.approx(0.1, abs=0.01)
    assert changes.mean() < 2 * 0.1 * 0.9 / 4
    assert lay_out(np.random.default_rng(1), 3, rate=1.0).is_drawn.all()


def test_asymptotic_interval_of_kappa_is_that_of_fleiss_cohen_and_everitt():
    table = np.array([[40.0, 9.0], [6.0, 20.0]])
    shares = table / table.sum()
    one, other = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = np.trace(shares), one @ other
    kappa = (observed - expected) / (1 - expected)
    # Their formula 13, written out independently of the slopes that the benchmark takes.
    equal = sum(
        shares[i, i] * ((1 - expected) - (other[i] + one[i]) * (1 - observed)) ** 2 for i in (0, 1)
    )
    unequal = sum(shares[i, j] * (other[i] + one[j]) ** 2 for i, j in ((0, 1), (1, 0)))
    left = (observed * expected - 2 * expected + observed) ** 2
    variance = (equal + (1 - observed) ** 2 * unequal - left) / table.sum() / (1 - expected) ** 4

    found = naive_intervals("kappa", table, np.random.default_rng(1), 500)["asymptotic"]

    half = 1.96 * np.sqrt(variance)
    assert (found.low, found.high) == pytest.approx((kappa - half, kappa + half), abs=1e-6)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_naive_intervals_hold_the_truth_where_excerpts_are_independent(name):
    rng = np.random.default_rng(3)
    shares = np.array([[0.82, 0.05], [0.03, 0.10]])
    truth = COEFFICIENTS[name](1e9 * shares)
    held = {"rows": 0, "asymptotic": 0}
    for _ in range(200):
        table = rng.multinomial(800, shares.ravel()).reshape(2, 2).astype(float)
        for method, interval in naive_intervals(name, table, rng, 200).items():
            held[method] += interval.low <= truth <= interval.high

    # Of 200 intervals of 95%, 178 to 199 hold it but for one time in a thousand.
    assert all(178 <= count <= 199 for count in held.values())


def test_share_and_its_error_are_as_worked_out_by_hand():
    # Studies with 2, 1 and 0 intervals, of which 1, 1 and 0 hold the truth.
    share, error = ratio_and_error(np.array([1.0, 1.0, 0.0]), np.array([2, 1, 0]))

    assert share == pytest.approx(2 / 3)
    assert error == pytest.approx(np.sqrt((1 - 4 / 3) ** 2 + (1 - 2 / 3) ** 2) / 3)
    assert ratio_and_error(np.zeros(2), np.zeros(2)) is None


def test_only_printed_intervals_are_counted():
    outcomes = np.full((2, 2, 1 + 2 * len(METHODS)), np.nan)
    outcomes[0, 0, :3] = [0.5, 1, 0]
    outcomes[0, 0, [1 + len(METHODS), 2 + len(METHODS)]] = [0.4, 0.6]
    outcomes[1, 0, 0] = 0.7

    row = summarise(outcomes)

    assert (row["mean"], row["told"], row["printed"]) == (0.6, 0.5, 0.25)
    assert row["jackknife_t"] == {"coverage": 1.0, "error": 0.0, "width": 0.4}
    assert row["bca"] == {"coverage": 0.0, "error": 0.0, "width": 0.6}
    assert row["rows"] is None


def test_either_interval_holds_the_truth_where_one_of_the_two_does():
    outcomes = measure_study(Effort(3, 1, 200, 1), (Setting("all", 10, 0.2), 0))
    jackknife_t, bca, either = (
        outcomes[..., 1 + METHODS.index(method)] for method in ("jackknife_t", "bca", "either")
    )

    is_printed = ~np.isnan(either)
    assert is_printed.sum() > 40
    assert (either >= np.fmax(jackknife_t, bca))[is_printed].all()
    widths = outcomes[..., 1 + len(METHODS) :]
    assert (widths[..., 2] >= np.fmax(widths[..., 0], widths[..., 1]))[is_printed].all()


def test_every_kind_of_study_has_every_figure_at_every_prevalence(rows):
    kinds = {(row["design"], row["icc"], row["figure"], row["prevalence"]) for row in rows}

    assert len(kinds) == len(rows) == 2 * 3 * 6 * 6
    assert {row["participants"] for row in rows} == {10}
    assert all(row["printed"] <= row["told"] for row in rows)


def test_rare_codes_of_a_small_sample_are_not_told(rows):
    told = {
        (row["design"], row["prevalence"]): row["told"]
        for row in rows
        if (row["figure"], row["icc"]) == ("kappa", 0.0)
    }

    assert told["drawn", 0.01] == 0
    assert told["all", 0.05] == 1


def test_intervals_over_excerpts_are_too_narrow_where_participants_differ():
    (row,) = [
        row
        for row in measure_settings(
            [Setting("all", 22, 0.2)], Effort(5, 6, 200, 1), report=lambda *_: None
        )
        if (row["figure"], row["prevalence"]) == ("kappa", 0.1)
    ]

    assert row["jackknife_t"]["width"] > 2 * row["rows"]["width"]
    assert row["bca"]["width"] > 2 * row["asymptotic"]["width"]


def test_same_seed_gives_the_same_and_another_does_not():
    first, again, other = (
        measure_study(Effort(seed, 1, 100, 1), (Setting("drawn", 22, 0.05), 0))
        for seed in (1, 1, 2)
    )

    assert np.array_equal(first, again, equal_nan=True)
    assert not np.array_equal(first, other, equal_nan=True)


def test_several_processes_give_what_one_gives():
    heard = []

    roots = replicate(
        math.sqrt, [4, 9, 16], what="Roots", jobs=2, report=lambda *said: heard.append(said)
    )

    assert roots == [2, 3, 4]
    assert heard == [("Roots", 1, 3), ("Roots", 2, 3), ("Roots", 3, 3)]


def test_table_says_what_it_counts():
    table = run("--participants", 10, "--replications", 2, "--figure", "machine_f1")

    assert table.startswith("machine_f1; seed 1, 2 studies of each kind")
    assert intervals.EXPLAINED in table
    assert len(table.splitlines()) == 2 + 1 + 6 * 6 + 1 + len(intervals.EXPLAINED.splitlines())


def test_overview_takes_rare_and_other_codes_apart_and_leaves_out_what_was_hardly_printed(rows):
    none = dict.fromkeys(METHODS)
    made = [
        {**rows[0], **none, "prevalence": share, "intervals": n, "bca": {**BCA, "coverage": held}}
        for share, n, held in [
            (0.01, 199, 0.1),
            (0.02, 200, 0.8),
            (0.05, 999, 0.9),
            (0.2, 999, 1.0),
        ]
    ]

    table = draw_table({"seed": 1, "replications": 500, "resamples": 500, "rows": made}, "kappa")

    *_, head, common, rare = table.split(intervals.EXPLAINED)[0].rstrip().splitlines()
    assert head.split() == ["people", "share", *METHODS]
    assert common.split() == ["10", "from", ".05", "-", "0.900", "0.950", "1.000", "-", "-", "-"]
    assert rare.split() == ["10", "to", ".02", "-", "0.800", "0.800", "0.800", "-", "-", "-"]
