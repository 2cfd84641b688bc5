"""Facts about signing in and who is let in; every name, password and word is invented."""

import re
from datetime import UTC, datetime, timedelta
from shutil import copytree
from uuid import uuid4

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from review.app import create_app
from review.attempts import MOST_KEPT, Attempts
from review.sign_in import choose_aim
from study import tables as t
from study.accounts import end_all, remove_password, set_password
from study.coders import find_named
from study.folder import Study, open_study
from study.gaps import Gaps
from study.new_coders import add_coder

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PASSWORD = "four words in row"
PAGE = {"Accept": "text/html"}
ACTION = "6f3b1f5e-7d0a-4c53-9a7b-0d7c1f1b2a3c"
# Nobody has to be signed in for these; the form for signing in speaks two languages.
OPEN = {
    ("GET", "/health"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("POST", "/api/language"),
}


class Clock:
    """Stands still until it is moved on."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


class Door:
    """A study's page as browsers find it from outside."""

    def __init__(self, study):
        self.study = study
        self.clock = Clock()
        self.app = create_app(
            study, clock=self.clock, hosts=("testserver",), find_gaps=lambda *_: Gaps()
        )
        self.cookie = self.app.state.room.gate.cookie

    def browser(self, **options):
        return TestClient(self.app, follow_redirects=False, **options)

    def browser_with(self, token):
        """Give a browser that brings a cookie along."""
        client = self.browser()
        client.cookies.set(self.cookie, token, domain="testserver.local", path="/")
        return client

    def signed_in(self, name="anna", password=PASSWORD, **options):
        """Give a browser in which somebody has signed in, and that sends the page's token."""
        client = self.browser(**options)
        answer = send_form(client, name=name, password=password)
        assert answer.status_code == 303, answer.text
        client.headers["X-CSRF-Token"] = token_of(client)
        return client


def send_form(client, **fields):
    return client.post("/sign-in", data=fields, headers=PAGE)


def token_of(client):
    text = client.get("/", headers=PAGE).text
    return re.search(r'<meta name="csrf-token" content="([^"]+)"', text)[1]


@pytest.fixture(scope="session")
def known_folder(filled_folder, tmp_path_factory):
    """Two coders with passwords, and one without; hashing one takes a sixth of a second."""
    study = open_study(copytree(filled_folder, tmp_path_factory.mktemp("known") / "study"))
    with study.database.write() as connection:
        for name in ("bert", "carla"):
            add_coder(connection, name, role=None, is_reviewing=True, now=NOW)
        for name in ("anna", "bert"):
            set_password(connection, name, PASSWORD, now=NOW)
    study.database.close()
    return study.folder


@pytest.fixture
def known(known_folder, tmp_path):
    study = open_study(copytree(known_folder, tmp_path / "known"))
    yield study
    study.database.close()


@pytest.fixture
def door(known):
    return Door(known)


def with_settings(study, **changes):
    return Study(study.folder, study.settings.model_copy(update=changes), study.database)


def list_routes(routes):
    """List (method, address) of every route, also of those that lie in routers."""
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from list_routes(inner.routes)
        for method in (getattr(route, "methods", None) or set()) - {"HEAD"}:
            yield method, re.sub(r"\{\w+\}", "1", route.path)


def test_every_other_address_refuses_who_is_not_signed_in(door):
    client = door.browser()
    routes = set(list_routes(door.app.routes))

    answers = {(m, a): client.request(m, a).status_code for m, a in routes if (m, a) not in OPEN}

    assert ("POST", "/sign-in") in routes
    assert len(answers) >= 10
    assert set(answers.values()) == {401}


def test_a_script_is_told_in_one_line_and_a_person_is_led_to_the_form(door):
    client = door.browser()

    told = client.get("/api/excerpts/2")
    led = client.get("/excerpts/2?before=3", headers=PAGE)

    assert told.json() == {
        "error": "401: you are not signed in, or no longer. Open the page anew and sign in.",
        "code": "unauthorized",
    }
    assert led.status_code == 303
    assert led.headers["location"] == "/sign-in?next=%2Fexcerpts%2F2%3Fbefore%3D3"


def test_the_form_tells_a_stranger_nothing(door):
    text = door.browser().get("/sign-in", headers=PAGE).text

    for word in ("Mothers", "fathers", "anna", "bert", "synthetic", "excerpt"):
        assert word not in text
    assert "<title>Sign in – themeloop</title>" in text
    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text


def test_whoever_signs_in_is_led_to_where_they_wanted_to_go(door):
    client = door.browser()

    answer = send_form(client, name=" anna ", password=PASSWORD, next="/excerpts/2?before=3")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/excerpts/2?before=3"
    assert client.get("/excerpts/2").status_code == 200


def test_whoever_is_signed_in_is_led_past_the_form(door):
    answer = door.signed_in().get("/sign-in?next=/gaps", headers=PAGE)

    assert (answer.status_code, answer.headers["location"]) == (303, "/gaps")


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example/",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/sign-in?next=/",
        "/sign-out",
        "",
    ],
)
def test_nobody_is_led_to_another_site(asked):
    assert choose_aim(asked) == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door):
    answer = send_form(door.browser(), name="anna", password=PASSWORD)

    cookie = answer.headers["set-cookie"]
    name, _, value = cookie.partition("=")
    assert name.startswith("themeloop-")
    assert len(value.split(";")[0]) >= 43
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly",
        "Max-Age=1209600",
        "Path=/",
        "SameSite=strict",
    }


