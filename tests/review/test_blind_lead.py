"""What a lead is shown who has still to read an interview blind; every word here is made up."""

from uuid import uuid4

import pytest

from study.proposed_codes import list_proposed
from tests.review.conftest import SHAME, TRUST
from tests.review.lists import AS, let_bram_code_beside_the_lead, open_lists, owe

BRAM = {AS: "bram"}
# Each stands in one thing that bram makes of the Dutch interview.
NAMES = ("Zwaluwnest", "Kraaiennest", "Spreeuwenest")
MEMOS = ("Memo over de zwaluw", "Memo over de kraai", "Memo over de spreeuw")
NOTES = ("Notitie bij schaamte",)
REASON = "Reden van afwijzing"
QUOTE = "En daarna heb ik haar alles verteld."
# Ways in and out, and what changes nothing that is shown.
NOT_READ = {"/sign-in", "/sign-out", "/health", "/api/session", "/api/language", "/api/run"}
PARTS = {"excerpt_id": [1, 2, 3, 4, 5, 6, 7], "interview_id": [1, 2], "guid": [TRUST, SHAME]}


class Team:
    """A lead, anna, beside whom bram made codes of the Dutch interview."""

    def __init__(self, page):
        self.page = page
        self.guids = [self.propose(*each) for each in zip(NAMES, MEMOS, strict=True)]
        _, declined, accepted = self.guids
        self.judge("decline", declined, reason=REASON)
        wording = {"key": "made", "name": "Gemaakt", "definition": "Synthetic."}
        self.judge("accept", accepted, **wording)
        self.note(SHAME, NOTES[0])
        self.act(3, TRUST)

    def send(self, address, body, headers=None):
        answer = self.page.client.post(address, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def propose(self, name, memo):
        body = {"id": str(uuid4()), "excerpt_id": 3, "name": name, "memo": memo}
        return self.send("/api/proposed-codes", body, BRAM)["code"]["guid"]

    def judge(self, act, guid, **told):
        self.send(f"/api/proposed-codes/{act}", {"guid": guid, **told})

    def note(self, guid, text):
        self.send("/api/notes", {"subject": "code", "guid": guid, "text": text}, BRAM)

    def act(self, excerpt_id, guid):
        verdicts = [{"verdict": "add", "code_guid": guid}]
        body = {"id": str(uuid4()), "excerpt_id": excerpt_id, "verdicts": verdicts}
        self.send("/api/actions", body, BRAM)

    def addresses(self):
        """List every address that gives something, with its places filled."""
        for path in list_paths(self.page.client.app.routes):
            if path not in NOT_READ:
                yield from self.fill(path)
        yield from ("/progress?everybody=1", "/api/progress?everybody=1")

    def fill(self, path):
        for name, values in PARTS.items():
            if f"{{{name}}}" in path:
                made = self.guids if name == "guid" else []
                return [path.replace(f"{{{name}}}", str(value)) for value in (*values, *made)]
        assert "{" not in path, f"nobody knows what to fill into {path}"
        return [path]

    def shown(self):
        """Read all that the lead can be shown, as one text for each way of asking."""
        client = self.page.client
        told = {path: client.get(path).text for path in self.addresses()}
        for guid in (TRUST, SHAME, *self.guids):
            for whose in ("own", "everybody"):
                path = f"/api/codes/{guid}/readings"
                told[path, whose] = client.post(path, json={"whose": whose}).text
        for text in ("haar", "alles"):
            for guid in (None, *self.guids):
                body = {"text": text, "code_guid": guid}
                told["/api/search", text, guid] = client.post("/api/search", json=body).text
        body = {"subject": "code", "guid": SHAME, "text": "Synthetic: of the lead."}
        told["/api/notes"] = client.post("/api/notes", json=body).text
        body = {"id": str(uuid4()), "excerpt_id": 2, "verdicts": [{"verdict": "unsure"}]}
        told["/api/actions"] = client.post("/api/actions", json=body).text
        told["/api/undo"] = client.post("/api/undo", json={"id": str(uuid4())}).text
        return told


def list_paths(routes):
    """List the address of every route that reads, also of those that lie in routers."""
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from list_paths(inner.routes)
        if "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


@pytest.fixture
def team(filled_study):
    page = open_lists(filled_study.folder)
    let_bram_code_beside_the_lead(page)
    yield Team(page)
    page.client.close()
    page.study.database.close()


def find(told, words):
    return {where for where, text in told.items() for word in words if word in text}


def test_a_lead_who_owes_nothing_is_shown_what_others_made(team):
    told = team.shown()

    for words in (*NAMES[:2], *MEMOS, *NOTES, REASON):
        assert find(told, [words]), f"nothing shows {words!r}: the next test could not fail"


def test_nothing_that_another_made_of_an_interview_is_shown_as_long_as_it_is_owed_blind(team):
    owe(team.page, "D1")

    told = team.shown()

    # What was accepted is called in the codebook as the lead called it, and is everybody's.
    assert find(told, [*NAMES, *MEMOS, *NOTES, REASON]) == set()
    assert QUOTE not in told["/proposed"]
    assert "You have still to read some excerpts by yourself first." in told["/proposed"]


def test_such_a_code_can_be_given_searched_for_and_opened_by_nobody_who_may_not_know_of_it(team):
    owe(team.page, "D1")
    hidden = team.guids[0]
    client = team.page.client
    give = {"id": str(uuid4()), "excerpt_id": 7, "verdicts": []}
    give["verdicts"] = [{"verdict": "add", "code_guid": hidden}]
    note = {"subject": "code", "guid": hidden, "text": "Synthetic."}

    answers = [
        client.post("/api/actions", json=give),
        client.post("/api/search", json={"text": "haar", "code_guid": hidden}),
        client.post(f"/api/codes/{hidden}/readings", json={}),
        client.post("/api/notes", json=note),
        client.get(f"/codes/{hidden}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


def test_how_often_others_gave_a_code_in_an_interview_owed_blind_is_not_told(team):
    guid = team.send(
        "/api/proposed-codes",
        {"id": str(uuid4()), "excerpt_id": 7, "name": "Elsewhere", "memo": ""},
        BRAM,
    )["code"]["guid"]
    team.act(3, guid)
    assert "given 2 times" in team.page.client.get("/proposed").text

    owe(team.page, "D1")

    told = team.page.client.get("/proposed").text
    assert "Elsewhere" in told
    assert "given once" in told
    assert "given 2 times" not in told


def test_what_the_lead_made_there_stays_the_leads_own(team):
    body = {"id": str(uuid4()), "excerpt_id": 2, "name": "Eigen vondst", "memo": ""}
    team.send("/api/proposed-codes", body)
    owe(team.page, "D1")

    told = team.shown()

    assert {"/api/codebook", "/codes", "/proposed"} <= find(told, ["Eigen vondst"])


def test_all_is_shown_as_soon_as_the_interview_was_read_blind(team):
    owe(team.page, "D1")
    team.page.send(1, "done")

    told = team.shown()

    assert {"/api/codebook", "/proposed", "/codes"} <= find(told, NAMES[:1])
    with team.page.study.database.read() as connection:
        assert len(list_proposed(connection)) == 3
