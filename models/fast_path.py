"""The same vectors several times faster: OpenVINO and `tokenizers` on a model converted once."""

import importlib
import platform
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

import numpy as np

from models.reference import quiet
from models.vectors import FloatArray, unit_rows
from models.windows import (
    TokenRules,
    cut_windows,
    is_within_window,
    make_batches,
    pad_batch,
    pool_windows,
)

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model
    from tokenizers import Tokenizer

    from models.reference import ReferenceEncoder

# Raise it when what `convert` writes changes: conversions made before are then not read.
FORMAT = 2
# Small enough that one interview keeps every core busy, large enough to be worth a call.
MAX_BATCH_TOKENS = 512
# Every core, in streams: batches of like length run side by side, and none waits for all.
SETTINGS: Mapping[str, str] = MappingProxyType({"PERFORMANCE_HINT": "THROUGHPUT"})

_GRAPH, _TOKENIZER = "model.xml", "tokenizer.json"


class FastEncoder:
    """Encodes with OpenVINO and `tokenizers`, without torch."""

    def __init__(
        self, compiled: "CompiledModel", tokenizer: "Tokenizer", *, rules: TokenRules, dim: int
    ) -> None:
        self._compiled = compiled
        self._tokenizer = tokenizer
        self._rules = rules
        self._dim = dim

    @property
    def arithmetic(self) -> str:
        """Name the numbers it computes with: "bf16" or "f16" where the processor has them."""
        return str(self._compiled.get_property("INFERENCE_PRECISION_HINT").to_string())

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return (n, dim) float32 rows of length 1, in the order of the texts.

        Equal lists give equal bits. Half-precision arithmetic moves a text's vector by up to 8e-4 a
        component with the texts beside it: encode one interview at a time, in a fixed order.
        """
        windows = cut_windows(self.token_ids(texts), self._rules)
        return pool_windows(unit_rows(self._run(windows.ids)), windows)

    def fits_window(self, texts: Sequence[str]) -> list[bool]:
        """Tell of each text whether one window holds it, prefix and special tokens counted."""
        return [is_within_window(ids, self._rules) for ids in self.token_ids(texts)]

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text's ids, prefix and special tokens included, never truncated."""
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


def convert_graph(reference: "ReferenceEncoder", folder: Path) -> None:
    """Write the model as OpenVINO reads it, from token ids and mask to unit vectors.

    Raises:
        ImportError, RuntimeError, TypeError, ValueError, AttributeError, KeyError: What torch's
            tracer and OpenVINO make of a model that does not suit them.
    """
    openvino = import_openvino()
    module, example = reference.traceable()
    shapes = [(name, [-1, -1], openvino.Type.i64) for name in ("input_ids", "attention_mask")]
    # The tracer notes each branch on a shape; the comparison is the judge of that.
    with quiet():
        graph = openvino.convert_model(module, example_input=example, input=shapes)
    openvino.save_model(graph, folder / _GRAPH, compress_to_fp16=True)


def convert_tokenizer(reference: "ReferenceEncoder", folder: Path) -> None:
    """Write the tokenizer as `tokenizers` reads it.

    Raises:
        AttributeError: It is not one of that library.
    """
    (folder / _TOKENIZER).write_text(reference.tokenizer_json(), encoding="utf-8")


def load_converted(
    folder: Path, *, rules: TokenRules, dim: int, settings: Mapping[str, str] = SETTINGS
) -> FastEncoder:
    """Load what `convert_graph` and `convert_tokenizer` wrote.

    Args:
        folder: Where they wrote it.
        rules: How the encoder wants its tokens.
        dim: Length of a vector.
        settings: OpenVINO's own, by their names.
    """
    from tokenizers import Tokenizer  # noqa: PLC0415  a run with nothing new needs no encoder

    compiled = import_openvino().Core().compile_model(read_graph(folder), "CPU", dict(settings))
    tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    # A packaged tokenizer.json truncates at 128 tokens: windows do that work, and drop nothing.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return FastEncoder(compiled, tokenizer, rules=rules, dim=dim)


def read_graph(folder: Path) -> "Model":
    """Read the graph that `convert_graph` wrote, not yet compiled."""
    return import_openvino().Core().read_model(folder / _GRAPH)


def import_openvino() -> ModuleType:
    """Import OpenVINO with its telemetry off; the only place that imports it.

    Raises:
        ImportError: It is not installed, or not for this processor.
    """
    # OpenVINO reports each import to Google Analytics, from a process it forks, unless this module
    # cannot be imported; it then runs without. Interviews are on this machine: no network.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    return importlib.import_module("openvino")


def describe_runtime() -> str:
    """Name everything that a conversion holds for: its format, OpenVINO, the processor."""
    return f"{FORMAT} {_openvino_version()} {_describe_processor()}"


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
