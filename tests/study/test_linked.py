"""Facts about which interviews belong together; every name here is synthetic."""

from hypothesis import given, settings
from hypothesis import strategies as st

from study import tables as t
from study.added import AddedParticipant, ensure_participant
from study.codebooks import insert_row
from study.coded_work import read_cases
from study.linked import find_linked
from tests.study.synthetic import import_coded, make_interview, rolled_back

INTERVIEWS = range(1, 7)
PEOPLE = [f"P{number}" for number in range(1, 6)]
FAMILIES = st.sampled_from([None, "", "F1", "F2"])


def link(connection, families, spoken):
    for label, family in families.items():
        ensure_participant(connection, AddedParticipant(label, family))
    for interview_id, label in spoken:
        insert_row(
            connection,
            t.speaker,
            interview_id=interview_id,
            label=f"also {label}",
            participant_id=ensure_participant(connection, AddedParticipant(label)),
        )


@settings(max_examples=30)
@given(
    families=st.fixed_dictionaries(dict.fromkeys(PEOPLE, FAMILIES)),
    spoken=st.sets(st.tuples(st.sampled_from(INTERVIEWS), st.sampled_from(PEOPLE)), max_size=8),
)
def test_linked_interviews_are_those_of_its_group(study, families, spoken):
    with study.database.read() as connection:
        is_empty = not read_cases(connection)
    if is_empty:
        import_coded(study, *(make_interview(f"S{n}", ("Synthetic.",)) for n in INTERVIEWS))
    with rolled_back(study) as connection:
        link(connection, families, spoken)
        group_of = {each: case.group for each, case in read_cases(connection).items()}

        for interview_id, group in group_of.items():
            mine = {each for each, other in group_of.items() if other == group}
            assert find_linked(connection, interview_id) == mine
