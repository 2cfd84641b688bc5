"""What coders finished is read with how it was done; what was blind stays as it was then."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study import tables as t
from study.added import AddedParticipant, ensure_participant
from study.codebooks import insert_row, newest_version, store_codebook
from study.coded_work import FinishedWork, read_cases, read_finished_work, read_rounds
from study.decisions import Action, Verdict, record_action
from study.records import Span
from study.transcripts import list_transcripts
from tests.study.synthetic import (
    CODEBOOK,
    LATER,
    NOW,
    import_coded,
    make_interview,
    rolled_back,
    set_desk,
)

TEXTS = ("Synthetic one.", "Synthetic two.", "Synthetic three.")
RATE = 0.25


class Page:
    """Presses the keys of the page's coder; of three excerpts the first two are drawn."""

    def __init__(self, connection, desk):
        self.connection = connection
        self.desk = desk
        self.numbers = count()

    def press(self, *verdicts, excerpt=0, is_assisted=False, undoes=None):
        """Press a key; verdicts are "done", or "add 1" for the second code."""
        action = f"action {next(self.numbers)}"
        said = [each.split() for each in verdicts]
        made = Action(
            action,
            self.desk.coder_id,
            self.desk.excerpt_ids[excerpt],
            tuple(
                Verdict(v, self.desk.code_ids[int(code[0])] if code else None) for v, *code in said
            ),
            undoes,
            is_assisted,
        )
        record_action(self.connection, made, now=LATER)
        return action

    def work(self, coder="coder"):
        (transcript,) = list_transcripts(self.connection)
        return [
            each for each in read_finished_work(self.connection, transcript) if each.coder == coder
        ]

    def given(self, coder="coder"):
        """Say of each work in which place it is, which codes it gives, and how it was done."""
        return [
            (
                self.desk.excerpt_ids.index(each.excerpt_id),
                sorted(self.desk.code_ids.index(code) for code in each.given),
                "assisted" if each.is_assisted else "blind",
            )
            for each in self.work(coder)
        ]


@pytest.fixture
def desk(study):
    import_coded(study, make_interview(texts=TEXTS, keys=("trust",)))
    with study.database.write() as connection:
        desk = set_desk(connection)
        for place, excerpt_id in enumerate(desk.excerpt_ids):
            insert_row(
                connection,
                t.blind_draw,
                excerpt_id=excerpt_id,
                rate=RATE,
                is_drawn=place < 2,
                drawn_at=NOW,
            )
    return desk


@pytest.fixture
def page(study, desk):
    with study.database.write() as connection:
        yield Page(connection, desk)


def test_excerpt_of_a_file_is_work_of_a_coder_who_read_the_whole_interview(page, desk):
    work = page.work("anna")

    assert [each.span for each in work] == [Span(0, 14), Span(15, 29), Span(30, 46)]
    assert work[0] == FinishedWork(
        coder="anna",
        excerpt_id=desk.excerpt_ids[0],
        span=Span(0, 14),
        given=frozenset(desk.code_ids[:1]),
        judged=frozenset(desk.code_ids),
        is_assisted=False,
        codebook_version_id=work[0].codebook_version_id,
        round_id=None,
        draw_rate=RATE,
        is_drawn=True,
        is_whole=True,
        model_id=None,
    )
    assert {each.weight for each in work} == {1.0}


def test_spans_of_each_coder_are_read_as_far_as_they_were_finished(study):
    interview = make_interview(texts=TEXTS[:2], coders=("anna", "ben"), keys=("trust",))
    import_coded(study, interview)
    with study.database.write() as connection:
        page = Page(connection, set_desk(connection))
        page.press("add 1", "done")
        page.press("add 1", excerpt=1)

        trust, change, _ = page.desk.code_ids
        spans = {
            coder: [(each.span, each.given, each.judged) for each in page.work(coder)]
            for coder in ("anna", "ben", "coder")
        }

    judged = frozenset(page.desk.code_ids)
    both = (Span(0, 14), Span(15, 29))
    assert spans["anna"] == spans["ben"] == [(span, {trust}, judged) for span in both]
    assert spans["coder"] == [(both[0], {change}, judged)]


def test_excerpt_is_work_once_it_is_finished(page):
    page.press("add 1")
    begun = page.given()
    page.press("done")

    assert begun == []
    assert page.given() == [(0, [1], "blind")]


def test_page_says_which_model_its_suggestions_came_from(page, desk):
    page.press("done")

    assert [each.model_id for each in page.work()] == [desk.model.id]


def test_work_done_with_suggestions_on_the_screen_is_assisted(page):
    page.press("accept 0", "done", excerpt=2, is_assisted=True)

    assert page.given() == [(2, [0], "assisted")]


