"""Notes what a run splits and encodes, so that the same can be done bare, and made encoders."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import shake_128
from pathlib import Path
from unittest.mock import patch

import numpy as np

from models.encoder import Encoder, FloatArray, fits_window
from models.vectors import unit_rows
from pipeline import embed, segment
from pipeline.linguistics import SplitSentences, sentence_splitter
from study.records import Span

DIM = 384
# As many words as one window of the usual encoder surely holds.
HEARD_WORDS = 250


@dataclass(frozen=True)
class Encoding:
    """The texts of one call of the encoder, and how long it took."""

    texts: list[str]
    seconds: float


@dataclass(frozen=True)
class Record:
    """What a run had split and encoded, call by call."""

    split: list[str] = field(default_factory=list)
    encoded: list[Encoding] = field(default_factory=list)

    @property
    def n_texts(self) -> int:
        """Count the texts encoded."""
        return sum(len(call.texts) for call in self.encoded)

    def write(self, path: Path) -> None:
        """Write it where another process can read it."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


def read_record(path: Path) -> Record:
    """Read what another process wrote."""
    fields = json.loads(path.read_text(encoding="utf-8"))
    return Record(fields["split"], [Encoding(**call) for call in fields["encoded"]])


class RecordingEncoder:
    """Encodes as another encoder does, and notes it."""

    def __init__(self, encoder: Encoder, record: Record) -> None:
        self._encoder = encoder
        self._record = record

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return what the other encoder does."""
        started = time.perf_counter()
        vectors = self._encoder.encode(texts)
        self._record.encoded.append(Encoding(list(texts), time.perf_counter() - started))
        return vectors

    def fits_window(self, texts: Sequence[str]) -> list[bool]:
        """Return what the other encoder does."""
        return fits_window(self._encoder, texts)


class MadeEncoder:
    """Gives each text a direction of its own, drawn from its letters; costs next to nothing."""

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return (n, 384) float32 rows of length 1, the same for the same text."""
        drawn = b"".join(shake_128(text.encode()).digest(DIM) for text in texts)
        bytes_ = np.frombuffer(drawn, dtype=np.uint8).reshape(len(texts), DIM)
        return unit_rows(bytes_.astype(np.float32) - 127.5)

    def fits_window(self, texts: Sequence[str]) -> list[bool]:
        """Tell of each text whether it is short."""
        return [text.count(" ") < HEARD_WORDS for text in texts]


@contextmanager
def encode_with(encoder: Encoder) -> Iterator[None]:
    """Put an encoder in the place of every one that the pipeline would load."""
    with patch.object(embed, "the_encoder", lambda _name: encoder):
        yield


@contextmanager
def recording(encoder: Encoder) -> Iterator[Record]:
    """Note what the pipeline splits and encodes in this process."""
    record = Record()

    def splitter(language: str, trained: str = "") -> SplitSentences:
        split = sentence_splitter(language, trained)

        def split_and_note(text: str) -> list[Span]:
            record.split.append(text)
            return split(text)

        return split_and_note

    with (
        encode_with(RecordingEncoder(encoder, record)),
        patch.object(segment, "sentence_splitter", splitter),
    ):
        yield record
