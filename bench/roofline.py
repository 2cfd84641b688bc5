"""What the processor could encode at most, and where the time goes: `python -m bench.roofline`."""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from bench.encode import MINILM, SAMPLE, read_any_texts
from bench.processor import describe_processor
from bench.terminal import one_line_errors
from models import verdict
from models.cache import default_cache
from models.encoder import DEFAULT_ENCODER, identify_encoder, load_encoder
from models.errors import ModelError
from models.fast_path import (
    MAX_BATCH_TOKENS,
    SETTINGS,
    FastEncoder,
    import_openvino,
    read_graph,
)
from models.windows import make_batches, pad_batch

if TYPE_CHECKING:
    from openvino import CompiledModel, Model

# The two largest products of both packaged encoders, as often as a batch meets them.
HIDDEN, FEED_FORWARD, N_LAYERS = 384, 1536, 12
N_TURNS = 3
N_REPEATS = 8


@click.command()
@click.option(
    "--texts",
    "texts_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=SAMPLE,
    help="A coded CSV, or a text file with one text a line (default: the small synthetic sample).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(texts_file: Path, as_json: bool) -> None:
    """Measure the processor's matrix products alone, then set the encoders against them."""
    with one_line_errors():
        texts = read_any_texts(texts_file)
        encoders = {name: measure_encoder(name, texts) for name in (DEFAULT_ENCODER, MINILM)}
    figures = {"processor": describe_processor(), "texts": len(texts), "encoders": encoders}
    click.echo(json.dumps(figures, indent=2) if as_json else draw_lines(figures))


def measure_encoder(name: str, texts: Sequence[str]) -> dict[str, Any]:
    """Compare an encoder's speed with that of its matrix products alone.

    Raises:
        ModelError: The encoder does without the fast path on this processor.
    """
    encoder = load_encoder(name)
    if not isinstance(encoder, FastEncoder):
        raise ModelError(f"The encoder '{name}' has no fast path on this processor to measure.")
    folder = verdict.fast_folder(default_cache(), identify_encoder(name).revision)
    ids = encoder.token_ids(texts)
    n_operations = count_operations(read_graph(folder)) * sum(map(len, ids))
    rate = measure_products(encoder.arithmetic)
    seconds = cheapest(lambda: encoder.encode(texts))
    return {
        "arithmetic": encoder.arithmetic,
        "texts_per_core_s": round(len(texts) / seconds, 1),
        "texts_per_core_s_at_most": round(len(texts) * rate / n_operations, 1),
        "share_reached": round(n_operations / rate / seconds, 3),
        "products_gflops_a_core": round(rate / 1e9, 1),
        "products_gflops_a_core_f32": round(measure_products("f32") / 1e9, 1),
        "tokens": sum(map(len, ids)),
        "padding_share": round(padding_share(ids), 4),
        "tokenising_share": round(cheapest(lambda: encoder.token_ids(texts)) / seconds, 4),
        "time_by_layer": profile(folder, ids),
    }


def count_operations(graph: "Model") -> int:
    """Count what one token costs in products with weights: two operations a weight.

    Attention between tokens is left out; at an excerpt's length it is some 2%.
    """
    weights = 0
    for node in graph.get_ops():
        if node.get_type_name() == "MatMul":
            shapes = [value.get_source_output().get_partial_shape() for value in node.inputs()]
            # What has a fixed shape is weights; a batch's own shape is not known in advance.
            weights += sum(int(np.prod(shape.to_shape())) for shape in shapes if shape.is_static)
    return 2 * weights


def measure_products(arithmetic: str) -> float:
    """Return the operations a second, on one core, of nothing but an encoder's products."""
    openvino = import_openvino()
    chain = _chain_products(openvino)
    settings = {**SETTINGS, "INFERENCE_PRECISION_HINT": arithmetic}
    compiled = openvino.Core().compile_model(chain, "CPU", settings)
    n_streams = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
    requests = [compiled.create_infer_request() for _ in range(n_streams)]
    tokens = np.ones((MAX_BATCH_TOKENS, HIDDEN), dtype=np.float32)

    def run_all() -> None:
        for request in requests * N_REPEATS:
            request.wait()
            request.start_async({0: tokens})
        for request in requests:
            request.wait()

    run_all()
    weights = 2 * HIDDEN * FEED_FORWARD * N_LAYERS
    return 2 * weights * MAX_BATCH_TOKENS * n_streams * N_REPEATS / cheapest(run_all)


def _chain_products(openvino: ModuleType) -> "Model":
    operations = openvino.opset13
    draw = np.random.default_rng(0)
    tokens = operations.parameter([MAX_BATCH_TOKENS, HIDDEN], np.float32)
    node = tokens
    for _ in range(N_LAYERS):
        for shape in ((FEED_FORWARD, HIDDEN), (HIDDEN, FEED_FORWARD)):
            weights = draw.standard_normal(shape, dtype=np.float32) / 30
            node = operations.matmul(node, operations.constant(weights), False, True)
    return openvino.Model([node], [tokens])


def cheapest(call: Callable[[], object]) -> float:
    """Return the processor seconds, all cores together, of the cheapest of some calls.

    Seconds of this process alone: what else the machine does hardly changes them.
    """
    seconds = []
    for _ in range(N_TURNS):
        started = time.process_time()
        call()
        seconds.append(time.process_time() - started)
    return min(seconds)


def padding_share(ids: list[list[int]]) -> float:
    """Tell which share of the computed tokens is padding: what packing could save at most."""
    batches = make_batches(ids, max_batch_tokens=MAX_BATCH_TOKENS)
    padded = sum(len(rows) * max(len(ids[row]) for row in rows) for rows in batches)
    return 1 - sum(map(len, ids)) / padded


def profile(folder: Path, ids: list[list[int]]) -> dict[str, float]:
    """Tell which share of the time each kind of layer takes, over up to 20 batches."""
    openvino = import_openvino()
    settings = {**SETTINGS, "PERF_COUNT": "YES"}
    compiled = openvino.Core().compile_model(read_graph(folder), "CPU", settings)
    batches = make_batches(ids, max_batch_tokens=MAX_BATCH_TOKENS)
    spent: Counter[str] = Counter()
    for rows in batches[:: max(1, len(batches) // 20)]:
        spent.update(_profile_batch(compiled, [ids[row] for row in rows]))
    total = sum(spent.values())
    return {kind: round(part / total, 3) for kind, part in spent.most_common() if part > total / 99}


def _profile_batch(compiled: "CompiledModel", ids: list[list[int]]) -> Counter[str]:
    padded, mask = pad_batch(ids, pad_id=0)
    request = compiled.create_infer_request()
    # Twice: the first call of a shape makes its kernels.
    for _ in range(2):
        request.infer({"input_ids": padded, "attention_mask": mask})
    spent: Counter[str] = Counter()
    for layer in request.profiling_info:
        spent[layer.node_type] += round(layer.real_time / timedelta(microseconds=1))
    return spent


def draw_lines(figures: Mapping[str, Any]) -> str:
    """Draw the figures as lines, one encoder after the other."""
    lines = [f"{figures['processor']}; {figures['texts']} distinct texts"]
    for name, row in figures["encoders"].items():
        lines += ["", name]
        lines += [f"  {key:<28}{value}" for key, value in row.items() if key != "time_by_layer"]
        lines += [f"  {kind:<28}{share:.1%}" for kind, share in row["time_by_layer"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
