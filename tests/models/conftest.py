import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import encoder, fast_path, reference

ROOT = Path(__file__).parents[2]
SENTENCE = "when the worker came back my mother asked her why nobody had called us before"


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("encoder-cache")


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """A real sentence-transformers folder: two random layers, a window of 16 tokens."""
    with reference.quiet():
        return write_tiny_folder(tmp_path_factory.mktemp("tiny"))


def write_tiny_folder(folder):
    import torch  # noqa: PLC0415  seconds, and warnings that quiet() takes care of
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  seconds, and warnings that quiet() takes care of
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415  the same
        Pooling,
        Transformer,
    )
    from transformers import BertConfig, BertModel, BertTokenizerFast  # noqa: PLC0415  the same

    raw, saved = folder / "raw", folder / "saved"
    raw.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(SENTENCE.split()))]
    (raw / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(vocab={word: i for i, word in enumerate(vocabulary)}).save_pretrained(raw)
    torch.manual_seed(7)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(
        vocab_size=len(vocabulary), intermediate_size=64, max_position_embeddings=16, **sizes
    )
    BertModel(config).save_pretrained(raw)
    transformer = Transformer(str(raw), max_seq_length=16)
    SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu").save(str(saved))
    return saved


@pytest.fixture(scope="session")
def tiny_encoder(tiny_folder, cache):
    return encoder.load_encoder(str(tiny_folder), cache=cache)


@pytest.fixture(scope="session")
def tiny_reference(tiny_folder):
    return reference.load_reference(str(tiny_folder), allow_network=False)


@pytest.fixture(scope="session")
def e5_encoder(cache):
    return encoder.load_encoder(encoder.DEFAULT_ENCODER, cache=cache)


@pytest.fixture(scope="session")
def minilm_encoder(cache):
    return encoder.load_encoder("all-MiniLM-L6-v2", cache=cache)


@pytest.fixture
def run_alone(tmp_path):
    """Run code in a process with a home of its own, and return what it prints as JSON."""

    def run(code, **variables):
        environment = {key: value for key, value in os.environ.items() if key != "CI"}
        environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **variables}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def no_openvino(monkeypatch):
    def refuse():
        raise ImportError("openvino")

    monkeypatch.setattr(fast_path, "import_openvino", refuse)
    monkeypatch.setattr(fast_path, "_openvino_version", lambda: "none")
