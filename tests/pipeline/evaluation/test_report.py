"""Facts about the report that people read; every name and word here is synthetic."""

import json
import re
import stat
from dataclasses import replace

import pytest

from models.intervals import Estimate, Interval
from pipeline.evaluate import evaluate_agreement
from pipeline.evaluation.report import make_report, write_report
from pipeline.evaluation.report.cells import MINUS, letter_notes
from pipeline.order import suggest_in_order
from pipeline.work import Work, call_plainly
from study.errors import StudyError
from tests.pipeline.evaluation.figures_of import (
    Page,
    figures_in,
    figures_in_json,
    figures_in_rows,
    rows_of,
)
from tests.pipeline.evaluation.made_evaluation import (
    FEW,
    NO_INTERVAL,
    UNDEFINED,
    make_empty,
    make_evaluation,
)

NAME = "Synthetic study"
OTHER_STANCES = ["", "codebook", "coding reliability"]
# Landis and Koch's, and others' that judge a figure.
VERDICTS = set(
    re.findall(
        r"\w+",
        "poor slight fair moderate substantial excellent good bad strong weak acceptable perfect "
        "sufficient insufficient satisfactory adequate reliable unreliable",
    )
)
DUTCH = (
    "Zich gehoord voelen door de hulpverlener",
    "Samenwerking tussen ouders en jeugdbescherming in het gedwongen kader",
    "Verantwoordelijkheidsverdeling",
    "Ja",
)


def page_of(evaluation, name=NAME):
    return Page(make_report(evaluation, study_name=name).html)


def with_figure(evaluation, code, name, estimate):
    """Put another figure in the place of one of a code."""
    comparison = evaluation.headline.comparison
    codes = list(comparison.codes)
    codes[code] = replace(codes[code], figures={**codes[code].figures, name: estimate})
    headline = replace(evaluation.headline, comparison=replace(comparison, codes=tuple(codes)))
    return replace(evaluation, headline=headline)


@pytest.fixture
def coded(coded_study):
    suggest_in_order(call_plainly, Work(coded_study))
    return coded_study


def test_report_of_a_coded_study_says_the_same_in_its_three_forms(coded, now, tmp_path):
    evaluation = evaluate_agreement(coded, now=now)

    files = write_report(evaluation, tmp_path / "reports", study_name="Synthetic study")

    figures = figures_in(evaluation)
    rows = rows_of(files.csv.read_text(encoding="utf-8"))
    assert figures_in_json(json.loads(files.json.read_text(encoding="utf-8"))) == figures
    assert figures_in_rows(rows) == figures
    page = Page(files.html.read_text(encoding="utf-8"))
    assert page.figures.keys() <= {" / ".join(place) for place in rows}
    assert "I1" in page.text
    assert "count on the worker" not in page.text


@pytest.mark.parametrize("evaluation", [make_evaluation(), make_empty()], ids=["full", "empty"])
def test_figures_of_the_page_are_those_of_the_table(evaluation):
    report = make_report(evaluation, study_name=NAME)

    page, rows = Page(report.html), rows_of(report.csv)

    assert len(page.figures) > 15
    by_place = {" / ".join(place): row for place, row in rows.items()}
    for place, occurrences in page.figures.items():
        for said in occurrences:
            check_said(said[0], by_place[place]["value"])


def check_said(said, value):
    """Check that a figure says a value, to as many digits as it has."""
    if not value:
        assert said in ("–", "too")
        return
    n_digits = len(said.partition(".")[2].rstrip("%"))
    scale = 100 if said.endswith("%") else 1
    shown = float(said.rstrip("%").replace(MINUS, "-"))
    assert shown == pytest.approx(float(value) * scale, abs=0.501 * 10**-n_digits)


def test_every_code_and_section_of_the_table_is_on_the_page():
    report = make_report(make_evaluation(), study_name=NAME)

    sections = {place.split(" / ")[0] for place in Page(report.html).figures}

    assert sections >= {
        "machine",
        "people",
        "in place",
        "effect",
        "effect split",
        "assisted",
        "misses",
        "baseline: tfidf",
        "round: pilot",
        "codebook: version 2",
        "on given excerpts",
        "machine spans",
        "people spans",
    }


