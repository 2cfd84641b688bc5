"""Recall of marked names; every text and name here is synthetic."""

import json

import pytest
from click.testing import CliRunner

from bench import names
from bench.marked_names import find_marked
from bench.names import wilson
from pipeline.identifying.gazetteer import Entry
from study.records import Span

TEXT = "Toen belde Sanne de Vries naar 06-12345678. Sanne's moeder woont in Arnhem. Arnhems!"


@pytest.fixture(autouse=True)
def no_recogniser(monkeypatch):
    monkeypatch.setattr(names, "name_recogniser", lambda _language: None)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one_nl.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "marked.csv").write_text(
        "file,name,category\n"
        "one_nl.txt,Sanne de Vries,CHILD\n"
        "one_nl.txt,Sanne,CHILD\n"
        "one_nl.txt,06-12345678,PHONE\n"
        "one_nl.txt,Arnhem,TOWN\n",
        encoding="utf-8",
    )
    return tmp_path


def run(folder, *options, marked="marked.csv"):
    arguments = [folder / "texts", "--marked", folder / marked, *options]
    return CliRunner().invoke(names.main, [str(each) for each in arguments])


def test_names_are_counted_without_and_with_a_gazetteer(folder):
    result = run(folder, "--json")

    figures = json.loads(result.stdout)
    without, with_it = figures["without_gazetteer"], figures["with_gazetteer"]
    assert without["recall"] == {"n": 1, "of": 5, "share": 0.2, "interval": wilson(1, 5)}
    assert without["recall_by_category"]["PHONE"]["share"] == 1
    assert with_it["recall"]["n"] == with_it["recall"]["of"] == 5
    assert with_it["precision"]["share"] == 1
    assert names.SAME_LIST in figures["remarks"]
    assert figures["recogniser"] == {"nl": False}


def test_a_gazetteer_is_a_marked_list_for_every_file(folder):
    (folder / "gazetteer.csv").write_text(
        "name,category,participant,also\nSanne de Vries,CHILD,P1,Sanne\nhoop,KEEP,,\n"
    )

    result = run(folder, "--json", "--gazetteer", folder / "gazetteer.csv", marked="gazetteer.csv")

    figures = json.loads(result.stdout)
    assert figures["with_gazetteer"]["recall_by_category"]["CHILD"]["n"] == 2
    assert figures["with_gazetteer"]["precision"]["n"] == 2
    assert figures["remarks"] == [names.CAUTION]


def test_names_of_another_participant_are_not_marked(folder):
    (folder / "gazetteer.csv").write_text(
        "name,category,participant,also\nSanne de Vries,CHILD,P1,Sanne\nArnhem,TOWN,P2,\n"
    )
    (folder / "interviews.csv").write_text("file,participant,language\none_nl.txt,P1,en\n")

    options = ["--json", "--interviews", folder / "interviews.csv"]
    figures = json.loads(run(folder, *options, marked="gazetteer.csv").stdout)

    assert list(figures["with_gazetteer"]["recall_by_category"]) == ["CHILD"]
    assert figures["with_gazetteer"]["recall"]["share"] == 1
    assert list(figures["recogniser"]) == ["en"]


def test_the_table_has_counts_and_intervals(folder):
    lines = run(folder).stdout.splitlines()

    assert "1 texts" in lines
    assert f"  recall    {'all':<20}       1/5    0.20  (0.04–0.62)" in lines


def test_marked_files_that_are_not_there_are_told(folder):
    (folder / "other.csv").write_text("file,name,category\ntwo.txt,Sanne,CHILD\n")
    (folder / "bare.csv").write_text("name\nSanne\n")

    absent, bare = run(folder, marked="other.csv"), run(folder, marked="bare.csv")

    assert (absent.exit_code, bare.exit_code) == (1, 1)
    assert "'two.txt' is not among the transcripts" in absent.stderr
    assert "bare.csv:1: missing columns: file, category." in bare.stderr


def test_a_folder_without_texts_is_told(folder):
    (folder / "texts" / "one_nl.txt").rename(folder / "one.txt")

    assert "no transcripts there" in run(folder).stderr


def test_marked_names_are_whole_words_and_the_longer_goes_first():
    text = "Jan Peter, jan en Jans; Janneke"

    found = find_marked(text, [Entry("Jan", "A"), Entry("Jan Peter", "B")])

    assert found == ((Span(0, 9), "B"), (Span(11, 14), "A"), (Span(18, 21), "A"))


def test_wilsons_interval_holds_the_share():
    assert wilson(0, 0) is None
    assert wilson(10, 10) == [0.7225, 1.0]
    assert wilson(8, 10) == [0.4902, 0.9433]
