"""Agreement is judged on stretches of text as well, whoever cut them how."""

from dataclasses import replace

import numpy as np
import pytest

from models.continua import Continuum, Span, Stretch
from models.unitizing import count_coincidences, unitizing_agreement
from pipeline.evaluation.compared import compare_people, compare_with_machine
from pipeline.evaluation.readings import lay_out
from pipeline.evaluation.spans import measure_end_to_end
from study.records import Span as TextSpan
from tests.pipeline.evaluation.hand_made import interview, material, read_whole, span_of, work

HALVES = (TextSpan(0, 39), TextSpan(40, 79))
N = 6
LENGTH = 79
TRUST = ("", "trust")


def judge(whole):
    laid_out = lay_out(whole)
    people = compare_people(laid_out)
    machine = compare_with_machine(laid_out).comparison
    return measure_end_to_end(whole, machine, people.comparison if people else None)


def halves(coder, first="", second=""):
    """Read an interview of eight excerpts as a file that cut it in two gave it."""
    given = zip(HALVES, (first, second), strict=True)
    return [work(coder, n, keys, is_whole=True, span=span) for n, (span, keys) in enumerate(given)]


def figures_of(agreement, code=0):
    figures = agreement.comparison.codes[code].figures
    return {name: figures[name].value for name in ("precision", "recall")}


def test_foreign_stretches_are_judged_as_their_coders_had_them():
    """On the study's eight excerpts trust is found in one of four, on the file's two in its one."""
    suggested = {0: "trust", 5: "trust"}
    whole = material(*(interview(f"I{n}", halves("anna", "trust"), suggested) for n in range(N)))

    on_given = judge(whole).on_given

    assert (on_given.n_excerpts, on_given.n_interviews) == (2 * N, N)
    assert figures_of(on_given) == {"precision": 0.5, "recall": 1.0}
    own = compare_with_machine(lay_out(whole))
    assert figures_of(own) == {"precision": 0.5, "recall": 0.25}


def test_nothing_is_foreign_where_coders_coded_the_studys_excerpts():
    whole = material(*(interview(f"I{n}", read_whole("anna", *["trust"] * 8)) for n in range(N)))

    assert judge(whole).on_given is None


def test_what_was_coded_on_the_page_is_not_judged_on_a_files_stretches():
    """It would put the study's first excerpt in the place of the file's first half."""
    on_page = [work("ben", 0, "trust", drawn_at=0.25)]
    both = material(
        *(interview(f"I{n}", [*halves("anna", "trust"), *on_page], {1: "trust"}) for n in range(N))
    )

    on_given = judge(both).on_given

    assert (on_given.n_excerpts, on_given.n_coders) == (2 * N, 1)


def test_interviews_coded_as_the_study_cut_them_are_left_out_of_the_foreign():
    whole = material(
        *(interview(f"I{n}", halves("anna", "trust")) for n in range(N)),
        *(interview(f"J{n}", read_whole("anna", "trust")) for n in range(N)),
    )

    assert judge(whole).on_given.n_interviews == N


def sums_of(*continua):
    return unitizing_agreement(count_coincidences(continua, n_codes=3))


def marked(reader, *stretches):
    return [Span(reader, span.start_char, span.end_char, code) for span, code in stretches]


def read(reader, *spans):
    return [Stretch(reader, span.start_char, span.end_char) for span in spans]


def test_free_spans_of_people_and_machine_are_laid_on_the_text_as_they_are():
    """As the u-alpha family counts what is laid out here by hand."""
    suggested = {0: "trust", 1: "trust", 5: "trust"}
    whole = material(*(interview(f"I{n}", halves("anna", "trust"), suggested) for n in range(N)))
    places = [span_of(place) for place in range(8)]
    one = Continuum(
        LENGTH,
        stretches=[*read(0, *HALVES), *read(1, *places)],
        spans=[
            *marked(0, (HALVES[0], 0)),
            *marked(1, (places[0], 0), (places[1], 0), (places[5], 0)),
        ],
    )

    spans = judge(whole).machine_spans

    expected = sums_of(*[one] * N)
    assert spans.n_characters == expected.n_shared_chars == N * 8 * 9
    assert spans.any_code.value == pytest.approx(expected.relevance_alpha)
    assert spans.codes["trust"].value == pytest.approx(expected.codes[0].alpha)
    assert 0 < spans.codes["trust"].value < 1


