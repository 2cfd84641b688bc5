"""sentence-transformers as it is: the reference, the source of conversions, and the fallback."""

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np

from models.errors import ModelError
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
    from sentence_transformers import SentenceTransformer
    from torch import Tensor
    from torch.nn import Module

# Some tokenizers say "no limit" with a number like 10**30.
_NO_LIMIT = 1_000_000
_MAX_BATCH_TOKENS = 4096
_LOGGERS = ("transformers", "sentence_transformers", "huggingface_hub")
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}


class ReferenceEncoder:
    """Encodes with sentence-transformers, and hears texts beyond its window too."""

    def __init__(self, model: "SentenceTransformer") -> None:
        self._model = model
        self.rules = _read_rules(model)
        self.dim = int(model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return (n, dim) float32 rows of length 1, in the order of the texts."""
        stripped = [text.strip() for text in texts]
        if not stripped:
            return np.zeros((0, self.dim), dtype=np.float32)
        with quiet():
            vectors = self._encode_truncated(stripped)
            long = self._find_long(stripped)
            if long:
                vectors[list(long)] = self._encode_windows(list(long.values()))
        return vectors

    def fits_window(self, texts: Sequence[str]) -> list[bool]:
        """Tell of each text whether one window holds it, prefix and special tokens counted."""
        # The tokenizer takes no empty list.
        ids = self.token_ids([text.strip() for text in texts]) if texts else []
        return [is_within_window(each, self.rules) for each in ids]

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text's ids, prefix and special tokens included, never truncated."""
        prefixed = [self.rules.prefix + text for text in texts]
        # verbose=False: a text over the limit is expected here, and gets windows.
        encoded = self._model.tokenizer(prefixed, padding=False, truncation=False, verbose=False)
        ids: list[list[int]] = encoded["input_ids"]
        return ids

    def tokenizer_json(self) -> str:
        """Return the tokenizer as the `tokenizers` library reads it.

        Raises:
            AttributeError: The tokenizer is not one of that library.
        """
        return str(self._model.tokenizer.backend_tokenizer.to_str())

    def traceable(self) -> tuple["Module", dict[str, "Tensor"]]:
        """Return a torch module from (ids, mask) to unit vectors, and an example of its input."""
        import torch  # noqa: PLC0415  1 s and 200 MB that the fast path does without

        class UnitVectors(torch.nn.Module):
            def __init__(self, model: "SentenceTransformer") -> None:
                super().__init__()
                self.model = model

            def forward(self, input_ids: "Tensor", attention_mask: "Tensor") -> "Tensor":
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                vectors = self.model.forward(features)["sentence_embedding"]
                return torch.nn.functional.normalize(vectors, dim=-1)

        ids, mask = pad_batch(self.token_ids(["one", "one or two more"]), pad_id=self.rules.pad_id)
        example = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        return UnitVectors(self._model).eval(), example

    def _encode_truncated(self, texts: list[str]) -> FloatArray:
        vectors = self._model.encode(texts, show_progress_bar=False, convert_to_numpy=True)
        return unit_rows(np.asarray(vectors, dtype=np.float32))

    def _find_long(self, texts: list[str]) -> dict[int, list[int]]:
        if self.rules.max_tokens is None:
            return {}
        ids = self.token_ids(texts)
        return {row: each for row, each in enumerate(ids) if not is_within_window(each, self.rules)}

    def _encode_windows(self, token_ids: list[list[int]]) -> FloatArray:
        import torch  # noqa: PLC0415  1 s and 200 MB that the fast path does without

        windows = cut_windows(token_ids, self.rules)
        vectors = np.zeros((len(windows.ids), self.dim), np.float32)
        for rows in make_batches(windows.ids, max_batch_tokens=_MAX_BATCH_TOKENS):
            ids, mask = pad_batch([windows.ids[row] for row in rows], pad_id=self.rules.pad_id)
            features = {
                "input_ids": torch.from_numpy(ids),
                "attention_mask": torch.from_numpy(mask),
            }
            with torch.inference_mode():
                vectors[rows] = self._model(features)["sentence_embedding"].float().numpy()
        return pool_windows(unit_rows(vectors), windows)


def load_reference(source: str, *, allow_network: bool) -> ReferenceEncoder:
    """Load a folder or a hub model on the processor, from safetensors only, without its code.

    Args:
        source: A folder, or a hub name.
        allow_network: True only where the settings name a hub model that is not on this machine.

    Raises:
        ModelError: It is not there, or is not what sentence-transformers can load.
    """
    with ExitStack() as stack:
        if allow_network:
            _require_hub(source)
        else:
            stack.enter_context(_offline())
        stack.enter_context(quiet())
        try:
            return ReferenceEncoder(_load_model(source, allow_network=allow_network))
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, ImportError) as error:
            # Whatever a broken folder makes of three libraries; no text was encoded yet.
            raise ModelError(
                f"The encoder '{source}' could not be loaded by sentence-transformers "
                f"({type(error).__name__}). Expected a complete folder with safetensors weights, "
                "or a hub name and a network: check the name in the settings."
            ) from error