def test_the_cookie_is_for_encrypted_ways_only_where_there_is_one(known):
    door = Door(with_settings(known, page_address="https://testserver"))
    answer = send_form(door.browser(base_url="https://testserver"), name="anna", password=PASSWORD)

    assert answer.headers["set-cookie"].startswith("__Host-themeloop-")
    assert "Secure" in answer.headers["set-cookie"]


def test_a_cookie_that_was_set_before_is_replaced_and_ends(door):
    planted = door.signed_in("bert")
    client = door.browser_with(planted.cookies[door.cookie])

    send_form(client, name="anna", password=PASSWORD)

    assert "anna" in client.get("/", headers=PAGE).text
    assert client.cookies[door.cookie] != planted.cookies[door.cookie]
    assert planted.get("/api/codebook").status_code == 401


def test_a_cookie_of_one_s_own_making_is_nobody_s(door):
    client = door.browser_with("x" * 43)

    assert client.get("/api/codebook").status_code == 401
    send_form(client, name="anna", password=PASSWORD)
    assert client.cookies[door.cookie] != "x" * 43


@pytest.mark.parametrize(
    ("name", "password"), [("anna", "four words in a row"), ("nobody", PASSWORD), ("carla", "")]
)
def test_wrong_is_said_alike_whoever_it_is(door, name, password):
    answer = send_form(door.browser(), name=name, password=password)

    assert answer.status_code == 401
    assert 'role="alert">This name and this password do not go together.</p>' in answer.text
    assert "set-cookie" not in answer.headers
    assert password == "" or password not in answer.text


def test_after_an_error_the_focus_is_on_the_password(door):
    text = send_form(door.browser(), name="anna", password="wrong").text

    assert re.search(r'id="name"[^>]* value="anna"', text) or 'value="anna"' in text
    assert re.search(r'id="password"[^>]*aria-invalid="true" autofocus', text)


def test_the_form_speaks_dutch(door):
    answer = door.browser().get("/sign-in", headers=PAGE | {"Accept-Language": "nl-NL,nl"})

    assert '<html lang="nl"' in answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a=1" for _ in range(30)), b"name=%ff"])
def test_a_form_that_is_none_is_refused(door, body):
    head = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = door.browser().post("/sign-in", content=body, headers=head)

    assert answer.status_code == 422


def test_signing_out_ends_it_even_for_who_kept_the_cookie(door):
    client = door.signed_in()
    thief = door.browser_with(client.cookies[door.cookie])

    answer = client.post("/sign-out", headers=PAGE)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert dict(client.cookies) == {}
    assert thief.get("/api/codebook").status_code == 401


def test_signing_out_without_being_in_does_no_harm(door):
    assert door.browser().post("/sign-out").status_code == 303


def test_whoever_lost_the_password_is_out_at_once(door):
    client = door.signed_in("bert")
    with door.study.database.write() as connection:
        remove_password(connection, "bert", now=NOW)

    assert client.get("/api/codebook").status_code == 401
    assert client.post("/api/undo", json={"id": ACTION}).status_code == 401
    assert send_form(client, name="bert", password=PASSWORD).status_code == 401


def test_whoever_is_signed_out_by_the_command_is_out(door):
    client = door.signed_in("bert")
    with door.study.database.write() as connection:
        end_all(connection, find_named(connection, "bert").id, now=NOW)

    assert client.get("/", headers=PAGE).status_code == 303


