"""What the queue would have missed is counted, and who it was missed of."""

from dataclasses import replace

import pytest

from pipeline.evaluation.compared import compare_with_machine
from pipeline.evaluation.misses import (
    count_group_errors,
    count_mixups,
    count_uses,
    label_units,
    list_disagreements,
    mark_by_machine,
    measure_misses,
    mix_up_people,
)
from pipeline.evaluation.readings import lay_out
from pipeline.evaluation.records import CodeUse, Disagreement, GroupErrors, Mixup
from tests.pipeline.evaluation.hand_made import KEYS, ids_of, interview, material, read_whole, work

RATE = 0.25


def drawn(coder, place, given="", **facts):
    return work(coder, place, given, drawn_at=RATE, **facts)


@pytest.fixture
def two_draws():
    """Two interviews: A from a file, each excerpt counting once; B drawn, each counting four."""
    return material(
        interview(
            "A",
            read_whole(
                "anna", "trust", "trust", "trust change", "", "", "change", "sharing", "trust"
            ),
            {0: "trust", 1: "trust", 2: "trust", 4: "change", 5: "change"},
        ),
        interview(
            "B",
            [
                drawn("ben", place, given)
                for place, given in enumerate(["trust", "trust", "change", "", "", "trust", "", ""])
            ],
            {0: "trust", 1: "trust", 2: "sharing"},
        ),
    )


def test_misses_are_counted_by_hand(two_draws):
    """Of 7 codes given in A one change, sharing and trust were missed, of 4 in B change and trust.

    Silent are 3, 6 and 7 of A, of which 6 and 7 have a code, and 3 to 7 of B, of which 5 has one.
    """
    misses = measure_misses(lay_out(two_draws))

    assert (misses.n_given, misses.n_missed) == (7 + 4, 3 + 2)
    assert (misses.n_silent, misses.n_silent_coded) == (3 + 5, 2 + 1)


def test_share_that_is_missed_weighs_excerpts_by_their_draw(two_draws):
    """3 of 7 in A, and 2 of 4 in B, where an excerpt stands for four."""
    missed = measure_misses(lay_out(two_draws)).missed

    assert missed.value == pytest.approx((3 + 4 * 2) / (7 + 4 * 4))
    assert missed.n_groups == 2


def test_elusion_weighs_excerpts_by_their_draw():
    """A: 2 of 6 silent ones have a code; B: 3 of 6, each counting four."""
    whole = material(
        interview(
            "A", read_whole("anna", "trust", "trust", *[""] * 4, "", ""), {6: "trust", 7: "trust"}
        ),
        interview(
            "B",
            [drawn("ben", place, ["", "change"][place < 3]) for place in range(8)],
            {6: "trust", 7: "trust"},
        ),
    )

    misses = measure_misses(lay_out(whole))

    assert (misses.n_silent, misses.n_silent_coded) == (12, 5)
    assert misses.elusion.value == pytest.approx((2 + 4 * 3) / (6 + 4 * 6))


def test_few_misses_have_counts_but_no_share(two_draws):
    misses = measure_misses(lay_out(two_draws))

    assert misses.elusion.value is None
    assert misses.elusion.note == (
        "too few to tell: 8 excerpts without any suggestion (10 are needed)"
    )


def test_nothing_given_and_nothing_silent_is_nothing_to_tell():
    whole = material(
        interview("A", read_whole("anna", *[""] * 8), dict.fromkeys(range(8), "trust"))
    )

    misses = measure_misses(lay_out(whole))

    assert (misses.n_given, misses.n_missed, misses.n_silent) == (0, 0, 0)
    assert (misses.missed.value, misses.elusion.value) == (None, None)
    assert misses.missed.note == "too few to tell: 0 codes given by people (10 are needed)"


