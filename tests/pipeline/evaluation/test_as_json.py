"""Facts about an evaluation as JSON; every name and word here is synthetic."""

import json
import math
from dataclasses import replace

import pytest

from models.intervals import Estimate, Interval
from pipeline.evaluation.as_json import lay_out_estimate, lay_out_json
from pipeline.evaluation.rounding import round_figure
from tests.pipeline.evaluation.figures_of import figures_in, figures_in_json
from tests.pipeline.evaluation.made_evaluation import (
    FEW,
    MADE_AT,
    make_empty,
    make_evaluation,
)

EARLIER_KEYS = (
    "synthetic",
    "interviews",
    "excerpts",
    "coders",
    "interviews_left_out",
    "model",
    "method",
    "encoder",
    "codebook_version",
    "codes_measured",
    "macro",
    "human",
    "codes",
)
EARLIER_FIGURES = ("prevalence", "precision", "recall", "f1", "kappa", "alpha")


def as_text(laid_out):
    return json.dumps(laid_out, allow_nan=False, ensure_ascii=False)


def test_keys_of_the_command_from_before_mean_what_they_meant():
    evaluation = make_evaluation()

    laid_out = lay_out_json(evaluation)

    pooled = evaluation.headline.comparison.pooled
    assert tuple(laid_out)[: len(EARLIER_KEYS)] == EARLIER_KEYS
    assert [laid_out[key] for key in EARLIER_KEYS[:10]] == [
        True,
        26,
        400,
        3,
        2,
        "0123456789abcdef" * 4,
        "similarity",
        "synthetic-encoder",
        3,
        4,
    ]
    for name in EARLIER_FIGURES:
        assert laid_out["macro"][name] == pytest.approx(pooled.figures[name].value, abs=1e-6)
    people = evaluation.people.comparison.pooled.figures
    assert laid_out["human"]["kappa"] == pytest.approx(people["kappa"].value, abs=1e-6)
    assert laid_out["human"]["alpha"] == pytest.approx(people["alpha"].value, abs=1e-6)
    assert laid_out["human"]["excerpts"] == 400


def test_each_code_has_its_counts_and_every_figure_with_its_intervals():
    evaluation = make_evaluation()

    first = lay_out_json(evaluation)["codes"][0]

    kappa = evaluation.headline.comparison.codes[0].figures["kappa"]
    assert (first["code"], first["name"]) == ("code_0", "Code number 0")
    assert [first[name] for name in ("n", "n_human", "n_machine", "n_both")] == [400, 30, 40, 12]
    assert [first[name] for name in ("n_given", "n_participants")] == [20, 9]
    assert set(first["intervals"]) >= set(EARLIER_FIGURES)
    assert first["kappa"] == round(kappa.value, 6)
    assert first["intervals"]["kappa"] == {
        "bca": [round(kappa.bca.low, 6), round(kappa.bca.high, 6)],
        "jackknife_t": [round(kappa.jackknife_t.low, 6), round(kappa.jackknife_t.high, 6)],
        "groups": 24,
        "note": "",
    }


@pytest.mark.parametrize("evaluation", [make_evaluation(), make_empty()], ids=["full", "empty"])
def test_every_figure_of_an_evaluation_is_there_once_with_all_that_is_said_of_it(evaluation):
    figures = figures_in(evaluation)

    assert figures.total() > 10
    assert figures_in_json(lay_out_json(evaluation)) == figures


def test_what_is_withheld_is_null_and_says_why():
    laid_out = lay_out_json(make_evaluation(few=(0,)))

    withheld = laid_out["codes"][0]
    assert withheld["kappa"] is None
    assert withheld["note"] == FEW
    assert withheld["intervals"]["kappa"] == {
        "bca": None,
        "jackknife_t": None,
        "groups": 2,
        "note": FEW,
    }


def test_what_there_is_nothing_of_is_null_or_empty():
    laid_out = lay_out_json(make_empty())

    as_text(laid_out)
    assert [laid_out[key] for key in ("human", "in_place", "effect", "assisted")] == [None] * 4
    assert laid_out["disagreements"] == laid_out["groups_by_attribute"] == laid_out["parts"] == []
    assert laid_out["codes_measured"] == 0
    assert laid_out["macro"]["kappa"] is None
    assert "too few to tell" in laid_out["macro"]["intervals"]["kappa"]["note"]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_no_number_that_json_does_not_know_is_ever_written(number):
    laid_out = lay_out_estimate(Estimate(number, 9, Interval(number, 1.0), None, "synthetic note"))

    assert (laid_out["value"], laid_out["bca"]) == (None, [None, 1.0])
    as_text(laid_out)


def test_figures_are_rounded_and_none_is_minus_nought():
    assert round_figure(0.123456789) == 0.123457
    assert str(round_figure(-1e-9)) == "0.0"


def test_moment_stance_and_evidence_are_told():
    laid_out = lay_out_json(make_evaluation(stance="codebook"))

    assert laid_out["made_at"] == MADE_AT.isoformat()
    assert (laid_out["stance"], laid_out["evidence"]) == ("codebook", "e" * 64)
    assert (laid_out["seed"], laid_out["n_resamples"]) == (20261124, 2000)
    assert (laid_out["blind_drawn"], laid_out["blind_owed"]) == (120, 15)


def test_effect_that_cannot_be_split_says_why():
    evaluation = make_evaluation()
    effect = replace(evaluation.effect, split=None, note="Nobody else coded blind.")

    laid_out = lay_out_json(replace(evaluation, effect=effect))["effect"]

    assert (laid_out["split"], laid_out["note"]) == (None, "Nobody else coded blind.")


def test_effect_that_is_split_tells_its_choices():
    split = lay_out_json(make_evaluation())["effect"]["split"]

    assert (split["n_shown"], split["n_unshown"]) == (210, 40)
    assert split["n_choices"]["help_by_suggesting"] == {"shown": 200, "unshown": 40}


def test_words_of_excerpts_are_there_only_where_a_person_asked_for_them():
    words = "Synthetic “words” of an excerpt."

    without, with_words = (
        lay_out_json(make_evaluation(quotes=quotes)) for quotes in (None, [words])
    )

    assert all("text" not in each for each in without["disagreements"])
    assert [each["text"] for each in with_words["disagreements"]] == [words] * 54
    assert with_words["disagreements"][1] == {
        "interview": "I1",
        "participant": "P1",
        "excerpt_id": 101,
        "excerpt": "I1_e1",
        "code": "code_0",
        "n_given": 1,
        "n_coders": 2,
        "is_suggested": False,
        "text": words,
    }
