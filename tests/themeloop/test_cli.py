"""Facts about the commands as a person meets them; every word here is synthetic."""

import io
import json
import stat

import pytest
from click.testing import CliRunner

from pipeline.transcripts.coded_csv import COLUMNS
from pipeline.work import WATCHER
from themeloop.cli import main
from themeloop.terminal import progress

HEADER = ",".join(COLUMNS)
CODED = f"""{HEADER}
d,I1,e0,0,interviewer,How is it?,anna,
d,I1,e1,1,participant,I could count on the worker,anna,trust
d,I2,e0,0,interviewer,And home?,anna,
d,I2,e1,1,participant,things at home became different,anna,change;trust
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "coded.csv").write_text(CODED)
    (tmp_path / "book.yaml").write_text(
        "codes:\n"
        "  - {key: trust, name: Trust, definition: could count on the worker}\n"
        "  - {key: change, name: Change, definition: things became different at home}\n"
    )
    return tmp_path


@pytest.fixture
def imported(themeloop, files):
    themeloop("init", "--study", "s")
    themeloop("import", "coded.csv", "--codebook", "book.yaml", "--study", "s")
    return themeloop


def test_whole_loop_from_file_to_figures(imported, files):
    made = json.loads(imported("suggest", "--study", "s", "--json").stdout)
    again = json.loads(imported("suggest", "--study", "s", "--json").stdout)
    figures = json.loads(imported("evaluate", "--study", "s", "--json").stdout)

    assert made["state"] == "finished"
    assert made["n_suggestions"] == made["n_current_suggestions"] > 0
    assert again["state"] == "nothing new"
    assert again["n_current_suggestions"] == made["n_current_suggestions"]
    assert figures["excerpts"] == 4
    assert [code["code"] for code in figures["codes"]] == ["trust", "change"]
    assert figures["codes"][0]["n_human"] == 2


def test_second_suggest_says_that_there_is_nothing_new(imported):
    imported("suggest", "--study", "s")

    result = imported("suggest", "--study", "s")

    assert result.stdout.startswith("Nothing new: every interview is in the queue already")


def test_exported_codings_are_the_imported_file(imported, files):
    imported("export", "--to", "out.csv", "--study", "s")

    assert (files / "out.csv").read_text() == CODED


def test_exported_suggestions_name_where_they_came_from(imported, files):
    imported("suggest", "--study", "s")

    imported("export", "--suggestions", "--to", "out.csv", "--study", "s")

    head, first, *_ = (files / "out.csv").read_text().splitlines()
    assert head.startswith("excerpt_id,code,score,method,evidence,model,codebook")
    assert first.split(",")[3] == "similarity"


def test_export_does_not_overwrite_unless_told_to(imported, files):
    (files / "out.csv").write_text("mine")

    refused = imported("export", "--to", "out.csv", "--study", "s", code=1)
    imported("export", "--to", "out.csv", "--study", "s", "--force")

    assert "exists. Name another file, or add --force" in refused.stderr
    assert (files / "out.csv").read_text() == CODED


def test_export_into_a_missing_folder_is_one_line(imported):
    result = imported("export", "--to", "nowhere/out.csv", "--study", "s", code=1)

    assert result.stderr == "Error: nowhere/out.csv cannot be written: No such file or directory.\n"


def test_what_a_study_holds_is_the_owners_alone(imported, files):
    modes = [
        stat.S_IMODE(path.stat().st_mode) & 0o077
        for path in [files / "s", *(files / "s").rglob("*")]
    ]

    assert set(modes) == {0}


def test_second_init_is_refused(imported):
    result = imported("init", "--study", "s", code=1)

    assert result.stderr == "Error: s is a study already. Choose another folder with --study.\n"


def test_command_outside_a_study_says_what_to_do(themeloop):
    result = themeloop("suggest", code=1)

    assert "is not a study" in result.stderr
    assert "themeloop init" in result.stderr


def test_unknown_option_is_wrong_use(themeloop):
    themeloop("suggest", "--nonsense", code=2)


def test_missing_file_is_wrong_use(imported):
    imported("import", "none.csv", "--codebook", "book.yaml", "--study", "s", code=2)


BAD_FILES = {
    "missing columns": ("interview_id,text\nI1,Secret words\n", "missing columns"),
    "duplicate row": (CODED + "d,I2,e0,0,interviewer,And home?,anna,\n", "stands on line 4"),
    "unknown code": (CODED.replace("change", "chnge"), "code 'chnge' is not in the codebook"),
    "broken encoding": (CODED.encode() + b"d,I3,e0,0,p,\xff,anna,\n", "byte 0xFF is not UTF-8"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_one_clear_line_and_nothing_is_imported(themeloop, files, name):
    content, message = BAD_FILES[name]
    themeloop("init", "--study", "s")
    empty = themeloop("doctor", "--fingerprint", "--study", "s").stdout
    (files / "bad.csv").write_bytes(content if isinstance(content, bytes) else content.encode())

    result = themeloop("import", "bad.csv", "--codebook", "book.yaml", "--study", "s", code=1)

    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: bad.csv:")
    assert message in line
    assert "Secret" not in line
    assert themeloop("doctor", "--fingerprint", "--study", "s").stdout == empty


def test_codebook_with_five_mistakes_is_five_lines_and_nothing_is_imported(themeloop, files):
    themeloop("init", "--study", "s")
    empty = themeloop("doctor", "--fingerprint", "--study", "s").stdout
    (files / "bad.yaml").write_text(
        "codes:\n"
        "  - {key: trust, name: Trust, definition: d}\n"
        "  - {key: trust2, name: trust, definition: d}\n"
        "  - {key: change, name: Change}\n"
        "  - {key: a, name: A, definition: d, parent: nobody}\n"
        "  - {key: b, name: B, definition: d, parent: b}\n"
        "relations:\n"
        "  - {from: trust, to: nowhere, kind: leads_to}\n"
    )

    result = themeloop("import", "coded.csv", "--codebook", "bad.yaml", "--study", "s", code=1)

    lines = result.stderr.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("Error: bad.yaml:") for line in lines)
    assert themeloop("doctor", "--fingerprint", "--study", "s").stdout == empty


def test_known_interview_with_other_words_is_refused(imported, files):
    (files / "coded.csv").write_text(CODED.replace("How is it?", "How was it?"))

    result = imported("import", "coded.csv", "--codebook", "book.yaml", "--study", "s", code=1)

    assert "Interview 'I1' is in the study with other excerpts" in result.stderr


def test_import_of_a_known_file_says_so(imported):
    result = imported("import", "coded.csv", "--codebook", "book.yaml", "--study", "s")

    assert "Imported 0 interviews" in result.stdout
    assert "2 interviews were known already" in result.stdout


def test_segmented_import_is_cut_by_the_pipeline(themeloop, files):
    themeloop("init", "--study", "s", "--language", "en")
    themeloop("import", "coded.csv", "--codebook", "book.yaml", "--study", "s", "--segment")

    themeloop("suggest", "--study", "s")
    figures = json.loads(themeloop("evaluate", "--study", "s", "--json").stdout)

    # What the interviewer says is not cut: it is context.
    assert figures["excerpts"] == 2


def test_evaluation_is_a_table_that_says_what_it_rests_on(imported):
    imported("suggest", "--study", "s")

    table = imported("evaluate", "--study", "s").stdout

    assert "4 excerpts of 2 interviews in 2 groups (families, else participants)" in table
    assert "coded by 1 coder without suggestions on the screen" in table
    assert "mean over 0 codes" in table


def test_evaluation_before_a_run_says_what_to_do(imported):
    result = imported("evaluate", "--study", "s", code=1)

    assert "Run 'themeloop suggest' first" in result.stderr


def test_doctor_says_that_all_is_well(imported):
    imported("suggest", "--study", "s")

    assert imported("doctor", "--study", "s").stdout == "Everything is as it should be.\n"


def test_doctor_fails_on_what_it_cannot_mend(imported, files):
    imported("suggest", "--study", "s")
    (model,) = (files / "s" / "models").iterdir()
    (model / "model.json").write_text("{}")

    result = imported("doctor", "--study", "s", "--json", code=1)

    assert json.loads(result.stdout)["findings"][0]["check"] == "models"


def test_unforeseen_error_is_one_line_without_its_own_message(imported, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("what somebody said")

    monkeypatch.setattr("themeloop.commands.suggest.suggest_in_order", fail)

    result = imported("suggest", "--study", "s", code=1)

    assert "RuntimeError at test_cli.py" in result.stderr
    assert "what somebody said" not in result.output


def test_unforeseen_error_is_shown_whole_to_who_asks(imported, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("what went wrong")

    monkeypatch.setattr("themeloop.commands.suggest.suggest_in_order", fail)
    monkeypatch.setenv("THEMELOOP_DEBUG", "1")

    result = CliRunner().invoke(main, ["suggest", "--study", "s"])

    assert str(result.exception) == "what went wrong"


def test_long_work_shows_a_bar_for_each_step_on_a_terminal(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", terminal)

    with progress():
        WATCHER.get()("embed_excerpts", 1, 3)
        WATCHER.get()("embed_excerpts", 3, 3)

    assert "Embedding excerpts" in terminal.getvalue()
    assert "3/3" in terminal.getvalue()
    assert WATCHER.get() is None


def test_set_aside_interview_is_named_with_its_reason(imported, files):
    poisoned = CODED.replace("I2", "I3").replace("And home?", "POISON")
    (files / "more.csv").write_text(poisoned)
    imported("import", "more.csv", "--codebook", "book.yaml", "--study", "s")

    result = imported("suggest", "--study", "s")

    assert "1 set aside" in result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("Set aside: interview 'I3' at embed_excerpts: ValueError at fakes.py")


def test_coder_of_the_settings_may_change(imported, files):
    imported("suggest", "--study", "s")
    settings = files / "s" / "study.toml"
    settings.write_text(settings.read_text() + '\ncoder = "bob"\n')

    result = imported("suggest", "--study", "s")

    assert "every excerpt is queued for review" in result.stdout


def test_damaged_model_is_fitted_anew(imported, files):
    imported("suggest", "--study", "s")
    (model,) = (files / "s" / "models").iterdir()
    (model / "model.json").write_text("{}")
    (files / "more.csv").write_text(CODED.replace("I2", "I3"))
    imported("import", "more.csv", "--codebook", "book.yaml", "--study", "s")

    result = imported("suggest", "--study", "s")

    assert "Made" in result.stdout


def test_export_among_the_studys_own_files_is_refused(imported):
    result = imported("export", "--to", "s/study.db", "--study", "s", "--force", code=1)

    assert "lies among the study's own files" in result.stderr


def test_folder_name_with_a_question_mark_holds_its_database(themeloop, files):
    themeloop("init", "--study", "what?")

    assert (files / "what?" / "study.db").exists()
    assert not (files / "what").exists()


def test_second_codebook_is_told(imported, files):
    (files / "other.yaml").write_text(
        "codes:\n  - {key: trust, name: Trust, definition: could count on the worker}\n"
    )
    (files / "more.csv").write_text(CODED.replace("change;", "").replace("I", "J"))

    result = imported("import", "more.csv", "--codebook", "other.yaml", "--study", "s")

    assert "The codebook is version 2 now. It no longer has: change." in result.stdout


def test_demo_of_a_real_study_is_refused(imported):
    result = imported("demo", "--no-serve", "--study", "s", code=1)

    assert result.stderr == "Error: s is a study of its own: themeloop up --study s\n"
