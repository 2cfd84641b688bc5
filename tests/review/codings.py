"""Codings of the small study, made and read as the pages on codes do; every word was invented."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from study import tables as t
from study.codebooks import insert_row
from study.folder import open_study
from tests.review.conftest import NOW, TRUST, Page
from tests.review.lists import AS, make_app

# Of the small study: its Dutch interview has excerpts 1 to 5, its English one 6 and 7.
FIRST, SECOND, ENGLISH = 2, 3, 7


def give(page, excerpt_id, guid=TRUST, **words):
    answer = page.send(excerpt_id, {"verdict": "add", "code_guid": guid, **words})
    assert answer.status_code == 200, answer.text
    return answer.json()["state"]


def give_words(page, excerpt_id, start, end, guid=TRUST):
    screen = page.screen(excerpt_id)
    span = {"start_char": screen["frame"]["start_char"] + start}
    span["end_char"] = screen["frame"]["start_char"] + end
    body = {"id": str(uuid4()), "excerpt_id": excerpt_id, "version_id": screen["version_id"]}
    verdicts = [{"verdict": "add", "code_guid": guid, **span}]
    answer = page.client.post("/api/actions", json={**body, "verdicts": verdicts})
    assert answer.status_code == 200, answer.text


def ask(page, guid=TRUST, **how):
    return page.client.post(f"/api/codes/{guid}/readings", json=how)


def read(page, guid=TRUST, **how):
    answer = ask(page, guid, **how)
    assert answer.status_code == 200, answer.text
    return answer.json()


def quotes(page, guid=TRUST, **how):
    return ["".join(p["text"] for p in r["pieces"]) for r in read(page, guid, **how)["readings"]]


def note(page, **sent):
    return page.client.post("/api/notes", json=sent)


def add_participant(page, interview, label, **attributes):
    with page.study.database.write() as connection:
        person = insert_row(connection, t.participant, label=label)
        interview_id = connection.scalar(
            sa.select(t.interview.c.id).where(t.interview.c.label == interview)
        )
        connection.execute(
            sa.update(t.speaker)
            .where(t.speaker.c.interview_id == interview_id, t.speaker.c.role == "participant")
            .values(participant_id=person)
        )
        for name, value in attributes.items():
            insert_row(
                connection, t.participant_attribute, participant_id=person, name=name, value=value
            )
    return person


@pytest.fixture
def shared(filled_study):
    """Open the page of a study that bram, who is no lead, codes in, too."""
    with filled_study.database.write() as connection:
        bram = insert_row(
            connection, t.coder, name="bram", role="coder", is_reviewing=True, added_at=NOW
        )
        rows = [dict(row._mapping) for row in connection.execute(sa.select(t.queue_item))]
        connection.execute(sa.insert(t.queue_item), [{**row, "coder_id": bram} for row in rows])
        connection.execute(sa.update(t.coder).where(t.coder.c.name == "anna").values(role="lead"))
    study = open_study(filled_study.folder)
    client = TestClient(make_app(study, clock=lambda: NOW, hosts=("testserver",)))
    yield Page(study, client)
    client.close()
    study.database.close()


def as_coder(page, name):
    page.client.headers[AS] = name
    page.client.headers["X-CSRF-Token"] = "synthetic-token"
    page.client.headers["X-Themeloop"] = "1"
    return page


def counts(page, guid):
    row = page.client.get("/codes").text.partition(f'href="/codes/{guid}"')[2].partition("</tr>")[0]
    return [int(cell.partition("<")[0]) for cell in row.split("<td>")[1:]]
