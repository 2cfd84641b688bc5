"""Facts about the commands that show and choose model versions; every word here is synthetic."""

import json
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from models.encoder import identify_encoder
from study import tables as t
from study.codebooks import current_codebook
from study.folder import open_study
from study.ledger import start_run
from study.locks import hold_lock
from study.model_files import delete_model, save_model
from study.registry import read_history, read_in_force, store_candidate
from study.suggestions import store_model
from study.vectors import store_encoder
from tests.study.synthetic import NOW, import_coded, make_interview
from themeloop.cli import main

DOCS = Path(__file__).parents[2] / "docs"
HELD_OUT = {"map": 0.514, "macro_f1": 0.48, "kappa": 0.47, "hit1": 0.62, "rec3": 0.81, "ece": None}


def code(key, method, average_precision, *, is_told=True, why="synthetic reason"):
    return {
        "key": key,
        "n_positive": 20,
        "n_groups": 6,
        "method": method,
        "why": why,
        "average_precision": average_precision,
        "f1": 0.4,
        "threshold": 0.3,
        "is_told": is_told,
    }


FIGURES = {
    "trained_on": [1, 2],
    "judged_by": "blind",
    "n_judged": 212,
    "n_groups": 9,
    "held_out": HELD_OUT,
    "compared": {"with": 1, "map_difference": 0.021, "low": -0.005, "high": 0.04},
    "decision": "promoted",
    "reasons": ["It is not worse than the current one."],
    "codes": [
        code("trust", "similarity", None, is_told=False, why="too few: 3 excerpts"),
        code("change", "classifier", 0.31),
        code("sharing", "classifier", 0.66),
    ],
    "reliability": [
        {"low": 0.0, "high": 0.5, "n": 90, "mean_probability": 0.2, "share_right": 0.25},
        {"low": 0.5, "high": 1.0, "n": 0, "mean_probability": None, "share_right": None},
    ],
    "generosity": [
        {"generosity": 1.0, "per_100_excerpts": 80.0, "share_right": 0.6, "share_found": 0.7},
        {"generosity": 0.0, "per_100_excerpts": 0.0, "share_right": None, "share_found": 0.0},
    ],
}


@pytest.fixture
def made(sqlite, tmp_path):
    """A study in the folder s, empty yet."""
    with sqlite.new_study(tmp_path / "s", stance="codebook") as study:
        yield study


@pytest.fixture
def model(themeloop, made):
    """Run a model command on the study."""

    def run(*arguments, code=0):
        return themeloop("model", *arguments, "--study", "s", code=code)

    return run


@pytest.fixture
def fitted(model, made):
    """The same where codes of two interviews are proposed by similarity."""
    for label, participant in (("I1", "P07"), ("I2", "P08")):
        import_coded(made, make_interview(label, ("Synthetic.",), participant=participant))
    identity = identify_encoder(made.settings.encoder)
    with made.database.write() as connection:
        store_model(
            connection,
            method="similarity",
            encoder_id=store_encoder(connection, identity.name, identity.revision),
            codebook_version_id=current_codebook(connection).id,
            run_id=start_run(connection, "suggest", {}, flow_run_id=None, now=NOW),
            sha256=save_model(made.folder / "models", {}, {}),
            settings_hash="s",
            n_excerpts=2,
            now=NOW,
        )
    return model


def train(figures=FIGURES, *, encoder=None, number=0):
    """Store a candidate with its files; give its row."""
    study = open_study_here()
    sha256 = save_model(study.folder / "models", {"numbers": np.array([number])}, {})
    with study.database.write() as connection:
        current = read_in_force(connection)
        row = store_candidate(
            connection,
            method="classifier",
            encoder_id=store_encoder(connection, encoder, "1") if encoder else current.encoder_id,
            codebook_version_id=current.codebook_version_id,
            run_id=1,
            sha256=sha256,
            settings_hash="s",
            n_excerpts=2,
            figures=figures,
            now=NOW,
        )
    study.database.close()
    return row, sha256


def open_study_here():
    return open_study(Path("s"))


