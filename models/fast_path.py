"""The same vectors several times faster: OpenVINO on a model converted and checked once."""

import hashlib
import importlib
import json
import platform
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from models.cache import is_complete, publish_folder
from models.errors import ModelError
from models.reference import quiet
from models.vectors import FloatArray, smallest_cosine, unit_rows
from models.windows import (
    TokenRules,
    cut_windows,
    is_within_window,
    make_batches,
    pad_batch,
    pool_windows,
)

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest
    from tokenizers import Tokenizer

    from models.reference import ReferenceEncoder

MIN_COSINE = 0.999
# Small enough that one interview keeps every core busy, large enough to be worth a call.
MAX_BATCH_TOKENS = 512

_GRAPH, _TOKENIZER, _VERDICT = "model.xml", "tokenizer.json", "verdict.json"
_ENGLISH = "When the worker came back, my mother asked her why nobody had called us before."
_DUTCH = "Ik vertrouwde haar pas toen ze écht luisterde; daarna durfden we alles te vertellen."


@dataclass(frozen=True)
class Verdict:
    """Whether this machine's OpenVINO may stand in for the reference.

    Attributes:
        is_fast: True if it may.
        min_cosine: Lowest cosine to the reference on the probe; None if it could not be measured.
        reason: Empty, or why not.
        dim: Length of a vector.
        rules: How the encoder wants its tokens.
    """

    is_fast: bool
    min_cosine: float | None
    reason: str
    dim: int
    rules: TokenRules


