import os
import stat
from pathlib import Path

import pytest

from models.cache import default_cache, is_complete, publish_folder
from models.errors import ModelError


def write_note(folder):
    (folder / "note.txt").write_text("done", encoding="utf-8")


def test_the_cache_follows_xdg_and_falls_back_to_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    named = default_cache()
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    fallback = default_cache()

    assert named == tmp_path / "themeloop"
    assert fallback == Path.home() / ".cache" / "themeloop"


def test_a_published_folder_is_complete_and_only_its_owner_reads_it(tmp_path):
    target = tmp_path / "cache" / "kind" / "model"

    publish_folder(target, write_note)

    assert is_complete(target)
    assert {stat.S_IMODE(each.stat().st_mode) for each in (target, *target.parents[:2])} == {0o700}


def test_a_writer_that_fails_leaves_no_folder(tmp_path):
    def fail(folder):
        write_note(folder)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_folder(tmp_path / "model", fail)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_file_was_cut_short_is_written_again(tmp_path):
    target = tmp_path / "model"
    publish_folder(target, write_note)
    (target / "note.txt").write_text("d", encoding="utf-8")
    was_complete = is_complete(target)

    publish_folder(target, write_note)

    assert not was_complete
    assert is_complete(target)


def test_of_two_that_publish_at_once_both_end_up_fine(tmp_path):
    target = tmp_path / "model"

    def be_overtaken(folder):
        publish_folder(target, write_note)
        write_note(folder)

    publish_folder(target, be_overtaken)

    assert is_complete(target)
    assert [each.name for each in tmp_path.iterdir()] == ["model"]


def test_what_a_dead_process_left_is_swept_but_not_what_a_living_one_writes(tmp_path):
    old, young = tmp_path / ".partial-old", tmp_path / ".partial-young"
    old.mkdir()
    young.mkdir()
    os.utime(old, (0, 0))

    publish_folder(tmp_path / "model", write_note)

    assert not old.exists()
    assert young.exists()


def test_a_cache_that_cannot_be_written_gives_one_line(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ModelError, match="cannot be written") as raised:
        publish_folder(tmp_path / "file" / "model", write_note)

    assert "\n" not in str(raised.value)


def test_a_rename_that_fails_for_another_reason_is_reported(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)

    with pytest.raises(ModelError, match="Permission denied"):
        publish_folder(tmp_path / "model", write_note)