def test_unit_has_a_code_that_at_least_half_of_its_coders_gave():
    coders = {"anna": "trust", "ben": "trust change", "carla": "change", "dora": ""}
    done = [work(coder, 0, given) for coder, given in coders.items()]
    done += [work(coder, 1, given) for coder, given in coders.items() if coder != "anna"]

    labels = label_units(lay_out(material(interview("A", done))))

    assert labels.tolist() == [[True, True, False], [False, True, False]]


def test_uses_are_counted_for_people_for_the_machine_and_for_both(two_draws):
    assert count_uses(lay_out(two_draws)) == [
        CodeUse(n_people=7, n_machine=5, n_both=5),
        CodeUse(n_people=3, n_machine=2, n_both=1),
        CodeUse(n_people=1, n_machine=1, n_both=0),
    ]


def test_errors_are_counted_for_each_value_of_an_attribute():
    mother, father = {"role": "mother", "place": "town"}, {"role": "father"}
    whole = material(
        interview(
            "A", read_whole("anna", "trust", "change"), {0: "trust", 1: "trust"}, attributes=mother
        ),
        interview("B", read_whole("anna", "trust"), {}, participant="P-A", attributes=mother),
        interview("C", read_whole("anna", "", "trust"), {0: "sharing"}, attributes=father),
        interview("D", read_whole("anna", "trust"), {0: "trust"}),
    )

    assert count_group_errors(whole, lay_out(whole)) == [
        GroupErrors("place", "town", 1, 3, n_given=3, n_found=1, n_missed=2, n_wrong=1),
        GroupErrors("role", "father", 1, 2, n_given=1, n_found=0, n_missed=1, n_wrong=1),
        GroupErrors("role", "mother", 1, 3, n_given=3, n_found=1, n_missed=2, n_wrong=1),
    ]


def test_suggestion_of_a_code_that_nobody_could_judge_is_no_error():
    """Change came into the codebook when the excerpts were coded already."""
    whole = material(
        interview(
            "A",
            read_whole("anna", "trust", "", judged="trust"),
            {0: "change", 1: "trust"},
            attributes={"role": "mother"},
        ),
    )
    laid_out = lay_out(whole)

    (errors,) = count_group_errors(whole, laid_out)

    assert (errors.n_found, errors.n_missed, errors.n_wrong) == (0, 1, 1)
    assert mark_by_machine(laid_out).tolist() == [[False] * 3, [True, False, False]]
    assert count_uses(laid_out)[1] == CodeUse(0, 0, 0)
    assert count_mixups(whole, label_units(laid_out), mark_by_machine(laid_out)) == []


def test_codes_taken_for_one_another_are_counted_most_often_first(two_draws):
    """In A nothing; in B, excerpt 2 is change for people and sharing for the machine."""
    laid_out = lay_out(two_draws)

    mixups = count_mixups(two_draws, label_units(laid_out), laid_out.machine)

    assert mixups == [Mixup("change", "sharing", 1)]


def test_code_that_was_given_by_both_is_taken_for_nothing():
    whole = material(
        interview(
            "A",
            read_whole("anna", "trust change", "trust", "trust", "change"),
            {0: "trust sharing", 1: "change", 2: "change", 3: "trust"},
        )
    )
    laid_out = lay_out(whole)

    assert count_mixups(whole, label_units(laid_out), laid_out.machine) == [
        Mixup("trust", "change", 2),
        Mixup("change", "sharing", 1),
        Mixup("change", "trust", 1),
    ]


def test_people_mix_codes_up_either_way_round():
    whole = material(
        interview(
            "A",
            read_whole("anna", "trust", "change", "trust", "")
            + read_whole("ben", "change", "trust", "trust", "trust")
            + read_whole("carla", "sharing"),
        )
    )

    assert mix_up_people(whole, lay_out(whole)) == [
        Mixup("change", "trust", 2),
        Mixup("change", "sharing", 1),
        Mixup("sharing", "trust", 1),
    ]


