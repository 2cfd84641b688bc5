import os
from types import MappingProxyType
from urllib.error import HTTPError, URLError

import numpy as np
import pytest

from models import reference
from models.errors import ModelError
from models.reference import ReferenceEncoder, load_reference

SHORT = "my mother asked her why"
LONG = "when the worker came back my mother asked her why nobody had called us before " * 3


class UnlimitedModel:
    """A model without a window, as a static embedding is."""

    prompts = MappingProxyType({})
    default_prompt_name = None
    max_seq_length = float("inf")

    def get_embedding_dimension(self):
        return 2

    def encode(self, texts, **options):
        return np.zeros((len(texts), 2))


def test_texts_within_the_window_are_encoded_as_sentence_transformers_does(tiny_folder):
    with reference.quiet():
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  slow and noisy

        plain = SentenceTransformer(str(tiny_folder), device="cpu").encode(
            [SHORT, "before"], normalize_embeddings=True
        )
    ours = load_reference(str(tiny_folder), allow_network=False).encode([SHORT, "before"])

    assert np.allclose(ours, plain, atol=1e-5)


def test_the_tail_of_a_long_text_is_heard(tiny_reference):
    whole, cut = tiny_reference.encode([LONG, " ".join(LONG.split()[:14])])

    assert float(whole @ cut) < 0.9999


def test_a_model_without_a_window_takes_texts_of_any_length():
    vectors = ReferenceEncoder(UnlimitedModel()).encode([LONG, ""])

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_blank_texts_get_finite_unit_vectors_and_no_texts_no_rows(tiny_reference):
    vectors = tiny_reference.encode(["", "  \n"])

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert tiny_reference.encode([]).shape == (0, 32)


def test_a_broken_folder_gives_one_line(tmp_path):
    (tmp_path / "config.json").write_text("{", encoding="utf-8")

    with pytest.raises(ModelError, match="could not be loaded") as raised:
        load_reference(str(tmp_path), allow_network=False)

    assert "\n" not in str(raised.value)


def test_loading_a_folder_gives_the_environment_back(tiny_folder, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)

    load_reference(str(tiny_folder), allow_network=False)

    assert "HF_HUB_OFFLINE" not in os.environ


def test_a_hub_that_cannot_be_reached_gives_one_line_at_once(monkeypatch):
    def refuse(request, timeout):
        raise URLError("no network")

    monkeypatch.setattr(reference, "urlopen", refuse)

    with pytest.raises(ModelError, match="cannot be reached") as raised:
        load_reference("owner/model", allow_network=True)

    assert "\n" not in str(raised.value)


def test_a_hub_that_answers_is_asked_for_the_model(monkeypatch, tiny_reference):
    asked = []

    def answer(request, timeout):
        raise HTTPError(request.full_url, 403, "Forbidden", {}, None)

    def load(source, *, allow_network):
        asked.append((source, allow_network))
        return UnlimitedModel()

    monkeypatch.setattr(reference, "urlopen", answer)
    monkeypatch.setattr(reference, "_load_model", load)

    load_reference("owner/model", allow_network=True)

    assert asked == [("owner/model", True)]


def test_silence_inside_silence_gives_nothing_back_too_early():
    from transformers.utils import logging  # noqa: PLC0415  slow

    with reference.quiet():
        with reference.quiet():
            pass
        still_quiet = not logging.is_progress_bar_enabled()

    assert still_quiet
