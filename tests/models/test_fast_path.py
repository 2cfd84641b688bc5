from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from models import encoder, fast_path
from models.fast_path import FastEncoder
from models.identity import identify_encoder
from models.reference import load_reference
from models.vectors import smallest_cosine
from models.verdict import fast_folder, load_fast, probe_texts

LONG = "when the worker came back my mother asked her why nobody had called us before " * 3
LOAD_AND_ENCODE = """
import json, sys
from pathlib import Path
from models.encoder import load_encoder
shape = load_encoder({name!r}, cache=Path({cache!r})).encode(["one", "two"]).shape
print(json.dumps({{"shape": shape, "modules": sorted(sys.modules)}}))
"""


def test_the_fast_path_gives_the_vectors_of_the_reference(tiny_encoder, tiny_reference):
    texts = [*probe_texts(), LONG, "my mother"]

    cosine = smallest_cosine(tiny_encoder.encode(texts), tiny_reference.encode(texts))

    assert cosine >= 0.999


def test_the_tail_of_a_long_text_is_heard(tiny_encoder):
    whole, cut = tiny_encoder.encode([LONG, " ".join(LONG.split()[:14])])

    assert float(whole @ cut) < 0.9999


def test_rows_come_in_the_order_of_the_texts(tiny_encoder):
    texts = [" ".join(LONG.split()[:n]) for n in (9, 1, 30, 4, 12, 2)]

    together = tiny_encoder.encode(texts)
    alone = np.concatenate([tiny_encoder.encode([text]) for text in texts])

    assert smallest_cosine(together, alone) >= 0.999


def test_equal_lists_give_equal_bits_over_many_batches(tiny_encoder):
    texts = [" ".join(LONG.split()[: n % 40]) for n in range(3000)]

    assert np.array_equal(tiny_encoder.encode(texts), tiny_encoder.encode(texts))


def test_blank_texts_get_finite_unit_vectors_and_no_texts_no_rows(tiny_encoder):
    vectors = tiny_encoder.encode(["", "  \n"])

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert tiny_encoder.encode([]).shape == (0, 32)


def test_a_machine_without_proc_or_openvino_is_described_too(monkeypatch):
    def fail(*args, **kwargs):
        raise FileNotFoundError

    def miss(name):
        raise fast_path.metadata.PackageNotFoundError

    monkeypatch.setattr(fast_path.Path, "read_text", fail)
    monkeypatch.setattr(fast_path.metadata, "version", miss)

    assert fast_path._describe_processor()
    assert fast_path._openvino_version() == "none"


def test_a_converted_encoder_needs_neither_torch_nor_telemetry(
    tiny_encoder, tiny_folder, cache, run_alone
):
    done = run_alone(LOAD_AND_ENCODE.format(name=str(tiny_folder), cache=str(cache)))

    roots = {module.split(".")[0] for module in done["modules"]}
    assert done["shape"] == [2, 32]
    assert roots.isdisjoint({"torch", "transformers", "sentence_transformers"})
    assert not [each for each in done["modules"] if each.startswith("openvino_telemetry.")]


def test_conversion_attempts_no_connection_and_loads_no_telemetry(tiny_folder, tmp_path, run_alone):
    code = """
import socket
def refuse(*args):
    raise SystemExit("a connection was attempted")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
""" + LOAD_AND_ENCODE.format(name=str(tiny_folder), cache=str(tmp_path / "cache"))

    done = run_alone(code)

    assert done["shape"] == [2, 32]
    assert "torch" in done["modules"]
    assert not [each for each in done["modules"] if each.startswith("openvino_telemetry.")]


@pytest.mark.model
@pytest.mark.parametrize("name", [encoder.DEFAULT_ENCODER, "all-MiniLM-L6-v2"])
def test_a_packaged_encoder_equals_sentence_transformers_on_the_probe(
    name, cache, e5_encoder, minilm_encoder
):
    fast = {encoder.DEFAULT_ENCODER: e5_encoder}.get(name, minilm_encoder)
    original = encoder._load_original(name, cache)

    cosine = smallest_cosine(fast.encode(probe_texts()), original.encode(probe_texts()))

    assert isinstance(fast, FastEncoder)
    assert cosine >= 0.999


@pytest.mark.model
def test_a_packaged_encoder_hears_beyond_the_128_tokens_of_its_tokenizer(minilm_encoder):
    words = LONG.split() * 5

    whole, cut = minilm_encoder.encode([" ".join(words[:200]), " ".join(words[:126])])

    assert float(whole @ cut) < 0.9999


def test_another_arithmetic_can_be_asked_for(tiny_encoder, tiny_folder, cache):
    folder = fast_folder(cache, identify_encoder(str(tiny_folder)).revision)
    exact = load_fast(folder, {**fast_path.SETTINGS, "INFERENCE_PRECISION_HINT": "f32"})

    cosine = smallest_cosine(exact.encode(probe_texts()), tiny_encoder.encode(probe_texts()))

    assert exact.arithmetic == "f32"
    assert cosine >= 0.999


def test_two_threads_may_share_one_encoder(tiny_encoder):
    texts = [" ".join(LONG.split()[: n % 40]) for n in range(500)]
    expected = tiny_encoder.encode(texts)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(tiny_encoder.encode, [texts] * 8))

    assert all(np.array_equal(result, expected) for result in results)


def test_the_reference_is_loaded_from_the_same_folder(tiny_folder):
    assert load_reference(str(tiny_folder), allow_network=False).dim == 32
