"""Facts about numbering pseudonyms; every name here is synthetic."""

from hypothesis import given
from hypothesis import strategies as st

from study.added import AddedParticipant, ensure_participant
from study.pseudonyms import (
    assign_pseudonyms,
    find_participant,
    read_pseudonyms,
    store_pseudonyms,
)
from tests.study.synthetic import NOW


def assign(names, *, known=(), text=""):
    return assign_pseudonyms(known, names, hash_name=lambda name: f"#{name}", text=text)


def texts(assigned):
    return {name: pseudonym.text for name, pseudonym in assigned.items()}


def test_names_are_numbered_in_the_order_they_occur():
    names = [("daan", "CHILD", "gazetteer"), ("aa", "TOWN", "gazetteer"), ("bo", "CHILD", "x")]

    assert texts(assign(names)) == {"daan": "[CHILD_1]", "aa": "[TOWN_1]", "bo": "[CHILD_2]"}


def test_name_keeps_its_pseudonym_in_the_next_interview_also_under_another_category():
    known = list(assign([("daan", "PERSON", "recogniser")]).values())

    again = assign([("bo", "CHILD", "x"), ("daan", "CHILD", "gazetteer")], known=known)

    assert texts(again) == {"bo": "[CHILD_1]", "daan": "[PERSON_1]"}


def test_pseudonym_that_a_person_wrote_into_the_transcript_is_not_given_again():
    assigned = assign([("daan", "CHILD", "x")], text="Synthetic: and [CHILD_1] said to Daan")

    assert texts(assigned) == {"daan": "[CHILD_2]"}


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["CHILD", "TOWN"]))))
def test_different_names_never_share_a_pseudonym(pairs):
    assigned = assign([(name, category, "x") for name, category in pairs])

    assert len({p.text for p in assigned.values()}) == len(assigned) == len({n for n, _ in pairs})


def test_pseudonyms_are_stored_once_and_by_the_hash_of_the_name_only(study):
    assigned = assign([("daan", "CHILD", "gazetteer")])
    with study.database.write() as connection:
        participant = ensure_participant(connection, AddedParticipant("P1"))
        first = store_pseudonyms(connection, participant, assigned.values(), now=NOW)
        again = store_pseudonyms(connection, participant, assigned.values(), now=NOW)

    with study.database.read() as connection:
        found = read_pseudonyms(connection, find_participant(connection, "P1"))
        assert read_pseudonyms(connection, find_participant(connection, "P2")) == []
    assert (len(first), len(again)) == (1, 0)
    assert found == list(assigned.values())
