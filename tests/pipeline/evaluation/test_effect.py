"""What showing suggestions changed is told where one coder coded one interview both ways."""

from dataclasses import replace

import pytest

from pipeline.evaluation.effect import (
    NO_INDEPENDENT,
    lay_out_shown,
    lay_out_unshown,
    measure_effect,
    shown_model,
)
from tests.pipeline.evaluation.hand_made import interview, material, read_whole, work

RATE = 0.5
# Of each kind (suggested, independent) ten choices a side: to how many the coder gave the code,
# with suggestions shown and without.
KINDS = {(1, 1): (9, 6), (1, 0): (5, 2), (0, 0): (1, 2), (0, 1): (4, 6)}
TRUST = ("", "trust")


def blind(coder, place, given="", *, rate=RATE, **facts):
    return work(coder, place, given, drawn_at=rate, model=1, **facts)


def shown(coder, place, given="", *, rate=RATE, model=1, **facts):
    return work(coder, place, given, is_assisted=True, left_at=rate, model=model, **facts)


def counted(independent=("ben",), *, rate=RATE):
    """Make ten interviews in which each kind of choice comes once shown, once not."""
    interviews = []
    for n in range(10):
        done, suggested, truth = [], {}, []
        for place, ((is_suggested, is_given), counts) in enumerate(KINDS.items()):
            for side, make in enumerate((shown, blind)):
                at = 2 * place + side
                done.append(make("anna", at, TRUST[n < counts[side]], rate=rate))
                suggested[at] = TRUST[is_suggested]
                truth.append(TRUST[is_given])
        for coder in independent:
            done += read_whole(coder, *truth)
        interviews.append(interview(f"I{n}", done, suggested))
    return material(*interviews, keys=("trust",))


def test_help_and_sway_are_as_counted_by_hand():
    """Of 40 choices a side: nine tenths of (1, 1) shown against six tenths unshown, and so on."""
    split = measure_effect(counted()).split

    assert {name: estimate.value for name, estimate in split.figures.items()} == pytest.approx(
        {
            "help_by_suggesting": 0.9 - 0.6,
            "sway_by_suggesting": 0.5 - 0.2,
            "help_by_silence": 0.9 - 0.8,
            "sway_by_silence": 0.6 - 0.4,
            "found_by_suggesting": 0.3 / 0.4,
            "swayed_by_suggesting": 0.3 / 0.8,
            "help": (0.3 + 0.1) / 4,
            "sway": (0.3 + 0.2) / 4,
        }
    )
    assert (split.n_shown, split.n_unshown) == (40, 40)
    assert split.n_choices["help_by_suggesting"] == (10, 10)


def test_help_and_sway_make_up_the_change_in_agreement():
    """Agreement is (9 + 5 + 9 + 6) / 40 shown and (6 + 2 + 8 + 4) / 40 unshown."""
    effect = measure_effect(counted())

    assert effect.assisted.comparison.codes[0].figures["agreement"].value == pytest.approx(0.725)
    assert effect.blind.comparison.codes[0].figures["agreement"].value == pytest.approx(0.5)
    assert effect.figures["agreement"].value == pytest.approx(0.225)
    figures = effect.split.figures
    assert figures["help"].value + figures["sway"].value == pytest.approx(0.225)
    assert effect.note == ""


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.9])
def test_rate_of_the_draw_changes_nothing_where_it_is_one(rate):
    one, other = measure_effect(counted()), measure_effect(counted(rate=rate))

    assert {name: e.value for name, e in one.split.figures.items()} == pytest.approx(
        {name: e.value for name, e in other.split.figures.items()}
    )
    assert other.figures["kappa"].value == pytest.approx(one.figures["kappa"].value)


def test_excerpts_count_by_the_chance_with_which_they_were_shown():
    """Twenty interviews: ten drawn at .2, in which nothing helps, ten at .6, in which all does."""
    interviews = []
    for n in range(20):
        rate, given = (0.2, "") if n < 10 else (0.6, "trust")
        done = [shown("anna", 0, given, rate=rate), blind("anna", 1, "", rate=rate)]
        done += read_whole("ben", "trust", "trust")
        interviews.append(interview(f"I{n}", done, {0: "trust", 1: "trust"}))

    split = measure_effect(material(*interviews, keys=("trust",))).split

    weights = 1 / (1 - 0.2), 1 / (1 - 0.6)
    assert split.figures["help_by_suggesting"].value == pytest.approx(weights[1] / sum(weights))


def test_several_independent_coders_share_an_excerpts_weight():
    one, two = measure_effect(counted()).split, measure_effect(counted(("ben", "carla"))).split

    assert {name: e.value for name, e in one.figures.items()} == pytest.approx(
        {name: e.value for name, e in two.figures.items()}
    )
    assert (two.n_shown, two.n_unshown) == (80, 80)


