"""Facts about codes that coders make from passages; every word here is synthetic."""

import re
from uuid import uuid4

import pytest
import sqlalchemy as sa

from codebook.errors import CodebookError
from codebook.reader import parse_codebook
from codebook.writer import write_codebook
from pipeline.evaluation.material import read_material
from pipeline.learning.codes import CodesNow
from pipeline.learning.examples import list_examples
from study import tables as t
from study.acting import Part, list_verdicts, read_ground
from study.codebooks import current_codebook, read_merging, store_codebook
from study.coded_work import read_finished_work
from study.coders import list_coders
from study.codings import read_coded_rows
from study.decisions import Action, Verdict, read_state, record_action
from study.errors import StudyError
from study.judged_proposals import (
    AUDITED,
    accept_code,
    decline_code,
    merge_code,
    read_reasons,
    restore_code,
)
from study.proposal_quotes import read_uses
from study.proposed_codes import (
    ACCEPTED,
    DECLINED,
    KEY_PREFIX,
    MERGED,
    PROVISIONAL,
    WITHDRAWN,
    find_made_by,
    list_proposed,
    propose_code,
    read_proposed,
)
from study.records import Span
from study.redaction import Searched, redact
from study.standing_work import read_standing_work
from study.stored_names import Marked
from study.transcripts import list_transcripts
from tests.study.synthetic import (
    CODEBOOK,
    LATER,
    NOW,
    import_coded,
    make_interview,
    set_desk,
)

TRUST, CHANGE, SHARING = (code.guid for code in CODEBOOK.codes)
NEIGHBOURS = {"key": "neighbours", "name": "Neighbours", "definition": "Synthetic.", "theme": None}


class Made:
    """A study in which the coder made a code of one excerpt, and finished it."""

    def __init__(self, study):
        self.study = study
        import_coded(study, make_interview(coders=()))
        with study.database.write() as connection:
            self.desk = set_desk(connection)
            self.lead = next(c for c in list_coders(connection) if c.id == self.desk.coder_id)
            self.action = str(uuid4())
            self.code = self.propose(connection, "Neighbours", "Synthetic memo.")
            self.give(connection, self.code.code_id, 1, "done", action=self.action)

    def propose(self, connection, name, memo="", *, coder_id=None, action=None):
        return propose_code(
            connection,
            coder_id=coder_id or self.desk.coder_id,
            action=action or self.action,
            name=name,
            memo=memo,
            now=NOW,
        )

    def give(self, connection, code_id, place, *more, span=None, action=None):
        excerpt_id = self.desk.excerpt_ids[place]
        ground = read_ground(connection, self.desk.coder_id, excerpt_id, is_commit_first=False)
        parts = [Part("add", code_id, span=span), *map(Part, more)]
        verdicts = list_verdicts(connection, ground, parts)
        made = Action(action or str(uuid4()), self.desk.coder_id, excerpt_id, verdicts)
        record_action(connection, made, now=NOW)

    def undo(self, action):
        """Undo an action on the excerpt that the code was made of; give the undo's id."""
        undo = str(uuid4())
        row = Action(
            undo, self.desk.coder_id, self.desk.excerpt_ids[1], (Verdict("undo"),), undoes=action
        )
        with self.study.database.write() as connection:
            record_action(connection, row, now=NOW)
        return undo

    def judge(self, act, **how):
        with self.study.database.write() as connection:
            return act(connection, self.code.guid, lead=self.lead, now=LATER, **how)

    def read(self, read, *arguments, **named):
        with self.study.database.read() as connection:
            return read(connection, *arguments, **named)

    @property
    def state(self):
        return self.read(read_proposed, self.code.guid).state

    @property
    def exported(self):
        """The keys of the finished excerpt as an export has them."""
        (row,) = self.read(read_coded_rows)
        return row.keys

    @property
    def judged(self):
        """What agreement takes of the finished excerpt, as (given, current codes judged)."""
        (work,) = [w for each in read_material(self.study).interviews for w in each.work]
        return set(work.given), set(work.judged)

    @property
    def learnt(self):
        """What is learnt from as given in the finished excerpt, by GUID."""
        (example,) = [e for e in list_examples(self.study, without=frozenset()) if e.codes] or [
            None
        ]
        return set(example.codes) if example else set()

    @property
    def standing(self):
        """The current codes, by row, that the finished excerpt is a positive example of."""
        with self.study.database.read() as connection:
            version = current_codebook(connection)
            codes = CodesNow(tuple(version.code_ids.values()), read_merging(connection))
            (transcript,) = list_transcripts(connection)
            (work,) = read_standing_work(connection, transcript)
        return set(codes.move_standing(work).given)