def _require_hub(name: str) -> None:
    # Asked once: where there is no network, the libraries below try for minutes.
    from huggingface_hub import constants  # noqa: PLC0415  part of what the fast path does without

    try:
        urlopen(Request(constants.ENDPOINT, method="HEAD"), timeout=10).close()
    except HTTPError:
        return  # an answer, so there is a hub
    except (OSError, HTTPException) as error:
        raise ModelError(
            f"The encoder '{name}' is on no disk here, and the model hub {constants.ENDPOINT} "
            "cannot be reached. Name a packaged encoder or a folder, or connect to the hub once."
        ) from error


def _load_model(source: str, *, allow_network: bool) -> "SentenceTransformer":
    from sentence_transformers import (  # noqa: PLC0415  5 s that the fast path does without
        SentenceTransformer,
    )

    return SentenceTransformer(
        source,
        device="cpu",
        local_files_only=not allow_network,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True, "dtype": "float32"},
    ).eval()


def _read_rules(model: "SentenceTransformer") -> TokenRules:
    prefix = model.prompts.get(model.default_prompt_name or "") or ""
    limit = model.max_seq_length
    if limit is None or limit > _NO_LIMIT:
        return TokenRules(prefix=prefix, max_tokens=None, n_lead=0, n_trail=0, pad_id=0)
    encoded = model.tokenizer("a", return_special_tokens_mask=True)
    specials = "".join(map(str, encoded["special_tokens_mask"]))
    return TokenRules(
        prefix=prefix,
        max_tokens=int(limit),
        n_lead=len(specials) - len(specials.lstrip("1")),
        n_trail=len(specials) - len(specials.rstrip("1")),
        pad_id=model.tokenizer.pad_token_id or 0,
    )


@contextmanager
def _offline() -> Iterator[None]:
    # huggingface_hub reads the environment once, at its import: set both, and give both back, so
    # that a hub model which the settings do name can still be fetched later in this process.
    from huggingface_hub import constants  # noqa: PLC0415  part of what the fast path does without

    with patch.dict(os.environ, _OFFLINE), patch.object(constants, "HF_HUB_OFFLINE", True):
        yield


@contextmanager
def quiet() -> Iterator[None]:
    """Silence progress bars, notes and deprecations of these libraries; give all back after."""
    with warnings.catch_warnings():
        # Deprecations and tracer notes between these libraries; nothing a user could act on.
        warnings.simplefilter("ignore")
        from transformers.utils import (  # noqa: PLC0415  part of what the fast path does without
            logging as transformers_logging,
        )

        loggers = [logging.getLogger(name) for name in _LOGGERS]
        levels = [logger.level for logger in loggers]
        had_bars = transformers_logging.is_progress_bar_enabled()
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # theirs
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
            if had_bars:
                transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # theirs
