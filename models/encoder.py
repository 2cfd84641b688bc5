"""Turns texts into vectors by the encoder that the settings name, the fastest way that is exact."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from models import reference, verdict
from models.cache import default_cache
from models.e5 import convert_e5
from models.errors import ModelError
from models.identity import (
    DEFAULT_ENCODER,
    MINILM,
    EncoderIdentity,
    as_folder,
    hub_snapshot,
    identify_encoder,
    split_name,
)
from models.packages import MINILM_TOKENIZER, MINILM_WEIGHTS, locate_verified
from models.vectors import FloatArray, unit_rows

__all__ = [
    "DEFAULT_ENCODER",
    "Encoder",
    "EncoderIdentity",
    "FloatArray",
    "default_cache",
    "explain_slowness",
    "fits_window",
    "identify_encoder",
    "load_encoder",
]


class Encoder(Protocol):
    """What turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return one vector a text, in the order of the texts.

        Args:
            texts: Any length; what exceeds the window is heard too. Blank texts are allowed.

        Returns:
            (n, dim) float32, rows finite and of length 1; (0, dim) for no texts.
        """
        ...


@runtime_checkable
class WindowedEncoder(Encoder, Protocol):
    """An encoder that knows how much it hears at once."""

    def fits_window(self, texts: Sequence[str]) -> list[bool]:
        """Tell of each text whether one window holds it, prefix and special tokens counted."""
        ...


class JoinedEncoder:
    """Several encoders side by side; each has the same say in a cosine."""

    def __init__(self, parts: Sequence[Encoder]) -> None:
        self._parts = tuple(parts)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return (n, sum of dims) float32 rows of length 1."""
        return unit_rows(np.concatenate([part.encode(texts) for part in self._parts], axis=1))

    def fits_window(self, texts: Sequence[str]) -> list[bool]:
        """Tell of each text whether every part hears it in one window."""
        by_part = [fits_window(part, texts) for part in self._parts]
        return [all(fits) for fits in zip(*by_part, strict=True)]


def fits_window(encoder: Encoder, texts: Sequence[str]) -> list[bool]:
    """Tell of each text whether an encoder hears it at once; one that knows no limit hears all."""
    if isinstance(encoder, WindowedEncoder):
        return encoder.fits_window(texts)
    return [True] * len(texts)


def load_encoder(name: str, *, cache: Path | None = None) -> Encoder:
    """Load the encoder of this name; the first time, convert and check it (some 30 seconds).

    Args:
        name: `DEFAULT_ENCODER`, `all-MiniLM-L6-v2`, a sentence-transformers folder, a hub name
            (the only case in which a network is used), or several of these joined by '+'.
        cache: Where conversions are kept; `default_cache()` if None.

    Raises:
        ModelError: There is no such encoder, its files are damaged, or the cache is not writable.
    """
    folder = cache or default_cache()
    parts = [_load_one(part, folder) for part in split_name(name)]
    return parts[0] if len(parts) == 1 else JoinedEncoder(parts)


def explain_slowness(name: str, *, cache: Path | None = None) -> str:
    """Say why an encoder does without the fast path; empty where it has it or was never loaded.

    Loads no model and imports no machine-learning library.

    Args:
        name: As `load_encoder` takes it.
        cache: Where conversions are kept; `default_cache()` if None.

    Raises:
        ModelError: There is no such encoder.
    """
    folder = cache or default_cache()
    verdicts = [verdict.read_verdict(_fast_folder(part, folder)) for part in split_name(name)]
    return " ".join(dict.fromkeys(each.reason for each in verdicts if each and each.reason))


def _load_one(name: str, cache: Path) -> Encoder:
    known = verdict.read_verdict(_fast_folder(name, cache))
    if known and known.is_fast:
        return verdict.load_fast(_fast_folder(name, cache))
    original = _load_original(name, cache)
    if known:
        return original
    # Told again: a hub model's commit is known only now that it is on this machine.
    folder = _fast_folder(name, cache)
    verdict.judge(original, folder)
    judged = verdict.read_verdict(folder)
    return verdict.load_fast(folder) if judged and judged.is_fast else original


def _fast_folder(name: str, cache: Path) -> Path:
    return verdict.fast_folder(cache, identify_encoder(name).revision)


def _load_original(name: str, cache: Path) -> reference.ReferenceEncoder:
    if name == DEFAULT_ENCODER:
        folder = convert_e5(cache / "folders" / f"{name}-{identify_encoder(name).revision[:24]}")
    elif name == MINILM:
        locate_verified(MINILM_TOKENIZER)
        folder = locate_verified(MINILM_WEIGHTS).parent
    else:
        return _load_named(name)
    return reference.load_reference(str(folder), allow_network=False)


def _load_named(name: str) -> reference.ReferenceEncoder:
    if folder := as_folder(name):
        return reference.load_reference(str(folder), allow_network=False)
    if snapshot := hub_snapshot(name):
        try:
            return reference.load_reference(str(snapshot), allow_network=False)
        except ModelError:
            # A download that was broken off; fetching it again completes it.
            pass
    return reference.load_reference(name, allow_network=True)
