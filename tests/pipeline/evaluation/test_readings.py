"""Codings are laid out as readings of the same excerpts, each with what it stands for."""

from hashlib import sha256

import numpy as np
import pytest

from pipeline.evaluation.material import keep_work, list_given_units
from pipeline.evaluation.readings import (
    Unit,
    is_assisted,
    is_blind,
    lay_out,
    number_groups,
    rate_units,
    read_text,
)
from study.draws import draw_excerpts
from study.records import Span
from tests.pipeline.evaluation.hand_made import (
    interview,
    material,
    read_whole,
    span_of,
    work,
)

CODES = {1: 0, 2: 1}


def rate(spans, *done, coders=("a",), columns=CODES):
    return rate_units(spans, done, coders=list(coders), columns=columns)


def test_excerpt_is_rated_by_who_finished_it_and_unseen_by_the_others():
    given, _ = rate([span_of(0), span_of(1)], work("a", 0, "trust"), coders=("a", "b"))

    assert given[0, 0].tolist() == [1, 0]
    assert np.isnan(given[0, 1]).all()
    assert np.isnan(given[1]).all()


def test_coded_span_labels_the_excerpts_that_share_half_of_the_shorter():
    given, _ = rate(
        [Span(0, 10), Span(11, 30), Span(31, 60)], work("a", 0, "trust", span=Span(8, 40))
    )

    assert np.isnan(given[0, [0, 2]]).all()
    assert given[0, 1].tolist() == [1, 0]


def test_codes_of_several_spans_on_one_excerpt_are_all_given():
    """Whatever order they come in: absence from one span does not undo what another gave."""
    parts = [work("a", 0, "trust", span=Span(0, 9)), work("a", 1, "change", span=Span(10, 19))]

    for order in (parts, parts[::-1]):
        given, _ = rate([Span(0, 19)], *order)
        assert given[0, 0].tolist() == [1, 1]


def test_code_that_the_codebook_no_longer_has_is_left_out():
    given, _ = rate([span_of(0)], work("a", 0, "sharing"))

    assert given.tolist() == [[[0.0, 0.0]]]


def test_code_that_came_into_the_codebook_later_was_not_judged_absent():
    given, _ = rate([span_of(0)], work("a", 0, judged="trust"))

    assert given[0, 0, 0] == 0
    assert np.isnan(given[0, 0, 1])


def test_code_that_was_given_counts_even_where_the_codebook_had_it_only_later():
    given, _ = rate([span_of(0)], work("a", 0, "change", judged="trust"))

    assert given[0, 0].tolist() == [0, 1]


def test_reading_weighs_as_much_as_its_work():
    done = [work("a", 0, drawn_at=0.25), work("b", 0, is_whole=True), work("b", 1, is_whole=True)]

    _, weights = rate([span_of(0), span_of(1)], *done, coders=("a", "b"))

    assert weights[0, 0] == 4
    assert weights[1].tolist() == [1, 1]


def test_empty_excerpts_are_rated_like_others():
    given, _ = rate(
        [Span(0, 0), Span(1, 10), Span(11, 11)],
        work("a", 0, "trust", span=Span(0, 0)),
        work("a", 2, "change", span=Span(11, 11)),
    )

    assert given[0, 0].tolist() == [1, 0]
    assert np.isnan(given[0, 1]).all()
    assert given[0, 2].tolist() == [0, 1]


def test_blind_work_is_of_a_file_or_of_a_draw():
    kinds = {
        "file": work("a", 0, is_whole=True),
        "file, in an interview with a draw": work("a", 0, is_whole=True, left_at=0.2),
        "drawn": work("a", 0, drawn_at=0.2),
        "not drawn, but finished before suggestions came": work("a", 0, left_at=0.2),
        "no draw": work("a", 0),
        "assisted": work("a", 0, is_assisted=True, left_at=0.2),
        "assisted after a blind reading": work("a", 0, is_assisted=True, drawn_at=0.2),
        "assisted in a file": work("a", 0, is_assisted=True, is_whole=True),
    }

    assert {name for name, each in kinds.items() if is_blind(None, each)} == {
        "file",
        "file, in an interview with a draw",
        "drawn",
        "no draw",
    }
    assert {name for name, each in kinds.items() if is_assisted(None, each)} == {
        "assisted",
        "assisted in a file",
    }


