"""Simpler ways to propose and single versions are judged on the same excerpts, blind as always."""

import numpy as np
import pytest

from models.agreement import WITH_MACHINE
from pipeline.evaluation.compared import compare_with_machine
from pipeline.evaluation.parts import measure_baselines, measure_parts, summarise
from pipeline.evaluation.readings import lay_out
from tests.pipeline.evaluation.hand_made import KEYS, interview, material, model, read_whole, work

GIVEN = ["trust", "trust change", "trust", "", "trust", "", "change", "trust"]


def repeat(n_interviews=8, by_model=None, *, texts=None, group=None, **facts):
    """Make interviews that anna read alike."""
    return [
        interview(
            f"I{n}",
            read_whole("anna", *GIVEN),
            by_model=by_model or {1: {0: "trust", 1: "trust change", 6: "change", 3: "change"}},
            texts=texts(n) if texts else None,
            group=group(n) if group else None,
            **facts,
        )
        for n in range(n_interviews)
    ]


def baselines_of(whole):
    return {baseline.name: baseline for baseline in measure_baselines(whole, lay_out(whole))}


def test_summary_gives_the_means_of_the_codes_told():
    """Sharing was given to nothing: trust has precision 1, recall 2/5; change 2/3 and 1."""
    whole = material(*repeat())

    summary = summarise(lay_out(whole))

    assert set(summary.figures) <= set(WITH_MACHINE)
    assert summary.n_codes == 2
    assert summary.figures["precision"].value == pytest.approx((1 + 2 / 3) / 2)
    assert summary.figures["recall"].value == pytest.approx((2 / 5 + 1) / 2)
    assert summary.figures["f1"].value == pytest.approx((4 / 7 + 4 / 5) / 2)


def test_machine_that_is_itself_the_similarity_says_so():
    whole = material(*repeat())

    similarity = baselines_of(whole)["similarity"]

    assert (similarity.difference.value, similarity.difference.note) == (
        0,
        "the machine is this baseline",
    )
    assert similarity.figures == summarise(lay_out(whole))


def test_other_machine_is_compared_with_what_similarity_suggested_on_the_same_excerpts():
    perfect = dict(enumerate(GIVEN))
    whole = material(
        *repeat(by_model={1: {0: "trust", 6: "change"}, 2: perfect}, headline=2),
        models=[model(1, state="retired"), model(2, method="trained")],
    )

    similarity = baselines_of(whole)["similarity"]

    kappa = similarity.figures.figures["kappa"].value
    assert similarity.figures.figures["recall"].value == pytest.approx((1 / 5 + 1 / 2) / 2)
    assert similarity.difference.value == pytest.approx(1 - kappa)


@pytest.mark.parametrize(("fit", "kappa"), [([1, 2, 4], 1.0), ([1, 4], 0.0)])
def test_newest_similarity_that_may_judge_an_interview_is_the_baseline(fit, kappa):
    by_model = {1: {}, 2: dict(enumerate(GIVEN)), 3: {0: "trust"}, 4: {0: "trust"}}
    whole = material(
        *repeat(by_model=by_model, headline=4, fit=fit),
        models=[model(1), model(2), model(3), model(4, method="trained")],
    )

    figures = baselines_of(whole)["similarity"].figures.figures

    assert figures["kappa"].value == pytest.approx(kappa)


def test_majority_gives_what_most_excerpts_of_other_groups_have():
    """Trust has five of eight, change two: trust is given everywhere, change nowhere."""
    majority = baselines_of(material(*repeat()))["majority"]

    assert majority.figures.figures["recall"].value == pytest.approx((1 + 0) / 2)
    assert majority.figures.figures["precision"].value == pytest.approx(5 / 8)


def words_by(family):
    """Tell excerpts with the code trust from others by words that only one family uses."""
    return lambda n: [f"ab {'yes' if 'trust' in keys else 'no'}{family(n)}" for keys in GIVEN]


