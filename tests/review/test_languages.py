"""English and Dutch: every sentence has both, and a reader meets one of them; words are made up."""

import json
import re
from shutil import copytree

import pytest

from review.app import create_app
from review.languages import COOKIE, LANGUAGES, SentLanguage, Speaker, read_catalogue
from study.accounts import set_password
from study.folder import open_study
from study.gaps import Gap, Gaps, LooseExcerpt
from study.inbox_files import NEW, SET_ASIDE, WAITING, note_arrival, note_outcome
from study.ledger import finish_run, note_progress
from tests.review.conftest import NOW, SHAME, TRUST, Page, TestClient, make_page
from tests.review.sentences import REVIEW, Reader, collect_sentences, find_english

CATALOGUE = read_catalogue("nl")
DUTCH = {"Accept-Language": "nl", "Accept": "text/html"}
LOOSE = tuple(
    LooseExcerpt(n, f"D1_e{n}", "D1", f"P{n}", "nl", "verzonnen woorden", is_coded=True, number=n)
    for n in range(1, 6)
)
GAPS = Gaps(
    has_model=True,
    gaps=tuple(Gap(n, LOOSE, 5, ("bus",) if n else (), 0.4) for n in range(14)),
    n_without_vector=1,
    n_interviews_held=2,
    is_outdated=True,
)


@pytest.fixture(scope="module")
def sentences():
    return collect_sentences()


def places_of(sentence):
    return set(re.findall(r"\{\w+\}", sentence))


def test_every_sentence_of_the_page_has_a_dutch_one(sentences):
    missing = {english: where for english, where in sentences.items() if english not in CATALOGUE}

    assert missing == {}


def test_catalogue_holds_nothing_that_is_not_said(sentences):
    assert sorted(set(CATALOGUE) - set(sentences)) == []


def test_dutch_sentences_have_the_same_places_to_fill():
    other = {e: d for e, d in CATALOGUE.items() if places_of(e) != places_of(d) or not d.strip()}

    assert other == {}


def test_catalogue_is_in_order_and_says_each_sentence_once():
    pairs = []
    text = (REVIEW / "catalogue" / "nl.json").read_text(encoding="utf-8")
    json.loads(text, object_pairs_hook=pairs.extend)
    keys = [english for english, _ in pairs]

    assert keys == sorted(set(keys))


def test_no_sentence_says_that_it_may_be_several():
    assert [
        each for pair in CATALOGUE.items() for each in pair if re.search(r"\w\(\w+\)", each)
    ] == []


def test_every_language_can_be_chosen():
    assert SentLanguage.model_json_schema()["properties"]["language"]["enum"] == list(LANGUAGES)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("nl", "nl"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("en;q=0.5, nl;q=0.7", "nl"),
        ("nl;q=0.5, en-GB", "en"),
        ("nl;q=0, en;q=0.1", "en"),
        ("nl;q=0", "en"),
        ("de, fr;q=0.9, nl;q=0.1", "nl"),
        ("de", "en"),
        ("*", "en"),
        ("nl;q=much, en;q=0.1", "en"),
        ("NL ; Q=1.0", "nl"),
        (";;,=;q", "en"),
    ],
)
def test_browser_says_which_language_a_reader_wants_most(page, asked, language):
    text = page.client.get("/", headers={"Accept-Language": asked}).text

    assert f'<html lang="{language}"' in text