def test_layout_is_of_what_was_read_in_interviews_that_a_model_may_judge():
    whole = material(
        interview("A", [work("anna", 2, "trust"), work("ben", 0)], {2: "trust", 1: "trust"}),
        interview("B", [work("anna", 0, "trust")], headline=None),
        interview("C", []),
        interview("D", [work("ben", 7, "change sharing")]),
    )

    laid_out = lay_out(whole)

    assert [(unit.interview, unit.span) for unit in laid_out.units] == [
        (0, span_of(0)),
        (0, span_of(2)),
        (3, span_of(7)),
    ]
    assert laid_out.units[1] == Unit(0, span_of(2), excerpt_id=3, label="A_e2")
    assert laid_out.readings.given.shape == (2, 3, 3)
    assert laid_out.readings.is_read.tolist() == [[False, True, False], [True, False, True]]
    assert laid_out.machine.tolist() == [[False] * 3, [True, False, False], [False] * 3]


def test_layout_may_be_by_another_model():
    one = interview(
        "A", [work("anna", 0)], by_model={1: {0: "trust"}, 2: {0: "change"}}, headline=2
    )

    newest, oldest = lay_out(material(one)), lay_out(material(one), model_of=lambda _: 1)

    assert newest.machine.tolist() == [[False, True, False]]
    assert oldest.machine.tolist() == [[True, False, False]]


def test_layout_of_nothing_is_empty():
    for whole in (material(), material(interview("A", []), interview("B", [], headline=None))):
        laid_out = lay_out(whole)
        assert laid_out.units == ()
        assert laid_out.readings.given.shape == (0, 0, 3)
        assert laid_out.machine.shape == (0, 3)


def test_excerpts_judged_for_no_code_of_the_codebook_are_not_read():
    laid_out = lay_out(
        material(interview("A", [work("anna", 0, "sharing", judged="sharing")]), keys=("trust",))
    )

    assert laid_out.units == ()


def test_groups_and_participants_keep_their_numbers_in_every_layout():
    whole = material(
        interview("A", [work("anna", 0)], participant="P1", group="F1"),
        interview("B", [work("ben", 0)], participant="P2", group="F2"),
        interview("C", [work("ben", 0)], participant="P3", group="F1"),
        interview("D", [work("ben", 0)], participant="P2", group="F2"),
    )
    of_ben = lay_out(keep_work(whole, lambda _, each: each.coder == "ben"))

    assert number_groups(whole).tolist() == [0, 1, 0, 1]
    assert lay_out(whole).readings.groups.tolist() == [0, 1, 0, 1]
    assert of_ben.readings.groups.tolist() == [1, 0, 1]
    assert of_ben.readings.participants.tolist() == [1, 2, 1]


def test_taken_units_keep_their_readings():
    laid_out = lay_out(
        material(interview("A", read_whole("anna", "trust", "", "change"), {1: "sharing"}))
    )

    taken = laid_out.take(np.array([False, True, True]))

    assert [unit.span for unit in taken.units] == [span_of(1), span_of(2)]
    assert taken.readings.given[0].tolist() == [[0, 0, 0], [0, 1, 0]]
    assert taken.machine.tolist() == [[False, False, True], [False] * 3]


def test_unit_has_the_words_of_its_span():
    whole = material(interview("A", [work("a", 1)], texts=["synth one", "synth two"]))

    (unit,) = lay_out(whole).units

    assert read_text(whole, unit) == "synth two"


def test_unit_that_is_no_excerpt_of_the_study_names_none():
    whole = material(interview("A", [work("a", 0, span=Span(0, 19))]))

    (unit,) = lay_out(whole, list_units=list_given_units).units

    assert unit == Unit(0, Span(0, 19), excerpt_id=0, label="")


def test_excerpts_of_a_draw_add_up_to_about_the_interview():
    """Drawn excerpts stand for all of it, and so do those left: 2 × 4 and 6 × 4/3 of 8."""
    drawn = [work("a", place, drawn_at=0.25) for place in (3, 4)]
    left = [
        work("a", place, is_assisted=True, left_at=0.25)
        for place in range(8)
        if place not in (3, 4)
    ]

    for part in (drawn, left):
        readings = lay_out(material(interview("A", part))).readings
        assert readings.weights[0].sum() == pytest.approx(8)


def test_drawn_excerpts_tell_how_often_a_code_is_in_the_interview_whatever_is_drawn():
    """Over 2,000 keys: of 12 excerpts the last four have the code, in runs of three."""
    estimates = []
    for key in range(2000):
        drawn = draw_excerpts(
            lambda content, key=key: sha256(f"{key}{content}".encode()).hexdigest(),
            "cut",
            12,
            rate=0.3,
            run_length=3,
        )
        done = [
            work("a", place, "trust" if place >= 8 else "", drawn_at=0.3)
            for place in np.flatnonzero(drawn)
        ]
        readings = lay_out(material(interview("A", done, n_excerpts=12))).readings
        estimates.append((readings.weights * np.nan_to_num(readings.given[..., 0])).sum())

    assert np.mean(estimates) == pytest.approx(4, abs=0.5)