def test_what_was_finished_blind_stands_beside_what_it_was_changed_to_later(page):
    page.press("add 1", "done")
    page.press("reopen", is_assisted=True)
    page.press("accept 0", "remove 1", is_assisted=True)
    reopened = page.given()
    page.press("done", is_assisted=True)

    assert reopened == [(0, [1], "blind")]
    assert page.given() == [(0, [1], "blind"), (0, [0], "assisted")]


def test_blind_excerpt_that_is_changed_without_being_reopened_stands_too(page):
    page.press("add 1", "done")
    page.press("add 2", is_assisted=True)

    assert page.given() == [(0, [1], "blind"), (0, [1, 2], "assisted")]


def test_what_was_only_begun_blind_is_no_blind_work(page):
    page.press("unsure")
    page.press("add 0", "done", is_assisted=True)

    assert page.given() == [(0, [0], "assisted")]


def test_undo_within_the_blind_part_counts(page):
    first = page.press("add 0")
    page.press("undo", undoes=first)
    page.press("add 1", "done")

    assert page.given() == [(0, [1], "blind")]


def test_undone_done_does_not_count(page):
    done = page.press("add 1", "done")
    page.press("undo", undoes=done)

    assert page.given() == []


def test_undo_that_was_undone_lets_the_done_count_again(page):
    done = page.press("add 1", "done")
    undo = page.press("undo", undoes=done)
    page.press("undo", undoes=undo)

    assert page.given() == [(0, [1], "blind")]


def test_blind_done_that_is_undone_when_suggestions_are_there_stands(page):
    done = page.press("add 1", "done")
    page.press("undo", undoes=done, is_assisted=True)

    assert page.given() == [(0, [1], "blind")]


def test_excerpt_that_was_reopened_blind_and_finished_assisted_has_no_blind_work(page):
    page.press("add 1", "done")
    page.press("reopen")
    page.press("add 0", "done", is_assisted=True)

    assert page.given() == [(0, [0, 1], "assisted")]


presses = st.lists(
    st.sampled_from(
        ["accept 0", "add 1", "add 2", "remove 0", "remove 1", "reopen", "done", "unsure"]
    ),
    max_size=6,
)


@settings(max_examples=15)
@given(blind=presses, assisted=presses, is_undone=st.booleans())
def test_nothing_pressed_with_suggestions_on_the_screen_moves_blind_work(
    study, desk, blind, assisted, is_undone
):
    with rolled_back(study) as connection:
        page = Page(connection, desk)
        actions = [page.press(each) for each in [*blind, "add 1", "done"]]
        before = page.work()
        for each in assisted:
            page.press(each, is_assisted=True)
        if is_undone:
            page.press("undo", undoes=actions[-1], is_assisted=True)

        after = page.work()

    assert len(before) == 1
    assert [each for each in after if not each.is_assisted] == before


@pytest.mark.parametrize(
    ("is_drawn", "is_assisted", "rate", "is_whole", "weight"),
    [
        (True, False, 0.25, False, 4.0),
        (False, True, 0.25, False, 4 / 3),
        (True, False, 0.25, True, 1.0),
        (False, True, 0.25, True, 1.0),
        (True, False, 1.0, False, 1.0),
        (False, True, 0.0, False, 1.0),
        (False, True, None, False, 1.0),
        # What cannot happen, as a draw of rate 1 that left something out, breaks nothing.
        (False, True, 1.0, False, 1.0),
        (True, False, 0.0, False, 1.0),
    ],
)
def test_work_stands_for_one_over_its_chance_to_be_done_so(
    is_drawn, is_assisted, rate, is_whole, weight
):
    work = FinishedWork(
        coder="a",
        excerpt_id=1,
        span=Span(0, 1),
        given=frozenset(),
        judged=frozenset(),
        is_assisted=is_assisted,
        codebook_version_id=1,
        round_id=None,
        draw_rate=rate,
        is_drawn=is_drawn,
        is_whole=is_whole,
        model_id=None,
    )

    assert work.weight == pytest.approx(weight)


def test_draw_is_read_with_the_work(page):
    page.press("done", excerpt=0)
    page.press("done", excerpt=2, is_assisted=True)

    drawn, left = page.work()

    assert (drawn.is_drawn, drawn.draw_rate, drawn.weight) == (True, RATE, 4.0)
    assert (left.is_drawn, left.draw_rate, left.weight) == (False, RATE, pytest.approx(4 / 3))


def test_assisted_codings_of_a_file_are_of_the_whole_interview(study):
    given_ = make_interview(texts=TEXTS)
    codings = tuple(replace(coding, is_assisted=True) for coding in given_.codings)
    import_coded(study, replace(given_, codings=codings))

    with study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        work = read_finished_work(connection, transcript)

    assert {(each.is_assisted, each.is_whole, each.weight) for each in work} == {(True, True, 1.0)}


