"""Vectors of texts, each distinct text encoded once."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bench.terminal import Report
from models.encoder import FloatArray, load_encoder

# So often a progress bar moves.
CHUNK = 1_000


@dataclass(frozen=True)
class TextVectors:
    """The vector of each text, and how long encoding all of them took."""

    vectors: FloatArray
    row_of: dict[str, int]
    seconds: float

    def of(self, texts: Iterable[str]) -> FloatArray:
        """Return (n, dim) rows of length 1, in the order of the texts."""
        return self.vectors[[self.row_of[text] for text in texts]]


def encode_once(name: str, texts: Iterable[str], *, report: Report) -> TextVectors:
    """Encode the distinct texts with the encoder of this name.

    Args:
        texts: At least one.
    """
    distinct = list(dict.fromkeys(texts))
    encoder = load_encoder(name)
    started = time.perf_counter()
    parts: list[FloatArray] = []
    for start in range(0, len(distinct), CHUNK):
        report(f"Encoding, {name}", start, len(distinct))
        parts.append(encoder.encode(distinct[start : start + CHUNK]))
    report(f"Encoding, {name}", len(distinct), len(distinct))
    return TextVectors(
        vectors=np.concatenate(parts),
        row_of={text: row for row, text in enumerate(distinct)},
        seconds=time.perf_counter() - started,
    )