@pytest.fixture
def made(study):
    return Made(study)


def test_provisional_code_is_given_and_in_no_codebook(made):
    state = made.read(read_state, made.desk.coder_id, made.desk.excerpt_ids[1])

    assert state.given == (made.code.code_id,)
    assert made.code.guid not in made.read(current_codebook).code_ids
    assert (made.code.name, made.code.memo, made.state) == (
        "Neighbours",
        "Synthetic memo.",
        PROVISIONAL,
    )


def test_action_that_made_a_code_is_found_again_and_no_other(made):
    coder_id = made.desk.coder_id

    assert made.read(find_made_by, coder_id, made.action) == made.code
    assert made.read(find_made_by, coder_id, str(uuid4())) is None


def test_key_of_a_provisional_code_can_be_no_key_of_a_codebook_and_tells_nothing(made):
    with made.study.database.read() as connection:
        key = connection.scalar(sa.select(t.code.c.key).where(t.code.c.guid == made.code.guid))

    assert key.startswith(KEY_PREFIX)
    assert "neighbours" not in key
    with pytest.raises(CodebookError, match="breaks a list of codes"):
        parse_codebook(f"codes: [{{key: '{key}', name: N, definition: Synthetic.}}]")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (" ", "needs a name"),
        ("TRUST ", "has a code of this name, 'trust'"),
        ("neighBOURS", "You made a provisional code of this name"),
    ],
)
def test_name_that_is_taken_or_none_is_refused(made, name, said):
    with made.study.database.write() as connection, pytest.raises(StudyError, match=said):
        made.propose(connection, name, action=str(uuid4()))


def test_name_of_another_coders_code_or_of_a_declined_one_is_free(made):
    made.judge(decline_code, reason="Synthetic.")
    with made.study.database.write() as connection:
        other = connection.execute(
            sa.insert(t.coder).values(name="bram", role="coder", is_reviewing=True, added_at=NOW)
        ).inserted_primary_key[0]
        made.propose(connection, "Neighbours", coder_id=other, action=str(uuid4()))
        made.propose(connection, "Neighbours", action=str(uuid4()))

    assert len(made.read(list_proposed)) == 3


def test_code_is_withdrawn_while_the_action_that_made_it_is_undone(made):
    undo = made.undo(made.action)
    withdrawn = made.state
    made.undo(undo)

    assert withdrawn == WITHDRAWN
    assert made.state == PROVISIONAL
    assert [each.state for each in made.read(list_proposed)] == [PROVISIONAL]


def test_code_that_is_given_elsewhere_is_not_withdrawn_with_its_making(made):
    with made.study.database.write() as connection:
        made.give(connection, made.code.code_id, 2)

    made.undo(made.action)

    assert made.state == PROVISIONAL


def test_code_that_was_only_taken_off_is_not_withdrawn(made):
    excerpt_id = made.desk.excerpt_ids[1]
    taken = Action(
        str(uuid4()), made.desk.coder_id, excerpt_id, (Verdict("remove", made.code.code_id),)
    )
    with made.study.database.write() as connection:
        record_action(connection, taken, now=NOW)

    assert made.state == PROVISIONAL


def test_withdrawn_code_is_not_decided_on_and_its_name_is_free(made):
    made.undo(made.action)

    with pytest.raises(StudyError, match="has taken it back"):
        made.judge(accept_code, **NEIGHBOURS)
    with made.study.database.write() as connection:
        made.propose(connection, made.code.name, action=str(uuid4()))
    assert [each.state for each in made.read(list_proposed)] == [WITHDRAWN, PROVISIONAL]


