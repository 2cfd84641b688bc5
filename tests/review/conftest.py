"""A small study with hand-made suggestions, and its page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from shutil import copytree
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from codebook.records import Code, Codebook, Theme, ThemeWording, Wording
from review.app import create_app
from study.codebooks import current_codebook
from study.coded_file import take_in
from study.decisions import decisions_of
from study.folder import Study, create_study, open_study
from study.ledger import start_run
from study.records import CodedInterview, GivenExcerpt, NewSuggestion
from study.review_queue import queue_excerpts
from study.settings import Settings
from study.suggestions import current_model, read_suggestions, store_model, store_suggestions
from study.transcripts import list_transcripts, read_excerpts
from study.vectors import store_encoder

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SETTINGS = Settings(
    name="Mothers <b>& fathers</b>",
    coder="anna",
    is_synthetic=True,
    # Tests about signing in say otherwise.
    open_without_password=True,
)
TRUST = "68AFCAF8-D3A9-4521-B14B-87D9076580F7"
CLICK = "47C6CD58-9A1A-4030-8B20-B7A566705398"
SHAME = "641D4567-9454-4CA9-AE34-1A40EF73C060"
KEYS = {"trust": TRUST, "click": CLICK, "shame": SHAME}

DUTCH = (
    ("interviewer", "Hoe ging dat eerste gesprek?"),
    ("participant", "Ik wist meteen: haar kan ik geloven."),
    ("participant", "En daarna heb ik haar alles verteld."),
    ("interviewer", "Wat maakte dat?"),
    ("participant", "Geen idee eigenlijk."),
)
ENGLISH = (
    ("interviewer", "What was the worst part?"),
    ("participant", "Being ashamed at the door."),
)
# Place in the interview, code, score, what in the codebook is nearest.
SUGGESTED = {
    "D1": [
        (1, "trust", 2.2, {"kind": "example", "index": 0, "similarity": 0.61}),
        (1, "shame", 1.3, {"kind": "definition", "index": 0, "similarity": 0.4}),
        (1, "click", 1.1, {"kind": "include", "index": 0, "similarity": 0.3}),
        (2, "trust", 1.6, {"kind": "example", "index": 9, "similarity": 0.5}),
    ],
    "E1": [(1, "shame", 3.0, {"kind": "definition", "index": 0, "similarity": 0.7})],
}


@dataclass(frozen=True)
class Page:
    """A study's page, as the browser reaches it, and what it left in the study."""

    study: Study
    client: TestClient

    def screen(self, excerpt_id):
        answer = self.client.get(f"/api/excerpts/{excerpt_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def suggestions(self, excerpt_id):
        groups = self.screen(excerpt_id)["groups"]
        return {s["key"]: s for group in groups for s in group["suggestions"]}

    def send(self, excerpt_id, *verdicts, action=None):
        body = {
            "id": action or str(uuid4()),
            "excerpt_id": excerpt_id,
            "verdicts": [v if isinstance(v, dict) else {"verdict": v} for v in verdicts],
        }
        return self.client.post("/api/actions", json=body)

    def undo(self, action=None):
        return self.client.post("/api/undo", json={"id": action or str(uuid4())})

    def rows(self, excerpt_id):
        """Read what is stored for an excerpt, as (verdict, has a code, is assisted)."""
        with self.study.database.read() as connection:
            found = [
                decision
                for transcript in list_transcripts(connection)
                for history in decisions_of(connection, transcript.id).values()
                for decision in history
                if decision.excerpt_id == excerpt_id
            ]
        found.sort(key=lambda decision: decision.id)
        return [(d.verdict, d.code_id is not None, d.is_assisted) for d in found]

    def verdicts(self, excerpt_id):
        return [verdict for verdict, _, _ in self.rows(excerpt_id)]

    def reopened(self):
        self.study.database.close()
        return make_page(self.study.folder)


def make_page(folder):
    study = open_study(folder)
    app = create_app(study, clock=lambda: NOW, hosts=("testserver",))
    return Page(study, TestClient(app, headers={"X-CSRF-Token": study.keyed_hash("csrf")}))


@pytest.fixture(scope="session")
def book():
    return Codebook(
        name="Small book",
        language="en",
        note="",
        codes=(
            _code(TRUST, "trust", "Trust", "Vertrouwen", "#008060"),
            _code(CLICK, "click", "Click", "Klik", None),
            _code(SHAME, "shame", "Shame", "Schaamte", "#802020"),
        ),
        relations=(),
        themes=(
            _theme("29B45EA5-C29C-442F-8C93-EF8CE18ADFD6", "bond", "Bond", "Band", (TRUST, CLICK)),
            _theme("ED34086F-B9C1-4ECA-9608-D6E6C3792FC6", "later", "Later", "Later", (TRUST,)),
        ),
    )


@pytest.fixture
def empty_study(tmp_path):
    study = create_study(tmp_path / "study", SETTINGS, now=NOW)
    yield study
    study.database.close()


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory, book):
    """Make the study once; bringing a database's schema up takes longer than a test."""
    study = create_study(tmp_path_factory.mktemp("made") / "study", SETTINGS, now=NOW)
    interviews = [_interview("D1", "nl", DUTCH), _interview("E1", "en", ENGLISH)]
    take_in(study, interviews, book, is_segmenting=False, now=NOW)
    propose(study)
    study.database.close()
    return study.folder


