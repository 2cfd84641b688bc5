"""What an action means for each excerpt that it touches; every word here is synthetic."""

from dataclasses import dataclass, field
from itertools import count

import pytest
import sqlalchemy as sa

from study import tables as t
from study.acting import Part, list_verdicts, read_ground
from study.cuts import publish_segmentation, store_segmentation
from study.decisions import Action, Verdict, excerpts_of, read_state, record_action
from study.doctor import find_drift
from study.excerpt_state import Passage
from study.fingerprint import fingerprint_study
from study.records import NewSuggestion, Span
from study.redaction import Searched, redact
from study.review_queue import find_coder, queue_excerpts, read_item
from study.stored_names import Marked
from study.suggestions import current_model, store_suggestions
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import LATER, activate_model, import_coded, make_interview

TEXTS = (
    "Synthetic: and then?",
    "Synthetic: I told Sanne all of it. 🙂",
    "Hm hm.",
    "It was a relief, I think.",
    "Synthetic: and at home?",
    "Calmer than before.",
)
TEXT = "\n".join(TEXTS)
TRUST, CHANGE, SHARING = 0, 1, 2


def words(quote):
    """Give the stretch of the transcript that a quotation is."""
    start = TEXT.index(quote)
    return Span(start, start + len(quote))


OVER_TWO = Span(words("told").start_char, words("relief").end_char)
JOINED = Span(words(TEXTS[1]).start_char, words(TEXTS[3]).end_char)


@dataclass
class Hand:
    """One coder with an excerpt in hand; what it does is stored as the page would."""

    study: object
    coder_id: int
    excerpts: tuple
    codes: tuple
    is_commit_first: bool = False
    numbers: count = field(default_factory=count)

    def act(self, excerpt, *parts, action=None):
        with self.study.database.write() as connection:
            ground = read_ground(
                connection,
                self.coder_id,
                self.excerpts[excerpt].id,
                is_commit_first=self.is_commit_first,
            )
            verdicts = list_verdicts(connection, ground, parts)
            self._record(connection, ground, verdicts, action or f"a{next(self.numbers)}")
        return verdicts

    def undo(self, action):
        with self.study.database.write() as connection:
            (first,) = connection.scalars(
                sa.select(t.decision.c.excerpt_id).where(
                    t.decision.c.action == action, t.decision.c.part == 0
                )
            )
            undo = Action(f"undo-{action}", self.coder_id, first, (Verdict("undo"),), undoes=action)
            record_action(connection, undo, now=LATER)

    def state(self, excerpt):
        with self.study.database.read() as connection:
            return read_state(connection, self.coder_id, self.excerpts[excerpt].id)

    def given(self, excerpt):
        return [self.codes.index(code) for code in self.state(excerpt).given]

    def item(self, excerpt):
        with self.study.database.read() as connection:
            return read_item(connection, self.coder_id, self.excerpts[excerpt].id)

    def codings(self):
        with self.study.database.read() as connection:
            rows = connection.execute(sa.select(t.coding).order_by(t.coding.c.id)).all()
        return [(self.codes.index(r.code_id), Span(r.start_char, r.end_char)) for r in rows]

    def give(self, excerpt, code, span=None, **more):
        return self.act(excerpt, Part("add", self.codes[code], span=span), **more)

    def take(self, excerpt, code, span=None, **more):
        return self.act(excerpt, Part("remove", self.codes[code], span=span), **more)

    def bound(self, excerpt, span, **more):
        return self.act(excerpt, Part("bound", span=span), **more)

    @staticmethod
    def _record(connection, ground, verdicts, action):
        main = verdicts[0].excerpt_id or ground.item.excerpt_id
        made = Action(action, ground.coder_id, main, verdicts, is_assisted=ground.is_assisted)
        record_action(connection, made, now=LATER)


