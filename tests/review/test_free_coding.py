"""What coding any words leaves in the study and on the screen; every word here is synthetic."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from study import tables as t
from study.cuts import publish_segmentation, store_segmentation
from study.records import Span
from study.review_queue import queue_excerpts
from study.transcripts import list_transcripts, read_excerpts, read_turns
from tests.review.conftest import NOW

TRUST = "68AFCAF8-D3A9-4521-B14B-87D9076580F7"
SHAME = "641D4567-9454-4CA9-AE34-1A40EF73C060"


class Words:
    """The words of an interview of which the participant's turns alone are excerpts."""

    def __init__(self, page, transcript, excerpt_ids):
        self.page, self.text, self.excerpt_ids = page, transcript.text, excerpt_ids
        self.version_id = page.screen(excerpt_ids[0])["version_id"]

    def span(self, first, last=None):
        start = self.text.index(first)
        end = self.text.index(last or first) + len(last or first)
        return {"start_char": start, "end_char": end}

    def send(self, excerpt, *verdicts, action=None, **more):
        body = {
            "id": action or str(uuid4()),
            "excerpt_id": self.excerpt_ids[excerpt],
            "version_id": self.version_id,
            "verdicts": list(verdicts),
            **more,
        }
        return self.page.client.post("/api/actions", json=body)

    def code(self, excerpt, guid, first, last=None, **more):
        return self.send(excerpt, _say("add", guid, self.span(first, last)), **more)

    def state(self, excerpt):
        return self.page.screen(self.excerpt_ids[excerpt])["state"]

    def given(self, excerpt):
        return self.state(excerpt)["given"]


def _say(verdict, guid=None, span=None):
    about = {} if guid is None else {"code_guid": guid}
    return {"verdict": verdict, **about, **(span or {})}


def _passage(guid, span, *, is_outside=False):
    return {"guid": guid, **span, "is_outside": is_outside}


@pytest.fixture
def words(page):
    with page.study.database.write() as connection:
        transcript = next(e for e in list_transcripts(connection) if e.interview == "D1")
        spans = [each.span for each in read_turns(connection, transcript.id)]
        spans = [spans[place] for place in (1, 2, 4)]
        numbers = range(len(spans))
        store_segmentation(
            connection,
            transcript.id,
            method="turn",
            labels=[f"p{number}" for number in numbers],
            positions=list(numbers),
            spans=spans,
            now=NOW,
        )
        publish_segmentation(connection, transcript.id, "turn")
        transcript = next(e for e in list_transcripts(connection) if e.interview == "D1")
        excerpts = read_excerpts(connection, transcript)
        queue_excerpts(connection, transcript, excerpts, 1)
    return Words(page, transcript, [excerpt.id for excerpt in excerpts])


def test_any_words_are_coded_and_the_screen_tells_which(words):
    span = words.span("haar kan ik")

    answer = words.code(0, TRUST, "haar kan ik").json()

    assert answer["state"]["given"] == [TRUST]
    assert answer["state"]["passages"] == [_passage(TRUST, span)]
    assert words.page.reopened().screen(words.excerpt_ids[0])["state"] == answer["state"]


def test_words_over_two_excerpts_tell_of_both(words):
    answer = words.code(0, TRUST, "haar kan ik", "haar alles").json()

    others = answer["touched"]
    assert list(others) == [str(words.excerpt_ids[1])]
    assert others[str(words.excerpt_ids[1])]["given"] == [TRUST]
    assert words.given(1) == [TRUST]


def test_a_retry_stores_nothing_and_tells_the_same(words):
    action = str(uuid4())
    first = words.code(0, TRUST, "haar kan ik", "haar alles", action=action).json()

    again = words.code(0, TRUST, "haar kan ik", "haar alles", action=action).json()

    assert (first["is_new"], again["is_new"]) == (True, False)
    assert {**first, "is_new": False} == again
    assert [words.page.verdicts(words.excerpt_ids[n]) for n in (0, 1)] == [["add"], ["add"]]