@pytest.mark.parametrize("stance", OTHER_STANCES)
def test_page_loads_nothing_and_runs_nothing(stance):
    html = make_report(make_evaluation(44, stance=stance), study_name=NAME).html

    page = Page(html)

    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "img", "form", "base"}
    for _, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "action")
        ]
        assert attributes.get("href", "#").startswith("#")
    assert not re.search(r"https?:|//[a-z]|url\(|@import", html)
    policy = [a["content"] for tag, a in page.tags if a.get("http-equiv")]
    assert policy[0].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_links_lead_to_sections_that_are_there():
    page = page_of(make_evaluation())

    targets = {a["href"].removeprefix("#") for _, a in page.tags if "href" in a}
    assert targets <= {a["id"] for _, a in page.tags if "id" in a}
    assert len(targets) == 15


HOSTILE = "<script>alert('x')</script> \"q\" & 'r' <b>"


def test_words_of_others_are_never_taken_for_html():
    evaluation = make_evaluation(
        names=[HOSTILE] * 6,
        quotes=[HOSTILE],
        groups=tuple(
            replace(g, attribute=HOSTILE, value=HOSTILE) for g in make_evaluation().groups
        ),
        parts=tuple(replace(p, label=f"{HOSTILE} {p.label}") for p in make_evaluation().parts),
        disagreements=tuple(
            replace(d, interview=HOSTILE, participant=HOSTILE, excerpt=HOSTILE, text=HOSTILE)
            for d in make_evaluation().disagreements
        ),
    )

    page = page_of(evaluation, name=HOSTILE)

    tags = {tag for tag, _ in page.tags}
    assert "script" not in tags
    assert page.text.count("alert('x')") > 20
    assert f"Report of agreement {' '.join(HOSTILE.split())}" in page.text


def test_words_are_there_only_where_a_person_asked_for_them():
    words = "Synthetic: dat was\n\nniet zo."

    without, with_words = (page_of(make_evaluation(quotes=quotes)) for quotes in (None, [words]))

    assert "niet zo" not in without.text
    assert "themeloop report --with-quotes" in without.text
    assert "holds interview text" not in without.text
    assert words in with_words.words
    assert "This file holds interview text. Keep it as you keep the study." in with_words.text
    assert "--with-quotes" not in with_words.text


def test_code_with_too_little_to_tell_stands_last_with_its_counts_and_the_reason():
    page = page_of(make_evaluation(few=(0,)))

    assert "Too few to tell of people and the machine (1 of 6 codes; 10 excerpts of 5" in page.text
    assert "Code number 0 (given to 3 excerpts of 2 participants)" in page.text
    _, _, table = page.text.partition("People and the machine, in the order of the codebook.")
    assert table.index("Code number 5") < table.index("Too few to tell Code number 0")
    assert FEW.partition(": ")[2] in table


def test_missing_interval_and_undefined_figure_say_why():
    evaluation = with_figure(make_evaluation(), 0, "kappa", Estimate(0.3, 5, note=NO_INTERVAL))
    evaluation = with_figure(evaluation, 0, "precision", Estimate(None, 5, note=UNDEFINED))

    page = page_of(evaluation)

    assert page.figures["machine / code_0 / kappa"] == [
        ["0.30", "no", "interval", "a"],
        ["0.30", "a"],
    ]
    assert page.figures["machine / code_0 / precision"] == [["–", "b"]]
    assert f"a {NO_INTERVAL}" in page.text
    assert f"b {UNDEFINED}" in page.text


@pytest.mark.parametrize("evaluation", [make_evaluation(few=(0, 1)), make_empty()])
def test_no_figure_is_missing_without_a_word_of_why(evaluation):
    page = page_of(evaluation)

    assert page.figures
    assert not [
        place
        for place, occurrences in page.figures.items()
        for said in occurrences
        if said in ([], ["–"])
    ]


def test_study_with_one_coder_says_why_nothing_stands_beside_the_machine():
    page = page_of(make_empty())

    assert "No excerpt was read blind by two coders. So there is no figure of people" in page.text
    assert "People with one another, in the order" not in page.text
    assert "There is no excerpt on which coders, or coders and the machine, differ." in page.text


