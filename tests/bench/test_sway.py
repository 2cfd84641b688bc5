"""All studies here are invented by the benchmark."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import cohen_kappa_score, precision_score

from bench import sway
from bench.assisted_coder import (
    ACCURACIES,
    PREVALENCES,
    Strengths,
    invent_study,
    look_both_ways,
    show_suggestions,
    true_effect,
)
from bench.assisted_figures import AGREEMENT, GRID, Effort, measure_study
from models.agreement.assistance import FIGURES
from models.agreement.figures import WITH_MACHINE, compare
from models.agreement.tables import Readings, tabulate_machine

NOTHING, STRONGEST = GRID[0], GRID[-1]


def run(*options):
    arguments = ["--jobs", "1", "--resamples", "100", *map(str, options)]
    result = CliRunner().invoke(sway.main, arguments)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


@pytest.fixture(scope="module")
def figures():
    return json.loads(run("--replications", 8, "--json"))


@pytest.fixture(scope="module")
def large_study():
    return invent_study(np.random.default_rng(5), rate=0.1, n_participants=1000)


def pick(rows, figure, strengths):
    (row,) = [
        row
        for row in rows
        if row["figure"] == figure
        and all(row[key] == value for key, value in vars(strengths).items())
    ]
    return row


@pytest.mark.parametrize("accuracy", [1.0, 0.9, 0.7])
@pytest.mark.parametrize("strengths", [Strengths(0.6, 0.3, 0.2, 0.4), STRONGEST])
def test_true_effect_is_what_a_very_large_study_shows_coded_both_ways(
    large_study, strengths, accuracy
):
    shown = show_suggestions(large_study, strengths)

    found = look_both_ways(large_study, shown, large_study.independent[accuracy])

    assert found == pytest.approx(true_effect(strengths, accuracy), abs=0.015)


def test_strengths_put_in_come_out_where_the_independent_coder_never_errs():
    effect = true_effect(Strengths(0.6, 0.3), 1.0)

    assert effect["found_by_suggesting"] == pytest.approx(0.6)
    assert effect["swayed_by_suggesting"] == pytest.approx(0.3)
    # A coder with a recall of .8 leaves a fifth off; six of ten of these are found.
    assert effect["help_by_suggesting"] == pytest.approx(0.12)


def test_errors_of_the_independent_coder_draw_help_and_sway_together():
    gaps = [
        effect["found_by_suggesting"] - effect["swayed_by_suggesting"]
        for effect in (true_effect(Strengths(0.6, 0.3), accuracy) for accuracy in ACCURACIES)
    ]

    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 0.29
    assert gaps[-1] < 0.21


def test_nobody_changes_what_the_machine_already_said(large_study):
    shown = show_suggestions(large_study, STRONGEST)

    has_changed = shown != large_study.alone
    assert (shown == large_study.suggested)[has_changed].all()
    assert (show_suggestions(large_study, NOTHING) == large_study.alone).all()


def test_excerpts_follow_one_another_and_prevalences_stay(large_study):
    truth, people = large_study.truth, large_study.interviews.participants
    is_next = people[1:] == people[:-1]

    within = np.corrcoef(truth[:-1, 4][is_next], truth[1:, 4][is_next])[0, 1]
    across = np.corrcoef(truth[:-1, 4][~is_next], truth[1:, 4][~is_next])[0, 1]

    assert truth.mean(axis=0) == pytest.approx(PREVALENCES, abs=0.012)
    assert within > 0.25
    assert abs(across) < 0.1


def test_agreement_is_the_headline_of_the_product_and_that_of_all_codings_scikit_learns():
    study = invent_study(np.random.default_rng([3, 0]), rate=0.1, n_participants=22)
    drawn = study.interviews.is_drawn
    people = study.interviews.participants[drawn]
    readings = Readings(
        study.alone[None, drawn].astype(float), np.full((1, drawn.sum()), 10.0), people, people
    )
    names = {name: WITH_MACHINE[name] for name in AGREEMENT}
    headline = compare(tabulate_machine(readings, study.suggested[drawn]), names, n_resamples=1)
    told = [code.is_told for code in headline.codes]
    by_code = list(zip(study.alone.T, study.suggested.T, strict=True))
    truth = {
        "agreement": (study.alone == study.suggested).mean(axis=0),
        "kappa": [cohen_kappa_score(*pair) for pair in by_code],
        "precision": [precision_score(*pair) for pair in by_code],
    }

    measured = measure_study(Effort(0.1, 100, 3), 0).agreement[0]

    for row, name in enumerate(AGREEMENT):
        assert measured[row, 0] == pytest.approx(headline.pooled.figures[name].value)
        assert measured[row, 2] == pytest.approx(np.mean(np.array(truth[name])[told]))


def test_shown_nothing_that_moves_a_coder_the_effect_is_none_but_for_chance(figures):
    agreement = pick(figures["agreement"], "kappa", NOTHING)
    help_, sway_ = (pick(figures["split"], name, NOTHING) for name in ("help", "sway"))

    assert agreement["effect"] == help_["both_ways"] == sway_["both_ways"] == [0, 0]
    for error in (agreement["effect_error"], help_["error"], sway_["error"]):
        assert abs(error[0]) < 4 * error[1]


def test_blind_agreement_is_the_same_however_coders_are_swayed(figures):
    rows = [pick(figures["agreement"], "kappa", strengths) for strengths in GRID]

    assert len({tuple(row["blind"]) for row in rows}) == 1
    assert abs(rows[0]["blind_error"][0]) < 4 * rows[0]["blind_error"][1]
    inflated = [row["assisted_error"][0] for row in rows]
    assert abs(inflated[0]) < 0.01
    assert all(more > 0.02 for more in inflated[1:])
    assert inflated[-1] > 0.4


def test_strong_sway_is_seen_and_told_from_help(figures):
    swayed = pick(figures["split"], "sway_by_suggesting", Strengths(0.0, 0.3))
    helped = pick(figures["split"], "help_by_suggesting", Strengths(0.0, 0.3))

    assert swayed["measured"][0] == pytest.approx(swayed["both_ways"][0], abs=0.05)
    assert swayed["measured"][0] > 0.15 > helped["measured"][0] + 0.05


def test_every_figure_is_there_under_every_strength(figures):
    assert len(figures["agreement"]) == len(GRID) * len(AGREEMENT)
    assert len(figures["split"]) == len(GRID) * len(FIGURES)
    assert [row["accuracy"] for row in figures["attenuated"]] == [
        accuracy for accuracy in ACCURACIES for _ in range(2)
    ]
    assert all(row["studies"] == 8 for row in figures["split"])


def test_same_seed_gives_the_same_and_another_does_not():
    effort = Effort(0.1, 100, 1)
    first, again, other = (measure_study(effort, number) for number in (0, 0, 1))

    for name in ("agreement", "split", "attenuated"):
        assert np.array_equal(getattr(first, name), getattr(again, name), equal_nan=True)
    assert not np.array_equal(first.agreement, other.agreement)


def test_tables_say_what_they_count():
    tables = run("--replications", 2, "--rate", 0.3)

    assert tables.startswith("seed 1, replications 2, resamples 100, rate 0.3")
    assert "kappa with the machine" in tables
    assert "found_by_suggesting, help 0.6, sway 0.3" in tables
    assert sway.EXPLAINED in tables
