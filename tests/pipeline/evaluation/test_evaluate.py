"""An evaluation measures blind work against suggestions that have learnt nothing of it."""

import math
from dataclasses import asdict, fields, is_dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate import NothingToCompareError, evaluate_agreement
from pipeline.order import suggest_in_order
from pipeline.work import WATCHER, Work, call_plainly
from study.errors import StudyError
from study.records import Span
from tests.pipeline.evaluation.hand_made import KEYS, NOW
from tests.pipeline.evaluation.made_study import MadeStudy

N_EXCERPTS = 8
# What does not hang on assisted work.
BLIND_ONLY = (
    "headline",
    "uses",
    "people",
    "in_place",
    "misses",
    "baselines",
    "groups",
    "parts",
    "machine_mixups",
    "people_mixups",
    "disagreements",
    "end_to_end",
)


def evaluate(made, **options):
    return evaluate_agreement(made.study, now=NOW, **options)


def walk(value, path="evaluation"):
    """Give every number of an evaluation with its place in it."""
    if is_dataclass(value):
        for each in fields(value):
            yield from walk(getattr(value, each.name), f"{path}.{each.name}")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from walk(each, f"{path}[{key}]")
    elif isinstance(value, list | tuple | set | frozenset):
        for number, each in enumerate(value):
            yield from walk(each, f"{path}[{number}]")
    elif isinstance(value, float | np.floating):
        yield path, float(value)
    else:
        assert not isinstance(value, np.ndarray | np.generic), f"{path} is an array"


