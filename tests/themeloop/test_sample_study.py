"""Facts about the SYNTHETIC sample study."""

import csv
import re

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from codebook.reader import read_codebook
from codebook.shipped import shipped_codebook_path
from pipeline.identifying.gazetteer import read_gazetteer
from pipeline.order import suggest_in_order
from pipeline.run import open_work
from pipeline.transcripts.coded_csv import read_coded_csv, write_coded_csv
from pipeline.transcripts.reader import read_transcript
from pipeline.transcripts.suggestions_csv import write_suggestions_csv
from pipeline.work import call_plainly
from study import tables as t
from study.codings import read_coded_rows
from study.errors import StudyError
from study.folder import create_study
from study.inbox_files import count_files
from study.settings import Settings
from study.stored_names import list_stored_texts
from study.suggestions import read_current_suggestions
from study.transcripts import list_transcripts
from tests.fakes import NOW, encoder  # noqa: F401 - a fixture
from themeloop.cli import main
from themeloop.sample_study import import_sample_codings, open_sample, sample_folder

INTERVIEWS = sorted((sample_folder() / "interviews").iterdir())
NOT_LISTED = ("Corrie", "Joyce", "Brinkhorst")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample study, taken through the pipeline with a fake encoder."""
    from pipeline import embed  # noqa: PLC0415
    from tests.fakes import WordEncoder  # noqa: PLC0415

    patch = pytest.MonkeyPatch()
    words = WordEncoder()
    patch.setattr(embed, "the_encoder", lambda _name: words)
    study = open_sample(tmp_path_factory.mktemp("demo") / "sample")
    with open_work(study.folder) as work:
        suggest_in_order(call_plainly, work)
    import_sample_codings(study)
    yield study
    study.database.close()
    patch.undo()


def held_by(study):
    with study.database.read() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in t.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        )


def exports_of(study):
    with study.database.read() as connection:
        return [
            write_coded_csv(read_coded_rows(connection)),
            write_suggestions_csv(read_current_suggestions(connection)),
        ]


@pytest.mark.parametrize("file", INTERVIEWS, ids=lambda file: file.name)
def test_every_file_says_that_it_is_synthetic(file):
    words = "".join(
        (file.read_text(encoding="utf-8-sig") if file.suffix != ".docx" else "")
        + " ".join(turn.text for turn in read_transcript(file).turns)
    )

    assert re.search("synthetis|synthetic", words, re.IGNORECASE)


def test_there_are_at_least_eight_interviews_of_both_languages_and_three_formats():
    with (sample_folder() / "interviews.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == len(INTERVIEWS) >= 8
    assert {row["language"] for row in rows} == {"nl", "en"}
    assert {file.suffix for file in INTERVIEWS} == {".docx", ".vtt", ".txt"}


def test_sample_study_is_of_a_stance_that_shows_every_figure(sample):
    assert sample.settings.stance == "coding reliability"


def test_every_interview_is_taken_in_and_has_suggestions(sample):
    with sample.database.read() as connection:
        assert count_files(connection) == {"taken": len(INTERVIEWS)}
        suggested = {placed.interview for placed in read_current_suggestions(connection)}
        assert suggested == {each.interview for each in list_transcripts(connection)}


def stands_in(name, text):
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def test_no_name_of_the_gazetteer_is_in_the_database_or_an_export(sample):
    held = "\n".join([held_by(sample), *exports_of(sample)])
    gazetteer = read_gazetteer(sample_folder() / "gazetteer.csv")
    names = {name for entry in gazetteer.entries for name in entry.names}

    # Two people of P05 and P08 are called what are verbs in others' interviews: "Wil je eerst …".
    assert {name for name in names if stands_in(name, held)} == {"Ben", "Wil"}


def test_no_name_of_a_participants_people_is_in_their_own_transcripts(sample):
    gazetteer = read_gazetteer(sample_folder() / "gazetteer.csv")
    with sample.database.read() as connection:
        stored = list_stored_texts(connection)

    found = [
        (each.interview, name)
        for each in stored
        for entry in gazetteer.of(*each.participants)
        for name in entry.names
        if stands_in(name, each.text)
    ]

    assert found == []


def test_names_that_were_left_off_the_list_on_purpose_are_there_for_a_person_to_find(sample):
    held = held_by(sample)

    assert all(name in held for name in NOT_LISTED)


def test_whatever_is_made_from_it_is_stamped_synthetic(sample):
    codings, suggestions = exports_of(sample)

    for export in (codings, suggestions):
        rows = list(csv.DictReader(export.splitlines()))
        assert {row["dataset"] for row in rows} == {"SYNTHETIC"}


def test_status_says_that_the_study_is_synthetic(sample):
    told = CliRunner().invoke(main, ["status", "--study", str(sample.folder)]).stdout

    assert "SYNTHETIC: the interviews are invented." in told


def test_all_that_the_two_coders_coded_is_placed_on_the_transcripts(sample):
    codebook = read_codebook(shipped_codebook_path())
    coded = read_coded_csv(sample_folder() / "codings.csv", codebook.by_key)

    with sample.database.read() as connection:
        rows = read_coded_rows(connection)

    assert len(rows) == sum(len(interview.codings) for interview in coded)
    given = sorted(sorted(coding.keys) for each in coded for coding in each.codings)
    assert sorted(sorted(row.keys) for row in rows) == given


def test_sample_study_is_opened_again_as_it_is(sample):
    again = open_sample(sample.folder)

    assert list((again.folder / "inbox").iterdir()) != []
    with again.database.read() as connection:
        assert count_files(connection) == {"taken": len(INTERVIEWS)}
    again.database.close()


def test_folder_of_another_study_is_refused(tmp_path):
    create_study(tmp_path / "mine", Settings(), now=NOW).database.close()

    with pytest.raises(StudyError, match="is a study of its own"):
        open_sample(tmp_path / "mine")


def test_key_file_of_an_earlier_sample_is_never_overwritten(tmp_path):
    (tmp_path / "sample.key").write_text("somebody's")

    open_sample(tmp_path / "sample").database.close()

    assert (tmp_path / "sample.key").read_text() == "somebody's"
    assert (tmp_path / "sample-2.key").exists()
