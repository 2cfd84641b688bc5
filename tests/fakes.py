"""A fake encoder for tests in which meaning does not matter, and the moment they happen at."""

import hashlib
from datetime import UTC, datetime

import numpy as np
import pytest

from models.vectors import unit_rows
from pipeline import embed

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class WordEncoder:
    """Encodes a text as the sum of its words' directions, and remembers what it was given."""

    def __init__(self):
        self.calls = []

    def encode(self, texts):
        """Encode texts; one that says POISON fails."""
        self.calls.append(list(texts))
        if any("POISON" in text for text in texts):
            raise ValueError(f"cannot encode {texts}")
        return unit_rows(np.array([self._sum(text) for text in texts], dtype=np.float32))

    def _sum(self, text):
        vectors = [self._direction(word) for word in text.lower().split()]
        return np.sum(vectors or [self._direction("")], axis=0)

    def _direction(self, word):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
        return np.random.default_rng(seed).normal(size=32)


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture
def encoder(monkeypatch):
    words = WordEncoder()
    monkeypatch.setattr(embed, "the_encoder", lambda _name: words)
    return words