@pytest.fixture
def hand(study):
    """A coder with what the participant says as excerpts; the interviewer's words are in none."""
    import_coded(study, make_interview("S1", TEXTS), is_segmenting=True)
    with study.database.write() as connection:
        activate_model(connection)
        (transcript,) = list_transcripts(connection)
        spans = [words(text) for text in TEXTS[1::2]]
        store_segmentation(
            connection,
            transcript.id,
            method="turn",
            labels=["e1", "e2", "e3"],
            positions=[0, 1, 2],
            spans=spans,
            now=LATER,
        )
        publish_segmentation(connection, transcript.id, "turn")
        (transcript,) = list_transcripts(connection)
        excerpts = read_excerpts(connection, transcript)
        queue_excerpts(connection, transcript, excerpts, 1)
        codes = connection.scalars(sa.select(t.code.c.id).order_by(t.code.c.id)).all()
        return Hand(study, find_coder(connection, "coder"), tuple(excerpts), tuple(codes))


def test_words_of_an_excerpt_count_as_its_code_and_keep_their_span(hand):
    span = words("told Sanne")

    hand.give(0, TRUST, span)

    assert hand.given(0) == [TRUST]
    assert hand.state(0).whole == ()
    assert hand.state(0).passages == (Passage(hand.codes[TRUST], span),)
    assert hand.codings() == [(TRUST, span)]
    assert hand.item(0).n_given == 1


def test_words_over_two_excerpts_are_a_coding_of_each_that_they_cover(hand):
    hand.give(0, TRUST, OVER_TWO)

    assert (hand.given(0), hand.given(1), hand.given(2)) == ([TRUST], [TRUST], [])
    assert hand.codings() == [(TRUST, OVER_TWO)] * 2


def test_an_excerpt_of_which_the_words_hold_too_little_does_not_get_the_code(hand):
    span = Span(words("🙂").start_char, words("relief, I think").end_char)

    verdicts = hand.give(0, TRUST, span)

    assert [verdict.excerpt_id for verdict in verdicts] == [hand.excerpts[1].id]
    assert (hand.given(0), hand.given(1)) == ([], [TRUST])


def test_an_interviewers_words_are_marked_and_label_no_excerpt(hand):
    span = words("and at home")

    hand.give(1, TRUST, span)

    assert hand.given(1) == []
    assert hand.state(1).passages == (Passage(hand.codes[TRUST], span, is_outside=True),)
    assert hand.codings() == [(TRUST, span)]
    assert hand.item(1).n_given == 0

    hand.take(1, TRUST, span)

    assert hand.state(1).passages == ()


@pytest.mark.parametrize("verdict", ["pass_over", "reject", "remove"])
def test_what_is_said_of_an_excerpt_leaves_words_outside_it_alone(hand, verdict):
    hand.give(1, TRUST, words("and at home"))
    hand.give(1, TRUST, words("a relief"))

    hand.act(1, Part(verdict, hand.codes[TRUST]), Part("done"))

    assert [passage.is_outside for passage in hand.state(1).passages] == [True]
    assert hand.given(1) == []


def test_overlapping_codings_stand_beside_each_other_and_one_goes_without_the_other(hand):
    wide, narrow = words("told Sanne all"), words("Sanne all of it")
    hand.give(0, TRUST, wide)
    hand.give(0, SHARING, narrow)
    hand.give(0, TRUST, narrow)
    assert len(hand.state(0).passages) == 3

    hand.take(0, TRUST, wide)

    assert hand.given(0) == [SHARING, TRUST]
    assert [passage.span for passage in hand.state(0).passages] == [narrow, narrow]

    hand.take(0, TRUST, narrow)

    assert hand.given(0) == [SHARING]


def test_a_passage_taken_away_leaves_the_code_of_the_whole_excerpt(hand):
    hand.give(0, TRUST)
    hand.give(0, TRUST, words("told Sanne"))
    assert hand.state(0).whole == (hand.codes[TRUST],)

    hand.take(0, TRUST, words("told Sanne"))

    assert hand.given(0) == [TRUST]


def test_a_code_taken_from_the_excerpt_is_taken_from_its_words(hand):
    hand.give(0, TRUST, words("told Sanne"))

    hand.take(0, TRUST)

    assert (hand.given(0), hand.state(0).passages) == ([], ())


