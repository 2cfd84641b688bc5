"""Models are arrays and JSON under the name of their SHA-256; nothing is unpickled."""

import hashlib
import io
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from study import model_files
from study.errors import StudyError
from study.model_files import check_model, load_model, save_model

ARRAYS = {"centres": np.eye(3, dtype=np.float32), "spread": np.array([1.0, 2.5])}
FACTS = {"method": "similarity", "languages": ["nl", "en"], "note": "é 🙂"}

any_array = st.sampled_from([np.float32, np.float64, np.int64, np.uint8]).flatmap(
    lambda kind: hnp.arrays(kind, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)


@given(st.dictionaries(st.sampled_from("abcd"), any_array))
def test_model_reads_back_as_it_was_saved(tmp_path, arrays):
    name = save_model(tmp_path, arrays, FACTS)

    found, facts = load_model(tmp_path, name)

    assert facts == FACTS
    assert found.keys() == arrays.keys()
    for key, array in arrays.items():
        assert (found[key].dtype, found[key].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(found[key], array)


def test_same_content_is_written_once(tmp_path):
    name = save_model(tmp_path, ARRAYS, FACTS)
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / name).iterdir()}

    transposed = {key: np.asfortranarray(array) for key, array in reversed(ARRAYS.items())}
    again = save_model(tmp_path, transposed, dict(reversed(FACTS.items())))

    assert again == name
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / name).iterdir()} == written


@pytest.mark.parametrize(
    ("arrays", "facts"),
    [
        ({**ARRAYS, "spread": np.array([1.0, 2.6])}, FACTS),
        ({**ARRAYS, "more": np.zeros(1)}, FACTS),
        ({"centers": ARRAYS["centres"], "spread": ARRAYS["spread"]}, FACTS),
        (ARRAYS, {**FACTS, "note": ""}),
    ],
)
def test_other_content_has_another_name(tmp_path, arrays, facts):
    assert save_model(tmp_path, arrays, facts) != save_model(tmp_path, ARRAYS, FACTS)


@pytest.mark.parametrize("file", ["centres.npy", "model.json"])
def test_changed_byte_is_noticed(tmp_path, file):
    name = save_model(tmp_path, ARRAYS, FACTS)
    assert check_model(tmp_path, name)
    path = tmp_path / name / file
    content = bytearray(path.read_bytes())
    content[-2] ^= 1

    path.write_bytes(content)

    assert not check_model(tmp_path, name)
    with pytest.raises(StudyError, match=f"{name[:12]} is missing or was changed"):
        load_model(tmp_path, name)


def test_missing_and_added_files_are_noticed(tmp_path):
    name = save_model(tmp_path, ARRAYS, FACTS)
    (tmp_path / name / "more.npy").write_bytes(b"")
    assert not check_model(tmp_path, name)
    (tmp_path / name / "more.npy").unlink()

    (tmp_path / name / "spread.npy").unlink()

    assert not check_model(tmp_path, name)


def test_missing_model_is_told(tmp_path):
    assert not check_model(tmp_path, "0" * 64)
    with pytest.raises(StudyError, match="000000000000 is missing"):
        load_model(tmp_path, "0" * 64)


class Trap:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


def test_pickled_array_is_refused_though_its_name_is_right(tmp_path):
    buffer = io.BytesIO()
    np.save(buffer, np.array([Trap(tmp_path / "mark")], dtype=object), allow_pickle=True)
    contents = {"model.json": b"{}", "trap.npy": buffer.getvalue()}
    digest = hashlib.sha256()
    for file, content in sorted(contents.items()):
        digest.update(f"{file}\x1f{len(content)}\x1f".encode() + content)
    folder = tmp_path / digest.hexdigest()
    folder.mkdir()
    for file, content in contents.items():
        (folder / file).write_bytes(content)

    assert check_model(tmp_path, folder.name)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_model(tmp_path, folder.name)

    assert not (tmp_path / "mark").exists()


def test_array_of_objects_is_not_saved(tmp_path):
    with pytest.raises(ValueError, match="allow_pickle=False"):
        save_model(tmp_path, {"objects": np.array([{}], dtype=object)}, {})

    assert list(tmp_path.iterdir()) == []


def test_draft_of_a_killed_run_is_not_believed(tmp_path, monkeypatch):
    def die(*_paths):
        raise KeyboardInterrupt

    monkeypatch.setattr(model_files.os, "rename", die)
    with pytest.raises(KeyboardInterrupt):
        save_model(tmp_path, ARRAYS, FACTS)
    monkeypatch.undo()
    (draft,) = tmp_path.iterdir()
    assert draft.name.startswith(".draft-")

    name = save_model(tmp_path, ARRAYS, FACTS)

    assert check_model(tmp_path, name)
    assert not check_model(tmp_path, draft.name)


def test_model_that_another_run_wrote_a_moment_earlier_stays(tmp_path, monkeypatch):
    rename = os.rename

    def lose_the_race(draft, target):
        monkeypatch.undo()
        save_model(tmp_path, ARRAYS, FACTS)
        rename(draft, target)

    monkeypatch.setattr(model_files.os, "rename", lose_the_race)

    name = save_model(tmp_path, ARRAYS, FACTS)

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert check_model(tmp_path, name)


def test_model_that_was_left_half_written_is_made_anew(tmp_path):
    name = save_model(tmp_path, ARRAYS, FACTS)
    (tmp_path / name / "spread.npy").write_bytes(b"")

    assert save_model(tmp_path, ARRAYS, FACTS) == name

    assert check_model(tmp_path, name)
