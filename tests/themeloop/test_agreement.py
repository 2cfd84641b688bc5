"""Facts about the commands that measure agreement; every word here is synthetic."""

import json

import pytest

BOOK = """
name: Synthetic codebook
codes:
  - {key: trust, name: Trust, definition: relying on the worker}
  - {key: change, name: Change, definition: things became different at home}
"""
HEADER = "dataset,interview_id,excerpt_id,order,speaker,text,coder,codes"


def coded_rows(coders=("anna", "bram")):
    """Nine interviews of two excerpts; bram leaves trust off in every second one."""
    rows = [HEADER]
    for n in range(9):
        for place, (text, code) in enumerate(
            [("relying on the worker", "trust"), ("home became different", "change")]
        ):
            for coder in coders:
                given = "" if coder == "bram" and n % 2 and code == "trust" else code
                rows.append(f"synthetic,I{n},I{n}_{place},{place},p,{text},{coder},{given}")
    return "\n".join(rows)


@pytest.fixture
def coded(themeloop, tmp_path):
    """A study that two coders coded, with suggestions."""

    def make(coders=("anna", "bram"), stance="codebook"):
        (tmp_path / "coded.csv").write_text(coded_rows(coders))
        (tmp_path / "book.yaml").write_text(BOOK)
        themeloop("init", "--study", "s", "--stance", stance)
        themeloop("import", "coded.csv", "--codebook", "book.yaml", "--study", "s")
        themeloop("suggest", "--study", "s")
        return themeloop

    return make


def test_table_names_people_machine_and_on_what_it_rests(coded):
    table = coded()("evaluate", "--study", "s").stdout

    assert "18 excerpts of 9 interviews in 9 groups (families, else participants)" in table
    assert "People with each other, 2 coders on 18 excerpts in 9 groups" in table
    assert "The machine in each coder's place" in table
    assert "Not suggested of what people gave" in table
    assert "nan" not in table.lower()


def test_code_with_too_few_excerpts_says_so_instead_of_a_figure(coded):
    figures = json.loads(coded()("evaluate", "--study", "s", "--json").stdout)

    change, trust = figures["codes"][1], figures["codes"][0]
    assert trust["kappa"] is None
    assert trust["note"].startswith("too few to tell: given to 9 excerpts of 9 participants")
    assert change["n_human"] == 9
    assert figures["macro"]["kappa"] is None


def test_one_coder_has_nobody_to_agree_with(coded):
    run = coded(coders=("anna",))

    assert "nothing is known of people's agreement" in run("evaluate", "--study", "s").stdout
    assert json.loads(run("evaluate", "--study", "s", "--json").stdout)["human"] is None


def test_study_without_a_stance_is_asked_for_one(coded, tmp_path):
    run = coded()
    settings = tmp_path / "s" / "study.toml"
    settings.write_text(settings.read_text().replace('stance = "codebook"', 'stance = ""'))

    assert "Stance: not set" in run("evaluate", "--study", "s").stdout


def test_report_is_a_page_with_the_same_figures_as_json_and_csv(coded, tmp_path):
    run = coded()

    written = json.loads(run("report", "--study", "s", "--json").stdout)

    figures = json.loads((tmp_path / written["json"]).read_text())
    printed = json.loads(run("evaluate", "--study", "s", "--json").stdout)
    assert figures["codes"] == printed["codes"]
    assert (tmp_path / written["html"]).parent == tmp_path / "s" / "reports"
    assert "relying on the worker" not in (tmp_path / written["html"]).read_text()


def test_report_quotes_where_it_is_asked_to_and_says_so(coded, tmp_path):
    run = coded()

    result = run("report", "--study", "s", "--to", "out", "--with-quotes")

    assert "They hold interview text" in result.stdout
    (page,) = (tmp_path / "out").glob("*.html")
    assert "relying on the worker" in page.read_text()


def test_reflexive_study_measures_nothing(coded, tmp_path):
    run = coded(stance="reflexive")

    said = run("evaluate", "--study", "s").stdout
    as_json = json.loads(run("evaluate", "--study", "s", "--json").stdout)
    reported = run("report", "--study", "s").stdout

    assert said.startswith("This study is reflexive")
    assert list(as_json) == ["stance", "withheld"]
    assert reported == said
    assert not (tmp_path / "s" / "reports").exists()