def test_what_a_reader_chose_counts_before_what_the_browser_says(page):
    answer = page.client.post("/api/language", json={"language": "nl"})

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=nl;")
    assert {"HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert '<html lang="nl"' in page.client.get("/", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("sent", [{"language": "de"}, {"language": "nl\r\nx"}, {}, {"language": 1}])
def test_a_language_that_there_is_not_is_refused(page, sent):
    answer = page.client.post("/api/language", json=sent)

    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_another_site_chooses_no_language(page):
    answer = page.client.post(
        "/api/language", json={"language": "nl"}, headers={"Origin": "http://evil.example"}
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_language_of_nobody_known_in_the_cookie_is_none(page):
    page.client.cookies.set(COOKIE, "../../etc")

    assert '<html lang="en"' in page.client.get("/").text


def test_a_sentence_without_a_translation_is_said_in_english():
    say = Speaker("nl")

    assert say("{n} made up", n=3) == "3 made up"
    assert Speaker("de")("Search") == "Search"


def test_a_time_is_told_with_the_month_of_the_language():
    may = NOW.replace(month=5)
    here = may.astimezone()

    assert Speaker("nl").tell_time(may) == f"{here.day} mei, {here:%H:%M}"
    assert Speaker().tell_time(may) == f"{here.day} May, {here:%H:%M}"


PAGES = (
    "/",
    "/search",
    "/codes",
    f"/codes/{TRUST}",
    "/pending",
    f"/pending/{SHAME}",
    "/progress",
    "/progress?everybody=1",
    "/proposed",
    "/gaps",
    "/agreement",
    "/excerpts/2",
    "/nowhere",
    "/interviews/999",
)


@pytest.fixture
def busy(filled_study):
    """The page of a study in which much is going on; it may find gaps."""
    study = open_study(filled_study.folder)
    app = create_app(
        study, clock=lambda: NOW, hosts=("testserver",), find_gaps=lambda _study, _interviews: GAPS
    )
    page = Page(study, TestClient(app, headers={"X-CSRF-Token": study.keyed_hash("csrf")}))
    page.send(1, "done")
    page.send(2, "unsure")
    page.client.post(
        "/api/proposed-codes",
        json={"id": "5b0f7d62-4f2c-4a44-8a5e-0d8e9d6b1c11", "excerpt_id": 3, "name": "Verzonnen"},
    )
    with study.database.write() as connection:
        note_progress(connection, 1, step="embed_excerpts", n_done=3, n_all=22)
        counts = {"n_suggestions": 5, "n_interviews": 2, "n_set_aside": 1}
        finish_run(connection, 1, state="finished", counts=counts, now=NOW)
        for number, state in enumerate((NEW, WAITING, SET_ASIDE)):
            file_id = note_arrival(
                connection,
                name_hash=str(number),
                source_hash="s",
                n_bytes=1,
                mtime_ns=1,
                now=NOW,
            )
            note_outcome(connection, file_id, state, now=NOW)
    yield page
    page.client.close()
    study.database.close()


def test_english_is_found_where_there_is_any(busy):
    english = {**DUTCH, "Accept-Language": "en"}

    assert all(
        find_english(Reader(busy.client.get(address, headers=english).text).found)
        for address in PAGES
    )


@pytest.mark.parametrize("address", PAGES)
def test_page_in_dutch_says_nothing_in_english(busy, address):
    answer = busy.client.get(address, headers=DUTCH)

    assert '<html lang="nl"' in answer.text
    assert find_english(Reader(answer.text).found) == set()


def list_addresses(routes):
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from list_addresses(inner.routes)
        if "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


def test_no_page_was_left_out(busy):
    every = {
        address for address in list_addresses(busy.client.app.routes) if "/api/" not in address
    }
    looked_at = {f"/{page.split('?')[0].split('/')[1]}" for page in PAGES} | {"/health", "/sign-in"}

    assert {f"/{address.split('/')[1]}" for address in every} <= looked_at


def test_sign_in_page_in_dutch_has_the_switch_and_no_way_around(known):
    answer = known.client.get("/sign-in", headers=DUTCH)

    assert find_english(Reader(answer.text).found) == set()
    assert answer.text.count("data-language=") == len(LANGUAGES)
    assert "<nav" not in answer.text


@pytest.fixture
def known(filled_study, tmp_path):
    """The page of a study in which anna has a password; nobody is signed in."""
    study = open_study(copytree(filled_study.folder, tmp_path / "known"))
    with study.database.write() as connection:
        set_password(connection, "anna", "made-up-password", now=NOW)
    study.database.close()
    page = make_page(study.folder)
    yield page
    page.client.close()
    page.study.database.close()


def test_language_is_chosen_before_signing_in(known):
    del known.client.headers["X-CSRF-Token"]

    answer = known.client.post("/api/language", json={"language": "nl"})

    assert answer.status_code == 200
    assert "Inloggen" in known.client.get("/sign-in").text


def test_who_is_signed_in_is_named_and_can_sign_out(known):
    known.client.post("/sign-in", data={"name": "anna", "password": "made-up-password"})

    text = known.client.get("/", headers=DUTCH).text

    assert '<form method="post" action="/sign-out"><button type="submit">Uitloggen' in text
    assert "</span>anna</span>" in text


def test_nobody_signs_out_of_a_study_that_is_open(page):
    assert "/sign-out" not in page.client.get("/").text


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", '<a href="/" aria-current="page">Interviews'),
        ("/codes", '<a href="/codes" aria-current="page">Codes'),
        (f"/codes/{TRUST}", '<a href="/codes" aria-current="true">Codes'),
        ("/pending", '<a href="/pending" aria-current="page">Suggestions by code'),
        ("/progress", '<a href="/progress" aria-current="page">Where we are'),
        ("/proposed", '<a href="/proposed" aria-current="page">New codes'),
        ("/search", '<a href="/search" aria-current="page">Search'),
    ],
)
def test_way_around_marks_where_the_reader_is(page, address, current):
    text = page.client.get(address).text

    assert current in text
    assert text.count('aria-current="page"') <= 2


