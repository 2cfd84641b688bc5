"""Facts about the encoder's window; the texts are invented."""

import pytest

from models.encoder import DEFAULT_ENCODER, JoinedEncoder, fits_window

WORD = "mother "


class Deaf:
    """An encoder that says nothing about its window."""

    def encode(self, texts):
        raise NotImplementedError


def test_special_tokens_take_their_place_in_the_window(tiny_encoder, tiny_reference):
    # The window has 16 tokens, two of them special.
    texts = ["", WORD * 14, WORD * 15]

    assert fits_window(tiny_reference, texts) == [True, True, False]
    assert fits_window(tiny_encoder, texts) == [True, True, False]


def test_no_texts_have_no_answers(tiny_encoder, tiny_reference):
    assert fits_window(tiny_reference, []) == []
    assert fits_window(tiny_encoder, []) == []


def test_encoder_that_knows_no_window_hears_everything():
    assert fits_window(Deaf(), [WORD * 10_000]) == [True]


def test_joined_encoders_hear_at_once_what_each_of_them_does(tiny_reference):
    joined = JoinedEncoder([Deaf(), tiny_reference])

    assert fits_window(joined, [WORD * 14, WORD * 15]) == [True, False]


@pytest.mark.model
def test_prefix_of_the_default_encoder_takes_its_place_too(e5_encoder):
    # 512 tokens: three of "query: ", two special ones, and one for each word here.
    fitting = [n for n in range(500, 513) if fits_window(e5_encoder, ["de " * n]) == [True]]

    assert fitting == list(range(500, 508))


def test_counting_on_the_fast_path_does_without_torch(run_alone, cache, e5_encoder):
    code = f"""
import json, sys
from pathlib import Path
from models.encoder import fits_window, load_encoder
encoder = load_encoder({DEFAULT_ENCODER!r}, cache=Path({str(cache)!r}))
fits = fits_window(encoder, ["een", "de " * 600])
print(json.dumps([fits, "torch" in sys.modules]))
"""

    assert run_alone(code) == [[True, False], False]
