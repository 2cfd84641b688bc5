import shutil

import numpy as np
import pytest

from models import encoder, reference
from models.encoder import DEFAULT_ENCODER, JoinedEncoder, identify_encoder, load_encoder
from models.errors import ModelError
from models.identity import hub_snapshot
from models.vectors import unit_rows


@pytest.fixture
def hub(monkeypatch, tmp_path, tiny_folder):
    """A hub's cache that holds the tiny model as owner/tiny."""
    model = tmp_path / "hub" / "models--owner--tiny"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text("c0ffee", encoding="ascii")
    shutil.copytree(tiny_folder, model / "snapshots" / "c0ffee")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return model


def test_packaged_encoders_have_a_revision_and_a_window_known_in_advance():
    e5, minilm = identify_encoder(DEFAULT_ENCODER), identify_encoder("all-MiniLM-L6-v2")

    assert (e5.max_tokens, minilm.max_tokens) == (512, 256)
    assert len({e5.revision, minilm.revision}) == 2
    assert len(e5.revision) == len(minilm.revision) == 64


def test_identifying_imports_no_machine_learning_library(run_alone):
    code = """
import json, sys
from models.encoder import identify_encoder
identify_encoder("multilingual-e5-small+all-MiniLM-L6-v2+owner/model")
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""

    roots = run_alone(code)

    heavy = {"torch", "transformers", "sentence_transformers", "openvino", "tokenizers"}
    assert heavy.isdisjoint(roots)


def test_a_folder_is_identified_by_its_contents(tiny_folder, tmp_path):
    copy = shutil.copytree(tiny_folder, tmp_path / "copy")
    before = identify_encoder(str(copy))
    (copy / "extra.txt").write_text("changed", encoding="utf-8")
    after = identify_encoder(str(copy))

    assert before.revision == identify_encoder(str(tiny_folder)).revision
    assert before.revision != after.revision
    assert before.max_tokens == 16


def test_a_folder_without_readable_settings_has_no_known_window(tmp_path):
    (tmp_path / "config.json").write_text("[]", encoding="utf-8")

    assert identify_encoder(str(tmp_path)).max_tokens is None


def test_the_window_may_come_from_sentence_berts_own_settings(tmp_path):
    (tmp_path / "sentence_bert_config.json").write_text('{"max_seq_length": 77}', encoding="utf-8")

    assert identify_encoder(str(tmp_path)).max_tokens == 77


def test_joined_names_have_one_revision_and_the_smallest_window():
    joined = identify_encoder("multilingual-e5-small + all-MiniLM-L6-v2")
    turned = identify_encoder("all-MiniLM-L6-v2+multilingual-e5-small")

    assert joined.max_tokens == 256
    assert joined.revision != turned.revision


def test_a_folder_with_a_plus_in_its_name_is_one_encoder(tiny_folder, tmp_path):
    copy = shutil.copytree(tiny_folder, tmp_path / "a+b")

    assert identify_encoder(str(copy)).revision == identify_encoder(str(tiny_folder)).revision


@pytest.mark.parametrize("name", ["", "a+", "/no/such/folder", "../x y"])
def test_an_impossible_name_gives_one_line(name, tmp_path):
    with pytest.raises(ModelError, match="Expected") as raised:
        load_encoder(name, cache=tmp_path)

    assert "\n" not in str(raised.value)


def test_a_hub_model_is_identified_by_its_name_until_its_commit_is_here(monkeypatch, hub):
    here = identify_encoder("owner/tiny")
    monkeypatch.setenv("HF_HUB_CACHE", str(hub / "nowhere"))
    away = identify_encoder("owner/tiny")

    assert here.revision != away.revision
    assert (here.max_tokens, away.max_tokens) == (16, None)


def test_a_name_without_an_owner_is_sentence_transformers_own(hub):
    hub.rename(hub.with_name("models--sentence-transformers--tiny"))

    assert hub_snapshot("tiny").name == "c0ffee"


def test_a_hub_model_on_this_machine_is_loaded_without_the_hub(hub, cache, monkeypatch):
    monkeypatch.setattr(reference, "urlopen", None)

    vectors = load_encoder("owner/tiny", cache=cache).encode(["my mother"])

    assert vectors.shape == (1, 32)


def test_a_broken_download_is_asked_for_again(hub, monkeypatch, tmp_path):
    for path in hub.rglob("*.safetensors"):
        path.unlink()

    def refuse(request, timeout):
        raise OSError

    monkeypatch.setattr(reference, "urlopen", refuse)

    with pytest.raises(ModelError, match="cannot be reached"):
        load_encoder("owner/tiny", cache=tmp_path)


def test_joined_encoders_have_the_same_say(tiny_folder, cache, tiny_encoder):
    joined = load_encoder(f"{tiny_folder}+{tiny_folder}", cache=cache)
    alone = tiny_encoder.encode(["my mother", "before"])

    vectors = joined.encode(["my mother", "before"])

    assert isinstance(joined, JoinedEncoder)
    assert np.allclose(vectors, np.concatenate([alone, alone], axis=1) / np.sqrt(2), atol=1e-6)
    assert joined.encode([]).shape == (0, 64)


def test_unit_rows_turns_zeros_into_equal_components():
    rows = unit_rows(np.array([[0, 0, 0, 0], [3, 0, 4, 0]], dtype=np.float32))

    assert rows.tolist() == [[0.5] * 4, [pytest.approx(0.6), 0, pytest.approx(0.8), 0]]


def test_the_default_cache_is_used_where_none_is_named(monkeypatch, tmp_path, tiny_folder):
    monkeypatch.setattr(encoder, "default_cache", lambda: tmp_path)

    load_encoder(str(tiny_folder))

    assert (tmp_path / "fast-path").is_dir()


def test_an_unknown_name_without_a_network_gives_one_line(monkeypatch, tmp_path):
    def refuse(request, timeout):
        raise OSError

    monkeypatch.setattr(reference, "urlopen", refuse)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))

    with pytest.raises(ModelError, match="'owner/unknown' is on no disk here") as raised:
        load_encoder("owner/unknown", cache=tmp_path)

    assert "\n" not in str(raised.value)