def test_coder_who_owes_blind_excerpts_is_warned_before_others_codes_are_read():
    warning = "A coder who has any of them left codes these before reading on"

    assert f"15 excerpts drawn to be coded blind are still to be coded. {warning}" in (
        page_of(make_evaluation()).text
    )
    assert warning not in page_of(make_evaluation(n_owed=0)).text


def test_effect_that_cannot_be_told_or_split_says_why():
    evaluation = make_evaluation()
    unsplit = replace(evaluation.effect, split=None, note="Nobody else coded <blind>.")

    without = page_of(replace(evaluation, effect=None, assisted=None))

    assert "Nobody else coded <blind>." in page_of(replace(evaluation, effect=unsplit)).text
    assert "what showing them changes cannot be told" in without.text


def test_synthetic_study_is_stamped_and_another_is_not():
    assert "SYNTHETIC – these interviews" in page_of(make_evaluation()).text
    assert "SYNTHETIC" not in page_of(make_evaluation(is_synthetic=False)).text


@pytest.mark.parametrize("stance", ["", "codebook"])
def test_what_to_discuss_comes_before_the_figures_where_these_are_a_prompt(stance):
    page = page_of(make_evaluation(stance=stance))

    ids = [a["id"] for tag, a in page.tags if tag == "section"]
    assert ids[:4] == ["measured", "disagreements", "mixups", "pooled"]
    assert "These figures are a prompt for discussion." in page.text


def test_figures_come_first_where_coders_are_to_apply_one_codebook_alike():
    page = page_of(make_evaluation(stance="coding reliability"))

    ids = [a["id"] for tag, a in page.tags if tag == "section"]
    assert ids[:4] == ["measured", "pooled", "forest", "codes"]
    assert ids.index("disagreements") == 12
    assert "prompt for discussion" not in page.text


@pytest.mark.parametrize("stance", OTHER_STANCES)
@pytest.mark.parametrize("make", [make_evaluation, make_empty])
def test_no_word_judges_a_figure(stance, make):
    report = make_report(replace(make(), stance=stance), study_name=NAME)

    words = set(
        re.findall(r"[a-z]+", f"{Page(report.html).text} {report.json} {report.csv}".lower())
    )

    assert words & VERDICTS == set()


def test_reflexive_study_gets_no_report(tmp_path):
    evaluation = make_evaluation(stance="reflexive")

    with pytest.raises(ValueError, match="reflexive study has no report"):
        write_report(evaluation, tmp_path / "reports", study_name=NAME)

    assert list(tmp_path.iterdir()) == []


def test_files_are_named_by_the_moment_and_for_their_owner_only(tmp_path):
    folder = tmp_path / "a" / "reports"

    files = write_report(make_evaluation(), folder, study_name="I1 of P1")

    assert {path.name for path in folder.iterdir()} == {
        "agreement-20260304-050607.html",
        "agreement-20260304-050607.json",
        "agreement-20260304-050607.csv",
    }
    assert files.html.suffix, files.json.suffix == (".html", ".json")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_report_that_cannot_be_written_leaves_nothing_half_done(tmp_path, monkeypatch):
    def refuse(_one, _other):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)

    with pytest.raises(StudyError, match="No space left on device"):
        write_report(make_evaluation(), tmp_path / "reports", study_name=NAME)

    assert list((tmp_path / "reports").iterdir()) == []


def test_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "reports").write_text("synthetic", encoding="utf-8")

    with pytest.raises(StudyError, match="cannot be written"):
        write_report(make_evaluation(), tmp_path / "reports", study_name=NAME)


def test_report_with_44_codes_of_long_names_shows_each_and_the_most_confused_ten():
    names = [f"{DUTCH[n % 4]} {n}" for n in range(44)]

    page = page_of(make_evaluation(44, names=names, few=tuple(range(30, 44))))

    kappas = {f"machine / code_{n} / kappa" for n in range(30)}
    assert kappas <= page.figures.keys()
    assert all(page.text.count(name) >= 2 for name in names)
    assert "Too few to tell of people and the machine (14 of 44 codes" in page.text
    heat = [a for tag, a in page.tags if a.get("class") == "heat"]
    assert len(heat) == 2
    assert page.text.count("The table holds") == 2
    assert "The table holds 360 of 429 such cases" in page.text