def test_way_around_of_a_reflexive_study_speaks_of_second_readings_and_of_no_agreement(page_of):
    client = page_of("reflexive").client

    english, dutch = (client.get("/", headers={"Accept-Language": each}).text for each in LANGUAGES)

    assert "Second readings by code" in english
    assert "Tweede lezingen per code" in dutch
    assert not re.search("suggest|agreement", english, re.IGNORECASE)
    assert not re.search("suggest|overeenstemming", dutch.partition("<body")[2], re.IGNORECASE)


def test_refusals_are_told_in_the_language_of_who_reads(page):
    headers = {"Accept-Language": "nl"}

    unknown = page.client.get("/api/excerpts/999", headers=headers).json()
    foreign = page.client.post(
        "/api/actions",
        json={"id": "5b0f7d62-4f2c-4a44-8a5e-0d8e9d6b1c12", "excerpt_id": 2, "after": "x"}
        | {"verdicts": [{"verdict": "done"}]},
        headers=headers,
    ).json()
    blank = page.client.post(
        "/api/proposed-codes",
        json={"id": "5b0f7d62-4f2c-4a44-8a5e-0d8e9d6b1c13", "excerpt_id": 2, "name": "Trust"},
        headers=headers,
    ).json()

    assert unknown["error"] == "404: fragment 999 staat niet in je wachtrij."
    assert foreign["error"].startswith("409: fragment 2 is in een ander tabblad gewijzigd.")
    assert blank["error"].startswith("409: Het codeboek heeft al een code met deze naam, 'trust'.")


def test_run_lines_and_reasons_are_in_the_language_of_who_reads(busy):
    headers = {"Accept-Language": "nl"}

    run = busy.client.get("/api/run", headers=headers).json()
    (first, *_) = busy.client.get("/api/excerpts/2", headers=headers).json()["groups"]

    assert "5 suggesties voor 2 interviews, 1 apart gelegd." in run["last"]
    assert run["waits"].startswith("Bestanden: 1 nog te lezen, 1 in afwachting van een antwoord")
    assert first["suggestions"][0]["reason"]["lead"] == "lijkt op het voorbeeld"