def test_words_of_an_interviewer_label_no_excerpt_and_are_shown(words):
    span = words.span("Wat maakte")

    state = words.code(1, SHAME, "Wat maakte").json()["state"]

    assert (state["given"], state["passages"]) == ([], [_passage(SHAME, span, is_outside=True)])
    screen = words.page.screen(words.excerpt_ids[1])
    assert screen["codes"][SHAME]["name"] == "Schaamte"
    assert words.page.verdicts(words.excerpt_ids[1]) == ["mark"]

    words.send(1, _say("done"))
    assert len(words.state(1)["passages"]) == 1

    words.send(1, _say("remove", SHAME, span))
    assert words.state(1)["passages"] == []


def test_codings_overlap_and_one_goes_without_the_other(words):
    words.code(0, TRUST, "wist meteen: haar")
    words.code(0, SHAME, "haar kan")
    words.code(0, TRUST, "kan ik geloven")

    state = words.send(0, _say("remove", TRUST, words.span("wist meteen: haar"))).json()["state"]

    assert state["given"] == [SHAME, TRUST]
    assert state["passages"] == [
        _passage(SHAME, words.span("haar kan")),
        _passage(TRUST, words.span("kan ik geloven")),
    ]


def test_the_code_of_words_is_changed_in_one_action_and_one_undo(words):
    span = words.span("haar kan")
    words.code(0, TRUST, "haar kan")

    state = words.send(0, _say("remove", TRUST, span), _say("add", SHAME, span)).json()["state"]
    assert (state["given"], state["passages"]) == ([SHAME], [_passage(SHAME, span)])

    words.page.undo()
    assert words.state(0)["passages"] == [_passage(TRUST, span)]


def test_one_undo_takes_words_back_from_every_excerpt(words):
    words.code(0, TRUST, "haar kan ik", "haar alles")

    undone = words.page.undo().json()

    assert undone["excerpt_id"] == words.excerpt_ids[0]
    assert (words.given(0), words.given(1)) == ([], [])


def test_codes_follow_the_boundaries_and_a_joined_excerpt_is_finished_with_it(words):
    words.send(0, _say("add", TRUST))
    bounds = words.span("Ik wist", "alles verteld.")

    moved = words.send(0, {"verdict": "bound", **bounds}).json()
    assert moved["state"]["bounds"] == bounds
    assert words.given(1) == [TRUST]

    words.send(0, _say("done"))
    assert words.state(1)["is_done"]
    with words.page.study.database.read() as connection:
        rows = connection.execute(sa.select(t.coding).order_by(t.coding.c.id)).all()
    assert Span(rows[-1].start_char, rows[-1].end_char) == Span(**bounds)

    words.page.undo()
    words.page.undo()
    assert (words.given(1), words.state(0)["bounds"], words.state(1)["is_done"]) == (
        [],
        None,
        False,
    )


@pytest.mark.parametrize("version_id", [None, 1, 999, "1", "1-0123456789abcdef"])
def test_words_of_another_transcript_version_are_refused(words, version_id):
    answer = words.code(0, TRUST, "haar kan", version_id=version_id)

    assert answer.status_code == 409
    assert "have changed" in answer.json()["error"]
    assert words.page.verdicts(words.excerpt_ids[0]) == []


def test_words_beyond_the_transcript_are_refused(words):
    end = len(words.text) + 1

    answer = words.send(0, _say("add", TRUST, {"start_char": 0, "end_char": end}))

    assert answer.status_code == 422
    assert words.page.verdicts(words.excerpt_ids[0]) == []


def test_a_neighbours_words_are_hidden_while_excerpts_are_owed_blind(words):
    words.code(0, TRUST, "haar kan ik", "haar alles")
    words.send(0, _say("done"))
    with words.page.study.database.write() as connection:
        for excerpt_id in words.excerpt_ids:
            row = {"rate": 0.1, "is_drawn": excerpt_id != words.excerpt_ids[0], "drawn_at": NOW}
            connection.execute(sa.insert(t.blind_draw).values(excerpt_id=excerpt_id, **row))

    marks = words.page.screen(words.excerpt_ids[2])["marks"]

    assert [marks[str(words.excerpt_ids[n])]["passages"] for n in (0, 1)] == [[], []]
