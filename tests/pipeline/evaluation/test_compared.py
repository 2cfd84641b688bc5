"""People and machine are compared on excerpts coded blind, as others compute it."""

from statistics import mean

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score

from pipeline.evaluation.compared import (
    compare_in_place,
    compare_people,
    compare_with_machine,
    divide,
    take_shared,
)
from pipeline.evaluation.readings import lay_out
from tests.pipeline.evaluation.hand_made import KEYS, interview, material, read_whole, work

N_EXCERPTS = 12
RATE = 0.25


def some_codes(rng, share=0.5):
    return " ".join(key for key in KEYS if rng.random() < share)


def make_interview(n, work, rng):
    suggested = {place: some_codes(rng) for place in range(N_EXCERPTS)}
    return interview(f"I{n}", work, suggested, n_excerpts=N_EXCERPTS)


@pytest.fixture
def whole():
    """Ten interviews read whole by anna and ben; of each, carla read what was drawn."""
    rng = np.random.default_rng(7)
    interviews = []
    for n in range(10):
        done = [*read_whole("anna", *(some_codes(rng) for _ in range(N_EXCERPTS)))]
        if n < 8:
            done += read_whole("ben", *(some_codes(rng) for _ in range(N_EXCERPTS)))
        if n >= 5:
            drawn = [n % 4, n % 4 + 1, n % 4 + 2]
            done += [work("carla", place, some_codes(rng), drawn_at=RATE) for place in drawn]
        interviews.append(make_interview(n, done, rng))
    return lay_out(material(*interviews))


@pytest.fixture
def drawn():
    """One coder: six interviews from a file, six of which a fourth was drawn."""
    rng = np.random.default_rng(8)
    interviews = []
    for n in range(12):
        if n < 6:
            done = read_whole("anna", *(some_codes(rng) for _ in range(N_EXCERPTS)))
        else:
            done = [work("anna", place, some_codes(rng), drawn_at=RATE) for place in (1, 2, 3)]
        interviews.append(make_interview(n, done, rng))
    return lay_out(material(*interviews))


def values(agreement, code):
    return {
        name: estimate.value for name, estimate in agreement.comparison.codes[code].figures.items()
    }


def test_excerpts_weigh_as_much_as_they_stand_for(drawn):
    """As scikit-learn weighs them: drawn ones four times as much as those of a file."""
    weights = drawn.readings.weights[0]
    assert set(weights) == {1.0, 4.0}
    human = drawn.readings.given[0]

    agreement = compare_with_machine(drawn)

    for code in range(3):
        sides = human[:, code], drawn.machine[:, code]
        found = values(agreement, code)
        assert found["kappa"] == pytest.approx(cohen_kappa_score(*sides, sample_weight=weights))
        assert found["f1"] == pytest.approx(f1_score(*sides, sample_weight=weights))
        assert found["precision"] == pytest.approx(precision_score(*sides, sample_weight=weights))
        assert found["recall"] == pytest.approx(recall_score(*sides, sample_weight=weights))
        assert found["kappa"] != pytest.approx(cohen_kappa_score(*sides), abs=0.01)


def test_of_several_coders_each_speaks_for_a_share_of_the_excerpt(whole):
    """As scikit-learn has it of one row per coder and excerpt, each a share of its weight."""
    is_read = whole.readings.is_read
    weights = np.where(is_read, whole.readings.weights, np.inf).min(axis=0) / is_read.sum(axis=0)
    coders, rows = np.nonzero(is_read)

    agreement = compare_with_machine(whole)

    for code in range(3):
        expected = cohen_kappa_score(
            whole.readings.given[coders, rows, code],
            whole.machine[rows, code],
            sample_weight=weights[rows],
        )
        assert values(agreement, code)["kappa"] == pytest.approx(expected)


def kappa_of(whole, code, one, other, weights, sides):
    rows = np.flatnonzero(whole.readings.is_read[one] & whole.readings.is_read[other])
    return cohen_kappa_score(
        *(side[rows, code] for side in sides), sample_weight=np.full(len(rows), weights)
    )


def pair_kappas(whole, code):
    """Give kappa of each pair of coders; a pair's excerpts are of one weight here."""
    given = whole.readings.given
    return [
        kappa_of(whole, code, one, other, 1, (given[one], given[other]))
        for one, other in ((0, 1), (0, 2), (1, 2))
    ]


def test_people_are_compared_pair_by_pair_on_what_both_read(whole):
    people = compare_people(whole)

    for code in range(3):
        assert values(people, code)["kappa"] == pytest.approx(mean(pair_kappas(whole, code)))


def test_people_and_machine_are_compared_on_the_same_excerpts(whole):
    shared = take_shared(whole)
    n_shared = int((whole.readings.is_read.sum(axis=0) >= 2).sum())

    people, in_place = compare_people(whole), compare_in_place(whole)

    assert len(shared.units) == n_shared < len(whole.units)
    assert people.n_excerpts == in_place.machine.n_excerpts == n_shared
    assert in_place.people == people
    assert people.n_coders == 3


def weigh(one, other, weights):
    """Give kappa of one pair's excerpts, and the weight of what chance leaves to agree on."""
    shares = np.average(one, weights=weights), np.average(other, weights=weights)
    by_chance = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
    kappa = cohen_kappa_score(one, other, sample_weight=weights)
    return kappa, weights.sum() * (1 - by_chance)


