"""Facts about excerpts that are coded before anything suggested is shown; words are synthetic."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from study import tables as t
from study.transcripts import list_transcripts, read_excerpts


@pytest.fixture
def dutch(page):
    """The five excerpts of the Dutch interview, in order."""
    with page.study.database.read() as connection:
        transcript = next(e for e in list_transcripts(connection) if e.interview == "D1")
        return [excerpt.id for excerpt in read_excerpts(connection, transcript)]


@pytest.fixture
def blind(page, dutch):
    """The page of an interview of which the third and fourth excerpts were drawn."""
    with page.study.database.write() as connection:
        for place, excerpt_id in enumerate(dutch):
            connection.execute(
                sa.insert(t.blind_draw).values(
                    excerpt_id=excerpt_id,
                    rate=0.1,
                    is_drawn=place in (2, 3),
                    drawn_at=connection.scalar(sa.select(t.study.c.made_at)),
                )
            )
    return page


def test_nothing_suggested_is_shown_before_the_drawn_excerpts_are_done(blind, dutch):
    screens = [blind.screen(excerpt_id) for excerpt_id in dutch]

    assert all(screen["groups"] == [] for screen in screens)


def test_interview_is_entered_at_its_first_drawn_excerpt(blind, dutch):
    interview_id = blind.screen(dutch[0])["interview_id"]

    answer = blind.client.get(f"/interviews/{interview_id}", follow_redirects=False)

    assert answer.headers["location"] == f"/excerpts/{dutch[2]}"


def test_drawn_excerpts_come_first_then_the_interview_with_its_suggestions(blind, dutch):
    first = blind.send(dutch[2], "done").json()
    second = blind.send(dutch[3], "done").json()

    assert [first["next_id"], second["next_id"]] == [dutch[3], dutch[0]]
    assert len(blind.suggestions(dutch[1])) == 3


def test_what_is_decided_blind_is_not_assisted_and_what_comes_after_is(blind, dutch):
    blind.send(dutch[2], "done")
    blind.send(dutch[3], "done")
    blind.send(dutch[1], "done")

    assert blind.rows(dutch[2]) == [("done", False, False)]
    assert blind.rows(dutch[1]) == [("done", False, True)]


def test_drawn_excerpt_taken_up_again_after_suggestions_were_shown_is_assisted(blind, dutch):
    for excerpt_id in dutch[2:4]:
        blind.send(excerpt_id, "done")
    blind.send(dutch[2], "reopen")

    assert len(blind.suggestions(dutch[1])) == 3
    assert blind.rows(dutch[2])[-1] == ("reopen", False, True)


def test_undo_within_the_blind_part_stays_blind(blind, dutch):
    blind.send(dutch[2], "unsure")
    blind.undo()

    assert [assisted for _, _, assisted in blind.rows(dutch[2])] == [False, False]


def test_suggestion_that_is_not_shown_cannot_be_accepted(blind, dutch):
    with blind.study.database.read() as connection:
        suggestion = connection.scalar(
            sa.select(t.suggestion.c.id).where(t.suggestion.c.excerpt_id == dutch[1])
        )

    answer = blind.send(dutch[1], {"verdict": "accept", "suggestion_id": suggestion})

    assert answer.status_code == 404


def test_joining_finishes_no_other_excerpt_that_is_to_be_read_blind(blind, dutch):
    screen = blind.screen(dutch[2])
    frames = {e: blind.screen(e)["frame"] for e in dutch[2:4]}
    joined = {
        "verdict": "bound",
        "start_char": frames[dutch[2]]["start_char"],
        "end_char": frames[dutch[3]]["end_char"],
    }
    body = {"excerpt_id": dutch[2], "version_id": screen["version_id"], "verdicts": [joined]}
    blind.client.post("/api/actions", json={**body, "id": str(uuid4())})

    answer = blind.send(dutch[2], "done").json()

    assert answer["next_id"] == dutch[3]
    assert blind.verdicts(dutch[3]) == []


def test_an_answer_tells_no_codes_of_the_excerpts_around_a_blind_one(blind, dutch):
    blind.send(dutch[3], {"verdict": "add", "code_guid": blind_code(blind)})
    screen = blind.screen(dutch[2])
    last = blind.screen(dutch[3])["frame"]["end_char"]
    joined = {
        "verdict": "add",
        "code_guid": blind_code(blind),
        "start_char": screen["frame"]["start_char"],
        "end_char": last,
    }
    body = {"excerpt_id": dutch[2], "version_id": screen["version_id"], "verdicts": [joined]}

    answer = blind.client.post("/api/actions", json={**body, "id": str(uuid4())}).json()

    assert answer["touched"][str(dutch[3])]["given"] == []


def blind_code(page):
    return page.client.get("/api/codebook").json()[0]["guid"]