def test_accepted_code_stays_accepted_when_its_making_is_undone(made):
    made.judge(accept_code, **NEIGHBOURS)

    made.undo(made.action)

    assert made.state == ACCEPTED


def test_provisional_code_counts_in_no_export_no_agreement_and_no_learning(made):
    given, judged = made.judged

    assert made.exported == ()
    assert given == set()
    assert judged == set(made.desk.code_ids)
    assert (made.learnt, made.standing) == (set(), set())


def test_declined_code_counts_for_nothing_and_its_rows_stay(made):
    made.judge(decline_code, reason=" Synthetic: too narrow. ")

    assert made.state == DECLINED
    assert (made.exported, made.judged[0], made.learnt, made.standing) == ((), set(), set(), set())
    assert made.read(read_reasons) == {made.code.code_id: "Synthetic: too narrow."}
    state = made.read(read_state, made.desk.coder_id, made.desk.excerpt_ids[1])
    assert state.given == (made.code.code_id,)


def test_code_is_not_declined_without_a_reason(made):
    with pytest.raises(StudyError, match="Give a reason"):
        made.judge(decline_code, reason=" ")

    assert made.state == PROVISIONAL


def test_declined_code_can_be_made_provisional_again(made):
    made.judge(decline_code, reason="Synthetic.")

    made.judge(restore_code)

    assert made.state == PROVISIONAL
    assert made.read(read_reasons) == {}


def test_accepted_code_keeps_its_guid_and_all_that_was_coded_with_it(made):
    version = made.judge(accept_code, **{**NEIGHBOURS, "theme": CODEBOOK.themes[0].guid})

    code = version.codebook.codes[-1]
    assert (version.number, code.guid, code.key) == (2, made.code.guid, "neighbours")
    assert version.code_ids[code.guid] == made.code.code_id
    assert version.codebook.themes[0].codes[-1] == code.guid
    assert made.exported == ("neighbours",)
    assert (made.learnt, made.standing) == ({code.guid}, {made.code.code_id})


def test_coding_from_before_a_code_was_accepted_says_nothing_of_agreement(made):
    made.judge(accept_code, **NEIGHBOURS)

    given, judged = made.judged

    assert made.code.code_id not in given | judged


def test_coding_from_after_a_code_was_accepted_is_judged_as_any(made):
    made.judge(accept_code, **NEIGHBOURS)
    with made.study.database.write() as connection:
        made.give(connection, made.code.code_id, 2, "done")

    (transcript,) = made.read(list_transcripts)
    later = made.read(read_finished_work, transcript)[-1]
    assert made.code.code_id in later.given & later.judged


def test_merged_code_counts_as_what_took_it_in_though_no_codebook_ever_had_it(made):
    version = made.judge(merge_code, into=TRUST)

    trust = version.code_ids[TRUST]
    assert version.codebook.by_key["trust"].replaces == (made.code.guid,)
    assert made.read(read_merging).into == {made.code.code_id: trust}
    assert made.read(read_proposed, made.code.guid).into_code_id == trust
    assert made.exported == ("trust",)
    assert made.judged[0] == {trust}
    assert (made.learnt, made.standing) == ({TRUST}, {trust})


def test_code_and_what_was_merged_into_it_are_exported_once(made):
    with made.study.database.write() as connection:
        made.give(connection, made.desk.code_ids[0], 1)

    made.judge(merge_code, into=TRUST)

    assert made.exported == ("trust",)


def test_new_code_is_judged_by_itself_whatever_provisional_code_it_replaces(made):
    text = write_codebook(made.read(current_codebook).codebook)
    text = text.replace("  key: sharing\n", f"  key: sharing\n  replaces: ['{made.code.guid}']\n")
    with made.study.database.write() as connection:
        store_codebook(connection, parse_codebook(text), now=LATER)

    merging = made.read(read_merging)

    assert merging.parts == {}
    assert list(merging.into) == [made.code.code_id]