@pytest.mark.parametrize(
    ("family", "is_learnt"),
    [(lambda _: "", True), (lambda n: n // 2, False)],
    ids=["words of everybody", "words of a family"],
)
def test_words_are_learnt_from_other_groups_only(family, is_learnt):
    """Dealt by interview, a family's words would be known from the other interview of it."""
    interviews = repeat(12, texts=words_by(family), group=lambda n: f"F{n // 2}")
    whole = material(*interviews, keys=("trust",))

    kappa = baselines_of(whole)["tfidf"].figures.figures["kappa"].value

    # Not 1: the fold with the lowest score lies below the threshold that the others set.
    assert (kappa > 0.5) is is_learnt
    assert is_learnt or kappa == pytest.approx(0)


def test_one_group_has_nothing_to_learn_from():
    whole = material(*repeat(group=lambda _: "F1"))

    assert set(baselines_of(whole)) == {"similarity"}


def test_baseline_where_no_code_can_be_told_has_notes_and_no_figures():
    whole = material(
        interview("A", read_whole("anna", "trust")), interview("B", read_whole("ben", ""))
    )

    for baseline in baselines_of(whole).values():
        assert baseline.figures.n_codes == 0
        assert {estimate.value for estimate in baseline.figures.figures.values()} == {None}


def test_texts_without_a_word_in_common_break_no_baseline():
    whole = material(*repeat(texts=lambda n: [f"w{n} x{place}" for place in range(8)]))

    assert set(baselines_of(whole)) == {"similarity", "majority", "tfidf"}


def parts_of(whole, kind):
    return {part.label: part for part in measure_parts(whole, lay_out(whole)) if part.kind == kind}


def test_each_model_version_is_judged_where_it_has_learnt_nothing():
    interviews = repeat(6, by_model={1: {0: "trust"}, 2: {}}, headline=2)
    interviews += repeat(4, by_model={1: {0: "trust"}, 2: {}}, headline=1, fit=[1])
    whole = material(*interviews, models=[model(1), model(2, method="trained")])

    parts = parts_of(whole, "model")

    first, second = parts
    assert first.startswith("similarity 111111111111")
    assert second.startswith("trained 222222222222")
    assert (parts[first].n_excerpts, parts[second].n_excerpts) == (80, 48)
    assert parts[first].figures.figures["precision"].value is not None


def test_model_version_that_judged_nothing_is_no_part():
    whole = material(*repeat(2), models=[model(1), model(5)])

    assert list(parts_of(whole, "model")) == ["similarity 111111111111, codebook version 1"]


def test_codebook_versions_and_rounds_are_parts_by_themselves():
    done = [
        work(
            "anna",
            place,
            "trust",
            version=7 if place < 2 else 9,
            round_id=4 if place == 0 else None,
        )
        for place in range(8)
    ]
    whole = material(
        *(interview(f"I{n}", done, participant=f"P{n // 2}") for n in range(6)),
        versions={7: 1, 9: 2, 11: 3},
        rounds={4: "pilot", 5: "main"},
    )

    codebooks, rounds = parts_of(whole, "codebook"), parts_of(whole, "round")

    assert {label: part.n_excerpts for label, part in codebooks.items()} == {
        "version 1": 12,
        "version 2": 36,
    }
    assert {label: (part.n_excerpts, part.n_groups) for label, part in rounds.items()} == {
        "pilot": (6, 3)
    }


def test_baseline_and_machine_are_compared_over_codes_that_both_have_a_figure_of():
    """Trust is given everywhere: a baseline that learns to give it always has no kappa of it."""
    rng = np.random.default_rng(11)
    interviews = []
    for n in range(10):
        given = ["trust change" if rng.random() < 0.5 else "trust" for _ in range(8)]
        suggested = {place: "trust change" if place % 2 else "" for place in range(8)}
        interviews.append(interview(f"I{n}", read_whole("anna", *given), suggested))
    whole = material(*interviews)
    laid_out = lay_out(whole)

    majority = next(b for b in measure_baselines(whole, laid_out) if b.name == "majority")

    assert (majority.figures.n_codes, majority.figures.n_defined["kappa"]) == (2, 1)
    machine = compare_with_machine(laid_out).comparison.codes[KEYS.index("change")]
    assert majority.difference.value == pytest.approx(machine.figures["kappa"].value)


def test_code_that_nobody_gave_is_told_of_by_what_it_is_and_not_in_the_means():
    interviews = [
        interview(
            f"I{n}", read_whole("anna", *["trust", ""] * 4), dict.fromkeys(range(8), "sharing")
        )
        for n in range(9)
    ]

    comparison = compare_with_machine(lay_out(material(*interviews))).comparison

    assert comparison.codes[KEYS.index("sharing")].note == (
        "nothing to tell: no coder gave it; the machine suggested it for 72 excerpts"
    )
    assert comparison.pooled.n_codes == 1