class FastEncoder:
    """Encodes with OpenVINO and `tokenizers`, without torch."""

    def __init__(self, compiled: "CompiledModel", tokenizer: "Tokenizer", verdict: Verdict) -> None:
        self._compiled = compiled
        self._tokenizer = tokenizer
        self._rules = verdict.rules
        self._dim = verdict.dim

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return (n, dim) float32 rows of length 1, in the order of the texts.

        Equal lists give equal bits. Half-precision arithmetic moves a text's vector by up to 8e-4 a
        component with the texts beside it: encode one interview at a time, in a fixed order.
        """
        windows = cut_windows(self._token_ids(texts), self._rules)
        return pool_windows(unit_rows(self._run(windows.ids)), windows)

    def fits_window(self, texts: Sequence[str]) -> list[bool]:
        """Tell of each text whether one window holds it, prefix and special tokens counted."""
        return [is_within_window(ids, self._rules) for ids in self._token_ids(texts)]

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        prefixed = [self._rules.prefix + text.strip() for text in texts]
        return [each.ids for each in self._tokenizer.encode_batch_fast(prefixed)]

    def _run(self, ids: list[list[int]]) -> FloatArray:
        vectors = np.zeros((len(ids), self._dim), dtype=np.float32)
        pending: deque[tuple[InferRequest, list[int]]] = deque()
        idle = self._make_requests()
        for rows in make_batches(ids, max_batch_tokens=MAX_BATCH_TOKENS):
            request = idle.pop() if idle else _collect(pending, vectors)
            padded, mask = pad_batch([ids[row] for row in rows], pad_id=self._rules.pad_id)
            request.start_async({"input_ids": padded, "attention_mask": mask})
            pending.append((request, rows))
        while pending:
            _collect(pending, vectors)
        return vectors

    def _make_requests(self) -> "list[InferRequest]":
        # Requests of its own for each call let two threads share one encoder. Two for each stream:
        # one is filled while the other runs. No AsyncInferQueue: a run with one for each call once
        # stood still for good; its callbacks need Python's lock on OpenVINO's own threads.
        n_streams = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        return [self._compiled.create_infer_request() for _ in range(2 * n_streams)]


def _collect(
    pending: "deque[tuple[InferRequest, list[int]]]", vectors: FloatArray
) -> "InferRequest":
    request, rows = pending.popleft()
    request.wait()
    vectors[rows] = request.get_output_tensor(0).data
    return request


def fast_folder(cache: Path, revision: str) -> Path:
    """Return where this machine's verdict on an encoder belongs.

    A verdict holds for one OpenVINO on one kind of processor: a cache may be on a shared home.
    """
    runtime = f"{_openvino_version()} {_describe_processor()}"
    mark = hashlib.sha256(runtime.encode()).hexdigest()[:8]
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
    publish_folder(folder, lambda partial: _convert_and_compare(reference, partial))


def load_fast(folder: Path) -> FastEncoder:
    """Load a conversion whose verdict says it is fast.

    Raises:
        ModelError: There is none in this folder.
    """
    verdict = read_verdict(folder)
    if verdict is None or not verdict.is_fast:
        raise ModelError(
            f"The folder '{folder.name}' of the encoder cache holds no conversion that passed its "
            "check. Expected one: load the encoder by its name."
        )
    return _load(folder, verdict)


def _convert_and_compare(reference: "ReferenceEncoder", partial: Path) -> None:
    expected = reference.encode(probe_texts())
    dim, rules = expected.shape[1], reference.rules
    trial = Verdict(is_fast=True, min_cosine=None, reason="", dim=dim, rules=rules)
    try:
        _convert(reference, partial)
        cosine = smallest_cosine(_load(partial, trial).encode(probe_texts()), expected)
        is_fast = cosine >= MIN_COSINE
        reason = "" if is_fast else f"minimum cosine under {MIN_COSINE}"
        verdict = Verdict(is_fast, cosine if np.isfinite(cosine) else None, reason, dim, rules)
    # What an unsuitable model makes of torch's tracer and OpenVINO: the reference does the work.
    except (ImportError, RuntimeError, TypeError, ValueError, AttributeError, KeyError) as error:
        verdict = Verdict(False, None, type(error).__name__, dim, rules)
    if not verdict.is_fast:
        for path in partial.iterdir():
            path.unlink()
    (partial / _VERDICT).write_text(json.dumps(asdict(verdict), indent=1), encoding="utf-8")


def probe_texts() -> list[str]:
    """Return the texts of the check: from one word to several windows, emoji, Dutch, nothing."""
    words = f"{_ENGLISH} {_DUTCH}".split()
    sized = [" ".join((words * 20)[:n_words]) for n_words in (1, 90, 150, 200, 450)]
    return [*sized, _DUTCH, "Fijn dat ze luisterde 😀👩‍👧 en bleef ❤️", _ENGLISH, ""]


def _convert(reference: "ReferenceEncoder", folder: Path) -> None:
    openvino = _import_openvino()
    module, example = reference.traceable()
    shapes = [(name, [-1, -1], openvino.Type.i64) for name in ("input_ids", "attention_mask")]
    # The tracer notes each branch on a shape; the comparison is the judge of that.
    with quiet():
        graph = openvino.convert_model(module, example_input=example, input=shapes)
    openvino.save_model(graph, folder / _GRAPH, compress_to_fp16=True)
    (folder / _TOKENIZER).write_text(reference.tokenizer_json(), encoding="utf-8")


def _load(folder: Path, verdict: Verdict) -> FastEncoder:
    from tokenizers import Tokenizer  # noqa: PLC0415  a run with nothing new needs no encoder

    core = _import_openvino().Core()
    graph = core.read_model(folder / _GRAPH)
    # Every core, in streams: batches of like length run side by side, and none waits for all.
    compiled = core.compile_model(graph, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
    tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    # A packaged tokenizer.json truncates at 128 tokens: windows do that work, and drop nothing.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return FastEncoder(compiled, tokenizer, verdict)


def _import_openvino() -> ModuleType:
    # OpenVINO reports each import to Google Analytics, from a process it forks, unless this module
    # cannot be imported; it then runs without. Interviews are on this machine: no network.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    return importlib.import_module("openvino")


def _openvino_version() -> str:
    try:
        return metadata.version("openvino")
    except metadata.PackageNotFoundError:
        return "none"


def _describe_processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    return " ".join(line for line in lines if line.startswith(("model name", "flags", "Features")))