def estimates_of(value):
    """Give every estimate of an evaluation."""
    if is_dataclass(value) and hasattr(value, "bca"):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from estimates_of(getattr(value, each.name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from estimates_of(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from estimates_of(each)


def assert_whole(evaluation):
    """An evaluation holds no number that is none, and says why wherever there is no figure."""
    assert [path for path, number in walk(evaluation) if not math.isfinite(number)] == []
    assert all(each.note for each in estimates_of(evaluation) if each.value is None)


def some_codes(rng, share=0.4):
    return " ".join(key for key in KEYS if rng.random() < share)


def fill(made, *, n_interviews=10, n_drawn=2):
    """Fill a study: two coders' files, a page of which a part was drawn, families, two models."""
    rng = np.random.default_rng(3)
    made.use_codebook(*KEYS)
    labels = [f"I{n}" for n in range(n_interviews)]
    for n, label in enumerate(labels):
        files = {"anna": [some_codes(rng) for _ in range(N_EXCERPTS)]}
        if n % 2:
            files["ben"] = [some_codes(rng) for _ in range(N_EXCERPTS)]
        made.add(label, files, texts=N_EXCERPTS, participant=f"P{n}")
        made.describe(f"P{n}", family="F1" if n < 2 else None, role=("mother", "father")[n % 2])
    for trained_on, method in (((), "similarity"), (("I0",), "trained")):
        suggested = {
            label: {place: some_codes(rng) for place in range(N_EXCERPTS)} for label in labels
        }
        made.suggest(suggested, trained_on=trained_on, method=method)
    for label in labels:
        drawn = tuple(int(place) for place in rng.choice(N_EXCERPTS, n_drawn, replace=False))
        made.draw(label, *drawn, rate=0.25)
        for place in drawn:
            made.code(label, place, some_codes(rng))
    return labels


def code_with_suggestions(made, labels, rng):
    """Finish on the page what was not drawn."""
    for label in labels:
        for place in range(N_EXCERPTS):
            if place not in made.drawn[label]:
                made.code(label, place, some_codes(rng))


def test_study_without_suggestions_says_what_to_do(made):
    made.add("I1", {"anna": ["trust"] * 8})

    with pytest.raises(NothingToCompareError, match="Run 'themeloop suggest' first"):
        evaluate(made)


def test_study_without_codings_says_that_there_is_nothing_to_compare_with(made):
    made.add("I1")
    made.suggest({"I1": {0: "trust"}})

    with pytest.raises(NothingToCompareError, match="nothing to compare with"):
        evaluate(made)


def test_study_coded_with_suggestions_only_has_nothing_to_compare_with(made_here):
    """No draw, as in a study that was queued at a rate of 0."""
    made_here.add("I1")
    made_here.suggest({"I1": {0: "trust"}})
    for place in range(8):
        made_here.code("I1", place, "trust")

    with pytest.raises(NothingToCompareError, match="nothing to compare with"):
        evaluate(made_here)


def test_study_without_a_codebook_says_so(made_here):
    with pytest.raises(StudyError, match="no codebook yet"):
        evaluate(made_here)


def test_models_that_have_all_learnt_from_what_is_coded_are_named_as_the_reason(made_here):
    """There are suggestions, so 'themeloop suggest' would mend nothing."""
    made_here.add("I1", {"anna": ["trust"] * 8})
    made_here.suggest({"I1": {0: "trust"}}, trained_on=["I1"])

    with pytest.raises(NothingToCompareError, match="learnt from"):
        evaluate(made_here)


def test_whole_study_is_measured_from_end_to_end(made):
    labels = fill(made)
    code_with_suggestions(made, labels, np.random.default_rng(4))

    evaluation = evaluate(made)

    headline = evaluation.headline
    sizes = ("n_interviews", "n_excerpts", "n_participants", "n_groups", "n_coders")
    assert [getattr(headline, name) for name in sizes] == [10, 80, 10, 9, 3]
    assert evaluation.keys == KEYS
    assert evaluation.names == ("Trust", "Change", "Sharing")
    assert (evaluation.n_drawn, evaluation.n_owed, evaluation.n_waiting) == (20, 0, 0)
    assert evaluation.people.n_excerpts == 5 * 8 + 5 * 2
    assert evaluation.in_place.machine.n_excerpts == evaluation.people.n_excerpts
    # The page's suggestions had learnt from I0, which is of one family with I1.
    assert (evaluation.effect.assisted.n_excerpts, evaluation.effect.blind.n_excerpts) == (48, 16)
    assert evaluation.effect.split.n_unshown == 16 + 4 * 2
    assert evaluation.assisted.n_excerpts == 60
    assert {baseline.name for baseline in evaluation.baselines} == {
        "similarity",
        "majority",
        "tfidf",
    }
    assert {group.value for group in evaluation.groups} == {"mother", "father"}
    assert [part.n_excerpts for part in evaluation.parts if part.kind == "model"] == [80, 64]
    assert evaluation.end_to_end.on_given is None
    assert evaluation.made_at == NOW
    assert headline.comparison.pooled.figures["kappa"].bca is not None
    assert_whole(evaluation)


def test_evaluating_twice_gives_the_same(made_here):
    fill(made_here)

    assert evaluate(made_here) == evaluate(made_here)


@pytest.mark.parametrize("seed", [1, 2])
def test_assisted_decisions_move_nothing_that_rests_on_blind_work(made, seed):
    """Whatever they say, whoever makes them, and on drawn excerpts as well as on others."""
    rng = np.random.default_rng(seed)
    labels = fill(made)
    before = evaluate(made)

    code_with_suggestions(made, labels, rng)
    for label in labels:
        place = made.drawn[label][0]
        made.decide(label, place, "reopen", "add trust", "remove change", is_assisted=True)
        if rng.random() < 0.5:
            made.code(label, place, some_codes(rng), is_assisted=True)
    made.let_review("zoe")
    made.code("I0", 0, "sharing", coder="zoe", is_assisted=True)
    after = evaluate(made)

    assert after.assisted is not None
    for name in BLIND_ONLY:
        assert getattr(after, name) == getattr(before, name), name
    assert after.model == before.model


@settings(max_examples=8)
@given(
    st.lists(
        st.tuples(
            st.integers(0, N_EXCERPTS - 1),
            st.sampled_from(
                [f"{verb} {key}" for verb in ("add", "remove") for key in KEYS]
                + ["done", "reopen", "unsure"]
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_assisted_key_press_moves_the_headline(sqlite, tmp_path_factory, presses):
    with sqlite.new_study(tmp_path_factory.mktemp("made") / "study") as study:
        made = MadeStudy(study)
        fill(made, n_interviews=3)
        before = evaluate(made)

        for place, verdict in presses:
            made.decide("I1", place, verdict, is_assisted=True)

        after = evaluate(made)
    for name in BLIND_ONLY:
        assert getattr(after, name) == getattr(before, name), name


def test_figures_count_people_and_machine_code_by_code(made_here):
    for label in ("I1", "I2"):
        made_here.add(label, {"anna": ["trust", ""]}, texts=2)
    made_here.suggest({"I1": {0: "trust"}, "I2": {1: "change"}})

    evaluation = evaluate(made_here)

    assert [asdict(use) for use in evaluation.uses] == [
        {"n_people": 2, "n_machine": 1, "n_both": 1},
        {"n_people": 0, "n_machine": 1, "n_both": 0},
        {"n_people": 0, "n_machine": 0, "n_both": 0},
    ]
    assert (evaluation.people, evaluation.in_place, evaluation.effect) == (None, None, None)
    assert_whole(evaluation)


def test_mean_leaves_out_codes_with_too_little_to_tell(made_here):
    """Trust is given to 16 excerpts, change to 9."""
    for n in range(8):
        made_here.add(f"I{n}", {"anna": ["trust", "trust", "change" if n else ""]}, texts=3)
    made_here.add("I9", {"anna": ["change", "change", ""]}, texts=3)
    made_here.suggest({f"I{n}": {0: "trust"} for n in range(8)})

    comparison = evaluate(made_here).headline.comparison

    assert [code.is_told for code in comparison.codes] == [True, False, False]
    assert comparison.pooled.n_codes == 1
    assert comparison.pooled.figures["recall"].value == pytest.approx(0.5)


def test_interview_that_was_not_proposed_for_yet_is_left_out_and_counted(made_here):
    fill(made_here, n_interviews=3)
    before = evaluate(made_here)
    made_here.add("I9", {"anna": ["trust"] * 8})

    after = evaluate(made_here)

    assert (before.n_waiting, after.n_waiting) == (0, 1)
    assert after.headline == before.headline


def test_interview_whose_models_have_all_learnt_from_it_is_left_out_and_counted(made_here):
    for label in ("I1", "I2"):
        made_here.add(label, {"anna": ["trust"] * 8})
    made_here.suggest({"I1": {0: "trust"}}, trained_on=["I1"])

    evaluation = evaluate(made_here)

    assert (evaluation.n_waiting, evaluation.n_learnt) == (0, 1)
    assert (evaluation.headline.n_interviews, evaluation.headline.n_excerpts) == (1, 8)


def test_coded_interviews_that_wait_for_suggestions_are_named_as_the_reason(made_here):
    """Another has suggestions, but nobody coded it."""
    made_here.add("I1", {"anna": ["trust"] * 8})
    made_here.add("I2")
    made_here.suggest(scored=["I2"])

    with pytest.raises(NothingToCompareError, match="Run 'themeloop suggest' first"):
        evaluate(made_here)


def test_evaluation_names_the_model_that_its_headline_rests_on(made_here):
    """The newer model scored an interview that nobody coded; it judged nothing."""
    made_here.add("I1", {"anna": ["trust"] * 8})
    made_here.add("I2")
    first = made_here.suggest({"I1": {0: "trust"}})
    made_here.suggest({"I2": {0: "trust"}}, trained_on=["I1"])

    assert evaluate(made_here).model.id == first


def test_drawn_excerpts_are_owed_until_a_coder_has_finished_them_blind(made_here):
    made_here.add("I1", {"anna": ["trust", *[None] * 7]})
    made_here.suggest()
    made_here.draw("I1", 3, 4, 5)
    made_here.code("I1", 4)
    made_here.decide("I1", 5, "add trust")

    evaluation = evaluate(made_here)

    assert (evaluation.n_drawn, evaluation.n_owed) == (3, 2)


def test_drawn_excerpts_of_a_cut_that_is_gone_are_neither_drawn_nor_finished(made_here):
    made_here.add("I1", {"anna": ["trust"] * 8})
    made_here.suggest()
    made_here.draw("I1", 0, 1)
    made_here.code("I1", 0)
    made_here.code("I1", 1)
    made_here.cut("I1", Span(0, 40), Span(40, 80))
    made_here.suggest()

    evaluation = evaluate(made_here)

    assert (evaluation.n_drawn, evaluation.n_owed) == (0, 0)


def test_work_on_an_earlier_cut_is_judged_on_the_excerpts_as_they_are_now(made_here):
    """Eight excerpts of 17 characters became four of 35: each of these holds two of those."""
    made_here.add("I1", {"anna": ["trust", "", *[""] * 6]})
    made_here.cut("I1", *(Span(start, start + 35) for start in (0, 36, 72, 108)))
    made_here.suggest({"I1": {0: "trust", 3: "trust"}})

    evaluation = evaluate(made_here)

    assert evaluation.headline.n_excerpts == 4
    assert asdict(evaluation.uses[0]) == {"n_people": 1, "n_machine": 2, "n_both": 1}
    assert evaluation.end_to_end.on_given.n_excerpts == 8


def test_files_stretches_are_judged_as_given_where_the_study_cuts_for_itself(made):
    """Each second of the study's excerpts holds two of the file's, and is suggested trust."""
    for n in range(6):
        label = f"I{n}"
        made.add(label, {"anna": ["trust", "", "trust", ""]}, texts=4, is_segmenting=True)
        made.cut(label, Span(0, 35), Span(36, 71))
    made.suggest({f"I{n}": {0: "trust"} for n in range(6)})

    evaluation = evaluate(made)

    on_given = evaluation.end_to_end.on_given
    assert (on_given.n_excerpts, evaluation.headline.n_excerpts) == (24, 12)
    trust = on_given.comparison.codes[0].figures
    assert (trust["precision"].value, trust["recall"].value) == (0.5, 0.5)
    assert evaluation.headline.comparison.codes[0].figures["recall"].value == 0.5
    assert_whole(evaluation)


def test_excerpts_as_a_file_gave_them_are_not_judged_twice(made_here):
    made_here.add("I1", {"anna": ["trust"] * 8})
    made_here.suggest({"I1": {0: "trust"}})

    assert evaluate(made_here).end_to_end.on_given is None


def test_code_added_later_counts_only_where_it_could_be_given(made_here):
    made_here.use_codebook("trust", "change")
    for n in range(6):
        made_here.add(f"I{n}", {"anna": ["trust", "change", ""]}, texts=3)
    made_here.use_codebook(*KEYS)
    for n in range(6, 12):
        made_here.add(f"I{n}", {"anna": ["trust", "sharing", "sharing"]}, texts=3)
    made_here.suggest({f"I{n}": {0: "sharing"} for n in range(12)})

    evaluation = evaluate(made_here)

    trust, _, sharing = evaluation.headline.comparison.codes
    assert (trust.counts.n_excerpts, sharing.counts.n_excerpts) == (36, 18)
    assert asdict(evaluation.uses[2]) == {"n_people": 12, "n_machine": 6, "n_both": 0}
    labels = [(part.label, part.n_excerpts) for part in evaluation.parts if part.kind == "codebook"]
    assert labels == [("version 1", 18), ("version 2", 18)]
    assert_whole(evaluation)


def test_rounds_are_parts_of_their_own(made_here):
    made_here.add("I1")
    made_here.suggest()
    made_here.code_in_round("pilot", "I1", 0, "trust")
    made_here.code_in_round("pilot", "I1", 1)
    made_here.code_in_round("main", "I1", 2)

    parts = [part for part in evaluate(made_here).parts if part.kind == "round"]

    assert [(part.label, part.n_excerpts) for part in parts] == [("pilot", 2), ("main", 1)]


def test_words_are_in_an_evaluation_only_where_somebody_asked_for_them(made_here):
    made_here.add("I1", {"anna": ["trust", ""]}, texts=["only here", "and here"])
    made_here.suggest({"I1": {1: "trust"}})

    without, with_ = evaluate(made_here), evaluate(made_here, with_quotes=True)

    assert [each.text for each in with_.disagreements] == ["only here", "and here"]
    assert "only here" not in repr(without)
    assert replace(with_, disagreements=()) == replace(without, disagreements=())


def test_how_far_an_evaluation_is_can_be_watched(made_here):
    made_here.add("I1", {"anna": ["trust"]}, texts=1)
    made_here.suggest()
    seen = []
    token = WATCHER.set(lambda name, n_done, n_all: seen.append((name, n_done, n_all)))

    try:
        evaluate(made_here)
    finally:
        WATCHER.reset(token)

    assert {name for name, _, _ in seen} == {"evaluate_agreement"}
    assert [n_done for _, n_done, _ in seen] == list(range(1, len(seen) + 1))
    assert {n_all for _, _, n_all in seen} == {len(seen)}


def test_pipelines_own_suggestions_can_be_evaluated(coded_study):
    """With a fake encoder, on excerpts as the file gave them."""
    suggest_in_order(call_plainly, Work(coded_study))

    evaluation = evaluate_agreement(coded_study, now=NOW)

    assert (evaluation.headline.n_interviews, evaluation.headline.n_coders) == (3, 1)
    assert evaluation.model.method == "similarity"
    assert_whole(evaluation)


def one_interview(made):
    made.add("I1", {"anna": ["trust", "", "change", *[""] * 5]})
    made.suggest({"I1": {0: "trust"}})


def one_coder(made):
    for n in range(12):
        made.add(f"I{n}", {"anna": ["trust", "change", "", ""]}, texts=4)
    made.suggest({f"I{n}": {0: "trust", 2: "change"} for n in range(12)})


def codes_nobody_uses(made):
    for n in range(12):
        made.add(f"I{n}", {"anna": [""] * 4, "ben": [""] * 4}, texts=4)
    made.suggest()


def code_that_everybody_always_gives(made):
    for n in range(12):
        made.add(f"I{n}", {"anna": ["trust"] * 4, "ben": ["trust"] * 4}, texts=4)
    made.suggest({f"I{n}": dict.fromkeys(range(4), "trust") for n in range(12)})


def coders_who_never_overlap(made):
    for n in range(12):
        made.add(f"I{n}", {("anna", "ben")[n % 2]: ["trust", "", "change", ""]}, texts=4)
    made.suggest({f"I{n}": {0: "trust"} for n in range(12)})


def coders_who_agree_on_nothing(made):
    for n in range(12):
        made.add(f"I{n}", {"anna": ["trust", ""], "ben": ["", "trust"]}, texts=2)
    made.suggest({f"I{n}": {0: "trust"} for n in range(12)})


def everything_drawn(made):
    for n in range(12):
        made.add(f"I{n}", texts=4)
    made.suggest({f"I{n}": {0: "trust"} for n in range(12)})
    for n in range(12):
        made.draw(f"I{n}", *range(4), rate=1.0)
        for place in range(4):
            made.code(f"I{n}", place, ("trust", "change")[place % 2])


def nothing_drawn(made):
    made.add("I1", {"anna": ["trust", ""]}, texts=2)
    made.suggest()
    made.draw("I1", rate=0.0)
    made.code("I1", 0, "trust")


def empty_excerpts(made):
    for n in range(12):
        made.add(f"I{n}", {"anna": ["trust", "trust", "", ""]}, texts=["", "synthetic", "", ""])
    made.suggest({f"I{n}": {0: "trust", 1: "trust", 2: "change"} for n in range(12)})


def only_empty_excerpts(made):
    made.add("I1", {"anna": ["trust"], "ben": ["trust"]}, texts=[""])
    made.suggest({"I1": {0: "trust"}})


def code_removed_from_the_codebook(made):
    made.use_codebook(*KEYS)
    for n in range(12):
        made.add(f"I{n}", {"anna": ["trust sharing", "sharing", ""]}, texts=3)
    made.suggest({f"I{n}": {0: "trust sharing"} for n in range(12)})
    made.use_codebook("trust", "change")


def all_codes_but_one_never_judged(made):
    made.use_codebook("trust")
    for n in range(12):
        made.add(f"I{n}", {"anna": ["trust", ""]}, texts=2)
    made.suggest({f"I{n}": {0: "trust"} for n in range(12)})
    made.use_codebook(*KEYS)


def page_before_file(made):
    made.add("I1", texts=4)
    made.suggest()
    made.draw("I1", 0)
    made.decide("I1", 0, "unsure")
    made.add("I1", {"coder": ["trust", "", "", ""]}, texts=4)


def few_assisted_beside_few_blind(made):
    made.add("I1", {"anna": ["trust", "", "", ""]}, texts=4)
    made.suggest({"I1": {0: "trust"}})
    made.draw("I1", 0, rate=0.25)
    for place in range(4):
        made.code("I1", place, "trust")


@pytest.mark.parametrize(
    "make",
    [
        one_interview,
        one_coder,
        codes_nobody_uses,
        code_that_everybody_always_gives,
        coders_who_never_overlap,
        coders_who_agree_on_nothing,
        everything_drawn,
        nothing_drawn,
        empty_excerpts,
        only_empty_excerpts,
        code_removed_from_the_codebook,
        all_codes_but_one_never_judged,
        page_before_file,
        few_assisted_beside_few_blind,
    ],
    ids=lambda make: make.__name__.replace("_", " "),
)
def test_odd_study_gives_notes_and_no_number_that_is_none(made_here, make):
    make(made_here)

    evaluation = evaluate(made_here, with_quotes=True)

    assert_whole(evaluation)