def test_one_undo_takes_back_what_an_action_did_to_several_excerpts(hand):
    hand.give(1, SHARING)
    hand.give(0, TRUST, OVER_TWO, action="over two")

    hand.undo("over two")

    assert (hand.given(0), hand.given(1)) == ([], [SHARING])
    assert (hand.item(0).n_given, hand.item(1).n_given) == (0, 1)
    with hand.study.database.read() as connection:
        touched = {hand.excerpts[0].id, hand.excerpts[1].id}
        assert excerpts_of(connection, hand.coder_id, "undo-over two") == touched
        assert find_drift(connection) == []


def test_the_same_action_again_stores_nothing(hand):
    hand.give(0, TRUST, OVER_TWO, action="once")
    hand.give(0, TRUST, OVER_TWO, action="once")

    assert len(hand.codings()) == 2


def test_codes_of_an_excerpt_lie_where_the_coder_bounds_it(hand):
    bounds = Span(words("told").start_char, words("Hm hm.").end_char)
    hand.bound(0, bounds)

    hand.give(0, TRUST)

    assert hand.state(0).bounds == bounds
    assert hand.given(0) == [TRUST]
    assert hand.state(0).passages == ()
    assert hand.codings() == [(TRUST, bounds)]


def test_undone_boundaries_are_those_of_the_cut_again(hand):
    hand.bound(0, words("told Sanne"), action="moved")

    hand.undo("moved")
    hand.give(0, TRUST)

    assert hand.state(0).bounds is None
    assert hand.codings() == [(TRUST, hand.excerpts[0].span)]


def test_an_excerpt_joined_with_another_speaks_for_it(hand):
    hand.give(0, TRUST)
    hand.give(0, SHARING, words("told Sanne"))

    hand.bound(0, JOINED)
    assert hand.given(1) == [TRUST]

    hand.give(0, CHANGE)
    hand.take(0, TRUST)
    hand.act(0, Part("done"))

    assert (hand.given(0), hand.given(1)) == ([SHARING, CHANGE], [CHANGE])
    assert hand.state(0).is_done
    assert hand.state(1).is_done
    assert hand.item(1).is_done


def test_a_code_rejected_where_it_had_been_given_is_gone_from_what_was_joined(hand):
    hand.give(0, TRUST)
    hand.bound(0, JOINED)

    verdicts = hand.act(0, Part("reject", hand.codes[TRUST]), Part("reject", hand.codes[CHANGE]))

    assert hand.given(1) == []
    # What was never given to the other is not said to be taken from it.
    assert [v.code_id for v in verdicts if v.excerpt_id is not None] == [hand.codes[TRUST]]


def test_boundaries_moved_back_take_the_codes_and_the_finish_with_them(hand):
    hand.give(1, SHARING)
    hand.give(0, TRUST)
    hand.act(0, Part("done"))
    hand.bound(0, JOINED)
    assert (hand.given(1), hand.state(1).is_done) == ([SHARING, TRUST], True)

    hand.bound(0, hand.excerpts[0].span)

    assert (hand.given(0), hand.state(0).is_done) == ([TRUST], True)
    assert (hand.given(1), hand.state(1).is_done) == ([SHARING], False)


def test_boundaries_moved_on_leave_no_code_at_the_former_ones(hand):
    hand.give(0, TRUST)
    hand.bound(0, JOINED)
    hand.bound(0, Span(JOINED.start_char, words(TEXTS[5]).end_char))
    assert (len(hand.state(1).passages), len(hand.state(2).passages)) == (1, 1)

    hand.take(0, TRUST)

    assert (hand.given(1), hand.given(2)) == ([], [])


def test_what_is_said_while_suggestions_are_shown_is_assisted_for_every_excerpt(hand):
    hand.is_commit_first = True
    hand.act(0, Part("done"))

    hand.bound(0, JOINED)
    (verdict,) = hand.give(2, TRUST)
    other = hand.give(0, SHARING)[-1]

    assert verdict.is_assisted is None
    assert not hand.state(2).is_assisted
    assert (other.excerpt_id, other.is_assisted) == (hand.excerpts[1].id, True)


def test_an_excerpt_that_is_not_queued_for_the_coder_is_no_ground(hand):
    with hand.study.database.read() as connection:
        assert read_ground(connection, hand.coder_id, 999, is_commit_first=False) is None