@pytest.fixture
def filled_study(filled_folder, tmp_path):
    study = open_study(copytree(filled_folder, tmp_path / "study"))
    yield study
    study.database.close()


@pytest.fixture
def page(filled_study):
    page = make_page(filled_study.folder)
    yield page
    page.client.close()
    page.study.database.close()


@pytest.fixture
def page_of(filled_study):
    """Open the page of the same study under another stance."""
    opened = []

    def make(stance):
        file = filled_study.folder / "study.toml"
        file.write_text(
            f'{file.read_text(encoding="utf-8")}stance = "{stance}"\n', encoding="utf-8"
        )
        opened.append(make_page(filled_study.folder))
        return opened[-1]

    yield make
    for page in opened:
        page.client.close()
        page.study.database.close()


@pytest.fixture
def propose_anew():
    return propose


def propose(study, sha256="a" * 64, suggested=None, **facts):
    """Store a model and its suggestions and queue every excerpt, as the pipeline does.

    Facts are what every suggestion says besides: its probability, its method.
    """
    with study.database.write() as connection:
        run_id = start_run(connection, "suggest", {}, flow_run_id=None, now=NOW)
        version = current_codebook(connection)
        store_model(
            connection,
            method="similarity",
            encoder_id=store_encoder(connection, "fake", "1"),
            codebook_version_id=version.id,
            run_id=run_id,
            sha256=sha256,
            settings_hash="s",
            n_excerpts=7,
            now=NOW,
        )
        model = current_model(connection, "similarity")
        for transcript in list_transcripts(connection):
            excerpts = read_excerpts(connection, transcript)
            found = (SUGGESTED if suggested is None else suggested).get(transcript.interview, [])
            rows = [
                NewSuggestion(
                    excerpts[place].id, version.code_ids[KEYS[key]], score, rank, why, **facts
                )
                for rank, (place, key, score, why) in enumerate(found, 1)
            ]
            store_suggestions(connection, rows, run_id=run_id, model=model)
            queue_excerpts(connection, transcript, excerpts, model.id)
        return read_suggestions(connection, model_id=model.id)


def _interview(label, language, turns):
    excerpts = tuple(
        GivenExcerpt(f"{label}_e{position}", position, speaker, text)
        for position, (speaker, text) in enumerate(turns)
    )
    return CodedInterview(label, "made-up", language, None, excerpts, ())


def _code(guid, key, english, dutch, colour):
    return Code(
        guid=guid,
        key=key,
        wordings={"en": _wording(english, "en"), "nl": _wording(dutch, "nl")},
        colour=colour,
    )


def _wording(name, language):
    return Wording(
        name=name,
        definition=f"{name}: what it means ({language}).",
        include=(f"{name}: a rule ({language}).",),
        examples=(f"{name}: an example ({language}).",),
    )


def _theme(guid, key, english, dutch, codes):
    return Theme(
        guid=guid,
        key=key,
        wordings={
            "en": ThemeWording(english, "An idea.", "A memo."),
            "nl": ThemeWording(dutch, "Een idee.", "Een memo."),
        },
        codes=codes,
    )