@pytest.mark.parametrize(
    ("hours", "status"), [({"hours": 11, "minutes": 59}, 200), ({"hours": 12}, 401)]
)
def test_twelve_hours_without_a_request_end_it(door, hours, status):
    client = door.signed_in()

    door.clock.move(**hours)

    assert client.get("/api/codebook").status_code == status


def test_it_lasts_fourteen_days_at_work(door):
    client = door.signed_in()
    for _ in range(14 * 24 // 8 - 1):
        door.clock.move(hours=8)
        assert client.get("/api/codebook").status_code == 200

    door.clock.move(hours=8)

    assert client.get("/api/codebook").status_code == 401


def test_when_somebody_was_seen_is_written_once_a_minute(door):
    client = door.signed_in()

    def seen():
        with door.study.database.read() as connection:
            return connection.scalar(sa.select(t.sign_in.c.seen_at))

    door.clock.move(seconds=59)
    client.get("/api/codebook")
    early = seen()
    door.clock.move(seconds=1)
    client.get("/api/codebook")

    assert (early, seen()) == (NOW, NOW + timedelta(minutes=1))


def test_five_wrong_passwords_and_then_there_is_a_wait_that_doubles(door):
    client = door.browser()
    told = []
    for _ in range(7):
        answer = send_form(client, name="anna", password="wrong wrong wrong")
        told.append((answer.status_code, answer.headers.get("retry-after")))
        door.clock.move(seconds=int(answer.headers.get("retry-after", 0)))

    assert told == [(401, None)] * 4 + [(429, "15"), (429, "30"), (429, "60")]


def test_while_there_is_a_wait_even_the_right_password_is_not_looked_at(door):
    client = door.browser()
    for _ in range(5):
        send_form(client, name="anna", password="wrong wrong wrong")

    waiting = send_form(client, name="anna", password=PASSWORD)
    door.clock.move(seconds=15)

    assert waiting.status_code == 429
    assert "Too many wrong attempts. Try again in 15 seconds." in waiting.text
    assert send_form(client, name="anna", password=PASSWORD).status_code == 303


def test_names_that_nobody_has_wait_just_as_long(door):
    told = [send_form(door.browser(), name="nobody", password="x").status_code for _ in range(6)]

    assert told == [401] * 4 + [429] * 2


def test_one_address_trying_many_names_has_to_wait(door):
    told = [send_form(door.browser(), name=f"n{i}", password="x").status_code for i in range(6)]

    assert told == [401] * 4 + [429] * 2


def test_one_name_tried_from_many_addresses_has_to_wait(door):
    told = [
        send_form(door.browser(client=(f"192.0.2.{i}", 1)), name="anna", password="x").status_code
        for i in range(6)
    ]

    assert told == [401] * 4 + [429] * 2


def test_a_success_is_counted_from_anew(door):
    client = door.browser()
    for _ in range(4):
        send_form(client, name="anna", password="wrong wrong wrong")
    send_form(client, name="anna", password=PASSWORD)

    assert send_form(client, name="anna", password="wrong wrong wrong").status_code == 401


def test_no_wait_is_longer_than_a_quarter_of_an_hour_and_all_is_forgotten_after_one():
    attempts = Attempts()
    for _ in range(50):
        attempts.note_failure(["name x"], now=NOW)

    assert attempts.tell_wait(["name x", "address y"], now=NOW) == 900
    assert attempts.tell_wait(["name x"], now=NOW + timedelta(minutes=15)) == 0
    attempts.note_failure(["name x"], now=NOW + timedelta(minutes=76))
    assert attempts.tell_wait(["name x"], now=NOW + timedelta(minutes=76)) == 0


def test_attempts_are_not_kept_without_end():
    attempts = Attempts()
    for number in range(MOST_KEPT + 5):
        attempts.note_failure([str(number)], now=NOW)

    assert len(attempts._failures) == MOST_KEPT
    assert "4" not in attempts._failures


def test_a_coder_reads_and_writes_as_themselves(door):
    anna, bert = door.signed_in("anna"), door.signed_in("bert")
    body = {"id": ACTION, "excerpt_id": 2, "verdicts": [{"verdict": "done"}]}

    assert bert.post("/api/actions", json=body).status_code == 200

    with door.study.database.read() as connection:
        rows = connection.execute(
            sa.select(t.coder.c.name).join(t.decision, t.decision.c.coder_id == t.coder.c.id)
        )
        assert [row.name for row in rows] == ["bert"]
    assert anna.get("/api/excerpts/2").json()["n_done"] == 0
    assert bert.get("/api/excerpts/2").json()["n_done"] == 1


def test_an_excerpt_of_another_coder_s_queue_is_refused(door):
    with door.study.database.write() as connection:
        bert = find_named(connection, "bert").id
        connection.execute(
            sa.delete(t.queue_item).where(
                t.queue_item.c.coder_id == bert, t.queue_item.c.interview_id == 2
            )
        )
    client = door.signed_in("bert")
    action = {"id": ACTION, "excerpt_id": 6, "verdicts": [{"verdict": "done"}]}
    memo = {"id": ACTION, "excerpt_id": 6, "text": "synthetic"}

    answers = [
        client.get("/excerpts/6"),
        client.get("/api/excerpts/6"),
        client.get("/interviews/2"),
        client.post("/api/actions", json=action),
        client.post("/api/memos", json=memo),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert all("ashamed" not in answer.text for answer in answers)
    assert door.signed_in("anna").get("/api/excerpts/6").status_code == 200


@pytest.mark.parametrize("token", [None, "", "x", "é".encode(), "other coder's"])
def test_a_write_without_the_reader_s_own_token_is_refused(door, token):
    client, other = door.signed_in("anna"), door.signed_in("bert")
    del client.headers["X-CSRF-Token"]
    sent = other.headers["X-CSRF-Token"] if token == "other coder's" else token
    headers = {} if token is None else {"X-CSRF-Token": sent}

    for address, method in (
        ("/api/actions", "POST"),
        ("/api/undo", "POST"),
        ("/api/memos", "POST"),
    ):
        answer = client.request(method, address, json={}, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "other_reader"


def test_the_token_stays_the_same_while_somebody_is_signed_in(door):
    client = door.signed_in()

    assert token_of(client) == client.headers["X-CSRF-Token"]


@pytest.fixture
def open_door(filled_study):
    return Door(filled_study)


def test_an_open_study_is_read_by_its_one_coder_as_lead(open_door):
    assert "anna" in open_door.browser().get("/", headers=PAGE).text
    assert open_door.browser().get("/sign-in?next=/gaps").headers["location"] == "/gaps"


def test_an_open_study_s_token_outlives_the_server(open_door):
    again = Door(open_door.study)

    assert token_of(open_door.browser()) == token_of(again.browser())


def test_an_open_study_refuses_a_write_without_the_token(open_door):
    assert open_door.browser().post("/api/undo", json={"id": ACTION}).status_code == 403


def test_an_open_study_is_shut_as_soon_as_anybody_has_a_password(open_door):
    client = open_door.browser()
    assert client.get("/api/codebook").status_code == 200

    with open_door.study.database.write() as connection:
        set_password(connection, "anna", PASSWORD, now=NOW)

    assert client.get("/api/codebook").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"open_without_password": False},
        {"page_address": "https://coding.example"},
        {"page_host": "0.0.0.0"},
        {"page_host": "192.0.2.7"},
    ],
)
def test_a_study_that_other_machines_reach_is_never_open(filled_study, changes):
    door = Door(with_settings(filled_study, **changes))

    assert door.browser().get("/api/codebook").status_code == 401
    assert send_form(door.browser(), name="anna", password="").status_code == 401


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"])
def test_an_open_study_is_shut_to_what_a_proxy_forwards(open_door, name):
    assert open_door.browser().get("/api/codebook", headers={name: "x"}).status_code == 401


def test_a_study_in_which_nobody_can_sign_in_says_what_to_do(filled_study):
    door = Door(with_settings(filled_study, open_without_password=False))

    text = door.browser().get("/sign-in", headers=PAGE).text

    assert "<code>themeloop coder password NAME</code>" in text
    assert "<form" not in text


def test_errors_are_said_in_the_reader_s_language(door):
    client = door.signed_in()

    answer = client.get("/no", headers=PAGE | {"Accept-Language": "nl"})

    assert answer.status_code == 404
    assert '<html lang="nl"' in answer.text


def test_a_page_is_neither_shown_to_nor_sent_for_whoever_signs_in_beside_it(door):
    anna, bert = door.signed_in("anna"), door.signed_in("bert")
    whose = anna.get("/api/session").json()["coder"]
    said = {"id": str(uuid4()), "excerpt_id": 2, "verdicts": [{"verdict": "unsure"}]}

    as_anna = {"X-Themeloop-Reader": whose}

    assert bert.get("/api/excerpts/2", headers=as_anna).status_code == 403
    assert bert.post("/api/actions", json=said, headers=as_anna).status_code == 403
    assert anna.post("/api/actions", json=said, headers=as_anna).status_code == 200
