import os

import pytest

from study.whole_files import replace_file


def test_file_is_replaced_and_its_owners_alone(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("old")
    path.chmod(0o644)

    replace_file(path, "één\r\nregel")

    assert path.read_bytes().decode() == "één\r\nregel"
    assert path.stat().st_mode & 0o777 == 0o600


def test_file_that_cannot_be_written_stays_as_it_was_and_no_draft_is_left(tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_text("old")

    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)

    with pytest.raises(OSError, match="No space"):
        replace_file(path, "new")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("list.csv", "old")]
