"""Which encoder a name stands for, told without loading it."""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import e5
from models.errors import ModelError
from models.packages import (
    E5_WEIGHTS,
    MINILM_TOKENIZER,
    MINILM_WEIGHTS,
    hash_file,
    revision_of,
)

DEFAULT_ENCODER = "multilingual-e5-small"
MINILM = "all-MiniLM-L6-v2"

_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


@dataclass(frozen=True)
class EncoderIdentity:
    """What to store beside a vector.

    Attributes:
        name: As the settings name it.
        revision: SHA-256 over weights, tokenizer and this room's own treatment; of a hub model,
            over its name, and its commit once that is on this machine.
        max_tokens: The window, special tokens and prefix included; None if unknown or unlimited.
    """

    name: str
    revision: str
    max_tokens: int | None


_PACKAGED = {
    DEFAULT_ENCODER: EncoderIdentity(
        name=DEFAULT_ENCODER,
        revision=revision_of(E5_WEIGHTS.sha256),
        max_tokens=e5.MAX_TOKENS,
    ),
    MINILM: EncoderIdentity(
        name=MINILM,
        revision=revision_of(MINILM_WEIGHTS.sha256, MINILM_TOKENIZER.sha256),
        max_tokens=256,
    ),
}


def split_name(name: str) -> list[str]:
    """Split joined names at '+'; a folder whose own name has one stays whole.

    Raises:
        ModelError: A name is missing beside a '+'.
    """
    if as_folder(name):
        return [name]
    parts = [part.strip() for part in name.split("+")]
    if not all(parts):
        raise ModelError(
            f"The encoder name '{name}' is not complete. Expected one name, or several joined by "
            f"'+', such as '{DEFAULT_ENCODER}+{MINILM}'."
        )
    return parts


def as_folder(name: str) -> Path | None:
    """Return the folder that a name stands for, or None; packaged names are never folders."""
    if not name or name in _PACKAGED:
        return None
    folder = Path(name).expanduser()
    return folder.resolve() if folder.is_dir() else None


def identify_encoder(name: str) -> EncoderIdentity:
    """Tell an encoder's identity; loads no model and imports no machine-learning library.

    Raises:
        ModelError: The name is neither packaged, nor a folder, nor a possible hub name.
    """
    parts = [_identify_one(part) for part in split_name(name)]
    if len(parts) == 1:
        return parts[0]
    limits = [part.max_tokens for part in parts if part.max_tokens is not None]
    return EncoderIdentity(
        name=name,
        revision=revision_of(*(part.revision for part in parts)),
        max_tokens=min(limits, default=None),
    )


def _identify_one(name: str) -> EncoderIdentity:
    if name in _PACKAGED:
        return _PACKAGED[name]
    if folder := as_folder(name):
        return EncoderIdentity(name, revision_of(_hash_folder(folder)), _read_limit(folder))
    if not _HUB_NAME.fullmatch(name):
        raise ModelError(
            f"The encoder '{name}' is neither a folder nor a possible hub name. Expected "
            f"'{DEFAULT_ENCODER}', '{MINILM}', a sentence-transformers folder, or 'owner/model'."
        )
    snapshot = hub_snapshot(name)
    if snapshot is None:
        return EncoderIdentity(name, revision_of("hub", name), None)
    return EncoderIdentity(name, revision_of("hub", name, snapshot.name), _read_limit(snapshot))


def hub_snapshot(name: str) -> Path | None:
    """Return the folder in Hugging Face's cache that holds a hub model, or None."""
    # sentence-transformers reads a name without an owner as one of its own.
    full_name = name if "/" in name else f"sentence-transformers/{name}"
    model = _hub_cache() / f"models--{full_name.replace('/', '--')}"
    try:
        commit = (model / "refs" / "main").read_text(encoding="ascii").strip()
    except OSError:
        return None
    snapshot = model / "snapshots" / commit
    return snapshot if snapshot.is_dir() else None


def _hub_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{base}/huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()


def _hash_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{hash_file(path)}\n".encode())
    return digest.hexdigest()


def _read_limit(folder: Path) -> int | None:
    # The order in which sentence-transformers itself looks.
    if limit := _read_settings(folder / "sentence_bert_config.json").get("max_seq_length"):
        return int(limit)
    limits = [
        _read_settings(folder / "tokenizer_config.json").get("model_max_length"),
        _read_settings(folder / "config.json").get("max_position_embeddings"),
    ]
    # Tokenizers without a limit say 10**30.
    return min((int(each) for each in limits if each and each < 1_000_000), default=None)


def _read_settings(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return settings if isinstance(settings, dict) else {}