def in_force():
    study = open_study_here()
    with study.database.read() as connection:
        found = read_in_force(connection).id, len(read_history(connection))
    study.database.close()
    return found


def set_stance(tmp_path, stance):
    settings = tmp_path / "s" / "study.toml"
    settings.write_text(settings.read_text().replace('stance = "codebook"', f'stance = "{stance}"'))


def test_every_command_about_models_is_documented():
    (line,) = [
        line
        for line in (DOCS / "commands.md").read_text().splitlines()
        if line.startswith("| `themeloop model`")
    ]

    for name in main.commands["model"].commands:
        assert f"`{name}" in line


def test_study_that_proposed_nothing_yet_has_no_versions(model):
    assert model("list").stdout == "No model version is there yet. Run 'themeloop suggest'.\n"
    assert json.loads(model("list", "--json").stdout) == {"models": []}
    assert "No model version is current yet" in model("show", code=1).stderr
    assert "no promotion to go back on" in model("rollback", code=1).stderr


def test_versions_are_listed_a_line_each(fitted):
    train()

    lines = fitted("list").stdout.splitlines()
    models = json.loads(fitted("list", "--json").stdout)["models"]

    assert [line.split()[:3] for line in lines[1:]] == [
        ["1", "similarity", "current"],
        ["2", "classifier", "candidate"],
    ]
    assert lines[1].split()[-5:] == ["1", "2", "–", "–", "–"]
    assert lines[2].split()[-5:] == ["1", "2", "2", "0.51", "0.48"]
    assert [each["n_participants"] for each in models] == [0, 2]
    assert [each["map"] for each in models] == [None, 0.514]


def test_version_that_learnt_nothing_says_so(fitted):
    shown = fitted("show").stdout

    assert "Model version 1: similarity, current" in shown
    assert "Every code is proposed by similarity." in shown
    assert "No figures: it was not fitted to decisions" in shown


def test_version_shows_what_it_learnt_from_and_how_it_was_measured(fitted):
    row, _ = train()

    shown = fitted("show", row).stdout

    assert "Learnt from 2 interviews of 2 participants: P07, P08." in shown
    assert "Measured on 212 excerpts of 9 groups" in shown
    assert "coded before suggestions" in shown
    assert ["expected", "calibration", "error", "–"] in [
        line.split() for line in shown.splitlines()
    ]
    assert "mAP +0.021 (90% interval -0.005 to +0.040)" in shown
    assert "It was promoted: It is not worse than the current one." in shown


def test_codes_stand_by_average_precision_and_too_few_come_last(fitted):
    row, _ = train()

    lines = fitted("show", row).stdout.splitlines()

    first = next(n for n, line in enumerate(lines) if line.startswith("code "))
    rows = [line.split(maxsplit=7) for line in lines[first + 1 : first + 4]]
    assert [cells[0] for cells in rows] == ["sharing", "change", "trust"]
    assert rows[0][1:] == ["20", "6", "classifier", "0.66", "0.40", "0.30", "synthetic reason"]
    assert rows[2][1:] == ["20", "6", "similarity", "–", "–", "–", "too few: 3 excerpts"]


def test_reliability_is_drawn_and_generosity_tells_its_cost(fitted):
    row, _ = train()

    lines = fitted("show", row).stdout.splitlines()

    assert "0.00 to 0.50       0.20  0.25   90        █████" in lines
    assert "0.50 to 1.00       –     –      0" in lines
    assert next(line for line in lines if line.startswith("1 ")).split() == [
        "1", "80", "32", "0.60", "0.70",
    ]  # fmt: skip
    assert next(line for line in lines if line.startswith("0 ")).split() == [
        "0", "0", "–", "–", "0.00",
    ]  # fmt: skip


def test_version_without_comparison_or_tables_shows_what_there_is(fitted):
    figures = FIGURES | {"compared": None, "decision": None, "judged_by": "unassisted"}
    row, _ = train(figures | {"codes": [], "reliability": [], "generosity": []})

    shown = fitted("show", row).stdout

    assert "coded without suggestions, chosen ones included" in shown
    assert "Every code is proposed by classifier." in shown
    assert "Against model" not in shown
    assert "It was" not in shown
    assert "generosity" not in shown


