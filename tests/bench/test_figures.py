from dataclasses import asdict
from types import SimpleNamespace

import numpy as np
import pytest

from bench.figures import Figures, average, describe_people, measure, measure_people
from models.agreement import human_agreement, majority_labels
from models.left_out import find_majority_places, measure_coders


@pytest.fixture
def two_coders():
    """Ratings drawn at random: 40 excerpts, three codes, the third so rare that it tells little."""
    rng = np.random.default_rng(4)
    truth = rng.random((40, 3)) < [0.5, 0.3, 0.1]
    return (truth ^ (rng.random((2, 40, 3)) < 0.15)).astype(float)


def test_people_are_described_on_all_codes_and_on_the_measured_ones(two_coders):
    people = measure_people(two_coders, [0, 1])

    described = describe_people(two_coders, people)

    on_all, on_two = human_agreement(two_coders), human_agreement(two_coders[:, :, :2])
    assert described["kappa"] == pytest.approx(on_all.kappa, abs=1e-4)
    assert described["measured_codes"]["kappa"] == pytest.approx(on_two.kappa, abs=1e-4)
    assert described["kappa"] != described["measured_codes"]["kappa"]
    # Of two coders the majority of the others is the other one.
    assert described["left_out"] == {"kappa": described["kappa"], "coders": 2, "excerpts": 40}


def test_without_a_measured_code_people_are_described_on_all(two_coders):
    described = describe_people(two_coders, measure_people(two_coders, []))

    assert described["kappa"] is not None
    assert described["measured_codes"] == {
        "kappa": None,
        "left_out": {"kappa": None, "coders": 0, "excerpts": 0},
    }


def test_each_share_is_of_what_the_coders_reach_against_the_same_others():
    rng = np.random.default_rng(6)
    truth = rng.random((200, 2)) < 0.4
    ratings = (truth ^ (rng.random((3, 200, 2)) < 0.1)).astype(float)
    data = SimpleNamespace(ratings=ratings, labels=majority_labels(ratings))
    people = measure_people(ratings, [0, 1])
    given = truth ^ (rng.random((200, 2)) < 0.2)

    figures = measure(data, given.astype(np.float32), given, [0, 1], people)

    assert people.left_out > people.pairwise
    assert figures.share_of_left_out_pairwise == pytest.approx(
        figures.kappa_in_place / human_agreement(ratings).kappa
    )
    assert figures.share_of_left_out_majority == pytest.approx(
        figures.kappa_left_out / measure_coders(find_majority_places(ratings)).kappa
    )


def test_what_no_seed_defines_stays_none():
    runs = [
        Figures(0.2, 0.1, 0.3, None, 0.5, None, 0.2, None, 0.8),
        Figures(0.4, 0.3, 0.3, 0.5, 0.5, None, 0.1, None, 0.4),
    ]

    figures = average([asdict(run) for run in runs])

    assert (figures["macro_f1"], figures["hit1"], figures["kappa_in_place"]) == (0.3, 0.5, None)
    assert figures["range"]["macro_f1"] == [0.2, 0.4]
    assert figures["range"]["share_of_left_out_majority"] == [0.4, 0.8]
    assert "kappa_in_place" not in figures["range"]