def test_code_that_one_coder_could_not_judge_is_not_mixed_up():
    whole = material(
        interview(
            "A",
            read_whole("anna", "trust", judged="trust") + read_whole("ben", "change"),
        )
    )

    assert mix_up_people(whole, lay_out(whole)) == []


def listed(whole, *, with_quotes=False):
    return list(list_disagreements(whole, lay_out(whole), with_quotes=with_quotes))


def test_disagreements_are_listed_with_who_gave_what():
    whole = material(
        interview(
            "A",
            [work("anna", 0, "trust"), work("ben", 0, ""), work("anna", 1, "change")],
            {0: "change", 1: "change"},
            participant="P1",
        )
    )

    assert listed(whole) == [
        Disagreement("A", "P1", 1, "A_e0", "trust", n_given=1, n_coders=2, is_suggested=False),
        Disagreement("A", "P1", 1, "A_e0", "change", n_given=0, n_coders=2, is_suggested=True),
    ]


def test_disagreements_have_words_only_where_somebody_asked_for_them():
    whole = material(interview("A", [work("anna", 1, "trust")], texts=["synth one", "synth two"]))

    (without,), (with_,) = listed(whole), listed(whole, with_quotes=True)

    assert (without.text, with_.text) == (None, "synth two")


def test_what_all_say_is_no_disagreement():
    whole = material(
        interview(
            "A",
            read_whole("anna", "trust", "") + read_whole("ben", "trust", ""),
            {0: "trust"},
        )
    )

    assert listed(whole) == []


def test_code_that_nobody_could_judge_is_no_disagreement():
    whole = material(interview("A", [work("anna", 0, judged="trust")], {0: "change"}))

    assert listed(whole) == []


def test_code_that_the_model_did_not_know_yet_is_neither_missed_nor_left_off():
    one = interview("A", read_whole("anna", *["trust change"] * 12), {0: "trust"}, n_excerpts=12)
    known = replace(material(one), known={1: ids_of("trust sharing")})

    laid_out = lay_out(known)

    assert measure_misses(laid_out).n_given == 12
    assert [use.n_people for use in count_uses(laid_out)] == [12, 0, 0]
    assert {each.code for each in list_disagreements(known, laid_out, with_quotes=False)} == {
        "trust"
    }
    counts = compare_with_machine(laid_out).comparison.codes[KEYS.index("change")].counts
    assert counts.n_excerpts == 0


def test_people_still_disagree_about_a_code_that_the_model_did_not_know_yet():
    done = read_whole("anna", "change") + read_whole("ben", "")
    known = replace(material(interview("A", done)), known={1: ids_of("trust")})

    (disagreement,) = list_disagreements(known, lay_out(known), with_quotes=False)

    assert (disagreement.code, disagreement.n_given, disagreement.n_coders) == ("change", 1, 2)
    assert not disagreement.is_suggested


def test_second_coder_does_not_make_the_machine_miss_more():
    """An excerpt's coders share its weight: whoever is asked at random, half would be missed."""
    one = [
        interview(f"I{n}", read_whole("anna", *["trust"] * 4), {0: "trust", 1: "trust"})
        for n in range(9)
    ]
    two = [replace(each, work=(*each.work, *read_whole("ben", *["trust"] * 4))) for each in one]

    alone, both = (measure_misses(lay_out(material(*each))) for each in (one, two))

    assert alone.missed.value == both.missed.value == pytest.approx(0.5)
    assert alone.elusion.value == both.elusion.value == 1
    assert (alone.n_given, both.n_given) == (36, 72)


def test_what_one_of_two_coders_gave_is_missed_by_half():
    done = read_whole("anna", *["trust"] * 10) + read_whole("ben", *[""] * 10)
    laid_out = lay_out(material(*(interview(f"I{n}", done, n_excerpts=10) for n in range(9))))

    misses = measure_misses(laid_out)

    assert (misses.missed.value, misses.elusion.value) == (1, pytest.approx(0.5))
    assert (misses.n_silent, misses.n_silent_coded) == (180, 90)