def test_figures_are_given_as_json_as_they_were_stored(fitted):
    row, _ = train()

    given = json.loads(fitted("show", row, "--json").stdout)

    assert given["figures"] == FIGURES
    assert (given["id"], given["participants"]) == (row, ["P07", "P08"])


def test_reflexive_study_is_told_what_proposes_which_code_and_no_figure(fitted, tmp_path):
    row, _ = train()
    set_stance(tmp_path, "reflexive")

    shown, listed = fitted("show", row).stdout, fitted("list").stdout
    given = json.loads(fitted("show", row, "--json").stdout)

    assert "This study is reflexive: no figures are shown" in shown
    assert ["trust", "similarity"] in [line.split() for line in shown.splitlines()]
    assert "0.66" not in shown
    assert "mAP" not in listed
    assert "figures" not in given
    assert "map" not in json.loads(fitted("list", "--json").stdout)["models"][0]
    assert {"key": "change", "method": "classifier"} in given["codes"]


def test_reflexive_study_without_learning_has_nothing_to_list(fitted, tmp_path):
    set_stance(tmp_path, "reflexive")

    assert fitted("show").stdout.rstrip().endswith("says what a study's stance is.")


def test_unknown_version_is_one_clear_line(fitted):
    assert fitted("show", 99, code=1).stderr == (
        "Error: There is no model version 99. 'themeloop model list' shows which there are.\n"
    )
    assert "There is no model version 99" in fitted("promote", 99, code=1).stderr


def test_promoting_by_hand_and_going_back_say_what_happened(fitted):
    row, _ = train()

    said = fitted("promote", row).stdout

    assert said == (
        "Model version 2 (classifier) is current, in the place of version 1 (similarity). What "
        "coders decided stays. Next: themeloop suggest\n"
    )
    assert in_force() == (2, 1)
    assert fitted("promote", row).stdout == "Model version 2 (classifier) is current already.\n"
    back = json.loads(fitted("rollback", "--json").stdout)
    assert back == {"model": 1, "previous": 2}
    assert in_force() == (1, 2)


def test_version_of_another_encoder_is_refused_and_nothing_changes(fitted):
    row, _ = train(encoder="another")

    assert "was made with the encoder 'another'" in fitted("promote", row, code=1).stderr

    assert in_force() == (1, 0)


def test_version_whose_files_are_gone_is_refused_and_nothing_changes(fitted, tmp_path):
    row, sha256 = train()
    delete_model(tmp_path / "s" / "models", sha256)

    assert "files of model version 2 are missing" in fitted("promote", row, code=1).stderr

    assert in_force() == (1, 0)


def test_nobody_goes_back_to_a_version_whose_files_are_gone(fitted, tmp_path):
    (first, sha256), (second, _) = train(), train(number=1)
    fitted("promote", first)
    fitted("promote", second)
    delete_model(tmp_path / "s" / "models", sha256)

    assert f"files of model version {first} are missing" in fitted("rollback", code=1).stderr

    assert in_force() == (second, 2)


def test_version_is_not_changed_under_a_run(fitted, tmp_path):
    row, _ = train()

    with hold_lock(tmp_path / "s" / ".lock", "held"):
        said = fitted("promote", row, code=1).stderr

    assert "Another themeloop run is at work" in said
    assert in_force() == (1, 0)


def test_show_without_a_number_shows_the_current_version(fitted):
    row, _ = train()
    fitted("promote", row)

    assert f"Model version {row}: classifier, current" in fitted("show").stdout


def test_first_version_takes_nobodys_place(fitted):
    study = open_study_here()
    row, _ = train()
    with study.database.write() as connection:
        connection.execute(
            sa.update(t.model_version).where(t.model_version.c.id != row).values(state="retired")
        )
    study.database.close()

    said = fitted("promote", row).stdout

    assert said.startswith("Model version 2 (classifier) is current. What coders decided stays.")
