"""Whether the fast path may stand in for sentence-transformers here: as exact, and no slower."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.cache import is_complete, publish_folder
from models.errors import ModelError
from models.fast_path import (
    SETTINGS,
    FastEncoder,
    convert_graph,
    convert_tokenizer,
    describe_runtime,
    load_converted,
)
from models.vectors import FloatArray, smallest_cosine
from models.windows import TokenRules

if TYPE_CHECKING:
    from models.reference import ReferenceEncoder

MIN_COSINE = 0.999

Encode = Callable[[Sequence[str]], FloatArray]

_VERDICT = "verdict.json"
_ENGLISH = "When the worker came back, my mother asked her why nobody had called us before."
_DUTCH = "Ik vertrouwde haar pas toen ze écht luisterde; daarna durfden we alles te vertellen."
_N_TURNS = 5
_INSTEAD = "sentence-transformers encodes instead"

# What an unsuitable model makes of torch's tracer and OpenVINO: the reference does the work.
_UNSUITABLE = (ImportError, RuntimeError, TypeError, ValueError, AttributeError, KeyError)


@dataclass(frozen=True)
class Verdict:
    """Whether this machine's OpenVINO may stand in for the reference.

    Attributes:
        is_fast: True if it may.
        min_cosine: Lowest cosine to the reference on the probe; None if it could not be measured.
        speed: How many times as fast as the reference on a sample; None if it was not measured.
        reason: Empty, or a sentence that says why not.
        dim: Length of a vector.
        rules: How the encoder wants its tokens.
    """

    is_fast: bool
    min_cosine: float | None
    speed: float | None
    reason: str
    dim: int
    rules: TokenRules


def fast_folder(cache: Path, revision: str) -> Path:
    """Return where this machine's verdict on an encoder belongs.

    A verdict holds for one OpenVINO on one kind of processor: a cache may be on a shared home.
    """
    mark = hashlib.sha256(describe_runtime().encode()).hexdigest()[:8]
    return cache / "fast-path" / f"{revision[:24]}-{mark}"


def read_verdict(folder: Path) -> Verdict | None:
    """Return the verdict in a folder, or None where there is none, or only a damaged one."""
    if not is_complete(folder):
        return None
    fields = json.loads((folder / _VERDICT).read_text(encoding="utf-8"))
    return Verdict(**{**fields, "rules": TokenRules(**fields["rules"])})


def judge(reference: "ReferenceEncoder", folder: Path) -> None:
    """Convert an encoder, compare it with the reference, and publish verdict and conversion.

    Raises:
        ModelError: The cache cannot be written.
    """
    publish_folder(folder, lambda partial: _convert_and_judge(reference, partial))


def load_fast(folder: Path, settings: Mapping[str, str] = SETTINGS) -> FastEncoder:
    """Load a conversion whose verdict says it is fast.

    Args:
        folder: Where it was published.
        settings: OpenVINO's own, by their names.

    Raises:
        ModelError: There is none in this folder.
    """
    verdict = read_verdict(folder)
    if verdict is None or not verdict.is_fast:
        raise ModelError(
            f"The folder '{folder.name}' of the encoder cache holds no conversion that passed its "
            "check. Expected one: load the encoder by its name."
        )
    return load_converted(folder, rules=verdict.rules, dim=verdict.dim, settings=settings)


def _convert_and_judge(reference: "ReferenceEncoder", partial: Path) -> None:
    verdict = _try_conversion(reference, partial)
    if not verdict.is_fast:
        for path in partial.iterdir():
            path.unlink()
    (partial / _VERDICT).write_text(json.dumps(asdict(verdict), indent=1), encoding="utf-8")


def _try_conversion(reference: "ReferenceEncoder", partial: Path) -> Verdict:
    expected = reference.encode(probe_texts())
    dim, rules = expected.shape[1], reference.rules
    try:
        convert_graph(reference, partial)
        convert_tokenizer(reference, partial)
        fast = load_converted(partial, rules=rules, dim=dim)
        cosine = smallest_cosine(fast.encode(probe_texts()), expected)
    except _UNSUITABLE as error:
        return Verdict(False, None, None, _explain(error), dim, rules)
    if not cosine >= MIN_COSINE:
        known = float(cosine) if np.isfinite(cosine) else None
        return Verdict(False, known, None, _explain_cosine(known), dim, rules)
    speed = compare_speed(fast.encode, reference.encode)
    # As fast or faster: without half-precision arithmetic that is not a matter of course.
    reason = "" if speed >= 1 else _explain_speed(speed)
    return Verdict(not reason, cosine, round(speed, 2), reason, dim, rules)


def probe_texts() -> list[str]:
    """Return the texts of the check: from one word to several windows, emoji, Dutch, nothing."""
    emoji = "Fijn dat ze luisterde 😀👩‍👧 en bleef ❤️"
    return [*_sized(1, 90, 150, 200, 450), _DUTCH, emoji, _ENGLISH, ""]


def _sized(*n_words: int) -> Iterator[str]:
    words = f"{_ENGLISH} {_DUTCH}".split() * 20
    return (" ".join(words[:n]) for n in n_words)


def compare_speed(ours: Encode, theirs: Encode) -> float:
    """Tell how many times as fast we encode texts of an interview's lengths, best of some turns."""
    texts = list(_sized(*range(2, 98, 2)))
    seconds = [[_timed(encode, texts) for encode in (ours, theirs)] for _ in range(_N_TURNS)]
    fastest = np.min(seconds, axis=0)
    return float(fastest[1] / fastest[0])


def _timed(encode: Encode, texts: list[str]) -> float:
    started = time.perf_counter()
    encode(texts)
    return time.perf_counter() - started


def _explain(error: Exception) -> str:
    if isinstance(error, ImportError):
        return f"OpenVINO cannot be loaded here. {_INSTEAD}; run 'pip install openvino'."
    kind = type(error).__name__
    return f"OpenVINO cannot take this model or its tokenizer ({kind}). {_INSTEAD}."


def _explain_cosine(cosine: float | None) -> str:
    measured = "no number" if cosine is None else f"{cosine:.4f}"
    return (
        "OpenVINO's vectors on this processor are not those of sentence-transformers: lowest "
        f"cosine {measured}, at least {MIN_COSINE} is wanted. {_INSTEAD}."
    )


def _explain_speed(speed: float) -> str:
    return (
        f"OpenVINO on this processor has {speed:.2f} times the speed of sentence-transformers. "
        f"{_INSTEAD}."
    )