def test_free_spans_of_people_are_compared_where_several_read():
    whole = material(
        *(
            interview(
                f"I{n}", halves("anna", "trust") + read_whole("ben", *["trust"] * 3, *[""] * 5)
            )
            for n in range(N)
        ),
        interview("alone", halves("anna", "trust")),
    )
    one = Continuum(
        LENGTH,
        stretches=[*read(0, *HALVES), *read(1, *(span_of(place) for place in range(8)))],
        spans=[*marked(0, (HALVES[0], 0)), *marked(1, *((span_of(p), 0) for p in range(3)))],
    )

    spans = judge(whole).people_spans

    expected = sums_of(*[one] * N)
    assert spans.any_code.value == pytest.approx(expected.relevance_alpha)
    assert spans.codes["trust"].value == pytest.approx(expected.codes[0].alpha)
    assert spans.n_characters == expected.n_shared_chars


def test_same_spans_agree_wholly():
    given = ["trust", "trust", "", "", "trust", "", "", ""]
    suggested = dict(enumerate(given))
    whole = material(*(interview(f"I{n}", read_whole("anna", *given), suggested) for n in range(N)))

    spans = judge(whole).machine_spans

    assert (spans.any_code.value, spans.codes["trust"].value) == (1, 1)
    assert spans.any_code.n_groups == N


def test_code_of_which_there_is_too_little_to_tell_has_its_note_here_too():
    whole = material(*(interview(f"I{n}", read_whole("anna", "trust")) for n in range(3)))

    trust = judge(whole).machine_spans.codes["trust"]

    assert (trust.value, trust.note) == (
        None,
        "too few to tell: given to 3 excerpts of 3 participants (10 of 5 are needed)",
    )


def test_without_two_coders_people_have_no_spans():
    whole = material(interview("A", read_whole("anna", "trust")))

    assert judge(whole).people_spans is None


def test_nothing_marked_at_all_is_undefined_and_says_so():
    whole = material(*(interview(f"I{n}", read_whole("anna", *[""] * 8)) for n in range(N)))

    any_code = judge(whole).machine_spans.any_code

    assert any_code.value is None
    assert any_code.note.startswith("undefined")


def with_empty(one, place):
    """Make one excerpt of an interview empty, as a file may give it."""
    empty = TextSpan(span_of(place).start_char, span_of(place).start_char)
    return replace(
        one,
        excerpts=tuple(
            replace(each, span=empty) if each.position == place else each for each in one.excerpts
        ),
        work=tuple(
            replace(each, span=empty) if each.excerpt_id == place + 1 else each for each in one.work
        ),
    )


def test_empty_excerpts_that_were_coded_and_suggested_break_nothing():
    one = interview("A", read_whole("anna", *["trust"] * 8), dict.fromkeys(range(8), "trust"))
    whole = material(with_empty(one, 2), with_empty(one, 7))

    spans = judge(whole).machine_spans

    assert spans.n_characters == 2 * 7 * 9
    assert spans.any_code.value is None


def test_only_empty_excerpts_leave_nothing_to_tell():
    one = interview("A", read_whole("anna", "trust"), {0: "trust"}, n_excerpts=1)

    spans = judge(material(with_empty(one, 0))).machine_spans

    assert spans.n_characters == 0
    assert (spans.any_code.value, spans.any_code.note) == (
        None,
        "too few to tell: no stretch was read by both sides",
    )


def test_interview_counts_once_among_free_spans_however_many_read_it():
    def measure_with(coders):
        rng = np.random.default_rng(3)
        interviews = []
        for n in range(9):
            given = [TRUST[int(rng.random() < 0.4)] for _ in range(8)]
            done = [w for coder in coders[: 1 + n % 2] for w in read_whole(coder, *given)]
            suggested = {place: TRUST[int(rng.random() < 0.5)] for place in range(8)}
            interviews.append(interview(f"I{n}", done, suggested))
        whole = material(*interviews)
        comparison = compare_with_machine(lay_out(whole)).comparison
        return measure_end_to_end(whole, comparison, None).machine_spans

    once, twice = measure_with(["anna"]), measure_with(["anna", "ben"])

    assert twice.n_characters == once.n_characters
    assert twice.any_code.value == pytest.approx(once.any_code.value, abs=0.01)
