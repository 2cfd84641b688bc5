"""Whatever a person or a transcript writes is shown as text; every word here is made up."""

import html
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from codebook.records import ThemeWording, Wording
from review.app import create_app
from study.accounts import set_password
from study.coded_file import take_in
from study.folder import create_study
from study.gaps import Gap, Gaps, LooseExcerpt
from study.records import CodedInterview, GivenExcerpt
from study.settings import Settings
from tests.review.conftest import NOW, Page, propose

PAYLOADS = [
    "<script>alert('made-up')</script>",
    "\"><img src=x onerror=alert('made-up')>",
    "'><svg onload=alert('made-up')>",
    "{{7*7}}{% raw %}${7*7}",
    "</textarea></title><b>made-up</b>&lt;i&gt;",
    "javascript:alert('made-up')",
]
PAGES = ["/", "/excerpts/2", "/gaps", "/agreement", "/excerpts/99", "/no"]
ACTION = "6f3b1f5e-7d0a-4c53-9a7b-0d7c1f1b2a3c"
# What the page's own templates are made of; nothing here runs but a script with an address.
HARMFUL = {"img", "svg", "iframe", "object", "embed", "b", "i", "style", "base", "math"}


class Elements(HTMLParser):
    """Notes what a browser would make elements and attributes of."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note one."""
        self.found.append((tag, dict(attrs)))

    def list_harmful(self):
        return [
            (tag, attributes)
            for tag, attributes in self.found
            if tag in HARMFUL
            or (tag == "script" and not attributes.get("src", "").startswith("/static/"))
            or any(name.startswith("on") or name == "style" for name in attributes)
            or attributes.get("href", "").startswith("javascript:")
        ]


def mark_up(book, payload):
    """Put it into every field of a codebook; names are told apart by a number."""

    def word(number):
        said = Wording(
            name=f"{payload} {number}", definition=payload, include=(payload,), examples=(payload,)
        )
        return {"en": said, "nl": said}

    def theme(number):
        said = ThemeWording(f"{payload} {number}", payload, payload)
        return {"en": said, "nl": said}

    return replace(
        book,
        name=payload,
        codes=tuple(replace(c, wordings=word(n)) for n, c in enumerate(book.codes)),
        themes=tuple(replace(each, wordings=theme(n)) for n, each in enumerate(book.themes)),
    )


@pytest.fixture(scope="module", params=PAYLOADS)
def payload(request):
    return request.param


@pytest.fixture(scope="module")
def marked(payload, book, tmp_path_factory):
    """The page of a study in which every name and every word is markup."""
    settings = Settings(name=payload, coder=payload, open_without_password=True)
    study = create_study(tmp_path_factory.mktemp("marked") / "study", settings, now=NOW)
    excerpts = tuple(
        GivenExcerpt(f"e{place}", place, payload, f"{payload} {place}") for place in range(5)
    )
    interview = CodedInterview("D1", payload, "nl", payload, excerpts, ())
    take_in(study, [interview], mark_up(book, payload), is_segmenting=False, now=NOW)
    propose(study)
    app = create_app(
        study, clock=lambda: NOW, hosts=("testserver",), find_gaps=find_marked(payload)
    )
    token = {"X-CSRF-Token": study.keyed_hash("csrf")}
    with TestClient(app, headers=token) as client:
        yield Page(study, client)
    study.database.close()


def find_marked(payload):
    loose = LooseExcerpt(2, payload, "D1", payload, "nl", payload, is_coded=True, number=2)
    gap = Gap(1, (loose, replace(loose, id=3, participant="P2")), 2, (payload,), 0.4)
    return lambda *_: Gaps(has_model=True, gaps=(gap,), n_finished=5, n_coded=41)


def write_memo(page, payload):
    sent = {"id": ACTION, "excerpt_id": 2, "text": payload}
    assert page.client.post("/api/memos", json=sent).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_pages_make_no_element_of_what_was_written(marked, payload, address):
    write_memo(marked, payload)

    answer = marked.client.get(address, headers={"Accept": "text/html"})

    assert "text/html" in answer.headers["content-type"]
    assert Elements(answer.text).list_harmful() == []


@pytest.mark.parametrize("address", ["/", "/excerpts/2"])
def test_pages_show_it_letter_by_letter(marked, payload, address):
    text = html.unescape(marked.client.get(address).text)

    assert payload in text


def test_scripts_get_it_as_data(marked, payload):
    write_memo(marked, payload)

    answer = marked.client.get("/api/excerpts/2")

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert payload in set(walk(answer.json()))


def walk(found):
    """Give every text in what was read from JSON."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from walk(each)
    elif isinstance(found, str):
        yield found


@pytest.mark.parametrize("written", PAYLOADS)
def test_form_for_signing_in_repeats_nothing_that_runs(page, written):
    with page.study.database.write() as connection:
        set_password(connection, "anna", "four words in row", now=NOW)
    fields = {"name": written, "password": written, "next": written}

    answer = page.client.post("/sign-in", data=fields)
    shown = page.client.get("/sign-in", params={"next": written})

    assert (answer.status_code, shown.status_code) == (401, 200)
    for each in (answer, shown):
        elements = Elements(each.text)
        assert elements.list_harmful() == []
        (aim,) = [a["value"] for tag, a in elements.found if a.get("name") == "next"]
        assert aim == "/"


@pytest.mark.parametrize(
    "address", ["/excerpts/{}", "/interviews/{}", "/api/excerpts/{}", "/static/{}", "/{}"]
)
def test_addresses_are_not_repeated(marked, payload, address):
    answer = marked.client.get(address.format(payload), headers={"Accept": "text/html"})

    assert answer.status_code in (404, 405, 422)
    assert "alert" not in answer.text
    assert Elements(answer.text).list_harmful() == []
