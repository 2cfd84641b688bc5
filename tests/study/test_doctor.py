"""Every check finds what it is there for, and mends what is derived."""

import numpy as np
import pytest
import sqlalchemy as sa

from study import tables as t
from study.database import Database
from study.doctor import examine_study, find_drift, rebuild_queue
from study.folder import open_study
from study.model_files import save_model
from tests.study.synthetic import activate_model, import_coded, make_interview, suggest_all


@pytest.fixture
def sound_study(study):
    """A study with a queue and a model on disk, of which nothing is wrong."""
    import_coded(study, make_interview(keys=("trust",)))
    sha256 = save_model(study.folder / "models", {"a": np.zeros(2)}, {})
    with study.database.write() as connection:
        suggest_all(connection, activate_model(connection, sha256))
    return study


def test_nothing_is_found_in_a_sound_study(sound_study):
    assert examine_study(sound_study) == []


def test_folder_that_is_open_to_others_is_closed(sound_study):
    sound_study.folder.chmod(0o755)

    (finding,) = examine_study(sound_study)

    assert (finding.check, finding.is_mended) == ("folder", True)
    assert "mode 755" in finding.message
    assert sound_study.folder.stat().st_mode & 0o777 == 0o700


def test_queue_items_that_drifted_are_derived_anew(sound_study):
    with sound_study.database.write() as connection:
        drifted = connection.execute(
            sa.select(t.queue_item.c.coder_id, t.queue_item.c.excerpt_id).limit(2)
        ).all()
        for coder_id, excerpt_id in drifted:
            mine = (t.queue_item.c.coder_id == coder_id, t.queue_item.c.excerpt_id == excerpt_id)
            connection.execute(sa.update(t.queue_item).where(*mine).values(n_given=4))
        assert sorted(find_drift(connection)) == sorted(map(tuple, drifted))

    findings = rebuild_queue(sound_study)

    assert [(finding.check, finding.is_mended) for finding in findings] == [("queue", True)]
    assert findings[0].message.startswith("2 queue items")
    assert examine_study(sound_study) == []


def test_excerpts_whose_words_changed_are_found(sound_study):
    with sound_study.database.write() as connection:
        text = connection.scalar(sa.select(t.transcript_version.c.text))
        connection.execute(
            sa.update(t.transcript_version).values(text=text.replace("calmer", "louder"))
        )

    (finding,) = examine_study(sound_study)

    assert (finding.check, finding.is_mended) == ("excerpts", False)
    assert finding.message.startswith("1 excerpts of transcript")
    assert "louder" not in finding.message


@pytest.mark.parametrize("is_missing", [True, False])
def test_model_that_is_missing_or_was_changed_is_found(sound_study, is_missing):
    (folder,) = (sound_study.folder / "models").iterdir()
    if is_missing:
        folder.rename(sound_study.folder / "elsewhere")
    else:
        (folder / "a.npy").write_bytes(b"other")

    (finding,) = examine_study(sound_study)

    assert (finding.check, finding.is_mended) == ("models", False)
    assert folder.name[:12] in finding.message


def test_damaged_database_is_found(sqlite, tmp_path):
    with sqlite.new_study(tmp_path / "study") as study:
        import_coded(study, make_interview())
        promise_what_is_not_so(study.database)
    study = open_study(study.folder)

    (finding,) = examine_study(study)
    study.database.close()

    assert (finding.check, finding.is_mended) == ("database", False)


def promise_what_is_not_so(database: Database):
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, 'held_on TEXT', 'held_on TEXT NOT NULL') "
            "WHERE name = 'interview'"
        )
