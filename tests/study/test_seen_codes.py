"""Facts about who may know of a code that another made; every word here is synthetic."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from study import tables as t
from study.acting import Part, list_verdicts, read_ground
from study.awaiting import count_awaiting
from study.coders import CODER, LEAD, Coder
from study.decisions import Action, Verdict, record_action
from study.draws import find_closed, list_owing
from study.judged_proposals import accept_code, decline_code
from study.new_coders import add_coder
from study.proposed_codes import list_proposed, propose_code
from study.seen_codes import find_made_in, list_seen
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import NOW, activate_model, import_coded, make_interview, suggest_all


class Team:
    """A reviewing lead and a coder who made a code in each of two interviews."""

    def __init__(self, study):
        self.study = study
        import_coded(study, make_interview("S1", coders=()), make_interview("S2", coders=()))
        with study.database.write() as connection:
            suggest_all(connection, activate_model(connection))
            self.lead = self.add(connection, "lies", LEAD)
            self.bram = self.add(connection, "bram", CODER)
            self.interviews = [each.interview_id for each in list_transcripts(connection)]
            self.excerpts = [
                [excerpt.id for excerpt in read_excerpts(connection, each)]
                for each in list_transcripts(connection)
            ]
        self.codes = [self.propose(place, f"Synthetic code {place}") for place in (0, 1)]

    @staticmethod
    def add(connection, name, role):
        return add_coder(connection, name, role=role, is_reviewing=True, now=NOW)

    def propose(self, interview, name):
        action = str(uuid4())
        with self.study.database.write() as connection:
            made = propose_code(
                connection,
                coder_id=self.bram.id,
                action=action,
                name=name,
                memo="Synthetic memo.",
                now=NOW,
            )
            self.act(connection, interview, Part("add", made.code_id), action=action)
        return made

    def act(self, connection, interview, part, *, action=None):
        excerpt_id = self.excerpts[interview][0]
        ground = read_ground(connection, self.bram.id, excerpt_id, is_commit_first=False)
        verdicts = list_verdicts(connection, ground, [part])
        made = Action(action or str(uuid4()), self.bram.id, excerpt_id, verdicts)
        record_action(connection, made, now=NOW)

    def owe(self, interview):
        drawn = {"excerpt_id": self.excerpts[interview][-1], "rate": 0.1, "is_drawn": True}
        with self.study.database.write() as connection:
            connection.execute(sa.insert(t.blind_draw).values(**drawn, drawn_at=NOW))

    def seen(self, reader):
        with self.study.database.read() as connection:
            found = list_seen(connection, list_proposed(connection), reader)
        return [self.codes.index(next(c for c in self.codes if c.id == each.id)) for each in found]

    def read(self, read, *arguments):
        with self.study.database.read() as connection:
            return read(connection, *arguments)


@pytest.fixture
def team(study):
    return Team(study)


def test_a_lead_who_owes_nothing_knows_of_every_code_and_a_coder_of_their_own(team):
    other = Coder(99, "synthetic", CODER, is_reviewing=True)

    assert (team.seen(team.lead), team.seen(team.bram), team.seen(other)) == ([0, 1], [0, 1], [])


def test_a_lead_knows_of_no_code_that_was_made_in_an_interview_owed_blind(team):
    team.owe(1)

    assert team.seen(team.lead) == [0]
    assert team.seen(team.bram) == [0, 1]


def test_a_code_is_known_once_the_interview_in_which_it_was_made_is_read(team):
    team.owe(1)
    action = Action("blind", team.lead.id, team.excerpts[1][-1], (Verdict("done"),))
    with team.study.database.write() as connection:
        record_action(connection, action, now=NOW)

    assert team.seen(team.lead) == [0, 1]


def test_a_code_of_an_interview_that_is_not_queued_for_the_lead_yet_is_not_known(team):
    mine = (t.queue_item.c.coder_id == team.lead.id) & (
        t.queue_item.c.interview_id == team.interviews[0]
    )
    with team.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item).where(mine))

    assert team.seen(team.lead) == [1]
    assert team.read(find_closed, team.lead.id, team.interviews) == {team.interviews[0]}


def test_a_lead_who_does_not_review_reads_nothing_blind_and_knows_of_every_code(team):
    team.owe(0)
    team.owe(1)

    assert team.seen(Coder(team.lead.id, "lies", LEAD, is_reviewing=False)) == [0, 1]


@pytest.mark.parametrize("fate", ["accepted", "declined", "taken back"])
def test_where_a_code_was_made_is_known_whatever_became_of_it(team, fate):
    made = team.codes[1]
    with team.study.database.write() as connection:
        if fate == "accepted":
            wording = {"key": "made", "name": "Made", "definition": "Synthetic.", "theme": None}
            accept_code(connection, made.guid, **wording, lead=team.lead, now=NOW)
        elif fate == "declined":
            decline_code(connection, made.guid, reason="Synthetic.", lead=team.lead, now=NOW)
        else:
            team.act(connection, 1, Part("remove", made.code_id))
    team.owe(1)

    assert team.seen(team.lead) == [0]
    with team.study.database.read() as connection:
        found = find_made_in(connection, list_proposed(connection))
    assert found == dict(zip((c.id for c in team.codes), team.interviews, strict=True))


def test_owing_is_asked_of_some_interviews_alone(team):
    team.owe(0)
    team.owe(1)
    first, second = team.interviews

    assert team.read(list_owing, team.lead.id) == {first, second}
    assert team.read(list_owing, team.lead.id, [second]) == {second}
    assert team.read(find_closed, team.lead.id, []) == frozenset()


def test_excerpts_with_provisional_codes_are_counted_until_the_lead_decides(team):
    before = team.read(count_awaiting)
    with team.study.database.write() as connection:
        team.act(connection, 0, Part("remove", team.codes[0].code_id))
    taken_off = team.read(count_awaiting)
    with team.study.database.write() as connection:
        decline_code(connection, team.codes[1].guid, reason="Synthetic.", lead=team.lead, now=NOW)

    assert (before, taken_off, team.read(count_awaiting)) == (2, 1, 0)
