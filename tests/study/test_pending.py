"""Facts about what waits for a coder code by code; every word here is synthetic."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from study import tables as t
from study.decisions import Action, Verdict, record_action
from study.pending import count_pending, list_pending, open_pending
from study.records import NewSuggestion, Span
from study.review_queue import queue_excerpts
from study.suggestions import store_suggestions
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import NOW, activate_model, import_coded, make_interview, set_desk

N = 6


class Waiting:
    """A study of two interviews in which the first two codes are suggested for every excerpt."""

    def __init__(self, study):
        self.study = study
        import_coded(study, make_interview(coders=()), make_interview("S2", coders=()))
        with study.database.write() as connection:
            self.desk = set_desk(connection)

    def say(self, place, *verdicts, undoes=None):
        action = str(uuid4())
        excerpt_id = self.desk.excerpt_ids[place]
        made = Action(action, self.desk.coder_id, excerpt_id, verdicts, undoes=undoes)
        with self.study.database.write() as connection:
            record_action(connection, made, now=NOW)
        return action

    def verdict(self, name, code=0):
        return Verdict(name, self.desk.code_ids[code])

    def owe(self, place):
        with self.study.database.write() as connection:
            connection.execute(
                sa.insert(t.blind_draw).values(
                    excerpt_id=self.desk.excerpt_ids[place], rate=0.1, is_drawn=True, drawn_at=NOW
                )
            )

    def counts(self, *, is_commit_first=False):
        with self.study.database.read() as connection:
            pending = open_pending(connection, self.desk.coder_id, is_commit_first=is_commit_first)
            counts = count_pending(connection, pending)
        return [counts.get(code_id, 0) for code_id in self.desk.code_ids[:2]]

    def page(self, *, first=0, n=50, is_commit_first=False):
        with self.study.database.read() as connection:
            pending = open_pending(connection, self.desk.coder_id, is_commit_first=is_commit_first)
            return list_pending(connection, pending, self.desk.code_ids[0], first=first, n=n)

    def places(self, **how):
        ids = self.desk.excerpt_ids
        return [ids.index(each.excerpt_id) for each in self.page(**how).suggestions]


@pytest.fixture
def waiting(study):
    return Waiting(study)


def test_everything_suggested_waits_before_anything_is_decided(waiting):
    assert waiting.counts() == [2 * N, 2 * N]
    assert sorted(waiting.places()) == list(range(2 * N))


@pytest.mark.parametrize("verdict", ["accept", "add", "reject", "pass_over"])
def test_what_was_decided_on_waits_no_more_and_other_codes_do(waiting, verdict):
    waiting.say(1, waiting.verdict(verdict))

    assert waiting.counts() == [2 * N - 1, 2 * N]
    assert 1 not in waiting.places()


def test_what_was_taken_back_waits_again(waiting):
    action = waiting.say(1, waiting.verdict("accept"))
    waiting.say(1, Verdict("undo"), undoes=action)

    assert waiting.counts() == [2 * N, 2 * N]
    assert 1 in waiting.places()


def test_nothing_of_a_finished_excerpt_waits(waiting):
    waiting.say(1, Verdict("done"))

    assert waiting.counts() == [2 * N - 1, 2 * N - 1]
    assert 1 not in waiting.places()


def test_excerpt_with_another_decision_waits_after_that_one(waiting):
    action = waiting.say(1, Verdict("unsure"))

    (found,) = [s for s in waiting.page().suggestions if s.last_action]
    assert found.excerpt_id == waiting.desk.excerpt_ids[1]
    assert found.last_action == action


def test_nothing_of_an_interview_that_is_owed_blind_waits(waiting):
    waiting.owe(2)

    assert waiting.counts() == [N, N]
    assert min(waiting.places()) == N
    assert waiting.page().n_waiting == 1


def test_drawn_excerpts_wait_once_they_were_finished(waiting):
    waiting.owe(2)
    waiting.say(2, Verdict("done"))

    assert waiting.counts() == [2 * N - 1, 2 * N - 1]


def test_own_codes_come_first_where_the_study_says_so(waiting):
    waiting.say(1, Verdict("unsure"))
    waiting.say(2, Verdict("done"), Verdict("reopen"))

    assert waiting.counts(is_commit_first=True) == [1, 1]
    assert waiting.places(is_commit_first=True) == [2]


def test_strongest_come_first_and_probability_before_score(waiting):
    strengths = {0: (1.0, 0.4), 1: (1.0, 0.9), 2: (2.0, None), 3: (9.0, None)}
    with waiting.study.database.write() as connection:
        model = activate_model(connection, "b" * 64, method="classifier")
        run_id = connection.scalar(sa.select(sa.func.max(t.run.c.id)))
        transcript = list_transcripts(connection)[0]
        excerpts = read_excerpts(connection, transcript)
        made = [
            NewSuggestion(excerpts[place].id, waiting.desk.code_ids[0], score, 1, {}, chance)
            for place, (score, chance) in strengths.items()
        ]
        store_suggestions(connection, made, run_id=run_id, model=model)
        queue_excerpts(connection, transcript, excerpts, model.id)

    assert [place for place in waiting.places() if place < N] == [1, 0, 3, 2]


def test_list_is_given_in_pages(waiting):
    pages = [waiting.page(first=first, n=5) for first in (0, 5, 10, 15)]

    assert [len(page.suggestions) for page in pages] == [5, 5, 2, 0]
    assert {page.n for page in pages} == {2 * N}
    assert len({s.suggestion_id for page in pages for s in page.suggestions}) == 2 * N


def test_suggestions_of_another_model_than_the_queues_do_not_wait(waiting):
    with waiting.study.database.write() as connection:
        queued_elsewhere = sa.update(t.queue_item).where(
            t.queue_item.c.excerpt_id == waiting.desk.excerpt_ids[0]
        )
        row = dict(connection.execute(sa.select(t.model_version)).mappings().one())
        row = {**row, "id": row["id"] + 1, "sha256": "b" * 64}
        model_id = connection.execute(sa.insert(t.model_version).values(**row)).inserted_primary_key
        connection.execute(queued_elsewhere.values(model_version_id=model_id[0]))

    assert waiting.counts() == [2 * N - 1, 2 * N - 1]
    assert 0 not in waiting.places()


def test_words_are_those_of_the_excerpt_as_the_coder_bounds_it(waiting):
    waiting.say(1, Verdict("bound", span=Span(0, 9)))

    texts = {s.excerpt_id: s.text for s in waiting.page().suggestions}

    assert texts[waiting.desk.excerpt_ids[0]] == "Synthetic: how did the first talk go? 🙂"
    assert texts[waiting.desk.excerpt_ids[1]] == "Synthetic"


def test_other_coders_decisions_change_nothing(waiting):
    with waiting.study.database.write() as connection:
        other = connection.execute(
            sa.insert(t.coder).values(name="bram", role="coder", is_reviewing=True, added_at=NOW)
        ).inserted_primary_key[0]
        made = Action(
            str(uuid4()),
            other,
            waiting.desk.excerpt_ids[1],
            (waiting.verdict("reject"), Verdict("done")),
        )
        record_action(connection, made, now=NOW)

    assert waiting.counts() == [2 * N, 2 * N]
