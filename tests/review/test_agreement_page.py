"""Facts about the page that shows the latest report of agreement; words are synthetic."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from study import tables as t
from study.reports import FOLDER, delete_reports, latest_report
from study.transcripts import list_transcripts, read_excerpts
from tests.review.browser import (  # noqa: F401 - fixtures are taken by name
    CHROMIUM,
    chromium,
    context,
    port,
    served,
    tab,
)

OTHER_STANCES = ["", "codebook", "coding reliability"]
EARLY, LATE = "agreement-20260102-030405.html", "agreement-20260302-030405.html"


def put_report(page, name=LATE, text="<p>synthetic report</p>", interviews=()):
    folder = page.study.folder / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    figures = {"disagreements": [{"interview": each} for each in interviews]}
    path.with_suffix(".json").write_text(json.dumps(figures), encoding="utf-8")
    return path


def owe(page, interview):
    """Draw the first excerpt of an interview to be coded blind."""
    with page.study.database.write() as connection:
        transcript = next(e for e in list_transcripts(connection) if e.interview == interview)
        connection.execute(
            sa.insert(t.blind_draw).values(
                excerpt_id=read_excerpts(connection, transcript)[0].id,
                rate=0.1,
                is_drawn=True,
                drawn_at=connection.scalar(sa.select(t.study.c.made_at)),
            )
        )


def test_latest_report_is_shown_as_it_lies_there(page):
    put_report(page, EARLY, "<p>synthetic early report</p>")
    path = put_report(page, LATE, "<p>synthetic late report: “κ”</p>")

    answer = page.client.get("/agreement")

    assert answer.status_code == 200
    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_report_may_run_nothing_load_nothing_and_is_kept_nowhere(page):
    put_report(page)

    headers = page.client.get("/agreement").headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    rules = dict(
        part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";")
    )
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "sandbox": "",
    }
    # The HTML standard has a sandboxed page not be shown that has it.
    assert "cross-origin-opener-policy" not in headers


def test_without_a_report_one_sentence_says_how_to_get_one(page):
    answer = page.client.get("/agreement")

    assert "There is no report yet." in answer.text
    assert "<code>themeloop report</code>" in answer.text
    assert "sandbox" not in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_what_is_no_report_is_never_shown(page, tmp_path):
    outside = tmp_path / "elsewhere.html"
    outside.write_text("elsewhere", encoding="utf-8")
    folder = page.study.folder / FOLDER
    folder.mkdir()
    (folder / "agreement-20260102-030406.html").symlink_to(outside)
    (folder / "agreement-20260102-030407.html").mkdir()
    (folder / "agreement-99.html").write_text("other name", encoding="utf-8")
    (folder / "notes.html").write_text("other name", encoding="utf-8")

    assert latest_report(page.study) is None
    assert "There is no report yet." in page.client.get("/agreement").text


def test_report_that_went_away_in_between_is_none(page, monkeypatch):
    put_report(page)

    def refuse(_path):
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_bytes", refuse)

    assert "There is no report yet." in page.client.get("/agreement").text


def test_reflexive_study_shows_none_and_leads_to_none(page_of):
    page = page_of("reflexive")
    put_report(page)

    answer = page.client.get("/agreement")

    assert "This study is reflexive" in answer.text
    assert "synthetic report" not in answer.text
    assert "suggest" not in answer.text
    assert "/agreement" not in page.client.get("/").text


@pytest.mark.parametrize("stance", OTHER_STANCES)
def test_front_page_of_other_studies_leads_to_it(page_of, stance):
    assert '<a href="/agreement"' in page_of(stance).client.get("/").text


def test_report_waits_for_who_has_to_code_its_interviews_blind(page):
    put_report(page, interviews=["D1"])
    owe(page, "D1")

    assert "Code these first" in page.client.get("/agreement").text


def test_report_of_other_interviews_does_not_wait(page):
    put_report(page, interviews=["E1"])
    owe(page, "D1")

    assert "synthetic report" in page.client.get("/agreement").text


@pytest.mark.parametrize("figures", ["{}", "no JSON", None])
def test_report_that_does_not_say_what_it_names_waits_as_long_as_anything_is_owed(page, figures):
    path = put_report(page).with_suffix(".json")
    path.unlink() if figures is None else path.write_text(figures, encoding="utf-8")

    before = page.client.get("/agreement").text
    owe(page, "D1")

    assert "synthetic report" in before
    assert "Code these first" in page.client.get("/agreement").text


def test_reports_are_deleted_with_their_figures_and_with_drafts_of_a_killed_run(page):
    path = put_report(page)
    kept = path.parent / "notes.txt"
    kept.write_text("synthetic", encoding="utf-8")
    (path.parent / f".{path.name}-ab_c1").write_text("synthetic", encoding="utf-8")

    assert delete_reports(page.study) == 3
    assert list(path.parent.iterdir()) == [kept]


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium on this machine")
def test_browser_shows_a_report_in_its_own_style_and_runs_no_script_of_it(page, served, tab):
    put_report(
        page,
        text="<style>p { color: rgb(1, 2, 3) }</style><p>synthetic report</p>"
        "<script>document.querySelector('p').textContent = 'it ran'</script>"
        "<img src=x onerror=\"document.querySelector('p').textContent = 'it ran'\">",
    )

    tab.goto(f"{served}/agreement")
    shown = tab.wait_for_selector("p")

    assert shown.text_content() == "synthetic report"
    assert shown.evaluate("p => getComputedStyle(p).color") == "rgb(1, 2, 3)"
