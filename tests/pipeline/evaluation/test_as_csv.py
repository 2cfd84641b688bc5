"""Facts about an evaluation as CSV; every name and word here is synthetic."""

import pytest

from pipeline.evaluation.as_csv import HEADER, guard_text, lay_out_csv
from pipeline.evaluation.as_json import lay_out_json
from pipeline.evaluation.records import GroupErrors
from tests.pipeline.evaluation.figures_of import (
    figures_in,
    figures_in_json,
    figures_in_rows,
    rows_of,
)
from tests.pipeline.evaluation.made_evaluation import FEW, make_empty, make_evaluation


@pytest.mark.parametrize("evaluation", [make_evaluation(), make_empty()], ids=["full", "empty"])
def test_every_figure_of_an_evaluation_has_a_row_of_its_own_and_equals_that_of_json(evaluation):
    text = lay_out_csv(evaluation)

    figures = figures_in_rows(rows_of(text))
    assert text.splitlines()[0] == ",".join(HEADER)
    assert figures == figures_in(evaluation)
    assert figures == figures_in_json(lay_out_json(evaluation))
    assert "nan" not in text.lower()


def test_figure_of_a_code_tells_its_excerpts_and_groups():
    row = rows_of(lay_out_csv(make_evaluation()))["machine", "code_0", "kappa"]

    assert (row["n_excerpts"], row["n_groups"], row["note"]) == ("400", "24", "")
    assert float(row["bca_low"]) < float(row["value"]) < float(row["bca_high"])
    assert float(row["jackknife_low"]) < float(row["value"]) < float(row["jackknife_high"])


def test_withheld_figure_is_empty_and_says_why():
    row = rows_of(lay_out_csv(make_evaluation(few=(0,))))["people", "code_0", "kappa"]

    assert [row[name] for name in HEADER[3:8]] == [""] * 5
    assert row["note"] == FEW


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("study", "", "excerpts drawn to be coded blind"), "120"),
        (("study", "", "of these still owed"), "15"),
        (("machine", "code_2", "n_people"), "32"),
        (("machine", "code_2", "n_machine"), "42"),
        (("machine", "code_2", "n_given"), "22"),
        (("misses", "", "n_silent_coded"), "12"),
        (("group: role = mother", "", "n_missed"), "29"),
        (("machine mixups", "code_1", "instead: code_2"), "5"),
        (("effect split", "", "help_by_suggesting n_shown"), "200"),
        (("machine spans", "", "n_characters"), "52000"),
        (("disagreements", "code_3", "people_differ"), "3"),
        (("round: pilot", "", "n_excerpts"), "200"),
    ],
)
def test_counts_are_rows_as_well(place, value):
    row = rows_of(lay_out_csv(make_evaluation()))[place]

    assert row["value"] == value
    assert row["n_groups"] == ""


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(x)", "+cmd", "-trust", "@trust", "\t=1", "\r=1", "\n=1"]
)
def test_text_that_a_spreadsheet_would_run_is_made_plain(text):
    assert guard_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["trust", "", "-1.5", "+3", "1=2", "x@y", "'=1"])
def test_other_text_stays_as_it_is(text):
    assert guard_text(text) == text


def test_names_that_somebody_chose_begin_no_cell_as_a_formula():
    evaluation = make_evaluation(
        keys=("=1+1", "+cmd", "@x", "-y", "code_4", "code_5"),
        groups=(GroupErrors("=role", "=mother", 1, 1, 1, 1, 0, 0),),
        machine_mixups=(),
        people_mixups=(),
        disagreements=(),
    )

    rows = rows_of(lay_out_csv(evaluation))

    assert {"'=1+1", "'+cmd", "'@x", "'-y"} <= {code for _, code, _ in rows}
    cells = [cell for place in rows for cell in place]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_names_with_commas_quotes_and_line_ends_come_back_as_they_were():
    evaluation = make_evaluation(groups=(GroupErrors('a,"b"', "c\nd", 1, 1, 1, 1, 0, 0),))

    assert ('group: a,"b" = c\nd', "", "n_found") in rows_of(lay_out_csv(evaluation))