def test_methods_paragraph_holds_what_the_evaluation_holds():
    text = page_of(make_evaluation()).text

    for said in (
        "400 excerpts from 26 interviews with 25 participants, coded by 3 coders",
        "Two or more coders had coded 400 of these (100%).",
        "Codings of 295 excerpts came from files, which did not call them assisted",
        "105 excerpts had been drawn at random to be coded first, before suggestions were shown.",
        "15 of 120 excerpts that were drawn had not been coded yet.",
        "model SHA-256 0123456789ab, codebook version 2",
        "this held for 4 codes for people and the machine and 3 for people with one another",
        "2,000 resamples (Efron, 1987; seed 20261124)",
    ):
        assert said in text
    assert "drawn at random" not in page_of(make_empty()).text


def test_model_that_has_learnt_says_from_how_much():
    model = replace(make_evaluation().model, trained_on=frozenset({1, 2}))

    text = page_of(make_evaluation(model=model)).text

    assert "It has learnt from codings of 2 interviews, and is judged on others only." in text


def test_interviews_that_were_left_out_are_told_with_why():
    text = page_of(make_evaluation(n_waiting=1, n_learnt=2)).text

    assert "Left out 1 interview for want of suggestions." in text
    assert "Left out as learnt from 2 interviews: every model version that scored them" in text


def test_most_common_code_is_drawn_first_and_the_mean_last():
    evaluation = make_evaluation()
    for code, share in enumerate((0.1, 0.3, 0.2)):
        evaluation = with_figure(evaluation, code, "prevalence", Estimate(share, 24, note="x"))

    page = make_report(replace(evaluation, people=None, in_place=None), study_name=NAME).html

    forest = re.findall(r'<table class="forest">.*?</table>', page, flags=re.S)[0]
    rows = re.findall(r'<th scope="row">([^<]*)', forest)
    assert rows[-1] == "Mean over codes"
    assert [row for row in rows if row[-1] in "012"] == [
        "Code number 1",
        "Code number 2",
        "Code number 0",
    ]


def test_axis_reaches_down_to_the_lowest_that_is_drawn():
    low = Estimate(-0.5, 24, Interval(-0.71, -0.3), Interval(-0.65, -0.35))

    usual, longer = (
        Page(make_report(evaluation, study_name=NAME).html).words
        for evaluation in (
            make_evaluation(),
            with_figure(make_evaluation(), 0, "kappa", low),
        )
    )

    assert f"{MINUS}0.2" in usual
    assert f"{MINUS}0.4" not in usual
    assert f"{MINUS}0.8" in longer
    assert f"{MINUS}1.0" not in longer


def test_mark_lies_within_its_interval_and_higher_lies_further_right():
    marks = []
    for value in (0.2, 0.6):
        estimate = Estimate(value, 24, Interval(value - 0.1, value + 0.1), None)
        evaluation = with_figure(make_evaluation(1, few=()), 0, "kappa", estimate)
        html = make_report(evaluation, study_name=NAME).html
        forest = html[html.index('<table class="forest">') :]
        low, high = re.search(r'class="bca" d="M([\d.]+) 9H([\d.]+)"', forest).groups()
        x = re.search(r'<rect x="([\d.]+)"', forest).group(1)
        assert float(low) < float(x) + 4 < float(high)
        marks.append(float(x))

    assert marks[0] < marks[1]


def test_notes_of_a_table_are_lettered_beyond_z():
    cells = [replace(_cell(), note=f"synthetic note {n % 30}") for n in range(60)]

    letters = letter_notes([_cell(), *cells])

    assert list(letters.values())[:2] == ["a", "b"]
    assert list(letters.values())[25:] == ["z", "aa", "ab", "ac", "ad"]


def _cell():
    from pipeline.evaluation.report.cells import Cell  # noqa: PLC0415 - used here only

    return Cell("0.10", "", "", "", 8, 10, "machine / code_0 / kappa")