def test_reading_of_a_file_that_its_coder_changed_on_the_page_stands_as_the_file_gave_it(study):
    import_coded(study, make_interview(texts=TEXTS, coders=("coder",), keys=("trust",)))
    with study.database.write() as connection:
        page = Page(connection, set_desk(connection))
        page.press("add 1", is_assisted=True)

        blind, *assisted = [each for each in page.work() if each.span == Span(0, 14)]

    assert (len(blind.given), blind.is_whole, blind.is_assisted) == (1, True, False)
    assert [(len(each.given), each.is_whole) for each in assisted] == [(2, False)]


def test_what_is_judged_is_what_the_codebook_had_when_the_excerpt_was_finished(page, desk):
    """A key pressed later, under a later codebook, judges no code absent."""
    smaller = replace(CODEBOOK, codes=CODEBOOK.codes[:2], relations=(), themes=())
    store_codebook(page.connection, smaller, now=NOW)
    page.press("add 0", "done")
    store_codebook(page.connection, CODEBOOK, now=LATER)
    page.press("unsure")

    (work,) = page.work()

    assert work.judged == frozenset(desk.code_ids[:2])


def test_rounds_are_named_and_work_is_of_one(page, desk):
    row = insert_row(
        page.connection, t.coding_round, name="synthetic pilot", kind="pilot", started_at=NOW
    )
    insert_row(
        page.connection,
        t.decision,
        action="in a round",
        part=0,
        coder_id=desk.coder_id,
        excerpt_id=desk.excerpt_ids[0],
        verdict="done",
        round_id=row,
        codebook_version_id=newest_version(page.connection),
        origin="page",
        is_assisted=False,
        made_at=NOW,
    )

    assert read_rounds(page.connection) == {row: "synthetic pilot"}
    assert [each.round_id for each in page.work()] == [row]


@pytest.fixture
def cases(study):
    """Give the cases of interviews S1, S2 … once people were told of."""

    def read(*participants, people=(), also=()):
        for number, participant in enumerate(participants, start=1):
            import_coded(study, make_interview(f"S{number}", TEXTS, participant=participant))
        with study.database.write() as connection:
            for label, family, attributes in people:
                ensure_participant(connection, AddedParticipant(label, family, attributes))
            for interview_id, label in also:
                row = ensure_participant(connection, AddedParticipant(label))
                insert_row(
                    connection,
                    t.speaker,
                    interview_id=interview_id,
                    label=f"also {label}",
                    participant_id=row,
                )
            return list(read_cases(connection).values())

    return read


def groups_of(cases):
    """Number groups in the order in which they come."""
    seen = {}
    return [seen.setdefault(case.group, len(seen)) for case in cases]


def test_interviews_of_one_participant_are_of_one_group(cases):
    found = cases("P1", "P2", "P1")

    assert [case.participant for case in found] == ["P1", "P2", "P1"]
    assert groups_of(found) == [0, 1, 0]


def test_interviews_of_one_family_are_of_one_group(cases):
    people = [("P1", "F1", {}), ("P3", "F1", {}), ("P2", "F2", {})]

    found = cases("P1", "P2", "P3", people=people)

    assert groups_of(found) == [0, 1, 0]
    assert [case.participant for case in found] == ["P1", "P2", "P3"]


def test_group_is_of_all_interviews_that_hang_together(cases):
    """P1 is of P3's family; P3 spoke in P2's interview, which came before."""
    people = [("P1", "F1", {}), ("P3", "F1", {})]

    found = cases("P2", "P1", "P4", people=people, also=[(1, "P3")])

    assert groups_of(found) == [0, 0, 1]
    assert found[0].participant == "P2 + P3"


def test_groups_that_a_later_interview_joins_are_one(cases):
    """S4 is of P1 and P2, S5 of P2 and P3: so S1, S2 and S3 hang together."""
    found = cases("P1", "P2", "P3", "P1", "P3", "P6", also=[(4, "P2"), (5, "P2")])

    assert groups_of(found) == [0, 0, 0, 0, 0, 1]


def test_interview_without_a_participant_is_a_case_of_its_own(cases):
    found = cases(None, None, "P1")

    assert [case.participant for case in found] == ["S1", "S2", "P1"]
    assert groups_of(found) == [0, 1, 2]


def test_attributes_are_those_that_all_participants_of_an_interview_share(cases):
    people = [
        ("P1", None, {"role": "mother", "place": "town"}),
        ("P2", None, {"role": "father", "place": "town"}),
    ]

    both, one, nobody = cases("P1", "P2", None, people=people, also=[(1, "P2")])

    assert both.attributes == {"place": "town"}
    assert one.attributes == {"role": "father", "place": "town"}
    assert nobody.attributes == {}