def test_merged_code_can_be_merged_elsewhere_or_become_a_code_of_its_own(made):
    made.judge(merge_code, into=TRUST)

    elsewhere = made.judge(merge_code, into=SHARING)
    assert made.exported == ("sharing",)
    assert elsewhere.codebook.by_key["trust"].replaces == ()

    own = made.judge(accept_code, **NEIGHBOURS)
    assert made.exported == ("neighbours",)
    assert [code.replaces for code in own.codebook.codes] == [()] * 4


@pytest.mark.parametrize(
    ("act", "how"),
    [
        (accept_code, NEIGHBOURS),
        (merge_code, {"into": TRUST}),
        (decline_code, {"reason": "Synthetic."}),
        (restore_code, {}),
    ],
)
def test_accepted_code_is_not_decided_on_again(made, act, how):
    made.judge(accept_code, **NEIGHBOURS)

    with pytest.raises(StudyError, match="The code is accepted"):
        made.judge(act, **how)


@pytest.mark.parametrize(
    ("act", "how", "said"),
    [
        (accept_code, {**NEIGHBOURS, "key": "trust"}, "has a code 'trust'"),
        (accept_code, {**NEIGHBOURS, "key": "a;b"}, "breaks a list of codes"),
        (accept_code, {**NEIGHBOURS, "definition": " "}, "is blank"),
        (accept_code, {**NEIGHBOURS, "theme": TRUST}, "no such theme"),
        (merge_code, {"into": "0" * 36}, "no such code"),
    ],
)
def test_what_the_codebook_cannot_have_is_refused_and_nothing_is_changed(made, act, how, said):
    with pytest.raises(StudyError, match=said):
        made.judge(act, **how)

    assert (made.state, made.read(current_codebook).number) == (PROVISIONAL, 1)


def test_code_that_nobody_proposed_cannot_be_decided_on(made):
    with pytest.raises(StudyError, match="Nobody has proposed"):
        made.read(read_proposed, TRUST)


def test_every_act_is_audited_without_a_word_of_it(made):
    made.judge(decline_code, reason="Synthetic: too narrow.")
    made.judge(restore_code)
    made.judge(merge_code, into=TRUST)
    made.judge(accept_code, **NEIGHBOURS)

    with made.study.database.read() as connection:
        rows = connection.execute(sa.select(t.audit.c.action, t.audit.c.details)).all()
    acts = [row for row in rows if row.action in AUDITED.values()]
    assert [row.action for row in acts] == [
        AUDITED[state] for state in (DECLINED, PROVISIONAL, MERGED, ACCEPTED)
    ]
    assert all(row.details["code"] == made.code.guid for row in acts)
    assert "narrow" not in repr(rows)


def test_export_of_a_study_with_a_provisional_code_is_taken_in_again_as_it_is(made):
    (row,) = made.read(read_coded_rows)

    taken = import_coded(made.study, make_interview(coders=()))

    assert row.keys == ()
    assert taken.codes_gone == ()


def test_lead_reads_every_coding_once_with_its_own_words(made):
    with made.study.database.write() as connection:
        made.give(connection, made.code.code_id, 5, span=Span(0, 200))

    use = made.read(read_uses, [made.code.code_id], reader=made.lead)[made.code.code_id]

    assert (use.n_codings, len(use.quotes), use.n_more, use.n_waiting) == (2, 2, 0, 0)
    assert len({quote.text for quote in use.quotes}) == 2


def test_names_in_a_proposed_code_are_redacted(made):
    with made.study.database.write() as connection:
        sanne = made.propose(connection, "Sanne", "Synthetic: of Sanne.", action=str(uuid4()))

    def find(_stored, text):
        return [Marked(Span(*m.span()), "sanne", "CHILD") for m in re.finditer("Sanne", text)]

    redact(made.study, find, searched=Searched("g", 1), actor="anna", now=LATER)

    after = made.read(read_proposed, sanne.guid)
    assert "Sanne" not in after.name + after.memo
    assert after.name == "[CHILD_1]"