def test_fingerprint_tells_whose_words_were_coded(hand):
    def fingerprint():
        with hand.study.database.read() as connection:
            return fingerprint_study(connection)

    before = fingerprint()
    hand.give(0, TRUST, words("told Sanne"), action="one")
    one = fingerprint()
    hand.give(0, TRUST, words("all of it"), action="two")

    assert len({before, one, fingerprint()}) == 3


def test_redaction_moves_passages_and_boundaries_along(hand):
    bounds = Span(words("told").start_char, words("🙂").end_char)
    hand.bound(0, bounds)
    hand.give(0, TRUST, words("Sanne all"))
    hand.give(0, SHARING, words("all of it"))
    hand.give(2, CHANGE, words("and at home"))

    def find(_stored, text):
        at = text.find("Sanne")
        return [] if at < 0 else [Marked(Span(at, at + 5), "sanne", "CHILD")]

    redact(hand.study, find, searched=Searched("g", 1), actor="anna", now=LATER)

    with hand.study.database.read() as connection:
        (transcript,) = list_transcripts(connection)

    def said(span):
        return transcript.text[span.start_char : span.end_char]

    trust, sharing = (passage.span for passage in hand.state(0).passages)
    assert said(trust) == "[CHILD_1] all"
    assert said(sharing) == "all of it"
    assert said(hand.state(0).bounds) == "told [CHILD_1] all of it. 🙂"
    assert [said(passage.span) for passage in hand.state(2).passages] == ["and at home"]
    assert [said(span) for _, span in hand.codings()] == [
        "[CHILD_1] all",
        "all of it",
        "and at home",
    ]

    # Taken away by the words as they are told now.
    hand.take(0, SHARING, sharing)
    assert hand.given(0) == [TRUST]


@pytest.fixture
def committing(hand):
    """Own codes come first; something is suggested for the first two of three excerpts."""
    with hand.study.database.write() as connection:
        suggest_for(connection, hand.excerpts[:2], hand.codes[TRUST])
    hand.is_commit_first = True
    hand.bound(0, Span(JOINED.start_char, words(TEXTS[5]).end_char))
    return hand


def test_joined_excerpts_are_finished_together_but_for_what_is_suggested_for_them(committing):
    committing.act(0, Part("done"))

    second, third = committing.state(1), committing.state(2)
    assert (second.was_done, second.is_done, second.is_assisted) == (True, False, True)
    assert third.is_done


def test_a_joined_excerpt_is_finished_by_itself_once_its_suggestions_are_shown(committing):
    committing.act(0, Part("done"), action="own")
    committing.act(0, Part("done"), action="final")
    assert not committing.state(1).is_done

    committing.act(1, Part("done"))

    assert committing.state(1).is_done
    assert committing.item(1).is_done


def test_no_suggestion_is_passed_over_that_stood_on_no_screen(committing):
    committing.act(0, Part("done"), action="own")
    committing.act(0, Part("done"), action="final")

    assert [committing.state(place).passed_over for place in (1, 2)] == [(), ()]


def test_one_undo_takes_back_what_a_joined_excerpt_was_finished_with(committing):
    committing.act(0, Part("done"), action="own")

    committing.undo("own")

    assert [committing.state(place).is_done for place in range(3)] == [False] * 3
    with committing.study.database.read() as connection:
        assert find_drift(connection) == []


def test_boundaries_moved_over_an_excerpt_finish_it_only_where_nothing_waits_to_be_shown(hand):
    with hand.study.database.write() as connection:
        suggest_for(connection, hand.excerpts[1:2], hand.codes[TRUST])
    hand.is_commit_first = True
    hand.act(0, Part("done"))

    hand.bound(0, Span(JOINED.start_char, words(TEXTS[5]).end_char))

    assert (hand.state(1).is_done, hand.state(2).is_done) == (False, True)


def suggest_for(connection, excerpts, code_id):
    rows = [NewSuggestion(e.id, code_id, 2.0, 1, {"kind": "definition"}) for e in excerpts]
    run_id = connection.scalar(sa.select(sa.func.max(t.run.c.id)))
    model = current_model(connection, "similarity")
    store_suggestions(connection, rows, run_id=run_id, model=model)
