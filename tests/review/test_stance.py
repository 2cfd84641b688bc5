"""What the page calls suggestions in a study of each stance; words are synthetic."""

import html
import json
import re
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from review.app import create_app
from study.ledger import finish_run, newest_run

OTHER_STANCES = ["", "codebook", "coding reliability"]


def words_of(page):
    (found,) = re.findall(r"data-words='([^']*)'", page.client.get("/excerpts/2").text)
    return json.loads(html.unescape(found))


def finish(page):
    with page.study.database.write() as connection:
        run = newest_run(connection, is_open=True)
        counts = {"n_suggestions": 5, "n_interviews": 2}
        finish_run(connection, run.id, state="finished", counts=counts, now=run.started_at)


def seen(text):
    """Give what a person may read of a page before its scripts run: no tags, no data."""
    without_data = re.sub(r"data-(screen|words)='[^']*'", "", text)
    labels = re.findall(r'(?:title|aria-label|alt)="([^"]*)"', without_data)
    # A command is called what it is called.
    prose = re.sub(r"<code>.*?</code>|<script.*?</script>|<[^>]*>", " ", without_data)
    return " ".join([prose, *labels])


def test_a_reflexive_study_speaks_of_second_readings_and_of_no_measuring(page_of):
    assert words_of(page_of("reflexive")) == {
        "one": "second reading",
        "many": "second readings",
        "blind_for": "so that your own reading comes first",
        "tells_chance": False,
    }


@pytest.mark.parametrize("stance", OTHER_STANCES)
def test_other_studies_speak_of_suggestions(page_of, stance):
    words = words_of(page_of(stance))

    assert (words["one"], words["many"]) == ("suggestion", "suggestions")
    assert words["tells_chance"]
    assert ("measured" in words["blind_for"]) == (stance == "coding reliability")
    assert ("discussed" in words["blind_for"]) == (stance != "coding reliability")


# Excerpt 2 is of the Dutch interview, 7 of the English one.
@pytest.mark.parametrize("address", ["/", "/excerpts/2", "/excerpts/7", "/nothing"])
def test_pages_of_a_reflexive_study_never_say_suggest(page_of, address):
    page = page_of("reflexive")
    finish(page)

    answer = page.client.get(address, headers={"accept": "text/html"})

    assert "suggest" not in seen(answer.text).lower()
    assert ("5 second readings for 2 interviews" in answer.text) == (address == "/")


def test_front_page_of_an_empty_reflexive_study_names_the_command_only(empty_study):
    settings = empty_study.settings.model_copy(update={"stance": "reflexive"})
    study = type(empty_study)(empty_study.folder, settings, empty_study.database)

    text = TestClient(create_app(study, hosts=("testserver",))).get("/").text

    assert "<code>themeloop suggest</code>" in text
    assert "suggest" not in seen(text).lower()


def test_run_state_counts_second_readings(page_of):
    page = page_of("reflexive")
    finish(page)

    assert "5 second readings for 2 interviews." in page.client.get("/api/run").json()["last"]


def test_refused_key_press_speaks_of_second_readings(page_of, propose_anew):
    page = page_of("reflexive")
    seen_model = page.screen(2)["model_version_id"]
    propose_anew(page.study, sha256="b" * 64, suggested={})

    body = {"id": str(uuid4()), "excerpt_id": 2, "model_version_id": seen_model}
    answer = page.client.post("/api/actions", json=body | {"verdicts": [{"verdict": "done"}]})

    assert answer.json()["error"] == (
        "409: the second readings for excerpt 2 were renewed. Decide again."
    )


@pytest.mark.parametrize("stance", ["reflexive", *OTHER_STANCES])
def test_a_stance_changes_nothing_about_what_is_suggested(page_of, page, stance):
    assert page_of(stance).screen(2) == page.screen(2)