def joint(pairs):
    kappas, weights = zip(*pairs, strict=True)
    return float(np.average(kappas, weights=weights))


def test_machine_takes_each_coders_place_in_turn(whole):
    """Against the other of each pair, on the pair's own excerpts."""
    given, machine = whole.readings.given, whole.machine.astype(float)
    is_read, drawn = whole.readings.is_read, whole.readings.weights

    in_place = compare_in_place(whole)

    ours, theirs = [], []
    for code in range(3):
        people, places = [], []
        for one, other in ((0, 1), (0, 2), (1, 2)):
            rows = np.flatnonzero(is_read[one] & is_read[other])
            weights = np.maximum(drawn[one, rows], drawn[other, rows])
            sides = given[one, rows, code], given[other, rows, code]
            people.append(weigh(*sides, weights))
            places += [weigh(side, machine[rows, code], weights) for side in sides]
        ours.append(joint(places))
        theirs.append(joint(people))
        assert values(in_place.machine, code)["joint_kappa"] == pytest.approx(ours[-1])
        assert values(in_place.people, code)["joint_kappa"] == pytest.approx(theirs[-1])
    assert in_place.n_codes == 3
    assert in_place.people_kappa.value == pytest.approx(mean(theirs))
    assert in_place.machine_kappa.value == pytest.approx(mean(ours))
    assert in_place.difference.value == pytest.approx(mean(ours) - mean(theirs))
    # A share of less than no agreement says nothing.
    assert (in_place.share.value is None) == (mean(theirs) <= 0)


def test_machine_that_reads_as_one_coder_does_stands_as_high_as_that_coder():
    """Each other coder agrees with it as with its double: of two coders, with the other."""
    rng = np.random.default_rng(9)
    interviews = []
    for n in range(9):
        ben = [some_codes(rng) for _ in range(N_EXCERPTS)]
        anna = [keys if rng.random() < 0.7 else some_codes(rng) for keys in ben]
        done = read_whole("anna", *anna) + read_whole("ben", *ben)
        interviews.append(interview(f"I{n}", done, dict(enumerate(ben)), n_excerpts=N_EXCERPTS))

    in_place = compare_in_place(lay_out(material(*interviews)))

    people = in_place.people_kappa.value
    # Nearly the mean of the two: both give codes almost equally often.
    assert in_place.machine_kappa.value == pytest.approx((people + 1) / 2, abs=0.005)
    assert in_place.share.value == pytest.approx((people + 1) / 2 / people, abs=0.01)
    assert in_place.difference.bca.low > 0


@pytest.mark.parametrize(
    "coders", [["anna"], ["anna", "ben"]], ids=["one coder", "coders who never meet"]
)
def test_without_two_coders_of_one_excerpt_there_is_nothing_between_people(coders):
    interviews = [
        interview(f"I{n}", read_whole(coders[n % len(coders)], *["trust"] * 8)) for n in range(4)
    ]
    laid_out = lay_out(material(*interviews))

    assert compare_people(laid_out) is None
    assert compare_in_place(laid_out) is None
    assert compare_with_machine(laid_out).n_coders == len(coders)


def test_comparison_says_on_what_it_was_made():
    laid_out = lay_out(
        material(
            interview("A", read_whole("anna", "trust", ""), participant="P1", group="F1"),
            interview("B", read_whole("ben", "trust"), participant="P2", group="F1"),
            interview("C", read_whole("ben", "trust"), participant="P2", group="F1"),
            interview("D", read_whole("ben", "trust"), participant="P4", group="P4"),
        )
    )

    agreement = compare_with_machine(laid_out)

    sizes = ("n_excerpts", "n_interviews", "n_participants", "n_groups", "n_coders")
    assert [getattr(agreement, name) for name in sizes] == [5, 4, 3, 2, 2]


def test_code_with_too_little_to_tell_has_no_figures_but_a_sentence():
    laid_out = lay_out(material(interview("A", read_whole("anna", *["trust"] * 8))))

    code = compare_with_machine(laid_out).comparison.codes[0]

    assert {estimate.value for estimate in code.figures.values()} == {None}
    assert code.note == (
        "too few to tell: given to 8 excerpts of 1 participants (10 of 5 are needed)"
    )


def test_code_that_a_coder_could_not_judge_is_not_compared():
    """Ben read before the code was there: only what anna and ben both judged counts."""
    interviews = [
        interview(
            f"I{n}",
            read_whole("anna", *["trust change", ""] * 4)
            + read_whole("ben", *["trust", ""] * 4, judged="trust"),
        )
        for n in range(6)
    ]

    trust, change, _ = compare_people(lay_out(material(*interviews))).comparison.codes

    assert trust.figures["agreement"].value == 1
    assert change.counts.n_excerpts == 0
    assert change.note == "too few to tell: no excerpt was judged by both sides"


def test_nothing_is_divided_by_nothing_or_less():
    shares = divide(np.array([1.0, 1.0, 1.0]), np.array([2.0, 0.0, -1.0]))

    assert shares[0] == 0.5
    assert np.isnan(shares[1:]).all()
