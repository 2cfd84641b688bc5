"""Excerpts are numbered by who said most of them; every name here is synthetic."""

from hypothesis import given
from hypothesis import strategies as st

from models.passages import NOBODY
from pipeline.learning.roles import Spoken, number_roles
from study.records import Excerpt, Span, Turn


def spoken(*turns, excerpts=None):
    """Make an interview of ("label", "role", length); its excerpts are its turns unless told."""
    made, start = [], 0
    for label, role, length in turns:
        made.append(Turn(label, Span(start, start + length), role))
        start += length + 1
    spans = [turn.span for turn in made] if excerpts is None else excerpts
    return Spoken(made, [Excerpt(n, f"e{n}", n, span, "", "") for n, span in enumerate(spans)])


def numbers(*interviews):
    return [each.tolist() for each in number_roles(interviews)]


def test_interviewer_is_0_participant_1_and_others_nobody():
    made = spoken(
        ("A", "interviewer", 5), ("B", "participant", 5), ("C", None, 5), ("D", "note", 5)
    )

    assert numbers(made) == [[0, 1, NOBODY, NOBODY]]


def test_excerpt_is_of_the_role_with_most_of_its_characters():
    turns = (("A", "interviewer", 9), ("B", "participant", 5), ("A", "interviewer", 2))

    assert numbers(spoken(*turns, excerpts=[Span(0, 18), Span(8, 18), Span(15, 18)])) == [[0, 1, 0]]


def test_excerpt_outside_of_every_turn_is_nobodys():
    assert numbers(spoken(("A", "interviewer", 5), excerpts=[Span(7, 9)])) == [[NOBODY]]


def test_excerpt_without_characters_is_of_the_turn_around_it():
    assert numbers(spoken(("A", "interviewer", 5), excerpts=[Span(2, 2)])) == [[0]]


def test_labels_that_half_of_the_interviews_share_stand_for_roles():
    made = [
        spoken(("S2", None, 5), ("S1", None, 5)),
        spoken(("S1", None, 5), ("S2", None, 5), ("P", None, 5)),
        spoken(("S1", None, 5), ("Q", None, 5), ("", None, 5)),
    ]

    assert numbers(*made) == [[1, 0], [0, 1, NOBODY], [0, NOBODY, NOBODY]]


def test_labels_of_their_own_in_each_interview_are_nobodys():
    made = [
        spoken(("P1", None, 5), ("I", None, 5)),
        spoken(("P2", None, 5)),
        spoken(("P3", None, 5)),
    ]

    assert numbers(*made) == [[NOBODY, NOBODY], [NOBODY], [NOBODY]]


def test_one_label_for_all_tells_nothing():
    assert numbers(spoken(("S1", None, 5))) == [[NOBODY]]


def test_role_anywhere_makes_labels_count_for_nothing():
    made = [spoken(("S1", "interviewer", 5), ("S2", None, 5)), spoken(("S1", None, 5))]

    assert numbers(*made) == [[0, NOBODY], [NOBODY]]


def test_no_interviews_have_no_roles():
    assert number_roles([]) == []


turns = st.tuples(
    st.sampled_from("ABC"), st.sampled_from([None, "interviewer", "participant"]), st.integers(1, 9)
)


@given(st.lists(st.lists(turns, min_size=1, max_size=5), max_size=4))
def test_every_excerpt_gets_one_number(made):
    found = number_roles([spoken(*each) for each in made])

    assert [len(each) for each in found] == [len(each) for each in made]
    assert all(number >= NOBODY for each in found for number in each.tolist())
