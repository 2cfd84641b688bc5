"""Models on disk: arrays and JSON in a folder named by their SHA-256; nothing is unpickled."""

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from study.errors import StudyError

Arrays = Mapping[str, npt.NDArray[Any]]


def save_model(folder: Path, arrays: Arrays, facts: Mapping[str, Any]) -> str:
    """Write arrays and facts; give the SHA-256 that names them. Writing the same again is one."""
    contents = {f"{name}.npy": _array_bytes(array) for name, array in sorted(arrays.items())}
    contents["model.json"] = json.dumps(dict(facts), sort_keys=True, indent=1).encode()
    sha256 = _hash(contents)
    target = folder / sha256
    if check_model(folder, sha256):
        return sha256
    # What a power loss left half written is made anew.
    shutil.rmtree(target, ignore_errors=True)
    # Written beside and renamed, so that a killed run leaves no half model under its name.
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    for name, content in contents.items():
        _write_durably(draft / name, content)
    try:
        os.rename(draft, target)
    except OSError:
        # Another run wrote the same model a moment earlier.
        shutil.rmtree(draft)
    return sha256


def load_model(folder: Path, sha256: str) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Read a model's arrays and facts.

    Raises:
        StudyError: It is missing, or is not what its name says.
    """
    contents = _contents(folder / sha256)
    if _hash(contents) != sha256:
        raise StudyError(
            f"Model {sha256[:12]} is missing or was changed. Restore the folder models/ from "
            "a copy of the study."
        )
    facts = json.loads(contents.pop("model.json"))
    arrays = {
        name.removesuffix(".npy"): np.load(io.BytesIO(content), allow_pickle=False)
        for name, content in contents.items()
    }
    return arrays, facts


def delete_model(folder: Path, sha256: str) -> None:
    """Delete a model's files; one that is gone already is no error."""
    shutil.rmtree(folder / sha256, ignore_errors=True)


def delete_other_models(folder: Path, kept: Collection[str]) -> None:
    """Delete whatever is in the folder, drafts too, but the models kept, named by their SHA-256."""
    for path in folder.glob("*"):
        if path.name in kept:
            continue
        if path.is_dir() and not path.is_symlink():
            delete_model(folder, path.name)
        else:
            path.unlink(missing_ok=True)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def check_model(folder: Path, sha256: str) -> bool:
    """Tell whether a model is there and is what its name says."""
    return _hash(_contents(folder / sha256)) == sha256


def _contents(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _array_bytes(array: npt.NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    # Not ascontiguousarray: it makes a list of a single number.
    np.save(buffer, np.asarray(array, order="C"), allow_pickle=False)
    return buffer.getvalue()


def _hash(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\x1f{len(content)}\x1f".encode())
        digest.update(content)
    return digest.hexdigest()