@pytest.mark.parametrize("second", ["carla", "anna"])
def test_interview_counts_no_more_for_a_second_independent_coder(second):
    """Nor for a file of the coder's own. Of twenty interviews, showing helps in ten."""
    interviews = []
    for n in range(20):
        done = [shown("anna", 0, "trust" if n < 10 else ""), blind("anna", 1)]
        for coder in ("ben",) if n < 10 else ("ben", second):
            done += read_whole(coder, "trust", "trust")
        interviews.append(interview(f"I{n}", done, {0: "trust", 1: "trust"}))

    split = measure_effect(material(*interviews, keys=("trust",))).split

    assert split.figures["help_by_suggesting"].value == pytest.approx(1 / 2)


def test_without_an_independent_coder_help_and_sway_are_not_told_apart():
    effect = measure_effect(counted(()))

    assert (effect.split, effect.note) == (None, NO_INDEPENDENT)
    assert effect.figures["agreement"].value == pytest.approx(0.225)


def test_coder_who_read_only_what_was_drawn_is_not_independent():
    whole = counted(())
    also = tuple(
        replace(one, work=(*one.work, blind("ben", 1, "trust"))) for one in whole.interviews
    )

    both = replace(whole, interviews=also, coders=("anna", "ben"))

    assert measure_effect(both).split is None


def test_coder_is_not_independent_of_oneself():
    """Anna's own file of the same interview is not held against her."""
    whole = counted(("anna",))

    assert measure_effect(whole).split is None


def units_of(laid_out):
    return [(unit.interview, unit.excerpt_id - 1) for unit in laid_out.units]


def test_only_coders_who_coded_an_interview_both_ways_count_in_it():
    whole = material(
        interview("both", [blind("anna", 0), shown("anna", 1), shown("ben", 2)]),
        interview("blind only", [blind("anna", 0), shown("ben", 1)]),
        interview("shown only", [shown("anna", 0)]),
        interview("no draw", [work("anna", 0, is_assisted=True, model=1)]),
        interview(
            "from files", [*read_whole("anna", "", is_assisted=True), *read_whole("ben", "")]
        ),
    )

    assert units_of(lay_out_shown(whole)) == [(0, 1)]
    assert units_of(lay_out_unshown(whole)) == [(0, 0)]


def test_drawn_excerpt_that_was_changed_with_suggestions_counts_as_blind_only():
    whole = material(
        interview(
            "A",
            [
                blind("anna", 0, "trust"),
                work("anna", 0, "change", is_assisted=True, drawn_at=RATE, model=1),
                shown("anna", 1, "sharing"),
            ],
        )
    )

    unshown, screen = lay_out_unshown(whole), lay_out_shown(whole)

    assert units_of(unshown) == [(0, 0)]
    assert unshown.readings.given[0].tolist() == [[1, 0, 0]]
    assert units_of(screen) == [(0, 1)]


def test_excerpt_that_was_finished_blind_without_being_drawn_counts_on_neither_side():
    whole = material(
        interview("A", [blind("anna", 0), work("anna", 1, left_at=RATE, model=1), shown("anna", 2)])
    )

    assert units_of(lay_out_unshown(whole)) == [(0, 0)]
    assert units_of(lay_out_shown(whole)) == [(0, 2)]


def test_both_sides_are_held_against_what_was_on_the_screen():
    """The drawn excerpts were done before the queue was renewed; the headline is newer still."""
    one = interview(
        "A",
        [blind("anna", 0), shown("anna", 1, model=2), shown("anna", 2, model=2)],
        by_model={1: {0: "trust"}, 2: {0: "change", 1: "change"}, 3: {0: "sharing"}},
        headline=3,
    )

    sides = lay_out_unshown(material(one)), lay_out_shown(material(one))

    assert shown_model(one) == 2
    assert [side.machine.tolist() for side in sides] == [
        [[False, True, False]],
        [[False, True, False], [False, False, False]],
    ]


def test_model_that_has_learnt_from_the_interview_is_not_held_against_what_was_coded_blind():
    one = interview(
        "A",
        [blind("anna", 0), shown("anna", 1, model=2)],
        by_model={1: {}, 2: {0: "trust"}},
        fit=[1],
    )

    assert shown_model(one) is None
    assert measure_effect(material(one)) is None


def test_without_anybody_who_coded_both_ways_there_is_no_effect():
    for done in ([], [blind("anna", 0)], [shown("anna", 0)], read_whole("anna", "trust")):
        assert measure_effect(material(interview("A", done))) is None


def test_too_few_choices_have_no_figures_but_sentences():
    done = [blind("anna", 0, "trust"), shown("anna", 1, "trust"), *read_whole("ben", "", "trust")]

    effect = measure_effect(material(interview("A", done, {0: "trust", 1: "trust"})))

    assert effect.n_codes == 0
    for estimate in (*effect.figures.values(), *effect.split.figures.values()):
        assert estimate.value is None
        assert estimate.note.startswith("too few to tell")


def test_reader_of_a_file_that_holds_a_part_of_what_a_coder_finished_is_not_independent():
    """Whoever chose what to read did not read what lot put on either side."""
    whole = counted()
    interviews = [
        replace(each, work=tuple(w for w in each.work if w.coder != "ben" or w.excerpt_id != 3))
        for each in whole.interviews
    ]

    effect = measure_effect(replace(whole, interviews=tuple(interviews)))

    assert (effect.split, effect.note) == (None, NO_INDEPENDENT)
